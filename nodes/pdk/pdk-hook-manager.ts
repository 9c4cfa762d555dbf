/** Node `pdk-hook-manager`: subscriptions at PDK, made, kept and looked after from a flow. */
import { setMaxListeners } from 'node:events';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock, type Timer } from '../../src/clock';
import { SetupError, toError, type SecurityEventsError } from '../../src/errors';
import { backoffMs } from '../../src/http/retry';
import * as operations from '../../src/vendors/pdk/cloud/operations';
import { Watch, type Change } from '../../src/vendors/pdk/cloud/watch';
import { createVoice, isDisabled, offerReport, onClose, toSetupError, type Status } from '../adapter';
import { restartOf, type RestartWatcher } from '../restart';
import { openSafe } from '../safe';
import { findAccount } from './account-node';
import { readAsked, readOperation, type Asked } from './hook-message';
import { hookCredentials, readHookSettings, type OperationName, type PdkHookManagerDef } from './hook-settings';
import { HookMemory, isKept, toDesk, toErrorPayload, toKept, work, type Answer, type Workplace } from './hook-work';
import { findWebhookIn } from './webhook-node';

const topicOf = (operation: string): string => `pdk/hooks/${operation}`;
const topicOfErrors = 'pdk/error';
/** When ensure at a Deploy fails and trying again can help. */
const againAfterMs = 5000;
const againAtMostMs = 300_000;

/** For the dialog. */
interface Words {
  answer?: { readonly time: string; readonly operation: string; readonly summary: string };
  error?: { readonly time: string; readonly message: string };
}

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; what it knows of its subscriptions stays. */
  const memories = new Map<string, HookMemory>();
  const reports = new Map<string, () => object>();
  const restart = restartOf(RED);

  function PdkHookManager(this: Node<Record<keyof typeof hookCredentials, unknown>>, def: PdkHookManagerDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const clock = systemClock;
    const safe = openSafe(RED, `pdk-hook-manager ${this.id}`, isKept);
    const memory = memories.get(this.id) ?? remember();
    memories.set(this.id, memory);
    const closing = new AbortController();
    // one for each message that waits for its turn; Node.js would call more than ten a leak
    setMaxListeners(0, closing.signal);
    const last: Words = {};
    let shown: Status = { fill: 'grey', shape: 'ring', text: RED._('pdk-hook-manager.status.ready') };
    let underWay = 0;
    let watch: Watch | undefined;
    /** Undefined: as the dialog says. */
    let watched: string | undefined;
    let timer: Timer | undefined;

    const say = (key: string, words = {}): string => RED._(`pdk-hook-manager.status.${key}`, words);
    const show = (): void =>
      voice.show(() => (underWay > 0 ? { fill: 'blue', shape: 'ring', text: say('asking') } : shown));
    const now = (): string => new Date(clock.now()).toISOString();
    const showAnswer = (operation: string, summary: string): void => {
      last.answer = { time: now(), operation, summary };
      delete last.error;
      shown = { fill: 'green', shape: 'dot', text: summary };
    };
    const showError = (error: Error): void => {
      last.error = { time: now(), message: error.message };
      shown = { fill: 'red', shape: 'ring', text: error.message };
    };

    onClose(this, async (removed) => {
      closing.abort(new SetupError('node-closed', 'the node was closed before PDK had answered', { retryable: true }));
      restart.leave(watcher);
      watch?.close();
      timer?.cancel();
      voice.close();
      reports.delete(this.id);
      if (!removed || isDisabled(RED, this.id)) return;
      memories.delete(this.id);
      await safe.forget();
    });
    reports.set(this.id, () => ({
      now: now(),
      ids: [memory.slots.panel.id, memory.slots.organization.id].filter(Boolean),
      lastAnswer: last.answer,
      lastError: last.error,
    }));

    const keep = async (): Promise<void> => {
      const kept = toKept(memory);
      const words = JSON.stringify(kept);
      // of a node that was deleted nothing is kept
      if (words === memory.kept || memories.get(this.id) !== memory) return;
      try {
        await safe.write(kept);
        memory.kept = words;
      } catch (thrown) {
        const message = `what the node knows of its subscriptions could not be kept: ${toError(thrown).message}`;
        throw new SetupError('not-kept', message, { cause: thrown, retryable: true });
      }
    };

    let place: Workplace | undefined;
    let settingsError: SecurityEventsError | undefined;
    try {
      const settings = readHookSettings(def, this.credentials);
      place = {
        settings,
        memory,
        clock,
        signal: closing.signal,
        account: () => findAccount(RED, settings.account),
        webhook: () => (settings.webhook === '' ? undefined : findWebhookIn(RED, settings.webhook)),
        // of those that run: one that is disabled or gone looks after nothing
        isOthers: (id) =>
          [...memories].some(
            ([of, { slots }]) =>
              of !== this.id && [slots.panel.id, slots.organization.id].includes(id) && Boolean(RED.nodes.getNode(of)),
          ),
        keep,
      };
    } catch (thrown) {
      settingsError = toSetupError(thrown);
      showError(settingsError);
      voice.raise(settingsError, toErrorMessage(settingsError, {}));
    }

    /** Does it, keeps what is to be kept, shows what came of it. */
    const carryOut = async (operation: Exclude<OperationName, 'watch'>, asked: Asked): Promise<Answer> => {
      if (place === undefined) throw settingsError ?? new Error('the node has no settings');
      underWay += 1;
      show();
      try {
        const answer = await work(operation, asked, place);
        showAnswer(operation, summarize(answer, say));
        return answer;
      } catch (thrown) {
        const error = toSetupError(thrown);
        showError(error);
        throw error;
      } finally {
        underWay -= 1;
        // what was done is done, whether it can be written down or not
        await keep().catch((thrown: unknown) => {
          const error = toSetupError(thrown);
          voice.raise(error, toErrorMessage(error, {}));
        });
        show();
      }
    };

    const startWatch = (id: string | undefined): Watch => {
      const { settings } = place ?? {};
      const wanted = id ?? settings?.id ?? '';
      watched = id;
      let told = '';
      return new Watch(clock, settings?.watchMs ?? 0, {
        look: async () => {
          if (place === undefined) throw settingsError ?? new Error('the node has no settings');
          const all = await operations.list(toDesk({}, place));
          return wanted === '' ? all : all.filter((each) => each.id === wanted);
        },
        onLook: (all, changes) => {
          told = '';
          const active = all.filter((each) => each.active !== false).length;
          showAnswer('watch', say('watching', { active, number: all.length }));
          show();
          for (const change of changes) this.send(toChangeMessage(change));
        },
        onError: (thrown) => {
          const error = toSetupError(thrown);
          showError(error);
          show();
          // it will be tried again, and the same trouble is told once
          if (error.message !== told) voice.raise(error, toErrorMessage(error, {}));
          told = error.message;
        },
      });
    };

    let attempt = 0;
    let told = '';
    let isEnsuring = false;
    let isAskedAgain = false;
    /** Until PDK and the flow agree, or nothing but a person can help. */
    const ensureNow = async (): Promise<void> => {
      timer?.cancel();
      if (closing.signal.aborted) return;
      // what is under way may have read the webhook node before it was deployed anew
      isAskedAgain = isEnsuring;
      if (isEnsuring) return;
      isEnsuring = true;
      try {
        const answer = await carryOut('ensure', {});
        attempt = 0;
        told = '';
        if (!closing.signal.aborted) this.send({ topic: topicOf('ensure'), payload: answer });
      } catch (thrown) {
        const error = toSetupError(thrown);
        if (closing.signal.aborted) return;
        if (error.message !== told) voice.raise(error, toErrorMessage(error, {}));
        told = error.message;
        if (!error.retryable) return;
        const delayMs = backoffMs(attempt, againAfterMs, againAtMostMs, Math.random);
        attempt += 1;
        timer = clock.after(delayMs, () => void ensureNow());
      } finally {
        isEnsuring = false;
        if (isAskedAgain) void ensureNow();
      }
    };
    const watcher: RestartWatcher = {
      begin: () => undefined,
      // the webhook node may have other topics now, or another path
      end: () => {
        if (place?.settings.ensureOnDeploy) void ensureNow();
        if (place?.settings.operation === 'watch' && watch === undefined) {
          watch = startWatch(undefined);
          void watch.look();
        }
      },
    };
    restart.watch(watcher);
    show();

    this.on('input', (message: NodeMessage & { operation?: unknown }, send, done) => {
      const answer = async (): Promise<void> => {
        try {
          if (place === undefined) throw settingsError ?? new Error('the node has no settings');
          const { operation: chosen } = place.settings;
          const operation = chosen === 'msg' ? readOperation(message.operation) : chosen;
          const asked = readAsked(message.payload);
          if (operation === 'watch') {
            const wanted = asked.id ?? watched;
            if (watch === undefined || wanted !== watched) {
              watch?.close();
              watch = startWatch(wanted);
            }
            await watch.look();
          } else {
            const payload = await carryOut(operation, asked);
            send({ ...message, topic: topicOf(operation), payload });
          }
          done();
        } catch (thrown) {
          const error = toSetupError(thrown);
          showError(error);
          show();
          // what came in may hold secrets, and goes to the Catch nodes
          Object.assign(message, toErrorMessage(error, message));
          done(error);
        }
      };
      void answer();
    });

    function remember(): HookMemory {
      const made = new HookMemory();
      const kept = safe.read();
      if (kept !== undefined) made.remember(kept);
      made.kept = JSON.stringify(toKept(made));
      return made;
    }
  }

  RED.nodes.registerType('pdk-hook-manager', PdkHookManager, { credentials: hookCredentials });
  offerReport(RED, 'pdk-hook-manager', (id) => reports.get(id)?.());
};

function toErrorMessage(error: SecurityEventsError, message: object): NodeMessage {
  return { ...message, topic: topicOfErrors, payload: toErrorPayload(error) };
}

function toChangeMessage(change: Change): NodeMessage {
  return { topic: topicOf('watch'), payload: { operation: 'watch', ...change } };
}

/** "created", "unchanged · updated", "3 subscriptions". */
function summarize(answer: Answer, say: (key: string, words?: object) => string): string {
  const { operation, subscriptions } = answer;
  if (operation === 'delete') return say(answer.wasThere === true ? 'deleted' : 'gone');
  if (operation === 'rotate') return say('rotated');
  if (operation === 'update') return say('updated');
  const all: readonly { readonly outcome?: string }[] = Array.isArray(subscriptions) ? subscriptions : [];
  const outcomes = [...new Set(all.flatMap(({ outcome }) => (outcome === undefined ? [] : [say(outcome)])))];
  if (outcomes.length > 0) return outcomes.join(' · ');
  return say('found', { number: all.length });
}
