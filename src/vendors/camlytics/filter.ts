/** Which events a node wants, whichever way they came. */
import type { SecurityEvent, TargetType } from '../../event';
import { isAnyOf } from './events';

export interface EventFilter {
  readonly kinds: ReadonlySet<string>;
  readonly targetTypes: ReadonlySet<TargetType>;
  /** Names and ids, `*` for anything; none: all. */
  readonly channels: readonly string[];
  readonly rules: readonly string[];
}

export type DropReason = 'kind' | 'target type' | 'channel' | 'rule' | 'duplicate' | 'too old';

/** Undefined for an event that passes. */
export function findReason(event: SecurityEvent, filter: EventFilter): DropReason | undefined {
  const { kind, targets, device, rule } = event;
  if (!filter.kinds.has(kind)) return 'kind';
  if (targets.length > 0 && !targets.some(({ type }) => filter.targetTypes.has(type))) return 'target type';
  if (!isWanted([device.id, device.name], filter.channels)) return 'channel';
  return isWanted([rule?.id, rule?.name], filter.rules) ? undefined : 'rule';
}

function isWanted(names: readonly (string | undefined)[], wanted: readonly string[]): boolean {
  return wanted.length === 0 || names.some((name) => name !== undefined && isAnyOf(name, wanted));
}
