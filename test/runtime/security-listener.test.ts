/** The listener in a real Node-RED: HTTPS, a port for two, who may call, and what its dialog is told. */
import { createRequire } from 'node:module';
import { request } from 'node:https';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { makeCertificate } from '../support/certificate';
import { nodeId, untilListening, Witness, writeFlow } from '../support/runtime';

const { hashSync } = createRequire(require.resolve('node-red'))('bcryptjs') as { hashSync: (text: string) => string };

const secrets = { user: 'cam', password: 'pass-8461', headerValue: 'token-7713' };
const basic = `Basic ${Buffer.from(`${secrets.user}:${secrets.password}`).toString('base64')}`;

interface Report {
  readonly state: string;
  readonly error?: string;
  readonly listening: string;
  readonly accepted: number;
  readonly bytes: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly callers: readonly { readonly path: string; readonly address: string }[];
  readonly requests: readonly { readonly excerpt: string; readonly target: string; readonly reason: string }[];
}

/** A tls-config node as the editor writes it: empty paths of files, and the data in credentials. */
const tlsConfig = (certdata: string, keydata: string, name = ''): Readonly<Record<string, unknown>> => ({
  id: 'e0000000000000aa',
  type: 'tls-config',
  name,
  cert: '',
  key: '',
  ca: '',
  credentials: { certdata, keydata },
});

describe('a listener in Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let witness: Witness;
  let port: number;
  const start = async (flows: readonly object[], settingsCode = ''): Promise<void> => {
    witness = new Witness();
    nodeRed = await startNodeRed({ flows: [], settingsCode, onSent: witness.onSent });
    await nodeRed.deploy(flows);
  };
  const report = async (id = 'a000000000000001'): Promise<Report> =>
    (await (await fetch(`${nodeRed.url}/security-events/security-listener/${id}/report`)).json()) as Report;
  const isError = ({ type }: { type: string }): boolean => type === 'catch';

  beforeEach(async () => {
    port = await findFreePort(0);
  });
  afterEach(() => nodeRed?.stop());

  const post = (path = '/API', headers: Record<string, string> = {}, body = ''): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });

  it('speaks HTTPS with a tls-config node, and takes a new certificate in a Deploy', async () => {
    const flow = ({ key, cert }: { key: string; cert: string }, name: string): readonly object[] => [
      tlsConfig(cert, key, name),
      ...writeFlow({ port, tls: 'e0000000000000aa' }),
    ];
    const ask = (ca: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', path: '/API', method: 'POST', ca, agent: false }, (reply) => {
          reply.resume().on('end', () => resolve(reply.statusCode));
        });
        asked.on('error', reject).end('<a/>');
      });
    const [first, second] = [makeCertificate(), makeCertificate()];
    await start(flow(first, 'first'));
    await untilListening(nodeRed);
    should(await ask(first.cert)).equal(200);
    await should(post()).rejected();
    await nodeRed.deploy(flow(second, 'second'), 'nodes');
    should(await ask(second.cert)).equal(200);
    await should(ask(first.cert)).rejected();
    should((await report()).refused).have.property('tls-failed');
  });

  it('says what is missing where its tls-config has no certificate, and quotes none of it', async () => {
    const tls = tlsConfig('x', 'secret words');
    await start([tls, ...writeFlow({ port, tls: tls.id })]);
    await witness.wait(1, isError);
    const { state, error } = await report();
    should(state).equal('failed');
    should(error)
      .match(/certificate/)
      .and.not.match(/secret words/);
    should(nodeRed.log()).not.match(/secret words/);
  });

  describe('that shares its port', () => {
    const second = (settings: object): readonly object[] => [
      { id: 'a000000000000002', type: 'security-listener', door: 'own', host: '127.0.0.1', port, ...settings },
      {
        id: 'b000000000000002',
        type: 'viewtron-in',
        z: 'c000000000000001',
        listener: 'a000000000000002',
        path: '/two',
        wires: [['d000000000000002']],
      },
    ];

    it('with another listener has its own paths, rules and counts', async () => {
      await start([...writeFlow({ port }), ...second({ allow: '192.0.2.1' })]);
      await untilListening(nodeRed);
      should((await post('/API')).status).equal(200);
      should((await post('/two')).status).equal(403);
      should((await post('/none')).status).equal(404);
      const [one, two] = [await report(), await report('a000000000000002')];
      should(one).have.properties({ state: 'listening', accepted: 1, refused: { 'path-unknown': 1 } });
      should(two).have.properties({ accepted: 0, refused: { 'address-not-allowed': 1, 'path-unknown': 1 } });
    });

    it('keeps it when the other is deleted, and the port is free when both are', async () => {
      await start([...writeFlow({ port }), ...second({})]);
      await untilListening(nodeRed);
      await nodeRed.deploy(writeFlow({ port }), 'nodes');
      should((await post('/API')).status).equal(200);
      should((await post('/two')).status).equal(404);
      await nodeRed.deploy([], 'nodes');
      await should(post('/API')).rejected();
    });

    it('says so where the other listens otherwise, and listens when that is gone', async () => {
      await start([...writeFlow({ port }), ...second({ host: '' })]);
      await untilListening(nodeRed);
      await witness.wait(1, isError);
      const { state, error } = await report('a000000000000002');
      should(state).equal('failed');
      should(error).match(new RegExp(`port ${port} belongs to the listener "a000000000000001" already`));
      await nodeRed.deploy(second({ host: '' }).concat({ id: 'c000000000000001', type: 'tab' }), 'nodes');
      while ((await report('a000000000000002')).state !== 'listening');
      should((await post('/two')).status).equal(200);
    });

    it('moves to another port in a Deploy, and back', async () => {
      const other = await findFreePort(0);
      await start(writeFlow({ port }));
      for (const next of [other, port, other, port]) {
        await nodeRed.deploy(writeFlow({ port: next }), 'nodes');
        while ((await report()).listening !== `127.0.0.1:${next}`);
        await untilListening(nodeRed);
        should((await fetch(`http://127.0.0.1:${next}/API`, { method: 'POST' })).status).equal(200);
      }
      await should(fetch(`http://127.0.0.1:${other}/API`, { method: 'POST' })).rejected();
    });
  });

  it('asks for user, password and header, the node in place of its listener, and shows none of them', async () => {
    const flow = writeFlow(
      { port, credentials: { user: 'all', password: 'other-1111' } },
      { headerName: 'X-Key', credentials: secrets },
    );
    await start(flow);
    await untilListening(nodeRed);
    const all = `Basic ${Buffer.from('all:other-1111').toString('base64')}`;
    should((await post()).status).equal(401);
    should((await post('/API', { authorization: all, 'x-key': secrets.headerValue })).status).equal(401);
    should((await post('/API', { authorization: basic })).status).equal(401);
    const good = { authorization: basic, 'x-key': secrets.headerValue };
    should((await post('/API', good)).status).equal(200);
    await post(`/none?x=${secrets.headerValue}`, {}, `<a>${secrets.password}</a>`);
    await post('/API', good, `<config>${secrets.headerValue}`);
    await witness.wait(1, isError);
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    const shown = JSON.stringify([await report(), nodeRed.log(), flows, witness.sent]);
    for (const secret of [secrets.password, secrets.headerValue, 'other-1111', basic.slice(6)]) {
      should(shown).not.containEql(secret);
    }
    should((await report()).requests.map(({ reason }) => reason)).containEql('path-unknown');
  });

  it('tells its dialog what came, who called last, and what was refused', async () => {
    await start(writeFlow({ port }));
    await untilListening(nodeRed);
    await post('/API', {}, '<config><smartType>MOTION</smartType></config>');
    await post('/Wrong?plate=1', {}, '<config>hello</config>');
    await post('/API', {}, 'no XML');
    const told = await report();
    should(told).have.properties({ state: 'listening', accepted: 2, listening: `127.0.0.1:${port}` });
    should(told.bytes).equal(52);
    should(told.callers).have.length(1);
    should(told.callers[0]).have.properties({ path: '/API', address: '127.0.0.1' });
    should(told.requests.map(({ target, excerpt }) => [target, excerpt])).deepEqual([
      ['/API', 'no XML'],
      ['/Wrong?plate=1', '<config>hello</config>'],
    ]);
    // and still knows it after a Deploy
    await nodeRed.deploy(writeFlow({ port }, { name: 'other' }), 'full');
    should((await report()).accepted).equal(2);
    should((await fetch(`${nodeRed.url}/security-events/security-listener/0123/report`)).status).equal(404);
  });

  it('tells only those who may read its nodes', async () => {
    await start.call(undefined, []).catch(() => undefined);
    await nodeRed.stop();
    const users = [{ username: 'admin', password: hashSync('x'), permissions: '*' }];
    nodeRed = await startNodeRed({
      flows: writeFlow({ port }),
      settings: { adminAuth: { type: 'credentials', users } },
    });
    for (const type of ['security-listener/a000000000000001', `viewtron-in/${nodeId}`]) {
      should((await fetch(`${nodeRed.url}/security-events/${type}/report`)).status).equal(401);
    }
  });

  it("does not care for limits of another server on Node-RED's own", async () => {
    await start(writeFlow({ door: 'nodered', connections: 'many', headSeconds: '0', port: 'x', tls: 'gone' }));
    should((await fetch(`${nodeRed.url}/API`, { method: 'POST' })).status).equal(200);
  });

  for (const [about, settings, message] of [
    ['a network that is none', { allow: '192.168.1.0/33' }, /allowed addresses: "192\.168\.1\.0\/33" is no address/],
    ['a public address that is none', { publicUrl: 'cams.example.com' }, /public address must begin with http/],
    ['a proxy that is none', { proxies: 'proxy' }, /trusted proxies: "proxy"/],
    ['a password without a user', { credentials: { password: 'pass-8461' } }, /user and password: fill in both/],
    ['a header without a value', { headerName: 'X-Key' }, /secret header: fill in/],
    ['too much time', { headSeconds: '601' }, /time for the head must be a number from 1 to 600/],
    ['half a connection', { connections: '1.5' }, /connections must be a whole number/],
    ['less in flight than one post', { bodyMb: '64', inFlightMb: '32' }, /posts being read: must not be less/],
    [
      'a variable that is not set',
      { credentials: { user: 'a', password: '${NOT_SET_AT_ALL}' } },
      /NOT_SET_AT_ALL. is not set/,
    ],
  ] as const) {
    it(`with ${about} opens nothing, and says what to mend`, async () => {
      await start(writeFlow({ port, ...settings }));
      await witness.wait(1, isError);
      const { state, error } = await report();
      should(state).equal('failed');
      should(error)
        .match(message)
        .and.not.match(/pass-8461/);
      await should(post()).rejected();
    });
  }
});
