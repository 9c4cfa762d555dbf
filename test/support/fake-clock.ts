/** The product's clock with hands that a test turns: timers fire in their order, and nobody waits. */
import type { Clock, Timer } from '../../src/clock';

interface Alarm {
  atMs: number;
  readonly everyMs?: number;
  readonly action: () => void;
}

export class FakeClock implements Clock {
  #nowMs: number;
  readonly #alarms = new Set<Alarm>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Timers that are set: 0 after everything was closed, or one was left behind. */
  get running(): number {
    return this.#alarms.size;
  }

  every(intervalMs: number, action: () => void): Timer {
    return this.#set({ atMs: this.#nowMs + intervalMs, everyMs: intervalMs, action });
  }

  after(delayMs: number, action: () => void): Timer {
    return this.#set({ atMs: this.#nowMs + delayMs, action });
  }

  soon(action: () => void): void {
    this.after(0, action);
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#nextBefore(endMs); next !== undefined; next = this.#nextBefore(endMs)) {
      this.#nowMs = next.atMs;
      if (next.everyMs === undefined) this.#alarms.delete(next);
      else next.atMs += next.everyMs;
      next.action();
    }
    // an action may have turned the hands further
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** The time of day is set back; timers are not moved by that. */
  setBack(ms: number): void {
    this.#nowMs -= ms;
    for (const alarm of this.#alarms) alarm.atMs -= ms;
  }

  #set(alarm: Alarm): Timer {
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm) };
  }

  #nextBefore(endMs: number): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.atMs <= endMs && (next === undefined || alarm.atMs < next.atMs)) next = alarm;
    }
    return next;
  }
}
