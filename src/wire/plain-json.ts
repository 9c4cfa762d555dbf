/** Reads the JSON that services write day and night with `JSON.parse`, and leaves to the general parser whatever is not plain. */
import type { JsonLimits } from './json';

/** Deep copies and merges of other nodes would follow these into the prototypes of the whole process. */
export const dangerousNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const [blank, quote, comma, colon, backslash] = [0x20, 0x22, 0x2c, 0x3a, 0x5c];

/** V8 compares names of more than 16,383 letters letter by letter with all others of their length. */
export const longestName = 1000;

const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The object or array as `parseJson` would give it; undefined where that is to be asked. */
export function readPlainJson(text: string, limits: JsonLimits): object | undefined {
  // told from the text, before anything is made of it: `JSON.parse` makes gigabytes of brackets in brackets
  if (!isWithin(text, limits)) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined; // the general parser says why
  }
  if (typeof found !== 'object' || found === null) return undefined;
  // a name can also be written with escapes, of which only \u makes a letter
  const mayReach = text.includes('proto') || text.includes('constructor') || text.includes('\\u');
  return isPlain(found, mayReach) ? found : undefined;
}

/** Whether a text that is JSON is no deeper than allowed, and holds no more values and names; false too where that is not sure. */
function isWithin(text: string, { depth: deepest, values: most, names }: JsonLimits): boolean {
  let depth = 0;
  // the first value of all, of each object and array, and those behind commas
  let values = 1;
  // of what is open: names so far, and in an array as many below none as there can be values
  const counts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    switch (code) {
      case quote: {
        const end = findQuoteEnd(text, at);
        if (end === -1 || (end - at > longestName && isName(text, end))) return false;
        at = end;
        break;
      }
      case openBracket:
      case openBrace:
        depth += 1;
        values += 1;
        counts[depth] = code === openBrace ? 1 : -most;
        if (depth > deepest || values > most) return false;
        break;
      case closeBracket:
      case closeBrace:
        depth -= 1;
        break;
      case comma: {
        values += 1;
        const count = (counts[depth] ?? 0) + 1;
        counts[depth] = count;
        if (values > most || count > names) return false;
        break;
      }
      default:
    }
  }
  return values <= most;
}

/** Whether a colon follows the quote at which a text ends. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= blank) at += 1;
  return text.charCodeAt(at) === colon;
}

/** The quote at which a text ends that begins at another; -1 where it has none. */
export function findQuoteEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at;
    while (text.charCodeAt(before - 1) === backslash) before -= 1;
    // two backslashes are one that is meant
    if ((at - before) % 2 === 0) return at;
  }
  return -1;
}

/**
 * False for a number that may have been written with more digits than it has, and for a name that reaches into prototypes.
 *
 * @param mayReach whether there can be such a name at all
 */
function isPlain(value: unknown, mayReach: boolean): boolean {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
  }
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    for (const each of value) if (!isPlain(each, mayReach)) return false;
    return true;
  }
  // what `JSON.parse` makes inherits nothing that a loop would meet
  for (const name in value) {
    if ((mayReach && dangerousNames.has(name)) || !isPlain((value as Record<string, unknown>)[name], mayReach))
      return false;
  }
  return true;
}
