/** What a node lets pass: the user's choices, asked of one event. Pure, and the same for every vendor. */
import type { Category, Device, SecurityEvent, TargetType } from './event';
import { isSilence } from './silence';

export type DropReason =
  | 'category'
  | 'camera'
  | 'target type'
  | 'plate list'
  | 'confidence'
  | 'direction'
  | 'duplicate'
  | 'no post'
  | 'tracking rate';

export interface FilterSettings {
  readonly categories: ReadonlySet<Category>;
  /** Whether starts and stops of a device's alarms pass; what else is of category `alarm` is asked of `categories`. */
  readonly alarmStates: boolean;
  /** Whether silent devices pass, and those that are back, though `health` is not among the categories. */
  readonly silences: boolean;
  /** Asked of people and vehicles, not of plates and faces. */
  readonly targetTypes: ReadonlySet<TargetType>;
  /** Names, addresses, MACs, serial numbers, each with `#channel` if wanted; empty: all. */
  readonly cameras: readonly string[];
  /** List names (`allow`), group names, or `none` for plates of no list, strangers among them; empty: all. */
  readonly plateLists: readonly string[];
  /** Percent; plates without a confidence pass. */
  readonly minConfidence: number;
  /** Empty: both, and those of which the device does not say it. */
  readonly direction: '' | 'approach' | 'away';
}

/** Categories whose targets the target type is asked of. */
const typedCategories: ReadonlySet<Category> = new Set<Category>([
  'intrusion',
  'counting',
  'object',
  'track',
  'motion',
]);

/** Parts of a comma separated setting, without the empty ones; keyboards for Chinese and Japanese write commas of their own. */
export function splitList(text: string): readonly string[] {
  return text
    .split(/[,;\n，；、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Why the event is not wanted; undefined when it is. */
export function findReason(event: SecurityEvent, settings: FilterSettings): DropReason | undefined {
  if (!hasWantedCategory(event, settings)) return 'category';
  const isWanted = isSilence(event) ? isAnyOf : isAnyOfWithChannel;
  if (settings.cameras.length > 0 && !isWanted(event.device, settings.cameras)) return 'camera';
  if (!hasWantedTarget(event, settings.targetTypes)) return 'target type';
  const { plate } = event;
  if (plate === undefined) {
    if (event.category !== 'plate') return undefined;
    if (settings.plateLists.length > 0) return 'plate list';
    return settings.direction === '' ? undefined : 'direction';
  }
  if (settings.plateLists.length > 0 && !settings.plateLists.some((wanted) => isOnList(plate, wanted)))
    return 'plate list';
  if (plate.confidence !== undefined && plate.confidence < settings.minConfidence) return 'confidence';
  if (settings.direction !== '' && plate.direction !== settings.direction) return 'direction';
  return undefined;
}

/** Whether a node for those cameras has to do with the device: for one channel of a recorder, with the recorder. */
export function isWantedDevice(device: Device, cameras: readonly string[]): boolean {
  return cameras.length === 0 || isAnyOf(device, cameras);
}

function hasWantedCategory(event: SecurityEvent, settings: FilterSettings): boolean {
  if (event.category === 'alarm' && event.alarm !== undefined) return settings.alarmStates;
  return settings.categories.has(event.category) || (settings.silences && isSilence(event));
}

function hasWantedTarget(event: SecurityEvent, wanted: ReadonlySet<TargetType>): boolean {
  if (!typedCategories.has(event.category) || event.targets.length === 0) return true;
  return event.targets.some((target) => wanted.has(target.type));
}

/** `Gate cam`, `192.0.2.41`, `02-00-5E-10-00-41`, a serial number; `Recorder#4` for one channel of it. */
export function isAnyOfWithChannel(device: Device, cameras: readonly string[]): boolean {
  return cameras.some((wanted) => {
    const [name, channel] = splitChannel(wanted);
    return isNamed(device, wanted) || (channel === device.channel && isNamed(device, name));
  });
}

/** A device falls silent with all its channels. */
function isAnyOf(device: Device, cameras: readonly string[]): boolean {
  return cameras.some((wanted) => isNamed(device, wanted) || isNamed(device, splitChannel(wanted)[0]));
}

function splitChannel(wanted: string): readonly [name: string, channel: string | undefined] {
  const at = wanted.lastIndexOf('#');
  return at > 0 ? [wanted.slice(0, at).trim(), wanted.slice(at + 1).trim()] : [wanted, undefined];
}

function isNamed(device: Device, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  if ([device.id, device.name, device.ip, device.serial].some((name) => name?.toLowerCase() === lower)) return true;
  return device.mac !== undefined && device.mac.replaceAll(':', '') === lower.replace(/[:.-]/g, '');
}

function isOnList(plate: NonNullable<SecurityEvent['plate']>, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  if (lower === 'none') return plate.list === 'stranger' || (plate.list === undefined && plate.group === undefined);
  return plate.list === lower || plate.group?.toLowerCase() === lower;
}
