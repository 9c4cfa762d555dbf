/** A Camlytics with its REST API, on a port of this computer. What the reference leaves open is a switch; so are faults. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock, type Clock } from '../clock';
import { createRandom, type Random } from '../random';
import { Database, type StoredEvent } from './database';

/** What nobody has published. */
export interface Behaviour {
  /** Whether a request that nothing matches is held. */
  readonly waits: boolean;
  /** `refused`: an older version that answers 400. */
  readonly sinceId: 'exclusive' | 'inclusive' | 'ignored' | 'refused';
  /** Of a long poll that ends with news: the one event, or all that there are. */
  readonly answers: 'all' | 'one';
  readonly ids: 'number' | 'string';
  readonly channelNames: boolean;
  /** Newer versions have it. */
  readonly recordingPath: boolean;
  readonly mostEvents: number;
  /** What a page in ascending order holds where there is more: the oldest, or the newest of it. */
  readonly gives: 'oldest' | 'newest';
}

export const standardBehaviour: Behaviour = {
  waits: true,
  sinceId: 'exclusive',
  answers: 'all',
  ids: 'number',
  channelNames: false,
  recordingPath: true,
  mostEvents: 10_000,
  gives: 'oldest',
};

export const serverFaults = [
  'reset',
  'slow',
  'hang',
  'html',
  'truncate',
  'null',
  'error',
  'repeat',
  'shuffle',
  'double',
  'bad-element',
] as const;
export type ServerFault = (typeof serverFaults)[number];

export interface ServerOptions {
  readonly port?: number;
  readonly clock?: Clock;
  readonly database?: Database;
  readonly behaviour?: Partial<Behaviour>;
  readonly seed?: number;
  readonly onRequest?: (path: string) => void;
}

const base = '/v1/json/';
const slowMs = 7000;

export class CamlyticsServer {
  readonly database: Database;
  behaviour: Behaviour;
  /** Asked for each request; undefined: it is answered well. */
  nextFault: () => ServerFault | undefined = () => undefined;
  /** Requests that were begun, by endpoint. */
  readonly requests: Record<string, number> = {};
  /** Requests under way, and the most that ever were. */
  underWay = 0;
  most = 0;
  /** Of those under way: how many wait for an event, or for the clock. */
  waiting = 0;

  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onRequest: (path: string) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;
  #last = '[]';

  private constructor(options: ServerOptions) {
    this.#clock = options.clock ?? systemClock;
    this.database = options.database ?? new Database(this.#clock);
    this.behaviour = { ...standardBehaviour, ...options.behaviour };
    this.#random = createRandom(options.seed ?? 1);
    this.#onRequest = options.onRequest ?? (() => undefined);
    this.#port = options.port ?? 0;
  }

  static async open(options: ServerOptions = {}): Promise<CamlyticsServer> {
    const server = new CamlyticsServer(options);
    await server.open();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** On the port that it had before. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((request, response) => void this.#answer(request, response));
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#server = server;
  }

  /** Cuts what is under way off, as an application does that is closed. May be called twice. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    this.cut();
    await closed;
  }

  /** Resets all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://camlytics');
    const endpoint = pathname.startsWith(base) ? pathname.slice(base.length) : '';
    this.requests[endpoint] = (this.requests[endpoint] ?? 0) + 1;
    this.#onRequest(request.url ?? '');
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    const ended = new AbortController();
    response.once('close', () => {
      this.underWay -= 1;
      ended.abort(new Error('The request is over.'));
    });
    try {
      await this.#reply(endpoint, searchParams, response, ended.signal);
    } catch (cause) {
      if (!ended.signal.aborted) throw cause;
    }
  }

  async #reply(endpoint: string, query: URLSearchParams, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const fault = this.nextFault();
    if (fault === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (fault === 'hang') return this.#wait(Infinity, signal);
    if (fault === 'slow') await this.#wait(slowMs, signal);
    if (fault === 'error') return end(response, 500, 'Internal error');
    if (fault === 'html') return end(response, 200, '<html><body><h1>Error</h1></body></html>');
    if (fault === 'null') return end(response, 200, 'null');
    if (fault === 'repeat') return end(response, 200, this.#last);
    const found = await this.#find(endpoint, query, signal);
    if (typeof found === 'number') return end(response, found, '{"message":"not found"}');
    if (fault === 'shuffle') found.sort(() => this.#random.next() - 0.5);
    if (fault === 'double') found.push(...found.slice(0, 3));
    if (fault === 'bad-element') found.unshift({ type: 'NoId' }, 7);
    const body = JSON.stringify(found, null, 2);
    if (fault === undefined && endpoint === 'events') this.#last = body;
    end(response, 200, fault === 'truncate' ? body.slice(0, body.length - 1 - (body.length >> 1)) : body);
  }

  /** What is to be sent, or a status. */
  async #find(endpoint: string, query: URLSearchParams, signal: AbortSignal): Promise<unknown[] | number> {
    switch (endpoint) {
      case 'channels':
        return [...this.database.channels];
      case 'events/totals/rule':
        return this.#count(query, ({ channel, ruleId, ruleName }) => ({
          channel_id: channel,
          rule_count: 0,
          rule_id: ruleId,
          rule_name: ruleName,
        }));
      case 'events/totals/type':
        return this.#count(query, ({ channel, type }) => ({ channel_id: channel, type, type_count: 0 }));
      case 'events':
        if (query.has('sinceId') && this.behaviour.sinceId === 'refused') return 400;
        return (await this.#events(query, signal)).map((event) => this.#write(event));
      default:
        return 404;
    }
  }

  async #events(query: URLSearchParams, signal: AbortSignal): Promise<readonly StoredEvent[]> {
    const { waits, answers } = this.behaviour;
    const found = this.#select(query);
    const seconds = Number(query.get('timeout') ?? 0);
    if (found.length > 0 || !waits || seconds === 0) return found;
    let wake: () => void = () => undefined;
    const stop = this.database.watch(() => {
      if (this.#select(query).length > 0) wake();
    });
    await Promise.race([this.#wait(seconds * 1000, signal), new Promise<void>((resolve) => (wake = resolve))]);
    stop();
    return this.#select(query).slice(0, answers === 'one' ? 1 : undefined);
  }

  #select(query: URLSearchParams): readonly StoredEvent[] {
    const { sinceId: how, mostEvents, gives } = this.behaviour;
    const [channel, since, time] = [query.get('channelId'), query.get('sinceId'), query.get('sinceTime')];
    const until = query.get('untilId');
    let low = 0;
    const { events } = this.database;
    if (since !== null && (how === 'exclusive' || how === 'inclusive')) {
      const first = Number(since) + (how === 'exclusive' ? 1 : 0);
      // ids are consecutive, but for those that were purged at the front
      low = Math.max(0, first - (events[0]?.id ?? 1));
    }
    const found: StoredEvent[] = [];
    for (let at = low; at < events.length; at++) {
      const event = events[at];
      if (event === undefined) break;
      if (channel !== null && event.channel !== channel) continue;
      if (until !== null && event.id > Number(until)) continue;
      if (time !== null && event.time < time) continue;
      found.push(event);
    }
    const limit = Math.min(Number(query.get('limit') ?? mostEvents), mostEvents);
    if (query.get('order')?.toUpperCase() === 'DESC') return found.slice(-limit).toReversed();
    return gives === 'oldest' ? found.slice(0, limit) : found.slice(-limit);
  }

  #write({ id, channel, ...event }: StoredEvent): object {
    const { ids, channelNames, recordingPath } = this.behaviour;
    const name = this.database.channels.find(({ channel_id }) => channel_id === channel)?.name ?? null;
    return {
      channel_id: channel,
      channel_name: channelNames ? name : null,
      event_id: ids === 'number' ? id : String(id),
      object_id: event.objectId,
      origin: event.origin,
      ...(recordingPath && { recording_path: '' }),
      rule_id: event.ruleId,
      rule_name: event.ruleName,
      snapshot_path: '',
      time: event.time,
      timestamp: event.timestamp,
      type: event.type,
      video_file_name: '',
      video_file_time: '',
    };
  }

  /** Rows that are alike but for their count, counted. */
  #count(query: URLSearchParams, toRow: (event: StoredEvent) => Record<string, string | number>): unknown[] {
    const [channel, origin] = [query.get('channelId'), query.get('origin')];
    const [since, until] = [query.get('sinceTime'), query.get('untilTime')];
    const rows = new Map<string, Record<string, string | number>>();
    for (const event of this.database.events) {
      if (channel !== null && event.channel !== channel) continue;
      if (origin !== null && event.origin !== origin) continue;
      if ((since !== null && event.time < since) || (until !== null && event.time > until)) continue;
      const row = toRow(event);
      const key = JSON.stringify(row);
      const known = rows.get(key) ?? row;
      const count = 'rule_count' in known ? 'rule_count' : 'type_count';
      known[count] = Number(known[count]) + 1;
      rows.set(key, known);
    }
    return [...rows.values()];
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    this.waiting += 1;
    try {
      if (ms === Infinity) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      else await this.#clock.sleep(ms, signal);
    } finally {
      this.waiting -= 1;
    }
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(body);
}
