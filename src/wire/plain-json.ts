/** Reads the JSON that services write day and night with `JSON.parse`, and leaves to the general parser whatever is not plain. */
import type { JsonLimits } from './json';

/** Deep copies and merges of other nodes would follow these into the prototypes of the whole process. */
export const dangerousNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The object or array as `parseJson` would give it; undefined where that is to be asked. The limits hold for what is given:
 * what stands under a name that comes again is thrown away by `JSON.parse`, which itself minds neither depth nor number.
 */
export function readPlainJson(text: string, limits: JsonLimits): object | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined; // the general parser says why
  }
  if (typeof found !== 'object' || found === null) return undefined;
  return new Walk(text, limits).isPlain(found, 1) ? found : undefined;
}

/** Over each value once, for less than a tenth of what `JSON.parse` costs; to tell the same from the text costs half of it. */
class Walk {
  readonly #limits: JsonLimits;
  readonly #mayHoldDangerousNames: boolean;
  #values = 1;

  constructor(text: string, limits: JsonLimits) {
    this.#limits = limits;
    // a name can also be written with escapes, of which only \u makes a letter
    this.#mayHoldDangerousNames = text.includes('proto') || text.includes('constructor') || text.includes('\\u');
  }

  /** False for what is too deep, too much, reaches into prototypes, or may have been written with more digits than it has. */
  isPlain(found: object, depth: number): boolean {
    if (depth > this.#limits.depth) return false;
    if (Array.isArray(found)) {
      this.#values += found.length;
      if (this.#values > this.#limits.values) return false;
      for (const each of found) if (!this.#isPlainValue(each, depth)) return false;
      return true;
    }
    // what `JSON.parse` makes inherits nothing that a loop would meet
    for (const name in found) {
      this.#values += 1;
      if (this.#mayHoldDangerousNames && dangerousNames.has(name)) return false;
      if (!this.#isPlainValue((found as Record<string, unknown>)[name], depth)) return false;
    }
    return this.#values <= this.#limits.values;
  }

  #isPlainValue(value: unknown, depth: number): boolean {
    if (typeof value === 'number') {
      return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
    }
    return typeof value !== 'object' || value === null || this.isPlain(value, depth + 1);
  }
}
