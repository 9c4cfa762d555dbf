/** The plate database of a fake device, in both families of commands (reference 7.10). */
import { pick, pickItems, pickText } from './fields';

export interface StoredPlate {
  readonly key: number;
  readonly number: string;
  /** `whiteList`, `blackList`, `temporaryList`, or a group of a recorder. */
  group: string;
  from: string;
  until: string;
  owner: string;
  phone: string;
}

/** What the device answers: blocks, or the code of a failure. */
export type Reply = { readonly xml: string } | { readonly code: number };

const done: Reply = { xml: '' };
const newEnd = '2037-12-31 23:59:59';
const portionLimit = 100;

export class PlateStore {
  readonly plates: StoredPlate[] = [];
  /** Ids are the device's own: 1 is the temporary list. */
  readonly groups: readonly { readonly id: string; readonly name: string }[] = [
    { id: '1', name: 'temporaryList' },
    { id: '2', name: 'whiteList' },
    { id: '3', name: 'blackList' },
  ];
  capacity = 10_000;
  #lastKey = 0;

  answer(command: string, body: string): Reply {
    switch (command) {
      case 'GetLicensePlateGroups':
        return {
          xml: `<licensePlateGroups type="list" count="${this.groups.length}">${this.groups.map(({ id, name }) => `<item><groupId>${id}</groupId><groupName><![CDATA[${name}]]></groupName></item>`).join('')}</licensePlateGroups>`,
        };
      case 'AddLicensePlates':
        return this.#addNew(body);
      case 'GetLicensePlates':
        return this.#listNew(body);
      case 'ModifyLicensePlate':
        return this.#modify(pick(body, 'licensePlate') ?? '');
      case 'DeleteLicensePlate':
        return this.#delete(pick(body, 'deleteAction') ?? '');
      case 'AddVehiclePlate':
        return this.#addOld(body);
      case 'GetVehiclePlate':
        return this.#listOld(body);
      case 'DeleteVehiclePlate': {
        const keys = pickItems(pick(body, 'keyList') ?? '').map((item) => Number(pickText(item, 'keyId')));
        const found = keys.map((key) => this.plates.findIndex((plate) => plate.key === key));
        if (found.includes(-1)) return { code: 204 };
        for (const index of found.toSorted((one, other) => other - one)) this.plates.splice(index, 1);
        return done;
      }
      default:
        return { code: 1 };
    }
  }

  #addNew(body: string): Reply {
    const items = pickItems(pick(body, 'licensePlates') ?? '');
    if (items.length === 0 || items.length > portionLimit) return { code: 19 };
    const replies = items.map((item) => {
      const group = this.groups.find(({ id }) => id === pickText(item, 'groupId'));
      const number = pickText(item, 'licensePlateNumber') ?? '';
      const code = this.#put(number, group?.name, { from: '2031-01-01 00:00:00', until: newEnd, owner: '', phone: '' });
      return `<item><index>${pickText(item, 'index')}</index><errorCode>${code}</errorCode></item>`;
    });
    return { xml: `<licensePlatesReply type="list" count="${items.length}">${replies.join('')}</licensePlatesReply>` };
  }

  #put(
    number: string,
    group: string | undefined,
    rest: Pick<StoredPlate, 'from' | 'until' | 'owner' | 'phone'>,
  ): number {
    if (group === undefined) return 207;
    if (number === '') return 15;
    if (this.plates.some((plate) => plate.number === number && plate.group === group)) return 203;
    if (endsEarly(rest)) return 16;
    if (this.plates.length >= this.capacity) return 202;
    this.#lastKey += 1;
    this.plates.push({ key: this.#lastKey, number, group, ...rest });
    return 0;
  }

  #listNew(body: string): Reply {
    const filter = pick(body, 'searchFilter') ?? '';
    const offset = Number(pickText(filter, 'resultOffset'));
    const most = Number(pickText(filter, 'maxResult'));
    if (offset < 1) return { code: 16 };
    const group = this.groups.find(({ id }) => id === pickText(filter, 'groupId'));
    if (group === undefined) return { code: 207 };
    const all = this.plates.filter((plate) => plate.group === group.name);
    if (all.length === 0) return { code: 20 };
    const page = all.slice(offset - 1, offset - 1 + most);
    const items = page.map(
      (plate) =>
        `<item><licensePlateNumber type="string"><![CDATA[${plate.number}]]></licensePlateNumber><groupId>${group.id}</groupId><beginTime type="string"><![CDATA[${plate.from}]]></beginTime><endTime type="string"><![CDATA[${plate.until}]]></endTime><licensePlateType>unknown</licensePlateType><carOwner type="string"><![CDATA[${plate.owner}]]></carOwner><cardNumber/><telephone type="string"><![CDATA[${plate.phone}]]></telephone></item>`,
    );
    return {
      xml: `<licensePlates type="list" total="${all.length}" count="${page.length}">${items.join('')}</licensePlates>`,
    };
  }

  #find(xml: string): StoredPlate | undefined {
    const group = this.groups.find(({ id }) => id === pickText(xml, 'groupId'));
    const number = pickText(xml, 'licensePlateNumber');
    return this.plates.find((plate) => plate.number === number && plate.group === group?.name);
  }

  #modify(xml: string): Reply {
    const plate = this.#find(xml);
    if (plate === undefined) return { code: 207 };
    const names = { beginTime: 'from', endTime: 'until', carOwner: 'owner', telephone: 'phone' } as const;
    const next = { ...plate };
    for (const [element, field] of Object.entries(names)) {
      if (!xml.includes(`<${element}`)) continue;
      // without its type the firmware refuses a field
      if (!new RegExp(`<${element}\\s+type="string"`).test(xml)) return { code: 16 };
      next[field] = pickText(xml, element) ?? '';
    }
    if (endsEarly(next)) return { code: 16 };
    Object.assign(plate, next);
    return done;
  }

  #delete(xml: string): Reply {
    const plate = this.#find(xml);
    if (plate === undefined) return { code: 207 };
    this.plates.splice(this.plates.indexOf(plate), 1);
    return done;
  }

  /** All or none: the answer is one for the whole request. */
  #addOld(body: string): Reply {
    const items = pickItems(pick(body, 'vehiclePlates') ?? '');
    const before = this.plates.length;
    for (const item of items) {
      const code = this.#put(pickText(item, 'carPlateNumber') ?? '', pickText(item, 'plateItemType'), {
        from: pickText(item, 'beginTime') ?? '2031/01/01 00:00:00',
        until: pickText(item, 'endTime') ?? '2037/12/31 23:59:59',
        owner: pickText(item, 'carOwner') ?? '',
        phone: pickText(item, 'telephone') ?? '',
      });
      if (code === 0) continue;
      this.plates.splice(before);
      return { code };
    }
    return items.length === 0 ? { code: 15 } : done;
  }

  #listOld(body: string): Reply {
    const filter = pick(body, 'searchFilter') ?? '';
    const list = pickText(filter, 'listType');
    const number = pickText(filter, 'carPlateNum') ?? '';
    const size = Number(pickText(filter, 'pageSize'));
    const index = Number(pickText(filter, 'pageIndex'));
    const all = this.plates.filter(
      (plate) => (list === 'allList' || plate.group === list) && (number === '' || plate.number === number),
    );
    const page = all.slice(index * size, (index + 1) * size);
    const items = page.map(
      (plate) =>
        `<item><keyId>${plate.key}</keyId><carPlateNumber type="string"><![CDATA[${plate.number}]]></carPlateNumber><beginTime type="string"><![CDATA[${plate.from}]]></beginTime><endTime type="string"><![CDATA[${plate.until}]]></endTime><carOwner type="string"><![CDATA[${plate.owner}]]></carOwner><plateItemType>${plate.group}</plateItemType><telephone type="string"><![CDATA[${plate.phone}]]></telephone></item>`,
    );
    return { xml: `<vehiclePlates type="list" count="${page.length}">${items.join('')}</vehiclePlates>` };
  }
}

/** Ends before it begins. */
function endsEarly({ from, until }: Pick<StoredPlate, 'from' | 'until'>): boolean {
  return until.replaceAll('/', '-') < from.replaceAll('/', '-');
}
