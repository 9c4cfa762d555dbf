/** Tells an event that came before: devices send a post again when they did not read the answer. */

/** Ids kept at most: at a hundred events a second that is three minutes. */
const capacity = 20_000;
/** Clocks are put right by less than that all the time. */
const setBackMs = 60_000;

export class Repeats {
  readonly #expiries = new Map<string, number>();

  /** True when the id was seen within the window; remembers it otherwise. */
  isRepeated(id: string, nowMs: number, windowMs: number): boolean {
    const expiry = this.#expiries.get(id);
    // one of a time that is yet to come was seen before the clock was set back: nobody knows how long ago
    if (expiry !== undefined && expiry > nowMs && expiry <= nowMs + windowMs + setBackMs) return true;
    this.#expiries.delete(id);
    this.#expiries.set(id, nowMs + windowMs);
    this.#forget(nowMs);
    return false;
  }

  /** Oldest first: a Map keeps the order in which ids came. */
  #forget(nowMs: number): void {
    for (const [id, expiry] of this.#expiries) {
      if (expiry > nowMs && this.#expiries.size <= capacity) return;
      this.#expiries.delete(id);
    }
  }
}
