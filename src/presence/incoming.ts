/** An event as it comes over wires, or through a queue and back: what is asked of it is checked, the rest is left alone. */
import { targetTypes, vendors, type Box, type Device, type Image, type SecurityEvent, type Target } from '../event';
import { compact, isTree } from '../wire/read';

/** More in one post is no scene; cameras tell of a hundred at most. */
const targetsMax = 1000;
/** Ids and names are kept: numbers and MACs are short, and nobody may fill the memory with others. */
const wordMax = 100;
/** What is cut out of a text is a copy up to this length; V8 keeps the whole text, a post, for longer pieces. */
const copiedMax = 12;
/** Until the year 9999, and a little before: what is worked out of a time must still be one. */
const latestMs = 253_000_000_000_000;

/** Undefined for what is no event of this package. */
export function readEvent(payload: unknown): SecurityEvent | undefined {
  if (!isTree(payload) || !isTree(payload.device) || !Array.isArray(payload.targets)) return undefined;
  const { time, category, kind } = payload;
  const vendor = vendors.find((name) => name === payload.vendor);
  const device = readDevice(payload.device);
  if (vendor === undefined || device === undefined || typeof category !== 'string' || typeof kind !== 'string')
    return undefined;
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (typeof time !== 'string' || !(ms >= 0 && ms <= latestMs)) return undefined;
  const list: readonly unknown[] = payload.targets.slice(0, targetsMax);
  return {
    id: typeof payload.id === 'string' ? payload.id : '',
    vendor,
    category: 'track',
    kind,
    type: '',
    time,
    timeSource: payload.timeSource === 'received' ? 'received' : 'device',
    receivedAt: time,
    device,
    targets: list.flatMap((entry) => readTarget(entry) ?? []),
    images: readImages(payload.images),
    raw: {},
  };
}

function readDevice(device: Readonly<Record<string, unknown>>): Device | undefined {
  const word = (name: string): string | undefined => {
    const value = device[name];
    return typeof value === 'string' && value !== '' ? toOwnText(value) : undefined;
  };
  const id = word('id');
  if (id === undefined) return undefined;
  return compact<Device>({
    id,
    name: word('name'),
    ip: word('ip'),
    mac: word('mac'),
    serial: word('serial'),
    channel: word('channel'),
  });
}

function readTarget(entry: unknown): Target | undefined {
  if (!isTree(entry)) return undefined;
  const id = typeof entry.id === 'number' ? String(entry.id) : entry.id;
  const box = readBox(entry.box);
  return {
    ...(typeof id === 'string' && id !== '' && { id: toOwnText(id) }),
    type: targetTypes.find((type) => type === entry.type) ?? 'unknown',
    ...(box !== undefined && { box }),
  };
}

function toOwnText(word: string): string {
  const short = word.slice(0, wordMax);
  return short.length <= copiedMax ? short : Buffer.from(short).toString();
}

function readBox(box: unknown): Box | undefined {
  if (!isTree(box)) return undefined;
  const { x, y, width, height } = box;
  const isFraction = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;
  return isFraction(x) && isFraction(y) && isFraction(width) && isFraction(height)
    ? { x, y, width, height }
    : undefined;
}

function readImages(images: unknown): readonly Image[] {
  if (!Array.isArray(images)) return [];
  const list: readonly unknown[] = images;
  for (const image of list) {
    if (!isTree(image) || image.role !== 'scene' || typeof image.mimeType !== 'string') continue;
    const { data, mimeType } = image;
    if (typeof data === 'string' || Buffer.isBuffer(data)) return [{ role: 'scene', data, mimeType }];
  }
  return [];
}
