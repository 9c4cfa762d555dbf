/** Bytes that a browser may be given as a picture. Whoever can post as a camera chooses them. */
import { isJpeg, readJpegSize, type PictureSize } from '../../src/wire/jpeg';

/** A picture as it is served. */
export interface Picture extends PictureSize {
  readonly type: 'image/jpeg' | 'image/png' | 'image/svg+xml';
  readonly bytes: Buffer;
}

const bytesMax = 4 * 1024 * 1024;
/** Base64 of that, with line breaks. */
const charactersMax = 1.4 * bytesMax;
/** The largest cameras have 32 million; a header that says more would have the browser set aside gigabytes. */
const pixelsMax = 50_000_000;
const pngStart = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/**
 * The picture, if its bytes are those of a JPEG or PNG: what the message calls it counts for nothing.
 *
 * @param data a Buffer, base64, or a data URL
 */
export function toPicture(data: unknown): Picture | undefined {
  const bytes = toBytes(data);
  if (bytes === undefined || bytes.length > bytesMax) return undefined;
  const size = isJpeg(bytes) ? readJpegSize(bytes) : readPngSize(bytes);
  if (size === undefined || size.width * size.height > pixelsMax) return undefined;
  return { type: isJpeg(bytes) ? 'image/jpeg' : 'image/png', bytes, ...size };
}

/** A drawing of this package's own making. */
export function toDrawing(svg: string, size: PictureSize): Picture {
  return { type: 'image/svg+xml', bytes: Buffer.from(svg), ...size };
}

function toBytes(data: unknown): Buffer | undefined {
  if (Buffer.isBuffer(data)) return data;
  if (typeof data !== 'string' || data.length > charactersMax) return undefined;
  return Buffer.from(data.replace(/^data:[^,]{0,100},/, ''), 'base64');
}

/** From the first chunk, which is IHDR always (ISO/IEC 15948, 11.2.2). */
function readPngSize(bytes: Buffer): PictureSize | undefined {
  if (bytes.length < 24 || !bytes.subarray(0, pngStart.length).equals(pngStart)) return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return width > 0 && height > 0 ? { width, height } : undefined;
}
