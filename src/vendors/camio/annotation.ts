/** What is posted to Camio about doors: events of any vendor as annotations of video, and the list of doors (reference 10). */
import { SecurityEventsError } from '../../errors';
import { child, isTree, treeOf, wordOf, type Tree } from '../../wire/read';

/** A door, by Camio's names. */
export interface PacsDevice {
  readonly device_id: string;
  readonly device_name: string;
}

/** An event at a door, by Camio's names. */
export interface PacsEvent {
  readonly device_id: string;
  /** ISO 8601, or milliseconds since 1970. */
  readonly timestamp: string | number;
  readonly event_type?: string;
  readonly actor_name?: string;
  readonly actor_id?: string;
  readonly actor_email?: string;
  readonly labels?: readonly string[];
}

/** In the words of Camio's guides where they have one. One that ends is another event than one that begins. */
const eventTypes: Readonly<Record<string, string>> = {
  'access-granted': 'Entry Unlocked',
  'access-multi-granted': 'Entry Unlocked',
  // the door opens as if nothing were wrong; that something is, the labels say
  'access-duress': 'Entry Unlocked',
  'access-denied': 'Entry Denied',
  'credential-unknown': 'Entry Denied',
  'door-forced': 'Forced Open',
  'door-propped': 'Entry Ajar',
  'door-open start': 'Entry Opened',
  'door-open stop': 'Entry Closed',
};

const longestText = 500;
const mostLabels = 50;
/** Less is a number of seconds, or none at all. */
const leastMs = 1e11;

/**
 * @param labels what else the video is to be found by
 * @throws SecurityEventsError `annotation-incomplete` that names what is missing
 */
export function toPacsEvent(payload: unknown, labels: readonly string[] = []): PacsEvent {
  if (!isTree(payload)) throw incomplete('payload', 'an event, or an object with device_id and timestamp, is expected');
  if (child(payload, 'device_id') !== undefined) return toOwnWords(payload, labels);
  const kind = wordOf(payload, 'kind');
  const deviceId = deviceIdOf(payload);
  if (kind === undefined || deviceId === undefined) {
    const message = 'there is neither a device_id nor an event of this package (device.id, kind, time)';
    throw incomplete('payload', message);
  }
  const state = wordOf(payload, 'state');
  const person = treeOf(payload, 'person');
  const door = treeOf(payload, 'door');
  const own = child(payload, 'labels');
  const said = [wordOf(payload, 'vendor'), kind, state && `${kind}.${state}`, wordOf(door, 'name')];
  return compose({
    device_id: deviceId,
    timestamp: readTimestamp(child(payload, 'time'), 'time'),
    event_type: eventTypeOf(kind, state),
    actor_name: wordOf(person, 'name'),
    actor_id: wordOf(person, 'id'),
    actor_email: undefined,
    labels: [...said, ...(Array.isArray(own) ? own : []), ...labels],
  });
}

/** As somebody has written it who knows Camio's names. */
function toOwnWords(payload: Tree, labels: readonly string[]): PacsEvent {
  const deviceId = wordOf(payload, 'device_id');
  if (deviceId === undefined) throw incomplete('device_id', 'it must be a text or a number');
  const own = child(payload, 'labels');
  return compose({
    device_id: deviceId,
    timestamp: readTimestamp(child(payload, 'timestamp'), 'timestamp'),
    event_type: wordOf(payload, 'event_type'),
    actor_name: wordOf(payload, 'actor_name'),
    actor_id: wordOf(payload, 'actor_id'),
    actor_email: wordOf(payload, 'actor_email'),
    labels: [...(Array.isArray(own) ? own : [own]), ...labels],
  });
}

type Fields = {
  readonly [Key in keyof PacsEvent]-?: Key extends 'labels' ? readonly unknown[] : PacsEvent[Key] | undefined;
};

/** Camio takes no nulls, and one of the words that describe an event must be there. */
function compose({ device_id: deviceId, timestamp, labels, ...words }: Fields): PacsEvent {
  if (deviceId === undefined || timestamp === undefined)
    throw incomplete('payload', 'device_id and timestamp are needed');
  const texts = labels.filter((label): label is string => typeof label === 'string' && label.trim() !== '');
  const different = [...new Set(texts.map(shorten))].slice(0, mostLabels);
  const described = Object.entries(words).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, shorten(text)]],
  );
  if (described.length === 0 && different.length === 0) {
    throw incomplete('payload', 'give at least one of event_type, actor_name, actor_id, actor_email and labels');
  }
  return {
    device_id: shorten(deviceId),
    timestamp,
    ...Object.fromEntries(described),
    ...(different.length > 0 && { labels: different }),
  };
}

/**
 * Doors from a list of `{device_id, device_name}`, of `{id, name}`, or of events: each once, and the last name counts.
 *
 * @throws SecurityEventsError `annotation-incomplete`; `devices-empty`, for an empty list would take all doors out of Camio
 */
export function toPacsDevices(payload: unknown): readonly PacsDevice[] {
  const all: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  const devices = new Map<string, PacsDevice>();
  all.forEach((each, index) => {
    const place = Array.isArray(payload) ? `payload[${index}]` : 'payload';
    const id = wordOf(each, 'device_id') ?? deviceIdOf(each) ?? wordOf(each, 'id');
    if (id === undefined) throw incomplete(place, 'a door needs a device_id, or an id');
    const door = treeOf(each, 'door');
    const name = wordOf(each, 'device_name', 'name') ?? wordOf(door, 'name') ?? devices.get(id)?.device_name ?? id;
    devices.set(id, { device_id: shorten(id), device_name: shorten(name) });
  });
  if (devices.size > 0) return [...devices.values()];
  const message = 'the list of doors is empty: it would replace the one that Camio has, so it was not posted';
  throw new SecurityEventsError('devices-empty', false, message, { place: 'payload' });
}

/** A door's number is unique within its panel only, so both are in its id: `20417AC/14`. */
export function deviceIdOf(event: unknown): string | undefined {
  const device = wordOf(treeOf(event, 'device'), 'id');
  if (device === undefined) return undefined;
  const door = treeOf(event, 'door');
  const own = wordOf(door, 'id') ?? wordOf(door, 'name') ?? wordOf(treeOf(event, 'device'), 'channel');
  return own === undefined ? device : `${device}/${own}`;
}

function eventTypeOf(kind: string, state: string | undefined): string {
  const whole = eventTypes[`${kind} ${state ?? ''}`];
  if (whole !== undefined) return whole;
  const words =
    eventTypes[kind] ??
    kind.replace(/(^|-)([a-z])/g, (_all, gap: string, first: string) => `${gap && ' '}${first.toUpperCase()}`);
  return state === 'stop' ? `${words} Ended` : words;
}

function readTimestamp(value: unknown, place: string): string | number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= leastMs) return Math.round(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  const isIso = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/.test(value);
  if (isIso && !Number.isNaN(Date.parse(value))) return value;
  throw incomplete(place, 'it must be a time with its zone (2026-03-01T12:00:00Z), or milliseconds since 1970');
}

function shorten(text: string): string {
  return text.trim().slice(0, longestText);
}

function incomplete(place: string, reason: string): SecurityEventsError {
  return new SecurityEventsError('annotation-incomplete', false, `${place}: ${reason}`, { place });
}
