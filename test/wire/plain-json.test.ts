/** The reader of plain JSON gives what the general parser gives, to the order of the names, or leaves a text to it. */
import * as fc from 'fast-check';
import should from 'should';
import { parseAnyJson, standardJsonLimits, type JsonLimits } from '../../src/wire/json';
import { readPlainJson } from '../../src/wire/plain-json';
import { cases } from '../support/cases';
import { readSamples } from '../support/samples';

/** True where the text was read; anything but the general parser's result throws. */
function agree(text: string, limits: JsonLimits = standardJsonLimits): boolean {
  const read = readPlainJson(text, limits);
  if (read === undefined) return false;
  const parsed = parseAnyJson(text, limits);
  should(read).deepEqual(parsed);
  should(JSON.stringify(read)).equal(JSON.stringify(parsed));
  return true;
}

const samples = readSamples('pdk').map(({ body }) => body.toString());

function manyNames(count: number): string {
  return Array.from({ length: count }, (_, index) => `"k${index}":0`).join(',');
}

describe('reading plain JSON', () => {
  it('agrees with the parser on every sample, and reads most of them', () => {
    const read = samples.filter((text) => agree(text));
    should(read.length).be.above(samples.length / 2);
  });

  it('agrees with the parser on any JSON, whole and hurt, whatever the limits', () => {
    const pieces = fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      'e9',
      '.5',
      '\t',
      '1e400',
      '9007199254740993',
    );
    const limits = fc.record({
      depth: fc.nat({ max: 8 }),
      values: fc.nat({ max: 60 }),
      names: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.constantFrom(...samples)),
        fc.nat(),
        pieces,
        limits,
        (text, at, piece, few) => {
          const place = at % (text.length + 1);
          for (const each of [text, text.slice(0, place) + piece + text.slice(place), text.slice(place)]) {
            agree(each);
            agree(each, few);
          }
        },
      ),
      cases(5000),
    );
  });

  it('agrees with the parser on names that come twice, dangerous ones and numbers of any size', () => {
    const name = fc.constantFrom('a', 'b', '1', '__proto__', 'constructor', 'toString', '');
    const value = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(
          '0',
          '-0',
          '1.0',
          '1e2',
          '1e21',
          '9007199254740991',
          '9007199254740992',
          '0.1',
          '1e-400',
          'null',
          '"x"',
        ),
        fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
        fc
          .array(fc.tuple(name, tie('value')), { maxLength: 3 })
          .map((all) => `{${all.map(([key, each]) => `"${key}":${each}`).join(', ')}}`),
      ),
    })).value;
    const limits = fc.record({
      depth: fc.nat({ max: 6 }),
      values: fc.nat({ max: 20 }),
      names: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(value, limits, (text, few) => {
        agree(text);
        agree(text, few);
      }),
      cases(5000),
    );
  });

  for (const [what, text] of Object.entries({
    'a number with more digits than JavaScript keeps': '{"id":9007199254740993}',
    'a name that reaches into prototypes': '{"a":{"__proto__":1}}',
    'a text that is none': '{"a":',
    'a bare value': '1',
    'more levels than are allowed': '['.repeat(65) + ']'.repeat(65),
    'something deep under a name that comes twice': `{"a":${'['.repeat(64)}${']'.repeat(64)},"a":1}`,
    'more levels in an object than are allowed': `${'{"a":'.repeat(65)}0${'}'.repeat(65)}`,
    'more names than one object may have': `{${manyNames(1001)}}`,
    'a name that is longer than any': `{"${'n'.repeat(1001)}" :0}`,
    'more than can be counted': `[${'0,'.repeat(50_000)}0]`,
    nothing: '',
  })) {
    it(`leaves ${what} to the parser`, () => {
      should(readPlainJson(text, standardJsonLimits)).be.undefined();
    });
  }

  it('reads as many names as one object may have, in as many objects as there are', () => {
    const text = `[${Array.from({ length: 20 }, () => `{${manyNames(1000)}}`).join(',')}]`;
    should(readPlainJson(text, standardJsonLimits)).be.an.Array().and.have.length(20);
    agree(text);
  });

  for (const [what, text] of Object.entries({
    'brackets in brackets': '['.repeat(100_000) + ']'.repeat(100_000),
    'objects in objects': `${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}`,
    'numbers without end': `[${'0,'.repeat(100_000)}0]`,
    'empty objects without end': `[${'{},'.repeat(100_000)}{}]`,
    'names without end': `{${manyNames(100_000)}}`,
    'more names than one object may have, in an array': `[0,{${manyNames(1001)}}]`,
    'long names': `{${Array.from({ length: 500 }, (_, index) => `"${index}${'n'.repeat(17_000)}":0`).join()}}`,
    'brackets under a name that comes again': `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"a":1}`,
  })) {
    it(`makes nothing of ${what}, not for a moment`, () => {
      const { parse } = JSON;
      let asked = 0;
      JSON.parse = (...given) => {
        asked += 1;
        return parse(...given) as unknown;
      };
      try {
        should(readPlainJson(text, standardJsonLimits)).be.undefined();
      } finally {
        JSON.parse = parse;
      }
      should(asked).equal(0);
    });
  }
});
