/** What a tracking post costs the presence node, beside reading it, and what is left in memory after two hours of a busy yard. */
import type { SecurityEvent, Target } from '../src/event';
import { targetTypes } from '../src/event';
import { Presence, PresenceMemory } from '../src/presence/presence';
import type { PresenceSettings } from '../src/presence/settings';
import { readShapes } from '../src/presence/shapes';
import { createRandom } from '../simulators/random';

const postsPerSecond = 10;
const square = [
  [0.3, 0.1],
  [0.7, 0.1],
  [0.7, 0.9],
  [0.3, 0.9],
];
const shapes = [
  { shape: 'zone', id: 'a', name: 'Yard', points: square, loiter: 30, most: 20, fastest: 50 },
  { shape: 'zone', id: 'b', name: 'Drive', points: square.map(([x = 0, y = 0]) => [x / 2, y]) },
  {
    shape: 'line',
    id: 'c',
    name: 'Door',
    points: [
      [0.5, 0.9],
      [0.5, 0.1],
    ],
  },
  { shape: 'spot', id: 'd', name: 'Car', points: [[0.9, 0.5]] },
];

const settings: PresenceSettings = {
  cameras: [],
  targetTypes: new Set(targetTypes),
  minHeight: 0,
  maxHeight: 1,
  anchor: 'feet',
  aspect: 16 / 9,
  stopDelayMs: 2000,
  movesPerSecond: 1,
  tellsNumbers: false,
  shapes: readShapes(shapes),
  resetMinute: undefined,
  picturesPerSecond: 0,
  showsScene: false,
};

/** Targets that walk to and fro; each goes after half a minute, and another comes. */
function writePost(nowMs: number, count: number, turn: number, starts: readonly number[]): SecurityEvent {
  const targets = Array.from({ length: count }, (_, index): Target => {
    const age = turn + (starts[index] ?? 0);
    const x = Math.abs(((age * 0.004) % 1.8) - 0.9);
    const box = { x: x * 0.94, y: 0.1 + 0.7 * (index / count), width: 0.06, height: 0.12 };
    return { id: `${index} ${Math.floor(age / (30 * postsPerSecond))}`, type: 'person', box };
  });
  const time = new Date(nowMs).toISOString();
  const device = { id: '02:00:5e:44:00:01', name: 'Bench cam' };
  const said = { id: time, vendor: 'viewtron', category: 'track', kind: 'target-tracked', type: 'traject' } as const;
  return { ...said, time, timeSource: 'device', receivedAt: time, device, targets, images: [], raw: {} };
}

export interface PresenceCost {
  readonly targets: number;
  readonly microseconds: number;
  /** With pictures of the scene, two a second. */
  readonly drawnMicroseconds: number;
}

/** @param seconds of the yard's time */
export function measurePresence(seconds: number): readonly PresenceCost[] {
  const costs = [1, 10, 30].map((targets): PresenceCost => {
    const { microseconds } = run(targets, Math.min(seconds, 600), settings);
    const drawn = run(targets, Math.min(seconds, 600), { ...settings, picturesPerSecond: 2 });
    return { targets, microseconds, drawnMicroseconds: drawn.microseconds };
  });
  const { remembered, told } = run(30, seconds, settings);
  console.log(
    `30 targets, ${seconds} s: ${told} events told; remembered ${remembered.join(', ')} things each tenth of the time`,
  );
  return costs;
}

function run(
  count: number,
  seconds: number,
  chosen: PresenceSettings,
): {
  readonly microseconds: number;
  readonly remembered: readonly number[];
  readonly told: number;
} {
  const random = createRandom(1);
  const starts = Array.from({ length: count }, () => random.between(0, 299));
  const memory = new PresenceMemory();
  const remembered: number[] = [];
  let nowMs = Date.UTC(2031, 1, 3);
  let told = 0;
  let waiting: { atMs: number; action: () => void }[] = [];
  const after = (delayMs: number, action: () => void) => {
    const alarm = { atMs: nowMs + delayMs, action };
    waiting.push(alarm);
    return { cancel: () => void (waiting = waiting.filter((each) => each !== alarm)) };
  };
  const clock = { now: () => nowMs, after, every: after, soon: (action: () => void) => action() };
  const presence = new Presence(chosen, memory, clock, {
    onEvent: () => void (told += 1),
    onPicture: () => undefined,
    onScene: () => undefined,
  });
  presence.resume();
  const posts = seconds * postsPerSecond;
  let spent = 0;
  for (let turn = 0; turn < posts; turn++) {
    const post = writePost(nowMs, count, turn, starts);
    const start = process.hrtime.bigint();
    const due = waiting.filter(({ atMs }) => atMs <= nowMs);
    waiting = waiting.filter(({ atMs }) => atMs > nowMs);
    for (const { action } of due) action();
    presence.take(post);
    spent += Number(process.hrtime.bigint() - start);
    nowMs += 1000 / postsPerSecond;
    if ((turn + 1) % Math.ceil(posts / 10) === 0) remembered.push(memory.size);
  }
  presence.close();
  return { microseconds: spent / 1000 / posts, remembered, told };
}
