/** What nodes keep between two starts: as safe as credentials, and never in the way of a start. */
import type { NodeAPI } from 'node-red';
import should from 'should';
import { openSafe, type Safe } from '../../nodes/safe';

const isText = (value: unknown): value is string => typeof value === 'string';
const secret = 'what must not be read';

/** Node-RED's settings, as far as they are asked; `kept` is the file that they are written to. */
function open(
  settings: Readonly<Record<string, unknown>>,
  kept: Record<string, unknown>,
  name = 'a node',
): Safe<string> {
  const RED: unknown = {
    settings: {
      available: () => settings.available !== false,
      get: (key: string) => settings[key] ?? kept[key],
      set: (key: string, value: unknown) => {
        kept[key] = value;
        return Promise.resolve();
      },
    },
  };
  return openSafe(RED as NodeAPI, name, isText);
}

describe('a safe', () => {
  for (const settings of [{ credentialSecret: 'chosen by a person' }, { _credentialSecret: 'made by Node-RED' }]) {
    it(`keeps a value encrypted with ${Object.keys(settings).join()}`, async () => {
      const kept = {};
      await open(settings, kept).write(secret);
      should(JSON.stringify(kept)).not.containEql(secret);
      should(open(settings, kept).read()).equal(secret);
    });
  }

  it('keeps it in the clear where the user has switched encryption off', async () => {
    const kept = {};
    await open({ credentialSecret: false }, kept).write(secret);
    should(JSON.stringify(kept)).containEql(secret);
    should(open({ credentialSecret: false }, kept).read()).equal(secret);
  });

  it('is empty with another key, after somebody has changed a byte, and for what it does not expect', async () => {
    const kept: Record<string, unknown> = {};
    await open({ credentialSecret: 'one' }, kept).write(secret);
    should(open({ credentialSecret: 'two' }, kept).read()).be.undefined();
    should(open({ credentialSecret: false }, kept).read()).be.undefined();
    const text = JSON.stringify(kept).replace(
      /"locked":"(.)/,
      (_, first: string) => `"locked":"${first === 'A' ? 'B' : 'A'}`,
    );
    should(open({ credentialSecret: 'one' }, JSON.parse(text) as Record<string, unknown>).read()).be.undefined();
    for (const strange of [
      null,
      'text',
      [],
      { 'a node': 7 },
      { 'a node': { locked: '' } },
      { 'a node': { open: 7 } },
    ]) {
      should(open({ credentialSecret: 'one' }, { securityEventsSafe: strange }).read()).be.undefined();
    }
  });

  it('forgets one value and keeps the others', async () => {
    const kept = {};
    const settings = { credentialSecret: 'one' };
    await open(settings, kept, 'first').write('1');
    await open(settings, kept, 'second').write('2');
    await open(settings, kept, 'first').forget();
    should(open(settings, kept, 'first').read()).be.undefined();
    should(open(settings, kept, 'second').read()).equal('2');
  });

  it("is empty, and in nobody's way, where a runtime keeps no settings", async () => {
    const safe = open({ available: false }, {});
    await safe.write(secret);
    await safe.forget();
    should(safe.read()).be.undefined();
  });
});
