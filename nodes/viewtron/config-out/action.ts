/** What an action of a viewtron-config-out node works with, and what comes of it. */
import type { NodeAPI } from 'node-red';
import type { Device, WriteOptions } from '../../../src/vendors/viewtron/device/device';
import type { Parameters } from './parameters';

/** All that an action has to work with. */
export interface Task {
  readonly RED: NodeAPI;
  readonly device: Device;
  readonly channel: number | undefined;
  readonly parameters: Parameters;
  /** The dialog's fields that have no types. */
  readonly def: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** A text of the node's catalogue. */
export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export interface Result {
  readonly payload: unknown;
  /** In a few words, for the status line. */
  readonly summary: (say: Say) => string;
  /** What a read can also tell: limits, units and enumerations by path. */
  readonly fields?: unknown;
}

export interface Action {
  readonly run: (task: Task) => Promise<Result>;
  /** Reads and then writes: never at the same time as another such. */
  readonly isExclusive?: boolean;
}

export function writeOptions({ channel, def, signal }: Task): WriteOptions {
  return {
    channel,
    signal,
    fractions: def.fractions === true,
    tryOnly: def.tryOnly === true,
    confirm: def.confirm !== false,
  };
}
