/** Canvas to JPEG, brought to the weight a real picture has. */
import { encode } from 'jpeg-js';
import { createRandom } from '../random';
import type { Canvas } from './canvas';

const quality = 75;
const commentMarker = 0xfffe;
const scanMarker = 0xffda;
const segmentHeadBytes = 4;
/** A segment's length field has two bytes and counts itself. */
const segmentBodyMaxBytes = 0xffff - 2;

let filler: Buffer | undefined;

export function encodeJpeg(canvas: Canvas, weightBytes = 0): Buffer {
  return addWeight(encode(canvas, quality).data, weightBytes);
}

// Drawn surfaces are smooth and compress to a tenth of what the grain of a real sensor costs. Comment segments, which
// every decoder skips, make up the difference without drawing time.
function addWeight(jpeg: Buffer, weightBytes: number): Buffer {
  const cut = findScan(jpeg);
  const parts = [jpeg.subarray(0, cut)];
  for (let missing = weightBytes - jpeg.length; missing > segmentHeadBytes;) {
    const bodyBytes = Math.min(missing - segmentHeadBytes, segmentBodyMaxBytes);
    const head = Buffer.alloc(segmentHeadBytes);
    head.writeUInt16BE(commentMarker, 0);
    head.writeUInt16BE(bodyBytes + 2, 2);
    parts.push(head, findFiller().subarray(0, bodyBytes));
    missing -= segmentHeadBytes + bodyBytes;
  }
  return Buffer.concat([...parts, jpeg.subarray(cut)]);
}

/** Where the scan begins: comments go behind all that says what the picture is, as sizes are read from the first bytes. */
function findScan(jpeg: Buffer): number {
  let at = 2;
  while (jpeg.readUInt16BE(at) !== scanMarker) at += 2 + jpeg.readUInt16BE(at + 2);
  return at;
}

function findFiller(): Buffer {
  if (filler === undefined) {
    const random = createRandom(0x6a7067);
    filler = Buffer.from(Array.from({ length: segmentBodyMaxBytes }, () => random.between(0, 255)));
  }
  return filler;
}
