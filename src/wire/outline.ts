/** Finds the root element and refuses what the parser should not see: broken, hostile or endless documents. */
import { WireError } from '../errors';
import { Effort } from './effort';

/** Deeper than any device nests (9 levels seen); a bound for hostile input. */
export const depthLimit = 32;

/** Names that would reach an object's prototype. */
const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype']);

export interface Outline {
  readonly start: number;
  readonly end: number;
  readonly root: string;
}

/**
 * Walks over the tags once: fast-xml-parser takes unclosed and crossed tags for good, so what is refused is told here,
 * with its place, before it runs. Text before and after the root element is passed over.
 *
 * @throws WireError `xml-not-xml`, `xml-not-well-formed`, `xml-doctype`, `xml-too-deep`, `xml-too-big`, `xml-bad-name`
 */
export function outline(text: string): Outline {
  const open: string[] = [];
  const effort = new Effort();
  const place = (): string => pathOf(open);
  let start = -1;
  let end = -1;
  let root = '';
  let at = text.indexOf('<');
  while (at !== -1) {
    const next = text.charCodeAt(at + 1);
    if (next === 0x3f) {
      effort.spend(1, place);
      at = skip(text, at, '?>', open, 'processing instruction');
    } else if (next === 0x21) {
      effort.spend(1, place);
      at = skipDeclared(text, at, open);
    } else if (next === 0x2f) {
      const close = findClose(text, at, open);
      const name = text.slice(at + 2, close).trim();
      const opened = open.pop();
      if (opened === undefined) throw malformed(`</${shorten(name)}> closes nothing`, open);
      // letter case may differ: tags are matched without regard to it everywhere
      if (opened !== name && opened.toLowerCase() !== name.toLowerCase()) {
        open.push(opened);
        throw malformed(`</${shorten(name)}> closes <${shorten(opened)}>`, open);
      }
      if (open.length === 0) end = close + 1;
      at = close;
    } else {
      const tag = readTag(text, at, open);
      effort.spendTag(tag.name, tag.words, place);
      if (end !== -1) throw malformed(`<${shorten(tag.name)}> stands behind the end of <${shorten(root)}>`, open);
      if (start === -1) {
        start = at;
        root = localName(tag.name);
      }
      if (!tag.closed) {
        open.push(tag.name);
        if (open.length > depthLimit) {
          throw new WireError('xml-too-deep', `elements are nested more than ${depthLimit} deep`, {
            place: pathOf(open),
          });
        }
      } else if (open.length === 0) {
        end = tag.end + 1;
      }
      at = tag.end;
    }
    at = text.indexOf('<', at);
  }
  if (start === -1) {
    throw new WireError('xml-not-xml', `not XML: the post begins with "${shorten(text.trimStart())}"`, {
      place: 'byte 0',
    });
  }
  if (end === -1) throw malformed('the post ends before it is closed; was it cut off?', open);
  effort.spendReferences(text.slice(start, end), place);
  return { start, end, root };
}

interface Tag {
  readonly name: string;
  readonly end: number;
  readonly closed: boolean;
  readonly words: number;
}

function readTag(text: string, at: number, open: readonly string[]): Tag {
  const { end, words } = findTagEnd(text, at + 1);
  if (end === -1) throw malformed(`a tag is not closed: "${shorten(text.slice(at))}"`, open);
  let nameEnd = at + 1;
  while (nameEnd < end && !isNameEnd(text.charCodeAt(nameEnd))) nameEnd += 1;
  const name = text.slice(at + 1, nameEnd);
  if (!/^[\p{L}_:]/u.test(name) || localName(name) === '')
    throw malformed(`"<${shorten(text.slice(at + 1))}" is no tag`, open);
  if (forbiddenNames.has(localName(name))) {
    throw new WireError('xml-bad-name', `an element is named "${localName(name)}", which is not accepted`, {
      place: pathOf(open),
    });
  }
  return { name, end, closed: text.charCodeAt(end - 1) === 0x2f, words };
}

function isNameEnd(code: number): boolean {
  return code === 0x2f || code === 0x3e || code <= 0x20;
}

/**
 * The `>` of a tag, and how many words stand behind its name. A `>` in quotes does not count. Words in quotes do, but for the
 * first of a value: where a quote stands that no value begins with, the parser takes what is in it for more attributes.
 */
function findTagEnd(text: string, from: number): { readonly end: number; readonly words: number } {
  let words = 0;
  let quoted = 0;
  let isBetween = false;
  let hasName = false;
  let before = 0;
  const last = text.indexOf('>', from) === -1 ? from : text.length;
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3e && quoted === 0) return { end: at, words };
    const opens = quoted === 0 && (code === 0x22 || code === 0x27);
    if (opens && hasName && before === 0x3d) {
      hasName = false;
    } else if (isBetween && code > 0x20 && code !== 0x3d && code !== 0x2f) {
      words += 1;
      hasName = true;
    }
    isBetween = code <= 0x20 || code === 0x3d || code === quoted;
    if (opens) quoted = code;
    else if (code === quoted) quoted = 0;
    if (code > 0x20) before = code;
  }
  return { end: -1, words };
}

function findClose(text: string, at: number, open: readonly string[]): number {
  const close = text.indexOf('>', at);
  if (close === -1) throw malformed('the post ends inside a closing tag; was it cut off?', open);
  return close;
}

function skipDeclared(text: string, at: number, open: readonly string[]): number {
  if (text.startsWith('<!--', at)) return skip(text, at + 2, '-->', open, 'comment');
  if (text.startsWith('<![CDATA[', at)) return skip(text, at, ']]>', open, 'CDATA section');
  if ('<!--'.startsWith(text.slice(at)) || '<![CDATA['.startsWith(text.slice(at)))
    throw malformed('the post ends inside a tag; was it cut off?', open);
  throw new WireError('xml-doctype', 'document type declarations are not accepted: no device sends one', {
    place: pathOf(open),
  });
}

function skip(text: string, at: number, mark: string, open: readonly string[], what: string): number {
  const end = text.indexOf(mark, at + 2);
  if (end === -1) throw malformed(`a ${what} is not closed; was the post cut off?`, open);
  return end;
}

function malformed(what: string, open: readonly string[]): WireError {
  return new WireError('xml-not-well-formed', `not well-formed XML: ${what} (in ${pathOf(open)})`, {
    place: pathOf(open),
  });
}

function pathOf(open: readonly string[]): string {
  return open.length === 0 ? 'the document' : shorten(open.join('/'), 120);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function shorten(text: string, limit = 40): string {
  // what a hostile or mis-encoded post holds must not upset a terminal or a status line
  const readable = text.slice(0, limit + 1).replace(/\p{Cc}/gu, '\ufffd');
  return text.length > limit ? `${readable.slice(0, limit)}…` : readable;
}
