/** Node `camlytics-webhook-in`: the webhooks of Camlytics, GET and POST, become messages. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import type { SecurityEventsError } from '../../src/errors';
import { topicOf, type SecurityEvent } from '../../src/event';
import type { ListenerState } from '../../src/http/listener';
import type { Post, Receiver } from '../../src/http/receiver';
import { summarize } from '../../src/summary';
import { camlytics } from '../../src/vendors/camlytics';
import { Intake, IntakeMemory } from '../../src/vendors/camlytics/intake';
import { createVoice, offerReport, onClose, toErrorPayload, type LastWords, type Status } from '../adapter';
import { findListener, toLastError, type Sight } from '../listener/listener-node';
import { accessCredentials, readAccess, type AccessCredentials } from '../listener/settings';
import { startNode, type Stop } from '../start';
import { offerTest, tryEvent, type TestOutcome, type Trial } from '../test-event';
import { toWebhookReport } from './report';
import { readWebhookSettings, type CamlyticsWebhookInDef } from './settings';

/** An event has some hundred bytes. */
const largestBytes = 1024 * 1024;
const topicOfErrors = 'camlytics/error';

interface Running {
  readonly memory: IntakeMemory;
  readonly last: LastWords;
  readonly sight: () => Sight;
  readonly test: () => TestOutcome;
}

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; what came before stays known. */
  const memories = new Map<string, IntakeMemory>();
  const running = new Map<string, Running>();

  function CamlyticsWebhookIn(this: Node<AccessCredentials>, def: CamlyticsWebhookInDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const memory = memories.get(this.id) ?? new IntakeMemory();
    memories.set(this.id, memory);
    const last: LastWords = {};

    onClose(this, (removed) => {
      stop(removed);
      voice.close();
      running.delete(this.id);
      if (removed) memories.delete(this.id);
    });

    const start = (): Stop => {
      const settings = readWebhookSettings(def);
      const listener = findListener(RED, def.listener);
      const access = readAccess(def, this.credentials);
      let state: ListenerState = { is: 'opening' };
      let lastSeen: string | undefined;
      const say = (key: string, words = {}): string => RED._(`camlytics-webhook-in.status.${key}`, words);

      const describe = (): Status => {
        if (state.is === 'failed') return { fill: 'red', shape: 'ring', text: state.error.message };
        if (state.is === 'opening') return { fill: 'grey', shape: 'ring', text: say('opening') };
        if (lastSeen !== undefined) return { fill: 'green', shape: 'dot', text: lastSeen };
        const text = say('listening', { address: listener.describe(settings.path) });
        return { fill: 'green', shape: 'ring', text };
      };
      const showStatus = (): void => voice.show(describe);
      const raise = (error: SecurityEventsError, post?: Post): void => {
        last.error = toLastError(error, listener);
        voice.raise(
          error,
          toErrorMessage(error, post, (bytes) => listener.excerpt(bytes)),
        );
      };

      const send = (event: SecurityEvent): void => this.send({ topic: topicOf(event), payload: event });
      const intake = new Intake(settings, memory, {
        onEvent: (event) => {
          // told before it is sent: the flow may change what it is given
          lastSeen = summarize(event);
          last.event = { time: event.receivedAt, summary: lastSeen };
          send(event);
          showStatus();
        },
        onError: raise,
      });

      const receiver: Receiver = {
        vendor: camlytics.name,
        methods: camlytics.methods,
        answer: (post) => camlytics.answer(post),
        deliver: (post) => intake.take(post),
        refused: (error) => {
          memory.refused[error.code] = (memory.refused[error.code] ?? 0) + 1;
          raise(error);
        },
      };
      // attaching tells the state at once, so all that it shows must stand before
      const detach = listener.attach({
        node: this,
        path: settings.path,
        receiver,
        access,
        largestBytes,
        onState: (next) => {
          state = next;
          showStatus();
        },
      });
      const test = (): TestOutcome => {
        const take = (post: Post, trial: Trial): Readonly<Record<string, number>> => {
          const ofTrial = new IntakeMemory();
          new Intake(settings, ofTrial, trial).take(post);
          return ofTrial.dropped;
        };
        return tryEvent(camlytics.samples(systemClock.now()), take, send);
      };
      running.set(this.id, { memory, last, sight: () => listener.sight(settings.path), test });
      return detach;
    };
    const stop = startNode(RED, start, (error) => {
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error));
    });
  }

  RED.nodes.registerType('camlytics-webhook-in', CamlyticsWebhookIn, { credentials: accessCredentials });

  offerReport(RED, 'camlytics-webhook-in', (id) => {
    const node = running.get(id);
    return node && toWebhookReport(node.memory, node.last, node.sight(), systemClock.now());
  });
  offerTest(RED, 'camlytics-webhook-in', (id) => running.get(id)?.test);
};

function toErrorMessage(...about: Parameters<typeof toErrorPayload>): NodeMessage {
  const [, post] = about;
  return { topic: topicOfErrors, payload: { ...toErrorPayload(...about), ...(post && { method: post.method }) } };
}
