/** The plate database of newer firmware: `LicensePlates`, kept in groups (reference 7.10). */
import { attributeOfElement, childOf, writeCdata, type XmlElement, type XmlSource } from '../../../wire/xml-source';
import type { CallOptions, DeviceAnswer } from './connection';
import { writeConfig, type Device } from './device';
import { DeviceError } from './failure';
import { swapPlate } from './plate-swap';
import {
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
const portion = 100;
const plateVersion = '2.1.0';

export class LicensePlates implements PlateBook {
  readonly family = 'LicensePlates';
  readonly portion = portion;
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
        `<searchFilter><maxResult>${pageSize}</maxResult><resultOffset>${offset}</resultOffset>` +
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
      if (Number.isInteger(total) ? offset > total : items.length < pageSize) return;
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
    const body = `<licensePlates type="list" maxCount="${portion}" count="${sent.length}">${items.join('')}</licensePlates>`;
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
    if (!samePlate(before, after)) return swapPlate(this.#device, this, before, after, options);
    if (this.needsChange(after)) await this.#modify(after, options);
  }

  async #modify(after: Plate, options: CallOptions): Promise<void> {
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
