/** What is told of targets as events: the shape that every node of this package sends. */
import { digest } from '../digest';
import type {
  CountByType,
  Counts,
  Crossing,
  Device,
  Movement,
  Presence,
  Rule,
  SecurityEvent,
  Target,
  TargetType,
} from '../event';
import { compact } from '../wire/read';
import { toIso } from '../zone';
import { fromPlane, round } from './geometry';
import type { Period } from './occupancy';
import type { Line, Spot, Zone } from './shapes';
import type { Tracked } from './tracked';

/** The node's outputs, in their order; pictures come after them. */
export const ports = ['presence', 'targets', 'crossings', 'rules'] as const;
export type Port = (typeof ports)[number];

/** Who is said to have told it. */
export interface Source {
  readonly vendor: SecurityEvent['vendor'];
  readonly device: Device;
  readonly timeSource: SecurityEvent['timeSource'];
}

export interface Told {
  readonly port: Port;
  readonly kind: string;
  readonly state?: 'start' | 'stop';
  /** The camera's time. */
  readonly ms: number;
  readonly targets: readonly Target[];
  readonly rule?: Rule | undefined;
  readonly counts?: Counts;
  readonly presence?: Presence;
  readonly movement?: Movement;
  readonly crossing?: Crossing;
}

const categories = { presence: 'track', targets: 'track', crossings: 'counting', rules: 'intrusion' } as const;

/** @param serial tells apart what else would be the same */
export function toEvent(told: Told, source: Source, nowMs: number, serial: number): SecurityEvent {
  const { port, kind, state, ms, targets, rule, counts, presence, movement, crossing } = told;
  const { vendor, device, timeSource } = source;
  const identity = [device.id, device.channel, kind, state, ms, rule?.id, targets.map(({ id }) => id), nowMs, serial];
  return compact<SecurityEvent>({
    id: digest(JSON.stringify(identity)),
    vendor,
    category: categories[port],
    kind,
    type: port,
    state,
    time: toIso(ms),
    timeSource,
    receivedAt: toIso(nowMs),
    device: { ...device },
    targets,
    rule,
    counts,
    presence,
    movement,
    crossing,
    images: [],
    raw: {},
  });
}

/** Seconds with one decimal: posts are a seventh of a second apart. */
export function toSeconds(ms: number): number {
  return round(Math.max(0, ms) / 1000, 1);
}

export function toRule(shape: Zone | Line | Spot): Rule {
  const points = shape.points.map((point) => ({ ...point }));
  const form = points.length === 1 ? undefined : points.length === 2 ? ('line' as const) : ('area' as const);
  return compact<Rule>({ id: shape.id, name: shape.name, shape: form, points });
}

/** @param withPath whether all of the way is told, and not only how it moves now */
export function toMovement(tracked: Tracked, aspect: number, withPath: boolean): Movement {
  const { firstMs, lastMs, heading, roundedSpeed, firstBox, lastBox } = tracked;
  return compact<Movement>({
    firstSeen: toIso(firstMs),
    lastSeen: toIso(lastMs),
    seconds: toSeconds(lastMs - firstMs),
    distance: round(tracked.distance, 3),
    speed: roundedSpeed,
    heading,
    path: withPath ? tracked.path.map((point) => fromPlane(point, aspect)) : undefined,
    firstBox: withPath && firstBox ? { ...firstBox } : undefined,
    lastBox: withPath && lastBox ? { ...lastBox } : undefined,
    zones: [...tracked.visited],
  });
}

export function toPresence(number: number, period: Period | undefined, lastMs: number, longestMs: number): Presence {
  if (period === undefined) return { number };
  return {
    number,
    visitors: period.visitors,
    since: toIso(period.sinceMs),
    lastSeen: toIso(lastMs),
    seconds: toSeconds(lastMs - period.sinceMs),
    longestSeconds: toSeconds(longestMs),
  };
}

/** Targets of no known type are in no count by type, but in every number. */
export function countTypes(types: Iterable<TargetType>): CountByType {
  const counted = { person: 0, vehicle: 0, motorcycle: 0 };
  for (const type of types) {
    if (type === 'person' || type === 'vehicle' || type === 'motorcycle') counted[type] += 1;
  }
  return counted;
}
