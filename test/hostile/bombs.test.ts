/** Posts made to cost much cost little: they are refused for a reason, or give no more than they brought. */
import { appendFileSync } from 'node:fs';
import * as fc from 'fast-check';
import should from 'should';
import type { PictureMode } from '../../src/vendors/vendor';
import { viewtron } from '../../src/vendors/viewtron';
import { wordsLimit } from '../../src/wire/effort';
import { readJpegSize } from '../../src/wire/jpeg';
import { cases } from '../support/cases';
import { makePost, openOptions } from '../support/events';
import { detection, fill, jpegOf, numbered, largeBombs, multiplyingBombs, scene, smallBombs, type Bomb } from './bombs';
import { judge, weigh } from './judge';

/** The name of a file takes the times, which no test asks for: `BOMB_TIMES=times.txt`. */
const timesFile = process.env.BOMB_TIMES;

function receive(about: string, body: Buffer, pictures: PictureMode): ReturnType<typeof viewtron.receive> {
  const post = makePost(body);
  const start = performance.now();
  const outcome = viewtron.receive(post, { ...openOptions, pictures });
  const took = performance.now() - start;
  if (timesFile !== undefined) {
    appendFileSync(timesFile, `${took.toFixed(1).padStart(8)} ms  ${body.length} bytes, ${pictures}: ${about}\n`);
  }
  return outcome;
}

/** Values in all events together: the golden samples have at most one for each byte, and an event has some of its own. */
function enough(body: Buffer): number {
  return 1000 + 10 * body.length;
}

/** Bytes that `receive` makes base64 of, which is what a picture costs once more each time. */
function countEncoded(action: () => void): number {
  const original = Buffer.prototype.toString;
  let encoded = 0;
  Buffer.prototype.toString = function count(encoding?: BufferEncoding, start?: number, end?: number): string {
    if (encoding === 'base64') encoded += (end ?? this.length) - (start ?? 0);
    return original.call(this, encoding, start, end);
  };
  try {
    action();
  } finally {
    Buffer.prototype.toString = original;
  }
  return encoded;
}

describe('a post made to cost much', () => {
  const isJudged = ({ about, body, error: code }: Bomb, pictures: PictureMode): void => {
    const outcome = receive(about, body, pictures);
    judge(outcome);
    should(outcome.error?.code).equal(code);
    if (code === undefined) should(outcome.events.length).be.above(0);
    should(weigh(outcome.events, enough(body))).be.belowOrEqual(enough(body));
  };

  for (const bomb of largeBombs) {
    for (const pictures of ['none', 'buffer'] as const) {
      it(`as large as the listener lets in, of ${bomb.about}, is ${bomb.error ?? 'an event'} (pictures: ${pictures})`, () =>
        isJudged(bomb, pictures));
    }
  }

  for (const bomb of smallBombs) {
    it(`of ${bomb.about} is ${bomb.error ?? 'an event'}`, () => isJudged(bomb, 'buffer'));
  }

  it('in one tag, of whatever letters, has no more attributes than a tag may have', () => {
    const marks = fc.constantFrom('"', "'", '=', ' ', 'a', '/', '\n', '==', '="', "=''", '"">');
    fc.assert(
      fc.property(
        fc.array(marks, { maxLength: 3 }),
        fc.array(marks, { minLength: 1, maxLength: 5 }),
        (start, marked) => {
          const repeated = numbered(300, (name) => marked.join('').replaceAll('a', name));
          const { events } = viewtron.receive(
            makePost(`<config ${start.join('')}${repeated}><b/></config>`),
            openOptions,
          );
          const raw = events[0]?.raw as { readonly config?: unknown } | undefined;
          should(Object.keys(raw?.config ?? {}).length).be.belowOrEqual(wordsLimit + 2);
        },
      ),
      cases(2000),
    );
  });

  for (const bomb of multiplyingBombs) {
    it(`of ${bomb.about} gives no more than ten values for each of its bytes`, () => {
      const outcome = receive(bomb.about, bomb.body, 'none');
      judge(outcome);
      should(weigh(outcome.events, enough(bomb.body))).be.belowOrEqual(enough(bomb.body));
    });
  }

  it('of one picture and many entries encodes the picture once', () => {
    const entries = `<perimeter><perInfo>${fill('<item><eventId>1</eventId></item>', 3000)}</perInfo></perimeter>`;
    const body = detection(scene(jpegOf(0, 30_000)) + entries);
    const encoded = countEncoded(() => receive('one picture, many entries', body, 'base64'));
    should(encoded)
      .be.above(20_000)
      .and.below(2 * body.length);
  });

  for (const pictures of ['base64', 'data-url'] as const) {
    it(`of one picture that many targets point at encodes the picture once (pictures: ${pictures})`, () => {
      const pointer = '<item><targetImageData><targetBase64Data>#picture:0</targetBase64Data></targetImageData></item>';
      const body = detection(`${scene(jpegOf(0, 30_000))}<listInfo>${fill(pointer, 10_000)}</listInfo>`, 'VSD');
      const encoded = countEncoded(() => receive('one picture, many pointers', body, pictures));
      should(encoded)
        .be.above(20_000)
        .and.below(2 * body.length);
    });
  }

  for (const [about, filler] of [
    ['fill bytes', 'ff'],
    ['empty segments', 'ffe00002'],
  ] as const) {
    it(`of a picture of ${about} is measured from its beginning alone`, () => {
      const bytes = Buffer.from(`ffd8${fill(filler, 1_000_000)}`, 'hex');
      let reads = 0;
      const counted: Buffer = new Proxy(bytes, {
        get(target, key) {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
          return Reflect.get(target, key, target) as unknown;
        },
      });
      should(readJpegSize(counted)).be.undefined();
      should(reads).be.above(0).and.below(20_000);
    });
  }
});
