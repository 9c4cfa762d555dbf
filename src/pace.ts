/** Holds tracking to at most so many positions a second of each target: cameras send seven. */
import type { SecurityEvent, Target } from './event';

/** A target that has not been seen for so long is forgotten. */
const forgottenAfterMs = 10_000;
const capacity = 5000;

export class Pace {
  readonly #lastMs = new Map<string, number>();

  /** The event with the targets that are due; undefined when none is. A post without targets passes. */
  hold(event: SecurityEvent, nowMs: number, ratePerSecond: number): SecurityEvent | undefined {
    if (event.targets.length === 0) return event;
    const due = event.targets.filter((target, index) => this.#isDue(event, target, index, nowMs, 1000 / ratePerSecond));
    this.#forget(nowMs);
    if (due.length === 0) return undefined;
    return due.length === event.targets.length ? event : { ...event, targets: due };
  }

  #isDue(event: SecurityEvent, target: Target, index: number, nowMs: number, intervalMs: number): boolean {
    const key = `${event.device.id} ${event.device.channel ?? ''} ${target.id ?? `#${index}`}`;
    const last = this.#lastMs.get(key);
    if (last !== undefined && nowMs >= last && nowMs - last < intervalMs) return false;
    this.#lastMs.delete(key);
    this.#lastMs.set(key, nowMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [key, last] of this.#lastMs) {
      if (nowMs - last < forgottenAfterMs && this.#lastMs.size <= capacity) return;
      this.#lastMs.delete(key);
    }
  }
}
