/**
 * Endurance: the examples with all simulated sites in a real Node-RED, with faults and deploys, for `--minutes n` (10). Ends
 * by itself: 0 if nothing was lost, doubled or invented, memory stayed flat, and all that was opened was closed again.
 */
import { parseArgs } from 'node:util';
import { findSetUps, prepareWorld, press, type World } from '../demo/demo-run';
import { startNodeRed, type NodeRed } from '../demo/node-red';
import type { FlowNode } from '../demo/sites/site';
import { systemClock } from '../simulators/clock';
import { createRandom } from '../simulators/random';
import { books, isEven, Ledger, type Balance } from './ledger';
import { Probe, writeProbe, type Look } from './probe';
import { findFailures, printReport, type Course } from './report';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const minuteMs = 60_000;
/** Before that, caches and compiled code still grow. */
const settledMs = 2 * minuteMs;
const faultEveryMs = 5000;
const deployEveryMs = 13_000;
const pressEveryMs = 20_000;
/** What is under way when all ends has this long to come out: a poll that hangs ends after half a minute, and the next may wait one. */
const restMs = 100_000;
/** And what was open this long to be closed. */
const quietMs = 20_000;
/** A second apart, so that one of them is far from a deploy: right after one, what was before it may still be held. */
const looksEach = 15;
/** Of what Node-RED has printed, where the run cannot go on. */
const shownLines = 40;

const tab = '50a0000000000001';
const sink = '50a0000000000002';

/** For each book a node that lets everything through, beside those of the examples. */
function writeBooks(examples: readonly FlowNode[]): readonly FlowNode[] {
  const find = (type: string): FlowNode & { readonly listener?: string; readonly server?: string } => {
    const found = examples.find((node) => node.type === type);
    if (found === undefined) throw new Error(`no example has a ${type}`);
    return found;
  };
  const settings: Record<(typeof books)[number], { readonly type: string; readonly [setting: string]: unknown }> = {
    viewtron: { type: 'viewtron-in', tracking: 'all', heartbeats: true, watchMisses: 0, pictures: 'none' },
    pdk: { type: 'pdk-webhook-in', topics: '*' },
    camio: { type: 'camio-callback-in', quietMinutes: 0 },
    'camlytics called': { type: 'camlytics-webhook-in' },
    'camlytics asked': { type: 'camlytics-poll', start: 'all', health: false },
  };
  const nodes = books.map((name, number) => {
    const { type, ...more } = settings[name];
    const { path = '', listener = '', server = '' } = find(type);
    const ownPath = type === 'viewtron-in' ? '/API' : path;
    const headerName = type === 'camio-callback-in' ? 'Authorization' : '';
    const id = `50a00000000001${number.toString(16).padStart(2, '0')}`;
    const wires = [[sink], []];
    return { ...more, id, type, name, z: tab, path: ownPath, listener, server, headerName, wires };
  });
  // nobody sends to nowhere: the books must have somebody who takes what they let through
  const end = { id: sink, type: 'change', z: tab, name: '', rules: [], wires: [[]] };
  return [{ id: tab, type: 'tab', name: 'Books' }, ...nodes, end];
}

/** Deploys everything, or only what has changed, or flows that have; a node in each has changed. */
async function deployAgain(nodeRed: NodeRed, flows: readonly FlowNode[], round: number): Promise<void> {
  const type = (['full', 'nodes', 'flows'] as const)[round % 3] ?? 'full';
  const changed = flows.map((node) =>
    node.type === 'change' || books.some((book) => book === node.name) ? { ...node, info: `round ${round}` } : node,
  );
  try {
    await nodeRed.deploy(changed, type);
  } catch (thrown) {
    // a connection that was idle may be closed just when it is used again; a process that has died refuses the next one too
    if (!(thrown instanceof TypeError)) throw thrown;
    await nodeRed.deploy(changed, type);
  }
}

async function lookOften(probe: Probe, nodeRed: NodeRed): Promise<Look> {
  const looks: Look[] = [];
  for (let round = 0; round < looksEach; round++) {
    looks.push(await probe.look(nodeRed));
    await systemClock.sleep(1000);
  }
  const [least = await probe.look(nodeRed)] = looks.toSorted((one, other) => one.usedBytes - other.usedBytes);
  return least;
}

/** Resolves when what is open is as it was, or time is up. */
async function lookWhenQuiet(probe: Probe, nodeRed: NodeRed, before: Look): Promise<Look> {
  const deadline = Date.now() + quietMs;
  for (;;) {
    const look = await probe.look(nodeRed);
    const isQuiet = JSON.stringify(look.open) === JSON.stringify(before.open);
    if (isQuiet || Date.now() > deadline) return look;
    await systemClock.sleep(500);
  }
}

/** The books at the first moment without anything under way, or when time is up. */
async function balanceBooks(ledger: Ledger): Promise<readonly Balance[]> {
  const deadline = Date.now() + restMs;
  for (;;) {
    const balance = ledger.balance();
    if (isEven(balance) || Date.now() > deadline) return balance;
    await systemClock.sleep(50);
  }
}

/** Faults, deploys and presses until the time is up. */
async function live(world: World, nodeRed: NodeRed, forMs: number, atSettled: () => Promise<void>): Promise<Course> {
  const random = createRandom(Number(values.seed));
  const end = new AbortController();
  const course = { deploys: 0, faults: 0, presses: 0, refusedPresses: 0 };
  const repeat = async (everyMs: number, act: () => unknown): Promise<void> => {
    while (!end.signal.aborted) {
      await systemClock.sleep(everyMs, end.signal).catch(() => undefined);
      if (!end.signal.aborted) await act();
    }
  };
  const injects = world.flows.filter(({ type }) => type === 'inject');
  const running = [
    repeat(faultEveryMs, () => {
      course.faults += 1;
      world.trouble(course.faults % 3 === 0 ? undefined : random);
    }),
    repeat(deployEveryMs, async () => {
      course.deploys += 1;
      await deployAgain(nodeRed, world.flows, course.deploys);
    }),
    repeat(pressEveryMs, async () => {
      for (const { id } of injects) {
        course.presses += 1;
        // between two deploys there is no such button
        await press(nodeRed, id).catch(() => (course.refusedPresses += 1));
      }
    }),
  ];
  await systemClock.sleep(Math.min(settledMs, forMs / 2));
  await atSettled();
  await systemClock.sleep(forMs - Math.min(settledMs, forMs / 2));
  end.abort();
  await Promise.all(running);
  world.trouble(undefined);
  return course;
}

async function main(): Promise<number> {
  const ledger = new Ledger();
  const probe = new Probe((out) => ledger.note(out));
  const world = await prepareWorld({ more: writeBooks, onTold: (told) => ledger.enter(told) });
  const nodeRed = await startNodeRed({ settingsCode: writeProbe(tab), onTold: probe.hear });
  try {
    return await endure(world, nodeRed, probe, ledger);
  } catch (thrown) {
    console.log(nodeRed.log().split('\n').slice(-shownLines).join('\n'));
    throw thrown;
  }
}

async function endure(world: World, nodeRed: NodeRed, probe: Probe, ledger: Ledger): Promise<number> {
  const empty = await probe.look(nodeRed);
  const flows = world.flows.map((node) => ({ ...node, credentials: world.credentials[node.id] }));
  await nodeRed.deploy(flows);
  const before = await probe.look(nodeRed);
  world.open();
  for (const { id } of findSetUps(world.flows)) await press(nodeRed, id);

  let settled = before;
  const course = await live(world, nodeRed, Number(values.minutes) * minuteMs, async () => {
    settled = await lookOften(probe, nodeRed);
  });
  const after = await lookOften(probe, nodeRed);
  const balance = await balanceBooks(ledger);
  await nodeRed.deploy([]);
  await world.close();
  const emptied = await lookWhenQuiet(probe, nodeRed, empty);
  await nodeRed.stop();

  const report = { course, balance, empty, before, settled, after, emptied };
  printReport(report);
  const failures = findFailures(report);
  for (const failure of failures) console.log(`FAILED  ${failure}`);
  return failures.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
