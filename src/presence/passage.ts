/** Where a target stands to a line: tells when it has gone through, once, though boxes tremble. */
import type { Point } from '../event';
import { passes, sideOf, type Segment } from './geometry';
import type { Direction } from './shapes';

/** In widths of the picture: nearer to the line nobody has arrived on the other side yet. */
const margin = 0.01;

export class Passage {
  #side: number;
  #last: Point;
  /** Went through between the line's ends, and not back: who walks around an end has not crossed. */
  #isThrough = false;
  #isFresh = true;

  constructor(line: Segment, first: Point) {
    this.#side = signOf(line, first);
    this.#last = first;
  }

  move(line: Segment, to: Point): Direction | undefined {
    if (passes(line, this.#last, to)) this.#isThrough = !this.#isThrough;
    this.#last = to;
    return Math.abs(sideOf(line, to)) < margin ? undefined : this.#settle(signOf(line, to));
  }

  /** A late post tells where the target was before it was first seen: it may have come through the line since. */
  precede(line: Segment, earlier: Point, first: Point): Direction | undefined {
    if (!this.#isFresh) return undefined;
    this.#side = signOf(line, earlier);
    if (passes(line, earlier, first)) this.#isThrough = !this.#isThrough;
    return Math.abs(sideOf(line, this.#last)) < margin ? undefined : this.#settle(signOf(line, this.#last));
  }

  /** The target is gone: a door's line is often the last thing that it is seen at. */
  end(line: Segment): Direction | undefined {
    return this.#settle(signOf(line, this.#last));
  }

  #settle(side: number): Direction | undefined {
    const isCrossed = side !== this.#side && this.#isThrough;
    if (side !== this.#side) this.#isFresh = false;
    this.#side = side;
    this.#isThrough = false;
    if (!isCrossed) return undefined;
    return side > 0 ? 'in' : 'out';
  }
}

function signOf(line: Segment, point: Point): number {
  return sideOf(line, point) > 0 ? 1 : -1;
}
