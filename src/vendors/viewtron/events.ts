/** A typed message to events. Total: never throws, reads no clock. */
import type { Category, Device, Image, MotionGrid, SecurityEvent, Target } from '../../event';
import { compact, copyTree, countValues } from '../../wire/read';
import { isPictureElement, type EncodedPicture } from '../../wire/pictures';
import type { Post } from '../../http/receiver';
import type { EventOptions, PictureMode } from '../vendor';
import { tenThousandths, toBox, toPoints } from './boxes';
import { meaningOf, meaningOfAlarm, plateListOf, stateOf, targetTypeOf, type Meaning } from './codes';
import { createIdentifier, type Distinction } from './identity';
import type {
  DetectionMessage,
  StatusMessage,
  ViewtronMessage,
  WireDevice,
  WireFace,
  WireItem,
  WirePlate,
  WireTarget,
} from './message';
import { readTime } from './time';

/** What differs between the events of one post. */
interface Part extends Distinction {
  readonly category: Category;
  readonly kind: string;
  readonly extraTargets?: readonly Target[];
  readonly fields?: Partial<SecurityEvent>;
}

/** So many values of the parsed document are copied for one post: a real one has some hundred, times its targets. */
const copiedValues = 20_000;

/** The events of one message: one or more, never none. */
export function toEvents(message: ViewtronMessage, post: Post, options: EventOptions): readonly SecurityEvent[] {
  const device = toDevice(message.device, post.address);
  const time = readTime(message.time, post.receivedAt, options);
  const receivedAt = new Date(post.receivedAt).toISOString();
  const identify = createIdentifier(message, post, time);
  const copies = Math.max(1, Math.floor(copiedValues / countValues(message.tree)));
  let firstId = '';

  return toParts(message).map((part, index) => {
    const id = identify(part, index);
    if (index === 0) firstId = id;
    return {
      id,
      vendor: 'viewtron',
      category: part.category,
      kind: part.kind,
      type: part.type,
      time: new Date(time.ms).toISOString(),
      timeSource: time.source,
      receivedAt,
      device: { ...device },
      targets: [...(part.targets ?? []).map((target) => toTarget(target, message)), ...(part.extraTargets ?? [])],
      ...part.fields,
      images: toImages(message, part.targets ?? [], options.pictures),
      // nothing is lost: where a post is so large that its copies would weigh, the first event has it
      raw: index < copies ? copyTree(message.tree, isPictureElement) : { sameAs: firstId },
    };
  });
}

function toParts(message: ViewtronMessage): readonly Part[] {
  switch (message.what) {
    case 'heartbeat':
      return [{ category: 'heartbeat', kind: 'heartbeat', type: 'keepalive', identity: [] }];
    case 'tracking':
      return [{ category: 'track', kind: 'target-tracked', type: 'traject', identity: [], targets: message.targets }];
    case 'status':
      return toAlarms(message);
    case 'detection':
      return toDetections(message);
    case 'other':
      return [{ category: 'other', kind: 'unknown', type: message.root, identity: [] }];
  }
}

function toAlarms(message: StatusMessage): readonly Part[] {
  if (message.alarms.length === 0)
    return [{ category: 'other', kind: 'unknown', type: 'alarmStatusInfo', identity: [] }];
  return message.alarms.map(({ name, id, value, active }): Part => {
    const { category, kind } = meaningOfAlarm(name);
    return {
      category,
      kind,
      type: name,
      identity: [id, value],
      fields: compact<Partial<SecurityEvent>>({
        state: active === undefined ? undefined : active ? 'start' : 'stop',
        alarm: compact<NonNullable<SecurityEvent['alarm']>>({ name, id, active }),
        health: category === 'health' && active !== undefined ? { online: !active } : undefined,
      }),
    };
  });
}

function toDetections(message: DetectionMessage): readonly Part[] {
  if (message.plates !== undefined) return toPlates(message, message.plates);
  if (message.faces !== undefined) return toFaces(message, message.faces);

  // a post that says nothing of its events is one event all the same
  const items: readonly WireItem[] = message.items.length === 0 ? [{}] : message.items;
  return items.map((item, index): Part => {
    const points = toPoints(item.points);
    return {
      ...meaningOfItem(message, item),
      type: message.code,
      identity: [item.block, item.eventId, item.targetId, item.status, item.alarmType],
      targets: joinTargets(message, items, index),
      fields: {
        ...compact<Partial<SecurityEvent>>({
          state: stateOf(item.status),
          rule: points && compact<NonNullable<SecurityEvent['rule']>>({ shape: item.shape, points }),
        }),
        ...toSharedFields(message),
      },
    };
  });
}

/** Copies: events must not share what a flow may change. */
function toSharedFields({ counts, person, car, grid }: DetectionMessage): Partial<SecurityEvent> {
  return compact<Partial<SecurityEvent>>({
    counts: counts && structuredClone(counts),
    person: person && { ...person },
    vehicle: car && { ...car },
    motion: toMotion(grid),
  });
}

/** `PEA` is two things and the block decides which (reference 3.4); `AVD` says in `alarmType` what is wrong. */
function meaningOfItem(message: DetectionMessage, item: WireItem): Meaning {
  const meaning = meaningOf(message.code);
  if (meaning === undefined) return { category: 'other', kind: 'unknown' };
  if (meaning.kind === 'perimeter-or-line') {
    const block = (item.block ?? message.blocks.find((name) => /^(perimeter|tripwire)$/i.test(name)))?.toLowerCase();
    if (block === 'tripwire' || item.shape === 'line') return { ...meaning, kind: 'line-crossed' };
    if (block === 'perimeter' || item.shape === 'area') return { ...meaning, kind: 'area-intruded' };
  }
  if (meaning.kind === 'video-exception' && item.alarmType !== undefined) {
    const precise = meaningOfAlarm(item.alarmType);
    if (precise.category === 'tamper') return precise;
  }
  return meaning;
}

/** The item's own target first, with what the target list says of it; targets of no item go to the first. */
function joinTargets(message: DetectionMessage, items: readonly WireItem[], index: number): readonly WireTarget[] {
  const item = items[index] ?? {};
  const [only] = message.targets;
  const isPair = items.length === 1 && message.targets.length === 1;
  const isNamed = (target: WireTarget): boolean => target.id !== undefined && target.id === item.targetId;
  const isStranger = ({ id }: WireTarget): boolean =>
    id === undefined || !items.some(({ targetId }) => targetId === id);
  // one item and one target belong together even where one of them does not say its id
  const listed =
    isPair && (only?.id === undefined || item.targetId === undefined)
      ? message.targets
      : message.targets.filter(isNamed);
  const strangers =
    index === 0 ? message.targets.filter((target) => !listed.includes(target) && isStranger(target)) : [];
  if (item.targetId === undefined && item.rect === undefined) return [...listed, ...strangers];
  const own = compact<WireTarget>({
    id: item.targetId ?? listed[0]?.id,
    type: listed[0]?.type,
    rect: isBox(item.rect) ? item.rect : listed[0]?.rect,
    crop: listed[0]?.crop,
  });
  return [own, ...listed.slice(1), ...strangers];
}

function isBox(rect: WireItem['rect']): boolean {
  return toBox(rect, tenThousandths) !== undefined;
}

function toPlates(message: DetectionMessage, plates: readonly WirePlate[]): readonly Part[] {
  const type = message.code;
  if (plates.length === 0) return [{ category: 'plate', kind: 'plate-unread', type, identity: [] }];
  return plates.map((plate): Part => {
    const carBox = toBox(plate.carRect, sizeOfRects(message));
    return {
      category: 'plate',
      kind: 'plate-read',
      type,
      identity: [plate.number],
      targets: [plate],
      ...(carBox && { extraTargets: [{ type: 'vehicle', box: carBox }] }),
      fields: compact<Partial<SecurityEvent>>({
        plate: compact<NonNullable<SecurityEvent['plate']>>({
          number: plate.number,
          list: plateListOf(plate.listWord),
          group: plate.group ?? plate.listWord,
          owner: plate.owner,
          confidence: plate.confidence,
          direction: toDirection(plate.direction),
          color: plate.color,
          region: plate.region,
        }),
        vehicle: plate.car && { ...plate.car },
      }),
    };
  });
}

function toDirection(word: string | undefined): 'approach' | 'away' | undefined {
  const lower = word?.toLowerCase();
  if (lower === 'approach') return 'approach';
  return lower === 'away' || lower === 'leave' ? 'away' : undefined;
}

function toFaces(message: DetectionMessage, faces: readonly WireFace[]): readonly Part[] {
  const meaning = meaningOf(message.code);
  const { category, kind } =
    meaning?.category === 'face' ? meaning : { category: 'face' as const, kind: 'face-detected' };
  if (faces.length === 0) return [{ category, kind, type: message.code, identity: [] }];
  return faces.map((face): Part => ({
    category,
    kind,
    type: message.code,
    identity: [],
    targets: [face],
    fields: compact<Partial<SecurityEvent>>({ face: face.attributes && { ...face.attributes } }),
  }));
}

function toMotion(grid: readonly string[] | undefined): MotionGrid | undefined {
  return grid?.[0] === undefined ? undefined : { columns: grid[0].length, rows: grid.length, cells: [...grid] };
}

function toTarget(target: WireTarget, message: ViewtronMessage): Target {
  return compact<Target>({
    id: target.id,
    type: targetTypeOf(target.type),
    box: toBox(target.rect, message.what === 'detection' ? sizeOfRects(message) : tenThousandths),
  });
}

/** Recorders give faces, plates and cars in pixels of a picture whose declared size may be 0: then the JPEG tells. */
function sizeOfRects(message: DetectionMessage): { width: number; height: number } | undefined {
  if (message.rectUnit === 'tenThousandths') return tenThousandths;
  const { width = 0, height = 0, picture } = message.scene ?? {};
  return width > 0 && height > 0 ? { width, height } : picture?.size();
}

function toDevice(device: WireDevice, address: string): Device {
  const ip = device.ip ?? address;
  return { id: device.mac ?? device.serial ?? ip, ...device, ip };
}

function toImages(message: ViewtronMessage, targets: readonly WireTarget[], mode: PictureMode): readonly Image[] {
  if (mode === 'none' || message.what !== 'detection') return [];
  const images: Image[] = [];
  const add = (role: Image['role'], picture: EncodedPicture | undefined, targetId?: string): void => {
    const data = picture && encode(picture, mode);
    if (data === undefined) return;
    const of = targetId === undefined ? {} : { targetId };
    images.push({ role, data, mimeType: 'image/jpeg', ...picture?.size(), ...of });
  };
  add('scene', message.scene?.picture);
  for (const target of targets) add('target', target.crop, target.id);
  return images;
}

function encode(picture: EncodedPicture, mode: PictureMode): Buffer | string | undefined {
  if (mode === 'base64') return picture.base64();
  return mode === 'data-url' ? picture.dataUrl() : picture.jpeg();
}
