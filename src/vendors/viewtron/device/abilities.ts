/** What a device is and can do (reference 7.5). */
import { childOf, isNamed, textAt, textOfElement, type XmlSource } from '../../../wire/xml-source';
import type { DeviceAnswer } from './answer';
import { DeviceError } from './failure';
import { readChildren, type Value } from './values';

export interface Abilities {
  readonly name?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** `1.7`, `2.0.0`; absent on v1.x firmware that does not say. */
  readonly apiVersion?: string;
  readonly mac?: string;
  readonly serial?: string;
  /** Undefined where the device cannot list them: nothing follows from that. */
  readonly commands?: ReadonlySet<string>;
  readonly info: Readonly<Record<string, Value>>;
}

/** A command that only reads and needs no more than its name. */
export type Ask = (command: string) => Promise<DeviceAnswer>;

/** @throws DeviceError */
export async function findAbilities(ask: Ask, device: string): Promise<Abilities> {
  const { document } = await ask('GetDeviceInfo');
  if (document === undefined) {
    throw new DeviceError('answer-empty', 'the answer has no text; is this a Viewtron (TVT) device', {
      device,
      command: 'GetDeviceInfo',
    });
  }
  const info = childOf(document.root, 'deviceInfo');
  const text = (name: string): string | undefined => textAt(document, 'deviceInfo', name);
  const read = {
    name: text('deviceName'),
    model: text('model') ?? text('deviceDescription'),
    firmware: text('softwareVersion'),
    commands: await listCommands(ask),
    apiVersion: text('apiVersion') ?? (await askDetail(ask)),
    mac: text('mac')?.toLowerCase().replaceAll('-', ':'),
    serial: text('sn'),
  };
  const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  return {
    ...given,
    info: info === undefined ? {} : readChildren(document, info, 'deviceInfo', { fractions: false }),
  };
}

/** Its `count` is wrong and names repeat: a set it is (reference 7.5). */
async function listCommands(ask: Ask): Promise<ReadonlySet<string> | undefined> {
  const document = await askGently(ask, 'GetSupportedAPIs');
  const list = document && childOf(document.root, 'applicationInterfaces');
  if (document === undefined || list === undefined) return undefined;
  const names = list.children.filter((each) => isNamed(each, 'item')).map((item) => textOfElement(document, item));
  return names.length === 0 ? undefined : new Set(names.map((name) => name.replace(/^\//, '')));
}

async function askDetail(ask: Ask): Promise<string | undefined> {
  const document = await askGently(ask, 'GetDeviceDetail');
  return document && textAt(document, 'detail', 'property', 'apiVersion');
}

/** What may be missing without being missed. */
async function askGently(ask: Ask, command: string): Promise<XmlSource | undefined> {
  try {
    return (await ask(command)).document;
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || thrown.retryable || thrown.code === 'wrong-password') throw thrown;
    return undefined;
  }
}
