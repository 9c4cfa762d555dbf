/**
 * An XML document that keeps its text: each element knows where it stands, so that a part can be changed and all the
 * rest goes back as it came, to the byte.
 */
import { outline } from './outline';

export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
  /** The value between its quotes. */
  readonly start: number;
  readonly end: number;
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Of the opening tag. */
  readonly start: number;
  /** Behind the opening tag. */
  readonly openEnd: number;
  /** Of the closing tag; as `openEnd` for `<a/>`. */
  readonly closeStart: number;
  /** Behind the closing tag. */
  readonly end: number;
}

export interface XmlSource {
  readonly text: string;
  readonly root: XmlElement;
}

type Growing = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: XmlElement[] };

const blanks: ReadonlySet<string> = new Set(
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff',
);
/** What no name of an attribute has in it. */
const nameEnds: ReadonlySet<string> = new Set([...blanks, '=', '/', '"', "'", '<', '>']);
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @throws WireError as `parseXml` does: what is broken or hostile is refused before it is walked over */
export function parseXmlSource(text: string): XmlSource {
  const { start, end } = outline(text);
  const open: Growing[] = [];
  let root: XmlElement | undefined;
  let at = start;
  while (at !== -1 && at < end) {
    if (text.startsWith('<!--', at)) {
      at = text.indexOf('<', text.indexOf('-->', at + 4) + 3);
    } else if (text.startsWith('<![CDATA[', at)) {
      at = text.indexOf('<', text.indexOf(']]>', at) + 3);
    } else if (text.startsWith('<?', at)) {
      at = text.indexOf('<', text.indexOf('?>', at) + 2);
    } else if (text.startsWith('</', at)) {
      const closed = open.pop();
      const closeEnd = text.indexOf('>', at) + 1;
      if (closed !== undefined) Object.assign(closed, { closeStart: at, end: closeEnd });
      at = text.indexOf('<', closeEnd);
    } else {
      const openEnd = findTagEnd(text, at) + 1;
      const isClosed = text.charCodeAt(openEnd - 2) === 0x2f;
      const tag = text.slice(at, openEnd);
      const name = /^<([^\s/>]+)/.exec(tag)?.[1] ?? '';
      const attributes = readAttributes(tag, at, name.length + 1);
      const element: Growing = {
        name,
        attributes,
        children: [],
        start: at,
        openEnd,
        closeStart: openEnd,
        end: openEnd,
      };
      open.at(-1)?.children.push(element);
      root ??= element;
      if (!isClosed) open.push(element);
      at = text.indexOf('<', openEnd);
    }
  }
  // the outline has found one, or has thrown
  return {
    text,
    root: root ?? { name: '', attributes: [], children: [], start: 0, openEnd: 0, closeStart: 0, end: 0 },
  };
}

/** From each `=` back to its name: an expression that begins with the name is tried at every letter of a word without one. */
function readAttributes(tag: string, at: number, from: number): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  let left = from;
  for (let equals = tag.indexOf('=', left); equals !== -1; equals = tag.indexOf('=', left)) {
    let nameEnd = equals;
    while (nameEnd > left && blanks.has(tag.charAt(nameEnd - 1))) nameEnd -= 1;
    let nameStart = nameEnd;
    while (nameStart > left && !nameEnds.has(tag.charAt(nameStart - 1))) nameStart -= 1;
    left = equals + 1;
    if (nameStart === nameEnd) continue;
    let open = left;
    while (blanks.has(tag.charAt(open))) open += 1;
    const quote = tag.charAt(open);
    const close = quote === '"' || quote === "'" ? tag.indexOf(quote, open + 1) : -1;
    if (close === -1) continue;
    left = close + 1;
    const value = decodeEntities(tag.slice(open + 1, close));
    attributes.push({ name: tag.slice(nameStart, nameEnd), value, start: at + open + 1, end: at + close });
  }
  return attributes;
}

/** The `>` of a tag; one inside a quoted value does not count. */
function findTagEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3e) return at;
    if (code === 0x22 || code === 0x27) {
      const quoteEnd = text.indexOf(text.charAt(at), at + 1);
      if (quoteEnd === -1) return text.length - 1;
      at = quoteEnd;
    }
  }
  return text.length - 1;
}

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? all;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** Of the element's own text: without comments and child elements, trimmed. */
export function textOfElement({ text }: XmlSource, element: XmlElement): string {
  const inner = text.slice(element.openEnd, element.closeStart);
  if (!inner.includes('<')) return decodeEntities(inner).trim();
  if (element.children.length > 0) return '';
  let found = '';
  for (const [part, cdata] of inner.matchAll(/<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|[^<]+/g)) {
    if (cdata !== undefined) found += cdata;
    else if (!part.startsWith('<')) found += decodeEntities(part);
  }
  return found.trim();
}

export function isCdata({ text }: XmlSource, element: XmlElement): boolean {
  return text.slice(element.openEnd, element.closeStart).includes('<![CDATA[');
}

/** Letter case does not count. */
export function attributeOfElement(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attributes.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;
}

/** The first child of that name; letter case and namespace prefixes do not count. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => isNamed(each, name));
}

export function isNamed(element: XmlElement, name: string): boolean {
  return element.name.toLowerCase().replace(/^.*:/, '') === name.toLowerCase();
}

export function descendElement(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce((at, name) => childOf(at, name), element);
}

/** The trimmed text at the end of a path; undefined where there is none. */
export function textAt(source: XmlSource, ...path: readonly string[]): string | undefined {
  const found = descendElement(source.root, ...path);
  const text = found === undefined ? '' : textOfElement(source, found);
  return text === '' ? undefined : text;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Text as devices write it; `]]>` inside is cut in two. */
export function writeCdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
