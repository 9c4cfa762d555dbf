/** Camlytics' words and what they mean here (reference 5). The list is open: what is not in it is passed on as it came. */
import type { Category, TargetType } from '../../event';

export interface Meaning {
  readonly category: Category;
  readonly kind: string;
  /** Of what lasts: the word that ends it has the same kind. */
  readonly state?: 'start' | 'stop';
  /** What raises it, where that is a line or a zone and not the whole scene. */
  readonly shape?: 'line' | 'area';
}

const meanings = new Map<string, Meaning>();

function define(meaning: Meaning, ...words: readonly string[]): void {
  for (const word of words) meanings.set(toKey(word), meaning);
}

define({ category: 'object', kind: 'object-present', state: 'start' }, 'ObjectAppear');
define({ category: 'object', kind: 'object-present', state: 'stop' }, 'ObjectDisappear');
define(
  { category: 'motion', kind: 'motion-detected', state: 'start', shape: 'area' },
  'MotionInRegionOn',
  'Motion started',
  'Motion within region',
  'Motion detected',
);
define(
  { category: 'motion', kind: 'motion-detected', state: 'stop', shape: 'area' },
  'MotionInRegionOff',
  'Motion stopped',
);
define(
  { category: 'intrusion', kind: 'line-crossed', shape: 'line' },
  'TripwireCrossed',
  'Crossed line',
  'Line crossed',
  'Tripwire crossed',
);
define({ category: 'intrusion', kind: 'tailgating', shape: 'line' }, 'Tailgating');
define({ category: 'intrusion', kind: 'loitering', shape: 'area' }, 'Loitering', 'Object dwell');
define({ category: 'intrusion', kind: 'crowd-gathering', state: 'start', shape: 'area' }, 'CrowdOn', 'Crowd appear');
define({ category: 'tamper', kind: 'camera-obstructed' }, 'Sabotage', 'Camera obstructed');
// the tokens of these are not published (reference 5.1); their display names are
define({ category: 'intrusion', kind: 'crowd-gathering', state: 'stop', shape: 'area' }, 'CrowdOff');
define({ category: 'intrusion', kind: 'area-entered', shape: 'area' }, 'Zone joined', 'Join region');
define({ category: 'intrusion', kind: 'area-left', shape: 'area' }, 'Zone left', 'Leave region');

const unknown: Meaning = { category: 'other', kind: 'unknown' };

/** Kinds that a node may choose among; `unknown` stands for every word that is not explained yet. */
export const kinds = [...new Set([...meanings.values()].map(({ kind }) => kind)), unknown.kind, 'metric'] as const;

/** `CrowdOn`, `crowd_on`, `Crowd on`. */
export function meaningOf(word: string): Meaning {
  return meanings.get(toKey(word)) ?? unknown;
}

/** The public drop-down of another product has two typing errors in it; the cloud page speaks of humans (reference 5.2). */
const classes: ReadonlyMap<string, TargetType> = new Map([
  ['pedestrian', 'person'],
  ['pedestrians', 'person'],
  ['human', 'person'],
  ['person', 'person'],
  ['vehicle', 'vehicle'],
  ['vehicles', 'vehicle'],
  ['car', 'vehicle'],
]);

export function targetTypeOf(origin: string | undefined): TargetType {
  return classes.get(origin?.toLowerCase() ?? '') ?? 'unknown';
}

function toKey(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}
