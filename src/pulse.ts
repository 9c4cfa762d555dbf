/** The interval that a device's heartbeats keep, learned from when they come. */

/** Closer together they are one heartbeat, resent or sent to two addresses: the shortest setting is 10 seconds. */
const burstMs = 8000;
/** Half an hour is the longest setting, and a heartbeat may be late: what takes longer was an absence. */
const longestMs = 33 * 60_000;
const intervalsKept = 5;
/** Two intervals are the same when they differ by less than this part. */
const tolerance = 0.25;

export class Pulse {
  #burstStartMs: number | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #intervalsMs: number[] = [];

  beat(nowMs: number): void {
    const isNew = nowMs - this.#lastMs >= burstMs || this.#burstStartMs === undefined;
    this.#lastMs = nowMs;
    if (!isNew) return;
    const intervalMs = nowMs - (this.#burstStartMs ?? nowMs);
    this.#burstStartMs = nowMs;
    if (intervalMs < burstMs || intervalMs > longestMs) return;
    this.#intervalsMs.push(intervalMs);
    if (this.#intervalsMs.length > intervalsKept) this.#intervalsMs.shift();
  }

  /**
   * The longest interval of late that another agrees with: a heartbeat that is lost or comes early changes nothing, and
   * where several devices beat in turn nobody is missed too soon. The last one counts alone where it is longer, since
   * it may be a new setting. Undefined while no two agree.
   */
  get intervalMs(): number | undefined {
    const sorted = this.#intervalsMs.toSorted((a, b) => b - a);
    const believed = sorted.find((ms, index) => (sorted[index + 1] ?? 0) > ms * (1 - tolerance));
    return believed === undefined ? undefined : Math.max(believed, this.#intervalsMs.at(-1) ?? 0);
  }

  /** The host slept: what lies before moves on with its clock. */
  shift(gapMs: number): void {
    this.#lastMs += gapMs;
    if (this.#burstStartMs !== undefined) this.#burstStartMs += gapMs;
  }
}
