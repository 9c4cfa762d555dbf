/** The XML parser hands text over as it was sent: nothing is taken for a number, a boolean or a reference. */
import should from 'should';
import { child, text } from '../../src/wire/read';
import { parseXml } from '../../src/wire/xml';

function read(content: string): unknown {
  return child(parseXml(`<a>${content}</a>`).tree, 'a');
}

describe('text in XML', () => {
  for (const word of [
    '007',
    '12E34',
    '0x1F',
    'true',
    'false',
    'null',
    '1e400',
    '0',
    '-0',
    '+1',
    '.5',
    'NaN',
    '1_000',
  ]) {
    it(`stays text: ${word}`, () => {
      should(read(word)).equal(word);
      should(read(`<![CDATA[${word}]]>`)).equal(word);
    });

    it(`stays text beside attributes and in them: ${word}`, () => {
      should(parseXml(`<a b="${word}">${word}</a>`).tree).deepEqual({ a: { '@b': word, '#text': word } });
    });
  }

  it('keeps numbers of any size', () => {
    should(read('18445822972087551616')).equal('18445822972087551616');
  });

  it('reads the same with blanks around it, plain or in CDATA', () => {
    should(text(read(' 1 '))).equal('1');
    should(text(read('<![CDATA[ 1 ]]>'))).equal('1');
    should(text(read('\r\n\t<![CDATA[1]]>\r\n'))).equal('1');
  });

  it('keeps blanks inside', () => {
    should(read('Gate  north')).equal('Gate  north');
    should(read('<![CDATA[Gate  north]]>')).equal('Gate  north');
  });

  it('joins plain text and CDATA', () => {
    should(read('x<![CDATA[<&>]]>y<![CDATA[z]]>')).equal('x<&>yz');
  });

  it('is empty for an empty element in each of its forms', () => {
    should(parseXml('<a><b/><b></b><b><![CDATA[]]></b></a>').tree).deepEqual({ a: { b: ['', '', ''] } });
  });

  it('takes markup in CDATA for text', () => {
    should(read('<![CDATA[<b>1</b> ]] > &amp;]]>')).equal('<b>1</b> ]] > &amp;');
  });

  it('keeps letters of all scripts', () => {
    should(read('größer 大門 Ворота 🚗')).equal('größer 大門 Ворота 🚗');
  });
});

describe('references in XML', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['&amp;', '&'],
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&quot;', '"'],
    ['&apos;', "'"],
    ['&#65;', 'A'],
    ['&#x41;', 'A'],
    ['&#x1F697;', '🚗'],
    ['&amp;lt;', '&lt;'],
    ['&amp;amp;', '&amp;'],
    ['&amp;#65;', '&#65;'],
  ];
  for (const [sent, meant] of cases) {
    it(`${sent} is ${meant}, in text and in attributes`, () => {
      should(parseXml(`<a b="${sent}">${sent}</a>`).tree).deepEqual({ a: { '@b': meant, '#text': meant } });
    });
  }

  for (const unknown of ['&nosuch;', '&copy;', '&;', '&', 'A & B', '&#x110000;', '&#xFFFFFFFFFFFF;', '&#zz;']) {
    it(`${unknown} is no reference and stays`, () => {
      should(read(unknown)).equal(unknown);
    });
  }

  it('mean nothing in CDATA', () => {
    should(read('<![CDATA[&amp;&#65;&lt;]]>')).equal('&amp;&#65;&lt;');
  });

  it('are not limited to a few', () => {
    should(read('&amp;'.repeat(4000))).equal('&'.repeat(4000));
    should(read('&#65;'.repeat(4000))).equal('A'.repeat(4000));
  });
});
