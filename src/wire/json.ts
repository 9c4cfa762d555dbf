/**
 * JSON bytes to an unknown tree, or one error that names the place. Stricter than `JSON.parse` where that is careless with
 * what strangers send: depth and number of values are bounded, names that reach into prototypes are left out, and a number
 * that JavaScript cannot hold exactly stays the text that it was.
 */
import { WireError } from '../errors';
import { dangerousNames, readPlainJson } from './plain-json';

export interface JsonLimits {
  /** Of objects and arrays in one another. */
  readonly depth: number;
  /** Objects, arrays, texts, numbers, all counted. */
  readonly values: number;
}

export const standardJsonLimits: JsonLimits = { depth: 64, values: 50_000 };

const utf8 = new TextDecoder();
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Up to a quote, a backslash or a control character. */
const plainText = /[ !#-[\]-\u{10ffff}]*/uy;
const blanks = /[ \t\r\n]*/y;
const words: readonly (readonly [word: string, value: boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

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
    this.#enter('');
    if (!this.#takes('}')) {
      do {
        if (this.#text[this.#at] !== '"') this.#fail('a name in quotes is expected');
        const name = this.#string();
        this.#path[this.#path.length - 1] = name;
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

  #string(): string {
    this.#at += 1;
    let found = this.#match(plainText);
    while (this.#text[this.#at] === '\\') {
      found += this.#escape();
      found += this.#match(plainText);
    }
    if (this.#text[this.#at] !== '"') {
      this.#fail(this.#at < this.#text.length ? 'a text has a control character in it' : 'a text has no end');
    }
    this.#at += 1;
    return found;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    const hex = this.#text.slice(this.#at + 2, this.#at + 6);
    if (letter === 'u' && /^[0-9a-f]{4}$/i.test(hex)) {
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const meant = escapes.get(letter);
    if (meant === undefined) this.#fail('a backslash is followed by what it cannot be');
    this.#at += 2;
    return meant;
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

/** `body.details[3]`, with names short enough to be read. */
function writePath(path: readonly (string | number)[]): string {
  const steps = path.slice(0, 8).map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return step === '' ? '' : `.${step.slice(0, 40)}`;
  });
  return `${steps.join('').replace(/^\./, '') || 'the whole'}${path.length > 8 ? ' ...' : ''}`;
}
