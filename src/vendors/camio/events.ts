/** Typed messages to events. Total: never throws, reads no clock; what lasts gets its state in incidents.ts. */
import { digest } from '../../digest';
import type { Access, Category, Change, Device, Door, Image, Person, SecurityEvent } from '../../event';
import type { Post } from '../../http/receiver';
import { child, compact, copyTree, isTree, treeOf, wordOf, type Tree } from '../../wire/read';
import { toIso } from '../../zone';
import type { EventOptions, PictureMode } from '../vendor';
import { eventTypes, type Group, type TypeRow } from './catalogue';
import { kindOf, readCounters } from './counters';
import { meaningOfLabels } from './labels';
import { findTime } from './time';
import type { CamioMessage, WireImage } from './wire';

/** What one message says. */
export interface Reading {
  readonly group: Group;
  /** By which a second delivery of the message is known. */
  readonly identity: string;
  /** Whether Camio itself says which message it is. If not, two that are alike may be two that happened. */
  readonly isIdentified: boolean;
  readonly events: readonly SecurityEvent[];
}

type Fields = Partial<SecurityEvent> & Pick<SecurityEvent, 'category' | 'kind' | 'type' | 'device'>;

/** For messages without a word of the vendor's own. */
const hookType = 'hook';
const customType = 'custom';
/** Of a counter: it is kept as long as its fault. The names that are known have 40 letters at most. */
const longestCounterName = 200;
/** Of one event: a handful is real, and each is compared with all that is known. */
const mostLabels = 1000;

export function toReading(message: CamioMessage, post: Post, options: EventOptions): Reading {
  const row = eventTypes.find(({ type }) => type === message.type.toLowerCase());
  const { identity, isIdentified } = identify(message);
  const make = ({ category, kind, type, ...fields }: Fields, ms: number | undefined, index = 0): SecurityEvent => ({
    id: index === 0 ? identity : digest(`${identity} ${index}`),
    vendor: 'camio',
    // what happened stands first, where a debug sidebar shows it
    category,
    kind,
    type,
    time: toIso(ms ?? post.receivedAt),
    timeSource: ms === undefined ? 'received' : 'device',
    receivedAt: toIso(post.receivedAt),
    targets: [],
    images: [],
    raw: undefined,
    ...compact<Partial<SecurityEvent>>({ account: toAccount(message) }),
    ...fields,
  });
  const timeOf = (...texts: readonly (string | undefined)[]): number | undefined =>
    findTime(texts, options.timeZone, post.receivedAt);

  if (message.form === 'hook') {
    const times = message.images.map(({ timestamp }) => timestamp);
    const event = make(toVideoFields(message, options.pictures), timeOf(...times));
    return { group: 'video', identity, isIdentified, events: [event] };
  }
  if (message.form === 'custom') {
    const fields = { category: 'other', kind: 'custom', type: customType, device: toDevice(message) } as const;
    return {
      group: 'other',
      identity,
      isIdentified,
      events: [make({ ...fields, raw: copy(message.tree) }, undefined)],
    };
  }
  if (message.events !== undefined) {
    const { events } = message;
    const made = events.map((record, index) => {
      const metadata = treeOf(record, 'camio_metadata');
      const time = timeOf(wordOf(metadata, 'date'), wordOf(record, 'timestamp'));
      const part = events.length > 1 ? { part: { of: identity, index, count: events.length } } : {};
      const raw = replace(message.tree, message.list, record);
      return make({ ...toDoorFields(message, record, metadata), ...part, raw }, time, index);
    });
    return { group: 'pacs', identity, isIdentified, events: made };
  }
  if (message.incident !== undefined || row?.group === 'incident') {
    const { incident = {} } = message;
    const fields = { ...toIncidentFields(message, incident), raw: copy(message.tree) };
    return { group: 'incident', identity, isIdentified, events: [make(fields, timeOf(wordOf(incident, 'date')))] };
  }
  const fields = { ...toConfigFields(message, row), raw: copy(message.tree) };
  const time = timeOf(wordOf(message.object, 'date'), wordOf(message.tree, 'date'));
  return { group: row?.group ?? 'other', identity, isIdentified, events: [make(fields, time)] };
}

/** The envelope's id; of a hook's call the video Event that it is about. */
function identify(message: CamioMessage): { readonly identity: string; readonly isIdentified: boolean } {
  if (message.form === 'callback' && message.id !== undefined) {
    return { identity: message.id.length <= 200 ? message.id : digest(message.id), isIdentified: true };
  }
  const labelUrl = wordOf(message.tree, 'callback_url');
  if (message.form === 'hook' && labelUrl !== undefined) {
    const { account, camera, images } = message;
    const what = [account.id, camera.name, labelUrl, ...images.map(({ timestamp }) => timestamp ?? '')];
    return { identity: digest(JSON.stringify(what)), isIdentified: true };
  }
  return { identity: digest(JSON.stringify(message.tree)), isIdentified: false };
}

function copy(value: unknown): unknown {
  return copyTree(value, () => false);
}

/** The message with that one event in the place of all. */
function replace(value: unknown, list: unknown, record: Tree): unknown {
  if (value === list) return [copy(record)];
  if (Array.isArray(value)) return value.map((each) => replace(each, list, record));
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replace(each, list, record)]));
}

function toAccount({ account }: CamioMessage): SecurityEvent['account'] {
  return Object.keys(account).length === 0 ? undefined : { ...account };
}

/** A camera has no id but its name, which is unique in its account only. */
function toDevice({ account, camera }: CamioMessage): Device {
  const { name, ip } = camera;
  if (name === undefined) return compact<Device>({ id: ip ?? account.id ?? account.domain ?? 'unknown', ip, name });
  return compact<Device>({ id: account.id === undefined ? name : `${account.id}/${name}`, name, ip });
}

/** A Camio Box; the vendor's sample masks the address with letters that no address has. */
function toBox(address: string): Device {
  const digits = address.replace(/[:.-]/g, '').toLowerCase();
  const mac = /^[0-9a-f]{12}$/.test(digits) ? digits.replace(/(..)(?=.)/g, '$1:') : undefined;
  return compact<Device>({ id: mac ?? address, mac, serial: mac === undefined ? address : undefined });
}

function toIncidentFields(message: CamioMessage, incident: Tree): Fields {
  const counters = readCounters(child(incident, 'counter_events')).filter(
    ({ name }) => name.length <= longestCounterName,
  );
  const kind = kindOf(counters);
  const box = wordOf(incident, 'box_mac_address');
  return {
    category: 'health',
    kind,
    type: message.type || 'incident.created',
    device: box !== undefined && message.camera.name === undefined ? toBox(box) : toDevice(message),
    incident: { counters },
    ...(kind === 'stream-offline' && { health: { online: false } }),
  };
}

function toDoorFields(message: CamioMessage, record: Tree, metadata: Tree): Fields {
  const { account, sourceServer } = message;
  const server = wordOf(metadata, 'source_server') ?? sourceServer;
  const said = child(metadata, 'labels');
  const labels = readLabels(Array.isArray(said) ? said : [said]);
  const { category, kind, state, access } = meaningOfLabels(labels);
  const door = toNamed(wordOf(metadata, 'entry_id'), nameOfDoor(record));
  return {
    category,
    kind,
    type: message.type || 'pacs.events.created',
    ...(state !== undefined && { state }),
    device: compact<Device>({ id: server ?? account.domain ?? account.id ?? 'unknown', name: server }),
    ...compact<Partial<SecurityEvent>>({
      door,
      person: toPerson(record),
      access: access && compact<Access>({ decision: access }),
      alarm:
        category === 'alarm' ? { name: kind, ...toAlarmState(state), ...(door?.id && { id: door.id }) } : undefined,
      labels: labels.length === 0 ? undefined : labels,
    }),
  };
}

function readLabels(all: readonly unknown[]): readonly string[] {
  return all.slice(0, mostLabels).filter((label): label is string => typeof label === 'string' && label !== '');
}

function toAlarmState(state: 'start' | 'stop' | undefined): { readonly active?: boolean } {
  return state === undefined ? {} : { active: state === 'start' };
}

/** In the records of the systems whose form is known; Camio itself passes no name on. */
function nameOfDoor(record: Tree): string | undefined {
  return (
    wordOf(record, 'device_name') ??
    wordOf(treeOf(record, 'eventData'), 'objectName') ??
    wordOf(treeOf(record, 'eventObject'), 'name')
  );
}

/** Brivo has an actor; OnGuard a number of the holder, which is 0 where there is none. */
function toPerson(record: Tree): Person | undefined {
  const actor = treeOf(record, 'actor');
  const holder = wordOf(record, 'cardholder_key');
  return toNamed(wordOf(actor, 'id') ?? (holder === '0' ? undefined : holder), wordOf(actor, 'name'));
}

function toNamed(id: string | undefined, name: string | undefined): (Door & Person) | undefined {
  return id === undefined && name === undefined ? undefined : compact<Door & Person>({ id, name });
}

function toConfigFields(message: CamioMessage, row: TypeRow | undefined): Fields {
  const type = message.type || customType;
  const device = toDevice(message);
  if (row === undefined) return { category: 'other', kind: 'unknown', type, device };
  const { zone, camera, object } = message;
  const record = row.group === 'zone' ? zone : treeOf(object, row.group);
  const name = row.group === 'camera' ? camera.name : wordOf(record, 'name');
  return {
    category: row.category satisfies Category,
    kind: row.kind,
    type,
    device,
    ...(row.group === 'zone' && name !== undefined && { rule: { name, shape: 'area' } }),
    change: compact<Change>({
      object: row.group,
      id: wordOf(record, 'id', `${row.group}_id`) ?? wordOf(object, `${row.group}_id`),
      name,
    }),
  };
}

function toVideoFields(message: CamioMessage, mode: PictureMode): Fields {
  const said = child(message.tree, 'labels');
  const labels = readLabels(Array.isArray(said) ? said : []);
  return {
    category: 'object',
    kind: 'video-matched',
    type: message.type || hookType,
    device: toDevice(message),
    ...(labels.length > 0 && { labels }),
    images: mode === 'none' ? [] : message.images.flatMap((image) => toImage(image, mode)),
    raw: copy(message.tree),
  };
}

function toImage({ picture, width, height }: WireImage, mode: PictureMode): readonly Image[] {
  const data = mode === 'base64' ? picture.base64() : mode === 'data-url' ? picture.dataUrl() : picture.jpeg();
  if (data === undefined) return [];
  const size = width === undefined || height === undefined ? picture.size() : { width, height };
  return [{ role: 'scene', data, mimeType: 'image/jpeg', ...size }];
}
