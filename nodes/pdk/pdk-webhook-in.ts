/** Node `pdk-webhook-in`: the webhooks of PDK's cloud become messages, once they are known to be genuine. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { topicOf, type SecurityEvent } from '../../src/event';
import type { ListenerState } from '../../src/http/listener';
import type { Post, Receiver } from '../../src/http/receiver';
import { summarize } from '../../src/summary';
import { pdk } from '../../src/vendors/pdk';
import { Intake, IntakeMemory } from '../../src/vendors/pdk/intake';
import { largestBytes } from '../../src/vendors/pdk/receive';
import { signed } from '../../src/vendors/pdk/sample';
import { isTree } from '../../src/wire/read';
import { createVoice, isDisabled, offerReport, onClose, toErrorPayload, type LastWords, type Status } from '../adapter';
import { findListener, toLastError, type Sight } from '../listener/listener-node';
import { readAccess, type AccessCredentials } from '../listener/settings';
import { openSafe } from '../safe';
import { startNode, type Stop } from '../start';
import { offerTest, tryEvent, type TestOutcome, type Trial } from '../test-event';
import { isRenewal, Keys } from './keys';
import { toCatalogue, toReport } from './report';
import { pdkCredentials, readSettings, type PdkWebhookInDef } from './settings';
import type { WebhookIn, WebhookInNode } from './webhook-node';

const topicOfErrors = 'pdk/error';
/** PDK's schedule of repetitions is not published; those signed with the old secret pass for so long (reference 7.5). */
const standardGraceMs = 24 * 3600 * 1000;

interface Running {
  readonly memory: IntakeMemory;
  readonly last: LastWords;
  readonly sight: () => Sight;
  readonly test: () => TestOutcome;
}

type PdkCredentials = AccessCredentials & Record<'secret' | 'previousSecret', unknown>;

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; what came before stays known. */
  const memories = new Map<string, IntakeMemory>();
  const running = new Map<string, Running>();
  /** By node id: the secrets that count now, whichever node was asked to renew them. */
  const believed = new Map<string, { readonly keys: Keys; readonly note: () => void }>();

  function PdkWebhookIn(
    this: Node<PdkCredentials> & { webhook?: WebhookIn } & WebhookInNode,
    def: PdkWebhookInDef,
  ): void {
    RED.nodes.createNode(this, def);
    const safe = openSafe(RED, `pdk-webhook-in ${this.id}`, isRenewal);
    const voice = createVoice(RED, this);
    const memory = memories.get(this.id) ?? new IntakeMemory();
    memories.set(this.id, memory);
    const last: LastWords = {};

    onClose(this, async (removed) => {
      stop(removed);
      voice.close();
      running.delete(this.id);
      if (!removed || isDisabled(RED, this.id)) return;
      memories.delete(this.id);
      believed.delete(this.id);
      await safe.forget();
    });

    const start = (): Stop => {
      const settings = readSettings(def, this.credentials);
      const keys = new Keys(settings.trust, safe, systemClock);
      /** Puts renewed secrets into the dialog, and with the next Deploy into the file of credentials. */
      const noteKeys = (): void => {
        const stored: unknown = RED.nodes.getCredentials(this.id);
        const fields = isTree(stored) ? stored : {};
        // an environment variable stays what a person has made the secret
        if (typeof fields.secret === 'string' && fields.secret.includes('${')) return;
        const { secret, previousSecret } = keys;
        void RED.nodes.addCredentials(this.id, { ...fields, secret, previousSecret });
      };
      if (keys.areRenewed) noteKeys();
      const listener = findListener(RED, def.listener);
      const access = readAccess(def, this.credentials);
      let state: ListenerState = { is: 'opening' };
      let lastSeen: string | undefined;
      const say = (key: string, words = {}): string => RED._(`pdk-webhook-in.status.${key}`, words);

      const describe = (): Status => {
        if (state.is === 'failed') return { fill: 'red', shape: 'ring', text: state.error.message };
        if (state.is === 'opening') return { fill: 'grey', shape: 'ring', text: say('opening') };
        if (keys.isClosed) return { fill: 'red', shape: 'ring', text: say('closed') };
        const text = lastSeen ?? say('listening', { address: listener.describe(settings.path) });
        const shape = lastSeen === undefined ? 'ring' : 'dot';
        if (keys.acceptUnsigned) return { fill: 'yellow', shape, text: `${say('insecure')} · ${text}` };
        return { fill: 'green', shape, text };
      };
      const showStatus = (): void => voice.show(describe);
      const raise = (error: SecurityEventsError, post?: Post): void => {
        last.error = toLastError(error, listener);
        // the text of a stranger is his own affair; the listener keeps it for people who look
        const isGenuine = post !== undefined && intake.answer(post).status !== 401;
        voice.raise(
          error,
          toErrorMessage(error, isGenuine ? post : undefined, (bytes) => listener.excerpt(bytes)),
        );
      };

      const send = (event: SecurityEvent): void => this.send(toMessage(event));
      const intake = new Intake({ ...settings, trust: keys }, memory, {
        onEvent: (event) => {
          // told before it is sent: the flow may change what it is given
          lastSeen = summarize(event);
          last.event = { time: event.receivedAt, summary: lastSeen };
          send(event);
          showStatus();
        },
        onDrop: () => undefined,
        onError: raise,
      });

      const receiver: Receiver = {
        vendor: pdk.name,
        methods: pdk.methods,
        answer: (post) => intake.answer(post),
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
        secrets: () => keys.all,
        onState: (next) => {
          state = next;
          showStatus();
        },
      });
      const test = (): TestOutcome => {
        const take = (post: Post, trial: Trial): Readonly<Record<string, number>> => {
          const ofTrial = new IntakeMemory();
          const handlers = { ...trial, onDrop: () => undefined };
          new Intake({ ...settings, trust: keys }, ofTrial, handlers).take(signed(post, keys.secret));
          return ofTrial.dropped;
        };
        return tryEvent(pdk.samples(systemClock.now()), take, send);
      };
      running.set(this.id, { memory, last, sight: () => listener.sight(settings.path), test });
      const note = (): void => {
        noteKeys();
        showStatus();
      };
      believed.set(this.id, { keys, note });
      this.webhook = {
        get isListening() {
          return state.is === 'listening';
        },
        get urlPath() {
          return listener.urlPath(settings.path);
        },
        get publicUrl() {
          return listener.publicUrl();
        },
        topics: settings.topics,
        get secrets() {
          return { current: keys.secret, previous: keys.previousSecret };
        },
        acceptsUnsigned: keys.acceptUnsigned,
        access: listener.refine(access),
        renewSecret: async (next, graceMs = standardGraceMs) => {
          const undo = await keys.renew(next, graceMs);
          note();
          return async () => {
            const living = believed.get(this.id);
            await undo(living?.keys);
            living?.note();
          };
        },
        endPrevious: (graceMs) => keys.endPrevious(graceMs),
      };
      if (keys.isClosed) {
        const message = 'secret: give the one of the subscription at PDK; until then every post is refused';
        raise(new SetupError('secret-missing', message, { place: 'secret' }));
      }
      return detach;
    };
    const stop = startNode(RED, start, (error) => {
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error));
    });
  }

  RED.nodes.registerType('pdk-webhook-in', PdkWebhookIn, { credentials: pdkCredentials });

  offerReport(RED, 'pdk-webhook-in', (id) => {
    const node = running.get(id);
    return node && toReport(node.memory, node.last, node.sight(), Date.now());
  });
  offerTest(RED, 'pdk-webhook-in', (id) => running.get(id)?.test);
  const canRead = RED.auth.needsPermission('pdk-webhook-in.read');
  RED.httpAdmin.get('/security-events/pdk-webhook-in/topics', canRead, (_request, response) => {
    response.json(toCatalogue());
  });
};

function toMessage(event: SecurityEvent): NodeMessage {
  return { topic: topicOf(event), payload: event };
}

function toErrorMessage(...about: Parameters<typeof toErrorPayload>): NodeMessage {
  return { topic: topicOfErrors, payload: toErrorPayload(...about) };
}
