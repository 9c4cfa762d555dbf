/** Cuts base64 pictures out of the raw bytes before anything becomes a string, and decodes them when wanted. */
import { randomUUID } from 'node:crypto';
import { WireError } from '../errors';
import { isJpeg, readJpegSize, type PictureSize } from './jpeg';

/** What is left of a post without its pictures; real ones have 1 to 10 KB, so more is not worth the parser's time. */
export const markupLimitBytes = 32 * 1024;

/**
 * Base64 of all pictures of one post. The largest seen has 0.8 MB; decoding more than this would hold up everything else.
 */
const picturesLimitBytes = 8 * 1024 * 1024;
/** Shorter base64 stays where it is: the parser is done with it before a cut would pay. */
const worthLiftingBytes = 256;
/** Decoding in steps keeps the temporary strings in the young generation: four times faster than in one piece. */
const stepBytes = 64 * 1024;
/** Base64 in which a JPEG's frame header stands: at once, or behind a segment of thumbnail or camera data (64 KB at most). */
const headerBytes = [8 * 1024, 192 * 1024];
/** Nobody outside can guess it, so no text of a post stands for a picture of that post. */
const placeholder = `#picture:${randomUUID()}:`;

const lessThan = 0x3c;
const greaterThan = 0x3e;
const exclamation = 0x21;
const slash = 0x2f;
const lineFeed = 0x0a;

/** A picture as it was sent: base64 text, wrapped or not. Everything is found out once, at the first wish. */
export class EncodedPicture {
  readonly #text: Buffer;
  #jpeg: Buffer | undefined | null = null;
  #size: PictureSize | undefined | null = null;
  #base64: string | undefined;
  #dataUrl: string | undefined;

  constructor(text: Buffer) {
    this.#text = text;
  }

  /** The JPEG, or undefined where the text is none: devices send empty elements, and samples send words. */
  jpeg(): Buffer | undefined {
    if (this.#jpeg === null) {
      const bytes = startsAsJpeg(this.#text) ? decodeBase64(this.#text) : undefined;
      this.#jpeg = bytes !== undefined && isJpeg(bytes) ? bytes : undefined;
    }
    return this.#jpeg;
  }

  /** The JPEG as base64 without line breaks. */
  base64(): string | undefined {
    this.#base64 ??= this.jpeg()?.toString('base64');
    return this.#base64;
  }

  dataUrl(): string | undefined {
    this.#dataUrl ??= this.jpeg() && `data:image/jpeg;base64,${this.base64()}`;
    return this.#dataUrl;
  }

  /** Read from the first bytes, so that it costs little where the picture itself is not wanted. */
  size(): PictureSize | undefined {
    if (this.#size === null) this.#size = this.#readSize();
    return this.#size;
  }

  #readSize(): PictureSize | undefined {
    if (!startsAsJpeg(this.#text)) return undefined;
    for (const bytes of headerBytes) {
      const size = readJpegSize(Buffer.from(this.#text.toString('latin1', 0, bytes), 'base64'));
      if (size !== undefined || this.#text.length <= bytes) return size;
    }
    return undefined;
  }
}

/** A post without its pictures, which are named by placeholders in the markup. */
export interface Lifted {
  readonly markup: Buffer;
  readonly pictures: readonly EncodedPicture[];
  /** Said where pictures were left out because there was too much of them. */
  readonly flaw?: WireError;
}

/**
 * Takes the text of every element whose name holds `base64` (`sourceBase64Data`, `targetBase64Data`) out of the bytes.
 * Anything unexpected is left in place for the parser.
 *
 * @throws WireError `xml-too-big` when more than {@link markupLimitBytes} are left
 */
export function liftPictures(body: Buffer): Lifted {
  const pieces: Buffer[] = [];
  const pictures: EncodedPicture[] = [];
  let kept = 0;
  let lifted = 0;
  let from = 0;
  let tagStart = -1;
  let tagEnd = -1;

  const lift = (start: number, end: number): void => {
    const mark = Buffer.from(`${placeholder}${pictures.length}`, 'latin1');
    pieces.push(body.subarray(from, start), mark);
    kept += start - from + mark.length;
    lifted += end - start;
    pictures.push(new EncodedPicture(lifted > picturesLimitBytes ? Buffer.alloc(0) : body.subarray(start, end)));
    from = end;
  };

  let at = body.indexOf(lessThan);
  while (at !== -1 && kept + at - from <= markupLimitBytes) {
    if (body[at + 1] === exclamation) {
      const isCdata = body.toString('latin1', at + 2, at + 9) === '[CDATA[';
      const contentStart = isCdata ? at + 9 : at + 2;
      const end = body.indexOf(isCdata ? ']]>' : '>', contentStart, 'latin1');
      if (end === -1) break;
      if (isCdata && end - contentStart >= worthLiftingBytes && namesPicture(body, tagStart, tagEnd)) {
        lift(contentStart, end);
      }
      at = body.indexOf(lessThan, end);
      continue;
    }
    tagStart = at;
    tagEnd = body.indexOf(greaterThan, at + 1);
    if (tagEnd === -1) break;
    at = body.indexOf(lessThan, tagEnd);
    if (at - tagEnd > worthLiftingBytes && namesPicture(body, tagStart, tagEnd)) lift(tagEnd + 1, at);
  }

  if (at !== -1 && kept + at - from > markupLimitBytes) {
    throw new WireError(
      'xml-too-big',
      `the post has more than ${markupLimitBytes / 1024} KB beside its pictures; no device sends that much`,
      { place: `byte ${at} of ${body.length}` },
    );
  }
  // behind the last complete tag there is nothing, or a part that was cut off: its beginning says enough
  const rest = body.subarray(from, from + markupLimitBytes);
  const markup = pictures.length === 0 ? rest : Buffer.concat([...pieces, rest]);
  if (lifted <= picturesLimitBytes) return { markup, pictures };
  const megabytes = picturesLimitBytes / 1024 / 1024;
  const message = `the post has more than ${megabytes} MB of pictures; the rest of them was left out. Let the device send smaller ones`;
  return { markup, pictures, flaw: new WireError('pictures-too-large', message, { place: 'pictures' }) };
}

/** The picture that a text in the parsed tree stands for: a placeholder's, or the text itself. */
export function findPicture(text: string | undefined, pictures: readonly EncodedPicture[]): EncodedPicture | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.startsWith(placeholder)) {
    const digits = text.slice(placeholder.length);
    const lifted = /^\d{1,4}$/.test(digits) ? pictures[Number(digits)] : undefined;
    if (lifted !== undefined) return lifted;
  }
  return new EncodedPicture(Buffer.from(text, 'latin1'));
}

function namesPicture(body: Buffer, tagStart: number, tagEnd: number): boolean {
  if (tagStart === -1 || body[tagStart + 1] === slash || body[tagEnd - 1] === slash) return false;
  return isPictureElement(
    body.toString('latin1', tagStart + 1, Math.min(tagEnd, tagStart + 64)).split(/\s/, 1)[0] ?? '',
  );
}

/** `sourceBase64Data`, `targetBase64Data` and their like; not `...Base64Length`. */
export function isPictureElement(name: string): boolean {
  return /base64(?!length)/i.test(name);
}

/** `/9j/` is what the bytes FF D8 FF look like; a line break may stand before it. */
function startsAsJpeg(base64: Buffer): boolean {
  return base64.toString('latin1', 0, 64).trimStart().startsWith('/9j/');
}

/**
 * Cameras wrap base64 at 76 characters with CR LF, recorders do not wrap. Whole lines of whole quanta decode in steps;
 * whatever is not laid out so decodes in one piece.
 */
function decodeBase64(text: Buffer): Buffer {
  const firstBreak = text.indexOf(lineFeed);
  const lineBytes = firstBreak === -1 ? 1 : firstBreak + 1;
  const lineChars = firstBreak === -1 ? 1 : text.toString('latin1', 0, lineBytes).trim().length;
  // 4 characters are 3 bytes: a step must hold whole quanta
  const linesPerStep = Math.max(4, Math.floor(stepBytes / lineBytes) & ~3);
  const bytesPerStep = (linesPerStep * lineChars * 3) / 4;

  const out = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4) + 3);
  let written = 0;
  for (let at = 0; at < text.length; at += linesPerStep * lineBytes) {
    const end = Math.min(at + linesPerStep * lineBytes, text.length);
    if (end < text.length && !endsLines(text, at, end, lineBytes))
      return Buffer.from(text.toString('latin1'), 'base64');
    const count = out.write(text.toString('latin1', at, end), written, 'base64');
    written += count;
    if (end < text.length && count !== bytesPerStep) return Buffer.from(text.toString('latin1'), 'base64');
  }
  return out.subarray(0, written);
}

/** True where every line of a step ends where the first one does: then no letter stands where a break should. */
function endsLines(text: Buffer, start: number, end: number, lineBytes: number): boolean {
  if (lineBytes === 1) return true;
  const hasReturn = text[lineBytes - 2] === 0x0d;
  for (let at = start + lineBytes - 1; at < end; at += lineBytes) {
    if (text[at] !== lineFeed || (hasReturn && text[at - 1] !== 0x0d)) return false;
  }
  return true;
}
