/** What is not well-formed is refused with a code, and with the place where a person should look. */
import should from 'should';
import { WireError } from '../../src/errors';
import { parseXml } from '../../src/wire/xml';

function refuse(text: string): WireError {
  try {
    parseXml(text);
  } catch (thrown) {
    if (thrown instanceof WireError) return thrown;
    throw thrown;
  }
  throw new Error(`taken for good: ${text.slice(0, 80)}`);
}

interface Refusal {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  readonly place: string;
  readonly says?: RegExp;
}

const refusals: readonly Refusal[] = [
  { what: 'nothing', text: '', code: 'xml-not-xml', place: 'byte 0' },
  { what: 'plain words', text: 'Hello there', code: 'xml-not-xml', place: 'byte 0', says: /"Hello there"/ },
  { what: 'JSON', text: '{"a": 1}', code: 'xml-not-xml', place: 'byte 0', says: /\{"a": 1\}/ },
  { what: 'a declaration alone', text: '<?xml version="1.0"?>', code: 'xml-not-xml', place: 'byte 0' },
  { what: 'a comment alone', text: '<!-- <a/> -->', code: 'xml-not-xml', place: 'byte 0' },
  { what: 'a lone <', text: '<', code: 'xml-not-well-formed', place: 'the document' },
  { what: 'a tag that is cut off', text: '<a><b', code: 'xml-not-well-formed', place: 'a' },
  { what: 'a tag cut off in a value', text: '<a><b c="x>', code: 'xml-not-well-formed', place: 'a' },
  {
    what: 'a tag cut off in its closing',
    text: '<a><b>1</b',
    code: 'xml-not-well-formed',
    place: 'a/b',
    says: /cut off/,
  },
  { what: 'a root that stays open', text: '<a><b>1</b>', code: 'xml-not-well-formed', place: 'a', says: /cut off/ },
  {
    what: 'crossed tags',
    text: '<a><b><c></b></c></a>',
    code: 'xml-not-well-formed',
    place: 'a/b/c',
    says: /<\/b> closes <c>/,
  },
  { what: 'a closing tag too many', text: '<a></a></a>', code: 'xml-not-well-formed', place: 'the document' },
  { what: 'a closing tag alone', text: '</a>', code: 'xml-not-well-formed', place: 'the document' },
  { what: 'two roots', text: '<a/><b/>', code: 'xml-not-well-formed', place: 'the document', says: /<b>.*<a>/ },
  { what: 'a number for a name', text: '<a><1/></a>', code: 'xml-not-well-formed', place: 'a' },
  { what: 'a blank for a name', text: '<a>< b></b></a>', code: 'xml-not-well-formed', place: 'a' },
  {
    what: 'an open CDATA section',
    text: '<a><![CDATA[x]]</a>',
    code: 'xml-not-well-formed',
    place: 'a',
    says: /CDATA/,
  },
  { what: 'an open comment', text: '<a><!-- x </a>', code: 'xml-not-well-formed', place: 'a', says: /comment/ },
  { what: 'an open instruction', text: '<?xml version="1.0"><a/>', code: 'xml-not-well-formed', place: 'the document' },
  { what: 'a DOCTYPE', text: '<!DOCTYPE a><a/>', code: 'xml-doctype', place: 'the document' },
  {
    what: 'an entity bomb',
    text: '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
    code: 'xml-doctype',
    place: 'the document',
  },
  { what: 'a DOCTYPE inside', text: '<a><!ENTITY b "c"></a>', code: 'xml-doctype', place: 'a' },
  { what: 'a DOCTYPE behind the root', text: '<a/><!DOCTYPE a>', code: 'xml-doctype', place: 'the document' },
  {
    what: '__proto__',
    text: '<a><__proto__><b/></__proto__></a>',
    code: 'xml-bad-name',
    place: 'a',
    says: /__proto__/,
  },
  {
    what: 'constructor',
    text: '<a><b><constructor/></b></a>',
    code: 'xml-bad-name',
    place: 'a/b',
    says: /constructor/,
  },
  { what: 'prototype as the root', text: '<prototype/>', code: 'xml-bad-name', place: 'the document' },
  { what: '__proto__ with a prefix', text: '<a><n:__proto__/></a>', code: 'xml-bad-name', place: 'a' },
];

describe('XML that is refused', () => {
  for (const { what, text, code, place, says = /./ } of refusals) {
    it(`${what}: ${code} in ${place}`, () => {
      const error = refuse(text);
      should(error.code).equal(code);
      should(error.place).equal(place);
      should(error.message).match(says);
      should(error.retryable).be.false();
    });
  }

  it('nesting beyond 32 levels is told with the beginning of the path', () => {
    const error = refuse('<a>'.repeat(33) + '</a>'.repeat(33));
    should(error.code).equal('xml-too-deep');
    should(error.place).startWith('a/a/a');
  });

  it('a message stays short whatever was sent', () => {
    const long = 'x'.repeat(10_000);
    for (const text of [long, `<${long}></y>`, `<a></${long}>`, `<a><${long} b="`, `<a><1${long}/></a>`]) {
      should(refuse(text).message.length).be.below(400);
      should(refuse(text).place?.length).be.below(200);
    }
  });

  it('a document that is cut off anywhere is refused', () => {
    const whole = '<?xml version="1.0"?><a b="x"><c>1</c><!-- d --><e><![CDATA[<f>]]></e></a>';
    for (let length = 0; length < whole.length; length++) {
      should(refuse(whole.slice(0, length)).code).match(/^xml-not-(xml|well-formed)$/);
    }
  });
});
