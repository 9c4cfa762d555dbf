/** A port of our own: keeps cameras connected past their longest heartbeat, retries while the port is in use. */
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../clock';
import { SetupError, toError, TransportError, type SecurityEventsError } from '../errors';
import { addressOf, explainEnd } from './body';
import { countRefused, serve, type ServeOptions } from './serve';

/** Longest heartbeat a device can be set to is 30 minutes (reference 1.3); a connection outlives it. */
const keepAliveMs = 31 * 60_000;
/** A client that has not finished its headers by then is closed. */
const headersMs = 20_000;
/** A client that has not finished its body by then is closed. */
const requestMs = 120_000;
/** A site has tens of devices; more than this is no site. */
const connectionLimit = 1000;
const firstRetryMs = 1000;
const longestRetryMs = 30_000;
/** How long requests under way may still take when the listener closes. */
const closingMs = 300;
/** First byte of a TLS handshake: a device that was set to HTTPS. */
const tlsHandshake = 0x16;

export type ListenerState =
  | { readonly is: 'opening' }
  | { readonly is: 'listening'; readonly host: string; readonly port: number }
  | { readonly is: 'failed'; readonly error: SecurityEventsError };

export interface ListenerOptions extends ServeOptions {
  /** Address to listen on; empty: all, IPv4 and IPv6. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly clock: Clock;
  readonly onState: (state: ListenerState) => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #isOpening = false;
  #closing: Promise<void> | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createServer({
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      // firmware that leaves the header out is answered like any other
      requireHostHeader: false,
    });
    this.#server.maxConnections = connectionLimit;
    this.#server.on('request', (request, response) => serve(request, response, options));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#refuseClient(error, socket));
    this.#server.on('error', (error: NodeJS.ErrnoException) => this.#fail(error));
    this.#server.on('listening', () => {
      this.#isOpening = false;
      if (this.#closing !== undefined) return; // closed meanwhile: `close` waits for this
      this.#retryMs = firstRetryMs;
      const bound = this.#server.address();
      if (bound === null || typeof bound === 'string') return;
      options.onState({ is: 'listening', host: bound.address, port: bound.port });
    });
  }

  open(): void {
    if (this.#closing !== undefined) return;
    this.#options.onState({ is: 'opening' });
    const { host, port } = this.#options;
    this.#isOpening = true;
    try {
      this.#server.listen(host === '' ? { port } : { host, port });
    } catch (thrown) {
      this.#fail(toError(thrown));
    }
  }

  /** Resolves when the port is free again, within {@link closingMs} even with connections open. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#retry?.cancel();
    // the address is looked up before the port is bound: what is half open cannot be closed yet
    if (this.#isOpening) {
      await new Promise<void>((resolve) => {
        this.#server.once('listening', resolve);
        this.#server.once('error', () => resolve());
      });
    }
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
    this.#isOpening = false;
    if (this.#closing !== undefined) return;
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

  /** What is no HTTP, or took too long. Node.js would answer alike; counting it, and saying why, needs this. */
  #refuseClient(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket): void {
    const address = addressOf(socket);
    const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    const isGone = error.code === 'ECONNRESET' || error.code === 'HPE_INVALID_EOF_STATE';
    const reason = isSlow
      ? new TransportError('request-too-slow', `${address} did not finish its request in time`, {
          address,
          cause: error,
        })
      : describeRubbish(error, address);
    // while a body is being read, whoever reads it tells what happened, once; that a peer has gone it sees itself
    const isToldElsewhere = explainEnd(socket, isGone ? undefined : reason);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (!isToldElsewhere) this.#report(reason);
    socket.write(`HTTP/1.1 ${isSlow ? '408 Request Timeout' : '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
    socket.destroySoon();
  }

  #report(error: SecurityEventsError): void {
    countRefused(this.#options.counters, error.code);
    this.#options.onRefused(error);
  }
}

function describeRubbish(error: Error & { rawPacket?: Buffer }, address: string): SecurityEventsError {
  const what =
    error.rawPacket?.[0] === tlsHandshake
      ? 'speaks HTTPS to a port that speaks HTTP; set the device to HTTP'
      : `sent what is no HTTP request (${error.message})`;
  return new TransportError('request-not-http', `${address} ${what}`, { address, cause: error });
}
