/** The push settings of a fake camera: written by `SetHttpPostConfig`, told again by `GetHttpPostConfig` (reference 7.8). */
import { pick, pickItems, pickText } from './fields';
import type { Manner } from './documents';

export interface PushSlot {
  readonly id: number;
  readonly isOn: boolean;
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** `none`, or whatever the web page has made of user and password. */
  readonly authentication: string;
  readonly heartbeat: boolean;
  readonly seconds: number;
  readonly types: readonly string[];
  readonly events: readonly string[];
}

const emptySlot = {
  isOn: false,
  protocol: 'http',
  host: '',
  port: 80,
  path: '',
  authentication: 'none',
  heartbeat: true,
  seconds: 60,
  types: [],
  events: [],
};

export class PushSlots {
  slots: readonly PushSlot[] = [1, 2, 3].map((id) => ({ ...emptySlot, id }));
  old: PushSlot = { ...emptySlot, id: 0 };
  readonly #manner: Manner;

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  write(): string {
    const { old } = this;
    const first = `
<httpPost>
  <bSwitch type="boolean">${old.isOn}</bSwitch>
  <protocolType type="string"><![CDATA[API]]></protocolType>
  <serverIp type="string"><![CDATA[${old.host}]]></serverIp>
  <serverPort type="uint16">${old.port}</serverPort>
  <keepaliveTimeval type="uint32" min="30" max="120">${old.seconds}</keepaliveTimeval>
  <onlineStatus type="boolean">${old.isOn}</onlineStatus>
  <URL type="string"><![CDATA[${old.path}]]></URL>
</httpPost>`;
    // slots come with the newer block; v1.9 has the older one only
    if (this.#manner === '1.9') return first;
    return `${first}
<httpPostV2><postUrlConf>
  <urlList type="list" count="${this.slots.length}" maxCount="3">
${this.slots.map((slot) => this.#writeSlot(slot)).join('\n')}
  </urlList>
</postUrlConf></httpPostV2>`;
  }

  #writeSlot(slot: PushSlot): string {
    const name = this.#manner === '2.1' ? 'subDataType' : 'subscribeDateType';
    const list = (words: readonly string[]): string => words.map((word) => `<item>${word}</item>`).join('');
    return `    <item>
      <urlId>${slot.id}</urlId>
      <switch>${slot.isOn}</switch>
      <url><protocol>${slot.protocol}</protocol><domain><![CDATA[${slot.host}]]></domain><port>${slot.port}</port><path><![CDATA[${slot.path}]]></path><authentication>${slot.authentication}</authentication></url>
      <heatBeatSwitch>${slot.heartbeat}</heatBeatSwitch>
      <keepaliveTimeval>${slot.seconds}</keepaliveTimeval>
      <${name} type="list" count="${slot.types.length}">${list(slot.types)}</${name}>
      <subscriptionEvents type="list" count="${slot.events.length}">${list(slot.events)}</subscriptionEvents>
    </item>`;
  }

  /** @returns the code of the failure */
  set(body: string): number {
    const old = pick(body, 'httpPost');
    if (old !== undefined) {
      this.old = {
        ...this.old,
        isOn: pickText(old, 'bSwitch') === 'true',
        host: pickText(old, 'serverIp') ?? '',
        port: Number(pickText(old, 'serverPort')),
        path: pickText(old, 'URL') ?? '',
        seconds: Number(pickText(old, 'keepaliveTimeval')),
      };
    }
    const list = pick(body, 'urlList');
    if (list === undefined) return old === undefined ? 15 : 0;
    const name = this.#manner === '2.1' ? 'subDataType' : 'subscribeDateType';
    const slots = pickItems(list).map((item) => {
      const url = pick(item, 'url') ?? '';
      return {
        id: Number(pickText(item, 'urlId')),
        isOn: pickText(item, 'switch') === 'true',
        protocol: pickText(url, 'protocol') ?? 'http',
        host: pickText(url, 'domain') ?? '',
        port: Number(pickText(url, 'port')),
        path: pickText(url, 'path') ?? '',
        authentication: pickText(url, 'authentication') ?? 'none',
        heartbeat: pickText(item, 'heatBeatSwitch') === 'true',
        seconds: Number(pickText(item, 'keepaliveTimeval')),
        types: pickItems(pick(item, name) ?? '').map((each) => each.trim()),
        events: pickItems(pick(item, 'subscriptionEvents') ?? '').map((each) => each.trim()),
      };
    });
    if (slots.length > 3 || slots.some(({ id }) => !(id >= 1 && id <= 3))) return 3;
    if (slots.some(({ seconds }) => !(seconds >= 30 && seconds <= 120))) return 16;
    // what is not sent is gone: a list replaces the list
    this.slots = slots;
    return 0;
  }
}
