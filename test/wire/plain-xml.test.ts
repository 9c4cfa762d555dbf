/** The reader of plain documents gives what the general parser gives, to the order of the keys, or leaves a document to it. */
import * as fc from 'fast-check';
import should from 'should';
import type { CameraIdentity } from '../../simulators/viewtron/identity';
import {
  writeCameraAlarmStatus,
  writePerimeter,
  writeRecorderKeepalive,
  writeTraject,
} from '../../simulators/viewtron/posts';
import { liftPictures } from '../../src/wire/lift';
import { readPlainXml } from '../../src/wire/plain-xml';
import { decodeText, parseAnyXml } from '../../src/wire/xml';
import { hostileBody } from '../hostile/generate';
import { cases } from '../support/cases';
import { readSamples } from '../support/samples';
import { leaf, named, render, type Element } from '../support/xml';

function decode(body: Buffer): string | undefined {
  try {
    return decodeText(liftPictures(body).markup).text;
  } catch {
    return undefined; // refused before it comes to parsing
  }
}

/** True where the document was read; anything but the general parser's result throws. */
function agree(text: string): boolean {
  const read = readPlainXml(text);
  if (read !== undefined) should(JSON.stringify(read)).equal(JSON.stringify(parseAnyXml(text)));
  return read !== undefined;
}

const element: fc.Arbitrary<Element> = fc.letrec<{ element: Element }>((tie) => ({
  element: fc.oneof({ depthSize: 'small' }, leaf, named(fc.array(tie('element'), { maxLength: 4 }))),
})).element;

describe('reading plain XML', () => {
  const camera: CameraIdentity = {
    name: 'Yard cam',
    mac: '02:00:5e:10:00:41',
    serial: 'N0000000041',
    ip: '192.0.2.41',
  };
  const post = { camera, firmware: '5.1.4', timeMs: Date.UTC(2031, 1, 3) } as const;
  const box = { x1: 4100, y1: 700, x2: 5200, y2: 8100 };
  const everyday = {
    'a heartbeat': writeRecorderKeepalive({ name: 'Recorder', mac: '02:00:5e:10:00:42', ip: '192.0.2.42' }),
    'an alarm state': writeCameraAlarmStatus({ ...post, utcOffsetMinutes: 0, field: 'motionAlarm', on: true }),
    'a tracking post': writeTraject({
      ...post,
      targets: [
        { targetId: 7, type: 'person', box },
        { targetId: 8, type: 'car', box },
      ],
    }),
    'a detection': writePerimeter({ ...post, targetId: 7, eventId: 8, box, boundary: [{ x: 500, y: 400 }] }),
  };
  for (const [name, text] of Object.entries(everyday)) {
    it(`reads ${name} itself`, () => {
      should(agree(text)).be.true();
    });
  }

  it('agrees with the parser on every sample, and reads most of them', () => {
    const texts = readSamples('viewtron')
      .map(({ body }) => decode(body))
      .filter((text) => text !== undefined);
    const read = texts.filter((text) => agree(text));
    should(read.length).be.above(texts.length / 2);
  });

  it('agrees with the parser on every post with wounds', () => {
    fc.assert(
      fc.property(hostileBody, (body) => {
        const text = decode(body);
        if (text !== undefined) agree(text);
      }),
      cases(3000),
    );
  });

  it('agrees with the parser on any document', () => {
    fc.assert(
      fc.property(
        element,
        fc.nat(),
        fc.constantFrom('', ' ', '\r\n', '\n', 'x', '<', '>', '"', '/', '&'),
        (root, at, extra) => {
          const text = render(root).replaceAll(/(?:\r\n {2})?<!-- next -->/g, '\n');
          const place = at % (text.length + 1);
          agree(text);
          const hurt = text.slice(0, place) + extra + text.slice(place);
          agree(hurt);
        },
      ),
      cases(3000),
    );
  });

  it('agrees with the parser on attributes of names that were made up, short and long, and on real ones after them', () => {
    for (let name = 0; name < 500; name++) {
      should(agree(`<config a${name}="1" b${'x'.repeat(name % 100)}="2"><c id="3"/></config>`)).be.true();
    }
    should(agree('<config version="1.7"><c type="uint32" id="3">4</c></config>')).be.true();
  });

  it('tells again what stands in every post only where it is the same to the letter', () => {
    const wordings = ['<enum>a</enum>', '<enum>b</enum>', '<enum>a</enum><enum>b</enum>', '<!-- no -->', 'a', ''];
    const tags = [
      ['<types>', '</types>'],
      ['<types >', '</types>'],
      ['<types a="1">', '</types>'],
      ['<types>', '</types >'],
      ['<types>', ''],
      ['<b><types>', '</types></b>'],
      ['<types><types>', '</types></types>'],
      ['<types><types>', '</types>'],
    ] as const;
    const written = fc.tuple(fc.constantFrom(...tags), fc.constantFrom(...wordings));
    fc.assert(
      fc.property(fc.array(written, { maxLength: 4 }), (blocks) => {
        const text = blocks.map(([[opens, closes], words]) => `${opens}${words}${closes}`).join('<c/>');
        const document = `<config>${text}</config>`;
        for (let time = 0; time < 3; time++) {
          if (readPlainXml(document) !== undefined) agree(document);
        }
      }),
      cases(300),
    );
    const write = (words: string): string => `<config><types>${words}</types></config>`;
    for (const words of [...wordings, ...wordings]) {
      if (!words.startsWith('<!')) should(agree(write(words))).be.true();
    }
    // many firmwares, or somebody who makes them up
    for (let other = 0; other < 100; other++) should(agree(write(`<enum>${other}</enum>`))).be.true();
    should(agree(write(`<enum>${'x'.repeat(5000)}</enum>`))).be.true();
  });

  it('agrees with the parser on any row of marks', () => {
    const pieces = [
      '<a>',
      '</a>',
      '<b c="d">',
      '</b>',
      '<b/>',
      '<b c=""/>',
      ' ',
      '\n',
      '\r',
      'x',
      'é',
      '<![CDATA[',
      ']]>',
    ];
    const marks = [
      ...pieces,
      '<?xml version="1.0"?>',
      '<?',
      '?>',
      '<!-- -->',
      '<a:b>',
      '<toString>',
      '</toString>',
      '<prototype/>',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...marks), { maxLength: 12 }), (parts) => {
        agree(parts.join(''));
        agree(`<a>${parts.join('')}</a>`);
      }),
      cases(5000),
    );
  });

  for (const [what, text] of Object.entries({
    'a reference': '<a>&amp;</a>',
    'a comment': '<a><!-- b --></a>',
    'a document type': '<!DOCTYPE a><a/>',
    'a name space': '<x:a/>',
    'text beside elements': '<a>b<c/></a>',
    'text behind the root': '<a/>b',
    'text before it': 'b<a/>',
    'a single quote': "<a b='c'/>",
    'a tag that closes another': '<a><b></a></b>',
    'a tag in other letters': '<a></A>',
    'a part of a document': '<a><b>1</b>',
    'a name that every object has': '<a><toString/></a>',
    'a name that leads to all objects': '<a><prototype/></a>',
    'two roots': '<a/><b/>',
    'more than a device writes': `<a>${'<b/>'.repeat(500)}</a>`,
    'elements in elements without end': '<a>'.repeat(33) + '</a>'.repeat(33),
    nothing: '',
  })) {
    it(`leaves ${what} to the parser`, () => {
      should(readPlainXml(text)).be.undefined();
    });
  }
});
