/** One device: its configurations as plain objects, read and changed. */
import type { Clock } from '../../../clock';
import { untilAborted, wait } from '../../../http/retry';
import {
  attributeOfElement,
  childOf,
  descendElement,
  escapeXml,
  isNamed,
  textAt,
  textOfElement,
  type XmlElement,
  type XmlSource,
} from '../../../wire/xml-source';
import { rewriteBlock, type Change } from './change';
import { configs, findConfigOfBlock, isRepeatable, type ConfigCommand, type ConfigName } from './commands';
import { Connection, type Call, type CallOptions, type DeviceAddress, type DeviceAnswer } from './connection';
import { DeviceError, isUnknownCommand } from './failure';
import { describeFields, readChildren, type Field, type Value } from './values';

export const namespace = 'http://www.ipc.com/ver10';

export interface DeviceOptions extends CallOptions {
  /** From 1; absent: the device's only one. */
  readonly channel?: number | undefined;
  readonly fractions?: boolean;
}

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

export interface ReadResult {
  readonly command: string;
  readonly config: Readonly<Record<string, Value>>;
  /** What each value may be, by path. */
  readonly fields: Readonly<Record<string, Field>>;
}

export interface WriteResult {
  /** Empty: it was so already, and nothing was sent. */
  readonly changes: readonly Change[];
  /** False with "try only", and where nothing was to change. */
  readonly sent: boolean;
  /** What the device did not keep although it said yes. */
  readonly unconfirmed: readonly Change[];
}

export interface WriteOptions extends DeviceOptions {
  readonly tryOnly?: boolean;
  /** Read again afterwards: some firmware says yes and keeps the old value. */
  readonly confirm?: boolean;
}

/** Node-RED gives a node fifteen seconds to close; a person who deploys gives it one. */
const endingMs = 800;

const abilitiesLastMs = 3_600_000;

interface Found {
  readonly index: number;
  readonly command: string;
  readonly document: XmlSource;
}

export class Device {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Things that must not be left half done: an output that shall go off again. They are waited for at the end. */
  readonly #endings = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  /** Which of its names a command answered to. */
  readonly #names = new Map<string, number>();
  #abilities: Promise<Abilities> | undefined;
  #abilitiesMs = 0;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(address: DeviceAddress, clock: Clock, random?: () => number) {
    this.connection = new Connection(address, clock, random);
    this.clock = clock;
  }

  get label(): string {
    return this.connection.label;
  }

  /** What it is and can do (reference 7.5); asked once an hour at most. */
  async abilities({ signal }: CallOptions = {}): Promise<Abilities> {
    const now = this.clock.now();
    // an update of the firmware changes what it can do
    if (this.#abilities === undefined || now - this.#abilitiesMs > abilitiesLastMs || now < this.#abilitiesMs) {
      const found = this.#findAbilities({});
      this.#abilities = found;
      this.#abilitiesMs = now;
      found.catch(() => {
        if (this.#abilities === found) this.#abilities = undefined;
      });
    }
    // it goes on for others where one does not wait for it any more
    return untilAborted(this.#abilities, signal);
  }

  async read(name: ConfigName, options: DeviceOptions = {}): Promise<ReadResult> {
    const { command, document } = await this.#get(name, options);
    const { fractions = false } = options;
    const fields: Record<string, Field> = {};
    for (const block of blocksOf(document)) Object.assign(fields, describeFields(document, block, { fractions }));
    return { command, config: withoutTypes(readChildren(document, document.root, '', { fractions })), fields };
  }

  /**
   * Changes what is named, and nothing else.
   *
   * @param wanted `{perimeter: {switch: true}}`: blocks of one or of several configurations
   * @throws DeviceError `value-refused` before anything is sent where the device would not take a value
   */
  async write(wanted: unknown, options: WriteOptions = {}, name?: ConfigName): Promise<WriteResult> {
    const changes: Change[] = [];
    const unconfirmed: Change[] = [];
    let sent = false;
    // all are checked before the first is sent: half of a change is worse than none
    const plans = [];
    for (const [config, blocks] of this.#sort(wanted, name)) plans.push(await this.#plan(config, blocks, options));
    for (const plan of plans) {
      changes.push(...plan.changes);
      if (options.tryOnly === true || plan.changes.length === 0) continue;
      await this.#set(plan.config, plan.found, plan.xml, options);
      sent = true;
      if (options.confirm !== false) {
        unconfirmed.push(...(await this.#plan(plan.config, plan.blocks, options)).changes);
      }
    }
    return { changes, sent, unconfirmed };
  }

  /** What reads and writes must not be mixed with another such: the later of two would undo the earlier. */
  async exclusively<T>(act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#lastTurn.then(() => {
      signal?.throwIfAborted();
      return act();
    });
    this.#lastTurn = turn.catch(() => undefined);
    return untilAborted(turn, signal);
  }

  /** Any command by its name. */
  call(call: Omit<Call, 'isRepeatable'>, options: CallOptions = {}): Promise<DeviceAnswer> {
    return this.connection.call({ ...call, isRepeatable: isRepeatable(call.command) }, options);
  }

  /** The first of several names that the device knows, remembered. */
  async callFirst(
    key: string,
    commands: readonly string[],
    make: (command: string) => Omit<Call, 'isRepeatable' | 'command'>,
    options: CallOptions = {},
  ): Promise<{ readonly index: number; readonly command: string; readonly answer: DeviceAnswer }> {
    const known = this.#names.get(key);
    const all = commands.map((_command, index) => index);
    // another firmware may have another name for it by now
    const order = known === undefined ? all : [known, ...all.filter((index) => index !== known)];
    let first: unknown;
    for (const index of order) {
      const command = commands[index];
      if (command === undefined) continue;
      try {
        const answer = await this.call({ command, ...make(command) }, options);
        this.#names.set(key, index);
        return { index, command, answer };
      } catch (thrown) {
        if (!isUnknownCommand(thrown)) throw thrown;
        first ??= thrown;
      }
    }
    throw first;
  }

  /**
   * Acts, waits, and undoes it in any case: sooner where nobody wants to wait any more, or the device is closed; also
   * where nobody knows whether the act was done.
   */
  async actAndUndo(
    act: () => Promise<void>,
    ms: number,
    undo: () => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const all = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    const run = async (): Promise<void> => {
      let failure: { readonly thrown: unknown } | undefined;
      try {
        await act();
        await wait(this.clock, ms, all);
      } catch (thrown) {
        if (thrown instanceof DeviceError && !thrown.mayHaveActed && thrown.code !== 'closed') throw thrown;
        failure = { thrown };
      }
      await undo();
      if (failure !== undefined) throw failure.thrown;
    };
    const ending = run();
    this.#endings.add(ending);
    try {
      await ending;
    } finally {
      this.#endings.delete(ending);
    }
  }

  /** Lets outputs go off first, but does not wait long for that. */
  async close(): Promise<void> {
    this.#closing.abort(
      new DeviceError('closed', 'stopped, as the node was closed', {
        device: this.label,
        command: 'close',
        retryable: true,
      }),
    );
    if (this.#endings.size > 0) {
      const limit = new AbortController();
      const late = wait(this.clock, endingMs, limit.signal).catch(() => undefined);
      await Promise.race([Promise.allSettled(this.#endings), late]);
      limit.abort();
    }
    await this.connection.close();
  }

  /** @throws DeviceError `value-refused` */
  decline(command: string, faults: readonly string[], channel?: number): DeviceError {
    const reason = `not sent, as the device would not take it: ${faults.slice(0, 20).join('; ')}`;
    return new DeviceError('value-refused', reason, { device: this.label, command, channel });
  }

  async #findAbilities(options: CallOptions): Promise<Abilities> {
    const { document } = await this.call({ command: 'GetDeviceInfo' }, options);
    if (document === undefined) {
      throw new DeviceError('answer-empty', 'the answer has no text; is this a Viewtron (TVT) device', {
        device: this.label,
        command: 'GetDeviceInfo',
      });
    }
    const info = childOf(document.root, 'deviceInfo');
    const text = (name: string): string | undefined => textAt(document, 'deviceInfo', name);
    const commands = await this.#listCommands(options);
    const apiVersion = text('apiVersion') ?? (await this.#askDetail(options));
    const read = {
      name: text('deviceName'),
      model: text('model') ?? text('deviceDescription'),
      firmware: text('softwareVersion'),
      apiVersion,
      mac: text('mac')?.toLowerCase().replaceAll('-', ':'),
      serial: text('sn'),
      commands,
    };
    const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
    return {
      ...given,
      info: info === undefined ? {} : readChildren(document, info, 'deviceInfo', { fractions: false }),
    };
  }

  /** Its `count` is wrong and names repeat: a set it is (reference 7.5). */
  async #listCommands(options: CallOptions): Promise<ReadonlySet<string> | undefined> {
    const document = await this.#ask('GetSupportedAPIs', options);
    const list = document && childOf(document.root, 'applicationInterfaces');
    if (document === undefined || list === undefined) return undefined;
    const names = list.children.filter((each) => isNamed(each, 'item')).map((item) => textOfElement(document, item));
    return names.length === 0 ? undefined : new Set(names.map((name) => name.replace(/^\//, '')));
  }

  async #askDetail(options: CallOptions): Promise<string | undefined> {
    const document = await this.#ask('GetDeviceDetail', options);
    return document && textAt(document, 'detail', 'property', 'apiVersion');
  }

  /** What may be missing without being missed. */
  async #ask(command: string, options: CallOptions): Promise<XmlSource | undefined> {
    try {
      return (await this.call({ command }, options)).document;
    } catch (thrown) {
      if (
        thrown instanceof DeviceError &&
        thrown.errorCode !== 9 &&
        !thrown.retryable &&
        thrown.code !== 'wrong-password'
      )
        return undefined;
      throw thrown;
    }
  }

  async #get(name: ConfigName, options: DeviceOptions): Promise<Found> {
    const config: ConfigCommand = configs[name];
    const channel = config.hasChannel ? options.channel : undefined;
    const { index, command, answer } = await this.callFirst(name, config.get, () => ({ channel }), options);
    if (answer.document !== undefined) return { index, command, document: answer.document };
    throw new DeviceError('answer-empty', 'the answer has no text', { device: this.label, command, channel });
  }

  /** Which blocks belong to which configuration. */
  #sort(wanted: unknown, name?: ConfigName): ReadonlyMap<ConfigName, Readonly<Record<string, unknown>>> {
    const sorted = new Map<ConfigName, Record<string, unknown>>();
    if (!isObject(wanted) || Object.keys(wanted).length === 0) {
      const cure = 'give an object with the settings that change, such as {"perimeter": {"switch": true}}';
      throw this.decline('write', [cure]);
    }
    for (const [block, value] of Object.entries(wanted)) {
      if (value === undefined) continue;
      const config = name ?? findConfigOfBlock(block);
      if (config === undefined) {
        const cure = `"${block.slice(0, 40)}" is no block that is known; choose the configuration in the dialog or as msg.what`;
        throw this.decline('write', [cure]);
      }
      sorted.set(config, { ...sorted.get(config), [block]: value });
    }
    return sorted;
  }

  async #plan(config: ConfigName, blocks: Readonly<Record<string, unknown>>, options: WriteOptions) {
    const command: ConfigCommand = configs[config];
    if (command.set === undefined) throw this.decline(command.get[0] ?? config, [`${config} can only be read`]);
    const found = await this.#get(config, options);
    const { document } = found;
    const changes: Change[] = [];
    const faults: string[] = [];
    let xml = '';
    const known = blocksOf(document);
    for (const [name, wanted] of Object.entries(blocks)) {
      const block = known.find((each) => isNamed(each, name));
      if (block === undefined) {
        faults.push(`the device's document has no "${name}"; it has ${known.map((each) => each.name).join(', ')}`);
        continue;
      }
      const written = rewriteBlock(document, block, wanted, {
        fractions: options.fractions ?? false,
        bareValues: command.bareValues ?? false,
        omit: command.omit ?? [],
      });
      xml += written.xml;
      changes.push(...written.changes);
      faults.push(...written.faults);
    }
    if (faults.length > 0) {
      throw this.decline(command.set[found.index] ?? config, faults, command.hasChannel ? options.channel : undefined);
    }
    return { config, blocks, found, xml, changes };
  }

  async #set(config: ConfigName, { index, document }: Found, xml: string, options: DeviceOptions): Promise<void> {
    const { set = [], hasChannel }: ConfigCommand = configs[config];
    const command = set[index] ?? set[0] ?? '';
    const version = attributeOfElement(document.root, 'version') ?? '1.0';
    const channel = hasChannel ? options.channel : undefined;
    await this.call({ command, channel, body: writeConfig(version, xml) }, options);
  }
}

/** The blocks of an answer: its enumerations are no settings. */
function blocksOf({ root }: XmlSource): readonly XmlElement[] {
  return root.children.filter((child) => !isNamed(child, 'types'));
}

function withoutTypes(config: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name.toLowerCase() !== 'types'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A request's body. */
export function writeConfig(version: string, xml: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><config version="${escapeXml(version)}" xmlns="${namespace}">${xml}</config>`;
}

/** The text of an element below the root; undefined where there is none. */
export function textIn({ document }: DeviceAnswer, ...path: readonly string[]): string | undefined {
  if (document === undefined) return undefined;
  const element = descendElement(document.root, ...path);
  return element === undefined ? undefined : textOfElement(document, element);
}
