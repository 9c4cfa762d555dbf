/** Requests wait here while the nodes that take them restart, so that a Deploy loses nothing. */
import type { Clock, Timer } from '../clock';
import type { Limits } from './limits';

/** So long may waiting requests keep everything else waiting when they go on. */
const sliceMs = 8;

/** Requests without a body cost something, too; of these a caller has half at most, as of the bytes. */
const longestQueue = 10_000;

interface Waiting {
  readonly caller: string;
  readonly bytes: number;
  readonly goOn: () => void;
}

export class Hold {
  readonly #clock: Clock;
  limits: Limits;
  #isHolding = false;
  #isReleasing = false;
  #deadline: Timer | undefined;
  #waiting: Waiting[] = [];
  #bytes = 0;
  readonly #byCaller = new Map<string, { bytes: number; count: number }>();

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
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
    this.#deadline = this.#clock.after(this.limits.holdMs, () => this.end());
  }

  /** Lets everything go on, in the order in which it came. */
  end(): void {
    this.#isHolding = false;
    this.#deadline?.cancel();
    if (!this.#isReleasing) this.#release();
  }

  /** Keeps a request until it may go on. False where there is no room, or its caller has taken half of that. */
  keep(caller: string, bytes: number, goOn: () => void): boolean {
    const own = this.#byCaller.get(caller) ?? { bytes: 0, count: 0 };
    const { holdBytes, bodyBytes } = this.limits;
    if (this.#bytes + bytes > holdBytes || this.#waiting.length >= longestQueue) return false;
    if (own.bytes + bytes > Math.max(holdBytes / 2, bodyBytes) || own.count >= longestQueue / 2) return false;
    own.bytes += bytes;
    own.count += 1;
    this.#byCaller.set(caller, own);
    this.#bytes += bytes;
    this.#waiting.push({ caller, bytes, goOn });
    return true;
  }

  /** In slices: a thousand posts at once would stop the clock for everybody. */
  #release(): void {
    const start = this.#clock.now();
    let count = 0;
    for (const { caller, bytes, goOn } of this.#waiting) {
      if (this.#isHolding || this.#clock.now() - start > sliceMs) break;
      count += 1;
      this.#give(caller, bytes);
      goOn();
    }
    this.#waiting.splice(0, count);
    this.#isReleasing = this.#waiting.length > 0 && !this.#isHolding;
    if (this.#isReleasing) this.#clock.soon(() => this.#release());
  }

  #give(caller: string, bytes: number): void {
    this.#bytes -= bytes;
    const own = this.#byCaller.get(caller);
    if (own === undefined) return;
    own.bytes -= bytes;
    own.count -= 1;
    if (own.count === 0) this.#byCaller.delete(caller);
  }
}
