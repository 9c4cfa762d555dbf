/** A clock for the core that stands still: a test looks at the timers that are set, and lets them go off. */
import type { Clock, Timer } from '../../src/clock';
import { Arrivals } from './http-recorder';

interface SetTimer {
  readonly delayMs: number;
  readonly action: () => void;
}

export class StandingClock implements Clock {
  readonly #timers = new Set<SetTimer>();
  /** Every delay that was ever asked for. */
  readonly delays = new Arrivals<number>();

  now(): number {
    return Date.UTC(2031, 1, 3, 4, 5, 6);
  }

  every(intervalMs: number, action: () => void): Timer {
    return this.after(intervalMs, action);
  }

  after(delayMs: number, action: () => void): Timer {
    const timer = { delayMs, action };
    this.#timers.add(timer);
    this.delays.add(delayMs);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Delays of the timers that are set now. */
  get set(): readonly number[] {
    return [...this.#timers].map(({ delayMs }) => delayMs);
  }

  /** Lets all timers go off that are set now. */
  ring(): void {
    const due = [...this.#timers];
    this.#timers.clear();
    for (const { action } of due) action();
  }
}
