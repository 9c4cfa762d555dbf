/** Node `camlytics-poll`: the events of a Camlytics become messages; it is polled so that none is lost and none repeated. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import { SecurityEventsError, SetupError, toError } from '../../src/errors';
import { topicOf, type SecurityEvent } from '../../src/event';
import { summarize } from '../../src/summary';
import { explain } from '../../src/vendors/camlytics/client';
import { Cursor, readState } from '../../src/vendors/camlytics/cursor';
import { Polled, PolledMemory } from '../../src/vendors/camlytics/polled';
import { Poller, type PollState } from '../../src/vendors/camlytics/poller';
import { createVoice, offerReport, onClose, toSetupError, type LastWords, type Status } from '../adapter';
import { createAsker, type Asker } from './asker';
import { Keeper } from './keeper';
import { toPollReport } from './report';
import { findServer } from './server-node';
import { readPollSettings, type CamlyticsPollDef } from './settings';

const topicOfErrors = 'camlytics/error';

/** What outlives a Deploy: the counts, and the place, which not every context store keeps in time. */
interface Memory {
  readonly polled: PolledMemory;
  cursor: Cursor | undefined;
}

export = (RED: NodeAPI): void => {
  /** By node id. */
  const memories = new Map<string, Memory>();
  const reports = new Map<string, () => object>();

  function CamlyticsPoll(this: Node, def: CamlyticsPollDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const memory = memories.get(this.id) ?? { polled: new PolledMemory(), cursor: undefined };
    memories.set(this.id, memory);
    const last: LastWords = {};
    let stop: () => Promise<void> = async () => undefined;

    onClose(this, async (removed) => {
      await stop();
      voice.close();
      reports.delete(this.id);
      if (removed) memories.delete(this.id);
    });

    const raise = (error: Error, message?: NodeMessage): void => {
      memory.polled.errors += 1;
      last.error = { time: new Date().toISOString(), message: error.message };
      voice.raise(error, message ?? toErrorMessage(error));
    };

    try {
      const { poll, polled: wanted, store } = readPollSettings(def);
      const { client, names, timeZone } = findServer(RED, def.server);
      const { host, port } = client.address;
      const ended = new AbortController();
      const say = (key: string, words = {}): string => RED._(`camlytics-poll.status.${key}`, words);
      let state: PollState = { is: 'starting' };
      let lastSeen: string | undefined;

      const describe = (): Status => {
        if (state.is === 'failing') return { fill: 'red', shape: 'ring', text: describeFailure(state.error, say) };
        if (state.is === 'paused') return { fill: 'grey', shape: 'ring', text: say('paused') };
        if (state.is === 'starting') return { fill: 'grey', shape: 'ring', text: say('connecting') };
        if (state.is === 'catching-up') {
          return { fill: 'blue', shape: 'dot', text: say('catching-up', { number: memory.polled.events }) };
        }
        if (lastSeen !== undefined) return { fill: 'green', shape: 'dot', text: lastSeen };
        return { fill: 'green', shape: 'ring', text: say('connected', { server: `${host}:${port}` }) };
      };
      const showStatus = (): void => voice.show(describe);

      const send = (event: SecurityEvent, extra: object = {}): void => {
        // told before it is sent: the flow may change what it is given
        lastSeen = summarize(event);
        last.event = { time: event.receivedAt, summary: lastSeen };
        this.send([{ topic: topicOf(event), payload: event, ...extra }, null]);
      };
      const device = { id: `${host}:${port}`, name: 'Camlytics' };
      const polled = new Polled({ ...wanted, timeZone }, memory.polled, names, device, systemClock.now(), {
        onEvent: (event) => {
          send(event);
          showStatus();
        },
        onOffTime: (minutes) => {
          const message = `the times of Camlytics are ${minutes} minutes off: check the time zone in the server node, and the clock of its PC`;
          raise(new SetupError('time-zone', message, { place: 'time zone' }));
        },
      });

      const keeper = new Keeper(this, store, (error) => {
        const message = `the place in the events could not be kept in the context store: ${error.message}`;
        raise(new SetupError('context-store', message, { cause: error, place: 'context store', retryable: true }));
      });
      const scope = `${def.server} ${poll.channelId ?? ''}`;

      let isReady: (ask: Asker) => void = () => undefined;
      const ready = new Promise<Asker>((resolve) => (isReady = resolve));
      this.on('input', (message, _send, done) => {
        const reply = async (): Promise<void> => {
          try {
            const ask = await ready;
            const { topic, payload } = await ask(message.payload);
            this.send([null, Object.assign(message, { topic, payload })]);
            done();
          } catch (thrown) {
            done(thrown instanceof SecurityEventsError ? explain(thrown, client.url) : toError(thrown));
          }
        };
        void reply();
      });

      const begin = (saved: unknown): void => {
        if (ended.signal.aborted) return;
        // what is in memory went through a Deploy, and is as new as can be
        const stored = poll.start === 'new' ? undefined : readState(saved, scope);
        const isKnown = memory.cursor?.scope === scope && memory.cursor.id !== undefined;
        const cursor = isKnown && memory.cursor !== undefined ? memory.cursor : new Cursor(scope, stored);
        memory.cursor = cursor;
        const poller = new Poller(
          client,
          poll,
          cursor,
          {
            onEvents: (messages, batch) => polled.take(messages, batch, ended.signal),
            onCaughtUp: () => polled.catchUp(systemClock.now()),
            onMoved: () => keeper.save(cursor.state),
            onState: (next) => {
              state = next;
              polled.watch(next, systemClock.now());
              showStatus();
            },
            onFinding: (finding) => polled.find(finding, systemClock.now()),
            onError: (error) => raise(explain(error, client.url)),
          },
          systemClock,
        );
        isReady(createAsker({ poller, client, names, polled, timeZone, send }));
        stop = async () => {
          ended.abort();
          await poller.close();
          await keeper.close();
        };
        reports.set(this.id, () =>
          toPollReport(
            memory.polled,
            last,
            { server: client.url, state: state.is, cursor: cursor.id, store },
            names,
            systemClock.now(),
          ),
        );
        poller.start();
      };
      stop = async () => ended.abort();
      showStatus();
      keeper.load().then(begin, (thrown: unknown) => {
        const message = `the place in the events could not be read from the context store: ${toError(thrown).message}`;
        raise(new SetupError('context-store', message, { cause: thrown, place: 'context store' }));
        begin(undefined);
      });
    } catch (thrown) {
      const error = toSetupError(thrown);
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      raise(error);
      this.on('input', (_message, _send, done) => done(error));
    }
  }

  RED.nodes.registerType('camlytics-poll', CamlyticsPoll);
  offerReport(RED, 'camlytics-poll', (id) => reports.get(id)?.());
};

function describeFailure(error: SecurityEventsError, say: (key: string) => string): string {
  const known: Readonly<Record<string, string>> = {
    'server-unreachable': 'unreachable',
    'server-timeout': 'timeout',
    'connection-lost': 'lost',
    'no-api': 'no-api',
  };
  const key = known[error.code];
  return key === undefined ? error.message : say(key);
}

/** What a Catch node gets beside `msg.error`. */
function toErrorMessage(error: Error): NodeMessage {
  const { message } = error;
  if (!(error instanceof SecurityEventsError)) return { topic: topicOfErrors, payload: { message } };
  const { code, retryable, place } = error;
  return { topic: topicOfErrors, payload: { code, message, retryable, place } };
}
