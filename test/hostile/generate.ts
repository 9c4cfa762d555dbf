/** Makes hostile posts: golden samples with wounds, trees out of the devices' own words, and noise. */
import * as fc from 'fast-check';
import { readSamples } from '../support/samples';

const samples = readSamples('viewtron');
/** Element names of all samples, with the names that may hurt. */
const tags = [...new Set(samples.flatMap(({ body }) => body.toString().match(/(?<=<)[A-Za-z][\w.]*/g) ?? []))];
const hostileTags = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'x:item',
  ':',
  'a:',
  '_',
  '#text',
  'length',
  'toJSON',
  'then',
];
const values = [
  '',
  ' ',
  '0',
  '-0',
  '1',
  '-1',
  '007',
  '1.5',
  '1e9',
  '0x1F',
  'NaN',
  'Infinity',
  'true',
  'false',
  'null',
  '99999999999999999999',
  '-99999999999999999999',
  '1927000000',
  '1927000000000',
  '1927000000000000',
  '9'.repeat(400),
  '2031-02-03 04:05:06',
  '02-03-2031 04:05:06 PM',
  '0000-00-00 00:00:00',
  '9999-12-31 23:59:60',
  '2031-02-30 01:02:03',
  '10000',
  '10001',
  '0 0 0 0',
  'SMART_START',
  'SMART_STOP',
  'VEHICE',
  'VFD',
  'PEA',
  'AVD',
  'MOTION',
  'VSD',
  'NEW_TYPE',
  'keepalive',
  'tripwire',
  'area',
  'whiteList',
  'approach',
  '02:00:5e:10:00:41',
  '#picture:0',
  '#picture:-1',
  '/9j/4AAQ',
  '/9j/2f//2P/Y/9j/',
  '<![CDATA[x]]>',
  ']]>',
  '&amp;',
  '&#0;',
  '&#xD800;',
  '&#1114112;',
  '&nothing;',
  '11110000\n00001111',
  '\u0000',
  '\ud800',
  '__proto__',
  '💥',
];
const attributes = [
  'type',
  'id',
  'count',
  'maxLen',
  'version',
  'xmlns',
  'xmlns:x',
  'x:y',
  '__proto__',
  'constructor',
  'x:__proto__',
  'toString',
];

const tag = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...tags) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileTags) },
);
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...values) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
const attribute = fc
  .tuple(fc.constantFrom(...attributes), fc.constantFrom('1', 'true', '', "it's", '>', '</config>', '&lt;', '9999'))
  .map(([name, text]) => ` ${name}="${text}"`);

/** Well-formed as far as its names and values are. */
const { tree } = fc.letrec<{ tree: string; content: string }>((tie) => ({
  tree: fc
    .tuple(tag, fc.array(attribute, { maxLength: 2 }), tie('content'))
    .map(([name, added, content]) => `<${name}${added.join('')}>${content}</${name}>`),
  content: fc.oneof(
    { maxDepth: 7, depthIdentifier: 'tree' },
    value,
    fc.array(tie('tree'), { maxLength: 4 }).map((parts) => parts.join('')),
    tie('tree'),
  ),
}));

/** A detection whose parts are in their places and whose values are not what they should be. */
const detection = fc
  .tuple(
    fc.constantFrom('VEHICE', 'VFD', 'PEA', 'AVD', 'MOTION', 'VSD', 'PASSLINECOUNT', 'TRAFFIC', 'x'),
    fc.array(tree, { maxLength: 6 }),
  )
  .map(
    ([code, parts]) =>
      `<config version="1.7"><smartType type="openAlramObj">${code}</smartType>${parts.join('')}</config>`,
  );

const wound = fc.record({
  kind: fc.constantFrom(
    'flip',
    'cut',
    'remove',
    'repeat',
    'insert',
    'swap-tags',
    'rename',
    'number',
    'revalue',
    'invalid',
  ),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 300 }),
  byte: fc.integer({ min: 1, max: 255 }),
  tag,
  value,
});
type Wound = typeof wound extends fc.Arbitrary<infer T> ? T : never;

function splice(body: Buffer, start: number, end: number, middle: string | Buffer): Buffer {
  return Buffer.concat([body.subarray(0, start), Buffer.from(middle), body.subarray(end)]);
}

/** Replaces the match nearest behind a place, or nothing where there is none. */
function replaceNear(body: Buffer, at: number, pattern: RegExp, by: (found: string) => string): Buffer {
  const text = body.toString('latin1');
  const found = pattern.exec(text.slice(at));
  if (found === null) return body;
  const start = at + found.index;
  return splice(body, start, start + found[0].length, by(found[0]));
}

function hurt(body: Buffer, { kind, at, length, byte, tag: name, value: text }: Wound): Buffer {
  const start = Math.floor(at * body.length);
  switch (kind) {
    case 'flip': {
      const flipped = Buffer.from(body);
      if (start < flipped.length) flipped.writeUInt8(flipped.readUInt8(start) ^ byte, start);
      return flipped;
    }
    case 'cut':
      return body.subarray(0, start);
    case 'remove':
      return splice(body, start, start + length, '');
    case 'repeat':
      return splice(body, start, start, body.subarray(start, start + length));
    case 'insert':
      return splice(body, start, start, text);
    case 'swap-tags':
      return replaceNear(body, start, /<(\w+)>([^<]*)<\/(\w+)>/, (found) =>
        found.replace(/<(\w+)>([^<]*)<\/(\w+)>/, '</$3>$2<$1>'),
      );
    case 'rename':
      return replaceNear(body, start, /<\/?[\w.:]+/, (found) => (found.startsWith('</') ? `</${name}` : `<${name}`));
    case 'number':
      return replaceNear(body, start, /\d+/, (found) => found.repeat(1 + (byte % 40)));
    case 'revalue':
      return replaceNear(body, start, />[^<>]*</, () => `>${text}<`);
    case 'invalid':
      return splice(body, start, start, Buffer.from([byte | 0x80, 0xc0, 0xff].slice(0, 1 + (length % 3))));
    default:
      return body;
  }
}

const wounded = fc
  .tuple(fc.constantFrom(...samples), fc.array(wound, { minLength: 1, maxLength: 6 }))
  .map(([sample, wounds]) => wounds.reduce(hurt, sample.body));

const noise = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '!',
        '?',
        '[CDATA[',
        ']]>',
        '--',
        '"',
        "'",
        '=',
        '&',
        ';',
        'a',
        ':',
        ' ',
        '\n',
        '\0',
        '#',
        '<a>',
        '</a>',
        '<!--',
        '-->',
        'base64',
        '<base64>',
      ),
      { maxLength: 60 },
    )
    .map((parts) => Buffer.from(parts.join(''))),
);

export const hostileBody: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 5, arbitrary: wounded },
  { weight: 2, arbitrary: tree.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: detection.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: noise },
);

export const anyOptions = fc.record({
  pictures: fc.constantFrom('none', 'buffer', 'base64', 'data-url'),
  timeZone: fc.constantFrom('', 'UTC', 'Europe/Berlin', '+02:00'),
  dateOrder: fc.constantFrom('month-first', 'day-first'),
});
