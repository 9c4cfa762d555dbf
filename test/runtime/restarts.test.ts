/** Restarts that do not go as usual: listeners that come and go, flows that do not start, middleware that fails. */
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { nodeId, untilListening, Witness, writeFlow } from '../support/runtime';

const isEvent = ({ node }: { node: string }): boolean => node === nodeId;
const isError = ({ type }: { type: string }): boolean => type === 'catch';
const plate = (number: number): string =>
  `<config version="1.7"><smartType>VEHICE</smartType><currentTime>${Date.now()}000</currentTime>
  <mac>02:00:5e:30:00:01</mac><listInfo><item><plateNumber>R ${number}</plateNumber></item></listInfo></config>`;

describe('a restart of flows', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let witness: Witness;
  let port: number;
  const start = async (flows: readonly object[], settingsCode = ''): Promise<void> => {
    witness = new Witness();
    nodeRed = await startNodeRed({ flows, settingsCode, onSent: witness.onSent });
  };
  beforeEach(async () => {
    port = await findFreePort(0);
  });
  afterEach(() => nodeRed?.stop());

  const post = (number: number, url = `http://127.0.0.1:${port}`, path = '/API'): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', body: plate(number), headers: { 'content-type': 'application/xml' } });
  const admin = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${nodeRed.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  /** A listener beside that of `writeFlow`, on the same port. */
  const another = { id: 'a000000000000002', type: 'security-listener', door: 'own', host: '127.0.0.1' };

  it('that deletes one of two listeners of a port closes nothing', async () => {
    await start([...writeFlow({ port }), { ...another, port }]);
    await untilListening(nodeRed);
    // a connection that was open before must live through it
    const statuses: number[] = [];
    for (let round = 0; round < 5; round++) {
      const [, reply] = await Promise.all([
        nodeRed.deploy(round % 2 === 0 ? writeFlow({ port }) : [...writeFlow({ port }), { ...another, port }]),
        post(round),
      ]);
      statuses.push(reply.status);
    }
    should(statuses).deepEqual([200, 200, 200, 200, 200]);
    await witness.wait(5, isEvent);
  });

  it('that brings a listener back brings back its node, which was not deployed', async () => {
    const flow = writeFlow({ port });
    await start(flow);
    await untilListening(nodeRed);
    const without = flow.filter((node) => (node as { type?: string }).type !== 'security-listener');
    await nodeRed.deploy(without, 'nodes');
    await witness.wait(1, isError);
    await should(post(1)).rejected();
    await nodeRed.deploy(flow, 'nodes');
    await untilListening(nodeRed);
    should((await post(2)).status).equal(200);
    await witness.wait(1, isEvent);
    // said once, not with every Deploy
    should(witness.sent.filter(isError)).have.length(1);
  });

  for (const door of ['own', 'nodered'] as const) {
    const url = (): string => (door === 'own' ? `http://127.0.0.1:${port}` : nodeRed.url);
    const isGone = async (): Promise<void> => {
      if (door === 'nodered') should((await post(0, url())).status).equal(404);
      else await should(post(0, url())).rejected();
    };

    it(`that waits for a type which is not installed keeps nobody waiting (${door})`, async () => {
      const flow = writeFlow({ port, door });
      await start(flow);
      if (door === 'own') await untilListening(nodeRed);
      const unknown = { id: 'f0000000000000aa', type: 'nobody-has-this', z: 'c000000000000001', x: 1, y: 1, wires: [] };
      should((await admin('/flows', [...flow, unknown])).status).equal(204);
      await isGone();
      await nodeRed.deploy(flow);
      if (door === 'own') await untilListening(nodeRed);
      should((await post(1, url())).status).equal(200);
    });

    it(`that stops and does not start again keeps nobody waiting (${door})`, async () => {
      await start(writeFlow({ port, door }), 'settings.runtimeState = { enabled: true, ui: true };');
      if (door === 'own') await untilListening(nodeRed);
      should((await admin('/flows/state', { state: 'stop' })).status).equal(200);
      await isGone();
      should((await admin('/flows/state', { state: 'start' })).status).equal(200);
      if (door === 'own') await untilListening(nodeRed);
      should((await post(1, url())).status).equal(200);
    });
  }

  for (const [about, code] of [
    ['throws', "() => { throw new Error('no such user'); }"],
    ['throws after it has waited', "async () => { await null; throw new Error('no such user'); }"],
    ['says so', "(req, res, next) => next(new Error('no such user'))"],
    [
      'throws in its second step',
      "[(req, res, next) => setImmediate(next), () => { throw new Error('no such user'); }]",
    ],
  ]) {
    it(`lives on after middleware of the settings that ${about}, and its callers learn that it failed`, async () => {
      await start(writeFlow({ door: 'nodered' }), `settings.httpNodeMiddleware = ${code};`);
      for (let count = 0; count < 2; count++) {
        const reply = await post(count, nodeRed.url);
        should(reply.status).equal(500);
        should(await reply.json()).deepEqual({ error: 'a setting of this server failed' });
      }
      const report = `${nodeRed.url}/security-events/security-listener/a000000000000001/report`;
      const { refused, requests } = (await (await fetch(report)).json()) as {
        refused: object;
        requests: readonly { readonly message: string }[];
      };
      should(refused).deepEqual({ 'middleware-failed': 2 });
      should(requests[0]?.message).match(/httpNodeMiddleware.*no such user/);
    });
  }
});
