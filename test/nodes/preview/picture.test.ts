/** What a browser is given as a picture: JPEG and PNG by their bytes, of a size that it can bear. */
import * as fc from 'fast-check';
import should from 'should';
import { toPicture } from '../../../nodes/preview/picture';
import { cases } from '../../support/cases';
import { makeJpeg } from '../../support/events';

function png(width: number, height: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}

function jpegOf(width: number, height: number): Buffer {
  const bytes = Buffer.from(makeJpeg(8, 8));
  const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

describe('the picture of a preview', () => {
  const jpeg = makeJpeg(40, 30);

  it('is a JPEG or PNG, as bytes, base64, or data URL', () => {
    const base64 = jpeg.toString('base64');
    for (const data of [jpeg, base64, base64.replace(/.{76}/g, '$&\r\n'), `data:image/jpeg;base64,${base64}`]) {
      should(toPicture(data)).containEql({ type: 'image/jpeg', width: 40, height: 30 });
      should(toPicture(data)?.bytes.equals(jpeg)).be.true();
    }
    should(toPicture(png(300, 200))).containEql({ type: 'image/png', width: 300, height: 200 });
    should(toPicture(`data:image/jpeg;base64,${png(3, 2).toString('base64')}`)?.type).equal('image/png');
  });

  for (const [about, data] of [
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/></svg>')],
    ['a GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000')],
    ['a page behind a data URL that says JPEG', 'data:image/jpeg;base64,PHNjcmlwdD4='],
    ['a JPEG without a frame', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['a JPEG of billions of pixels', jpegOf(65_535, 65_535)],
    ['a PNG of billions of pixels', png(100_000, 100_000)],
    ['a PNG of none', png(0, 5)],
    ['more than 4 MB', Buffer.concat([jpeg, Buffer.alloc(4 * 1024 * 1024)])],
    ['more than 4 MB of base64', 'A'.repeat(6 * 1024 * 1024)],
    ['nothing', undefined],
    ['a number', 7],
    ['bytes of another kind', new Uint8Array(jpeg)],
  ] as const) {
    it(`is not ${about}`, () => should(toPicture(data)).be.undefined());
  }

  it('is none of what begins as none, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', 'ffd8ff', '89504e470d0a1a0a'),
        (rest, head) => {
          const bytes = Buffer.concat([Buffer.from(head, 'hex'), rest]);
          const picture = toPicture(bytes);
          if (picture === undefined) return;
          should(bytes.subarray(0, 2).toString('hex')).equal(picture.type === 'image/jpeg' ? 'ffd8' : '8950');
          should(picture.width * picture.height).be.within(1, 50_000_000);
        },
      ),
      cases(100),
    );
  });
});
