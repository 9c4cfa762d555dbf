/** Node `camio-callback-in`: what Camio's cloud calls back with, and the calls of its hooks, become messages. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { topicOf, type SecurityEvent } from '../../src/event';
import type { ListenerState } from '../../src/http/listener';
import type { Post, Receiver } from '../../src/http/receiver';
import { summarize } from '../../src/summary';
import { camio } from '../../src/vendors/camio';
import { Intake, IntakeMemory, type Door } from '../../src/vendors/camio/intake';
import { largestCallbackBytes } from '../../src/vendors/camio/receive';
import { createVoice, offerReport, onClose, toErrorPayload, type LastWords, type Status } from '../adapter';
import { findListener, toLastError } from '../listener/listener-node';
import type { AccessCredentials } from '../listener/settings';
import { offerPreviews } from '../preview/preview';
import { startNode, type Stop } from '../start';
import { offerTest, tryEvent, type TestOutcome, type Trial } from '../test-event';
import { toReport } from './report';
import { camioCredentials, readSettings, type CamioCallbackInDef } from './settings';

const topicOfErrors = 'camio/error';

type CamioCredentials = AccessCredentials & Record<'hookKey', unknown>;

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; what came before stays known, and so do the faults that go on. */
  const memories = new Map<string, IntakeMemory>();
  const reports = new Map<string, () => object>();
  const previews = offerPreviews(RED, 'camio-callback-in');
  const tests = new Map<string, () => TestOutcome>();

  function CamioCallbackIn(this: Node<CamioCredentials>, def: CamioCallbackInDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const memory = memories.get(this.id) ?? new IntakeMemory();
    memories.set(this.id, memory);
    const last: LastWords = {};
    const preview = previews.open(this, def);

    onClose(this, (removed) => {
      stopAll(removed);
      voice.close();
      preview.close(removed);
      reports.delete(this.id);
      tests.delete(this.id);
      if (removed) memories.delete(this.id);
    });

    const start = (): Stop => {
      const listener = findListener(RED, def.listener);
      const settings = readSettings(def, this.credentials, (own) => listener.refine(own));
      const { path, hookPath, access, secrets } = settings;
      const stops: Stop[] = [];
      const states = new Map<Door, ListenerState>();
      let lastSeen: string | undefined;
      const say = (key: string, words = {}): string => RED._(`camio-callback-in.status.${key}`, words);

      const describe = (): Status => {
        const all = [...states.values()];
        const failed = all.find((state) => state.is === 'failed');
        if (failed !== undefined) return { fill: 'red', shape: 'ring', text: failed.error.message };
        if (all.some(({ is }) => is === 'opening')) return { fill: 'grey', shape: 'ring', text: say('opening') };
        if (settings.isClosed && hookPath === undefined) return { fill: 'red', shape: 'ring', text: say('closed') };
        const said = lastSeen ?? say('listening', { address: listener.describe(path) });
        const shape = lastSeen === undefined ? 'ring' : 'dot';
        if (settings.isClosed) return { fill: 'yellow', shape, text: `${say('hooks-only')} · ${said}` };
        if (settings.isInsecure) return { fill: 'yellow', shape, text: `${say('insecure')} · ${said}` };
        const faults = memory.incidents.open.length;
        if (faults > 0) return { fill: 'yellow', shape: 'dot', text: `${say('faults', { number: faults })} · ${said}` };
        return { fill: 'green', shape, text: said };
      };
      const showStatus = (): void => voice.show(describe);
      const raise = (error: SecurityEventsError, post?: Post): void => {
        last.error = toLastError(error, listener);
        // the text of a stranger is his own affair; the listener keeps it for people who look
        const isGenuine = error.code !== 'secret-missing';
        voice.raise(
          error,
          toErrorMessage(error, isGenuine ? post : undefined, (bytes) => listener.excerpt(bytes)),
        );
      };

      const send = (event: SecurityEvent): void =>
        this.send({ topic: topicOf(event), payload: preview.look(event, settings.pictures) });
      const wanted = { ...settings, pictures: preview.reads(settings.pictures) };
      const intake = new Intake(wanted, memory, systemClock, {
        onEvent: (event) => {
          // told before it is sent: the flow may change what it is given
          lastSeen = summarize(event);
          last.event = { time: event.receivedAt, summary: lastSeen };
          send(event);
          showStatus();
        },
        onEmpty: () => {
          lastSeen = say('empty');
          last.event = { time: new Date().toISOString(), summary: lastSeen };
          showStatus();
        },
        onError: raise,
      });
      stops.push(() => intake.close());

      const receive = (door: Door): Receiver => ({
        vendor: camio.name,
        methods: camio.methods,
        answer: (post) => intake.answer(post, door),
        deliver: (post) => intake.take(post, door),
        refused: (error) => {
          memory.refused[error.code] = (memory.refused[error.code] ?? 0) + 1;
          raise(error);
        },
      });
      // attaching tells the state at once, so all that it shows must stand before
      const onState = (door: Door) => (next: ListenerState) => {
        states.set(door, next);
        showStatus();
      };
      stops.push(
        listener.attach({
          node: this,
          path,
          receiver: receive('callback'),
          access,
          largestBytes: largestCallbackBytes,
          secrets: () => secrets,
          onState: onState('callback'),
        }),
      );
      if (hookPath !== undefined) {
        stops.push(
          listener.attach({
            node: this,
            path: hookPath,
            receiver: receive('hook'),
            access: { networks: access.networks, proxies: [] },
            isPathSecret: true,
            secrets: () => secrets,
            onState: onState('hook'),
          }),
        );
      }
      const take = (post: Post, trial: Trial): Readonly<Record<string, number>> => {
        const ofTrial = new IntakeMemory();
        const trialIntake = new Intake(wanted, ofTrial, systemClock, { ...trial, onEmpty: () => undefined });
        trialIntake.take(post, 'callback');
        trialIntake.close();
        return ofTrial.dropped;
      };
      tests.set(this.id, () => tryEvent(camio.samples(systemClock.now()), take, send));
      reports.set(this.id, () => toReport(memory, last, listener.sight(path), Date.now()));
      if (settings.isClosed && hookPath === undefined) {
        const message =
          'secret header: give the name and value that are set at Camio; until then everything is refused';
        raise(new SetupError('secret-missing', message, { place: 'secret header' }));
      }
      return (removed) => {
        for (const stop of stops) stop(removed);
      };
    };
    const stopAll = startNode(RED, start, (error) => {
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error));
    });
  }

  RED.nodes.registerType('camio-callback-in', CamioCallbackIn, { credentials: camioCredentials });

  offerReport(RED, 'camio-callback-in', (id) => reports.get(id)?.());
  offerTest(RED, 'camio-callback-in', (id) => tests.get(id));
};

function toErrorMessage(...about: Parameters<typeof toErrorPayload>): NodeMessage {
  return { topic: topicOfErrors, payload: toErrorPayload(...about) };
}
