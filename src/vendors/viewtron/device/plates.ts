/** A plate and where it is kept: what both families of commands share (reference 7.10). */
import { childOf, isNamed, textOfElement, type XmlElement, type XmlSource } from '../../../wire/xml-source';
import type { CallOptions } from './connection';
import type { Device } from './device';
import { codeMeanings, DeviceError } from './failure';

/** What an empty group, or an empty list, is answered with. */
export const emptyGroup = 20;
export const endlessPages = 4000;

export interface Plate {
  readonly number: string;
  /** Its list or group by name: `allow`, `block`, `temporary`, or what the device calls it. */
  readonly group: string;
  /** `2031-02-03 04:05:06`, the device's own wall time. */
  readonly from?: string;
  readonly until?: string;
  readonly owner?: string;
  readonly phone?: string;
  /** What the device knows it by; old family only. */
  readonly key?: string;
}

/** What became of one plate of a portion; no code: done. */
export interface PlateAnswer {
  readonly plate: Plate;
  readonly errorCode?: number;
  readonly reason?: string;
}

export interface Group {
  readonly id: string;
  readonly name: string;
}

/** One family of commands. */
export interface PlateBook {
  readonly family: 'LicensePlates' | 'VehiclePlate';
  /** Plates of one request at most. */
  readonly portion: number;
  groups(options?: CallOptions): Promise<readonly Group[]>;
  /** All plates, page by page. */
  pages(filter: PlateFilter, options?: CallOptions): AsyncGenerator<readonly Plate[], void, undefined>;
  /** @throws DeviceError where the request as a whole failed */
  add(plates: readonly Plate[], options?: CallOptions): Promise<readonly PlateAnswer[]>;
  change(before: Plate, after: Plate, options?: CallOptions): Promise<void>;
  remove(plate: Plate, options?: CallOptions): Promise<void>;
  /** What adding alone does not take along: it needs a change afterwards. */
  needsChange(plate: Plate): boolean;
}

export interface PlateFilter {
  /** By name; absent: all. */
  readonly group?: string | undefined;
  readonly number?: string | undefined;
}

/** Words of other places for the device's own. */
const synonyms: Readonly<Record<string, string>> = {
  allow: 'whitelist',
  allowlist: 'whitelist',
  white: 'whitelist',
  block: 'blacklist',
  blocklist: 'blacklist',
  deny: 'blacklist',
  black: 'blacklist',
  temporary: 'temporarylist',
  visitor: 'temporarylist',
  stranger: 'strangerlist',
};

const ownWords: Readonly<Record<string, string>> = {
  whitelist: 'allow',
  blacklist: 'block',
  temporarylist: 'temporary',
  strangerlist: 'stranger',
};

export function canonical(group: string): string {
  const word = group
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, '');
  return synonyms[word] ?? word;
}

/** What a flow calls a device's group. */
export function friendly(group: string): string {
  return ownWords[canonical(group)] ?? group;
}

export function samePlate(one: Plate, other: Plate): boolean {
  return one.number === other.number && canonical(one.group) === canonical(other.group);
}

export function findGroup(groups: readonly Group[], name: string): Group | undefined {
  const wanted = canonical(name);
  return groups.find((each) => canonical(each.name) === wanted) ?? groups.find((each) => each.id === name.trim());
}

export function noGroup(groups: readonly Group[], name: string): string {
  const known = groups.map((each) => friendly(each.name)).join(', ');
  return `there is no plate group "${name.slice(0, 60)}"; the device has ${known === '' ? 'none' : known}`;
}

export function refusal(device: Device, command: string, { errorCode, reason, plate }: PlateAnswer): DeviceError {
  return new DeviceError('plate-refused', `${plate.number}: ${reason ?? 'refused'}`, {
    device: device.label,
    command,
    errorCode,
  });
}

export function toAnswer(plate: Plate, errorCode: number): PlateAnswer {
  if (errorCode === 0) return { plate };
  const known = codeMeanings[errorCode];
  return {
    plate,
    errorCode,
    reason: known === undefined ? `code ${errorCode}` : `${known.meaning} (code ${errorCode})`,
  };
}

export function itemsIn(list: XmlElement | undefined): readonly XmlElement[] {
  return (list?.children ?? []).filter((child) => isNamed(child, 'item'));
}

export function textOfChild(document: XmlSource, element: XmlElement, name: string): string {
  const found = childOf(element, name);
  return found === undefined ? '' : textOfElement(document, found);
}

export function compactPlate(plate: { readonly [K in keyof Plate]: string | undefined }): Plate {
  const { number = '', group = '', ...rest } = plate;
  return {
    number,
    group,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== '')),
  };
}

/** `2031/02/03 04:05:06` and `2031-2-3 4:05:06` alike; anything else as it is. */
export function toWallTime(text: string): string | undefined {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})/.exec(text);
  if (match === null) return text === '' ? undefined : text;
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = match.slice(1);
  const two = (part: string): string => part.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
