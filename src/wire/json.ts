/**
 * JSON bytes to an unknown tree, or one error that names the place. Stricter than `JSON.parse` where that is careless with
 * what strangers send: depth and number of values are bounded, names that reach into prototypes are left out, and a number
 * that JavaScript cannot hold exactly stays the text that it was.
 */
import { WireError } from '../errors';
import { dangerousNames, findQuoteEnd, longestName, readPlainJson } from './plain-json';

export interface JsonLimits {
  /** Of objects and arrays in one another. */
  readonly depth: number;
  /** Objects, arrays, texts, numbers, all counted. */
  readonly values: number;
  /** In one object: whoever looks for one in other letters goes over all of them. */
  readonly names: number;
}

export const standardJsonLimits: JsonLimits = { depth: 64, values: 50_000, names: 1000 };

const utf8 = new TextDecoder();
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const blanks = /[ \t\r\n]*/y;
const words: readonly (readonly [word: string, value: boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const [blank, backslash, letterU] = [0x20, 0x5c, 0x75];
/** What may stand behind a backslash, beside `u`. */
const escaped: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/** @throws WireError `json-empty`, `json-malformed`, `json-too-deep`, `json-too-many` */
export function parseJson(bytes: Buffer, limits: JsonLimits = standardJsonLimits): unknown {
  // a byte order mark is left out; what is not UTF-8 becomes U+FFFD, and the rest is read all the same
  const text = utf8.decode(bytes);
  return readPlainJson(text, limits) ?? parseAnyJson(text, limits);
}

/** The general way: what {@link parseJson} does with a text that is not plain, and would do with any other. */
export function parseAnyJson(text: string, limits: JsonLimits = standardJsonLimits): unknown {
  return new Parser(text, limits).parse();
}

class Parser {
  readonly #text: string;
  readonly #limits: JsonLimits;
  /** Names and numbers of what is being read, outermost first. */
  readonly #path: (string | number)[] = [];
  #at = 0;
  #values = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  parse(): unknown {
    this.#match(blanks);
    if (this.#at === this.#text.length) this.#fail('nothing is in it', 'json-empty');
    const value = this.#value();
    this.#match(blanks);
    if (this.#at < this.#text.length) this.#fail('something follows its end');
    return value;
  }

  #value(): unknown {
    this.#values += 1;
    if (this.#values > this.#limits.values)
      this.#fail(`it has more than ${this.#limits.values} values`, 'json-too-many');
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#numberOrWord();
    }
  }

  #object(): unknown {
    const found: Record<string, unknown> = {};
    let names = 0;
    this.#enter('');
    if (!this.#takes('}')) {
      do {
        if (this.#text[this.#at] !== '"') this.#fail('a name in quotes is expected');
        const name = this.#string();
        this.#path[this.#path.length - 1] = name;
        names += 1;
        if (name.length > longestName) this.#fail(`a name has more than ${longestName} letters`, 'json-too-many');
        if (names > this.#limits.names)
          this.#fail(`an object has more than ${this.#limits.names} names`, 'json-too-many');
        this.#match(blanks);
        if (!this.#takes(':')) this.#fail('a colon is expected');
        const value = this.#value();
        if (!dangerousNames.has(name)) found[name] = value;
        this.#match(blanks);
      } while (this.#takes(','));
      if (!this.#takes('}')) this.#fail('a comma or } is expected');
    }
    this.#path.pop();
    return found;
  }

  #array(): unknown {
    const found: unknown[] = [];
    this.#enter(0);
    if (!this.#takes(']')) {
      do {
        this.#path[this.#path.length - 1] = found.length;
        found.push(this.#value());
        this.#match(blanks);
      } while (this.#takes(','));
      if (!this.#takes(']')) this.#fail('a comma or ] is expected');
    }
    this.#path.pop();
    return found;
  }

  /** Many escapes cost no more than many letters: the text is made in one piece, and the place of a fault is found without it. */
  #string(): string {
    const start = this.#at;
    const end = findQuoteEnd(this.#text, start);
    this.#at = this.#findFault(start + 1, end === -1 ? this.#text.length : end);
    if (end === -1 || this.#at < end) this.#fail(this.#faultOfText());
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  /** Where a text has what none can have; its end, where it has nothing of that. */
  #findFault(start: number, end: number): number {
    const text = this.#text;
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code < blank) return at;
      if (code !== backslash) continue;
      const isLetter = text.charCodeAt(at + 1) === letterU;
      if (isLetter ? !isHex(text, at + 2) : !escaped.has(text.charCodeAt(at + 1))) return at;
      at += isLetter ? 5 : 1;
    }
    return end;
  }

  #faultOfText(): string {
    if (this.#at === this.#text.length) return 'a text has no end';
    return this.#text.charCodeAt(this.#at) === backslash
      ? 'a backslash is followed by what it cannot be'
      : 'a text has a control character in it';
  }

  #numberOrWord(): unknown {
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const text = this.#match(number);
    if (text === '') this.#fail('a value is expected');
    const found = Number(text);
    const isExact = Number.isSafeInteger(found) || (Number.isFinite(found) && !/^-?\d+$/.test(text));
    return isExact ? found : text;
  }

  #enter(step: string | number): void {
    this.#path.push(step);
    if (this.#path.length > this.#limits.depth) {
      this.#fail(`it is more than ${this.#limits.depth} levels deep`, 'json-too-deep');
    }
    this.#at += 1;
    this.#match(blanks);
  }

  /** Goes over the character and the blanks behind it, where it is the one. */
  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    // blanks behind the last bracket belong to whoever has opened the one around it
    if (character === ',' || character === ':') this.#match(blanks);
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #fail(reason: string, code = 'json-malformed'): never {
    const place = `${writePath(this.#path)} at character ${this.#at + 1}`;
    throw new WireError(code, `the body cannot be read as JSON: ${reason} (${place})`, { place });
  }
}

/** Whether four hexadecimal digits stand there. */
function isHex(text: string, start: number): boolean {
  for (let at = start; at < start + 4; at += 1) {
    const code = text.charCodeAt(at);
    const letter = code | 0x20;
    if (!(code >= 0x30 && code <= 0x39) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}

/** `body.details[3]`, with names short enough to be read. */
function writePath(path: readonly (string | number)[]): string {
  const steps = path.slice(0, 8).map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return step === '' ? '' : `.${step.slice(0, 40)}`;
  });
  return `${steps.join('').replace(/^\./, '') || 'the whole'}${path.length > 8 ? ' ...' : ''}`;
}
