/** A typed message to an event. Total: never throws, reads no clock. */
import { digest } from '../../digest';
import type { Access, Actor, Alarm, Change, Controller, Device, Door, Person, SecurityEvent, Value } from '../../event';
import type { Post } from '../../http/receiver';
import { child, compact, copyTree } from '../../wire/read';
import { toIso } from '../../zone';
import type { Meaning } from './topics';
import { flagOf, numberOf, treeOf, wordOf, type PdkMessage } from './wire';

export type Signature = NonNullable<SecurityEvent['signature']>;

export interface Reading {
  readonly event: SecurityEvent;
  /** Whether PDK itself says which event it is. If not, two that are alike may be two that happened. */
  readonly isIdentified: boolean;
}

const unknown: Meaning = { category: 'other', kind: 'unknown' };

/** Less is no number of milliseconds since 1970 (reference 5.2). */
const leastMs = 1e11;
/** No clock is so far ahead. */
const futureMs = 10 * 365 * 24 * 3600 * 1000;

/** @param signature undefined where nobody has asked */
export function toReading(message: PdkMessage, post: Post, signature?: Signature): Reading {
  const { topic, meaning } = message;
  const { category, kind, state } = meaning ?? unknown;
  const occurredMs = readTime(message, post.receivedAt);
  const identity = identify(message);
  const event = {
    id: digest(identity === undefined ? post.body : JSON.stringify(identity)),
    vendor: 'pdk' as const,
    category,
    kind,
    type: topic,
    ...(state !== undefined && { state }),
    time: toIso(occurredMs ?? post.receivedAt),
    timeSource: occurredMs === undefined ? ('received' as const) : ('device' as const),
    receivedAt: toIso(post.receivedAt),
    device: toDevice(message),
    targets: [],
    ...compact<Partial<SecurityEvent>>({
      rule: toNamed(wordOf(message.body, 'ruleId'), wordOf(message.metadata, 'ruleName')),
      person: toPerson(message),
      alarm: toAlarm(message),
      health: toHealth(message),
      access: toAccess(message),
      door: toDoor(message),
      controller: toController(message),
      values: toValues(message),
      actor: toActor(message),
      change: toChange(message),
      signature,
    }),
    images: [],
    raw: copyTree(message.tree, () => false),
  };
  return { event, isIdentified: identity !== undefined };
}

/** The keys of the reference (7.3): `id` alone would take the second change of one organization for the first. */
function identify(message: PdkMessage): readonly string[] | undefined {
  const panel = message.panelId ?? message.cloudNodeId;
  if (panel === undefined) return undefined;
  if (message.eventId !== undefined) return [panel, message.topic, message.eventId];
  const { timestamp } = message;
  return timestamp !== undefined && readTimestamp(timestamp) !== undefined
    ? [panel, message.topic, timestamp]
    : undefined;
}

/** When it happened; undefined where the post does not say it, or says what cannot be. */
function readTime({ metadata, body, timestamp }: PdkMessage, receivedAt: number): number | undefined {
  const said = [numberOf(metadata, 'occurred'), numberOf(body, 'occurred'), timestamp && readTimestamp(timestamp)];
  return said.find((ms): ms is number => typeof ms === 'number' && ms >= leastMs && ms <= receivedAt + futureMs);
}

function readTimestamp(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The panel; where an event is of none, the organization. */
function toDevice({ firstWords, panelId, cloudNodeId, tree, metadata }: PdkMessage): Device {
  const isRecord = /^panel\.(created|updated|deleted)$/.test(firstWords);
  const panel = panelId ?? (isRecord ? wordOf(tree, 'id') : undefined);
  const id = panel ?? cloudNodeId ?? wordOf(tree, 'ou', 'organizationId', 'id') ?? wordOf(metadata, 'systemId');
  return compact<Device>({
    id: id ?? 'unknown',
    name: isRecord || firstWords.startsWith('ou.') ? wordOf(tree, 'name') : undefined,
    ip: wordOf(tree, 'ip'),
    serial: panel,
  });
}

function toNamed(id: string | undefined, name: string | undefined): { id?: string; name?: string } | undefined {
  return id === undefined && name === undefined ? undefined : compact<{ id?: string; name?: string }>({ id, name });
}

function toDoor({ firstWords, body, metadata }: PdkMessage): Door | undefined {
  // it concerns every door of the panel, although a sample names one
  if (firstWords === 'door.alarm.propped.alloff') return undefined;
  const details = treeOf(body, 'details');
  const id = wordOf(body, 'doorId', 'deviceId') ?? wordOf(details, 'doorId', 'deviceId');
  const name = wordOf(metadata, 'doorName', 'deviceName') ?? wordOf(details, 'doorName', 'deviceName');
  if (firstWords.startsWith('notification.device.'))
    return toNamed(id ?? wordOf(body, 'id'), name ?? nameOfRecord(body));
  // an elevator is one of the things that a controller switches
  return toNamed(id ?? wordOf(body, 'elevatorId'), name);
}

function toPerson({ firstWords, body, metadata }: PdkMessage): Person | undefined {
  const details = treeOf(body, 'details');
  const id = wordOf(body, 'personId', 'holderId') ?? wordOf(details, 'personId', 'holderId');
  const name = wordOf(metadata, 'personName', 'holderName') ?? wordOf(details, 'personName', 'holderName');
  return toNamed(id ?? (firstWords.startsWith('notification.person.') ? wordOf(body, 'id') : undefined), name);
}

function toController({ firstWords, body, metadata }: PdkMessage): Controller | undefined {
  if (!firstWords.startsWith('endpoint.')) return undefined;
  return compact<Controller>({
    id: wordOf(body, 'ioLinkId', 'controllerId', 'connectionId'),
    name: wordOf(metadata, 'ioLinkName', 'controllerName', 'connectionName'),
    address: wordOf(body, 'address'),
    port: wordOf(body, 'port'),
    type: wordOf(body, 'type'),
  });
}

function toAccess({ firstWords, meaning, body }: PdkMessage): Access | undefined {
  if (!firstWords.startsWith('door.request.') && firstWords !== 'door.input.virtualread') return undefined;
  const kind = meaning?.kind ?? '';
  const count = numberOf(body, 'count');
  return compact<Access>({
    decision: decisions.get(kind),
    requestFactor: wordOf(body, 'requestFactor'),
    duress: kind === 'access-duress' ? true : undefined,
    count: count !== undefined && Number.isInteger(count) && count >= 0 ? count : undefined,
    explicit: flagOf(body, 'explicit'),
    disabled: flagOf(body, 'disabled'),
    facilityCode: wordOf(body, 'facilityCode'),
  });
}

const decisions: ReadonlyMap<string, 'granted' | 'denied'> = new Map([
  ['access-granted', 'granted'],
  ['access-multi-granted', 'granted'],
  // under duress the door opens, as if nothing were wrong
  ['access-duress', 'granted'],
  ['access-denied', 'denied'],
  ['credential-unknown', 'denied'],
]);

function toAlarm(message: PdkMessage): Alarm | undefined {
  const { meaning } = message;
  if (meaning?.category !== 'alarm') return undefined;
  return compact<Alarm>({ name: meaning.kind, id: toDoor(message)?.id, active: meaning.state === 'start' });
}

/** The topic decides: samples of both topics of a panel say `online: true`. */
function toHealth({ meaning }: PdkMessage): SecurityEvent['health'] {
  return meaning?.kind.endsWith('-offline') === true ? { online: meaning.state === 'stop' } : undefined;
}

/** Units as far as they are known: magnitudes of power reports fit millivolt and milliampere, battery data has none. */
function toValues({ firstWords: own, body }: PdkMessage): SecurityEvent['values'] {
  const isPower = /^endpoint\.input\.p[ip]\.status$/.test(own);
  const values: Record<string, Value> = {};
  const add = (from: typeof body, name: string, unit?: 'mV' | 'mA' | 's', scale = 1): void => {
    const found = child(from, name);
    if (typeof found === 'number') values[name] = { value: found / scale, ...(unit && { unit }) };
    else if (typeof found === 'boolean' || (typeof found === 'string' && found !== '')) values[name] = { value: found };
  };
  if (isPower) {
    add(body, 'voltage', 'mV');
    add(body, 'current', 'mA');
    add(body, 'inputPowerOn');
    add(body, 'peripheralPowerOn');
  } else if (own.startsWith('endpoint.input.')) {
    for (const name of ['state', 'chargeCategory', 'batteryLevel', 'time', 'voltage', 'current']) add(body, name);
  } else if (own === 'door.autoopen.on') {
    add(body, 'aoscan');
  } else if (own.startsWith('notification.device.')) {
    const record = own.endsWith('.updated') ? treeOf(body, 'newState') : body;
    // set in tenths of a second
    add(record, 'dwell', 's', 10);
    add(record, 'delay', 's', 10);
    add(record, 'propDelay');
  } else if (own === 'error.card.parse') {
    add(body, 'cardFormat');
    add(body, 'errorMessage');
  }
  return Object.keys(values).length === 0 ? undefined : values;
}

function toActor({ tree, body }: PdkMessage): Actor | undefined {
  const user = treeOf(tree, 'user');
  const client = treeOf(tree, 'clientInfo');
  const name = [wordOf(user, 'firstName'), wordOf(user, 'lastName')].filter((part) => part !== undefined).join(' ');
  const actor = compact<Actor>({
    id: wordOf(user, 'id') ?? wordOf(body, 'userId'),
    name: name === '' ? undefined : name,
    ip: wordOf(client, 'ipAddress'),
    userAgent: wordOf(client, 'userAgent'),
  });
  return Object.keys(actor).length === 0 ? undefined : actor;
}

function toChange(message: PdkMessage): Change | undefined {
  const { firstWords: own, meaning, tree, body } = message;
  if (meaning?.category !== 'config') return undefined;
  const details = treeOf(body, 'details');
  const family = own.split('.').at(own.startsWith('notification.') ? 1 : 0) ?? own;
  const isEntity = own.startsWith('entity.');
  const object = isEntity ? wordOf(details, 'entityType')?.toLowerCase() : (objects.get(family) ?? family);
  const record = family === 'permission' ? wordOf(tree, 'userId') : (wordOf(body, 'id') ?? wordOf(tree, 'id'));
  const ids: Readonly<Record<string, string | undefined>> = {
    entity: toPerson(message)?.id,
    endpoint: toController(message)?.id,
    client: undefined,
  };
  return compact<Change>({
    object: object ?? family,
    id: family in ids ? ids[family] : record,
    name: nameOfRecord(body) ?? wordOf(tree, 'name') ?? toController(message)?.name,
    action: wordOf(body, 'action', 'event'),
    group: toNamed(wordOf(details, 'groupId'), wordOf(details, 'groupName')),
    role: wordOf(tree, 'role'),
    email: wordOf(tree, 'email'),
  });
}

const objects: ReadonlyMap<string, string> = new Map([
  ['ou', 'organization'],
  ['device', 'door'],
  ['endpoint', 'controller'],
  ['client', 'command'],
]);

/** Of a record that was created, deleted or updated. */
function nameOfRecord(body: PdkMessage['body']): string | undefined {
  return wordOf(body, 'name') ?? wordOf(treeOf(body, 'newState'), 'name') ?? wordOf(treeOf(body, 'prevState'), 'name');
}
