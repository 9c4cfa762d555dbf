/** JSON from strangers: read as `JSON.parse` reads it, but for what would harm, and with errors that name the place. */
import * as fc from 'fast-check';
import should from 'should';
import { WireError } from '../../src/errors';
import { parseJson } from '../../src/wire/json';
import { cases } from '../support/cases';

const parse = (text: string): unknown => parseJson(Buffer.from(text));

function failureOf(body: string | Buffer): WireError {
  try {
    parseJson(Buffer.from(body));
  } catch (thrown) {
    should(thrown).be.instanceof(WireError);
    return thrown as WireError;
  }
  throw new Error('it was read');
}

describe('JSON', () => {
  it('is read as JSON.parse reads it, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        if (/__proto__|constructor|prototype|\d{16}/.test(text)) return; // what is read otherwise has tests of its own
        should(parse(` \n${text}\t`)).deepEqual(JSON.parse(JSON.stringify(JSON.parse(text))));
      }),
      cases(1000),
    );
  });

  it('is refused where JSON.parse refuses it, and only there', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'nul',
      'l',
      ' ',
      '\\',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (parts) => {
        const text = parts.join('');
        let expected: unknown;
        let isWrong = false;
        try {
          expected = JSON.parse(text);
        } catch {
          isWrong = true;
        }
        if (isWrong) should(failureOf(text).code).match(/^json-(malformed|empty)$/);
        else should(parse(text)).deepEqual(expected);
      }),
      cases(5000),
    );
  });

  it('keeps every escape, and halves of characters', () => {
    should(parse('"\\u00fc\\ud83d\\ude00\\n\\t\\/\\\\\\"\\b\\f\\r\\ud800"')).equal('ü😀\n\t/\\"\b\f\r\ud800');
  });

  it('takes the last of two values of one name', () => {
    should(parse('{"k":1,"k":2}')).deepEqual({ k: 2 });
  });

  it('keeps as text what no number can hold exactly', () => {
    should(parse('[9007199254740991,9007199254740993,-12345678901234567890,1e400,1.0,1e3,0.1]')).deepEqual([
      9007199254740991,
      '9007199254740993',
      '-12345678901234567890',
      '1e400',
      1,
      1000,
      0.1,
    ]);
  });

  it('leaves out names that reach into prototypes, at any depth', () => {
    const found = parse('{"a":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"\\u005f_proto__":2,"b":1}}');
    should(found).deepEqual({ a: { b: 1 } });
    const { a } = found as { a: object };
    should(Object.getPrototypeOf(a)).equal(Object.prototype);
    should(({} as { x?: number }).x).be.undefined();
  });

  it('leaves out a byte order mark, and reads past what is not UTF-8', () => {
    should(parseJson(Buffer.from('\ufeff{"a":1}'))).deepEqual({ a: 1 });
    should(parseJson(Buffer.from([0x22, 0xff, 0x61, 0x22]))).equal('\ufffda');
  });

  for (const [what, body, code, place] of [
    ['nothing', '', 'json-empty', 'the whole at character 1'],
    ['blanks', ' \n ', 'json-empty', 'the whole at character 4'],
    ['an object that is cut off', '{"a":{"b":[1,', 'json-malformed', 'a.b[1] at character 14'],
    ['a comma too many', '{"a":1,}', 'json-malformed', 'a at character 8'],
    ['a text without an end', '{"name":"x', 'json-malformed', 'name at character 11'],
    ['a line break in a text', '["a\nb"]', 'json-malformed', '[0] at character 4'],
    ['a wrong escape', '["\\x"]', 'json-malformed', '[0] at character 3'],
    ['two values', '{} {}', 'json-malformed', 'the whole at character 4'],
    ['single quotes', "{'a':1}", 'json-malformed', 'the whole at character 2'],
    ['not a number', '[NaN]', 'json-malformed', '[0] at character 2'],
    ['a leading zero', '[01]', 'json-malformed', '[0] at character 3'],
    ['XML', '<a/>', 'json-malformed', 'the whole at character 1'],
  ] as const) {
    it(`is refused with its place: ${what}`, () => {
      const error = failureOf(body);
      should(error.code).equal(code);
      should(error.place).equal(place);
      should(error.message).containEql(place);
    });
  }

  it('is refused where it is too deep, or has too many values or names', () => {
    should(failureOf('['.repeat(1_000_000)).code).equal('json-too-deep');
    should(failureOf('{"a":'.repeat(65)).code).equal('json-too-deep');
    should(parse(`${'['.repeat(64)}${']'.repeat(64)}`)).be.an.Array();
    should(failureOf(`[${'0,'.repeat(500_000)}0]`).code).equal('json-too-many');
    const names = (count: number): string => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join()}}`;
    should(failureOf(`{"a":${names(1001)}}`).code).equal('json-too-many');
    should(failureOf(`{"a":${names(1001)}}`).message).match(/an object has more than 1000 names \(a\.1000 at/);
    should(Object.keys(parse(names(1000)) as object)).have.length(1000);
    should(failureOf(`{"${'a'.repeat(500_000)}":x}`).message.length).be.below(300);
    should(failureOf(`{"${'a'.repeat(1001)}":1}`)).have.properties({ code: 'json-too-many' });
    should(parse(`{"${'a'.repeat(1000)}":"${'b'.repeat(17_000)}"}`)).have.property('a'.repeat(1000));
  });

  it('makes a text of escapes in one piece, whatever else is in the post', () => {
    const escapes = String.raw`\n\"\u00e9`.repeat(30_000);
    const { parse: original } = JSON;
    const made: number[] = [];
    JSON.parse = (text, ...more) => {
      made.push(text.length);
      return original(text, ...more) as unknown;
    };
    try {
      const found = parse(`{"id":9007199254740993,"a":"${escapes}"}`) as { readonly a: string };
      should(found.a).equal('\n"é'.repeat(30_000));
    } finally {
      JSON.parse = original;
    }
    should(made.at(-1)).equal(escapes.length + 2);
  });

  it('names the place in a text of escapes', () => {
    const escapes = String.raw`\n\"\u00e9`.repeat(1000);
    for (const [end, place] of [
      ['', 10_005],
      [String.raw`\x"}`, 10_005],
      ['\u0001"}', 10_005],
      [String.raw`\u12"}`, 10_005],
      ['"}{', 10_007],
    ] as const) {
      const { code, message } = failureOf(`{"a":"${escapes}${end}`);
      should(code).equal('json-malformed');
      should(message).match(new RegExp(`at character ${place + 2}\\)`));
    }
  });
});
