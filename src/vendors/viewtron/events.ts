/** A typed message to events. Total: never throws, reads no clock. */
import type { Category, Device, MotionGrid, Plate, SecurityEvent, Target } from '../../event';
import { compact, copyTree, countValues } from '../../wire/read';
import { isPictureElement } from '../../wire/pictures';
import type { Post } from '../../http/receiver';
import { toIso } from '../../zone';
import type { EventOptions } from '../vendor';
import { toBox, toPoints } from './boxes';
import { meaningOf, meaningOfAlarm, plateListOf, stateOf, type Meaning } from './codes';
import { createIdentifier, type Distinction } from './identity';
import { sizeOfRects, toImages } from './images';
import { joinTargets, toTarget } from './join';
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
  const receivedAt = toIso(post.receivedAt);
  const happenedAt = time.ms === post.receivedAt ? receivedAt : toIso(time.ms);
  const identify = createIdentifier(message, post, time);
  const parts = toParts(message);
  const copies = parts.length === 1 ? 1 : Math.max(1, Math.floor(copiedValues / countValues(message.tree)));
  let firstId = '';

  return parts.map((part, index) => {
    const id = identify(part, index);
    if (index === 0) firstId = id;
    return {
      id,
      vendor: 'viewtron',
      category: part.category,
      kind: part.kind,
      type: part.type,
      time: happenedAt,
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
  const targets = joinTargets(items, message.targets);
  return items.map((item, index): Part => {
    const points = toPoints(item.points);
    return {
      ...meaningOfItem(message, item),
      type: typeOf(message),
      identity: [item.block, item.eventId, item.targetId, item.status, item.alarmType],
      targets: targets[index] ?? [],
      fields: {
        ...compact<Partial<SecurityEvent>>({
          state: stateOf(item.status),
          rule: points && compact<NonNullable<SecurityEvent['rule']>>({ shape: item.shape, points }),
        }),
        ...toSharedFields(message),
        ...toAttributes(targets[index] ?? []),
      },
    };
  });
}

/** Copies: events must not share what a flow may change. */
function toSharedFields({ counts, grid }: DetectionMessage): Partial<SecurityEvent> {
  return compact<Partial<SecurityEvent>>({ counts: counts && structuredClone(counts), motion: toMotion(grid) });
}

/** An event has room for one person and one vehicle: the first of its targets that are described. */
function toAttributes(targets: readonly WireTarget[]): Partial<SecurityEvent> {
  const person = targets.find((target) => target.person !== undefined)?.person;
  const car = targets.find((target) => target.car !== undefined)?.car;
  return compact<Partial<SecurityEvent>>({ person: person && { ...person }, vehicle: car && { ...car } });
}

/** `PEA` is two things and the block decides which (reference 3.4); `AVD` says in `alarmType` what is wrong. */
function meaningOfItem(message: DetectionMessage, item: WireItem): Meaning {
  const meaning = message.code === undefined ? undefined : meaningOf(message.code);
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

function toPlates(message: DetectionMessage, plates: readonly WirePlate[]): readonly Part[] {
  const type = typeOf(message);
  if (plates.length === 0) return [{ category: 'plate', kind: 'plate-unread', type, identity: [] }];
  return plates.map((plate): Part => {
    const carBox = toBox(plate.carRect, sizeOfRects(message));
    const { number } = plate;
    return {
      category: 'plate',
      kind: number === undefined ? 'plate-unread' : 'plate-read',
      type,
      identity: [number],
      targets: [plate],
      ...(carBox && { extraTargets: [{ type: 'vehicle', box: carBox }] }),
      fields: compact<Partial<SecurityEvent>>({
        plate: number === undefined ? undefined : toPlate(plate, number),
        vehicle: plate.car && { ...plate.car },
      }),
    };
  });
}

function toPlate(plate: WirePlate, number: string): Plate {
  return compact<Plate>({
    number,
    list: plateListOf(plate.listWord),
    group: plate.group ?? plate.listWord,
    owner: plate.owner,
    confidence: plate.confidence,
    direction: toDirection(plate.direction),
    color: plate.color,
    region: plate.region,
  });
}

function toDirection(word: string | undefined): 'approach' | 'away' | undefined {
  const lower = word?.toLowerCase();
  if (lower === 'approach') return 'approach';
  return lower === 'away' || lower === 'leave' ? 'away' : undefined;
}

function toFaces(message: DetectionMessage, faces: readonly WireFace[]): readonly Part[] {
  const type = typeOf(message);
  const meaning = meaningOf(type);
  const { category, kind } =
    meaning?.category === 'face' ? meaning : { category: 'face' as const, kind: 'face-detected' };
  if (faces.length === 0) return [{ category, kind, type, identity: [] }];
  return faces.map((face): Part => ({
    category,
    kind,
    type,
    identity: [],
    targets: [face],
    fields: compact<Partial<SecurityEvent>>({ face: face.attributes && { ...face.attributes } }),
  }));
}

/** The vendor's own word; a post without one is named for its root. */
function typeOf({ code, root }: DetectionMessage): string {
  return code ?? root;
}

function toMotion(grid: readonly string[] | undefined): MotionGrid | undefined {
  return grid?.[0] === undefined ? undefined : { columns: grid[0].length, rows: grid.length, cells: [...grid] };
}

function toDevice(device: WireDevice, address: string): Device {
  const ip = device.ip ?? address;
  return { id: device.mac ?? device.serial ?? ip, ...device, ip };
}
