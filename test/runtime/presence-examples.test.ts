/** The examples of presence, imported as they are, do what their names say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import type { Box } from '../../simulators/geometry';
import { drawScene } from '../../simulators/picture';
import { writePerimeter, writeTraject } from '../../simulators/viewtron/posts';

const examples = ['light-by-presence', 'people-counter', 'loitering-alarm', 'live-yard'];
const camera = { name: 'Yard <cam>', mac: '02:00:5e:30:00:0a', serial: 'TEST0000000A', ip: '192.0.2.50' };

interface Sending {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly picture?: string;
}

/** Tells what nodes send, with what is in it. */
const settingsCode = `
const { hooks } = require(require.resolve('@node-red/util', { paths: [require.main.path] }));
hooks.add('onSend.examples', (events) => {
  for (const { source, msg } of events) {
    if (source.node.name) process.send({ name: source.node.name, payload: msg.payload, picture: msg.picture });
  }
});`;

describe('the examples of presence', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let post: (body: string) => Promise<void>;
  const sendings: Sending[] = [];
  let notify = (): void => undefined;

  async function until(isIt: (sending: Sending) => boolean): Promise<Sending> {
    for (;;) {
      const found = sendings.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (notify = resolve));
    }
  }

  before(async () => {
    const port = await findFreePort(0);
    const nodes = examples.flatMap(
      (name) =>
        JSON.parse(readFileSync(join(__dirname, '..', '..', 'examples', 'viewtron', `${name}.json`), 'utf8')) as {
          id: string;
          type: string;
        }[],
    );
    const flows = [...new Map(nodes.map((node) => [node.id, node])).values()].map((node) =>
      node.type === 'security-listener' ? { ...node, host: '127.0.0.1', port } : node,
    );
    nodeRed = await startNodeRed({
      flows,
      settingsCode,
      onTold: (told) => {
        sendings.push(told as Sending);
        notify();
      },
    });
    post = async (body) => {
      const reply = await fetch(`http://127.0.0.1:${port}/API`, { method: 'POST', body });
      should(reply.status).equal(200);
    };
    // Node-RED does not wait for ports before it says that flows have started
    for (let state: unknown; state !== 'listening';) {
      const url = `${nodeRed.url}/security-events/security-listener/5e0c0a7e11570001/report`;
      ({ state } = (await (await fetch(url)).json()) as { state: unknown });
    }
    // a scene, and then half a minute of somebody who comes in, stays, and goes back out, posted as fast as can be
    const startMs = Date.now() - 40_000;
    const identity = { camera, firmware: '5.1.4' } as const;
    const source = drawScene({ width: 320, height: 180, weightBytes: 0 });
    const boundary = [
      { x: 0, y: 4000 },
      { x: 10_000, y: 4000 },
      { x: 10_000, y: 10_000 },
    ];
    for (let turn = 0; turn <= 150; turn++) {
      const timeMs = startMs + turn * 200;
      const x = turn < 30 ? 1000 + turn * 200 : turn < 120 ? 7000 : 7000 - (turn - 120) * 200;
      const box: Box = { x1: x - 300, y1: 4000, x2: x + 300, y2: 7600 };
      const target = { targetId: 2801, type: 'person', box } as const;
      if (turn === 0)
        await post(
          writePerimeter({
            ...identity,
            timeMs,
            targetId: 2801,
            eventId: 3001,
            box,
            boundary,
            source,
            targets: [target],
          }),
        );
      await post(writeTraject({ ...identity, timeMs, targets: [target] }));
    }
  });
  after(() => nodeRed?.stop());

  it('switch the light on, and off when everybody has gone', async () => {
    await until(({ name, payload }) => name === 'On or off' && (payload as unknown) === true);
    await until(({ name, payload }) => name === 'On or off' && (payload as unknown) === false);
    should(sendings.filter(({ name }) => name === 'On or off').map(({ payload }) => payload as unknown)).deepEqual([
      true,
      false,
    ]);
  });

  it('count who comes in and goes out', async () => {
    const last = await until(({ name, payload }) => name === 'How many are inside' && payload.direction === 'out');
    should(last.payload).containEql({ line: 'Door', camera: 'Yard <cam>', in: 1, out: 1, inside: 0 });
  });

  it('raise the alarm of who loiters, with a picture of the scene', async () => {
    const alarm = await until(({ name, payload }) => name === 'Alarm' && payload.alarm === true);
    should(alarm.payload.text).equal('person in Yard for 15 s (Yard <cam>)');
    should(alarm.picture).match(/^<svg .*<image href="data:image\/jpeg;base64,.*Yard: 1.*person 2801/);
    await until(({ name, payload }) => name === 'Alarm' && payload.alarm === false);
  });

  it('show the yard on a page', async () => {
    should(await (await fetch(`${nodeRed.url}/live-yard`)).text()).match(/<h1>Live yard<\/h1>/);
    const cameras = (await (await fetch(`${nodeRed.url}/live-yard/cameras`)).json()) as { id: string; name: string }[];
    should(cameras.map(({ name }) => name)).deepEqual(['Yard <cam>']);
    const picture = await fetch(`${nodeRed.url}/live-yard/picture?camera=${encodeURIComponent(cameras[0]?.id ?? '')}`);
    should(picture.headers.get('content-type')).match(/^image\/svg\+xml/);
    should(await picture.text()).match(/Middle: in 1, out 1/);
    should((await fetch(`${nodeRed.url}/live-yard/picture?camera=nobody`)).status).equal(404);
  });
});
