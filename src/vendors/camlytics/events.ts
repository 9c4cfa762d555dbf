/** A typed message to an event. Total: never throws, reads no clock. */
import { digest } from '../../digest';
import type { Rule, SecurityEvent, Target, Value } from '../../event';
import { compact, copyTree } from '../../wire/read';
import { toIso } from '../../zone';
import { meaningOf, targetTypeOf, type Meaning } from './kinds';
import { readTime } from './time';
import type { CamlyticsMessage } from './wire';

/** Rule names that say which way a line was crossed: there is no field for it (reference 5.3). `*` stands for anything. */
export interface Directions {
  readonly in: readonly string[];
  readonly out: readonly string[];
}

/** What independent users' installations say. */
export const standardDirections: Directions = { in: ['Enter'], out: ['Exit'] };

export interface Reading {
  /** IANA name or offset of the Camlytics PC; empty: the zone of this computer. */
  readonly timeZone: string;
  readonly directions: Directions;
  readonly receivedAt: number;
  /** Name of a channel where the event gives none. */
  readonly nameOf?: (channelId: string) => string | undefined;
}

export function toEvent(message: CamlyticsMessage, reading: Reading): SecurityEvent {
  const { type, channelId, tree } = message;
  const meaning: Meaning = type === undefined ? { category: 'other', kind: 'metric' } : meaningOf(type);
  const occurredMs = readTime(message.time, reading.timeZone, reading.receivedAt);
  const name = message.channelName ?? (channelId === undefined ? undefined : reading.nameOf?.(channelId));
  return {
    id: identify(message, reading.receivedAt),
    vendor: 'camlytics',
    category: meaning.category,
    kind: meaning.kind,
    type: type ?? 'metric',
    ...(meaning.state !== undefined && { state: meaning.state }),
    time: toIso(occurredMs ?? reading.receivedAt),
    timeSource: occurredMs === undefined ? 'received' : 'device',
    receivedAt: toIso(reading.receivedAt),
    device: compact<SecurityEvent['device']>({ id: channelId ?? name ?? 'unknown', name }),
    targets: toTargets(message),
    ...compact<Partial<SecurityEvent>>({ rule: toRule(message, meaning, reading), values: toValues(message) }),
    images: [],
    raw: copyTree(tree, () => false),
  };
}

/** What tells an event from all others: ids begin again when the database does, object ids at every start (reference 8.4). */
export function keyOf({ eventId, channelId, time }: CamlyticsMessage): string {
  return `${channelId ?? ''}|${eventId ?? ''}|${time ?? ''}`;
}

function identify(message: CamlyticsMessage, receivedAt: number): string {
  const { eventId, type, objectId, ruleId, origin, channelId, channelName, time, ruleName, tree } = message;
  if (eventId !== undefined) return digest(keyOf(message));
  // two metrics that are alike were measured twice
  if (type === undefined) return digest(`${receivedAt} ${JSON.stringify(tree)}`);
  return digest(JSON.stringify([type, objectId, ruleId, origin, channelId, channelName, time, ruleName]));
}

function toTargets({ objectId, origin }: CamlyticsMessage): readonly Target[] {
  const type = targetTypeOf(origin);
  if (objectId === undefined) return type === 'unknown' ? [] : [{ type }];
  return [{ id: objectId, type }];
}

function toRule({ ruleId, ruleName }: CamlyticsMessage, { shape }: Meaning, reading: Reading): Rule | undefined {
  if (ruleId === undefined && ruleName === undefined) return undefined;
  const direction = shape === 'area' ? undefined : directionOf(ruleName, reading.directions);
  return compact<Rule>({ id: ruleId, name: ruleName, shape, direction });
}

function directionOf(name: string | undefined, directions: Directions): 'in' | 'out' | undefined {
  if (name === undefined) return undefined;
  if (isAnyOf(name, directions.in)) return 'in';
  return isAnyOf(name, directions.out) ? 'out' : undefined;
}

/** Whether a name is one of the list, in any letter case; `*` in a name of the list stands for anything. */
export function isAnyOf(name: string, list: readonly string[]): boolean {
  const lower = name.trim().toLowerCase();
  return list.some((entry) => isAlike(lower, entry.toLowerCase()));
}

function isAlike(name: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return name === pattern;
  const last = others.pop() ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

/** Units are not published. */
function toValues({ numbers }: CamlyticsMessage): Readonly<Record<string, Value>> | undefined {
  const entries = Object.entries(numbers);
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}
