/** Node-RED's router after us: neighbours on our path keep working, and nothing of ours stays behind. */
import { dirname, join } from 'node:path';
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { nodeId, Witness, writeFlow } from '../support/runtime';

const home = process.env.NODE_RED_HOME ?? dirname(require.resolve('node-red/package.json'));
/** Lists the layers of Node-RED's apps whenever it is asked. */
const listLayers = `
  process.on('message', () => {
    const { httpNode } = require(${JSON.stringify(join(home, 'lib', 'red.js'))});
    const own = ['query', 'expressInit']; // made with an app's first layer
    const named = ({ name, route }) => route ? String(route.path) : name;
    const list = (app) => (app._router ? app._router.stack : []).map(named).filter((name) => !own.includes(name));
    process.send({ layers: [list(httpNode.parent), list(httpNode)] });
  });`;

const httpIn = (url: string, method = 'post'): readonly object[] => [
  { id: 'f000000000000001', type: 'http in', z: 'c000000000000001', url, method, wires: [['f000000000000002']] },
  {
    id: 'f000000000000002',
    type: 'change',
    z: 'c000000000000001',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'payload.a', tot: 'msg' }],
    wires: [['f000000000000003']],
  },
  { id: 'f000000000000003', type: 'http response', z: 'c000000000000001', statusCode: '202', wires: [] },
];

describe("Node-RED's router", function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let witness: Witness;
  const layers: (readonly (readonly string[])[])[] = [];
  let notify = (): void => undefined;

  const start = async (flows: readonly object[]): Promise<void> => {
    witness = new Witness();
    nodeRed = await startNodeRed({
      flows,
      settingsCode: listLayers,
      onSent: witness.onSent,
      onTold: (told) => {
        layers.push((told as { layers: string[][] }).layers);
        notify();
      },
    });
  };
  afterEach(() => nodeRed?.stop());

  const look = async (): Promise<readonly (readonly string[])[]> => {
    const before = layers.length;
    nodeRed.tell({ list: true });
    while (layers.length === before) await new Promise<void>((resolve) => (notify = resolve));
    return layers.at(-1) ?? [];
  };
  const post = (body = '{"a":"raw"}', signal?: AbortSignal): Promise<Response> =>
    fetch(`${nodeRed.url}/API`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: signal ?? null,
    });
  const isEvent = ({ node }: { node: string }): boolean => node === nodeId;
  const isTakenError = ({ type, topic }: { type: string; topic: string }): boolean =>
    type === 'catch' && topic === 'security-listener/error';
  const ours = writeFlow({ door: 'nodered' });

  it('is after a hundred deploys as it was after the first, and as before when all is deleted', async () => {
    await start([]);
    const before = await look();
    await nodeRed.deploy(ours);
    const first = await look();
    should(first.flat().length).equal(before.flat().length + 2);
    for (let deploy = 0; deploy < 100; deploy++) {
      await nodeRed.deploy(writeFlow({ door: 'nodered' }, { name: `${deploy}` }), deploy % 2 === 0 ? 'full' : 'nodes');
    }
    should(await look()).deepEqual(first);
    await nodeRed.deploy([]);
    should(await look()).deepEqual(before);
  });

  it('leaves the path to a core http in node that has it, whoever was there first, and our node says so', async () => {
    for (const flows of [
      [...ours, ...httpIn('/API')],
      [...httpIn('/api/'), ...ours],
    ]) {
      await start(flows);
      await witness.wait(1, isTakenError);
      const reply = await post();
      should(reply.status).equal(202);
      should(await reply.text()).equal('raw'); // parsed for it, as ever
      should(witness.sent.some(isEvent)).equal(false);
      await nodeRed.stop();
    }
  });

  it('gives the path to our node when the core’s is deleted, and back', async () => {
    await start([...ours, ...httpIn('/API')]);
    should((await post()).status).equal(202);
    await nodeRed.deploy(ours, 'nodes');
    should((await post()).status).equal(200);
    await nodeRed.deploy([...ours, ...httpIn('/API')], 'nodes');
    should((await post()).status).equal(202);
    await nodeRed.deploy(httpIn('/API').concat(ours.slice(0, 1)), 'nodes');
    should((await post()).status).equal(202);
  });

  it('leaves the path to the core’s node also while a Deploy has taken both away for a moment', async () => {
    const flows = (name: string): readonly object[] => [
      ...writeFlow({ door: 'nodered' }, { name }),
      ...httpIn('/API').map((node) => ({ ...node, name })),
    ];
    await start(flows('0'));
    await witness.wait(1, isTakenError);
    // the core never answers a request whose flow it stops in the middle; we would, when ten seconds of holding are over
    const postOrLose = async (): Promise<number | undefined> =>
      post(undefined, AbortSignal.timeout(15_000)).then(
        ({ status }) => status,
        (thrown: Error) => (should(thrown.name).equal('TimeoutError'), undefined),
      );
    for (let round = 1; round <= 10; round++) {
      const posts = [postOrLose(), postOrLose(), postOrLose()];
      const [, ...statuses] = await Promise.all([nodeRed.deploy(flows(`${round}`)), ...posts]);
      for (const status of statuses) should(status).be.oneOf(202, 404, undefined);
    }
    should(witness.sent.some(isEvent)).equal(false);
    const url = `${nodeRed.url}/security-events/security-listener/a000000000000001/report`;
    should(await (await fetch(url)).json()).have.properties({ accepted: 0, held: 0 });
  });

  it('gives another method of our path to a core http in node', async () => {
    await start([...ours, ...httpIn('/API', 'delete')]);
    should((await fetch(`${nodeRed.url}/API`, { method: 'DELETE' })).status).equal(202);
    should((await post()).status).equal(200);
    should(witness.sent.some(isTakenError)).equal(false);
  });

  it('gives our path to us although a core http in node takes all paths', async () => {
    await start([...httpIn('/*'), ...ours]);
    should((await post()).status).equal(200);
    const other = await fetch(`${nodeRed.url}/elsewhere`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":"raw"}',
    });
    should(other.status).equal(202);
    should(await other.text()).equal('raw');
  });

  it('keeps the second of our nodes on a path when the first is deleted', async () => {
    const second = { ...ours.find((node) => 'id' in node && node.id === nodeId), id: 'b000000000000002' };
    await start([...ours, second]);
    await post('<config/>');
    const withoutFirst = [...ours.filter((node) => !('id' in node && node.id === nodeId)), second];
    await nodeRed.deploy(withoutFirst, 'nodes');
    should((await post()).status).equal(200);
    await nodeRed.deploy(withoutFirst.slice(0, -1), 'nodes');
    should((await post()).status).equal(404);
  });

  for (const path of ['/flows', '/Settings/', '/auth/token']) {
    it(`keeps ${path} to the editor where it shares its root with the nodes`, async () => {
      await start(writeFlow({ door: 'nodered' }, { path }));
      await witness.wait(1, isTakenError);
      await nodeRed.deploy(ours);
      should((await post()).status).equal(200);
    });
  }

  it('answers what we refuse in small JSON, and nothing with a page of HTML', async () => {
    await start(writeFlow({ door: 'nodered', allow: '192.0.2.1' }));
    for (const [method, status] of [
      ['POST', 403],
      ['DELETE', 403],
    ] as const) {
      const reply = await fetch(`${nodeRed.url}/API`, { method });
      should(reply.status).equal(status);
      should(reply.headers.get('content-type')).equal('application/json');
    }
    await nodeRed.deploy(ours);
    const reply = await fetch(`${nodeRed.url}/API`, { method: 'PATCH', body: '{' });
    should(reply.status).equal(405);
    should(reply.headers.get('content-type')).equal('application/json');
  });
});
