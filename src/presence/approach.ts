/** Tells when a target comes towards a spot, once until it turns away. */
import type { Point } from '../event';
import { distance } from './geometry';

/** In widths of the picture: who has come nearer by so much means it. */
const tellingWay = 0.1;
/** Of its way, so much must have gone towards the spot: who passes by comes nearer, too. */
const tellingShare = 0.85;

export class Approach {
  #from: Point;
  #isTold = false;
  #nearest = Infinity;

  constructor(first: Point) {
    this.#from = first;
  }

  move(spot: Point, to: Point): boolean {
    const away = distance(to, spot);
    if (this.#isTold) {
      this.#nearest = Math.min(this.#nearest, away);
      if (away > this.#nearest + tellingWay) {
        this.#isTold = false;
        this.#from = to;
      }
      return false;
    }
    const nearer = distance(this.#from, spot) - away;
    if (nearer <= 0) this.#from = to;
    if (nearer < tellingWay) return false;
    if (nearer < tellingShare * distance(this.#from, to)) {
      this.#from = to;
      return false;
    }
    this.#isTold = true;
    this.#nearest = away;
    return true;
  }
}
