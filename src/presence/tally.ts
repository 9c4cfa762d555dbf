/** How often a line was crossed, each way, by type. */
import type { CountByType, Counts, Crossing, TargetType } from '../event';
import type { Direction } from './shapes';

type ByType = Record<keyof CountByType, number>;

function nothing(): ByType {
  return { person: 0, vehicle: 0, motorcycle: 0 };
}

export class Tally {
  #in = 0;
  #out = 0;
  #enter = nothing();
  #leave = nothing();

  add(direction: Direction, type: TargetType): void {
    if (direction === 'in') this.#in += 1;
    else this.#out += 1;
    const counted = direction === 'in' ? this.#enter : this.#leave;
    if (type === 'person' || type === 'vehicle' || type === 'motorcycle') counted[type] += 1;
  }

  get counts(): Counts {
    return { enter: { ...this.#enter }, leave: { ...this.#leave } };
  }

  get crossing(): Crossing {
    return { in: this.#in, out: this.#out };
  }

  reset(): void {
    this.#in = 0;
    this.#out = 0;
    this.#enter = nothing();
    this.#leave = nothing();
  }
}
