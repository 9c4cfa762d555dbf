/**
 * A camera's own clock, as its posts show it. Posts come late and out of order, so what they tell is ordered by the time
 * that they carry; but clocks are set anew and drift (25 s were seen), and then old and new times must not be mixed.
 */

/** A post that is off by more is no late one: the clock was set, or the connection stood still for as long. */
const stepMs = 10_000;
/** So many in a row with the same new offset are believed; one alone may be a post that was sent again much later. */
const believedAfter = 3;
const agreeingMs = 2000;
/** After such a silence the first post is believed. */
const silentMs = 30_000;

export class Timeline {
  /** Time of receipt less time of the post. */
  #offsetMs: number;
  #heardMs: number;
  #strange: { offsetMs: number; count: number } | undefined;

  constructor(postMs: number, nowMs: number) {
    this.#offsetMs = nowMs - postMs;
    this.#heardMs = nowMs;
  }

  /**
   * How far all times known so far must be moved to be of the post's clock: 0 but where the clock was set. Undefined: the
   * post is from another time than its neighbours, and is passed over.
   */
  place(postMs: number, nowMs: number): number | undefined {
    const offsetMs = nowMs - postMs;
    const isStep = Math.abs(offsetMs - this.#offsetMs) > stepMs;
    if (isStep && nowMs - this.#heardMs < silentMs && !this.#isBelieved(offsetMs)) return undefined;
    const shiftMs = isStep ? this.#offsetMs - offsetMs : 0;
    this.#strange = undefined;
    this.#offsetMs = offsetMs;
    this.#heardMs = nowMs;
    return shiftMs;
  }

  #isBelieved(offsetMs: number): boolean {
    const before = this.#strange;
    const agrees = before !== undefined && Math.abs(before.offsetMs - offsetMs) <= agreeingMs;
    this.#strange = { offsetMs, count: agrees ? before.count + 1 : 1 };
    return this.#strange.count >= believedAfter;
  }
}
