/** Requests wait here while the nodes that take them restart, so that a Deploy loses nothing. */
import type { Clock, Timer } from '../clock';
import type { Limits } from './limits';

/** So long may waiting requests keep everything else waiting when they go on. */
const sliceMs = 8;

/** Requests without a body cost something, too. */
const longestQueue = 10_000;

export class Hold {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  limits: Limits;
  #isHolding = false;
  #isReleasing = false;
  #deadline: Timer | undefined;
  #waiting: { readonly bytes: number; readonly goOn: () => void }[] = [];
  #bytes = 0;

  /** @param onOver called when the time is over and the nodes are not back */
  constructor(clock: Clock, limits: Limits, onOver: () => void = () => undefined) {
    this.#clock = clock;
    this.#onOver = onOver;
    this.limits = limits;
  }

  /** Of what waits. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /** Whether a request has to wait. Those that came before it may still be on their way. */
  get isHolding(): boolean {
    return this.#isHolding || this.#isReleasing;
  }

  /** Holds what comes from now on, for `holdMs` at most. */
  begin(): void {
    if (this.limits.holdMs === 0) return;
    this.#isHolding = true;
    this.#deadline?.cancel();
    this.#deadline = this.#clock.after(this.limits.holdMs, () => {
      this.end();
      this.#onOver();
    });
  }

  /** Lets everything go on, in the order in which it came. */
  end(): void {
    this.#isHolding = false;
    this.#deadline?.cancel();
    if (!this.#isReleasing) this.#release();
  }

  /** Keeps a request until it may go on. False where there is no room. */
  keep(bytes: number, goOn: () => void): boolean {
    if (this.#bytes + bytes > this.limits.holdBytes || this.#waiting.length >= longestQueue) return false;
    this.#bytes += bytes;
    this.#waiting.push({ bytes, goOn });
    return true;
  }

  /** In slices: a thousand posts at once would stop the clock for everybody. */
  #release(): void {
    const start = this.#clock.now();
    let count = 0;
    for (const { bytes, goOn } of this.#waiting) {
      if (this.#isHolding || this.#clock.now() - start > sliceMs) break;
      count += 1;
      this.#bytes -= bytes;
      goOn();
    }
    this.#waiting.splice(0, count);
    this.#isReleasing = this.#waiting.length > 0 && !this.#isHolding;
    if (this.#isReleasing) this.#clock.soon(() => this.#release());
  }
}
