/** Cuts base64 pictures out of the raw bytes before anything becomes a string. */
import { randomUUID } from 'node:crypto';
import { WireError } from '../errors';
import { stepsLimit } from './effort';
import { EncodedPicture, isPictureElement } from './pictures';

/**
 * What is left of a post without its pictures. Real ones have 1 to 10 KB, 50 targets with zones of 8 points 75 KB,
 * indented 125 KB.
 */
export const markupLimitBytes = 128 * 1024;

/** Every element opens and closes; more tags would be refused behind the walk over them, which is not free either. */
const tagsLimit = 2 * stepsLimit;
/**
 * Base64 of all pictures of one post. The largest seen has 0.8 MB; decoding more than this would hold up everything else.
 */
const picturesLimitBytes = 8 * 1024 * 1024;
/** Shorter base64 stays where it is: the parser is done with it before a cut would pay. */
const worthLiftingBytes = 256;
/** Of so many bytes no part can be too much. */
const smallBytes = 4096;
/** Nobody outside can guess it, so no text of a post stands for a picture of that post. */
const placeholder = `#picture:${randomUUID()}:`;

const lessThan = 0x3c;
const greaterThan = 0x3e;
const exclamation = 0x21;
const question = 0x3f;
const slash = 0x2f;
const cdata = { opens: '<![CDATA[', closes: ']]>' };
/** What begins with `<!` or `<?`; the last is a declaration, which the parser refuses. */
const sections = [cdata, { opens: '<!--', closes: '-->' }, { opens: '<?', closes: '?>' }, { opens: '<!', closes: '>' }];

/** A post without its pictures, which are named by placeholders in the markup. */
export interface Lifted {
  readonly markup: Buffer;
  readonly pictures: readonly EncodedPicture[];
  /** Said where pictures were left out because there was too much of them. */
  readonly flaw?: WireError;
}

/**
 * Takes the text of every element whose name holds `base64` (`sourceBase64Data`, `targetBase64Data`) out of the bytes,
 * and text in front of the root element, where some cameras are said to put base64 too (reference 5.3). Anything
 * unexpected is left in place for the parser.
 *
 * @throws WireError `xml-too-big` when more than {@link markupLimitBytes} are left
 */
export function liftPictures(body: Buffer): Lifted {
  if (hasNothingToLift(body)) return { markup: body, pictures: [] };
  const pieces: Buffer[] = [];
  const pictures: EncodedPicture[] = [];
  let kept = 0;
  let lifted = 0;
  let from = 0;
  let tagStart = -1;
  let tagEnd = -1;
  let tags = 0;

  const lift = (start: number, end: number): void => {
    const mark = Buffer.from(`${placeholder}${pictures.length}`, 'latin1');
    pieces.push(body.subarray(from, start), mark);
    kept += start - from + mark.length;
    lifted += end - start;
    pictures.push(new EncodedPicture(lifted > picturesLimitBytes ? Buffer.alloc(0) : body.subarray(start, end)));
    from = end;
  };

  const passOverText = (start: number, end: number): void => {
    const isBeforeRoot = tagStart === -1;
    if (!isBeforeRoot || end - start < worthLiftingBytes) return;
    pieces.push(body.subarray(from, start));
    kept += start - from;
    from = end;
  };

  let at = body.indexOf(lessThan);
  passOverText(0, at);
  while (at !== -1 && kept + at - from <= markupLimitBytes && tags <= tagsLimit) {
    tags += 1;
    if (body[at + 1] === exclamation || body[at + 1] === question) {
      const { opens, closes } = findSection(body, at);
      const contentStart = at + opens.length;
      // a picture may be long, anything else that is would be refused
      const searched = opens === cdata.opens ? body : body.subarray(0, contentStart + markupLimitBytes);
      const end = searched.indexOf(closes, contentStart, 'latin1');
      if (end === -1) break;
      if (opens === cdata.opens && end - contentStart >= worthLiftingBytes && namesPicture(body, tagStart, tagEnd)) {
        lift(contentStart, end);
      }
      at = body.indexOf(lessThan, end);
      passOverText(end + closes.length, at);
      continue;
    }
    tagStart = at;
    tagEnd = body.indexOf(greaterThan, at + 1);
    if (tagEnd === -1) break;
    at = body.indexOf(lessThan, tagEnd);
    if (at - tagEnd > worthLiftingBytes && namesPicture(body, tagStart, tagEnd)) lift(tagEnd + 1, at);
  }

  const isTooLong = kept + at - from > markupLimitBytes;
  if (at !== -1 && (isTooLong || tags > tagsLimit)) {
    const what = isTooLong ? `${markupLimitBytes / 1024} KB beside its pictures` : `${tagsLimit} tags`;
    throw new WireError('xml-too-big', `the post has more than ${what}; no device sends that much`, {
      place: `byte ${at} of ${body.length}`,
    });
  }
  // behind the last complete tag there is nothing, or a part that was cut off: its beginning says enough
  const rest = body.subarray(from, from + markupLimitBytes);
  const markup = pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]);
  if (lifted <= picturesLimitBytes) return { markup, pictures };
  const megabytes = picturesLimitBytes / 1024 / 1024;
  const message = `the post has more than ${megabytes} MB of pictures; the rest of them was left out. Let the device send smaller ones`;
  return { markup, pictures, flaw: new WireError('pictures-too-large', message, { place: 'pictures' }) };
}

/** True for nearly all small posts: they are told by a look, and the walk over their tags would take longer than all the rest. */
function hasNothingToLift(body: Buffer): boolean {
  if (body.length > smallBytes) return false;
  const text = body.toString('latin1');
  // nothing but a declaration before the root, or it would have to be looked at what stands there
  const start = text.indexOf('<', text.startsWith('<?') ? text.indexOf('?>') : 0);
  return start !== -1 && start < worthLiftingBytes && isLetter(body[start + 1]) && !isPictureElement(text);
}

function isLetter(code = 0): boolean {
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}

/** The picture that a text in the parsed tree stands for: a placeholder's, or the text itself. */
export function findPicture(text: string | undefined, pictures: readonly EncodedPicture[]): EncodedPicture | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.startsWith(placeholder)) {
    const digits = text.slice(placeholder.length);
    const lifted = /^\d{1,4}$/.test(digits) ? pictures[Number(digits)] : undefined;
    if (lifted !== undefined) return lifted;
  }
  return new EncodedPicture(Buffer.from(text, 'latin1'));
}

function findSection(body: Buffer, at: number): (typeof sections)[number] {
  const start = body.toString('latin1', at, at + cdata.opens.length);
  return sections.find(({ opens }) => start.startsWith(opens)) ?? cdata;
}

function namesPicture(body: Buffer, tagStart: number, tagEnd: number): boolean {
  if (tagStart === -1 || body[tagStart + 1] === slash || body[tagEnd - 1] === slash) return false;
  const tag = body.toString('latin1', tagStart + 1, Math.min(tagEnd, tagStart + 64));
  const [name = ''] = tag.split(/\s/, 1);
  // in the tree it has no name space either
  return isPictureElement(name.slice(name.indexOf(':') + 1));
}
