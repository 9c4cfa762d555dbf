/** Pictures as devices send them: base64 text, decoded and measured when wanted. */
import { isJpeg, readJpegSize, type PictureSize } from './jpeg';

/** Decoding in steps keeps the temporary strings in the young generation: four times faster than in one piece. */
const stepBytes = 64 * 1024;
/** Base64 in which a JPEG's frame header stands: at once, or behind a segment of thumbnail or camera data (64 KB at most). */
const headerBytes = [8 * 1024, 192 * 1024];
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

/** `sourceBase64Data`, `targetBase64Data` and their like; not `...Base64Length`. */
export function isPictureElement(name: string): boolean {
  // asked of every name of every post: nearly all are told by their want of digits
  return name.includes('64') && /base64(?!length)/i.test(name);
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
