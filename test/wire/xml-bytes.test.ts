/** Bytes become text in the encoding that fits them, and where none does the flaw says at which byte. */
import * as fc from 'fast-check';
import should from 'should';
import { decodeText } from '../../src/wire/xml';
import { cases } from '../support/cases';

const mark = Buffer.from([0xef, 0xbb, 0xbf]);

function declare(encoding: string, content: readonly number[] | string, quote = '"'): Buffer {
  const head = Buffer.from(`<?xml version="1.0" encoding=${quote}${encoding}${quote}?><a>`);
  return Buffer.concat([head, Buffer.from(content as string), Buffer.from('</a>')]);
}

describe('the text of a post', () => {
  it('is read as UTF-8 where it is valid UTF-8, whatever it declares', () => {
    for (const encoding of ['UTF-8', 'utf8', 'iso-8859-1', 'gb2312', 'nonsense']) {
      const { text, flaw } = decodeText(declare(encoding, 'größer 大門'));
      should(text).endWith('<a>größer 大門</a>');
      should(flaw).be.undefined();
    }
  });

  it('has no byte order mark', () => {
    should(decodeText(Buffer.concat([mark, Buffer.from('<a/>')]))).deepEqual({ text: '<a/>' });
  });

  it('is read as ISO 8859-1 where that is declared', () => {
    const { text, flaw } = decodeText(declare('ISO-8859-1', [0x67, 0x72, 0xf6, 0xdf, 0x65, 0x72]));
    should(text).endWith('<a>größer</a>');
    should(flaw).be.undefined();
  });

  it('is read as GB 2312 where that is declared, in either kind of quote', () => {
    for (const quote of ['"', "'"]) {
      const { text, flaw } = decodeText(declare('gb2312', [0xb4, 0xf3, 0xc3, 0xc5], quote));
      should(text).endWith('<a>大门</a>');
      should(flaw).be.undefined();
    }
  });

  it('is empty for no bytes', () => {
    should(decodeText(Buffer.alloc(0))).deepEqual({ text: '' });
  });
});

describe('bytes that fit no encoding', () => {
  const invalid = [0x67, 0x72, 0xf6, 0xdf, 0x65, 0x72];

  it('become U+FFFD, and the flaw names the byte', () => {
    const { text, flaw } = decodeText(Buffer.concat([Buffer.from('<a>gr'), Buffer.from([0xf6]), Buffer.from('n</a>')]));
    should(text).equal('<a>gr\ufffdn</a>');
    should(flaw?.code).equal('xml-not-utf8');
    should(flaw?.place).equal('byte 5');
    should(flaw?.message).match(/byte 5/);
    should(flaw?.retryable).be.false();
  });

  it('are counted in bytes, not in letters', () => {
    const bytes = Buffer.concat([Buffer.from('<a>大門🚗'), Buffer.from([0xff])]);
    should(decodeText(bytes).flaw?.place).equal(`byte ${bytes.length - 1}`);
  });

  it('are told where UTF-8 is declared, or an encoding that does not exist', () => {
    for (const encoding of ['utf-8', 'UTF8', 'nonsense']) {
      const { text, flaw } = decodeText(declare(encoding, invalid));
      should(text).match(/<a>gr\ufffd+er<\/a>$/);
      should(flaw?.place).equal(`byte ${declare(encoding, '').length - 4 + 2}`);
      should(flaw?.message).match(new RegExp(encoding));
    }
  });

  it('are told in the encoding that was declared too', () => {
    const { text, flaw } = decodeText(declare('gb2312', [0xb4, 0xf3, 0xb4, 0x20]));
    should(text).match(/大\ufffd/);
    should(flaw).not.be.undefined();
  });

  it('are counted from the first byte where a byte order mark comes first', () => {
    const bytes = Buffer.concat([mark, Buffer.from('<a>'), Buffer.from([0xf6]), Buffer.from('</a>')]);
    should(decodeText(bytes).flaw?.place).equal('byte 6');
  });

  it('are not mixed up with a U+FFFD that the device sent itself', () => {
    const bytes = Buffer.concat([Buffer.from('<a>\ufffd x '), Buffer.from([0xf6]), Buffer.from('</a>')]);
    should(decodeText(bytes).flaw?.place).equal('byte 9');
  });

  it('never stop the decoding, wherever they are', () => {
    const clean = Buffer.from('<config><deviceName>大門 größer</deviceName></config>');
    fc.assert(
      fc.property(fc.nat(clean.length - 1), fc.integer({ min: 0x80, max: 0xff }), (at, byte) => {
        const bytes = Buffer.from(clean);
        bytes[at] = byte;
        const { text, flaw } = decodeText(bytes);
        should(text.includes('\ufffd')).equal(flaw !== undefined);
        if (flaw !== undefined) should(Number(/\d+/.exec(flaw.place ?? '')?.[0])).be.within(at - 2, at + 2);
      }),
      cases(100),
    );
  });
});
