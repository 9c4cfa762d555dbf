/** The dialog's fields of a camio-account node, read and checked. */
import type { Clock } from '../../src/clock';
import { Pacs, standardUrl, type PacsSettings } from '../../src/vendors/camio/client';
import { isTree } from '../../src/wire/read';
import { readChoice, readNumber, readText } from '../fields';

/**
 * @param timeoutMs in place of what the fields say
 * @throws SetupError `setting-invalid` that names the field
 */
export function openPacs(
  fields: Readonly<Record<string, unknown>>,
  credentials: unknown,
  clock: Clock,
  timeoutMs?: number,
): Pacs {
  const settings: PacsSettings = {
    url: readText(fields.url, 'address') || standardUrl,
    token: readText(isTree(credentials) ? credentials.token : undefined, 'token'),
    devicesName: readChoice(fields.devicesName, 'list of doors', ['devices', 'readers'], 'devices'),
    eventsName: readChoice(fields.eventsName, 'events', ['events', 'event'], 'events'),
    timeoutMs: readNumber(fields.timeoutSeconds, 'wait for an answer', 1, 120, 15) * 1000,
  };
  return new Pacs(timeoutMs === undefined ? settings : { ...settings, timeoutMs }, clock);
}

/** The address as a comparison wants it: the standard one where none is given. */
export function writeUrl(value: unknown): string {
  return ((typeof value === 'string' && value.trim()) || standardUrl).replace(/\/+$/, '');
}
