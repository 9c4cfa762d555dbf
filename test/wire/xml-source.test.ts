/** The document that keeps its text: places, texts and attributes as they stand. */
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
