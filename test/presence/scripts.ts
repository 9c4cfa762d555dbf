/** Scripts of people who walk before a camera, what its posts say of them and when they come, and what is true of them. */
import type { SecurityEvent } from '../../src/event';
import type { Direction } from '../../src/presence/shapes';
import { createRandom, type Random } from '../../simulators/random';
import { toTargets, tracking, type Seen } from './watch';

/** Gaps are up to three seconds, and a post may be late beside: who waits longer is gone. */
export const stopDelayMs = 4000;
const longestGapMs = 3000;
const latestMs = 900;

/** From edge to edge: which side somebody is on decides, and nobody goes around an end. */
const walls = [
  {
    name: 'left',
    points: [
      [0.3, 1],
      [0.3, 0],
    ],
    side: (x: number, _y: number) => x > 0.3,
  },
  {
    name: 'right',
    points: [
      [0.7, 0],
      [0.7, 1],
    ],
    side: (x: number, _y: number) => x < 0.7,
  },
  {
    name: 'across',
    points: [
      [0, 0.5],
      [1, 0.5],
    ],
    side: (_x: number, y: number) => y > 0.5,
  },
] as const;
export const lines = walls.map(({ name, points }) => ({ name, points }));

const xs: readonly [number, ...number[]] = [0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9];
const ys: readonly [number, ...number[]] = [0.15, 0.3, 0.7, 0.85];

interface Stop {
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
}

export interface Visit {
  readonly id: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly crossings: readonly string[];
  readonly stops: readonly Stop[];
}

export interface SeenVisit {
  readonly id: number;
  firstMs: number;
  lastMs: number;
  /** From the camera's last look before it came to the first with it, and from the last with it to the next. */
  beforeMs: number;
  afterMs: number;
}

export interface Script {
  readonly visits: readonly Visit[];
  /** In the order in which they come. */
  readonly posts: readonly { readonly comesMs: number; readonly event: SecurityEvent }[];
  /** Of each visit, the first and the last post that has it. */
  readonly seen: readonly SeenVisit[];
  readonly endMs: number;
}

/** @param beginMs the camera's clock is off by `clockOffMs` from there */
export function writeScript(seed: number, beginMs: number): Script {
  const random = createRandom(seed);
  const visits = [1, 2, 3].flatMap((id) => writeVisits(random, id));
  const clockOffMs = random.between(-25_000, 25_000);
  const endMs = Math.max(...visits.map(({ toMs }) => toMs)) + 1000;
  const seen = visits.map(({ id }): SeenVisit => ({
    id,
    firstMs: Infinity,
    lastMs: -Infinity,
    beforeMs: 0,
    afterMs: 0,
  }));
  const posts: { comesMs: number; event: SecurityEvent }[] = [];
  let beforeMs = 0;
  for (let atMs = 0, nextMs = 0; atMs < endMs; beforeMs = nextMs - atMs, atMs = nextMs) {
    nextMs = atMs + pickInterval(random);
    const there: Seen[] = [];
    visits.forEach((visit, index) => {
      if (atMs < visit.fromMs || atMs > visit.toMs) return;
      const place = locate(visit.stops, atMs);
      there.push([visit.id, place.x, place.y]);
      const known = seen[index];
      if (known === undefined) return;
      if (known.firstMs === Infinity) known.beforeMs = beforeMs;
      known.firstMs = Math.min(known.firstMs, beginMs + clockOffMs + atMs);
      known.afterMs = nextMs - atMs;
      known.lastMs = beginMs + clockOffMs + atMs;
    });
    if (there.length === 0) continue;
    const event = tracking(beginMs + clockOffMs + atMs, toTargets(there));
    const comesMs = beginMs + atMs + (random.next() < 0.15 ? random.between(1, latestMs) : 0);
    posts.push({ comesMs, event });
    if (random.next() < 0.1) posts.push({ comesMs: comesMs + random.between(0, 5000), event });
  }
  posts.sort((one, other) => one.comesMs - other.comesMs);
  return { visits, posts, seen, endMs: beginMs + endMs };
}

/** One after another with one id: a camera that counts from the start again, or has few numbers. */
function writeVisits(random: Random, id: number): readonly Visit[] {
  const visits: Visit[] = [];
  let atMs = random.between(0, 5000);
  for (let count = random.between(1, 3); count > 0; count--) {
    const fromMs = atMs;
    const stops: Stop[] = [];
    const crossings: string[] = [];
    for (let legs = random.between(0, 3); legs >= 0; legs--) {
      const place = { x: random.pick(xs), y: random.pick(ys) };
      const before = stops.at(-1);
      if (before !== undefined) {
        for (const { name, side } of walls) {
          if (side(before.x, before.y) === side(place.x, place.y)) continue;
          const direction: Direction = side(place.x, place.y) ? 'in' : 'out';
          crossings.push(`${name} ${direction}`);
        }
        atMs += random.between(2000, 6000);
      }
      stops.push({ atMs, ...place });
      // long enough to be seen on each side of a line, whatever gaps there are
      atMs += random.between(4000, 8000);
      stops.push({ atMs, ...place });
    }
    visits.push({ id, fromMs, toMs: atMs, crossings, stops });
    atMs += stopDelayMs + random.between(200, 6000);
  }
  return visits;
}

function pickInterval(random: Random): number {
  return random.next() < 0.05 ? random.between(500, longestGapMs) : random.between(100, 300);
}

function locate(stops: readonly Stop[], atMs: number): { x: number; y: number } {
  const next = stops.findIndex((stop) => stop.atMs >= atMs);
  const to = stops[next === -1 ? stops.length - 1 : next];
  const from = stops[Math.max(0, next - 1)] ?? to;
  if (from === undefined || to === undefined) throw new Error('a visit without stops');
  const part = to.atMs === from.atMs ? 1 : (atMs - from.atMs) / (to.atMs - from.atMs);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
