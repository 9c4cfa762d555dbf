/** The XML parser builds the same tree whatever the firmware puts around, between and into the elements. */
import should from 'should';
import { parseXml } from '../../src/wire/xml';

describe('the tree of an XML document', () => {
  it('names the root as it was sent', () => {
    should(parseXml('<DeviceInfo/>').root).equal('DeviceInfo');
    should(parseXml('<ns:Config version="1"/>').root).equal('Config');
    should(parseXml('<config\nversion="1"/>').root).equal('config');
  });

  it('leaves namespace prefixes out of elements and attributes', () => {
    should(parseXml('<n:a xmlns:n="urn:x" n:b="1"><n:c>2</n:c></n:a>').tree).deepEqual({ a: { '@b': '1', c: '2' } });
  });

  it('keeps letter case, and keeps spellings apart', () => {
    should(parseXml('<a><SN>1</SN><sn>2</sn></a>').tree).deepEqual({ a: { SN: '1', sn: '2' } });
  });

  it('makes an array of repeated elements in their order', () => {
    should(parseXml('<a><b>1</b><c/><b>2</b><b>3</b></a>').tree).deepEqual({ a: { b: ['1', '2', '3'], c: '' } });
  });

  it('keeps a dot at the end of a name', () => {
    should(parseXml('<a><deviceNo.>3</deviceNo.></a>').tree).deepEqual({ a: { 'deviceNo.': '3' } });
  });

  it('reads attributes in both quotes, with blanks and line breaks about them', () => {
    should(parseXml(`<a\n b = "x"\tc='"y"'  d=">" e=""\n/>`).tree).deepEqual({
      a: { '@b': 'x', '@c': '"y"', '@d': '>', '@e': '' },
    });
  });

  it('passes over comments and processing instructions wherever they stand', () => {
    const text = '<!-- <z> --><?xml version="1.0"?><a><!-- </a> > -->x<?go > <b> ?>y</a><!-- end --><?end?>';
    should(parseXml(text)).deepEqual({ root: 'a', tree: { a: 'xy' } });
  });

  it('passes over text before and behind the root', () => {
    should(parseXml('/9j/4AAQ== <a>1</a> /9j/4AAQ==')).deepEqual({ root: 'a', tree: { a: '1' } });
  });

  it('needs no XML declaration, and takes one with a blank before its end', () => {
    should(parseXml('<a/>').tree).deepEqual({ a: '' });
    should(parseXml('<?xml version="1.0" encoding="UTF-8" ?>\r\n<a/>').tree).deepEqual({ a: '' });
  });

  it('takes a closing tag in another letter case, and one with a blank in it', () => {
    should(parseXml('<Config><b>1</B></config >').tree).deepEqual({ Config: { b: '1' } });
  });

  it('takes 32 levels', () => {
    should(parseXml('<a>'.repeat(32) + 'x' + '</a>'.repeat(32)).root).equal('a');
  });

  it('gives attributes that name a prototype as data', () => {
    const { tree } = parseXml('<a __proto__="1" constructor="2"/>');
    should(JSON.stringify(tree)).equal('{"a":{"@__proto__":"1","@constructor":"2"}}');
    should(({} as Record<string, unknown>)['1']).be.undefined();
  });

  it('has no element that shadows a method of objects', () => {
    const { tree } = parseXml('<a><toString>1</toString><hasOwnProperty>2</hasOwnProperty></a>');
    should(String(tree.a)).equal('[object Object]');
  });
});
