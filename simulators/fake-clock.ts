/** A clock whose hands a test turns: nobody sleeps for real, and every post has an exact time. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from './clock';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(startMs = Date.UTC(2031, 1, 3, 4, 5, 6)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleep: 0 after everything was closed, or a timer was left behind. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /**
   * Moves time on by `ms`, waking sleepers in their order. `settle` waits for what real sockets still have to do,
   * usually `() => camera.idle()`; it is awaited before the hands move again, so arrival times are exact.
   */
  async advance(ms: number, settle: () => Promise<void> = async () => {}): Promise<void> {
    const end = this.#now + ms;
    await this.#rest(settle);
    for (let next = this.#earliest(end); next !== undefined; next = this.#earliest(end)) {
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await this.#rest(settle);
    }
    this.#now = end;
  }

  #earliest(end: number): Sleeper | undefined {
    let earliest: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at <= end && (earliest === undefined || sleeper.at < earliest.at)) earliest = sleeper;
    }
    return earliest;
  }

  // Woken code runs in promise steps and asks for sockets; a turn of the event loop on both sides lets it come to rest.
  async #rest(settle: () => Promise<void>): Promise<void> {
    await turn();
    await settle();
    await turn();
  }
}
