/** What a viewtron-config-out node can do with a device: one entry an action. */
import type { NodeAPI } from 'node-red';
import { SetupError } from '../../../src/errors';
import {
  addPreset,
  findSnapshot,
  listVirtualAlarms,
  movePtz,
  movePtzFor,
  outputFault,
  ptzMoves,
  pulseOutput,
  runCruise,
  setClock,
  setOutput,
  stopCruise,
  switchDeterrent,
  takeSnapshot,
  triggerVirtualAlarm,
  usePreset,
  type Picture,
} from '../../../src/vendors/viewtron/device/act';
import { configNames, findConfig, type ConfigName } from '../../../src/vendors/viewtron/device/commands';
import { writeConfig, type Device, type WriteOptions } from '../../../src/vendors/viewtron/device/device';
import { DeviceError } from '../../../src/vendors/viewtron/device/failure';
import {
  addPlates,
  changePlates,
  listGroups,
  listPlates,
  removePlates,
  replacePlates,
  type PlatesReport,
} from '../../../src/vendors/viewtron/device/plate-list';
import {
  dataTypes,
  readPush,
  subscribe,
  unsubscribe,
  writeUrl,
  type Target,
} from '../../../src/vendors/viewtron/device/push';
import { readChildren } from '../../../src/vendors/viewtron/device/values';
import { splitList } from '../../../src/filter';
import { readChoices, readNumber, readText } from '../../adapter';
import { findReceiver } from '../receiver-node';
import { findOwnAddress } from './own-address';
import { wrong, type Parameters } from './parameters';
import { readPlates } from './plate-input';
import { toWallTime, writeLocal } from './wall-time';

/** All that an action has to work with. */
export interface Task {
  readonly RED: NodeAPI;
  readonly device: Device;
  readonly channel: number | undefined;
  readonly parameters: Parameters;
  /** The dialog's fields that have no types. */
  readonly def: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** A text of the node's catalogue. */
export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export interface Result {
  readonly payload: unknown;
  /** In a few words, for the status line. */
  readonly summary: (say: Say) => string;
  /** What a read can also tell: limits, units and enumerations by path. */
  readonly fields?: unknown;
}

interface Action {
  readonly run: (task: Task) => Promise<Result>;
  /** Reads and then writes: never at the same time as another such. */
  readonly isExclusive?: boolean;
}

const longestSeconds = 86_400;

export const actions = {
  read: { run: read },
  write: { run: write, isExclusive: true },
  raw: { run: callRaw },
  subscribe: { run: startPushing, isExclusive: true },
  unsubscribe: { run: stopPushing, isExclusive: true },
  'check-push': { run: checkPush },
  'plates-list': {
    async run({ device, parameters, signal }) {
      const filter = { group: parameters.text('group'), number: parameters.text('number') };
      const plates = (await listPlates(device, filter, { signal })).map(({ key: _key, ...plate }) => plate);
      return { payload: plates, summary: (say) => say('done.plates', { number: plates.length }) };
    },
  },
  'plates-groups': {
    async run({ device, signal }) {
      const groups = await listGroups(device, { signal });
      return { payload: groups, summary: (say) => say('done.groups', { number: groups.length }) };
    },
  },
  'plates-add': {
    isExclusive: true,
    run: async ({ device, parameters, signal }) =>
      toPlatesResult(
        await addPlates(device, readPlates(parameters.value('value'), parameters.text('group') ?? 'allow'), { signal }),
      ),
  },
  'plates-change': {
    isExclusive: true,
    run: async ({ device, parameters, signal }) =>
      toPlatesResult(
        await changePlates(device, readPlates(parameters.value('value'), parameters.text('group') ?? ''), { signal }),
      ),
  },
  'plates-remove': {
    isExclusive: true,
    run: async ({ device, parameters, signal }) =>
      toPlatesResult(
        await removePlates(device, readPlates(parameters.value('value'), parameters.text('group') ?? ''), { signal }),
      ),
  },
  'plates-replace': {
    isExclusive: true,
    async run({ device, parameters, signal }) {
      const value = parameters.value('value');
      // an empty list empties the device; nothing at all, or a text by mistake, must not
      if (!Array.isArray(value))
        throw wrong('value', 'must be a list of plates, as it takes the place of the whole list', value);
      const group = parameters.text('group');
      return toPlatesResult(await replacePlates(device, readPlates(value, group ?? 'allow'), group, { signal }));
    },
  },
  output: { run: switchOutput },
  'virtual-alarm': {
    async run({ device, parameters, signal }) {
      const id = parameters.integer('item', 1, 65_535);
      if (id === undefined) {
        const known = await listVirtualAlarms(device, { signal });
        const cure = known.length === 0 ? 'the device lists no virtual alarms' : `the device has ${known.join(', ')}`;
        throw wrong('item', `is missing; ${cure}`, undefined);
      }
      await triggerVirtualAlarm(device, id, { signal });
      return { payload: { id, triggered: true }, summary: (say) => say('done.virtual-alarm', { number: id }) };
    },
  },
  snapshot: {
    run: async ({ device, channel, signal }) => toPictureResult(await takeSnapshot(device, { channel, signal })),
  },
  'snapshot-at': {
    async run({ device, channel, parameters, signal }) {
      const time = toWallTime(parameters.value('time') ?? parameters.required('time'), 'start', 'time');
      const seconds = parameters.integer('seconds', 1, longestSeconds) ?? 10;
      return toPictureResult(await findSnapshot(device, time, seconds, { channel, signal }));
    },
  },
  deterrent: {
    isExclusive: true,
    async run(task) {
      const { device, parameters } = task;
      const what = parameters.text('what') ?? 'sound';
      if (what !== 'sound' && what !== 'light') throw wrong('what', 'must be sound or light', what);
      const { isOn } = readState(parameters, false);
      const result = await switchDeterrent(device, what, isOn, writeOptions(task));
      return { payload: result, summary: (say) => say(isOn ? 'done.on' : 'done.off', { what: say(`what.${what}`) }) };
    },
  },
  ptz: {
    async run({ device, channel, parameters, signal }) {
      const word = parameters.text('move') ?? 'Stop';
      const move = ptzMoves.find((each) => each.toLowerCase() === word.toLowerCase().replace(/[\s_-]/g, ''));
      if (move === undefined) throw wrong('move', `must be one of ${ptzMoves.join(', ')}`, word);
      const speed = parameters.integer('speed', 1, 8);
      const seconds = parameters.number('seconds', 0, 600) ?? 0;
      const options = { channel, signal };
      if (seconds > 0 && move !== 'Stop') await movePtzFor(device, move, speed, seconds * 1000, options);
      else await movePtz(device, move, speed, options);
      return { payload: { move, seconds }, summary: () => move };
    },
  },
  'ptz-preset': {
    async run({ device, channel, parameters, signal }) {
      const id = parameters.integer('item', 1, 360);
      if (id === undefined) throw wrong('item', 'is missing: the number of the preset', undefined);
      await usePreset(device, 'goto', id, { channel, signal });
      return { payload: { preset: id }, summary: (say) => say('done.preset', { preset: id }) };
    },
  },
  'ptz-preset-add': {
    async run({ device, channel, parameters, signal }) {
      const name = parameters.required('value');
      await addPreset(device, name, { channel, signal });
      return { payload: { preset: name, added: true }, summary: (say) => say('done.preset', { preset: name }) };
    },
  },
  'ptz-preset-delete': {
    async run({ device, channel, parameters, signal }) {
      const id = parameters.integer('item', 1, 360);
      if (id === undefined) throw wrong('item', 'is missing: the number of the preset', undefined);
      await usePreset(device, 'delete', id, { channel, signal });
      return { payload: { preset: id, deleted: true }, summary: (say) => say('done.preset-deleted', { preset: id }) };
    },
  },
  'ptz-cruise': {
    async run({ device, channel, parameters, signal }) {
      const id = parameters.integer('item', 0, 64) ?? 0;
      if (id === 0) await stopCruise(device, { channel, signal });
      else await runCruise(device, id, { channel, signal });
      return {
        payload: { cruise: id },
        summary: (say) => say(id === 0 ? 'done.cruise-stopped' : 'done.cruise', { number: id }),
      };
    },
  },
  'set-clock': {
    isExclusive: true,
    async run({ device, parameters, signal }) {
      const given = parameters.value('time');
      const isNow = given === undefined || given === '';
      const time = isNow ? writeLocal(new Date()) : toWallTime(given, 'start', 'time');
      await setClock(device, { time, timeZone: parameters.text('timeZone') }, { signal });
      return { payload: { time }, summary: (say) => say('done.clock', { time }) };
    },
  },
} as const satisfies Readonly<Record<string, Action>>;

export type ActionName = keyof typeof actions;

export const actionNames: readonly ActionName[] = Object.keys(actions).filter(isAction);

export function isAction(name: string): name is ActionName {
  return Object.hasOwn(actions, name);
}

/** Actions that several devices can be asked for at once: their plates are kept equal. */
export function isForSeveral(name: ActionName): boolean {
  return name.startsWith('plates-');
}

export async function perform(name: ActionName, task: Task): Promise<Result> {
  const action: Action = actions[name];
  if (action.isExclusive !== true) return action.run(task);
  return task.device.exclusively(() => action.run(task), task.signal);
}

/** @throws SetupError `parameter-invalid` with the names that there are */
function readWhat(parameters: Parameters): ConfigName {
  const name = parameters.required('what');
  const found = findConfig(name);
  if (found !== undefined) return found;
  throw wrong('what', `must be one of ${configNames.join(', ')}`, name);
}

async function read({ device, channel, parameters, def, signal }: Task): Promise<Result> {
  const name = readWhat(parameters);
  const { config, fields } = await device.read(name, { channel, signal, fractions: def.fractions === true });
  return { payload: config, fields, summary: (say) => say('done.read', { what: say(`what.${name}`) }) };
}

function writeOptions({ channel, def, signal }: Task): WriteOptions {
  return {
    channel,
    signal,
    fractions: def.fractions === true,
    tryOnly: def.tryOnly === true,
    confirm: def.confirm !== false,
  };
}

async function write(task: Task): Promise<Result> {
  const { device, parameters } = task;
  const name = parameters.text('what') === undefined ? undefined : readWhat(parameters);
  const result = await device.write(parameters.value('value'), writeOptions(task), name);
  const { changes, sent, unconfirmed } = result;
  const summary = (say: Say): string => {
    if (unconfirmed.length > 0) return say('done.not-kept', { number: unconfirmed.length });
    if (changes.length === 0) return say('done.nothing-to-change');
    return say(sent ? 'done.changes' : 'done.to-change', { number: changes.length });
  };
  return { payload: result, summary };
}

async function callRaw({ device, parameters, def, signal }: Task): Promise<Result> {
  const text = parameters.required('command').replace(/^\//, '');
  const [command = '', ...rest] = text.split('/');
  if (!/^[A-Za-z]\w*$/.test(command))
    throw wrong('command', 'must be a name such as GetDeviceInfo or PtzControl/1/Stop', text);
  const value = parameters.value('value');
  const body = toBody(value);
  const own = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : undefined;
  const action = rest.length === 0 ? undefined : rest.join('/');
  const method = def.method === 'GET' ? 'GET' : 'POST';
  const answer = await device.call(
    {
      command,
      channel: own ?? parameters.integer('channel', 1, 1024),
      action,
      method,
      ...(body !== undefined && method === 'POST' && { body }),
    },
    { signal },
  );
  const { document, picture } = answer;
  if (picture !== undefined) return { payload: picture, summary: () => command };
  if (document === undefined) return { payload: {}, summary: () => command };
  if (def.asXml === true) return { payload: document.text, summary: () => command };
  return {
    payload: readChildren(document, document.root, '', { fractions: def.fractions === true }),
    summary: () => command,
  };
}

/** A whole document is sent as it is; what has no root of its own gets the usual one. Messages that just come by are none. */
function toBody(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.trim().startsWith('<')) return undefined;
  return /^\s*(<\?xml|<config[\s>]|<\w+Info[\s>])/.test(value) ? value : writeConfig('1.0', value);
}

async function findTarget({
  RED,
  device,
  parameters,
  def,
}: Task): Promise<{ readonly target: Target; readonly notes: readonly string[] }> {
  const endpoint = findReceiver(RED, readText(def.receiver, 'receiver')).endpoint();
  const given = parameters.text('address');
  const isAny = ['', '0.0.0.0', '::'].includes(endpoint.host);
  const host = given ?? (isAny ? await findOwnAddress(device.connection.address.host) : endpoint.host);
  if (given === undefined && isLoopback(host) && !isLoopback(device.connection.address.host)) {
    const message = `the listener listens on ${host} only, where no camera reaches it; leave its address empty, or give the address that cameras see`;
    throw new SetupError('address-unreachable', message, { place: 'address' });
  }
  const notes = endpoint.asksWho
    ? [
        "the listener asks callers for a user and a password or a header; type them in the camera's web page, as the names of those fields are not published",
      ]
    : [];
  return { target: { protocol: endpoint.protocol, host, port: endpoint.port, path: endpoint.path }, notes };
}

async function startPushing(task: Task): Promise<Result> {
  const { device, parameters, def } = task;
  const { target, notes } = await findTarget(task);
  const events = splitList(readText(def.events, 'events'));
  const types = readChoices(def.dataTypes, dataTypes, ['alarmStatus', 'traject', 'smartData', 'targetImage']);
  const heartbeatSeconds = readNumber(def.heartbeat, 'heartbeat', 0, 86_400, 60);
  const result = await subscribe(
    device,
    {
      target,
      events: events.length === 0 ? ['ALL'] : events,
      dataTypes: types,
      heartbeatSeconds,
      slot: parameters.integer('slot', 1, 16),
      takeOver: def.takeOver === true,
    },
    writeOptions(task),
  );
  const payload = { ...result, notes: [...notes, ...result.notes] };
  return { payload, summary: (say) => say('done.posts-to', { url: writeUrl(target) }) };
}

async function stopPushing(task: Task): Promise<Result> {
  const { target } = await findTarget(task);
  const changes = await unsubscribe(task.device, target, writeOptions(task));
  return {
    payload: { changes, sent: changes.length > 0 && task.def.tryOnly !== true },
    summary: (say) => say('done.slots-off', { number: changes.length }),
  };
}

/** Whether the device is told to post here, and whether it has. */
async function checkPush(task: Task): Promise<Result> {
  const { RED, device, def, signal } = task;
  const receiver = findReceiver(RED, readText(def.receiver, 'receiver'));
  const { target } = await findTarget(task);
  const url = writeUrl(target);
  const { mac, name } = await device.abilities({ signal });
  const state = await readPush(device, { signal }).catch((thrown: unknown) => {
    // of a recorder, what it posts is all that can be known
    if (thrown instanceof DeviceError && thrown.code === 'push-unsupported') return undefined;
    throw thrown;
  });
  const slot = state?.slots.find((each) => each.isOn && each.url === url);
  const { host } = device.connection.address;
  const heard = receiver
    .heard()
    .findLast((entry) => (mac !== undefined && entry.device.mac === mac) || entry.device.ip === host);
  const lastHeard = heard === undefined ? undefined : new Date(heard.lastSeenMs).toISOString();
  const lastEvent = heard && receiver.lastEvent(heard.device.id);
  const verdict = lastEvent !== undefined ? 'events' : heard !== undefined ? 'heartbeats' : 'silent';
  const advice = {
    events: 'events have arrived',
    heartbeats: 'only heartbeats have arrived: reboot the device once, and see that a detection is switched on there',
    silent:
      state === undefined || slot !== undefined
        ? 'nothing has arrived: check that the device reaches this address, firewalls and containers in between'
        : 'nothing has arrived: no slot of the device posts here; send events to this Node-RED first',
  }[verdict];
  return {
    payload: { verdict, advice, url, slot: slot?.slot, lastHeard, lastEvent, device: name, mac },
    summary: (say) => say(`verdict.${verdict}`),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function toPlatesResult(report: PlatesReport): Result {
  return { payload: report, summary: (say) => outcomesOf(report, say) };
}

function outcomesOf({ counts }: PlatesReport, say: Say): string {
  const parts = Object.entries(counts).map(([outcome, number]) => `${number} ${say(`outcome.${outcome}`)}`);
  return parts.length === 0 ? say('done.plates', { number: 0 }) : parts.join(', ');
}

function toPictureResult({ data, ...about }: Picture): Result {
  return {
    payload: data,
    fields: about,
    summary: (say) => say('done.picture', { kilobytes: Math.round(data.length / 1024) }),
  };
}

/** On, off, or on for a while; from words, numbers and booleans of other nodes. */
function readState(parameters: Parameters, hasPulse: boolean): { readonly isOn: boolean; readonly isPulse: boolean } {
  const word = (parameters.text('state') ?? (hasPulse ? 'pulse' : 'on')).toLowerCase();
  if (['true', 'on', '1', 'open'].includes(word)) return { isOn: true, isPulse: false };
  if (['false', 'off', '0', 'close', 'closed'].includes(word)) return { isOn: false, isPulse: false };
  if (hasPulse && word === 'pulse') return { isOn: true, isPulse: true };
  throw wrong('state', `must be on, off${hasPulse ? ' or pulse' : ''}`, word);
}

async function switchOutput({ device, channel, parameters, signal }: Task): Promise<Result> {
  const { isOn, isPulse } = readState(parameters, true);
  const seconds = parameters.number('seconds', 0.1, 3600) ?? 3;
  if (isPulse) await pulseOutput(device, seconds * 1000, { channel, signal });
  else await setOutput(device, isOn, { channel, signal });
  const info = await readInfo(device, signal);
  const isRecorder = Number(info.chlMaxCount ?? 1) > 1 && info.deviceDescription !== 'IPCamera';
  const payload = { on: isOn && !isPulse, ...(isPulse && { seconds }), ...(!isRecorder && { note: outputFault }) };
  return {
    payload,
    summary: (say) => (isPulse ? say('done.pulse', { seconds }) : say(isOn ? 'done.output-on' : 'done.output-off')),
  };
}

/** The output has been switched: what else is known of the device is not worth an error. */
async function readInfo(device: Device, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await device.abilities({ signal })).info;
  } catch {
    return {};
  }
}
