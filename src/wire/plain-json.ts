/** Reads the JSON that services write day and night with `JSON.parse`, and leaves to the general parser whatever is not plain. */
import type { JsonLimits } from './json';

/** Deep copies and merges of other nodes would follow these into the prototypes of the whole process. */
export const dangerousNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The object or array as `parseJson` would give it; undefined where that is to be asked. */
export function readPlainJson(text: string, limits: JsonLimits): object | undefined {
  // no two values are shorter than three characters, and nothing is deeper than it has brackets: `JSON.parse` hides what
  // stands under a name that comes twice, so neither can be counted in what it gives
  if (text.length >= 2 * limits.values || hasMoreBrackets(text, limits.depth)) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined; // the general parser says why
  }
  return typeof found === 'object' && found !== null && isPlain(found) ? found : undefined;
}

function hasMoreBrackets(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
}

/** False for a name that reaches into prototypes, and for a number that may have been written with more digits than it has. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(([name, each]) => !dangerousNames.has(name) && isPlain(each));
}
