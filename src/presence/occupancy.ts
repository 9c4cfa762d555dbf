/** How many are in a zone, or before a camera: when that begins, changes and ends. */

/** From the first who came to the last who went; times of the camera's clock. */
export interface Period {
  readonly sinceMs: number;
  lastMs: number;
  visitors: number;
  longestMs: number;
}

export type Change = 'start' | 'stop' | 'number';

export class Occupancy {
  number = 0;
  /** Undefined while nobody is there. */
  period: Period | undefined;
  isCrowded = false;
  #told = 0;

  enter(ms: number): void {
    this.number += 1;
    this.period ??= { sinceMs: ms, lastMs: ms, visitors: 0, longestMs: 0 };
    this.period.visitors += 1;
  }

  leave(sinceMs: number, lastMs: number): void {
    this.number -= 1;
    if (this.period === undefined) return;
    this.period.lastMs = Math.max(this.period.lastMs, lastMs);
    this.period.longestMs = Math.max(this.period.longestMs, lastMs - sinceMs);
  }

  /** What is to be told since this was asked last: who goes while another comes changes nothing. */
  findChange(): Change | undefined {
    const before = this.#told;
    this.#told = this.number;
    if (before === this.number) return undefined;
    if (before === 0) return 'start';
    return this.number === 0 ? 'stop' : 'number';
  }

  /** To be called when what has changed is told: nobody is there, so the next who comes begins anew. */
  endIfEmpty(): void {
    if (this.number === 0) this.period = undefined;
  }

  shift(ms: number): void {
    if (this.period === undefined) return;
    this.period = { ...this.period, sinceMs: this.period.sinceMs + ms, lastMs: this.period.lastMs + ms };
  }
}
