/** Posts made to cost much: each with what must come of it. */
import { namesLimit, stepsLimit, wordsLimit } from '../../src/wire/effort';
import { markupLimitBytes } from '../../src/wire/lift';

const megabyte = 1024 * 1024;
/** As large as the listener lets a post be. */
const largest = 16 * megabyte;
/** As much as is decoded. */
const pictures = 8 * megabyte - 10_000;
/** As much as is parsed. */
const markup = markupLimitBytes - 2000;
/** As many elements, attributes and references as are parsed, but for those around them. */
const steps = stepsLimit - 50;
/** As many names of elements. */
const names = namesLimit - 20;

export interface Bomb {
  readonly about: string;
  readonly body: Buffer;
  /** Code of the error; an event where left out. */
  readonly error?: string;
}

/** The text as often as it fits. */
export function fill(text: string, bytes: number): string {
  return text.repeat(Math.floor(bytes / text.length));
}

/** The text as often as the parser takes it: elements, sections and references count. */
function often(text: string): string {
  return text.repeat(Math.floor(steps / (text.match(/<(?!\/)|&/g) ?? []).length));
}

export function detection(content: string, code = 'PEA'): Buffer {
  return Buffer.from(`<config version="1.7"><smartType>${code}</smartType>${content}</config>`);
}

export function scene(base64: string): string {
  return `<sourceDataInfo><sourceBase64Data>${base64}</sourceBase64Data></sourceDataInfo>`;
}

/** So many bytes that begin as a JPEG does and tell no size. */
export function jpegOf(filler: number, bytes: number): string {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(bytes, filler)]).toString('base64');
}

const photo = jpegOf(0, 5.9 * megabyte);
/** Texts with so many different names in them. */
export const numbered = (count: number, toText: (name: string) => string): string =>
  Array.from({ length: count }, (_, number) => toText(`a${number.toString(36)}`)).join('');

const xmlTooBig = 'xml-too-big';
const notWellFormed = 'xml-not-well-formed';

/** Bodies of the full size that a device may send. */
export const largeBombs: readonly Bomb[] = [
  { about: 'nothing but <', body: Buffer.from(fill('<', largest)), error: notWellFormed },
  { about: 'nothing but >', body: Buffer.from(fill('>', largest)), error: 'xml-not-xml' },
  { about: 'nothing but <>', body: Buffer.from(fill('<>', largest)), error: xmlTooBig },
  { about: 'nothing but <!>', body: Buffer.from(fill('<!>', largest)), error: xmlTooBig },
  { about: 'nothing but <a/>', body: Buffer.from(fill('<a/>', largest)), error: xmlTooBig },
  { about: 'nothing but <a>', body: Buffer.from(fill('<a>', largest)), error: xmlTooBig },
  { about: 'nothing but </a>', body: Buffer.from(fill('</a>', largest)), error: xmlTooBig },
  { about: 'nothing but <?', body: Buffer.from(fill('<?', largest)), error: notWellFormed },
  { about: 'nothing but blanks', body: Buffer.from(fill(' ', largest)), error: 'xml-not-xml' },
  {
    about: 'nothing but line feeds and one letter',
    body: Buffer.from(`${fill('\n', largest - 1)}x`),
    error: 'xml-not-xml',
  },
  { about: 'nothing but letters', body: Buffer.from(fill('x', largest)), error: 'xml-not-xml' },
  { about: 'nothing but bytes that are no letters', body: Buffer.alloc(largest, 0xff), error: 'xml-not-xml' },
  { about: 'nothing but control characters', body: Buffer.alloc(largest, 1), error: 'xml-not-xml' },
  { about: 'a tag of quotes', body: Buffer.from(`<a ${fill('"', largest - 4)}>`), error: notWellFormed },
  { about: 'a tag of attributes', body: Buffer.from(`<a ${fill('b="c" ', largest - 8)}/>`), error: notWellFormed },
  {
    about: 'a tag of attributes and another',
    body: Buffer.from(`<a ${fill('b="c" ', largest - 16)}><b/>`),
    error: xmlTooBig,
  },
  { about: 'CDATA sections that never end', body: Buffer.from(fill('<![CDATA[', largest)), error: notWellFormed },
  { about: 'comments that never end', body: Buffer.from(fill('<!--', largest)), error: notWellFormed },
  { about: 'comments', body: Buffer.from(fill('<!---->', pictures)), error: xmlTooBig },
  {
    about: 'a text outside of pictures',
    body: detection(`<name>${fill('x', pictures - 200)}</name>`),
    error: xmlTooBig,
  },
  {
    about: 'a text outside of pictures that is cut off',
    body: Buffer.from(`<a>${fill('x', pictures - 3)}`),
    error: notWellFormed,
  },
  {
    about: 'a length that names a picture',
    body: detection(`<sourceBase64Length>${fill('1', pictures - 200)}</sourceBase64Length>`),
    error: xmlTooBig,
  },
  { about: 'a picture', body: detection(scene(photo)) },
  { about: 'a picture in CDATA', body: detection(scene(`<![CDATA[${photo}]]>`)) },
  { about: 'a picture in CDATA that never ends', body: detection(scene(`<![CDATA[${photo}`)), error: notWellFormed },
  { about: 'a picture in lines', body: detection(scene(photo.slice(0, 7.5 * megabyte).replace(/(.{76})/g, '$1\r\n'))) },
  {
    about: 'a picture in lines of 4',
    body: detection(scene(photo.slice(0, 6 * megabyte).replace(/(.{4})/g, '$1\n'))),
  },
  {
    about: 'a picture in lines of 5',
    body: detection(scene(photo.slice(0, 6 * megabyte).replace(/(.{5})/g, '$1\n'))),
  },
  {
    about: 'a picture with a blank after every letter',
    body: detection(scene(fill('/ 9 j / A A A A ', pictures - 300).replace('/ 9 j / ', '/9j/'))),
  },
  { about: 'a picture with one line feed at its end', body: detection(scene(`${photo}\n`)) },
  {
    about: 'a picture with one wrong letter in the middle',
    body: detection(scene(`${photo.slice(0, 6_000_000)}!${photo.slice(6_000_000)}`)),
  },
  { about: 'a picture of wrong letters', body: detection(scene(`/9j/${fill('!', pictures - 300)}`)) },
  { about: 'a picture of equals signs', body: detection(scene(`/9j/${fill('=', pictures - 300)}`)) },
  { about: 'a picture of blanks', body: detection(scene(fill(' ', pictures - 300))) },
  {
    about: 'a picture that is not base64',
    body: detection(
      scene(
        Buffer.alloc(pictures / 2, 0xe9)
          .toString('latin1')
          .slice(0, pictures - 300),
      ),
    ),
  },
  { about: 'a picture of fill bytes', body: detection(scene(jpegOf(0xff, 5.9 * megabyte))) },
  {
    about: 'a picture of millions of empty segments',
    body: detection(
      scene(
        Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.from(fill('ffe00002', 11 * megabyte - 4), 'hex')])
          .toString('base64')
          .slice(0, pictures - 300),
      ),
    ),
  },
  {
    about: 'small pictures',
    body: detection(
      `<listInfo>${fill(`<item><targetImageData><targetBase64Data>${jpegOf(0, 80_000)}</targetBase64Data></targetImageData></item>`, pictures - 300)}</listInfo>`,
      'VSD',
    ),
  },
  {
    about: 'pictures of 264 letters',
    body: detection(
      `<targetListInfo>${fill(`<item><targetImageData><base64>${jpegOf(0, 194)}</base64></targetImageData></item>`, 20_000)}</targetListInfo>`,
      'VSD',
    ),
  },
];

const fields = (words: string, indent: string): string =>
  words
    .split(' ')
    .map((name) => `${indent}<${name} type="uint32">4100</${name}>\r\n`)
    .join('');
const point = `        <item>\r\n          <point>\r\n${fields('x y', ' '.repeat(10))}          </point>\r\n        </item>\r\n`;
const fullEntry = `    <item>\r\n${fields('eventId targetId status', ' '.repeat(6))}      <boundary type="list" count="8">\r\n${point.repeat(8)}      </boundary>\r\n      <rect>\r\n${fields('x1 y1 x2 y2', ' '.repeat(8))}      </rect>\r\n    </item>\r\n`;
const fullTarget = `    <item>\r\n${fields('targetId', ' '.repeat(6))}      <rect>\r\n${fields('x1 y1 x2 y2', ' '.repeat(8))}      </rect>\r\n      <targetImageData>\r\n${fields('dataType targetType Width Height targetBase64Length targetBase64Data', ' '.repeat(8))}      </targetImageData>\r\n    </item>\r\n`;

/** Bodies that are parsed whole. */
export const smallBombs: readonly Bomb[] = [
  {
    about: 'entities that multiply',
    body: Buffer.from(
      `<!DOCTYPE a [<!ENTITY x "${fill('y', 1000)}"><!ENTITY z "${fill('&x;', 3000)}">]><a>${fill('&z;', 3000)}</a>`,
    ),
    error: 'xml-doctype',
  },
  {
    about: 'an entity that is a file',
    body: Buffer.from('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    error: 'xml-doctype',
  },
  {
    about: 'entities behind a comment',
    body: Buffer.from('<!-- --><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
    error: 'xml-doctype',
  },
  {
    about: 'entities inside of the root',
    body: Buffer.from('<a><!DOCTYPE a [<!ENTITY x "y">]>&x;</a>'),
    error: 'xml-doctype',
  },
  { about: 'elements 33 deep', body: Buffer.from(`${fill('<a>', 99)}${fill('</a>', 132)}`), error: 'xml-too-deep' },
  { about: 'elements as deep as fits', body: Buffer.from(fill('<a>', steps)), error: 'xml-too-deep' },
  {
    about: 'one element more than is parsed',
    body: Buffer.from(`<config>${'<a/>'.repeat(stepsLimit)}</config>`),
    error: xmlTooBig,
  },
  { about: 'elements as many as fit', body: Buffer.from(`<config>${fill('<a/>', markup)}</config>`), error: xmlTooBig },
  {
    about: 'one name more than is parsed',
    body: Buffer.from(`<config>${numbered(namesLimit, (name) => `<${name}/>`)}</config>`),
    error: xmlTooBig,
  },
  {
    about: 'one attribute more than is parsed',
    body: Buffer.from(`<config ${numbered(wordsLimit + 1, (name) => `${name}="" `)}/>`),
    error: xmlTooBig,
  },
  { about: 'words in a tag', body: Buffer.from(`<config ${fill('a ', markup)}/>`), error: xmlTooBig },
  {
    about: 'attributes in quotes where no value begins',
    body: Buffer.from(`<config "${numbered(12_000, (name) => `${name}=''`)}"/>`),
    error: xmlTooBig,
  },
  {
    about: 'attributes in quotes behind two equals signs',
    body: Buffer.from(`<config a=="${numbered(12_000, (name) => `${name}=''`)}"/>`),
    error: xmlTooBig,
  },
  {
    about: 'words in quotes behind two equals signs',
    body: Buffer.from(`<config a=="${fill('a ', markup)}"/>`),
    error: xmlTooBig,
  },
  { about: 'empty quotes', body: Buffer.from(`<config ${fill("''=", markup)}/>`), error: xmlTooBig },
  { about: 'quotes in quotes', body: Buffer.from(`<config ${fill(`"'"'`, markup)}/>`), error: xmlTooBig },
  {
    about: 'equals signs and letters in a tag',
    body: Buffer.from(`<config ${fill('=.', markup)}/>`),
    error: xmlTooBig,
  },
  { about: 'equals signs in a tag', body: Buffer.from(`<config ${fill('= ', markup)}/>`) },
  { about: 'blanks in a tag', body: Buffer.from(`<config ${fill(' ', markup)}/>`) },
  {
    about: 'ampersands as many as fit',
    body: Buffer.from(`<config><a>${fill('&', markup)}</a></config>`),
    error: xmlTooBig,
  },
  {
    about: 'elements 32 deep, very often',
    body: Buffer.from(`<r>${often(`${'<a>'.repeat(31)}${'</a>'.repeat(31)}`)}</r>`),
  },
  { about: 'empty elements of one name', body: Buffer.from(`<config>${often('<a/>')}</config>`) },
  {
    about: 'empty elements of many names',
    body: Buffer.from(`<config>${often(numbered(names, (name) => `<${name}/>`))}</config>`),
  },
  {
    about: 'blocks of many names in a detection',
    body: detection(often(numbered(names, (name) => `<${name}><b/></${name}>`))),
  },
  {
    about: 'attributes of many names',
    body: Buffer.from(
      `<config>${numbered(Math.floor(steps / (wordsLimit + 1)), (name) => `<b ${numbered(wordsLimit, (word) => `${name}${word}="" `)}/>`)}</config>`,
    ),
  },
  {
    about: 'attributes in name spaces',
    body: Buffer.from(
      `<config>${`<b ${'x:y="1" '.repeat(wordsLimit)}/>`.repeat(Math.floor(steps / (wordsLimit + 1)))}</config>`,
    ),
  },
  { about: 'ampersands', body: Buffer.from(`<config><a>${often('&')}</a></config>`) },
  { about: 'entities of XML', body: Buffer.from(`<config><a>${often('&amp;')}</a></config>`) },
  { about: 'entities of numbers', body: Buffer.from(`<config><a>${often('&#x41;')}</a></config>`) },
  { about: 'entities that never end', body: Buffer.from(`<config><a>${often('&#x4')}</a></config>`) },
  { about: 'CDATA sections', body: Buffer.from(`<config>${often('<![CDATA[]]>')}</config>`) },
  { about: 'comments', body: Buffer.from(`<config>${often('<!---->')}</config>`) },
  { about: 'processing instructions', body: Buffer.from(`<config>${often('<?a?>')}</config>`) },
  { about: 'text between elements', body: Buffer.from(`<config>${often('x<b/>')}</config>`) },
  { about: 'a name of 125 KB', body: Buffer.from(`<${fill('a', markup)}/>`) },
  { about: 'quotes', body: Buffer.from(`<config ${fill('"', markup)}>`), error: xmlTooBig },
  { about: 'an attribute of > signs', body: Buffer.from(`<config a="${fill('>', markup)}"/>`) },
  {
    about: 'targets',
    body: detection(`<targetListInfo>${often('<item><targetId>1</targetId></item>')}</targetListInfo>`, 'VSD'),
    error: 'too-many-events',
  },
  {
    about: 'tracked targets',
    body: Buffer.from(`<config><traject>${often('<item><targetId>1</targetId></item>')}</traject></config>`),
    error: 'too-many-events',
  },
  {
    about: 'tracked targets that say nothing',
    body: Buffer.from(`<config><traject>${often('<item/>')}</traject></config>`),
    error: 'too-many-events',
  },
  {
    about: 'points of a zone',
    body: detection(
      `<perimeter><perInfo><item><boundary>${often('<item><point><x>1</x><y>1</y></point></item>')}</boundary></item></perInfo></perimeter>`,
    ),
  },
  { about: 'a text', body: Buffer.from(`<config><a>${fill('x ', markup)}</a></config>`) },
  {
    about: '50 entries with zones of 8 points and as many targets, all of one id',
    body: detection(
      `<perimeter><perInfo>${fullEntry.repeat(50)}</perInfo></perimeter><listInfo>${fullTarget.repeat(50)}</listInfo>`,
    ),
  },
  { about: 'cells of motion', body: detection(`<motion>${fill('1111 ', markup)}</motion>`, 'MOTION') },
];

/** Bodies that are small, well-formed, and many events: what comes out must not be the square of what came in. */
export const multiplyingBombs: readonly Bomb[] = [
  {
    about: 'alarms of one name',
    body: Buffer.from(`<config><alarmStatusInfo>${often('<a>1</a>')}</alarmStatusInfo></config>`),
  },
  {
    about: 'alarms of many names',
    body: Buffer.from(
      `<config><alarmStatusInfo>${often(numbered(names, (name) => `<${name}>1</${name}>`))}</alarmStatusInfo></config>`,
    ),
  },
  {
    about: 'alarms in a list',
    body: Buffer.from(
      `<config><alarmStatusInfo><sensorAlarmIn>${often('<item>1</item>')}</sensorAlarmIn></alarmStatusInfo></config>`,
    ),
  },
  {
    about: 'entries of a zone',
    body: detection(`<perimeter><perInfo>${often('<item><eventId>1</eventId></item>')}</perInfo></perimeter>`),
  },
  {
    about: 'entries of a zone and targets',
    body: detection(
      `<perimeter><perInfo>${fill('<item><targetId>1</targetId></item>', 100_000)}</perInfo></perimeter><listInfo>${fill('<item><targetId>1</targetId></item>', 100_000)}</listInfo>`,
    ),
  },
  {
    about: 'plates of a camera',
    body: detection(`<listInfo>${often('<item><plateNumber>A</plateNumber></item>')}</listInfo>`, 'VEHICE'),
  },
  {
    about: 'plates of a recorder',
    body: detection(
      `<licensePlateListInfo>${often('<item><licensePlateAttribute><licensePlateNumber>A</licensePlateNumber></licensePlateAttribute></item>')}</licensePlateListInfo>`,
      'vehicle',
    ),
  },
  { about: 'faces', body: detection(`<listInfo>${often('<item/>')}</listInfo>`, 'VFD') },
];
