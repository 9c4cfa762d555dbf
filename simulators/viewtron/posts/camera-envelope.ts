/** The frame around every camera detection: types, kind, time, identity, pictures (3.3). */
import type { Box, Point, Size } from '../../geometry';
import type { Picture } from '../../picture';
import type { CameraIdentity, Firmware, TargetStatus, TargetType } from '../identity';
import { cameraDeclaration, namespace, wrapBase64, writeMicroseconds, writeNumber, writeString } from './xml';

/** What every camera post is written from. */
export interface CameraPost {
  readonly camera: CameraIdentity;
  readonly firmware: Firmware;
  readonly timeMs: number;
  /** Time since the device started. */
  readonly uptimeMs?: number;
}

export interface Detection {
  readonly eventId: number;
  readonly targetId: number;
  readonly status?: TargetStatus;
}

/** One entry of the target list; without a picture where pictures of targets are not subscribed. */
export interface ListedTarget {
  readonly targetId: number;
  readonly type: TargetType;
  readonly box?: Box;
  readonly picture?: Picture;
}

interface Dialect {
  readonly eventType: string;
  readonly relationType: string;
  readonly codes: readonly string[];
  readonly sizeTags: readonly [width: string, height: string];
  readonly channel: boolean;
}

// The misspelling openAlramObj was repaired in 5.3.1; VEHICE was not.
const dialects: Readonly<Record<Firmware, Dialect>> = {
  '5.1.4': {
    eventType: 'openAlramObj',
    relationType: 'subscribeRelation',
    codes:
      'MOTION SENSOR PEA AVD OSC CPC CDD IPD VFD VFD_MATCH VEHICE AOIENTRY AOILEAVE PASSLINECOUNT TRAFFIC VSD'.split(
        ' ',
      ),
    sizeTags: ['Width', 'Height'],
    channel: false,
  },
  '5.3.1': {
    eventType: 'openAlarmObj',
    relationType: 'subscribeRelationV1',
    codes: (
      'MOTION SENSOR PEA AVD OSC VFD VFD_MATCH VEHICE AOIENTRY AOILEAVE PASSLINECOUNT TRAFFIC FIRE TEMPERATURE ' +
      'VSD PVD LOITER ASD SMD CROWDGATHERING'
    ).split(' '),
    sizeTags: ['width', 'height'],
    channel: true,
  },
};

/** `content` is what makes the kind: its event block, the overview, the list. */
export function writeCameraDetection(post: CameraPost, code: string, content: readonly string[]): string {
  const { eventType } = dialects[post.firmware];
  return writeCameraEnvelope(post, `<smartType type="${eventType}">${code}</smartType>\n`, content);
}

/** Tracking posts have the same frame without a kind. */
export function writeCameraEnvelope(post: CameraPost, kind: string, content: readonly string[]): string {
  const { camera, firmware, timeMs } = post;
  const dialect = dialects[firmware];
  return `${cameraDeclaration}<config version="1.7" xmlns="${namespace}">
${writeTypes(dialect)}
${kind}<subscribeOption type="${dialect.relationType}">FEATURE_RESULT</subscribeOption>
<currentTime type="tint64">${writeMicroseconds(timeMs)}</currentTime>
${writeString('mac', camera.mac)}
${writeString('sn', camera.serial)}
${writeString('deviceName', camera.name)}
${[dialect.channel ? writeNumber('channelId', 1) : '', ...content].filter((part) => part !== '').join('\n')}
</config>
`;
}

export function writeUptime({ uptimeMs = 0 }: CameraPost): string {
  return `<relativeTime type="tint64">${writeMicroseconds(uptimeMs)}</relativeTime>`;
}

/** Nothing at all where the overview is not subscribed. */
export function writeSource(picture: Picture | undefined): string {
  if (picture === undefined) return '';
  const data = wrapBase64(picture.jpeg);
  return `<sourceDataInfo>
<dataType type="uint32">0</dataType>
${writeNumber('width', picture.width)}
${writeNumber('height', picture.height)}
<sourceBase64Length type="uint32">${data.length}</sourceBase64Length>
<sourceBase64Data type="string"><![CDATA[${data}]]></sourceBase64Data>
</sourceDataInfo>`;
}

export function writeTargetList(firmware: Firmware, targets: readonly ListedTarget[]): string {
  const items = targets.map(
    ({ targetId, type, box, picture }) => `<item>
${writeNumber('targetId', targetId, 'tuint32')}
${box === undefined ? '' : `${writeBox(box)}\n`}${picture === undefined ? '' : `${writeTargetImage(firmware, type, picture)}\n`}</item>`,
  );
  return writeList('listInfo', items);
}

/** The length counts the text as sent, line breaks included. `extra` goes behind the picture. */
export function writeTargetImage(
  firmware: Firmware,
  type: TargetType | '',
  picture: Picture,
  size: Size = picture,
  extra = '',
): string {
  const [width, height] = dialects[firmware].sizeTags;
  const data = wrapBase64(picture.jpeg);
  return `<targetImageData>
<dataType type="uint32">0</dataType>
<targetType type="targetType">${type}</targetType>
${writeNumber(width, size.width, 'tuint32')}
${writeNumber(height, size.height, 'tuint32')}
<targetBase64Length type="uint32">${data.length}</targetBase64Length>
<targetBase64Data type="string"><![CDATA[${data}]]></targetBase64Data>
${extra}</targetImageData>`;
}

export function writeList(name: string, items: readonly string[]): string {
  return `<${name} type="list" count="${items.length}">\n${items.map((item) => `${item}\n`).join('')}</${name}>`;
}

export function writeBoundary(points: readonly Point[]): string {
  return writeList(
    'boundary',
    points.map((point) => `<item>${writePoint('point', point)}</item>`),
  );
}

export function writePoint(name: string, point: Point): string {
  return `<${name}>${writeNumber('x', Math.round(point.x))}${writeNumber('y', Math.round(point.y))}</${name}>`;
}

export function writeBox({ x1, y1, x2, y2 }: Box): string {
  return `<rect>${writeNumber('x1', x1)}${writeNumber('y1', y1)}${writeNumber('x2', x2)}${writeNumber('y2', y2)}</rect>`;
}

export function writeDetection({ eventId, targetId, status = 'SMART_START' }: Detection): string {
  return `${writeNumber('eventId', eventId)}
${writeNumber('targetId', targetId)}
<status type="perStatus">${status}</status>`;
}

function writeTypes({ eventType, relationType, codes }: Dialect): string {
  const lists = {
    [eventType]: codes,
    [relationType]: ['ALARM', 'FEATURE_RESULT', 'ALARM_FEATURE'],
    perStatus: ['SMART_NONE', 'SMART_START', 'SMART_STOP', 'SMART_PROCEDURE'],
    targetType: ['person', 'car', 'motor'],
  };
  const blocks = Object.entries(lists).map(
    ([name, values]) => `<${name}>\n${values.map((value) => `<enum>${value}</enum>`).join('\n')}\n</${name}>`,
  );
  return `<types>\n${blocks.join('\n')}\n</types>`;
}
