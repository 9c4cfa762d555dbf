/** A real Node-RED under hostile posts: it lives, says of each what was wrong, and does its work in between. */
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from '../../demo/node-red';
import { Connection } from '../../simulators/connection';
import { viewtron } from '../../src/vendors/viewtron';
import { makePost, openOptions, wrapConfig } from '../support/events';
import { connect, destroyClients, head, post } from '../support/http-client';
import { Arrivals } from '../support/http-recorder';
import { largeBombs, multiplyingBombs, smallBombs } from './bombs';
import { hostileBody } from './generate';
import { cases } from '../support/cases';

const hostileId = 'aaaaaaaaaaaaaaaa';
const healthyId = 'bbbbbbbbbbbbbbbb';
const catchId = 'cccccccccccccccc';
const tabId = '1111111111111111';
const listenerId = '2222222222222222';
const sinkId = 'dddddddddddddddd';

/** The name of a file takes the delays of the event loop, which no test asks for. */
const timesFile = process.env.BOMB_TIMES;

/** Answers with the process and the longest time for which its event loop stood still since the last question. */
const settingsCode = `
const loop = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 });
loop.enable();
settings.httpAdminMiddleware = (request, response, next) => {
  if (request.url !== '/how-are-you') return next();
  const longestMs = loop.max / 1e6;
  loop.reset();
  response.json({ pid: process.pid, longestMs, rssMb: process.memoryUsage().rss / 1e6 });
};
`;

function flows(port: number): readonly object[] {
  const viewtronIn = { type: 'viewtron-in', z: tabId, version: 1, listener: listenerId, heartbeats: true };
  return [
    { id: tabId, type: 'tab', label: 'hostile' },
    { id: listenerId, type: 'security-listener', version: 1, door: 'own', host: '127.0.0.1', port: String(port) },
    { ...viewtronIn, id: hostileId, path: '/API', watchMisses: '0', wires: [[sinkId]] },
    { ...viewtronIn, id: healthyId, path: '/healthy', watchMisses: '0', dedupeSeconds: '0', wires: [[sinkId]] },
    { id: catchId, type: 'catch', z: tabId, scope: null, uncaught: false, wires: [[sinkId]] },
    { id: sinkId, type: 'debug', z: tabId, active: false, wires: [] },
  ];
}

describe('a real Node-RED', function suite() {
  this.timeout(180_000);

  let nodeRed: NodeRed;
  let port: number;
  let pid: number;
  const errors = new Arrivals<Sent>();
  const healthy = new Arrivals<Sent>();

  const ask = async (about: string): Promise<{ readonly pid: number }> => {
    const response = await fetch(`${nodeRed.url}/how-are-you`);
    const state = (await response.json()) as { pid: number; longestMs: number; rssMb: number };
    if (timesFile !== undefined) {
      const { longestMs, rssMb } = state;
      appendFileSync(
        timesFile,
        `${longestMs.toFixed(1).padStart(8)} ms  event loop (${Math.round(rssMb)} MB): ${about}\n`,
      );
    }
    return state;
  };
  const isWell = async (about: string): Promise<void> => {
    const before = healthy.items.length;
    const reply = await connect(port)
      .send(post(wrapConfig('<smartType>PEA</smartType>'), {}, '/healthy'))
      .reply();
    should(reply.status).equal(200);
    await healthy.until(before + 1);
    should(healthy.items.at(-1)?.topic).equal('viewtron/intrusion');
    should((await ask(about)).pid).equal(pid);
    should((await fetch(`${nodeRed.url}/flows`)).status).equal(200);
  };
  /** Waits for the errors, and for one more that must be the next: so that none came too many. */
  const areErrors = async (before: number, count: number): Promise<readonly Sent[]> => {
    await errors.until(before + count);
    await connect(port).send(post('the last one')).reply();
    await errors.until(before + count + 1);
    should(errors.items.length - before - 1).equal(count);
    return errors.items.slice(before, before + count);
  };
  const topics = (sent: readonly Sent[]): readonly string[] => [...new Set(sent.map(({ topic }) => topic))].sort();

  before(async () => {
    port = await findFreePort(0);
    nodeRed = await startNodeRed({
      flows: flows(port),
      settingsCode,
      onSent: (sent) => {
        if (sent.node === catchId) errors.add(sent);
        if (sent.node === healthyId) healthy.add(sent);
      },
    });
    pid = (await ask('start')).pid;
    await isWell('start, first post');
  });
  after(async () => {
    destroyClients();
    await nodeRed.stop();
  });

  const some = cases(300);
  it(`understands or refuses ${some.numRuns} hostile bodies, and says of every unreadable one what was wrong`, async () => {
    const bodies = fc.sample(hostileBody, { ...some, seed: 20_310_204 });
    const unreadable = bodies.filter((body) => viewtron.receive(makePost(body), openOptions).error !== undefined);
    should(unreadable.length).be.within(bodies.length / 6, bodies.length / 1.2);
    const before = errors.items.length;
    const devices = Array.from({ length: 10 }, (_, number) => {
      return new Connection({
        host: '127.0.0.1',
        port,
        path: '/API',
        chunked: number % 2 === 1,
        keepAlive: number % 3 > 0,
      });
    });
    for (let done = 0; done < bodies.length; done += 100) {
      const part = bodies.slice(done, done + 100);
      await Promise.all(
        devices.map(async (device, number) => {
          for (let at = number; at < part.length; at += devices.length) {
            should((await device.post(part[at] ?? '')).status).equal(200);
          }
        }),
      );
      await isWell(`after ${done + part.length} generated bodies`);
    }
    should(topics(await areErrors(before, unreadable.length))).deepEqual(['viewtron/error']);
    await Promise.all(devices.map((device) => device.close()));
  });

  it('says once of each connection that was cut in the middle of a body', async () => {
    const before = errors.items.length;
    for (let number = 0; number < 20; number++) {
      const device = new Connection({ host: '127.0.0.1', port, path: '/API' });
      await device.post(wrapConfig('x'.repeat(5000)), { kind: 'cut', afterBytes: 100 * number });
      await device.close();
    }
    should(topics(await areErrors(before, 20))).deepEqual(['viewtron/error']);
    await isWell('after 20 cut connections');
  });

  it('says once of each body that is too large or compressed, and once a minute of what is no HTTP', async () => {
    const before = errors.items.length;
    for (let number = 0; number < 10; number++) {
      await connect(port)
        .send(head('POST /API', 17 * 1024 * 1024))
        .reply();
      await connect(port)
        .send(post(gzipSync('<config/>'), { 'Content-Encoding': 'gzip' }))
        .reply();
      await connect(port).send('no HTTP at all\r\n\r\n').closed;
    }
    const found = await areErrors(before, 21);
    should(found.filter(({ topic }) => topic === 'viewtron/error')).have.length(20);
    should(found.filter(({ topic }) => topic === 'security-listener/error')).have.length(1);
    await isWell('after 30 requests that are refused');
  });

  it('survives every post that was made to cost much', async () => {
    const device = new Connection({ host: '127.0.0.1', port, path: '/API', replyTimeoutMs: 60_000 });
    for (const { about, body } of [...smallBombs, ...multiplyingBombs, ...largeBombs]) {
      should((await device.post(body)).status).equal(200);
      await isWell(about);
    }
    await device.close();
  });

  it('has not restarted, and printed no failure of its own', () => {
    should(nodeRed.log().match(/Started flows/g)).have.length(1);
    should(nodeRed.log()).not.match(/uncaught|unhandled|MaxListeners|heap/i);
  });
});
