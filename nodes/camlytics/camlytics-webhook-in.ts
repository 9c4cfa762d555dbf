/** Node `camlytics-webhook-in`: the webhooks of Camlytics, GET and POST, become messages. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import type { SecurityEventsError } from '../../src/errors';
import { topicOf } from '../../src/event';
import { hideSecrets } from '../../src/http/ledger';
import type { ListenerState } from '../../src/http/listener';
import type { Post, Receiver } from '../../src/http/receiver';
import { summarize } from '../../src/summary';
import { camlytics } from '../../src/vendors/camlytics';
import { Intake, IntakeMemory } from '../../src/vendors/camlytics/intake';
import { createVoice, offerReport, onClose, toSetupError, type Status } from '../adapter';
import { findListener } from '../listener/listener-node';
import { accessCredentials, readAccess, type AccessCredentials } from '../listener/settings';
import { toWebhookReport, type LastWords } from './report';
import { readWebhookSettings, type CamlyticsWebhookInDef } from './settings';

/** So much of a post that could not be read goes with its error. */
const excerptBytes = 2048;
/** An event has some hundred bytes. */
const largestBytes = 1024 * 1024;
const topicOfErrors = 'camlytics/error';

interface Running {
  readonly memory: IntakeMemory;
  readonly last: LastWords;
  readonly listening: () => string;
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
    let stop: ((removed: boolean) => void) | undefined;

    onClose(this, (removed) => {
      stop?.(removed);
      voice.close();
      running.delete(this.id);
      if (removed) memories.delete(this.id);
    });

    try {
      const settings = readWebhookSettings(def);
      const listener = findListener(RED, def.listener);
      const access = readAccess(def, this.credentials);
      const secrets = [access.header?.value, access.basic?.password].filter(
        (each) => each !== undefined && each !== '',
      );
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
        last.error = { time: new Date().toISOString(), message: error.message };
        voice.raise(
          error,
          toErrorMessage(
            error,
            post,
            secrets.filter((each) => each !== undefined),
          ),
        );
      };

      const intake = new Intake(settings, memory, {
        onEvent: (event) => {
          // told before it is sent: the flow may change what it is given
          lastSeen = summarize(event);
          last.event = { time: event.receivedAt, summary: lastSeen };
          this.send({ topic: topicOf(event), payload: event });
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
      stop = listener.attach({
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
      running.set(this.id, { memory, last, listening: () => listener.describe(settings.path) });
    } catch (thrown) {
      const error = toSetupError(thrown);
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error, undefined, []));
    }
  }

  RED.nodes.registerType('camlytics-webhook-in', CamlyticsWebhookIn, { credentials: accessCredentials });

  offerReport(RED, 'camlytics-webhook-in', (id) => {
    const node = running.get(id);
    return node && toWebhookReport(node.memory, node.last, node.listening(), systemClock.now());
  });
};

/** What a Catch node gets beside `msg.error`. The path and the query are not told: who knows them can knock. */
function toErrorMessage(error: SecurityEventsError, post: Post | undefined, secrets: readonly string[]): NodeMessage {
  const { code, message, retryable, place, address } = error;
  return {
    topic: topicOfErrors,
    payload: {
      code,
      message,
      retryable,
      place,
      address: post?.address ?? address,
      ...(post && {
        method: post.method,
        bytes: post.body.length,
        excerpt: hideSecrets(post.body.toString('utf8', 0, excerptBytes), secrets),
      }),
    },
  };
}
