/**
 * What the labels of a door event mean. Camio publishes no list: `entry.unlocked` and `entry.ajar.started` are known, and
 * that a label may have a person before it: `3107_entry.unlocked`. The guides speak of tailgating and forced open too.
 */
import type { Category } from '../../event';

export interface DoorMeaning {
  readonly category: Category;
  readonly kind: string;
  readonly state?: 'start' | 'stop';
  readonly access?: 'granted' | 'denied';
}

const stateWords: ReadonlyMap<string, 'start' | 'stop'> = new Map([
  ['started', 'start'],
  ['start', 'start'],
  ['ended', 'stop'],
  ['stopped', 'stop'],
  ['stop', 'stop'],
  ['cleared', 'stop'],
]);

/** The first that one of the labels matches: what alarms goes before what is everyday. */
const meanings: readonly (readonly [form: RegExp, meaning: DoorMeaning, lasts: boolean])[] = [
  [/^(entry|door)\.forced(\.open)?$|^forced\.open$/, { category: 'alarm', kind: 'door-forced' }, true],
  [/^(entry|door)\.ajar$|^ajar$/, { category: 'alarm', kind: 'door-propped' }, true],
  [/^(entry\.)?tailgating$/, { category: 'alarm', kind: 'tailgating' }, true],
  [/^(entry|access)\.denied$/, { category: 'access', kind: 'access-denied', access: 'denied' }, false],
  [/^(entry|access)\.(unlocked|granted)$/, { category: 'access', kind: 'access-granted', access: 'granted' }, false],
  [/^entry\.opened$/, { category: 'door', kind: 'door-open', state: 'start' }, false],
  [/^entry\.closed$/, { category: 'door', kind: 'door-open', state: 'stop' }, false],
];

const unknown: DoorMeaning = { category: 'door', kind: 'door-event' };

export function meaningOfLabels(labels: readonly string[]): DoorMeaning {
  const words = labels.map(toWord);
  for (const [form, meaning, lasts] of meanings) {
    for (const { event, state } of words) {
      if (!form.test(event) || (state !== undefined && !lasts)) continue;
      return state === undefined ? meaning : { ...meaning, state };
    }
  }
  return unknown;
}

/** `sam_rivera_Entry Ajar Started` is the event `entry.ajar` that starts. */
function toWord(label: string): { readonly event: string; readonly state: 'start' | 'stop' | undefined } {
  const last = label.slice(label.lastIndexOf('_') + 1, label.length).slice(0, 80);
  const parts = last
    .toLowerCase()
    .trim()
    .split(/[\s.]+/);
  const state = stateWords.get(parts.at(-1) ?? '');
  return { event: (state === undefined ? parts : parts.slice(0, -1)).join('.'), state };
}
