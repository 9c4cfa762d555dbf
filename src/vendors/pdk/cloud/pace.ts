/** How long PDK's cloud asks its callers to wait: rate limits, and what is remembered of them between calls. */
import type { Clock } from '../../../clock';
import type { ClientAnswer } from '../../../http/client';

/** Whatever a server asks for: nobody waits longer than this at a time. */
const mostMs = 60_000;

/**
 * What an answer asks for, in milliseconds; undefined where it asks for nothing. `X-RateLimit-Reset` is a time of the
 * server's clock, so it is compared with the server's own `Date` where there is one.
 */
export function readWaitMs({ status, headers }: ClientAnswer, clock: Clock): number | undefined {
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined && (status === 429 || status === 503)) {
    const ms = /^\s*\d+\s*$/.test(retryAfter)
      ? Number(retryAfter) * 1000
      : Date.parse(retryAfter) - serverNow(headers, clock);
    if (Number.isFinite(ms)) return limit(ms);
  }
  const isSpent = status === 429 || headers['x-ratelimit-remaining']?.trim() === '0';
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (!isSpent || !Number.isFinite(reset)) return undefined;
  return limit(reset * 1000 - serverNow(headers, clock));
}

/** Holds all calls of an account back while the cloud would refuse them. */
export class Pace {
  readonly #clock: Clock;
  #notBeforeMs = 0;
  #notedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(answer: ClientAnswer): void {
    const ms = readWaitMs(answer, this.#clock);
    if (ms === undefined) return;
    const untilMs = this.#clock.now() + ms;
    this.#notBeforeMs = this.waitMs > 0 ? Math.max(this.#notBeforeMs, untilMs) : untilMs;
    this.#notedMs = this.#clock.now();
  }

  /** How long the next call has to wait now. */
  get waitMs(): number {
    // a clock that was set back would hold everybody up until it is as late again
    if (this.#clock.now() < this.#notedMs) return 0;
    return limit(this.#notBeforeMs - this.#clock.now());
  }
}

function serverNow(headers: ClientAnswer['headers'], clock: Clock): number {
  const told = Date.parse(headers.date ?? '');
  return Number.isNaN(told) ? clock.now() : told;
}

function limit(ms: number): number {
  return Math.max(0, Math.min(mostMs, ms));
}
