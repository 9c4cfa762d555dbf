/**
 * Reads the plain XML that devices write day and night: tags, attributes in double quotes, text, CDATA. Ten times faster
 * than the general parser, which gets every document that has anything else in it.
 */
import { depthLimit } from './outline';
import { Patterns } from './pattern-xml';
import type { XmlDocument } from './xml';

/** Longer documents are left to the parser: values cut out of this text keep all of it in memory. */
const longest = 32 * 1024;
/** Tags, attributes and sections. Fewer than the names, steps and words that `effort.ts` allows, so none need be counted apart. */
const mostSteps = 500;
const mostWords = 16;

const [tab, lineFeed, carriageReturn, blank] = [0x09, 0x0a, 0x0d, 0x20];
const [doubleQuote, hyphen, dot, slash, colon] = [0x22, 0x2d, 0x2e, 0x2f, 0x3a];
const [exclamation, lessThan, equals, greaterThan, underscore] = [0x21, 0x3c, 0x3d, 0x3e, 0x5f];
const cdata = { opens: '<![CDATA[', closes: ']]>' };

type Fields = Record<string, unknown>;

const patterns = new Patterns();

/** Names in the tree: to put them together each time costs more than to find them. */
const attributeKeys = new Map<string, string>();
/** Devices have a dozen, of 12 letters at most; a stranger makes up any, and his shall neither stay nor keep theirs out. */
const [keysKept, keyLongest] = [100, 32];

/** The document as `parseXml` would give it; undefined where that is to be asked. */
export function readPlainXml(text: string): XmlDocument | undefined {
  // references are the parser's work
  if (text.length > longest || text.includes('&')) return undefined;
  const alike = patterns.read(text);
  if (alike !== undefined) return alike;
  const start = findRoot(text);
  const document = readFrom(text, start);
  if (document !== undefined) patterns.learn(text, start, (marked) => readFrom(marked, start));
  return document;
}

function readFrom(text: string, start: number): XmlDocument | undefined {
  return start === -1 ? undefined : new PlainReader(text, start).read();
}

/** The root element's `<`, at the beginning or behind an XML declaration; -1 where anything else stands before it. */
export function findRoot(text: string): number {
  const behind = text.startsWith('<?xml ') ? text.indexOf('?>') + '?>'.length : 0;
  if (behind === 1) return -1;
  const start = skipBlanks(text, behind);
  return text.charCodeAt(start) === lessThan ? start : -1;
}

class PlainReader {
  readonly #text: string;
  #at: number;
  /** A declaration may stand before the root. */
  #steps = 1;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  read(): XmlDocument | undefined {
    const tree: Fields = {};
    const isRead = this.#readElement(tree, 1) && skipBlanks(this.#text, this.#at) === this.#text.length;
    const [root] = Object.keys(tree);
    return isRead && root !== undefined ? { root, tree } : undefined;
  }

  /** Reads the element that begins here into its parent. False where it is not plain. */
  #readElement(parent: Fields, depth: number): boolean {
    const nameStart = this.#at + 1;
    const nameEnd = findNameEnd(this.#text, nameStart);
    if (nameEnd === -1 || depth > depthLimit) return false;
    const name = this.#text.slice(nameStart, nameEnd);
    if (name === 'prototype') return false;
    this.#at = nameEnd;
    const attributes = this.#readAttributes();
    if (attributes === undefined) return false;
    const code = this.#text.charCodeAt(this.#at);
    if (code === slash && this.#text.charCodeAt(this.#at + 1) === greaterThan) {
      this.#at += 2;
      return this.#add(parent, name, attributes === none ? '' : attributes);
    }
    if (code !== greaterThan) return false;
    this.#at += 1;
    const value = this.#readContent(name, attributes, depth);
    return value !== undefined && this.#add(parent, name, value);
  }

  /** What stands up to the closing tag, and that tag. */
  #readContent(name: string, attributes: Fields, depth: number): unknown {
    const text = this.#text;
    let children: Fields | undefined;
    for (;;) {
      const from = this.#at;
      const next = text.indexOf('<', from);
      if (next === -1) return undefined;
      this.#at = next;
      const code = text.charCodeAt(next + 1);
      if (code === slash) {
        const words = text.slice(from, next).trim();
        if (!this.#close(name)) return undefined;
        if (children === undefined) return words.includes('\r') ? undefined : withAttributes(words, attributes);
        return words === '' ? Object.assign(children, attributes) : undefined;
      }
      if (skipBlanks(text, from) !== next) return undefined;
      if (code === exclamation) return children === undefined ? this.#readCdata(name, attributes) : undefined;
      children ??= {};
      if (!this.#readElement(children, depth + 1)) return undefined;
    }
  }

  /** A section that is all the text of its element: blanks around it do not count, those in it do. */
  #readCdata(name: string, attributes: Fields): unknown {
    const text = this.#text;
    this.#steps += 1;
    if (!text.startsWith(cdata.opens, this.#at)) return undefined;
    const end = text.indexOf(cdata.closes, this.#at);
    const words = text.slice(this.#at + cdata.opens.length, end);
    this.#at = skipBlanks(text, end + cdata.closes.length);
    if (end === -1 || words.includes('\r') || !this.#close(name)) return undefined;
    return withAttributes(words, attributes);
  }

  #close(name: string): boolean {
    const behind = this.#at + '</'.length + name.length;
    const isClosed =
      this.#text.startsWith('</', this.#at) &&
      this.#text.startsWith(name, this.#at + 2) &&
      this.#text.charCodeAt(behind) === greaterThan;
    this.#at = behind + 1;
    return isClosed;
  }

  /** Under their names in the tree, without name spaces. Undefined for all but ` name="value"`. */
  #readAttributes(): Fields | undefined {
    const text = this.#text;
    let attributes: Fields | undefined;
    let words = 0;
    for (;;) {
      const at = skipBlanks(text, this.#at);
      const code = text.charCodeAt(at);
      if (code === greaterThan || code === slash) {
        this.#at = at;
        return attributes ?? none;
      }
      const nameEnd = findNameEnd(text, at);
      if (at === this.#at || nameEnd === -1 || words === mostWords) return undefined;
      if (text.charCodeAt(nameEnd) !== equals || text.charCodeAt(nameEnd + 1) !== doubleQuote) return undefined;
      const end = text.indexOf('"', nameEnd + 2);
      const value = text.slice(nameEnd + 2, end);
      if (end === -1 || /[<>\t\r\n]/.test(value)) return undefined;
      const name = text.slice(at, nameEnd);
      if (name !== 'xmlns') {
        attributes ??= {};
        attributes[keyOf(name)] = value.trim();
      }
      words += 1;
      this.#steps += 1;
      this.#at = end + 1;
    }
  }

  /** Repeated elements become an array. False for a name that every object has, and where there are too many of all. */
  #add(parent: Fields, name: string, value: unknown): boolean {
    this.#steps += 1;
    const present = parent[name];
    if (typeof present === 'function' || this.#steps > mostSteps) return false;
    if (present === undefined) parent[name] = value;
    else if (Array.isArray(present)) present.push(value);
    else parent[name] = [present, value];
    return true;
  }
}

const none: Fields = {};

function keyOf(name: string): string {
  const key = attributeKeys.get(name);
  if (key !== undefined) return key;
  const made = `@${name}`;
  if (name.length > keyLongest) return made;
  if (attributeKeys.size >= keysKept) attributeKeys.clear();
  // a name of its own: a part of the document would keep all of that in memory
  attributeKeys.set(Buffer.from(name).toString(), made);
  return made;
}

/** Of an element without children. */
function withAttributes(words: string, attributes: Fields): unknown {
  if (attributes === none) return words;
  return words === '' ? attributes : { '#text': words, ...attributes };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== blank && code !== lineFeed && code !== carriageReturn && code !== tab) return at;
    at += 1;
  }
}

/** Behind a name of plain letters; -1 where there is none, or one with a prefix. */
function findNameEnd(text: string, from: number): number {
  const first = text.charCodeAt(from) | 0x20;
  if (first < 0x61 || first > 0x7a) return -1;
  let at = from + 1;
  while (isNameCode(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at) === colon || text.charCodeAt(at) > 0x7f ? -1 : at;
}

function isNameCode(code: number): boolean {
  const letter = code | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === hyphen ||
    code === dot ||
    code === underscore
  );
}
