/** A document that is read by the pattern of another gives what the general parser gives, or is left to it. */
import * as fc from 'fast-check';
import should from 'should';
import { writeCameraAlarmStatus, writeRecorderKeepalive, writeTraject } from '../../simulators/viewtron/posts';
import { Patterns } from '../../src/wire/pattern-xml';
import { findRoot, readPlainXml } from '../../src/wire/plain-xml';
import { parseAnyXml, type XmlDocument } from '../../src/wire/xml';
import { cases } from '../support/cases';
import { leaf, named, render, type Element } from '../support/xml';

function readAny(text: string): XmlDocument | undefined {
  try {
    return parseAnyXml(text);
  } catch {
    return undefined;
  }
}

/** A reader that has learned one document. Undefined where nobody would have it learn that. */
function learn(text: string): Patterns | undefined {
  if (readPlainXml(text) === undefined) return undefined;
  const patterns = new Patterns();
  patterns.learn(text, findRoot(text), readAny);
  return patterns;
}

/** True where the document was read; anything but the general parser's result throws. */
function agree(patterns: Patterns, text: string): boolean {
  // references are never given to it
  const read = text.includes('&') ? undefined : patterns.read(text);
  if (read !== undefined) should(JSON.stringify(read)).equal(JSON.stringify(parseAnyXml(text)));
  return read !== undefined;
}

const camera = { name: 'Yard cam', mac: '02:00:5e:10:00:41', serial: 'N0000000041', ip: '192.0.2.41' };
const post = { camera, firmware: '5.1.4', timeMs: Date.UTC(2031, 1, 3) } as const;
const later = { camera: { ...camera, name: 'Gate ]] cam' }, firmware: '5.1.4', timeMs: Date.UTC(2031, 1, 4) } as const;
const box = { x1: 4100, y1: 700, x2: 5200, y2: 8100 };
const status = { utcOffsetMinutes: 0, field: 'motionAlarm' } as const;

function track(firmware: typeof post | typeof later, ...ids: readonly number[]): string {
  return writeTraject({ ...firmware, targets: ids.map((targetId) => ({ targetId, type: 'person', box })) });
}

describe('reading XML by the pattern of a document before', () => {
  const alike: Readonly<Record<string, readonly [string, string]>> = {
    'a heartbeat': [
      writeRecorderKeepalive({ name: 'Recorder', mac: '02:00:5e:10:00:42', ip: '192.0.2.42' }),
      writeRecorderKeepalive({ name: 'Another', mac: '02:00:5e:10:00:43', ip: '192.0.2.43' }),
    ],
    'an alarm state': [
      writeCameraAlarmStatus({ ...post, ...status, on: true }),
      writeCameraAlarmStatus({ ...later, ...status, on: false }),
    ],
    'a tracking post': [track(post, 7, 8), track(later, 9, 10)],
  };
  for (const [name, [first, next]] of Object.entries(alike)) {
    it(`reads ${name} of another device and time`, () => {
      const patterns = learn(first);
      should(patterns && agree(patterns, next)).be.true();
    });
  }

  it('leaves another number of targets, another attribute and another firmware to the parser', () => {
    const patterns = learn(track(post, 7)) ?? new Patterns();
    should(agree(patterns, track(post, 8))).be.true();
    should(agree(patterns, track(post, 7, 8))).be.false();
    should(agree(patterns, track(post, 7).replace('version="1.7"', 'version="1.8"'))).be.false();
    should(agree(patterns, track(post, 7).replace('<enum>MOTION</enum>', '<enum>MOTIONS</enum>'))).be.false();
  });

  it('leaves a tree as it was when the next is read', () => {
    const patterns = learn(track(post, 7)) ?? new Patterns();
    const first = patterns.read(track(post, 8));
    const before = JSON.stringify(first);
    should(patterns.read(track(later, 9))).not.be.undefined();
    should(JSON.stringify(first)).equal(before);
  });

  it('takes nothing in the declaration for a section or a tag', () => {
    // a section there, which has no end, was looked for again and again, for ever
    for (const declaration of [
      '<?xml ><![CDATA[?>',
      '<?xml <![CDATA[x]]> ?>',
      '<?xml <a>x</a> ?>',
      '<?xml <types> ?>',
    ]) {
      const text = `${declaration}<config><name>Yard</name></config>`;
      const patterns = learn(text);
      should(patterns && agree(patterns, text.replace('Yard', 'Gate'))).be.true();
    }
  });

  it('learns nothing of a document without an end', () => {
    for (const text of ['<r><a>1</a><![CDATA[x</r>', '<r><a>1</a', '<types']) {
      const patterns = new Patterns();
      patterns.learn(text, 0, () => {
        throw new Error('it was read');
      });
      should(patterns.read(text)).be.undefined();
    }
  });

  const words = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      'a',
      ' a',
      'a ',
      'a\r\nb',
      '\r',
      '<b/>',
      '<',
      '>',
      ']]>',
      ']]',
      '<![CDATA[x]]>',
      '<!-- -->',
    ),
    fc.string({ maxLength: 6 }),
  );

  it('agrees with the parser whatever stands where words were', () => {
    const [pre, ...gaps] = track(post, 7, 8).split(/(?<=>)[^<>\n]+(?=<)|(?<=\[CDATA\[)[^\]]+/);
    const patterns = learn(track(post, 7, 8)) ?? new Patterns();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(gaps.length - 1), words), { maxLength: 3 }), (changes) => {
        const changed = new Map(changes);
        agree(patterns, pre + gaps.map((gap, index) => `${changed.get(index) ?? '1'}${gap}`).join(''));
      }),
      cases(3000),
    );
  });

  it('agrees with the parser on any document, and on the same with other words and with wounds', () => {
    const element = fc.letrec<{ element: Element }>((tie) => ({
      element: fc.oneof({ depthSize: 'small' }, leaf, named(fc.array(tie('element'), { maxLength: 4 }))),
    })).element;
    fc.assert(
      fc.property(element, fc.array(fc.tuple(fc.nat(), words), { maxLength: 4 }), (root, wounds) => {
        const text = render(root).replaceAll(/(?:\r\n {2})?<!-- next -->/g, '\n');
        const patterns = learn(text);
        if (patterns === undefined) return;
        agree(patterns, text);
        for (const [at, extra] of wounds) {
          const place = at % (text.length + 1);
          agree(patterns, text.slice(0, place) + extra + text.slice(place));
          agree(patterns, text.slice(0, place) + extra + text.slice(place + 1));
          agree(patterns, text.replaceAll(/(?<=>)[^<>]+(?=<)/g, extra));
        }
      }),
      cases(3000),
    );
  });

  it('agrees with the parser whatever stands in a declaration', () => {
    const marks = fc.constantFrom(
      '<',
      '>',
      '?',
      '<![CDATA[',
      ']]>',
      '<types>',
      '</types>',
      '"',
      'a',
      ' ',
      '<!--',
      '</a>',
    );
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 6 }), (declaration) => {
        const text = `<?xml ${declaration.join('')}?><config><name>Yard</name></config>`;
        const patterns = learn(text);
        if (patterns === undefined) return;
        agree(patterns, text);
        agree(patterns, text.replace('Yard', 'Gate'));
      }),
      cases(3000),
    );
  });

  describe('while somebody makes up documents', () => {
    const makeUp = (serial: number): string => `<config><a${serial}>1</a${serial}></config>`;

    it('soon learns none of them, and still reads those that it knows', () => {
      const patterns = learn(track(post, 7)) ?? new Patterns();
      let learned = 0;
      for (let serial = 0; serial < 2000; serial++) {
        const text = makeUp(serial);
        should(patterns.read(text)).be.undefined();
        patterns.learn(text, 0, (marked) => {
          learned += 1;
          return readAny(marked);
        });
      }
      should(learned).be.within(1, 100);
    });

    it('learns again from a device that comes new, when those that are known have paid for it', () => {
      const patterns = learn(track(post, 7)) ?? new Patterns();
      for (let serial = 0; serial < 17; serial++) patterns.learn(makeUp(serial), 0, readAny);
      patterns.learn(track(post, 7, 8), findRoot(track(post, 7, 8)), readAny);
      should(agree(patterns, track(post, 8, 9))).be.false();
      for (let time = 0; time < 10; time++) should(agree(patterns, track(post, time))).be.true();
      patterns.learn(track(post, 7, 8), findRoot(track(post, 7, 8)), readAny);
      should(agree(patterns, track(post, 8, 9))).be.true();
    });

    it('keeps the patterns that fitted last', () => {
      const patterns = learn(track(post, 7)) ?? new Patterns();
      for (let serial = 0; serial < 200; serial++) {
        for (let time = 0; time < 4; time++) should(agree(patterns, track(post, time))).be.true();
        patterns.learn(makeUp(serial), 0, readAny);
      }
      should(agree(patterns, makeUp(199))).be.true();
      should(agree(patterns, makeUp(0))).be.false();
      should(agree(patterns, track(post, 7))).be.true();
    });
  });
});
