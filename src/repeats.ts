/** Tells an event that came before: devices send a post again when they did not read the answer. */

/** Ids kept at most: at a hundred events a second that is three minutes. */
const capacity = 20_000;
/** So few that are forgotten may stay until there are more. */
const forgottenKept = 32;
/** Clocks are put right by less than that all the time. */
const setBackMs = 60_000;

export class Repeats {
  readonly #expiries = new Map<string, number>();
  /** As they came, from `#first` on. A Map knows its order too, but to find its first goes over all that were deleted. */
  #order: { readonly id: string; readonly expiry: number }[] = [];
  #first = 0;

  /** True when the id was seen within the window; remembers it otherwise. */
  isRepeated(id: string, nowMs: number, windowMs: number): boolean {
    const known = this.#expiries.get(id);
    // one of a time that is yet to come was seen before the clock was set back: nobody knows how long ago
    if (known !== undefined && known > nowMs && known <= nowMs + windowMs + setBackMs) return true;
    const expiry = nowMs + windowMs;
    this.#expiries.set(id, expiry);
    this.#order.push({ id, expiry });
    this.#forget(nowMs);
    return false;
  }

  /** Oldest first. */
  #forget(nowMs: number): void {
    for (let oldest = this.#order[this.#first]; oldest !== undefined; oldest = this.#order[this.#first]) {
      // where the clock was set back the oldest may stay for long, and others come again behind it
      if (oldest.expiry > nowMs && this.#order.length - this.#first <= capacity) break;
      // it may have come again since
      if (this.#expiries.get(oldest.id) === oldest.expiry) this.#expiries.delete(oldest.id);
      this.#first += 1;
    }
    // what is forgotten must not stay here, nor be moved out one by one
    if (this.#first < forgottenKept || this.#first * 2 < this.#order.length) return;
    this.#order = this.#order.slice(this.#first);
    this.#first = 0;
  }
}
