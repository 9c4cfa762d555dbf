/** What a device is told to do: outputs, virtual alarms, pictures, PTZ, its clock (reference 7.6, 7.7). */
import { isJpeg, readJpegSize } from '../../../wire/jpeg';
import { childOf, descendElement, escapeXml, isNamed, textOfElement, writeCdata } from '../../../wire/xml-source';
import type { CallOptions, DeviceAnswer } from './connection';
import {
  namespace,
  textIn,
  writeConfig,
  type Device,
  type DeviceOptions,
  type WriteOptions,
  type WriteResult,
} from './device';
import { DeviceError } from './failure';

/** Told with every output of a camera: it is a fault of the firmware that nothing here can mend. */
export const outputFault =
  'cameras reset their output by force whenever a perimeter alarm ends; where that matters use an output of the recorder';

export interface Picture {
  readonly data: Buffer;
  readonly mimeType: string;
  readonly width?: number;
  readonly height?: number;
}

export const ptzMoves = [
  'Up',
  'Down',
  'Left',
  'Right',
  'LeftUp',
  'LeftDown',
  'RightUp',
  'RightDown',
  'ZoomIn',
  'ZoomOut',
  'Near',
  'Far',
  'IrisOpen',
  'IrisClose',
  'Stop',
] as const;

export type PtzMove = (typeof ptzMoves)[number];

const standardSpeed = 4;
const longestSpeed = 8;
const longestPresetName = 10;

export async function setOutput(device: Device, isOn: boolean, options: DeviceOptions = {}): Promise<void> {
  const body = writeConfig('1.0', `<action><status>${isOn}</status></action>`);
  await device.call({ command: 'ManualAlarmOut', channel: options.channel, body }, options);
}

/** On for so long: the device knows no pulse. It is switched off also where nobody waits for the end any more. */
export async function pulseOutput(device: Device, ms: number, options: DeviceOptions = {}): Promise<void> {
  const { channel, signal } = options;
  // an output that stays on is a gate that stays open
  const switchOff = (): Promise<void> => setOutput(device, false, { channel });
  await device.actAndUndo(() => setOutput(device, true, { channel }), ms, switchOff, signal);
}

/** Recorders only, and not documented by the maker. */
export async function triggerVirtualAlarm(device: Device, id: number, options: CallOptions = {}): Promise<void> {
  await device.call({ command: 'TriggerVirtualAlarm', action: String(id), method: 'GET' }, options);
}

/** The ids that a recorder has for virtual alarms. */
export async function listVirtualAlarms(device: Device, options: CallOptions = {}): Promise<readonly number[]> {
  const { document } = await device.call({ command: 'GetAlarmInInfo' }, options);
  const list = document && childOf(document.root, 'alarmInInfoList');
  if (document === undefined || list === undefined) return [];
  return list.children
    .filter((item) => isNamed(item, 'item'))
    .filter((item) => {
      const type = childOf(item, 'alarmInType');
      return type !== undefined && textOfElement(document, type).toLowerCase() === 'virtual';
    })
    .map((item) => {
      const id = childOf(item, 'id');
      return id === undefined ? Number.NaN : Number(textOfElement(document, id));
    })
    .filter((id) => Number.isInteger(id));
}

export async function takeSnapshot(device: Device, options: DeviceOptions = {}): Promise<Picture> {
  const command = 'GetSnapshot';
  return toPicture(device, command, await device.call({ command, channel: options.channel }, options));
}

/**
 * The stored picture nearest to a moment.
 *
 * @param time the device's wall time, `2031-02-03 04:05:06`
 * @param seconds how far around it is looked for
 */
export async function findSnapshot(
  device: Device,
  time: string,
  seconds: number,
  options: DeviceOptions = {},
): Promise<Picture> {
  const command = 'GetSnapshotByTime';
  const body = writeConfig('2.0.0', `<search><time>${writeCdata(time)}</time><length>${seconds}</length></search>`);
  return toPicture(device, command, await device.call({ command, channel: options.channel, body }, options));
}

function toPicture(device: Device, command: string, answer: DeviceAnswer): Picture {
  const { document } = answer;
  let data = answer.picture;
  if (document !== undefined) {
    const element = descendElement(document.root, 'downloadOneImage', 'sourceBase64Data');
    if (element !== undefined) data = Buffer.from(textOfElement(document, element), 'base64');
  }
  if (data === undefined || data.length === 0) {
    throw new DeviceError('no-picture', 'the answer holds no picture; nothing may be stored of that time', {
      device: device.label,
      command,
    });
  }
  // v1.9 may answer with a key frame of the stream (reference 7.6)
  if (!isJpeg(data)) return { data, mimeType: 'application/octet-stream' };
  return { data, mimeType: 'image/jpeg', ...readJpegSize(data) };
}

/** Goes on until `Stop`. */
export async function movePtz(
  device: Device,
  move: PtzMove,
  speed: number = standardSpeed,
  options: DeviceOptions = {},
): Promise<void> {
  if (!Number.isInteger(speed) || speed < 1 || speed > longestSpeed) {
    throw device.decline('PtzControl', [`speed is ${speed}; devices take 1 to ${longestSpeed}`], options.channel);
  }
  const body = `<?xml version="1.0" encoding="utf-8"?><actionInfo version="1.0" xmlns="${namespace}"><speed>${speed}</speed></actionInfo>`;
  await device.call({ command: 'PtzControl', channel: options.channel, action: move, body }, options);
}

/** Moves for so long; stopped also where nobody waits for the end any more. */
export async function movePtzFor(
  device: Device,
  move: PtzMove,
  speed: number | undefined,
  ms: number,
  options: DeviceOptions = {},
): Promise<void> {
  const { channel, signal } = options;
  const stop = (): Promise<void> => movePtz(device, 'Stop', speed, { channel });
  await device.actAndUndo(() => movePtz(device, move, speed, { channel }), ms, stop, signal);
}

export async function usePreset(
  device: Device,
  what: 'goto' | 'delete',
  id: number,
  options: DeviceOptions = {},
): Promise<void> {
  const command = what === 'goto' ? 'PtzGotoPreset' : 'PtzDeletePreset';
  await device.call({ command, channel: options.channel, body: writeInfo('presetInfo', `<id>${id}</id>`) }, options);
}

export async function addPreset(device: Device, name: string, options: DeviceOptions = {}): Promise<void> {
  if (name === '' || name.length > longestPresetName) {
    throw device.decline('PtzAddPreset', [`the name must have 1 to ${longestPresetName} characters`], options.channel);
  }
  const body = writeInfo('presetInfo', `<name>${writeCdata(name)}</name>`);
  await device.call({ command: 'PtzAddPreset', channel: options.channel, body }, options);
}

export interface Preset {
  readonly id: number;
  readonly name: string;
}

export async function listPresets(device: Device, options: DeviceOptions = {}): Promise<readonly Preset[]> {
  const { document } = await device.call({ command: 'PtzGetPresets', channel: options.channel }, options);
  const list = document && childOf(document.root, 'presetInfo');
  if (document === undefined || list === undefined) return [];
  return list.children
    .filter((item) => isNamed(item, 'item'))
    .map((item) => ({
      id: Number(item.attributes.find(({ name }) => name === 'id')?.value ?? Number.NaN),
      name: textOfElement(document, item),
    }));
}

export async function runCruise(device: Device, id: number, options: DeviceOptions = {}): Promise<void> {
  const body = writeInfo('cruiseInfo', `<id>${id}</id>`);
  await device.call({ command: 'PtzRunCruise', channel: options.channel, body }, options);
}

export async function stopCruise(device: Device, options: DeviceOptions = {}): Promise<void> {
  await device.call({ command: 'PtzStopCruise', channel: options.channel }, options);
}

export interface ClockSetting {
  /** The device's wall time, `2031-02-03 04:05:06`. */
  readonly time: string;
  /** POSIX, `CET-1CEST,M3.5.0,M10.5.0/3`; absent: as it is. */
  readonly timeZone?: string | undefined;
}

/** Only time, zone and the way of setting go back: what else the device has there it keeps (reference 7.7). */
export async function setClock(
  device: Device,
  { time, timeZone }: ClockSetting,
  options: CallOptions = {},
): Promise<void> {
  const answer = await device.call({ command: 'GetDateAndTime' }, options);
  const zone = timeZone ?? textIn(answer, 'time', 'timezoneInfo', 'timeZone');
  const zoneXml = zone === undefined ? '' : `<timezoneInfo><timeZone>${writeCdata(zone)}</timeZone></timezoneInfo>`;
  const sync = `<synchronizeInfo><type>manually</type><currentTime>${writeCdata(time)}</currentTime></synchronizeInfo>`;
  const version = answer.document?.root.attributes.find(({ name }) => name === 'version')?.value ?? '1.0';
  await device.call(
    { command: 'SetDateAndTime', body: writeConfig(version, `<time>${zoneXml}${sync}</time>`) },
    options,
  );
}

/** The switch of siren or strobe: there is no command that sounds or flashes at once (reference 7.7). */
export async function switchDeterrent(
  device: Device,
  what: 'sound' | 'light',
  isOn: boolean,
  options: WriteOptions = {},
): Promise<WriteResult> {
  const { config, command } = await device.read(what, options);
  for (const [block, value] of Object.entries(config)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    const name = Object.keys(value).find((key) => /^(b?switch|enable|.*Switch)$/i.test(key));
    if (name !== undefined) return device.write({ [block]: { [name]: isOn } }, options, what);
  }
  const reason = "the device's document has no switch; read it and write what it has";
  throw new DeviceError('unsupported', reason, { device: device.label, command, channel: options.channel });
}

function writeInfo(root: string, xml: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><${root} version="1.0" xmlns="${escapeXml(namespace)}">${xml}</${root}>`;
}
