/** Where a camera posts its events to: its subscription read and written, one slot at a time (reference 7.8). */
import {
  childOf,
  descendElement,
  isNamed,
  textOfElement,
  type XmlElement,
  type XmlSource,
} from '../../../wire/xml-source';
import type { Change } from './change';
import type { CallOptions } from './connection';
import { textIn, type Device, type WriteOptions } from './device';
import { DeviceError, isUnknownCommand } from './failure';

/** What the device shall post to. */
export interface Target {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export interface Subscription {
  readonly target: Target;
  /** 1 to 3; absent: the one that has this target already, else a free one. */
  readonly slot?: number | undefined;
  /** `ALL`, `PERIMETER` ... */
  readonly events: readonly string[];
  /** `smartData`, `traject` ... */
  readonly dataTypes: readonly string[];
  /** 0: none. */
  readonly heartbeatSeconds: number;
  /** Takes a slot from another server, where it is named. */
  readonly takeOver?: boolean;
}

export interface Slot {
  readonly slot: number;
  readonly isOn: boolean;
  readonly url: string;
  readonly events: readonly string[];
  readonly dataTypes: readonly string[];
  readonly heartbeatSeconds: number;
}

export interface PushState {
  /** Newer firmware has three slots with events and data types of their own. */
  readonly version: 'httpPostV2' | 'httpPost';
  readonly slots: readonly Slot[];
  /** What the camera itself thinks of its server; older block only. */
  readonly isOnline?: boolean;
}

export interface SubscribeResult {
  readonly slot: Slot;
  readonly version: PushState['version'];
  readonly changes: readonly Change[];
  readonly sent: boolean;
  /** What a person still has to do, in words. */
  readonly notes: readonly string[];
}

export const dataTypes = ['alarmStatus', 'traject', 'smartData', 'sourceImage', 'targetImage'] as const;

const command = 'GetHttpPostConfig';

export async function readPush(device: Device, options: CallOptions = {}): Promise<PushState> {
  return toState((await ask(device, options)).document);
}

/** Writes one slot; the others stay as they are. */
export async function subscribe(
  device: Device,
  wanted: Subscription,
  options: WriteOptions = {},
): Promise<SubscribeResult> {
  const { document } = await ask(device, options);
  const state = toState(document);
  if (state.version === 'httpPost') return subscribeOld(device, wanted, state, options);
  const slot = chooseSlot(device, state, wanted);
  const list = descendElement(document.root, 'httpPostV2', 'postUrlConf', 'urlList');
  const items = list === undefined ? [] : itemsIn(list);
  const present = items.find((item) => textIn2(document, item, 'urlId') === String(slot)) ?? items[0];
  // firmware 5.3.1 has another name for the same list (reference 1.7)
  const typesName =
    present !== undefined && childOf(present, 'subDataType') !== undefined ? 'subDataType' : 'subscribeDateType';
  const { protocol, host, port, path } = wanted.target;
  // user and password can be typed in the web page only: those of this target stay, those of another do not come along
  const isOwn = state.slots.some((each) => each.slot === slot && each.url === writeUrl(wanted.target));
  const url = {
    protocol,
    domain: host,
    port,
    path,
    ...(!isOwn && hasChild(present, 'url', 'authentication') && { authentication: 'none' }),
  };
  const item = {
    urlId: slot,
    switch: true,
    url,
    heatBeatSwitch: wanted.heartbeatSeconds > 0,
    ...(wanted.heartbeatSeconds > 0 && { keepaliveTimeval: wanted.heartbeatSeconds }),
    [typesName]: wanted.dataTypes,
    subscriptionEvents: wanted.events,
  };
  const change = { httpPostV2: { postUrlConf: { urlList: [item] } } };
  const { changes, sent } = await device.write(change, options, 'http-post');
  return {
    version: 'httpPostV2',
    slot: toSlot(wanted, slot),
    changes,
    sent,
    notes: notesOf(wanted, changes),
  };
}

/** Switches the slots off that post to that target. */
export async function unsubscribe(
  device: Device,
  target: Target,
  options: WriteOptions = {},
): Promise<readonly Change[]> {
  const state = await readPush(device, options);
  const own = state.slots.filter(({ isOn, url }) => isOn && url === writeUrl(target));
  const changes: Change[] = [];
  for (const { slot } of own) {
    const change =
      state.version === 'httpPost'
        ? { httpPost: { bSwitch: false } }
        : { httpPostV2: { postUrlConf: { urlList: [{ urlId: slot, switch: false }] } } };
    changes.push(...(await device.write(change, options, 'http-post')).changes);
  }
  return changes;
}

export function writeUrl({ protocol, host, port, path }: Target): string {
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

async function subscribeOld(
  device: Device,
  wanted: Subscription,
  state: PushState,
  options: WriteOptions,
): Promise<SubscribeResult> {
  const [present] = state.slots;
  const { host, port, path, protocol } = wanted.target;
  const fail = (reason: string): DeviceError => new DeviceError('no-slot', reason, { device: device.label, command });
  if (wanted.slot !== undefined && wanted.slot !== 1) throw fail('this firmware has one slot only; choose 1');
  if (protocol === 'https') throw fail('this firmware posts by plain HTTP only; give the listener a port without TLS');
  if (present?.isOn === true && present.url !== writeUrl(wanted.target) && wanted.takeOver !== true) {
    throw fail(`the only slot posts to ${present.url}; switch that off, or choose slot 1 and let it be taken over`);
  }
  const change = {
    httpPost: {
      bSwitch: true,
      serverIp: host,
      serverPort: port,
      URL: path,
      ...(wanted.heartbeatSeconds > 0 && { keepaliveTimeval: wanted.heartbeatSeconds }),
    },
  };
  const { changes, sent } = await device.write(change, options, 'http-post');
  const older = 'this firmware has no choice of events and data types: it posts what its web page says';
  const notes = [older, ...notesOf({ ...wanted, dataTypes: [] }, changes)];
  if (wanted.dataTypes.includes('traject')) notes.push('this firmware cannot send smart track data');
  return { version: 'httpPost', slot: { ...toSlot(wanted, 1), events: [], dataTypes: [] }, changes, sent, notes };
}

/** @throws DeviceError `no-slot` */
function chooseSlot(device: Device, { slots }: PushState, { target, slot, takeOver = false }: Subscription): number {
  const url = writeUrl(target);
  const own = slots.find((each) => each.url === url);
  const most = Math.max(slots.length, 3);
  const fail = (reason: string): DeviceError => new DeviceError('no-slot', reason, { device: device.label, command });
  if (slot !== undefined) {
    if (!Number.isInteger(slot) || slot < 1 || slot > most) throw fail(`there is no slot ${slot}; choose 1 to ${most}`);
    const other = slots.find((each) => each.slot === slot);
    if (other === undefined || !other.isOn || other.url === url || takeOver) return slot;
    throw fail(`slot ${slot} posts to ${other.url}; choose another, or let it be taken over`);
  }
  const free = own ?? slots.find((each) => !each.isOn);
  if (free !== undefined) return free.slot;
  for (let number = 1; number <= most; number++) if (!slots.some((each) => each.slot === number)) return number;
  throw fail(`all slots are taken: ${slots.map((each) => `${each.slot} by ${each.url}`).join(', ')}; switch one off`);
}

async function ask(device: Device, options: CallOptions): Promise<{ readonly document: XmlSource }> {
  try {
    const { document } = await device.call({ command }, options);
    if (document !== undefined) return { document };
  } catch (thrown) {
    if (!isUnknownCommand(thrown)) throw thrown;
    const cure =
      'this device cannot be told by its API where to post; recorders are set up in their web page: Network, Platform ' +
      'Access, HTTP POST. Type the address of the listener there';
    throw new DeviceError('push-unsupported', cure, { device: device.label, command, cause: thrown });
  }
  throw new DeviceError('answer-empty', 'the answer has no text', { device: device.label, command });
}

function toState(document: XmlSource): PushState {
  const list = descendElement(document.root, 'httpPostV2', 'postUrlConf', 'urlList');
  if (list !== undefined) {
    return { version: 'httpPostV2', slots: itemsIn(list).map((item, index) => readSlot(document, item, index)) };
  }
  const old = (name: string): string => textIn({ document }, 'httpPost', name) ?? '';
  const target: Target = {
    protocol: 'http',
    host: old('serverIp'),
    port: Number(old('serverPort')),
    path: old('URL') || '/',
  };
  const slot: Slot = {
    slot: 1,
    isOn: old('bSwitch').toLowerCase() === 'true',
    url: writeUrl(target),
    events: [],
    dataTypes: [],
    heartbeatSeconds: Number(old('keepaliveTimeval')),
  };
  return { version: 'httpPost', slots: [slot], isOnline: old('onlineStatus').toLowerCase() === 'true' };
}

function readSlot(document: XmlSource, item: XmlElement, index: number): Slot {
  const text = (...path: readonly string[]): string => textIn2(document, item, ...path);
  const words = (name: string): readonly string[] => {
    const list = childOf(item, name);
    return list === undefined ? [] : itemsIn(list).map((each) => textOfElement(document, each));
  };
  const isTrue = (name: string): boolean => text(name).toLowerCase() === 'true';
  const target: Target = {
    protocol: text('url', 'protocol').toLowerCase() === 'https' ? 'https' : 'http',
    host: text('url', 'domain'),
    port: Number(text('url', 'port')),
    path: text('url', 'path'),
  };
  const types = words('subscribeDateType');
  return {
    slot: Number(text('urlId')) || index + 1,
    isOn: isTrue('switch') && target.host !== '',
    url: target.host === '' ? '' : writeUrl(target),
    events: words('subscriptionEvents'),
    dataTypes: types.length > 0 ? types : words('subDataType'),
    heartbeatSeconds: isTrue('heatBeatSwitch') ? Number(text('keepaliveTimeval')) : 0,
  };
}

function toSlot({ target, events, dataTypes: types, heartbeatSeconds }: Subscription, slot: number): Slot {
  return { slot, isOn: true, url: writeUrl(target), events, dataTypes: types, heartbeatSeconds };
}

function notesOf({ dataTypes: types }: Subscription, changes: readonly Change[]): readonly string[] {
  const notes: string[] = [];
  if (types.includes('traject') && changes.length > 0) {
    notes.push('smart track data: the box "Smart track data" in the camera\'s web page must be checked as well');
  }
  if (changes.length > 0) {
    notes.push(
      'if the camera says "Online" and no events come, reboot it once: some firmware uses new settings only then',
    );
  }
  return notes;
}

function itemsIn(list: XmlElement): readonly XmlElement[] {
  return list.children.filter((child) => isNamed(child, 'item'));
}

function textIn2(document: XmlSource, element: XmlElement, ...path: readonly string[]): string {
  const found = descendElement(element, ...path);
  return found === undefined ? '' : textOfElement(document, found);
}

function hasChild(element: XmlElement | undefined, ...path: readonly string[]): boolean {
  return descendElement(element, ...path) !== undefined;
}
