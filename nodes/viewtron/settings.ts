/** The dialog's fields of a viewtron-in node, read and checked. */
import type { NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import { categories, targetTypes, type Category } from '../../src/event';
import { splitList } from '../../src/filter';
import { anyPath } from '../../src/http/routes';
import type { IntakeSettings } from '../../src/intake';
import { readChoice, readChoices, readNumber, readText, readTimeZone } from '../fields';

export type ViewtronInDef = NodeDef & { readonly listener: string } & Readonly<Record<string, unknown>>;

export interface ViewtronInSettings extends IntakeSettings {
  readonly path: string;
  /** Category of each output; undefined: one output for all. */
  readonly outputs: readonly Category[] | undefined;
}

const detections: readonly Category[] = [
  'plate',
  'face',
  'intrusion',
  'counting',
  'object',
  'motion',
  'tamper',
  'alarm',
  'health',
  'other',
];

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readSettings(def: ViewtronInDef): ViewtronInSettings {
  const tracking = readChoice(def.tracking, 'tracking', ['all', 'rate', 'none'], 'rate');
  const watchMisses = readNumber(def.watchMisses, 'heartbeats missed', 0, 1000, 3);
  const passed = new Set<Category>(readChoices(def.categories, detections, detections));
  if (def.heartbeats === true) passed.add('heartbeat');
  if (tracking !== 'none') passed.add('track');

  const outputs = def.split === true ? readOutputs(def.outputCategories) : undefined;
  const hasOutput = (category: Category): boolean => outputs === undefined || outputs.includes(category);
  return {
    path: readPath(def.path),
    outputs,
    // what has no output is dropped and counted, not sent to nowhere
    categories: new Set([...passed].filter(hasOutput)),
    alarmStates: def.alarmStates !== false && hasOutput('alarm'),
    silences: watchMisses > 0 && hasOutput('health'),
    targetTypes: new Set(readChoices(def.targetTypes, targetTypes, targetTypes)),
    cameras: splitList(readText(def.cameras, 'cameras')),
    plateLists: splitList(readText(def.plateLists, 'lists')),
    minConfidence: readNumber(def.minConfidence, 'minimum confidence', 0, 100, 0),
    direction: readChoice<'' | 'approach' | 'away'>(def.direction, 'direction', ['', 'approach', 'away'], ''),
    repeatWindowMs: readNumber(def.dedupeSeconds, 'window for repetitions', 0, 86_400, 60) * 1000,
    trackingRate: tracking === 'rate' ? readNumber(def.trackingRate, 'tracking rate', 0.1, 25, 2) : Infinity,
    watchMisses,
    pictures: readChoice(def.pictures, 'pictures', ['none', 'buffer', 'base64', 'data-url'], 'buffer'),
    timeZone: readTimeZone(def.timeZone),
    dateOrder: readChoice(def.dateOrder, 'date order', ['month-first', 'day-first'], 'month-first'),
  };
}

function readPath(value: unknown): string {
  const path = readText(value, 'path', '/API');
  if (path === anyPath || (path.startsWith('/') && !/[\s?#]/.test(path))) return path;
  throw new SetupError(
    'setting-invalid',
    `path must begin with / and hold no blanks, ? or #, or be *; it is "${path}"`,
    {
      place: 'path',
    },
  );
}

/** In the order in which they were saved: wires hang on it. */
function readOutputs(value: unknown): readonly Category[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((name: unknown) => categories.filter((category) => category === name));
}
