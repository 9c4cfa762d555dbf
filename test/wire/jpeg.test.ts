/** A JPEG's size is read from its frame header, behind whatever segments stand before it. */
import { decode } from 'jpeg-js';
import * as fc from 'fast-check';
import should from 'should';
import { isJpeg, readJpegSize } from '../../src/wire/jpeg';
import { makeJpeg } from '../support/events';
import { cases } from '../support/cases';

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** Puts segments right behind the two bytes that start every JPEG. */
function insert(jpeg: Buffer, ...segments: readonly Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

function frame(marker: number, width: number, height: number): Buffer {
  const body = Buffer.alloc(15);
  body.writeUInt8(8, 0);
  body.writeUInt16BE(height, 1);
  body.writeUInt16BE(width, 3);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), segment(marker, body)]);
}

describe('the size of a JPEG', () => {
  const jpeg = makeJpeg(37, 21);

  for (const [width, height] of [
    [1, 1],
    [8, 8],
    [37, 21],
    [320, 180],
  ] as const) {
    it(`is ${width} x ${height} as the decoder says`, () => {
      const bytes = makeJpeg(width, height);
      should(readJpegSize(bytes)).deepEqual({ width, height });
      should(decode(bytes)).have.properties({ width, height });
    });
  }

  it('is found behind Exif, comments and other segments', () => {
    const exif = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), makeJpeg(16, 16)]));
    const comment = segment(0xfe, Buffer.alloc(65_533, 0xff));
    should(readJpegSize(insert(jpeg, exif, comment, segment(0xee, Buffer.from('Adobe'))))).deepEqual({
      width: 37,
      height: 21,
    });
  });

  it('is found behind fill bytes', () => {
    should(readJpegSize(insert(jpeg, Buffer.alloc(7, 0xff)))).deepEqual({ width: 37, height: 21 });
  });

  it('is found behind markers without a length', () => {
    should(readJpegSize(insert(jpeg, Buffer.from([0xff, 0x01, 0xff, 0xd0])))).deepEqual({ width: 37, height: 21 });
  });

  for (const marker of [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc7, 0xc9, 0xcb, 0xcd, 0xcf]) {
    it(`is in the frame header 0x${marker.toString(16)}`, () => {
      should(readJpegSize(frame(marker, 4000, 3000))).deepEqual({ width: 4000, height: 3000 });
    });
  }

  for (const marker of [0xc4, 0xc8, 0xcc]) {
    it(`is not in the segment 0x${marker.toString(16)}, which only looks alike`, () => {
      should(readJpegSize(frame(marker, 4000, 3000))).be.undefined();
    });
  }

  it('is read up to the greatest', () => {
    should(readJpegSize(frame(0xc0, 65_535, 65_535))).deepEqual({ width: 65_535, height: 65_535 });
  });

  it('is not known where the frame header leaves a side to a later segment', () => {
    should(readJpegSize(frame(0xc0, 640, 0))).be.undefined();
    should(readJpegSize(frame(0xc0, 0, 480))).be.undefined();
  });

  it('is not known before the frame header is whole, and known from there on', () => {
    const end = jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 9;
    for (let length = 0; length < end; length++) should(readJpegSize(jpeg.subarray(0, length))).be.undefined();
    should(readJpegSize(jpeg.subarray(0, end))).deepEqual({ width: 37, height: 21 });
  });

  it('is not known of what is no JPEG', () => {
    for (const bytes of ['', 'GIF89a', 'None', '\x89PNG\r\n']) {
      should(readJpegSize(Buffer.from(bytes, 'latin1'))).be.undefined();
      should(isJpeg(Buffer.from(bytes, 'latin1'))).be.false();
    }
  });

  it('is read of any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const size = readJpegSize(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), bytes]));
        if (size !== undefined) should(size).have.properties(['width', 'height']);
      }),
      cases(2000),
    );
  });
});
