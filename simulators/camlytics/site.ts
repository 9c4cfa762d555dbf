/** A Camlytics that lives by itself: people come and go, cars pass, a camera is covered; polled, and calling webhooks too. */
import { request } from 'node:http';
import { systemClock, type Clock } from '../clock';
import { createRandom } from '../random';
import { dock, lobby, type NewEvent, type StoredEvent } from './database';
import { CamlyticsServer, type ServerFault } from './server';

export interface CamlyticsSiteOptions {
  /** Of its REST API; 0: any. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly seed?: number;
  readonly fault?: ServerFault | undefined;
  /** Address of a webhook, which is called by GET for every event: `http://127.0.0.1:5050/camlytics/x`. */
  readonly webhook?: string | undefined;
  readonly onEvent?: (event: StoredEvent) => void;
  /** Told of every call of the webhook when it is over. */
  readonly onCall?: (call: WebhookCall) => void;
}

export interface WebhookCall {
  readonly query: string;
  /** 0 when there was no answer. */
  readonly status: number;
}

export interface CamlyticsSite {
  readonly server: CamlyticsServer;
  /** May be called twice. */
  close(): Promise<void>;
}

const person = { origin: 'Pedestrian', channel: lobby } as const;

/** Within 5 s everything has come once. */
export async function startCamlyticsSite(options: CamlyticsSiteOptions = {}): Promise<CamlyticsSite> {
  const clock = options.clock ?? systemClock;
  const random = createRandom(options.seed ?? 1);
  const server = await CamlyticsServer.open({ port: options.port ?? 0, clock });
  server.nextFault = () => (random.next() < 0.3 ? options.fault : undefined);
  server.database.offsetMinutes = -new Date(clock.now()).getTimezoneOffset();
  const ended = new AbortController();
  let objects = 0;
  let inside = 0;

  const tell = (event: NewEvent): void => {
    const stored = server.database.add(event);
    options.onEvent?.(stored);
    if (options.webhook !== undefined) callWebhook(options.webhook, stored, server, options.onCall);
  };
  const pass = async (): Promise<void> => {
    const objectId = String((objects += 1));
    const isIn = inside === 0 || (inside < 5 && random.next() < 0.5);
    inside += isIn ? 1 : -1;
    tell({ ...person, type: 'ObjectAppear', objectId });
    await clock.sleep(600, ended.signal);
    tell({ ...person, type: 'TripwireCrossed', objectId, ruleName: isIn ? 'Enter' : 'Exit' });
    await clock.sleep(900, ended.signal);
    tell({ ...person, type: 'ObjectDisappear', objectId });
  };
  const drive = async (): Promise<void> => {
    const objectId = String((objects += 1));
    tell({ type: 'MotionInRegionOn', origin: 'Vehicle', channel: dock, objectId, ruleName: 'Motion detection' });
    await clock.sleep(4000, ended.signal);
    tell({ type: 'MotionInRegionOff', channel: dock, ruleName: 'Motion detection' });
  };
  const cover = async (): Promise<void> => tell({ type: 'Sabotage', channel: dock });
  const linger = async (): Promise<void> => {
    tell({ ...person, type: 'Loitering', objectId: String(objects), ruleName: 'Bench' });
  };
  const lives = [
    [500, 4000, pass],
    [1500, 15_000, drive],
    [2500, 40_000, cover],
    [3500, 20_000, linger],
  ] as const;
  const running = Promise.all(
    lives.map(async ([firstMs, everyMs, act]) => {
      try {
        await clock.sleep(firstMs, ended.signal);
        for (;;) {
          await act();
          await clock.sleep(everyMs, ended.signal);
        }
      } catch (cause) {
        if (!ended.signal.aborted) throw cause;
      }
    }),
  );
  return {
    server,
    async close() {
      ended.abort(new Error('The site was closed.'));
      await running;
      await server.close();
    },
  };
}

/** As the desktop application does: the parameters are appended, and nobody waits for the answer. */
export function callWebhook(
  address: string,
  event: StoredEvent,
  server: CamlyticsServer,
  onCall: (call: WebhookCall) => void = () => undefined,
): void {
  const channel = server.database.channels.find(({ channel_id }) => channel_id === event.channel);
  const parameters = new URLSearchParams({
    'event-type': event.type,
    'event-objectId': event.objectId,
    'event-ruleId': event.ruleId,
    'event-origin': event.origin,
    'event-channelId': event.channel,
    'event-channelName': channel?.name ?? '',
    'event-time': event.time,
    'event-ruleName': event.ruleName,
  });
  const query = parameters.toString();
  const call = request(`${address}${address.includes('?') ? '&' : '?'}${query}`, (answer) => {
    answer.resume();
    onCall({ query, status: answer.statusCode ?? 0 });
  });
  call.on('error', () => onCall({ query, status: 0 }));
  call.end();
}
