/** Node `pdk-webhook-in`: the webhooks of PDK's cloud become messages, once they are known to be genuine. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { topicOf, type SecurityEvent } from '../../src/event';
import { hideSecrets } from '../../src/http/ledger';
import type { ListenerState } from '../../src/http/listener';
import type { Post, Receiver } from '../../src/http/receiver';
import { summarize } from '../../src/summary';
import { pdk } from '../../src/vendors/pdk';
import { Intake, IntakeMemory } from '../../src/vendors/pdk/intake';
import { largestBytes } from '../../src/vendors/pdk/receive';
import { createVoice, onClose, toSetupError, type Status } from '../adapter';
import { findListener } from '../listener/listener-node';
import { readAccess, type AccessCredentials } from '../listener/settings';
import { toCatalogue, toReport, type LastWords } from './report';
import { pdkCredentials, readSettings, type PdkWebhookInDef } from './settings';

/** So much of a genuine post that could not be read goes with its error. */
const excerptBytes = 2048;
const topicOfErrors = 'pdk/error';

interface Running {
  readonly memory: IntakeMemory;
  readonly last: LastWords;
  readonly listening: () => string;
}

type PdkCredentials = AccessCredentials & Record<'secret' | 'previousSecret', unknown>;

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; what came before stays known. */
  const memories = new Map<string, IntakeMemory>();
  const running = new Map<string, Running>();

  function PdkWebhookIn(this: Node<PdkCredentials>, def: PdkWebhookInDef): void {
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
      const settings = readSettings(def, this.credentials);
      const listener = findListener(RED, def.listener);
      let state: ListenerState = { is: 'opening' };
      let lastSeen: string | undefined;
      const say = (key: string, words = {}): string => RED._(`pdk-webhook-in.status.${key}`, words);

      const describe = (): Status => {
        if (state.is === 'failed') return { fill: 'red', shape: 'ring', text: state.error.message };
        if (state.is === 'opening') return { fill: 'grey', shape: 'ring', text: say('opening') };
        if (settings.isClosed) return { fill: 'red', shape: 'ring', text: say('closed') };
        const text = lastSeen ?? say('listening', { address: listener.describe(settings.path) });
        const shape = lastSeen === undefined ? 'ring' : 'dot';
        if (settings.acceptUnsigned) return { fill: 'yellow', shape, text: `${say('insecure')} · ${text}` };
        return { fill: 'green', shape, text };
      };
      const showStatus = (): void => voice.show(describe);
      const raise = (error: SecurityEventsError, post?: Post): void => {
        last.error = { time: new Date().toISOString(), message: error.message };
        // the text of a stranger is his own affair; the listener keeps it for people who look
        const isGenuine = post !== undefined && intake.answer(post).status !== 401;
        voice.raise(error, toErrorMessage(error, isGenuine ? post : undefined, settings.secrets));
      };

      const intake = new Intake(settings, memory, {
        onEvent: (event) => {
          // told before it is sent: the flow may change what it is given
          lastSeen = summarize(event);
          last.event = { time: event.receivedAt, summary: lastSeen };
          this.send(toMessage(event));
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
        access: readAccess(def, this.credentials),
        largestBytes,
        secrets: settings.secrets,
        onState: (next) => {
          state = next;
          showStatus();
        },
      });
      running.set(this.id, { memory, last, listening: () => listener.describe(settings.path) });
      stop = detach;
      if (settings.isClosed) {
        const message = 'secret: give the one of the subscription at PDK; until then every post is refused';
        raise(new SetupError('secret-missing', message, { place: 'secret' }));
      }
    } catch (thrown) {
      const error = toSetupError(thrown);
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error, undefined, []));
    }
  }

  RED.nodes.registerType('pdk-webhook-in', PdkWebhookIn, { credentials: pdkCredentials });

  const canRead = RED.auth.needsPermission('pdk-webhook-in.read');
  // at load, not in the constructor: the dialog of a node that was never deployed must get an answer too
  RED.httpAdmin.get('/security-events/pdk-webhook-in/:id/report', canRead, (request, response) => {
    const node = running.get(String(request.params.id));
    if (node === undefined) response.status(404).json({ error: 'not deployed' });
    else response.json(toReport(node.memory, node.last, node.listening(), Date.now()));
  });
  RED.httpAdmin.get('/security-events/pdk-webhook-in/topics', canRead, (_request, response) => {
    response.json(toCatalogue());
  });
};

function toMessage(event: SecurityEvent): NodeMessage {
  return { topic: topicOf(event), payload: event };
}

/** What a Catch node gets beside `msg.error`. The path is not told: who knows it can knock. */
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
        bytes: post.body.length,
        excerpt: hideSecrets(post.body.toString('utf8', 0, excerptBytes), secrets),
      }),
    },
  };
}
