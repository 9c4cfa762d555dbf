/** The plate database of older firmware: `VehiclePlate`, kept in lists (reference 7.10). */
import { descendElement, writeCdata, type XmlElement, type XmlSource } from '../../../wire/xml-source';
import type { CallOptions, DeviceAnswer } from './connection';
import { writeConfig, type Device } from './device';
import { DeviceError } from './failure';
import { swapPlate } from './plate-swap';
import {
  canonical,
  compactPlate,
  emptyGroup,
  endlessPages,
  findGroup,
  friendly,
  itemsIn,
  noGroup,
  samePlate,
  textOfChild,
  toAnswer,
  toWallTime,
  type Group,
  type Plate,
  type PlateAnswer,
  type PlateBook,
  type PlateFilter,
} from './plates';

const pageSize = 50;
const portion = 50;
const lists: readonly Group[] = ['whiteList', 'blackList', 'strangerList', 'temporaryList'].map((name) => ({
  id: name,
  name,
}));

export class VehiclePlates implements PlateBook {
  readonly family = 'VehiclePlate';
  readonly portion = portion;
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  groups(): Promise<readonly Group[]> {
    return Promise.resolve(lists);
  }

  async *pages(filter: PlateFilter, options: CallOptions = {}): AsyncGenerator<readonly Plate[], void, undefined> {
    for (let index = 0; index < endlessPages; index++) {
      const { plates, hasMore } = await this.page(index, pageSize, filter, options);
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
  change(before: Plate, after: Plate, options: CallOptions = {}): Promise<void> {
    return swapPlate(this.#device, this, before, after, options);
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
