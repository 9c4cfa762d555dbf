/**
 * Reads a document that differs from one before in its words alone, as the posts of a device do: what stands between the
 * words is compared in a few pieces, and nothing of it is read again. Three times as fast as reading plain XML.
 */
import { randomUUID } from 'node:crypto';
import { isTree } from './read';
import type { XmlDocument } from './xml';

/** Each model of camera has one for each number of targets that it follows at a time. */
const mostPatterns = 32;
const mostGaps = 150;
/** Longer documents come seldom, and a pattern keeps all of its text. */
const longest = 8 * 1024;
/**
 * To learn a pattern takes as long as to read some documents. Those that patterns have read pay for it; others, which
 * somebody may have made up, for one in a hundred.
 */
const credit = { most: 64, learning: 4, other: 0.04 };
const cdata = { opens: '<![CDATA[', closes: ']]>' };
/** The words of a device's firmware, the same in each post for years. */
const standing = { opens: '<types>', closes: '</types>' };

/** A place where words stand, behind a piece that is always the same. */
interface Gap {
  readonly before: string;
  /** What ends the words. */
  readonly closes: string;
}

/** How the tree is made again: with new words at some places, and the old value where there are none. */
type Part =
  | { readonly gap: number }
  | { readonly value: unknown }
  | { readonly list: readonly Part[] }
  | { readonly fields: Readonly<Record<string, unknown>>; readonly parts: readonly (readonly [string, Part])[] };

interface Pattern {
  readonly root: string;
  readonly gaps: readonly Gap[];
  /** Behind the last gap. */
  readonly rest: string;
  readonly tree: Part;
}

type Read = (text: string) => XmlDocument | undefined;

export class Patterns {
  /** The one that fitted last comes first. */
  readonly #patterns: Pattern[] = [];
  #credit = credit.most;

  /** The document as the reader that the patterns were learned with would read it; undefined where that is to be asked. */
  read(text: string): XmlDocument | undefined {
    if (text.length > longest) return undefined;
    for (const pattern of this.#patterns) {
      const words = findWords(text, pattern);
      if (words === undefined) continue;
      this.#prefer(pattern);
      this.#earn(1);
      return { root: pattern.root, tree: make(pattern.tree, words) as XmlDocument['tree'] };
    }
    this.#earn(credit.other);
    return undefined;
  }

  /**
   * @param text a document that `read` could read: one without references, mixed content, comments and the like
   * @param start of its root element: what stands before it is the same in each document, whatever it looks like
   */
  learn(text: string, start: number, read: Read): void {
    if (text.length > longest || this.#credit < credit.learning) return;
    this.#credit -= credit.learning;
    const pattern = createPattern(text, start, read);
    if (pattern === undefined) return;
    this.#patterns.unshift(pattern);
    if (this.#patterns.length > mostPatterns) this.#patterns.pop();
  }

  #prefer(pattern: Pattern): void {
    if (pattern === this.#patterns[0]) return;
    this.#patterns.splice(this.#patterns.indexOf(pattern), 1);
    this.#patterns.unshift(pattern);
  }

  #earn(amount: number): void {
    this.#credit = Math.min(this.#credit + amount, credit.most);
  }
}

/** Undefined where the text is not of this pattern, or its words are not as plain as they were. */
function findWords(text: string, { gaps, rest }: Pattern): readonly string[] | undefined {
  const found: string[] = [];
  let at = 0;
  for (const { before, closes } of gaps) {
    const start = at + before.length;
    // `startsWith` takes ten times as long for hundreds of letters
    if (text.slice(at, start) !== before) return undefined;
    at = text.indexOf(closes, start);
    const words = text.slice(start, at);
    if (at === -1 || !isPlain(words, closes)) return undefined;
    found.push(words);
  }
  return text.slice(at) === rest ? found : undefined;
}

/** Blanks around words do not count, unless they stand in a section; ends of lines are written anew. */
function isPlain(words: string, closes: string): boolean {
  if (words === '' || words.includes('\r')) return false;
  return closes === cdata.closes || words.trim().length === words.length;
}

/** @param document of which nothing is kept: pieces of a text keep all of it in memory, and take longer to compare */
function createPattern(document: string, start: number, read: Read): Pattern | undefined {
  const found = findGaps(document, start);
  if (found === undefined || found.gaps.length > mostGaps) return undefined;
  const { gaps, rest } = found;
  const mark = randomUUID();
  const marked = read(gaps.map(({ before }, index) => `${before}${mark} ${index}`).join('') + rest);
  if (marked === undefined) return undefined;
  const seen = new Set<number>();
  const tree = toPart(marked.tree, (words) => {
    if (!words.startsWith(`${mark} `)) return undefined;
    const gap = Number(words.slice(mark.length + 1));
    seen.add(gap);
    return gap;
  });
  return seen.size === gaps.length ? { root: marked.root, gaps, rest, tree } : undefined;
}

function copyText(text: string): string {
  return Buffer.from(text).toString();
}

/**
 * All text and all sections, but for those that are empty, have blanks around them, or say the same for years. Undefined where
 * a tag or a section has no end.
 */
function findGaps(text: string, root: number): Pick<Pattern, 'gaps' | 'rest'> | undefined {
  const gaps: Gap[] = [];
  let kept = 0;
  const add = (start: number, end: number, closes: string): void => {
    if (!isPlain(text.slice(start, end), closes)) return;
    gaps.push({ before: copyText(text.slice(kept, start)), closes });
    kept = end;
  };
  let at = root;
  while (at !== -1) {
    if (text.startsWith(standing.opens, at)) at = Math.max(at, text.indexOf(standing.closes, at));
    const isSection = text.startsWith(cdata.opens, at);
    const behind = isSection ? text.indexOf(cdata.closes, at) : text.indexOf('>', at);
    if (behind === -1) return undefined;
    if (isSection) add(at + cdata.opens.length, behind, cdata.closes);
    at = text.indexOf('<', behind);
    if (!isSection && at !== -1) add(behind + 1, at, '<');
  }
  return { gaps, rest: copyText(text.slice(kept)) };
}

function toPart(value: unknown, findGap: (words: string) => number | undefined): Part {
  if (typeof value === 'string') {
    const gap = findGap(value);
    return gap === undefined ? { value } : { gap };
  }
  if (Array.isArray(value)) {
    const list = value.map((each) => toPart(each, findGap));
    return list.every((part) => 'value' in part) ? { value } : { list };
  }
  if (!isTree(value)) return { value };
  const parts = Object.entries(value)
    .map(([name, each]): [string, Part] => [name, toPart(each, findGap)])
    .filter(([, part]) => !('value' in part));
  return parts.length === 0 ? { value } : { fields: value, parts };
}

function make(part: Part, words: readonly string[]): unknown {
  if ('gap' in part) return words[part.gap];
  if ('value' in part) return part.value;
  if ('list' in part) return part.list.map((each) => make(each, words));
  const made: Record<string, unknown> = { ...part.fields };
  for (const [name, each] of part.parts) made[name] = make(each, words);
  return made;
}
