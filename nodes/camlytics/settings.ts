/** The dialogs' fields of the Camlytics nodes, read and checked. */
import type { NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import { targetTypes, type TargetType } from '../../src/event';
import { splitList } from '../../src/filter';
import type { EventFilter } from '../../src/vendors/camlytics/filter';
import type { IntakeSettings } from '../../src/vendors/camlytics/intake';
import { kinds } from '../../src/vendors/camlytics/kinds';
import type { PolledSettings } from '../../src/vendors/camlytics/polled';
import type { PollSettings } from '../../src/vendors/camlytics/poller';
import { readChoice, readChoices, readInteger, readNumber, readText, readTimeZone } from '../fields';

type Fields = Readonly<Record<string, unknown>>;

export type CamlyticsPollDef = NodeDef & { readonly server: string } & Fields;
export type CamlyticsWebhookInDef = NodeDef & { readonly listener: string } & Fields;

export interface CamlyticsPollSettings {
  readonly poll: PollSettings;
  readonly polled: Omit<PolledSettings, 'timeZone'>;
  /** Name of a context store; empty: the default one. */
  readonly store: string;
}

export interface CamlyticsWebhookInSettings extends IntakeSettings {
  readonly path: string;
}

const minuteMs = 60_000;
const classes: readonly TargetType[] = targetTypes.filter((type) => ['person', 'vehicle', 'unknown'].includes(type));
const ofChannel = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readPollSettings(def: CamlyticsPollDef): CamlyticsPollSettings {
  const filter = readFilter(def);
  const [only, another] = filter.channels;
  const maxAgeMinutes = readNumber(def.maxAgeMinutes, 'no older than', 0, 525_600, 0);
  return {
    poll: {
      start: readChoice(def.start, 'start', ['resume', 'new', 'all'], 'resume'),
      // a name is not sent: the server knows ids
      channelId: only !== undefined && another === undefined && ofChannel.test(only) ? only : undefined,
      pageSize: readInteger(def.pageSize, 'events of one answer', 1, 1000, 100),
      waitSeconds: readInteger(def.waitSeconds, 'wait', 5, 30, 20),
    },
    polled: {
      ...filter,
      directions: readDirections(def),
      maxAgeMs: maxAgeMinutes === 0 ? Infinity : maxAgeMinutes * minuteMs,
      health: def.health !== false,
    },
    store: readText(def.store, 'context store'),
  };
}

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readWebhookSettings(def: CamlyticsWebhookInDef): CamlyticsWebhookInSettings {
  return {
    ...readFilter(def),
    directions: readDirections(def),
    path: readPath(def.path),
    timeZone: readTimeZone(def.timeZone),
    repeatWindowMs: readNumber(def.dedupeSeconds, 'window for repetitions', 0, 3600, 5) * 1000,
  };
}

function readFilter(def: Fields): EventFilter {
  return {
    kinds: new Set(readChoices(def.kinds, kinds, kinds)),
    targetTypes: new Set(readChoices(def.targetTypes, classes, classes)),
    channels: splitList(readText(def.channels, 'channels')),
    rules: splitList(readText(def.rules, 'rules')),
  };
}

function readDirections(def: Fields): PolledSettings['directions'] {
  return {
    in: splitList(readText(def.rulesIn, 'rules for in', 'Enter')),
    out: splitList(readText(def.rulesOut, 'rules for out', 'Exit')),
  };
}

function readPath(value: unknown): string {
  const path = readText(value, 'path');
  if (/^\/[^\s?#*]+$/.test(path)) return path;
  throw new SetupError('setting-invalid', `path must begin with / and hold no blanks, ?, # or *; it is "${path}"`, {
    place: 'path',
  });
}
