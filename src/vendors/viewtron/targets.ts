/** What all detections share: devices, rectangles, points, pictures, read from the parsed tree. */
import {
  all,
  attributeOf,
  child,
  compact,
  descend,
  isTree,
  items,
  nameOf,
  numberOf,
  text,
  textOf,
  toNumber,
} from '../../wire/read';
import { findPicture } from '../../wire/lift';
import { isPictureElement, type EncodedPicture } from '../../wire/pictures';
import {
  listLimit,
  type Attributes,
  type Rect,
  type WireDevice,
  type WireItem,
  type WirePoint,
  type WireScene,
  type WireTarget,
} from './message';

type Pictures = readonly EncodedPicture[];

/** `02-00-5E-10-00-41` and `02005e100041` become `02:00:5e:10:00:41`; anything else is no MAC. */
export function normalizeMac(written: string | undefined): string | undefined {
  // as nearly all write it
  if (written !== undefined && /^(?!00(?::00){5})[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(written)) return written;
  const digits = written?.replace(/[:.\s-]/g, '').toLowerCase();
  return digits !== undefined && /^[0-9a-f]{12}$/.test(digits) && digits !== '000000000000'
    ? digits.replace(/..(?=.)/g, '$&:')
    : undefined;
}

/** Cameras write `ipAddress` and `macAddress` in status posts, `mac` and `sn` beside detections; recorders `ip`, `mac`. */
export function readDevice(...places: readonly unknown[]): WireDevice {
  const find = (...names: readonly string[]): string | undefined => {
    for (const place of places) {
      for (const name of names) {
        const found = nameOf(place, name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return compact<WireDevice>({
    name: find('deviceName'),
    ip: find('ip', 'ipAddress'),
    mac: normalizeMac(find('mac', 'macAddress')),
    serial: find('sn'),
    channel: find('channelId'),
  });
}

export function readRect(parent: unknown): Rect | undefined {
  const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => readCoordinate(parent, name));
  return x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined ? undefined : { x1, y1, x2, y2 };
}

export function readPoint(parent: unknown): WirePoint | undefined {
  const x = readCoordinate(parent, 'x');
  const y = readCoordinate(parent, 'y');
  return x === undefined || y === undefined ? undefined : { x, y };
}

/** An element that is there and empty is 0: cameras leave the digit out (reference 3.9). */
function readCoordinate(parent: unknown, name: string): number | undefined {
  const element = child(parent, name);
  return element !== undefined && text(element) === undefined ? 0 : numberOf(parent, name);
}

/**
 * One entry of an event list. Cameras put the zone's points under `boundary`; recorders put a word there and the points
 * under `pointGroup` or `directionLine`. The two ends of a tripwire stand in `line` or directly in the item.
 */
export function readItem(item: unknown, block: string): WireItem {
  const line = descend(item, 'directionLine') ?? descend(item, 'line') ?? item;
  const start = readPoint(descend(line, 'startPoint'));
  const end = readPoint(descend(line, 'endPoint'));
  const corners = [...items(child(item, 'boundary')), ...items(child(item, 'pointGroup'))]
    .map((corner) => readPoint(descend(corner, 'point')) ?? readPoint(corner))
    .filter((point) => point !== undefined);
  const word = textOf(item, 'boundary')?.toLowerCase();
  const points = start !== undefined && end !== undefined ? [start, end] : corners;
  const isLine = points === corners ? word === 'tripwire' : true;
  return compact<WireItem>({
    block,
    eventId: nameOf(item, 'eventId'),
    targetId: nameOf(item, 'targetId'),
    status: textOf(item, 'status'),
    alarmType: textOf(item, 'alarmType'),
    shape: points.length === 0 ? undefined : isLine ? 'line' : 'area',
    points: points.length === 0 ? undefined : points,
    rect: readRect(descend(item, 'rect')),
  });
}

/** `sourceDataInfo`: the overview. */
export function readScene(parent: unknown, pictures: Pictures): WireScene | undefined {
  const block = descend(parent, 'sourceDataInfo');
  const picture = readPicture(block, pictures);
  return picture && compact<WireScene>({ picture, width: numberOf(block, 'width'), height: numberOf(block, 'height') });
}

/** The picture of a block: its child whose name holds `base64`, whatever the firmware calls it. */
export function readPicture(block: unknown, pictures: Pictures): EncodedPicture | undefined {
  if (!isTree(block)) return undefined;
  for (const name in block) {
    if (isPictureElement(name)) {
      const picture = findPicture(text(block[name]), pictures);
      if (picture !== undefined) return picture;
    }
  }
  return undefined;
}

/** The entries of a list. Where there are more than are told, one of them shows it and the others cost nothing. */
export function entries(list: unknown): readonly unknown[] {
  return items(list).slice(0, listLimit + 1);
}

/** One target of `listInfo`, `targetListInfo` or `traject`, or a bare `targetImageData` block. */
export function readTarget(item: unknown, pictures: Pictures, image = descend(item, 'targetImageData')): WireTarget {
  return compact<WireTarget>({
    id: nameOf(item, 'targetId'),
    type: textOf(item, 'targetType') ?? textOf(image, 'targetType'),
    rect: readRect(descend(item, 'rect')),
    crop: readPicture(image, pictures),
    person: readWords(descend(image, 'personAttr'), personWords),
    car: readWords(descend(image, 'carAttr'), carWords),
  });
}

/** Words under their event names: `readWords(block, {type: ['carType', 'type']})`. Undefined where there is none. */
export function readWords(block: unknown, names: Readonly<Record<string, readonly string[]>>): Attributes | undefined {
  if (!isTree(block)) return undefined;
  const words: Record<string, string> = {};
  for (const [key, spellings] of Object.entries(names)) {
    const found = spellings.map((name) => textOf(block, name)).find((word) => word !== undefined);
    if (found !== undefined) words[key] = found;
  }
  return Object.keys(words).length === 0 ? undefined : words;
}

export const carWords = {
  type: ['carType', 'type'],
  color: ['color'],
  brand: ['brand'],
  model: ['model'],
  year: ['year'],
};
export const faceWords = { age: ['age'], sex: ['sex'], glasses: ['glasses'], mask: ['mask'] };
export const personWords = {
  ...faceWords,
  hat: ['hat'],
  backpack: ['backpack'],
  shoulderBag: ['shoulderbag'],
  skirt: ['skirt'],
  upperColor: ['uppercolor'],
  upperLength: ['upperlength'],
};

/** The `count` attribute of an empty element: how 5.3.1 cameras write some numbers. */
export function countOf(parent: unknown, name: string): number | undefined {
  return toNumber(attributeOf(all(parent, name)[0], 'count'));
}
