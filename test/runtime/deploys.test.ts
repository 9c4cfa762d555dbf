/**
 * A Deploy loses nothing: two hundred events a second through each door, while everything is deployed thirty times. What
 * counts is what the node hands to its flow: messages that are inside a flow when that stops are Node-RED's to drop.
 */
import { join } from 'node:path';
import should from 'should';
import { Pool } from 'undici';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from '../../demo/node-red';
import { untilListening } from '../support/runtime';

const perSecond = 200;
const deploys = 30;
const postsBetween = 20;
const doors = ['own', 'nodered'] as const;
type DoorName = (typeof doors)[number];

const ids: Record<DoorName, { readonly node: string; readonly sink: string }> = {
  own: { node: 'b000000000000001', sink: 'd000000000000001' },
  nodered: { node: 'b000000000000002', sink: 'd000000000000002' },
};

function writeFlow(port: number, round: number): readonly object[] {
  const end = 'e000000000000001';
  const ofDoor = doors.flatMap((door, index) => [
    { id: `a00000000000000${index}`, type: 'security-listener', door, host: '127.0.0.1', port },
    // each in a flow of its own, and behind a link: Node-RED starts flows one after another
    { id: `c00000000000000${index}`, type: 'tab', label: door },
    {
      id: ids[door].node,
      type: 'viewtron-in',
      z: `c00000000000000${index}`,
      name: `${door} ${round}`,
      listener: `a00000000000000${index}`,
      path: '/API',
      pictures: 'none',
      wires: [[`f00000000000000${index}`]],
    },
    {
      id: `f00000000000000${index}`,
      type: 'link out',
      z: `c00000000000000${index}`,
      mode: 'link',
      links: [`f10000000000000${index}`],
    },
    {
      id: `f10000000000000${index}`,
      type: 'link in',
      z: 'c0000000000000ff',
      links: [`f00000000000000${index}`],
      wires: [[ids[door].sink]],
    },
    { id: ids[door].sink, type: 'change', z: 'c0000000000000ff', name: `${round}`, rules: [], wires: [[end]] },
  ]);
  return [
    ...ofDoor,
    { id: 'c0000000000000ff', type: 'tab', label: 'the last to start' },
    { id: end, type: 'change', z: 'c0000000000000ff', rules: [], wires: [[]] },
  ];
}

const plate = (door: DoorName, number: number): string =>
  `<config version="1.7"><smartType>VEHICE</smartType><currentTime>${Date.now()}000</currentTime>
  <mac>02:00:5e:30:00:01</mac><listInfo><item><plateNumber>${door} ${number}</plateNumber></item></listInfo></config>`;

describe('a Deploy', function () {
  this.timeout(120_000);
  let nodeRed: NodeRed;
  /** How often each event was handed to its flow, and how often it has come to that flow's end. */
  const sentTo: Record<DoorName, Map<string, number>> = { own: new Map(), nodered: new Map() };
  const reached: Record<DoorName, Map<string, number>> = { own: new Map(), nodered: new Map() };
  const count = (map: Map<string, number>, id: string): void => void map.set(id, (map.get(id) ?? 0) + 1);
  const onSent = ({ node, id }: Sent): void => {
    for (const door of doors) {
      if (node === ids[door].node) count(sentTo[door], id);
      if (node === ids[door].sink) count(reached[door], id);
    }
    notify();
  };
  let notify = (): void => undefined;
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await new Promise<void>((resolve) => (notify = resolve));
  };

  beforeEach(() => {
    for (const door of doors) {
      sentTo[door].clear();
      reached[door].clear();
    }
  });
  afterEach(() => nodeRed?.stop());

  it('of all nodes, thirty times, costs no event, refuses none and doubles none', async () => {
    const port = await findFreePort(0);
    nodeRed = await startNodeRed({ flows: writeFlow(port, 0), onSent });
    await untilListening(nodeRed, 'a000000000000000');
    const urls: Record<DoorName, string> = { own: `http://127.0.0.1:${port}`, nodered: nodeRed.url };
    const statuses: number[] = [];
    const failures: unknown[] = [];
    const posting: Promise<void>[] = [];
    const pools = doors.map((door) => new Pool(urls[door], { connections: 20, pipelining: 1 }));
    let sent = 0;
    const tick = (): void => {
      sent += 1;
      notify();
      for (const [index, door] of doors.entries()) {
        const headers = { 'content-type': index === sent % 2 ? 'application/xml' : 'application/json' };
        const post = async (): Promise<void> => {
          const reply = await pools[index]?.request({ method: 'POST', path: '/API', headers, body: plate(door, sent) });
          statuses.push(reply?.statusCode ?? 0);
          await reply?.body.dump();
        };
        posting.push(post().catch((error: unknown) => void failures.push(error)));
      }
    };
    const pace = setInterval(tick, 1000 / perSecond);
    for (let round = 1; round <= deploys; round++) {
      await until(() => sent >= round * postsBetween);
      await nodeRed.deploy(writeFlow(port, round), 'full');
    }
    clearInterval(pace);
    await Promise.all(posting);
    await Promise.all(pools.map((pool) => pool.close()));

    should(failures).be.empty();
    should(statuses.filter((status) => status !== 200)).be.empty();
    should(statuses).have.length(2 * sent);
    for (const door of doors) {
      await until(() => sentTo[door].size >= sent);
      should([...sentTo[door].values()].filter((times) => times !== 1)).be.empty();
      should(sentTo[door].size).equal(sent);
    }
    const reports = await Promise.all(
      doors.map(async (_, index) => {
        const url = `${nodeRed.url}/security-events/security-listener/a00000000000000${index}/report`;
        return (await (await fetch(url)).json()) as Record<string, unknown>;
      }),
    );
    for (const report of reports) {
      should(report).have.properties({ accepted: sent, refused: {}, duplicates: 0 });
      // otherwise the deploys came between the posts, and this test has shown nothing
      should(report.held).be.above(0);
    }
  });

  it('that takes long keeps what comes, and gives it to flows that stand to their last node', async () => {
    const port = await findFreePort(0);
    const slow = { id: 'a0000000000000ff', type: 'test-slow-close', z: 'c0000000000000ff', wires: [] };
    let onClosing = (): void => undefined;
    const closing = new Promise<void>((resolve) => (onClosing = resolve));
    nodeRed = await startNodeRed({
      flows: [...writeFlow(port, 0), slow],
      settings: { nodesDir: join(__dirname, '..', 'support', 'nodes') },
      onSent,
      onTold: () => onClosing(),
    });
    const urls: Record<DoorName, string> = { own: `http://127.0.0.1:${port}`, nodered: nodeRed.url };
    const deployed = nodeRed.deploy(writeFlow(port, 1), 'full');
    await closing;
    let isReleased = false;
    const statuses = doors.flatMap((door) =>
      Array.from({ length: 10 }, async (_, number) => {
        const { status } = await fetch(`${urls[door]}/API`, { method: 'POST', body: plate(door, number) });
        should(isReleased).equal(true);
        return status;
      }),
    );
    // until all are in: each of these asks comes after them, on the same server
    for (let round = 0; round < 5; round++) {
      for (const door of doors) should((await fetch(`${urls[door]}/nobody`)).status).equal(404);
    }
    isReleased = true;
    nodeRed.tell({ release: true });
    await deployed;
    should(await Promise.all(statuses)).matchEach(200);
    for (const door of doors) {
      await until(() => reached[door].size >= 10);
      should([...reached[door].values()]).deepEqual(Array(10).fill(1));
    }
  });

  it('that deletes a node makes its path 404, and leaves the others alone', async () => {
    const port = await findFreePort(0);
    nodeRed = await startNodeRed({ flows: writeFlow(port, 0), onSent });
    await untilListening(nodeRed, 'a000000000000000');
    const url = `http://127.0.0.1:${port}/API`;
    const post = (number: number): Promise<Response> => fetch(url, { method: 'POST', body: plate('own', number) });
    should((await post(1)).status).equal(200);
    const other = { ...writeFlow(port, 0)[2], id: 'b0000000000000ff', path: '/other' };
    const without = writeFlow(port, 0).filter((_, index) => index !== 2);
    await nodeRed.deploy([...without, other], 'nodes');
    should((await post(2)).status).equal(404);
    should((await fetch(`http://127.0.0.1:${port}/other`, { method: 'POST', body: '' })).status).equal(200);
  });
});
