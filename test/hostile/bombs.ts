/** Posts made to cost much: each with what must come of it. */
import { markupLimitBytes } from '../../src/wire/lift';

const megabyte = 1024 * 1024;
/** As large as the listener lets a post be. */
const largest = 16 * megabyte;
/** As much as is decoded. */
const pictures = 8 * megabyte - 10_000;
/** As much as is parsed. */
const markup = markupLimitBytes - 2000;

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
const numbered = (count: number, toText: (name: string) => string): string =>
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
  { about: 'elements as deep as fits', body: Buffer.from(fill('<a>', markup)), error: 'xml-too-deep' },
  {
    about: 'elements 32 deep, very often',
    body: Buffer.from(`<r>${fill(`${'<a>'.repeat(31)}${'</a>'.repeat(31)}`, markup)}</r>`),
  },
  { about: 'empty elements of one name', body: Buffer.from(`<config>${fill('<a/>', markup)}</config>`) },
  {
    about: 'empty elements of many names',
    body: Buffer.from(`<config>${numbered(3500, (name) => `<${name}/>`)}</config>`),
  },
  {
    about: 'blocks of many names in a detection',
    body: detection(numbered(1400, (name) => `<${name}><b/></${name}>`)),
  },
  { about: 'attributes of many names', body: Buffer.from(`<config ${numbered(2800, (name) => `${name}="" `)}/>`) },
  { about: 'attributes in name spaces', body: Buffer.from(`<config ${fill('x:y="1" ', markup)}/>`) },
  { about: 'ampersands', body: Buffer.from(`<config><a>${fill('&', markup)}</a></config>`) },
  { about: 'entities of XML', body: Buffer.from(`<config><a>${fill('&amp;', markup)}</a></config>`) },
  { about: 'entities of numbers', body: Buffer.from(`<config><a>${fill('&#x41;', markup)}</a></config>`) },
  { about: 'entities that never end', body: Buffer.from(`<config><a>${fill('&#x4', markup)}</a></config>`) },
  { about: 'CDATA sections', body: Buffer.from(`<config>${fill('<![CDATA[]]>', markup)}</config>`) },
  { about: 'comments', body: Buffer.from(`<config>${fill('<!---->', markup)}</config>`) },
  { about: 'processing instructions', body: Buffer.from(`<config>${fill('<?a?>', markup)}</config>`) },
  { about: 'text between elements', body: Buffer.from(`<config>${fill('x<b/>', markup)}</config>`) },
  { about: 'a name of 30 KB', body: Buffer.from(`<${fill('a', 30_000)}/>`) },
  { about: 'quotes', body: Buffer.from(`<config ${fill('"', markup)}>`), error: notWellFormed },
  { about: 'an attribute of > signs', body: Buffer.from(`<config a="${fill('>', markup)}"/>`) },
  {
    about: 'targets',
    body: detection(`<targetListInfo>${fill('<item><targetId>1</targetId></item>', 3000)}</targetListInfo>`, 'VSD'),
  },
  {
    about: 'tracked targets',
    body: Buffer.from(`<config><traject>${fill('<item><targetId>1</targetId></item>', markup)}</traject></config>`),
    error: 'too-many-events',
  },
  {
    about: 'tracked targets that say nothing',
    body: Buffer.from(`<config><traject>${fill('<item/>', markup)}</traject></config>`),
    error: 'too-many-events',
  },
  {
    about: 'points of a zone',
    body: detection(
      `<perimeter><perInfo><item><boundary>${fill('<item><point><x>1</x><y>1</y></point></item>', markup)}</boundary></item></perInfo></perimeter>`,
    ),
  },
  { about: 'cells of motion', body: detection(`<motion>${fill('1111 ', markup)}</motion>`, 'MOTION') },
];

/** Bodies that are small, well-formed, and many events: what comes out must not be the square of what came in. */
export const multiplyingBombs: readonly Bomb[] = [
  {
    about: 'alarms of one name',
    body: Buffer.from(`<config><alarmStatusInfo>${fill('<a>1</a>', 16_000)}</alarmStatusInfo></config>`),
  },
  {
    about: 'alarms of many names',
    body: Buffer.from(
      `<config><alarmStatusInfo>${numbered(1000, (name) => `<${name}>1</${name}>`)}</alarmStatusInfo></config>`,
    ),
  },
  {
    about: 'alarms in a list',
    body: Buffer.from(
      `<config><alarmStatusInfo><sensorAlarmIn>${fill('<item>1</item>', 30_000)}</sensorAlarmIn></alarmStatusInfo></config>`,
    ),
  },
  {
    about: 'entries of a zone',
    body: detection(`<perimeter><perInfo>${fill('<item><eventId>1</eventId></item>', 30_000)}</perInfo></perimeter>`),
  },
  {
    about: 'entries of a zone and targets',
    body: detection(
      `<perimeter><perInfo>${fill('<item><targetId>1</targetId></item>', 15_000)}</perInfo></perimeter><listInfo>${fill('<item><targetId>1</targetId></item>', 15_000)}</listInfo>`,
    ),
  },
  {
    about: 'plates of a camera',
    body: detection(`<listInfo>${fill('<item><plateNumber>A</plateNumber></item>', 30_000)}</listInfo>`, 'VEHICE'),
  },
  {
    about: 'plates of a recorder',
    body: detection(
      `<licensePlateListInfo>${fill('<item><licensePlateAttribute><licensePlateNumber>A</licensePlateNumber></licensePlateAttribute></item>', 30_000)}</licensePlateListInfo>`,
      'vehicle',
    ),
  },
  { about: 'faces', body: detection(`<listInfo>${fill('<item/>', 15_000)}</listInfo>`, 'VFD') },
];
