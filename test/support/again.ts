/**
 * Tests of a real Node-RED may fail once for what the machine did meanwhile: they are tried again, and the reporter tells of it.
 * All others have no such excuse; what a property finds must never be passed over by a luckier second try.
 */
import type { Context, RootHookObject } from 'mocha';

const ofNodeRed = /[\\/]test[\\/](?:runtime|package)[\\/]/;

export const mochaHooks: RootHookObject = {
  beforeEach(this: Context) {
    const test = this.currentTest;
    if (test !== undefined && ofNodeRed.test(test.file ?? '')) test.retries(1);
  },
};
