/** Config node `camio-account`: the token with which doors and events are posted to Camio, and how its interface is spelled. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { systemClock } from '../../src/clock';
import { SecurityEventsError, SetupError, toError } from '../../src/errors';
import type { Pacs } from '../../src/vendors/camio/client';
import { isTree, type Tree } from '../../src/wire/read';
import { onClose, toSetupError } from '../adapter';
import { isUnsetVariable } from '../fields';
import { isTypedSecret } from '../form';
import type { CamioAccountNode } from './account-node';
import { openPacs, writeUrl } from './account-settings';

type CamioAccountDef = NodeDef & Readonly<Record<string, unknown>>;

/** A person waits for it at a dialog. */
const testTimeoutMs = 15_000;

export = (RED: NodeAPI): void => {
  /** By id: the address of those that run, as their dialogs have it. */
  const running = new Map<string, { readonly pacs: Pacs; readonly url: unknown }>();

  function CamioAccount(
    this: Node<{ token: unknown }> & { -readonly [Key in keyof CamioAccountNode]: CamioAccountNode[Key] },
    def: CamioAccountDef,
  ): void {
    RED.nodes.createNode(this, def);
    onClose(this, async () => {
      running.delete(this.id);
      await this.pacs?.close();
    });
    try {
      this.pacs = openPacs(def, this.credentials, systemClock);
      running.set(this.id, { pacs: this.pacs, url: def.url });
    } catch (thrown) {
      // told by the nodes that use it: they have a status, and flows with Catch nodes
      this.problem = toSetupError(thrown);
    }
  }

  RED.nodes.registerType('camio-account', CamioAccount, { credentials: { token: { type: 'password' } } });

  /** The account that a dialog has in its fields: a running one where the token is not in them. */
  function open(fields: Tree): { readonly pacs: Pacs; readonly close: () => Promise<void> } {
    const { id, url, token } = fields;
    const isTyped = isTypedSecret(token);
    const isKnown = [url, token].every((each) => typeof each !== 'string' || !isUnsetVariable(each));
    if (isTyped && isKnown) {
      const pacs = openPacs(fields, { token }, systemClock, testTimeoutMs);
      return { pacs, close: () => pacs.close() };
    }
    const found = typeof id === 'string' ? running.get(id) : undefined;
    // a token that was given for one server is not told to another
    if (found !== undefined && writeUrl(found.url) === writeUrl(url)) {
      return { pacs: found.pacs, close: () => Promise.resolve() };
    }
    const message = isTyped
      ? 'environment variables are known to the server only: Deploy, then try again'
      : 'give the token again: it is not told to the editor, and not to another server';
    throw new SetupError('setting-invalid', message, { place: 'token' });
  }

  // At load, and with what the dialog holds: it works before the first Deploy. The token comes in the body of a post of
  // the editor's own session, and no answer holds it.
  RED.httpAdmin.post(
    '/security-events/camio-account/test',
    RED.auth.needsPermission('camio-account.write'),
    (request, response) => {
      const fields: unknown = request.body;
      const ended = new AbortController();
      response.on('close', () => ended.abort(new Error('the dialog was closed')));
      const answer = async (): Promise<void> => {
        let opened: ReturnType<typeof open> | undefined;
        try {
          opened = open(isTree(fields) ? fields : {});
          const finding = await opened.pacs.check({ signal: ended.signal });
          if (!response.writableEnded) response.json(finding);
        } catch (thrown) {
          const error = thrown instanceof SecurityEventsError ? thrown : toError(thrown);
          const code = error instanceof SecurityEventsError ? error.code : 'failed';
          if (!response.writableEnded) response.status(422).json({ code, error: error.message });
        } finally {
          await opened?.close();
        }
      };
      void answer();
    },
  );
};
