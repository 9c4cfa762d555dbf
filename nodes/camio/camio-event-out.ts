/** Node `camio-event-out`: posts events at doors to Camio, where they become labels of the video, and the list of doors. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { splitList } from '../../src/filter';
import { toPacsDevices, toPacsEvent, type PacsEvent } from '../../src/vendors/camio/annotation';
import { Turns } from '../../src/vendors/camio/turns';
import { createVoice, onClose, toErrorPayload, toSetupError, type Status } from '../adapter';
import { findAccount } from './account-node';
import { actions, readEventOutSettings, type Action, type EventOutSettings } from './event-out-settings';

type CamioEventOutDef = NodeDef & { readonly account: string } & Readonly<Record<string, unknown>>;

/** Camio publishes no limit. Doors are slow; what is more than this is a server that is down. */
const atOnce = 4;
const mostWaiting = 1000;
/** Events of one post. */
const mostEvents = 500;
const topicOfErrors = 'camio/error';

/** What of a message was posted, and which parts of it could not be. */
interface Work {
  readonly posted: readonly object[];
  readonly status: number;
  readonly error?: SecurityEventsError;
}

export = (RED: NodeAPI): void => {
  function CamioEventOut(this: Node, def: CamioEventOutDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const closing = new AbortController();
    const turns = new Turns(atOnce, mostWaiting);
    let underWay = 0;
    const say = (key: string, words = {}): string => RED._(`camio-event-out.status.${key}`, words);
    let shown: Status = { fill: 'grey', shape: 'ring', text: say('ready') };
    const show = (): void =>
      voice.show(() =>
        underWay > 0 ? { fill: 'blue', shape: 'ring', text: say('posting', { number: underWay }) } : shown,
      );

    onClose(this, () => {
      closing.abort(
        new SetupError('node-closed', 'the node was closed before Camio had answered', { retryable: true }),
      );
      voice.close();
    });

    let settings: EventOutSettings | undefined;
    let problem: SecurityEventsError | undefined;
    try {
      settings = readEventOutSettings(def);
    } catch (thrown) {
      problem = toSetupError(thrown);
    }
    // looked for when it is used: an account may start after its nodes
    const work = async (message: NodeMessage & Record<string, unknown>): Promise<Work> => {
      if (settings === undefined) throw problem ?? new Error('the node has no settings');
      const pacs = findAccount(RED, def.account);
      const { signal } = closing;
      const action = settings.action === 'msg' ? readAction(message.action) : settings.action;
      if (action === 'devices') {
        const devices = toPacsDevices(message.payload);
        return { posted: devices, status: await turns.run(() => pacs.postDevices(devices, { signal })) };
      }
      const { events, error } = readEvents(message.payload, [...settings.labels, ...readLabels(message.labels)]);
      if (events.length === 0 && error !== undefined) throw error;
      const status = await turns.run(() => pacs.postEvents(events, { signal }));
      return { posted: events, status, ...(error && { error }) };
    };
    show();

    this.on('input', (message: NodeMessage & Record<string, unknown>, send, done) => {
      const answer = async (): Promise<void> => {
        underWay += 1;
        show();
        let error: SecurityEventsError | undefined;
        try {
          const { posted, status, error: lost } = await work(message);
          error = lost;
          shown = { fill: 'green', shape: 'dot', text: summarize(posted, say) };
          send({ ...message, payload: { status, posted } });
        } catch (thrown) {
          error = toSetupError(thrown);
        } finally {
          underWay -= 1;
        }
        if (error === undefined) return done();
        shown = { fill: 'red', shape: 'ring', text: error.message };
        show();
        Object.assign(message, {
          topic: topicOfErrors,
          payload: { ...toErrorPayload(error), input: message.payload },
        });
        done(error);
      };
      void answer().finally(show);
    });
  }

  RED.nodes.registerType('camio-event-out', CamioEventOut);
};

function readAction(value: unknown): Action {
  const found = actions.find((action) => action === value);
  if (found !== undefined) return found;
  throw new SetupError('action-unknown', `msg.action must be one of ${actions.join(', ')}`, { place: 'msg.action' });
}

function readLabels(value: unknown): readonly string[] {
  if (typeof value === 'string') return splitList(value);
  return Array.isArray(value) ? value.filter((label): label is string => typeof label === 'string') : [];
}

/** Of several events those that are whole are posted, whatever is wrong with the others. */
function readEvents(
  payload: unknown,
  labels: readonly string[],
): { readonly events: readonly PacsEvent[]; readonly error?: SecurityEventsError } {
  const all: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  if (all.length === 0 || all.length > mostEvents) {
    const message = `msg.payload: ${all.length} events; give one, or a list of 1 to ${mostEvents}`;
    throw new SetupError('payload-invalid', message, { place: 'msg.payload' });
  }
  const events: PacsEvent[] = [];
  let error: SecurityEventsError | undefined;
  all.forEach((each, index) => {
    try {
      events.push(toPacsEvent(each, labels));
    } catch (thrown) {
      const cause = toSetupError(thrown);
      const place = Array.isArray(payload) ? `payload[${index}]` : 'payload';
      error ??= new SetupError(cause.code, `msg.${place}: ${cause.message.replace(/^payload: /, '')}`, {
        place,
        cause,
      });
    }
  });
  return { events, ...(error && { error }) };
}

/** "Entry Unlocked · 20417AC/14", "3 events", "5 doors". */
function summarize(posted: readonly object[], say: (key: string, words?: object) => string): string {
  const [first] = posted;
  if (first !== undefined && 'device_name' in first) return say('doors', { number: posted.length });
  if (posted.length !== 1 || first === undefined) return say('events', { number: posted.length });
  const words = ['event_type', 'actor_name', 'device_id'].map((name): unknown => Reflect.get(first, name));
  return words
    .filter((word): word is string => typeof word === 'string')
    .map((word) => word.slice(0, 40))
    .join(' · ');
}
