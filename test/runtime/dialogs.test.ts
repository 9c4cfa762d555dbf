/** What open dialogs ask of a real Node-RED: addresses, whether a port can be opened, and a test event through a node. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { untilListening, Witness } from '../support/runtime';

const { hashSync } = createRequire(require.resolve('node-red'))('bcryptjs') as { hashSync: (text: string) => string };

const listenerId = 'a000000000000001';
const tabId = 'c000000000000001';
const secret = 'shared-words-4471';
const types = ['viewtron-in', 'pdk-webhook-in', 'camlytics-webhook-in', 'camio-callback-in'];
const idOf = (type: string): string => `b00000000000000${types.indexOf(type)}`;

/** A node of each type, and behind it one that passes tests alone. */
function writeFlows(port: number, fields: Readonly<Record<string, unknown>> = {}): readonly object[] {
  const place = { z: tabId, x: 100, y: 100 };
  const isTest = [{ t: 'eq', v: 'true', vt: 'jsonata' }];
  return [
    { id: tabId, type: 'tab', label: 'test' },
    { id: listenerId, type: 'security-listener', version: 1, door: 'own', host: '127.0.0.1', port },
    ...types.map((type) => ({
      id: idOf(type),
      type,
      ...place,
      version: 1,
      listener: listenerId,
      path: `/${type}`,
      headerName: type === 'camio-callback-in' ? 'Authorization' : '',
      credentials: type === 'pdk-webhook-in' ? { secret } : type === 'camio-callback-in' ? { headerValue: secret } : {},
      ...fields,
      wires: [['d000000000000001']],
    })),
    {
      id: 'd000000000000001',
      type: 'switch',
      ...place,
      property: 'payload.test',
      propertyType: 'msg',
      rules: isTest,
      wires: [['d000000000000002']],
    },
    { id: 'd000000000000002', type: 'change', ...place, rules: [], wires: [[]] },
  ];
}

describe('what dialogs ask of Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let witness: Witness;
  let port: number;
  beforeEach(async () => {
    port = await findFreePort(0);
    witness = new Witness();
  });
  afterEach(() => nodeRed?.stop());
  const start = async (flows: readonly object[] = writeFlows(port)): Promise<void> => {
    nodeRed = await startNodeRed({ flows: [], onSent: witness.onSent });
    if (flows.length > 0) await nodeRed.deploy(flows);
  };
  const ask = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${nodeRed.url}/security-events/${path}`, {
      ...(body && { method: 'POST', headers, body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const test = (type: string): Promise<Record<string, unknown>> => ask(`${type}/${idOf(type)}/test`, {});

  it('sends a test event through each node, marked, and leaves no trace of it in the state', async () => {
    await start();
    await untilListening(nodeRed);
    const summaries: readonly (readonly [string, RegExp])[] = [
      ['viewtron-in', /TEST123/],
      ['pdk-webhook-in', /Test door/],
      ['camlytics-webhook-in', /Test channel/],
      ['camio-callback-in', /Test camera/],
    ];
    for (const [type, summary] of summaries) {
      // as often as somebody likes: the second is no repetition
      for (let time = 0; time < 2; time += 1) should((await test(type)).sent).match(summary);
    }
    const marked = await witness.wait(8, ({ type }) => type === 'switch');
    should(marked.map(({ topic }) => topic)).containDeep(['viewtron/plate', 'pdk/access', 'camio/health']);
    for (const type of types) {
      const report = await ask(`${type}/${idOf(type)}/report`);
      should(report).containEql({ posts: 0, sent: 0, dropped: {} });
      should(report).not.have.property('lastEvent');
      for (const list of ['devices', 'panels', 'channels', 'faults']) should(report[list] ?? []).be.empty();
    }
  });

  it('says which setting of the node drops a test event', async () => {
    await start(writeFlows(port, { cameras: 'Gate cam', topics: 'floorGroup.activated', channels: 'Hall' }));
    should(await test('viewtron-in')).deepEqual({ dropped: 'camera' });
    should(await test('pdk-webhook-in')).deepEqual({ dropped: 'topic' });
    should(await test('camlytics-webhook-in')).deepEqual({ dropped: 'channel' });
  });

  it('says what is missing where a node believes nobody, without a secret in the words', async () => {
    await start(writeFlows(port, { credentials: {}, headerName: '' }));
    for (const type of ['pdk-webhook-in', 'camio-callback-in']) should((await test(type)).error).match(/secret/);
  });

  it('does not test a node that was not deployed', async () => {
    await start([]);
    for (const type of types) {
      const response = await fetch(`${nodeRed.url}/security-events/${type}/0123/test`, { method: 'POST' });
      should(response.status).equal(404);
    }
  });

  it('tells who called a path last, and what was refused of it and of nobody, with secrets masked', async () => {
    await start();
    await untilListening(nodeRed);
    const call = (path: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: `{"secret": "${secret}"}` });
    await call('/viewtron-in');
    await call('/pdk-webhook-in');
    await call('/nobody');
    const viewtron = await ask(`viewtron-in/${idOf('viewtron-in')}/report`);
    should(viewtron.lastRequest).containEql({ address: '127.0.0.1' });
    const reasons = (report: Record<string, unknown>): unknown[] =>
      (report.requests as { reason: string }[]).map(({ reason }) => reason);
    should(reasons(viewtron)).containEql('path-unknown').and.not.containEql('signature-missing');
    const pdk = await ask(`pdk-webhook-in/${idOf('pdk-webhook-in')}/report`);
    should(reasons(pdk)).deepEqual(['path-unknown', 'signature-missing']);
    should(JSON.stringify([viewtron, pdk])).not.containEql(secret);
  });

  it('knows its addresses before anything is deployed', async () => {
    await start([]);
    const found = await ask('security-listener/addresses');
    should(found).containEql({ port: Number(new URL(nodeRed.url).port), https: false, adminRoot: '/' });
    should(Object.keys(found).toSorted()).deepEqual(['addresses', 'adminRoot', 'host', 'https', 'isContainer', 'port']);
    for (const each of found.addresses as { address: string }[]) should(each.address).not.match(/^(127\.|::1$|fe80)/);
  });

  it('tries a port that is not deployed, and lets it go again', async () => {
    await start([]);
    const form = { door: 'own', host: '127.0.0.1', port: String(port), allow: '', proxies: '' };
    for (let time = 0; time < 2; time += 1) {
      const finding = await ask('security-listener/test', form);
      should(finding).deepEqual({ door: 'free', caller: '127.0.0.1', isAllowed: true });
    }
    should(await ask('security-listener/test', { ...form, door: 'nodered' })).containEql({ door: 'nodered' });
  });

  it('knows a port that is open for a listener, and one that another program has', async () => {
    await start();
    await untilListening(nodeRed);
    const form = { door: 'own', host: '', port, allow: '192.0.2.0/24', proxies: '' };
    const finding = await ask('security-listener/test', form);
    should(finding).deepEqual({ door: 'ours', caller: '127.0.0.1', isAllowed: false });
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    try {
      const address = other.address();
      const taken = typeof address === 'object' ? address?.port : undefined;
      const { error } = await ask('security-listener/test', { ...form, host: '127.0.0.1', port: taken });
      should(error).match(/in use by another program; stop that or choose another port/);
    } finally {
      other.close();
    }
    should((await ask('security-listener/test', { ...form, port: 'x' })).error).match(/port must be a number/);
    should((await ask('security-listener/test', { ...form, allow: 'x' })).error).match(/"x" is no address/);
  });

  it('answers nobody who may not read or write nodes', async () => {
    const users = [
      { username: 'admin', password: hashSync('x'), permissions: '*' },
      { username: 'guest', password: hashSync('x'), permissions: 'read' },
    ];
    nodeRed = await startNodeRed({
      flows: writeFlows(port),
      settings: { adminAuth: { type: 'credentials', users } },
    });
    const posts = ['security-listener/test', ...types.map((type) => `${type}/${idOf(type)}/test`)];
    const status = async (path: string, method: string, headers = {}): Promise<number> =>
      (await fetch(`${nodeRed.url}/security-events/${path}`, { method, headers })).status;
    should(await status('security-listener/addresses', 'GET')).equal(401);
    for (const path of posts) should(await status(path, 'POST')).equal(401, path);
    const login = {
      client_id: 'node-red-admin',
      grant_type: 'password',
      scope: 'read',
      username: 'guest',
      password: 'x',
    };
    const token = (await (
      await fetch(`${nodeRed.url}/auth/token`, { method: 'POST', body: new URLSearchParams(login) })
    ).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token.access_token}` };
    should(await status('security-listener/addresses', 'GET', headers)).equal(200);
    for (const path of posts) should(await status(path, 'POST', headers)).equal(401, path);
    should(witness.sent).be.empty();
  });
});
