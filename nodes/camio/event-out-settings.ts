/** The dialog's fields of a camio-event-out node, read and checked. */
import { splitList } from '../../src/filter';
import { readChoice, readText } from '../fields';

export const actions = ['events', 'devices'] as const;
export type Action = (typeof actions)[number];

export interface EventOutSettings {
  /** `msg`: the message says it. */
  readonly action: Action | 'msg';
  readonly labels: readonly string[];
}

/** @throws SetupError `setting-invalid` that names the field */
export function readEventOutSettings(def: Readonly<Record<string, unknown>>): EventOutSettings {
  return {
    action: readChoice(def.action, 'what to post', [...actions, 'msg'], 'events'),
    labels: splitList(readText(def.labels, 'labels')),
  };
}
