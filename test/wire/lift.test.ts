/** Lifting takes the pictures out of a post and nothing else: the parser sees the same tree as before. */
import * as fc from 'fast-check';
import should from 'should';
import { WireError } from '../../src/errors';
import { findPicture, liftPictures, markupLimitBytes } from '../../src/wire/lift';
import { isPictureElement } from '../../src/wire/pictures';
import { child, descend, text } from '../../src/wire/read';
import { decodeText, parseXml } from '../../src/wire/xml';
import { makeJpeg, wrapBase64 } from '../support/events';
import { leaf, named, render, type Element } from '../support/xml';
import { cases } from '../support/cases';

const jpeg = makeJpeg(160, 90);
const crop = makeJpeg(64, 48);
const base64 = wrapBase64(jpeg, 76, '\r\n');

function post(content: string): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\r\n<config>${content}</config>`);
}

/** The picture at the end of a path, found as the vendor's readers find it. */
function pictureAt(body: Buffer, ...path: readonly string[]): Buffer | undefined {
  const { markup, pictures } = liftPictures(body);
  const { root, tree } = parseXml(decodeText(markup).text);
  return findPicture(text(descend(child(tree, root), ...path)), pictures)?.jpeg();
}

describe('a picture in a post', () => {
  const forms: readonly (readonly [name: string, element: string])[] = [
    ['plain text', `<sourceBase64Data>${base64}</sourceBase64Data>`],
    ['CDATA', `<sourceBase64Data><![CDATA[${base64}]]></sourceBase64Data>`],
    ['CDATA on a line of its own', `<sourceBase64Data>\r\n<![CDATA[${base64}]]>\r\n</sourceBase64Data>`],
    ['an element with attributes', `<sourceBase64Data type="x" length="1">${base64}</sourceBase64Data>`],
    ['an element with a prefix', `<n:sourceBase64Data>${base64}</n:sourceBase64Data>`],
    ['an element on two lines', `<sourceBase64Data\r\n type="x"\r\n>${base64}</sourceBase64Data>`],
    ['blanks around it', `<sourceBase64Data>\r\n  ${base64}\r\n  </sourceBase64Data>`],
  ];
  for (const [name, element] of forms) {
    it(`is found in ${name}`, () => {
      const { markup, pictures } = liftPictures(post(element));
      should(pictures).have.length(1);
      should(markup.length).be.below(200);
      should(pictureAt(post(element), 'sourceBase64Data')).deepEqual(jpeg);
    });
  }

  it('is found in any letter case of the name', () => {
    should(liftPictures(post(`<SOURCEBASE64DATA>${base64}</SOURCEBASE64DATA>`)).pictures).have.length(1);
  });

  it('stays where it is when it is tiny, and is found all the same', () => {
    const tiny = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    const body = post(`<sourceBase64Data>${tiny.toString('base64')}</sourceBase64Data>`);
    should(liftPictures(body).pictures).be.empty();
    should(pictureAt(body, 'sourceBase64Data')).deepEqual(tiny);
  });

  it('is told from others of the same post', () => {
    const body = post(
      `<a><sourceBase64Data>${base64}</sourceBase64Data></a>` +
        `<b><targetBase64Data><![CDATA[${crop.toString('base64')}]]></targetBase64Data></b>`,
    );
    should(pictureAt(body, 'a', 'sourceBase64Data')).deepEqual(jpeg);
    should(pictureAt(body, 'b', 'targetBase64Data')).deepEqual(crop);
  });

  it('is found behind markup that looks like one', () => {
    const body = post(
      `<!-- <sourceBase64Data> > --><a b="x > y"/><c><![CDATA[<targetBase64Data>]]></c>` +
        `<sourceBase64Length>${base64.length}</sourceBase64Length><sourceBase64Data>${base64}</sourceBase64Data>`,
    );
    should(pictureAt(body, 'sourceBase64Data')).deepEqual(jpeg);
  });

  it('is no picture when it is a word', () => {
    should(pictureAt(post('<sourceBase64Data>BASE64_JPEG_DATA</sourceBase64Data>'), 'sourceBase64Data')).be.undefined();
  });

  it('is cut off with the post: what is left says so, and is small', () => {
    const whole = post(
      `<sourceBase64Data>${wrapBase64(Buffer.concat([jpeg, Buffer.alloc(300_000)]), 76, '\r\n')}</sourceBase64Data>`,
    );
    for (const length of [200, 4_000, 70_000, whole.length - 30, whole.length - 19, whole.length - 1]) {
      const { markup } = liftPictures(whole.subarray(0, length));
      should(markup.length).be.belowOrEqual(markupLimitBytes);
      should(() => parseXml(decodeText(markup).text)).throw(WireError, { code: 'xml-not-well-formed' });
    }
  });
});

describe('a placeholder that the device wrote itself', () => {
  it('stays text where it is no picture element', () => {
    const body = post(`<deviceName>#picture:0</deviceName><sourceBase64Data>${base64}</sourceBase64Data>`);
    const { markup } = liftPictures(body);
    should(descend(parseXml(decodeText(markup).text).tree, 'config', 'deviceName')).equal('#picture:0');
  });

  for (const forged of [
    '#picture:99',
    '#picture:-1',
    '#picture:x',
    '#picture:1e9',
    '#picture:length',
    '#picture:__proto__',
  ]) {
    it(`names no picture: ${forged}`, () => {
      const body = post(
        `<a><sourceBase64Data>${base64}</sourceBase64Data></a><targetBase64Data>${forged}</targetBase64Data>`,
      );
      should(pictureAt(body, 'targetBase64Data')).be.undefined();
    });
  }

  for (const forged of ['#picture:', '#picture:0x0', '#picture: 0']) {
    it(`names no picture, though a lenient reader could take it for the first: ${forged}`, () => {
      const body = post(
        `<a><sourceBase64Data>${base64}</sourceBase64Data></a><targetBase64Data>${forged}</targetBase64Data>`,
      );
      should(pictureAt(body, 'targetBase64Data')).be.undefined();
    });
  }

  it('reaches no picture but those of its own post', () => {
    should(pictureAt(post('<targetBase64Data>#picture:0</targetBase64Data>'), 'targetBase64Data')).be.undefined();
  });
});

describe('what is lifted', () => {
  it('is told by the name of the element', () => {
    for (const name of ['sourceBase64Data', 'targetBase64Data', 'faceBASE64', 'n:base64']) {
      should(isPictureElement(name)).be.true();
    }
    for (const name of ['targetBase64Length', 'sourceBASE64LENGTH', 'deviceName', 'base32']) {
      should(isPictureElement(name)).be.false();
    }
  });

  it('is no text of another element, however long', () => {
    const body = post(`<note>${base64}</note><base64:note>${base64}</base64:note><closed64 base64="1"/>`);
    should(liftPictures(body)).have.property('pictures').which.is.empty();
    should(liftPictures(body).markup.equals(body)).be.true();
  });

  it('is no text behind an empty or closed picture element', () => {
    for (const element of ['<sourceBase64Data/>', '<sourceBase64Data></sourceBase64Data>']) {
      should(liftPictures(post(`<a>${element}${base64}</a>`)).pictures).be.empty();
    }
  });

  it('is text before the root, however long, and text behind it', () => {
    const root = `<config><!-- > --><sourceBase64Data>${base64}</sourceBase64Data></config>`;
    const long = jpeg.toString('base64').repeat(60);
    for (const body of [
      `<?xml version="1.0"?>${long}${root}`,
      `<?xml version="1.0"?><!-- a > b -->${long}\r\n<?go a > b?>${long}${root}${long}`,
      long + root,
      root + long,
    ]) {
      should(pictureAt(Buffer.from(body), 'sourceBase64Data')).deepEqual(jpeg);
    }
  });

  it('leaves at most 128 KB, or the post is refused with the place', () => {
    const filler = `<b>${'x'.repeat(1000)}</b>`;
    should(liftPictures(post(filler.repeat(128))).pictures).be.empty();
    should(() => liftPictures(post(filler.repeat(131)))).throw(WireError, {
      code: 'xml-too-big',
      place: /^byte \d+ of \d+$/,
    });
    const pictures = `<sourceBase64Data>${base64}</sourceBase64Data>`.repeat(50);
    should(liftPictures(post(pictures)).pictures).have.length(50);
    should(() => liftPictures(post(pictures + filler.repeat(131)))).throw(WireError, { code: 'xml-too-big' });
  });

  it('leaves out what goes beyond 8 MB of pictures, and says so', () => {
    const large = `<sourceBase64Data>/9j/${'A'.repeat(5 * 1024 * 1024)}</sourceBase64Data>`;
    const { pictures, flaw } = liftPictures(post(large + large));
    should(pictures.map((picture) => picture.jpeg() !== undefined)).deepEqual([true, false]);
    should(flaw?.code).equal('pictures-too-large');
    should(liftPictures(post(large)).flaw).be.undefined();
  });

  it('is the same of a small post, which a look is enough for, as of one that is walked over', () => {
    const long = 'A'.repeat(300);
    const part = fc.constantFrom(
      '<?xml version="1.0"?>',
      `<?xml ${long}?>`,
      '<?xml',
      '\ufeff',
      ' ',
      long,
      'A',
      `<!--${long}-->`,
      '<!DOCTYPE a>',
      '<config>',
      '</config>',
      `<a>${long}</a>`,
      `<a><![CDATA[${long}]]></a>`,
      `<sourceBase64Data>${long}</sourceBase64Data>`,
      `<n:SOURCEBASE64DATA><![CDATA[${long}]]></n:SOURCEBASE64DATA>`,
      '<sourceBase64Length>300</sourceBase64Length>',
      '<',
      '>',
    );
    const padding = ' '.repeat(5000);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), fc.array(part, { maxLength: 5 }), (before, within) => {
        const small = `${before.join('')}<config>${within.join('')}</config>`;
        should(small.length).be.below(4096);
        const quick = liftPictures(Buffer.from(small));
        const walked = liftPictures(Buffer.from(`${small}${padding}`));
        should(quick.pictures.length).equal(walked.pictures.length);
        should(walked.markup.toString() === `${quick.markup.toString()}${padding}`).be.true();
      }),
      cases(500),
    );
  });

  it('changes nothing that the parser sees elsewhere', () => {
    const picture = fc
      .tuple(
        fc.constantFrom('sourceBase64Data', 'targetBase64Data'),
        fc.constantFrom(base64, crop.toString('base64'), ''),
        fc.boolean(),
      )
      .map(([name, data, isCdata]): Element => ({
        name,
        attributes: {},
        content: { text: data, form: isCdata ? 'cdata' : 'plain' },
      }));
    const element = fc.letrec<{ element: Element }>((tie) => ({
      element: fc.oneof({ depthSize: 'small' }, leaf, picture, named(fc.array(tie('element'), { maxLength: 5 }))),
    })).element;
    fc.assert(
      fc.property(element, (root) => {
        const body = Buffer.from(render(root));
        const { markup, pictures } = liftPictures(body);
        const isPlaceholder = (value: unknown): value is string =>
          typeof value === 'string' && /^#picture:[\w-]+:\d+$/.test(value);
        const lifted = JSON.stringify(parseXml(markup.toString()).tree, (_key, value: unknown) =>
          isPlaceholder(value) ? findPicture(value, pictures)?.jpeg()?.toString('base64') : value,
        );
        const whole = JSON.stringify(parseXml(body.toString()).tree, (_key, value: unknown) =>
          typeof value === 'string' && value.startsWith('/9j/') ? value.replaceAll(/\s/g, '') : value,
        );
        should(lifted).equal(whole);
      }),
      cases(300),
    );
  });
});
