/** Asks the REST API of one Camlytics: where it is, what goes into a question, and what is wrong with an answer. */
import type { Clock } from '../../clock';
import { type SecurityEventsError, SetupError, WireError } from '../../errors';
import { Client } from '../../http/client';
import { AskError } from './failures';
import { decodeChannels, decodeEvents, decodeTotals, type Channel, type EventPage, type Total } from './wire';

export interface ServerAddress {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** `/v1/json`: without a slash at its end. */
  readonly basePath: string;
}

export interface EventQuery {
  /** By id, never by time. */
  readonly order: 'ASC' | 'DESC';
  readonly limit: number;
  /** So long the server may wait for an event where it has none. */
  readonly timeoutSeconds: number;
  readonly sinceId?: number;
  /** As Camlytics writes times: wall clock of its PC. */
  readonly sinceTime?: string;
  readonly channelId?: string | undefined;
}

export interface TotalsQuery {
  readonly channelId?: string | undefined;
  readonly sinceTime?: string | undefined;
  readonly untilTime?: string | undefined;
  readonly origin?: string | undefined;
}

/** What the poller needs of a client. */
export interface EventSource {
  events(query: EventQuery, signal: AbortSignal): Promise<EventPage>;
}

/** The server's own clock decides when a long poll ends: so much longer is waited for what is on its way. */
const graceMs = 10_000;

export class CamlyticsClient implements EventSource {
  readonly address: ServerAddress;
  readonly #client: Client;

  constructor(address: ServerAddress, clock: Clock) {
    this.address = address;
    const host = address.host.includes(':') && !address.host.startsWith('[') ? `[${address.host}]` : address.host;
    this.#client = new Client(`${address.scheme}://${host}:${address.port}`, clock);
  }

  /** As a person would type it. */
  get url(): string {
    return `${this.#client.origin}${this.address.basePath}`;
  }

  /** @throws AskError, ClientError, WireError, SetupError; or the signal's reason */
  async events(query: EventQuery, signal: AbortSignal): Promise<EventPage> {
    const { timeoutSeconds: timeout, ...rest } = query;
    return decodeEvents(await this.#get('events', { ...rest, timeout }, timeout * 1000, signal));
  }

  /** Without the passwords that Camlytics tells everybody. @throws as {@link events} does */
  async channels(signal: AbortSignal): Promise<readonly Channel[]> {
    return decodeChannels(await this.#get('channels', {}, 0, signal));
  }

  /** @throws as {@link events} does */
  async totals(by: 'rule' | 'type', query: TotalsQuery, signal: AbortSignal): Promise<readonly Total[]> {
    return decodeTotals(await this.#get(`events/totals/${by}`, { ...query }, 0, signal));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #get(
    endpoint: string,
    query: Readonly<Record<string, string | number | undefined>>,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const parameters = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${encodeURIComponent(value)}`,
    );
    const path = `${this.address.basePath}/${endpoint}`;
    const what = `GET ${this.#client.origin}${path}`;
    const { status, body } = await this.#client.request(
      {
        method: 'GET',
        path: parameters.length === 0 ? path : `${path}?${parameters.join('&')}`,
        headers: { accept: 'application/json' },
        timeoutMs: waitMs + graceMs,
      },
      { signal },
    );
    if (status >= 200 && status < 300) return body;
    throw toStatusError(status, what);
  }
}

function toStatusError(status: number, what: string): SecurityEventsError {
  if (status >= 500) {
    return new AskError('server-error', `${what}: the answer is ${status}; look into the log of Camlytics`);
  }
  const cure = 'this is not the REST API of Camlytics: check host, port and base path';
  return new SetupError(status === 400 ? 'query-refused' : 'no-api', `${what}: the answer is ${status}; ${cure}`, {
    place: 'server',
  });
}

/** What a failure means to the person who runs Camlytics. */
export function explain(error: SecurityEventsError, url: string): SecurityEventsError {
  const because: Readonly<Record<string, string>> = {
    'server-unreachable':
      'is Camlytics running, is its REST API switched on, and does a firewall let port and address pass?',
    'server-timeout': 'is the PC asleep, or very busy?',
    'connection-lost': 'Camlytics was closed or restarted',
  };
  const cure = because[error.code];
  if (cure !== undefined) return new AskError(error.code, `${error.message}; ${cure}`, { cause: error });
  if (!(error instanceof WireError)) return error;
  const message = `${url} has answered with what cannot be read: ${error.message}`;
  return new WireError(error.code, message, { cause: error, ...(error.place !== undefined && { place: error.place }) });
}
