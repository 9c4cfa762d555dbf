/** A port of our own: keeps cameras connected past their longest heartbeat, retries while the port is in use. */
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../clock';
import { SetupError, TransportError, type SecurityEventsError } from '../errors';
import type { RouteTable } from './routes';
import { countRefused, serve, type Counters } from './serve';

/** Longest heartbeat a device can be set to is 30 minutes (reference 1.3); a connection outlives it. */
const keepAliveMs = 31 * 60_000;
/** A client that has not finished its headers by then is closed. */
const headersMs = 20_000;
/** A client that has not finished its body by then is closed. */
const requestMs = 120_000;
const firstRetryMs = 1000;
const longestRetryMs = 30_000;
/** How long requests under way may still take when the listener closes. */
const closingMs = 300;

export type ListenerState =
  | { readonly is: 'opening' }
  | { readonly is: 'listening'; readonly host: string; readonly port: number }
  | { readonly is: 'failed'; readonly error: SecurityEventsError };

export interface ListenerOptions {
  /** Address to listen on; empty: all, IPv4 and IPv6. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly routes: RouteTable;
  readonly counters: Counters;
  readonly bodyLimitBytes: number;
  readonly clock: Clock;
  readonly onState: (state: ListenerState) => void;
  /** A request that broke before its path was known. */
  readonly onRefused: (error: SecurityEventsError) => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #isClosed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createServer({
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
    });
    this.#server.on('request', (request, response) => serve(request, response, options));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#refuseClient(error, socket));
    this.#server.on('error', (error: NodeJS.ErrnoException) => this.#fail(error));
    this.#server.on('listening', () => {
      this.#retryMs = firstRetryMs;
      const bound = this.#server.address();
      if (bound === null || typeof bound === 'string') return; // closed meanwhile
      options.onState({ is: 'listening', host: bound.address, port: bound.port });
    });
  }

  open(): void {
    if (this.#isClosed) return;
    this.#options.onState({ is: 'opening' });
    const { host, port } = this.#options;
    this.#server.listen(host === '' ? { port } : { host, port });
  }

  /** Resolves when the port is free again, within {@link closingMs} even with connections open. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      const forced = this.#options.clock.after(closingMs, () => this.#server.closeAllConnections());
      this.#server.close(() => {
        forced.cancel();
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  #fail(cause: NodeJS.ErrnoException): void {
    if (this.#isClosed) return;
    const { host, port } = this.#options;
    const where = host === '' ? `port ${port}` : `${host}:${port}`;
    const reason = {
      EADDRINUSE: `${where} is in use by another program; stop that or choose another port`,
      EACCES: `${where} may not be opened by this user; choose a port above 1023`,
      EADDRNOTAVAIL: `${host} is no address of this machine; leave the address empty to listen on all`,
      ENOTFOUND: `${host} is not known; leave the address empty to listen on all`,
    }[cause.code ?? ''];
    const error = new SetupError(
      cause.code === 'EADDRINUSE' ? 'port-in-use' : 'port-not-opened',
      reason ?? `${where} could not be opened: ${cause.message}`,
      { cause, place: where, retryable: true },
    );
    this.#options.onState({ is: 'failed', error });
    this.#retry = this.#options.clock.after(this.#retryMs, () => this.open());
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  /** What is no HTTP, or took too long. Node.js would answer alike; counting it needs this. */
  #refuseClient(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '');
    const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    countRefused(this.#options.counters, isSlow ? 'request-too-slow' : 'request-not-http');
    this.#options.onRefused(
      isSlow
        ? new TransportError('request-too-slow', `${address} did not finish its request in time`, {
            address,
            cause: error,
          })
        : new TransportError('request-not-http', `${address} sent what is no HTTP request (${error.message})`, {
            address,
            cause: error,
          }),
    );
    socket.end(`HTTP/1.1 ${isSlow ? '408 Request Timeout' : '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  }
}
