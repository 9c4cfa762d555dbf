/** A picture's bytes come out of its base64 whole, however the device laid the text out. */
import * as fc from 'fast-check';
import should from 'should';
import { EncodedPicture } from '../../src/wire/pictures';
import { makeJpeg, wrapBase64 } from '../support/events';
import { cases } from '../support/cases';

/** Bytes that begin as a JPEG does; the rest is spread over all values without a pattern in step with base64. */
function fill(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 167 + (at >> 8) * 31) & 0xff;
  bytes.set([0xff, 0xd8, 0xff]);
  return bytes;
}

function decode(base64: string): Buffer | undefined {
  return new EncodedPicture(Buffer.from(base64, 'latin1')).jpeg();
}

const layouts: readonly (readonly [name: string, lineChars: number, lineBreak: string])[] = [
  ['unwrapped', 0, ''],
  ['76 characters with CR LF', 76, '\r\n'],
  ['76 characters with LF', 76, '\n'],
  ['76 characters with CR', 76, '\r'],
  ['64 characters with LF', 64, '\n'],
  ['lines of 75', 75, '\r\n'],
  ['lines of 77', 77, '\n'],
  ['lines of 5', 5, '\n'],
  ['lines of 100,000', 100_000, '\r\n'],
  ['blanks between groups of four', 4, ' '],
  ['line breaks with an indent', 76, '\n    '],
];

describe('the bytes of a picture', () => {
  // 48 KB of bytes are one step of 64 KB of unwrapped base64
  const sizes = [4, 5, 6, 7, 56, 57, 58, 49_149, 49_151, 49_152, 49_153, 49_155, 98_303, 98_304, 98_305, 400_000];
  for (const [name, lineChars, lineBreak] of layouts) {
    it(`come whole: ${name}`, () => {
      for (const size of sizes) {
        const bytes = fill(size);
        should(decode(wrapBase64(bytes, lineChars, lineBreak))?.equals(bytes)).be.true(`${size} bytes`);
      }
    });
  }

  it('come whole around the steps of lines of 76', () => {
    for (let size = 47_800; size < 48_000; size++) {
      const bytes = fill(size);
      should(decode(wrapBase64(bytes, 76, '\r\n'))?.equals(bytes)).be.true(`${size} bytes`);
    }
  });

  it('come whole without padding, and with a line break at the end', () => {
    for (const size of [4, 5, 6, 49_153, 98_306]) {
      const bytes = fill(size);
      should(decode(bytes.toString('base64').replace(/=+$/, ''))).deepEqual(bytes);
      should(decode(`${wrapBase64(bytes, 76, '\r\n')}\r\n`)).deepEqual(bytes);
      should(decode(`\r\n  ${wrapBase64(bytes, 76, '\r\n')}\r\n  `)).deepEqual(bytes);
    }
  });

  it('come whole where one line is shorter and the next longer', () => {
    const text = fill(200_000).toString('base64');
    const crooked = `${text.slice(0, 76)}\n${text.slice(76, 140)}\n${text.slice(140, 228)}\n${text.slice(228)}`;
    should(decode(crooked)?.equals(fill(200_000))).be.true();
  });

  it('come whole in any layout', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 150_000 }),
        fc.integer({ min: 4, max: 200 }),
        fc.constantFrom('\r\n', '\n', ' ', '\r', '\t\n'),
        fc.boolean(),
        (size, lineChars, lineBreak, isPadded) => {
          const bytes = fill(size);
          const text = wrapBase64(bytes, lineChars, lineBreak);
          should(decode(isPadded ? text : text.replace(/=+/, ''))?.equals(bytes)).be.true();
        },
      ),
      cases(150),
    );
  });

  it('are what Buffer.from makes of lines of changing length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 6 }),
        fc.integer({ min: 4, max: 200_000 }),
        (cuts, size) => {
          let text = fill(size).toString('base64');
          for (const cut of cuts) text = `${text.slice(0, 8 + cut)}\n${text.slice(8 + cut)}`;
          should(decode(text)?.equals(Buffer.from(text, 'base64'))).be.true();
        },
      ),
      cases(200),
    );
  });

  it('come whole where one line of many lacks its CR and has a letter more', () => {
    const text = fill(200_000).toString('base64');
    const lines = text.slice(153).match(/.{1,76}/g) ?? [];
    const crooked = [`${text.slice(0, 76)}\r\n${text.slice(76, 153)}\n${lines[0] ?? ''}`, ...lines.slice(1)].join(
      '\r\n',
    );
    should(decode(crooked)?.equals(fill(200_000))).be.true();
  });

  it('are decoded once', () => {
    const picture = new EncodedPicture(Buffer.from(makeJpeg(8, 8).toString('base64')));
    should(picture.jpeg()).equal(picture.jpeg());
  });
});

describe('what is no picture', () => {
  for (const text of [
    '',
    'None',
    'BASE64_JPEG_DATA',
    '/9g=',
    '/9j/',
    'R0lGODlhAQABAAAAACw=',
    ' '.repeat(100),
    '\u00ff\u00d8\u00ff',
  ]) {
    it(`is told by its first letters: ${JSON.stringify(text.slice(0, 20))}`, () => {
      should(decode(text)).be.undefined();
      should(new EncodedPicture(Buffer.from(text, 'latin1')).size()).be.undefined();
    });
  }
});

describe('the size of an encoded picture', () => {
  it('is the same before and after it was decoded', () => {
    const picture = new EncodedPicture(Buffer.from(wrapBase64(makeJpeg(40, 30), 76, '\r\n')));
    should(picture.size()).deepEqual({ width: 40, height: 30 });
    picture.jpeg();
    should(picture.size()).deepEqual({ width: 40, height: 30 });
  });

  it('is the same before and after it was decoded where a large Exif block comes first', () => {
    const plain = makeJpeg(40, 30);
    const exif = Buffer.alloc(20_000);
    exif.set([0xff, 0xe1, 0x4e, 0x1e]); // a length of 19,998: all but the marker
    const jpeg = Buffer.concat([plain.subarray(0, 2), exif, plain.subarray(2)]);
    const picture = new EncodedPicture(Buffer.from(jpeg.toString('base64')));
    const before = picture.size();
    picture.jpeg();
    should(picture.size()).deepEqual({ width: 40, height: 30 });
    should(before).deepEqual({ width: 40, height: 30 });
  });
});
