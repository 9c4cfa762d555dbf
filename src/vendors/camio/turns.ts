/** Some at a time, and only so many that wait: a server that is down must not fill the memory. */
import { SecurityEventsError } from '../../errors';

export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws SecurityEventsError `too-much-waiting`, or what the task throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting) {
        const message = `${this.#mostWaiting} posts wait already, so this one was not taken; Camio does not keep up or is down`;
        throw new SecurityEventsError('too-much-waiting', true, message);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      // the turn is handed on, so that nobody slips in between
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
