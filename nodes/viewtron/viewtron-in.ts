/** Node `viewtron-in`: the posts of Viewtron cameras and recorders become messages. */
import type { NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import { topicOf, type SecurityEvent } from '../../src/event';
import type { DropReason } from '../../src/filter';
import type { ListenerState } from '../../src/http/listener';
import type { Post, Receiver } from '../../src/http/receiver';
import { Intake, IntakeMemory } from '../../src/intake';
import { summarize } from '../../src/summary';
import { viewtron } from '../../src/vendors/viewtron';
import { createVoice, offerReport, onClose, toErrorPayload, type LastWords, type Status } from '../adapter';
import { findListener, toLastError, type Sight } from '../listener/listener-node';
import { accessCredentials, readAccess } from '../listener/settings';
import { offerPreviews } from '../preview/preview';
import { startNode, type Stop } from '../start';
import { offerTest, tryEvent, type TestOutcome, type Trial } from '../test-event';
import { createReceiver, LastEvents, type ReceiverNode } from './receiver-node';
import { offerCamerasSeen } from './cameras-seen';
import { toReport } from './report';
import { readSettings, type ViewtronInDef, type ViewtronInSettings } from './settings';

const topicOfErrors = 'viewtron/error';

/** Reasons that a person who waits for an event wants to see; the others are everyday. */
const tellingReasons: ReadonlySet<DropReason> = new Set<DropReason>([
  'camera',
  'target type',
  'plate list',
  'confidence',
  'direction',
]);

interface Running {
  readonly memory: IntakeMemory;
  readonly last: LastWords;
  readonly sight: () => Sight;
  readonly test: () => TestOutcome;
}

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; what it has learned of its devices stays. */
  const memories = new Map<string, IntakeMemory>();
  const running = new Map<string, Running>();
  const previews = offerPreviews(RED, 'viewtron-in');
  const cameras = offerCamerasSeen(RED, 'viewtron-in');

  function ViewtronIn(this: ReceiverNode, def: ViewtronInDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const memory = memories.get(this.id) ?? new IntakeMemory();
    memories.set(this.id, memory);
    const last: LastWords = {};
    const lastEvents = new LastEvents();
    const preview = previews.open(this, def);

    onClose(this, (removed) => {
      stop(removed);
      voice.close();
      preview.close(removed);
      running.delete(this.id);
      if (!removed) return;
      memories.delete(this.id);
      cameras.forget(this.id);
    });

    const start = (): Stop => {
      const settings = readSettings(def);
      const listener = findListener(RED, def.listener);
      let state: ListenerState = { is: 'opening' };
      let lastSeen: (() => Status) | undefined;

      const describe = (): Status => {
        const { silent } = intake;
        if (state.is === 'failed') return { fill: 'red', shape: 'ring', text: state.error.message };
        if (state.is === 'opening') return { fill: 'grey', shape: 'ring', text: RED._('viewtron-in.status.opening') };
        if (silent.length > 0) {
          const text = RED._('viewtron-in.status.silent', { devices: silent.slice(0, 3).join(', ') });
          return { fill: 'yellow', shape: 'ring', text };
        }
        if (lastSeen !== undefined) return lastSeen();
        const text = RED._('viewtron-in.status.listening', { address: listener.describe(settings.path) });
        return { fill: 'green', shape: 'ring', text };
      };
      const showStatus = (): void => voice.show(describe);

      const wanted = { ...settings, pictures: preview.reads(settings.pictures) };
      const send = (event: SecurityEvent): void =>
        this.send(toMessages(preview.look(event, settings.pictures), settings));
      const intake = new Intake(viewtron, wanted, memory, systemClock, {
        onEvent: (event) => {
          // told before it is sent: the flow may change what it is given
          const summary = summarize(event);
          lastEvents.note(event);
          cameras.note(this.id, event.device);
          last.event = { time: event.receivedAt, summary };
          if (event.category !== 'heartbeat') lastSeen = () => ({ fill: 'green', shape: 'dot', text: summary });
          send(event);
          showStatus();
        },
        onDrop: (event, reason) => {
          lastEvents.note(event);
          cameras.note(this.id, event.device);
          if (!tellingReasons.has(reason)) return;
          const summary = summarize(event);
          lastSeen = () => {
            const why = RED._(`viewtron-in.reason.${reason.replace(' ', '-')}`);
            return {
              fill: 'grey',
              shape: 'dot',
              text: RED._('viewtron-in.status.dropped', { event: summary, reason: why }),
            };
          };
          showStatus();
        },
        onError: (error, post) => {
          last.error = toLastError(error, listener);
          voice.raise(
            error,
            toErrorMessage(error, post, (bytes) => listener.excerpt(bytes)),
          );
        },
      });

      const receiver: Receiver = {
        vendor: viewtron.name,
        methods: viewtron.methods,
        answer: (post) => viewtron.answer(post),
        deliver: (post) => intake.take(post),
        refused: (error) => {
          memory.errors += 1;
          last.error = toLastError(error, listener);
          voice.raise(error, toErrorMessage(error));
        },
      };
      const access = readAccess(def, this.credentials);
      // attaching tells the state at once, so all that it shows must stand before
      const detach = listener.attach({
        node: this,
        path: settings.path,
        receiver,
        access,
        onState: (next) => {
          state = next;
          showStatus();
        },
      });
      this.receiver = createReceiver(memory.roster, lastEvents, () => listener.endpoint(settings.path, access));
      const test = (): TestOutcome => {
        const take = (post: Post, trial: Trial): Readonly<Record<string, number>> => {
          const ofTrial = new IntakeMemory();
          const handlers = { ...trial, onDrop: () => undefined };
          new Intake(viewtron, { ...wanted, watchMisses: 0 }, ofTrial, systemClock, handlers).take(post);
          return ofTrial.gate.dropped;
        };
        return tryEvent(viewtron.samples(systemClock.now()), take, send);
      };
      running.set(this.id, { memory, last, sight: () => listener.sight(settings.path), test });
      return (removed) => {
        detach(removed);
        intake.close();
        this.receiver = undefined;
      };
    };
    const stop = startNode(RED, start, (error) => {
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error));
    });
  }

  RED.nodes.registerType('viewtron-in', ViewtronIn, { credentials: accessCredentials });

  offerReport(RED, 'viewtron-in', (id) => {
    const node = running.get(id);
    return node && toReport(node.memory, node.last, node.sight(), Date.now());
  });
  offerTest(RED, 'viewtron-in', (id) => running.get(id)?.test);
};

/** One message, on the output of its category where there is one for each. */
function toMessages(event: SecurityEvent, settings: ViewtronInSettings): NodeMessage | (NodeMessage | null)[] {
  const message = { topic: topicOf(event), payload: event };
  if (settings.outputs === undefined) return message;
  return settings.outputs.map((category) => (category === event.category ? message : null));
}

/** With enough to find the device and to see what it sent. */
function toErrorMessage(...about: Parameters<typeof toErrorPayload>): NodeMessage {
  const [, post] = about;
  const where = post && { method: post.method, path: post.path };
  return { topic: topicOfErrors, payload: { ...toErrorPayload(...about), ...where } };
}
