/** The document that keeps its text: places, texts and attributes as they stand. */
import * as fc from 'fast-check';
import should from 'should';
import { WireError } from '../../src/errors';
import {
  attributeOfElement,
  descendElement,
  isCdata,
  parseXmlSource,
  textAt,
  textOfElement,
  writeCdata,
} from '../../src/wire/xml-source';
import { cases } from '../support/cases';
import { countLooks, longestSearched } from '../support/expressions';

describe('an XML document that keeps its text', () => {
  it('knows where each element stands, past comments, CDATA and quoted brackets', () => {
    const text = `<?xml version="1.0"?><!-- <a> --><c:root v='>' w="&lt;&#65;"><a/><b ><![CDATA[<x>]]></b>\n<a>2</a></c:root> tail`;
    const source = parseXmlSource(text);
    const { root } = source;
    should(root.children.map((each) => text.slice(each.start, each.end))).eql([
      '<a/>',
      '<b ><![CDATA[<x>]]></b>',
      '<a>2</a>',
    ]);
    should([attributeOfElement(root, 'V'), attributeOfElement(root, 'w')]).eql(['>', '<A']);
    should(textAt(source, 'B')).equal('<x>');
    should(isCdata(source, root.children[1]!)).be.true();
    should(textOfElement(source, root.children[0]!)).equal('');
    should(descendElement(root, 'a', 'b')).be.undefined();
  });

  it('reads text without comments, trimmed, with entities', () => {
    const source = parseXmlSource(
      '<a><b> 1 &amp; <!-- no --> <![CDATA[ &amp; ]]> </b><c>&unknown; &#xffffffff;</c></a>',
    );
    should(textAt(source, 'b')).equal('1 &   &amp;');
    should(textAt(source, 'c')).equal('&unknown; &#xffffffff;');
  });

  it('refuses what the parser refuses', () => {
    for (const text of ['', 'no', '<a>', '<a></b>', '<!DOCTYPE a><a/>', '<a><constructor/></a>']) {
      should(() => parseXmlSource(text)).throw(WireError);
    }
  });

  it('writes CDATA that nothing gets out of', () => {
    const text = 'a]]>b]]>c';
    const source = parseXmlSource(`<a>${writeCdata(text)}</a>`);
    should(textOfElement(source, source.root)).equal(text);
  });
});

describe('the attributes of a tag', () => {
  /** What an attribute is, at once: told by one expression, which needs time with the square of a long word. */
  const attribute = /([^\s=/"'<>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
  const told = (text: string, from: number) =>
    [...text.slice(from).matchAll(attribute)].map(({ 0: all, 1: name, 2: double, 3: single, index }) => {
      const value = double ?? single ?? '';
      const end = from + index + all.length - 1;
      return { name, value, start: end - value.length, end };
    });

  it('are found wherever they may stand, and nothing else is', () => {
    const pieces = ['a', 'b:c', 'ä', '\u0001', '=', '=', ' ', '\n', '\u00a0', '\ufeff', '/'];
    const values = ['"x"', `'y"z'`, '"<>="', "''", `"a='b'"`, `' c="d" '`];
    const tag = fc.array(fc.constantFrom(...pieces, ...values, 'a=""', " d = 'e'"), { maxLength: 16 });
    fc.assert(
      fc.property(tag, (parts) => {
        const text = `<c ${parts.join('')} ></c>`;
        const { root } = parseXmlSource(text);
        should(root.attributes).eql(told(text, 2));
      }),
      cases(3000),
    );
    should(parseXmlSource('<c ="a" b=c d="e/></c>"/>').root.attributes).eql([
      { name: 'd', value: 'e/></c>', start: 15, end: 22 },
    ]);
  });

  const many = 20_000;
  const hostile: Readonly<Record<string, string>> = {
    'one long word': 'a'.repeat(many),
    'long words': `${'a'.repeat(many / 4)} `.repeat(4),
    'names without values': `${'a'.repeat(many / 50)}=`.repeat(50),
    'blanks behind a word': `a${' '.repeat(many)}b`,
    'blanks behind a sign': `a=${' '.repeat(many)}b`,
    signs: '='.repeat(many),
    'signs and blanks': '= '.repeat(many / 2),
    slashes: 'a/'.repeat(many / 2),
    quotes: `a"${"'".repeat(many / 20)}"`.repeat(20),
    values: `${'a'.repeat(many / 50)}="b" `.repeat(50),
  };
  for (const [name, text] of Object.entries(hostile)) {
    it(`are looked for a few times at each letter: ${name}`, () => {
      const action = (): unknown => parseXmlSource(`<config ${text} ></config>`);
      should(longestSearched(action)).be.below(100);
      should(countLooks(action)).be.below(3 * text.length + 100);
    });
  }
});
