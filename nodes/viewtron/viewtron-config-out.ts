/** Node `viewtron-config-out`: reads and changes what a Viewtron device is set to, and lets it act. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { SecurityEventsError, SetupError, toError } from '../../src/errors';
import { DeviceError } from '../../src/vendors/viewtron/device/failure';
import { PlatesError } from '../../src/vendors/viewtron/device/plate-list';
import { createVoice, onClose, toSetupError, type Status } from '../adapter';
import { offerPreviews } from '../preview/preview';
import type { Result, Say, Task } from './config-out/action';
import { actionNames, isAction, isForSeveral, perform, type ActionName } from './config-out/actions';
import { readFields, readMessage, type Parameters } from './config-out/parameters';
import { findDevice } from './device-node';

type ConfigOutDef = NodeDef & { readonly device: string } & Readonly<Record<string, unknown>>;

type Message = NodeMessage & Record<string, unknown>;
type Send = (message: NodeMessage) => void;

/** Messages that wait while a device is slow; more than that are refused, as they would only be late. */
const waitingLimit = 1000;

const pictureActions: ReadonlySet<ActionName> = new Set(['snapshot', 'snapshot-at']);

/** What came of one device of several. */
interface Outcome {
  readonly device: string;
  readonly result?: Result;
  readonly error?: SecurityEventsError;
}

export = (RED: NodeAPI): void => {
  const previews = offerPreviews(RED, 'viewtron-config-out');

  function ViewtronConfigOut(this: Node, def: ConfigOutDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const preview = previews.open(this, def);
    const ended = new AbortController();
    const running = new Set<Promise<void>>();

    const say: Say = (key, values) => RED._(`viewtron-config-out.${key}`, { ...values });
    const show = (status: Status): void => voice.show(() => status);

    const handle = async (message: Message, send: Send): Promise<void> => {
      if (running.size >= waitingLimit) {
        const text = `${waitingLimit} messages wait for their devices; this one was not taken. Send fewer, or look at why the device is slow`;
        throw new SetupError('too-many-messages', text, { retryable: true });
      }
      // a message that comes a second time, from a Catch node, tells of the first time no more
      delete message.failure;
      delete message.result;
      const name = readAction(def, message);
      const isFromMessage = def.action === '' || def.action === undefined;
      const parameters = isFromMessage ? readMessage(message) : await readFields(RED, this, def, message);
      // the message may name what the dialog leaves open: zones in fractions, a try
      const fields = isFromMessage ? { ...def, ...pickSwitches(message) } : def;
      show({ fill: 'blue', shape: 'dot', text: say('status.running', { action: say(`action.${name}`) }) });
      const nodes = [def.device, ...readOthers(def, name)];
      const outcomes: Outcome[] = [];
      for (const id of nodes) outcomes.push(await attempt(id, name, parameters, fields, message));
      report(message, name, outcomes, send, nodes.length > 1);
    };

    const attempt = async (
      id: string,
      name: ActionName,
      parameters: Parameters,
      fields: Task['def'],
      message: Message,
    ): Promise<Outcome> => {
      let label = '';
      try {
        const node = findDevice(RED, id);
        const isFirst = id === def.device;
        const host = isFirst && typeof message.host === 'string' ? message.host.trim() : undefined;
        const port = host === undefined ? undefined : readPort(message.port);
        const device = node.open(host === '' ? undefined : host, port);
        label = device.label;
        const channel = parameters.integer('channel', 1, 1024) ?? node.channel;
        const task: Task = { RED, device, channel, parameters, def: fields, signal: ended.signal };
        return { device: label, result: await perform(name, task) };
      } catch (thrown) {
        return { device: label, error: toSetupError(thrown) };
      }
    };

    /** @throws SecurityEventsError where one of the devices has failed; `msg.result` then tells of all of them */
    const report = (
      message: Message,
      action: ActionName,
      outcomes: readonly Outcome[],
      send: Send,
      isMany: boolean,
    ): void => {
      const failed = outcomes.filter(({ error }) => error !== undefined);
      const first = failed[0]?.error;
      message.action = action;
      if (first !== undefined) {
        const results = outcomes.map(describeOutcome);
        message.result = isMany ? results : results[0];
        if (!isMany || failed.length === 1) throw first;
        throw new SetupError(first.code, failed.map(({ error }) => error?.message ?? '').join(' | '), {
          retryable: failed.every(({ error }) => error?.retryable === true),
          cause: first,
        });
      }
      const [only] = outcomes;
      if (only?.result === undefined) return;
      message.payload = isMany ? outcomes.map(describeOutcome) : only.result.payload;
      message.device = only.device;
      if (only.result.fields !== undefined) message.fields = only.result.fields;
      if (pictureActions.has(action)) preview.showPicture(only.result.payload, only.device);
      const words = only.result.summary(say);
      const text = isMany ? `${outcomes.length} × ${words}` : words;
      show({ fill: 'green', shape: 'dot', text });
      send(message);
    };

    const settle = async (message: Message, send: Send, done: (error?: Error) => void): Promise<void> => {
      try {
        await handle(message, send);
        done();
      } catch (thrown) {
        const error = thrown instanceof SecurityEventsError ? thrown : toSetupError(toError(thrown));
        const text = error instanceof DeviceError ? error.code.replaceAll('-', ' ') : error.message.slice(0, 60);
        message.failure = describeFailure(error);
        if (error.code !== 'closed') show({ fill: 'red', shape: 'ring', text });
        done(error);
      }
    };

    this.on('input', (message: Message, send, done) => {
      const work = settle(message, send, done);
      const tracked = work.finally(() => running.delete(tracked));
      running.add(tracked);
    });

    onClose(this, (removed) => {
      ended.abort(
        new DeviceError('closed', 'stopped, as the node was closed', {
          device: 'viewtron-config-out',
          command: 'close',
          retryable: true,
        }),
      );
      voice.close();
      preview.close(removed);
    });
  }

  RED.nodes.registerType('viewtron-config-out', ViewtronConfigOut);
};

/** @throws SetupError `action-unknown` */
function readAction(def: ConfigOutDef, message: Message): ActionName {
  const fixed = typeof def.action === 'string' ? def.action : '';
  const said = typeof message.action === 'string' ? message.action.trim() : '';
  const name = fixed === '' ? said : fixed;
  if (isAction(name)) return name;
  const where = fixed === '' ? 'msg.action' : 'action';
  const text = `${where} is "${name.slice(0, 40)}"; it must be one of ${actionNames.join(', ')}`;
  throw new SetupError('action-unknown', text, { place: where });
}

function readOthers(def: ConfigOutDef, name: ActionName): readonly string[] {
  if (!isForSeveral(name) || !Array.isArray(def.others)) return [];
  const ids: readonly unknown[] = def.others;
  return [...new Set(ids.filter((id) => typeof id === 'string' && id !== def.device))].map(String);
}

/** A number, or digits out of a table; empty: the device's own. */
function readPort(value: unknown): number | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : undefined;
}

/** What a message may say of the dialog's ticks and lists. */
function pickSwitches(message: Message): Record<string, unknown> {
  const names = ['tryOnly', 'confirm', 'fractions', 'takeOver', 'events', 'dataTypes', 'heartbeat', 'method', 'asXml'];
  return Object.fromEntries(names.filter((name) => message[name] !== undefined).map((name) => [name, message[name]]));
}

function describeOutcome({ device, result, error }: Outcome): object {
  if (error === undefined) return { device, ok: true, result: result?.payload };
  return {
    device,
    ok: false,
    ...describeFailure(error),
    ...(error instanceof PlatesError && { result: error.report }),
  };
}

function describeFailure(error: SecurityEventsError): object {
  const { code, message, retryable, place } = error;
  const about =
    error instanceof DeviceError ? { errorCode: error.errorCode, command: error.command, channel: error.channel } : {};
  return { code, message, retryable, place, ...about };
}
