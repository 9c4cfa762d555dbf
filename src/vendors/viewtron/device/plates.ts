/** The plate database of a device, in both families of commands (reference 7.10): a page, a portion, one plate. */
import {
  attributeOfElement,
  childOf,
  descendElement,
  isNamed,
  textOfElement,
  writeCdata,
  type XmlElement,
  type XmlSource,
} from '../../../wire/xml-source';
import type { CallOptions, DeviceAnswer } from './connection';
import { writeConfig, type Device } from './device';
import { codeMeanings, DeviceError, isUnknownCommand } from './failure';

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
function friendly(group: string): string {
  return ownWords[canonical(group)] ?? group;
}

export function samePlate(one: Plate, other: Plate): boolean {
  return one.number === other.number && canonical(one.group) === canonical(other.group);
}

const newPageSize = 50;
const newPortion = 100;
const oldPageSize = 50;
const oldPortion = 50;
const endlessPages = 4000;
const emptyGroup = 20;
const plateVersion = '2.1.0';

/** The family that the device has, by its list of commands, else by trying (reference 7.10). */
export async function openPlateBook(device: Device, options: CallOptions = {}): Promise<PlateBook> {
  const { commands } = await device.abilities(options);
  if (commands?.has('GetLicensePlates') === true) return new LicensePlates(device);
  if (commands?.has('GetVehiclePlate') === true) return new VehiclePlates(device);
  const book = new LicensePlates(device);
  try {
    await book.groups(options);
    return book;
  } catch (thrown) {
    if (!isUnknownCommand(thrown)) throw thrown;
  }
  const old = new VehiclePlates(device);
  // asks for one plate: a device without a plate database answers so that a person sees why
  await old.page(0, 1, {}, options);
  return old;
}

class LicensePlates implements PlateBook {
  readonly family = 'LicensePlates';
  readonly portion = newPortion;
  readonly #device: Device;
  #groups: readonly Group[] | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  async groups(options: CallOptions = {}): Promise<readonly Group[]> {
    if (this.#groups !== undefined) return this.#groups;
    const { document } = await this.#device.call({ command: 'GetLicensePlateGroups' }, options);
    if (document === undefined) return [];
    const list = childOf(document.root, 'licensePlateGroups');
    const groups = itemsIn(list).map((item) => ({
      id: textOfChild(document, item, 'groupId'),
      name: textOfChild(document, item, 'groupName'),
    }));
    this.#groups = groups;
    return groups;
  }

  async *pages(filter: PlateFilter, options: CallOptions = {}): AsyncGenerator<readonly Plate[], void, undefined> {
    const groups = await this.groups(options);
    const wanted = filter.group === undefined ? groups : [await this.#find(filter.group, options)];
    for (const group of wanted) yield* this.#pagesOf(group, filter, options);
  }

  async *#pagesOf(group: Group, filter: PlateFilter, options: CallOptions): AsyncGenerator<readonly Plate[]> {
    // from 1 on: 0 is out of range
    let offset = 1;
    for (let page = 0; page < endlessPages; page++) {
      const search =
        `<searchFilter><maxResult>${newPageSize}</maxResult><resultOffset>${offset}</resultOffset>` +
        `<groupId>${writeCdata(group.id)}</groupId></searchFilter>`;
      let answer: DeviceAnswer;
      try {
        answer = await this.#device.call(
          { command: 'GetLicensePlates', body: writeConfig(plateVersion, search) },
          options,
        );
      } catch (thrown) {
        if (thrown instanceof DeviceError && thrown.errorCode === emptyGroup) return;
        throw thrown;
      }
      const { document } = answer;
      const list = document && childOf(document.root, 'licensePlates');
      const items = itemsIn(list);
      if (document === undefined || items.length === 0) return;
      const plates = items.map((item) => this.#read(document, item, group));
      yield plates.filter(({ number }) => filter.number === undefined || number === filter.number);
      offset += items.length;
      const total = Number(attributeOfElement(list, 'total') ?? Number.NaN);
      if (Number.isInteger(total) ? offset > total : items.length < newPageSize) return;
    }
  }

  async add(plates: readonly Plate[], options: CallOptions = {}): Promise<readonly PlateAnswer[]> {
    const groups = await this.groups(options);
    const sent = plates.flatMap((plate) => {
      const group = findGroup(groups, plate.group);
      return group === undefined ? [] : [{ plate, id: group.id }];
    });
    const homeless = plates
      .filter((plate) => findGroup(groups, plate.group) === undefined)
      .map((plate) => ({ plate, errorCode: 207, reason: noGroup(groups, plate.group) }));
    if (sent.length === 0) return homeless;
    const items = sent.map(
      ({ plate, id }, index) =>
        `<item><index>${index + 1}</index><licensePlateNumber>${writeCdata(plate.number)}</licensePlateNumber>` +
        `<groupId>${writeCdata(id)}</groupId></item>`,
    );
    const body = `<licensePlates type="list" maxCount="${newPortion}" count="${sent.length}">${items.join('')}</licensePlates>`;
    const { document } = await this.#device.call(
      { command: 'AddLicensePlates', body: writeConfig(plateVersion, body) },
      options,
    );
    const replies = new Map<number, number>();
    for (const item of itemsIn(document && childOf(document.root, 'licensePlatesReply'))) {
      if (document === undefined) continue;
      replies.set(Number(textOfChild(document, item, 'index')), Number(textOfChild(document, item, 'errorCode') || 0));
    }
    return [...sent.map(({ plate }, index) => toAnswer(plate, replies.get(index + 1) ?? 0)), ...homeless];
  }

  /** Number and group are the key: into another group it is removed and added. */
  async change(before: Plate, after: Plate, options: CallOptions = {}): Promise<void> {
    if (!samePlate(before, after)) {
      await this.remove(before, options);
      const [answer] = await this.add([after], options);
      if (answer?.errorCode !== undefined) throw refusal(this.#device, 'AddLicensePlates', answer);
    }
    if (!this.needsChange(after)) return;
    const { id } = await this.#find(after.group, options);
    // without `type="string"` the device answers "range error"
    const field = (name: string, value: string | undefined): string =>
      value === undefined ? '' : `<${name} type="string">${writeCdata(value)}</${name}>`;
    const body =
      `<licensePlate><licensePlateNumber>${writeCdata(after.number)}</licensePlateNumber><groupId>${writeCdata(id)}</groupId>` +
      field('beginTime', after.from) +
      field('endTime', after.until) +
      field('carOwner', after.owner) +
      field('telephone', after.phone) +
      '</licensePlate>';
    await this.#device.call({ command: 'ModifyLicensePlate', body: writeConfig(plateVersion, body) }, options);
  }

  async remove(plate: Plate, options: CallOptions = {}): Promise<void> {
    const { id } = await this.#find(plate.group, options);
    const body = `<deleteAction><licensePlateNumber>${writeCdata(plate.number)}</licensePlateNumber><groupId>${writeCdata(id)}</groupId></deleteAction>`;
    await this.#device.call({ command: 'DeleteLicensePlate', body: writeConfig(plateVersion, body) }, options);
  }

  needsChange({ from, until, owner, phone }: Plate): boolean {
    return (from ?? until ?? owner ?? phone) !== undefined;
  }

  #read(document: XmlSource, item: XmlElement, group: Group): Plate {
    const id = textOfChild(document, item, 'groupId');
    const known = this.#groups?.find((each) => each.id === id) ?? group;
    return compactPlate({
      number: textOfChild(document, item, 'licensePlateNumber'),
      group: friendly(known.name),
      from: toWallTime(textOfChild(document, item, 'beginTime')),
      until: toWallTime(textOfChild(document, item, 'endTime')),
      owner: textOfChild(document, item, 'carOwner'),
      phone: textOfChild(document, item, 'telephone'),
    });
  }

  /** Never by a number that is known from elsewhere: group 1 is another one in every text. */
  async #find(name: string, options: CallOptions): Promise<Group> {
    const groups = await this.groups(options);
    const found = findGroup(groups, name);
    if (found !== undefined) return found;
    throw new DeviceError('group-not-found', noGroup(groups, name), {
      device: this.#device.label,
      command: 'GetLicensePlateGroups',
      errorCode: 207,
    });
  }
}

function findGroup(groups: readonly Group[], name: string): Group | undefined {
  const wanted = canonical(name);
  return groups.find((each) => canonical(each.name) === wanted) ?? groups.find((each) => each.id === name.trim());
}

function noGroup(groups: readonly Group[], name: string): string {
  const known = groups.map((each) => friendly(each.name)).join(', ');
  return `there is no plate group "${name.slice(0, 60)}"; the device has ${known === '' ? 'none' : known}`;
}

const oldLists = ['whiteList', 'blackList', 'strangerList', 'temporaryList'];

class VehiclePlates implements PlateBook {
  readonly family = 'VehiclePlate';
  readonly portion = oldPortion;
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  groups(): Promise<readonly Group[]> {
    return Promise.resolve(oldLists.map((name) => ({ id: name, name })));
  }

  async *pages(filter: PlateFilter, options: CallOptions = {}): AsyncGenerator<readonly Plate[], void, undefined> {
    for (let index = 0; index < endlessPages; index++) {
      const { plates, hasMore } = await this.page(index, oldPageSize, filter, options);
      if (plates.length > 0) {
        const group = filter.group === undefined ? undefined : canonical(filter.group);
        yield plates.filter(
          (plate) =>
            (filter.number === undefined || plate.number === filter.number) &&
            (group === undefined || canonical(plate.group) === group),
        );
      }
      if (!hasMore) return;
    }
  }

  async page(
    index: number,
    size: number,
    filter: PlateFilter,
    options: CallOptions,
  ): Promise<{ readonly plates: readonly Plate[]; readonly hasMore: boolean }> {
    const list = filter.group === undefined ? 'allList' : this.#listOf(filter.group);
    const body =
      '<vehiclePlates type="list" maxCount="10000" count="1"><searchFilter><item>' +
      `<pageIndex type="uint32">${index}</pageIndex><pageSize type="uint32">${size}</pageSize>` +
      `<listType type="vehicleListTypes">${list}</listType>` +
      `<carPlateNum type="string">${filter.number === undefined ? '' : writeCdata(filter.number)}</carPlateNum>` +
      '</item></searchFilter></vehiclePlates>';
    let answer: DeviceAnswer;
    try {
      answer = await this.#device.call({ command: 'GetVehiclePlate', body: writeConfig('2.0.0', body) }, options);
    } catch (thrown) {
      if (thrown instanceof DeviceError && thrown.errorCode === emptyGroup) return { plates: [], hasMore: false };
      throw thrown;
    }
    const { document } = answer;
    const element = document && descendElement(document.root, 'vehiclePlates');
    const items = itemsIn(element);
    const plates = document === undefined ? [] : items.map((item) => readOldPlate(document, item));
    return { plates, hasMore: items.length >= size };
  }

  /** The answer is one for all: where it is a refusal, each is asked for on its own to learn which ones it means. */
  async add(plates: readonly Plate[], options: CallOptions = {}): Promise<readonly PlateAnswer[]> {
    const lists = oldLists.map((name) => ({ id: name, name }));
    const homeless = plates.filter((plate) => findGroup(lists, plate.group) === undefined);
    if (homeless.length > 0) {
      const others = plates.filter((plate) => !homeless.includes(plate));
      const answers = others.length === 0 ? [] : await this.add(others, options);
      return [...answers, ...homeless.map((plate) => ({ plate, errorCode: 207, reason: noGroup(lists, plate.group) }))];
    }
    try {
      await this.#addAll(plates, options);
      return plates.map((plate) => ({ plate }));
    } catch (thrown) {
      if (!isOfPlates(thrown)) throw thrown;
      if (plates.length === 1 && plates[0] !== undefined) return [toAnswer(plates[0], thrown.errorCode ?? 201)];
    }
    const answers: PlateAnswer[] = [];
    for (const plate of plates) answers.push(...(await this.add([plate], options)));
    return answers;
  }

  /** There is no command for it: the plate is removed, and added as it shall be. */
  async change(before: Plate, after: Plate, options: CallOptions = {}): Promise<void> {
    await this.remove(before, options);
    const [answer] = await this.add([after], options);
    if (answer?.errorCode !== undefined) throw refusal(this.#device, 'AddVehiclePlate', answer);
  }

  async remove(plate: Plate, options: CallOptions = {}): Promise<void> {
    const key = plate.key ?? (await this.#findKey(plate, options));
    if (key === undefined) {
      throw new DeviceError(
        'plate-not-found',
        `no plate ${plate.number} in ${friendly(plate.group)}; list the plates`,
        {
          device: this.#device.label,
          command: 'DeleteVehiclePlate',
          errorCode: 204,
        },
      );
    }
    const body = `<vehiclePlates><keyList type="list" count="1"><item><keyId>${writeCdata(key)}</keyId></item></keyList></vehiclePlates>`;
    await this.#device.call({ command: 'DeleteVehiclePlate', body: writeConfig('2.0.0', body) }, options);
  }

  needsChange(): boolean {
    return false;
  }

  async #findKey(plate: Plate, options: CallOptions): Promise<string | undefined> {
    for await (const page of this.pages({ number: plate.number, group: plate.group }, options)) {
      const found = page.find((each) => samePlate(each, plate));
      if (found?.key !== undefined) return found.key;
    }
    return undefined;
  }

  async #addAll(plates: readonly Plate[], options: CallOptions): Promise<void> {
    const text = (name: string, value: string | undefined): string =>
      value === undefined ? '' : `<${name} type="string">${writeCdata(value)}</${name}>`;
    const items = plates.map(
      ({ number, from, until, owner, phone, group }) =>
        `<item>${text('carPlateNumber', number)}${text('beginTime', from?.replaceAll('-', '/'))}` +
        `${text('endTime', until?.replaceAll('-', '/'))}${text('carOwner', owner)}${text('telephone', phone)}` +
        `<plateItemType type="string">${this.#listOf(group)}</plateItemType></item>`,
    );
    const body = `<vehiclePlates type="list" count="${plates.length}">${items.join('')}</vehiclePlates>`;
    await this.#device.call({ command: 'AddVehiclePlate', body: writeConfig('2.0.0', body) }, options);
  }

  #listOf(group: string): string {
    const lists = oldLists.map((name) => ({ id: name, name }));
    const found = findGroup(lists, group);
    if (found !== undefined) return found.name;
    throw new DeviceError('group-not-found', noGroup(lists, group), {
      device: this.#device.label,
      command: 'GetVehiclePlate',
      errorCode: 207,
    });
  }
}

function readOldPlate(document: XmlSource, item: XmlElement): Plate {
  const text = (name: string): string => textOfChild(document, item, name);
  return compactPlate({
    number: text('carPlateNumber'),
    group: friendly(text('plateItemType')),
    from: toWallTime(text('beginTime')),
    until: toWallTime(text('endTime')),
    owner: text('carOwner'),
    phone: text('telephone'),
    key: text('keyId'),
  });
}

/** Codes about plates, not about the request: 3 and 16 come for a number or a date that the device does not like. */
function isOfPlates(thrown: unknown): thrown is DeviceError {
  if (!(thrown instanceof DeviceError) || thrown.errorCode === undefined) return false;
  return [3, 15, 16, 19, 201, 202, 203, 204, 207].includes(thrown.errorCode);
}

export function refusal(device: Device, command: string, { errorCode, reason, plate }: PlateAnswer): DeviceError {
  return new DeviceError('plate-refused', `${plate.number}: ${reason ?? 'refused'}`, {
    device: device.label,
    command,
    errorCode,
  });
}

function toAnswer(plate: Plate, errorCode: number): PlateAnswer {
  if (errorCode === 0) return { plate };
  const known = codeMeanings[errorCode];
  return {
    plate,
    errorCode,
    reason: known === undefined ? `code ${errorCode}` : `${known.meaning} (code ${errorCode})`,
  };
}

function itemsIn(list: XmlElement | undefined): readonly XmlElement[] {
  return (list?.children ?? []).filter((child) => isNamed(child, 'item'));
}

function textOfChild(document: XmlSource, element: XmlElement, name: string): string {
  const found = childOf(element, name);
  return found === undefined ? '' : textOfElement(document, found);
}

function compactPlate(plate: { readonly [K in keyof Plate]: string | undefined }): Plate {
  const { number = '', group = '', ...rest } = plate;
  return {
    number,
    group,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== '')),
  };
}

/** `2031/02/03 04:05:06` and `2031-2-3 4:05:06` alike; anything else as it is. */
function toWallTime(text: string): string | undefined {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})/.exec(text);
  if (match === null) return text === '' ? undefined : text;
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = match.slice(1);
  const two = (part: string): string => part.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
