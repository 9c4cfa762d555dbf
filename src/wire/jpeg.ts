/** Reads the size of a JPEG from its first bytes, without decoding it. */

export interface PictureSize {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Real pictures have some ten markers before the frame header; a file of nothing else is no picture. */
const markersRead = 1000;

/** True for bytes that begin as every JPEG does: start of image, then a marker. */
export function isJpeg(bytes: Buffer): boolean {
  return bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * The picture's size, from the frame header (SOF0..SOF15 but for DHT, JPG and DAC; ITU T.81 B.1.1.3).
 * Undefined when the bytes end before it or are no JPEG.
 */
export function readJpegSize(bytes: Buffer): PictureSize | undefined {
  if (!isJpeg(bytes)) return undefined;
  let at = 2;
  for (let step = 0; step < markersRead && at + 9 <= bytes.length; step++) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const height = bytes.readUInt16BE(at + 5);
      const width = bytes.readUInt16BE(at + 7);
      return width > 0 && height > 0 ? { width, height } : undefined;
    }
    const hasLength = marker !== 0x01 && (marker < 0xd0 || marker > 0xd8);
    at += 2 + (hasLength ? bytes.readUInt16BE(at + 2) : 0);
  }
  return undefined;
}
