/** One gate a node: filter, repetitions, pace, and the count of everything it stops. */
import type { SecurityEvent } from './event';
import { findReason, type DropReason, type FilterSettings } from './filter';
import { Pace } from './pace';
import { Repeats } from './repeats';

export interface GateSettings extends FilterSettings {
  /** 0: repetitions pass. */
  readonly repeatWindowMs: number;
  /** Positions a second of each target; Infinity: all. */
  readonly trackingRate: number;
}

export type Verdict =
  { readonly passes: true; readonly event: SecurityEvent } | { readonly passes: false; readonly reason: DropReason };

/** Keeps what must outlive a Deploy: which events came before, and the counts. */
export class Gate {
  readonly #repeats = new Repeats();
  readonly #pace = new Pace();
  readonly dropped: Partial<Record<DropReason, number>> = {};

  /** @param nowMs time of receipt */
  judge(event: SecurityEvent, settings: GateSettings, nowMs: number): Verdict {
    const reason = findReason(event, settings) ?? this.#findRepeat(event, settings, nowMs);
    if (reason !== undefined) return this.#drop(reason);
    if (event.category !== 'track') return { passes: true, event };

    const wanted = event.targets.filter((target) => settings.targetTypes.has(target.type));
    const narrowed = wanted.length === event.targets.length ? event : { ...event, targets: wanted };
    const held = this.#pace.hold(narrowed, nowMs, settings.trackingRate);
    return held === undefined ? this.#drop('tracking rate') : { passes: true, event: held };
  }

  /** Each heartbeat is one of its own. */
  #findRepeat(event: SecurityEvent, settings: GateSettings, nowMs: number): DropReason | undefined {
    if (settings.repeatWindowMs === 0 || event.category === 'heartbeat') return undefined;
    return this.#repeats.isRepeated(event.id, nowMs, settings.repeatWindowMs) ? 'duplicate' : undefined;
  }

  /** Counts what was stopped before it became an event. */
  countDrop(reason: DropReason): void {
    this.#drop(reason);
  }

  #drop(reason: DropReason): Verdict {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
    return { passes: false, reason };
  }
}
