/** The one XML parser set-up: text stays text, nothing is expanded, and what is not well-formed says where. */
import { isUtf8 } from 'node:buffer';
import { XMLParser } from 'fast-xml-parser';
import { toError, WireError } from '../errors';
import { depthLimit, outline } from './outline';
import { readPlainXml } from './plain-xml';

export interface XmlDocument {
  /** Name of the root element, as sent. */
  readonly root: string;
  /** `{root: {...}}`: attributes as `@name`, text beside attributes as `#text`, repeated elements as arrays. */
  readonly tree: Readonly<Record<string, unknown>>;
}

export interface DecodedText {
  readonly text: string;
  /** What was wrong with the bytes, where the text could still be made. */
  readonly flaw?: WireError;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: depthLimit,
  // the five of XML itself and numeric ones; a document that declares its own is refused before
  htmlEntities: { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as unknown as boolean,
  // building the path of every element for callbacks that nobody set costs a fifth of the time
  jPath: false,
});

/**
 * Parses one document. Text before and after the root element is passed over (some firmware puts some there).
 *
 * @throws WireError `xml-not-xml`, `xml-not-well-formed`, `xml-doctype`, `xml-too-deep`, `xml-too-big`, `xml-bad-name`; `place` names
 *   the element
 */
export function parseXml(text: string): XmlDocument {
  return readPlainXml(text) ?? parseAnyXml(text);
}

/** The general way: what {@link parseXml} does with a document that is not plain, and would do with any other. */
export function parseAnyXml(text: string): XmlDocument {
  const { start, end, root } = outline(text);
  try {
    return { root, tree: parser.parse(text.slice(start, end)) as Record<string, unknown> };
  } catch (thrown) {
    throw new WireError('xml-not-well-formed', `not well-formed XML: ${toError(thrown).message.slice(0, 200)}`, {
      cause: thrown,
      place: root,
    });
  }
}

/**
 * Makes text of bytes: UTF-8, or the encoding that the XML declaration names. Bytes that do not fit become U+FFFD, and
 * the flaw says where: an intrusion is not lost because of a letter in the camera's name.
 */
export function decodeText(bytes: Buffer): DecodedText {
  if (isUtf8(bytes)) return { text: stripMark(bytes.toString('utf8')) };
  const declared =
    /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/i.exec(bytes.toString('latin1', 0, 200))?.[1] ?? 'utf-8';
  const strict = decodeAs(declared, bytes, true);
  if (strict !== undefined) return { text: strict };
  const text = decodeAs(declared, bytes, false) ?? stripMark(bytes.toString('utf8'));
  const offset = findInvalid(bytes);
  return {
    text,
    flaw: new WireError(
      'xml-not-utf8',
      `the post is not valid ${declared} from byte ${offset} on (pictures not counted); unreadable letters were ` +
        'replaced. Use plain letters in names on the device',
      { place: `byte ${offset}` },
    ),
  };
}

function decodeAs(encoding: string, bytes: Buffer, fatal: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal }).decode(bytes);
  } catch {
    return undefined; // an encoding that does not exist, or bytes that are none of it
  }
}

function stripMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** The first byte that is no UTF-8: where decoding and encoding again part. */
function findInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at += 1;
  return at;
}
