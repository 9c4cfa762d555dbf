/** The dialog's fields of a pdk-webhook-in node, read and checked. */
import type { NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import { splitList } from '../../src/filter';
import type { IntakeSettings } from '../../src/vendors/pdk/intake';
import { isTree } from '../../src/wire/read';
import { readNumber, readText, readVerbatim } from '../fields';
import { accessCredentials, readPath } from '../listener/settings';

export type PdkWebhookInDef = NodeDef & { readonly listener: string } & Readonly<Record<string, unknown>>;

export interface PdkWebhookInSettings extends IntakeSettings {
  readonly path: string;
}

const minuteMs = 60_000;

/** What an exported flow does not hold. */
export const pdkCredentials = {
  ...accessCredentials,
  secret: { type: 'password' },
  previousSecret: { type: 'password' },
} as const;

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readSettings(def: PdkWebhookInDef, credentials: unknown): PdkWebhookInSettings {
  const stored = isTree(credentials) ? credentials : {};
  const secret = readVerbatim(stored.secret, 'secret');
  const previousSecret = readVerbatim(stored.previousSecret, 'previous secret');
  const staleMinutes = readNumber(def.staleMinutes, 'late after', 0, 525_600, 5);
  return {
    path: readPath(def.path),
    trust: { secret, previousSecret, acceptUnsigned: def.acceptUnsigned === true },
    topics: readTopics(def.topics),
    staleAfterMs: staleMinutes === 0 ? Infinity : staleMinutes * minuteMs,
  };
}

/** Absent in a flow that somebody wrote by hand: all. */
function readTopics(value: unknown): readonly string[] {
  if (value === undefined) return ['*'];
  const topics = splitList(readText(value, 'topics'));
  if (topics.length > 0) return topics;
  throw new SetupError('setting-invalid', 'topics: choose at least one, or write * for all', { place: 'topics' });
}
