/** A port of our own: keeps cameras connected past their longest heartbeat, retries while the port is in use. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Clock, Timer } from '../clock';
import { SetupError, toError, TransportError, type SecurityEventsError } from '../errors';
import { addressOf, explainEnd, tooSlow } from './body';
import { Connections } from './connections';
import type { Limits } from './limits';
import { problem } from './reply';

/** Longest heartbeat a device can be set to is 30 minutes (reference 1.3); a connection outlives it. */
const keepAliveMs = 31 * 60_000;
const firstRetryMs = 1000;
const longestRetryMs = 30_000;
/** How long requests under way may still take when the listener closes. */
const closingMs = 300;
/** How often heads and bodies that are late are looked for. */
const lookEveryMs = 2000;
/** First byte of a TLS handshake: a device that was set to HTTPS. */
const tlsHandshake = 0x16;

export type ListenerState =
  | { readonly is: 'opening' }
  | { readonly is: 'listening'; readonly host: string; readonly port: number }
  | { readonly is: 'failed'; readonly error: SecurityEventsError };

export interface ListenerOptions {
  /** Address to listen on; empty: all, IPv4 and IPv6. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Certificate and key; plain HTTP without them. */
  readonly tls?: SecureContextOptions | undefined;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onState: (state: ListenerState) => void;
  /** What never became a request, with its first bytes where there are some. */
  readonly onRubbish: (error: SecurityEventsError, address: string, bytes?: Buffer) => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server | TlsServer;
  readonly #connections: Connections;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #isOpening = false;
  #closing: Promise<void> | undefined;

  /** @throws SetupError `tls-invalid` when certificate and key cannot be used */
  constructor(options: ListenerOptions) {
    this.#options = options;
    const settings: ServerOptions = {
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: lookEveryMs,
      // firmware that leaves the header out is answered like any other
      requireHostHeader: false,
    };
    const { tls, clock } = options;
    if (tls !== undefined) checkTls(tls);
    this.#server = tls === undefined ? createServer(settings) : createTlsServer({ ...settings, ...tls });
    this.#connections = new Connections({
      clock,
      limit: options.limits.connections,
      unreadMs: options.limits.bodyMs,
      onClosed: (address, reason) => {
        const why = {
          'too-many-connections': 'was disconnected: there were more connections than this listener takes',
          'too-many-requests': 'was disconnected: it sent request after request without waiting for an answer',
          'answer-not-read': 'was disconnected: it did not read its answers',
        };
        options.onRubbish(new TransportError(reason, `${address} ${why[reason]}`, { address }), address);
      },
    });
    this.#connections.watch(this.#server);
    this.limits = options.limits;
    this.#server.on('request', (request, response) => {
      if (this.#connections.begin(request.socket, response)) options.onRequest(request, response);
      else request.resume();
    });
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#refuseClient(error, socket));
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#refuseTls(error, socket));
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

  /** For what comes from now on. */
  set limits({ headersMs, bodyMs, connections }: Limits) {
    this.#server.headersTimeout = headersMs;
    // the body's own limit ends a request first, and says so better
    this.#server.requestTimeout = headersMs + bodyMs + lookEveryMs;
    this.#connections.options.limit = connections;
    this.#connections.options.unreadMs = bodyMs;
  }

  /**
   * A new certificate, for connections from now on; the open ones stay.
   *
   * @throws SetupError `tls-invalid`
   */
  set tls(tls: SecureContextOptions) {
    checkTls(tls);
    if ('setSecureContext' in this.#server) this.#server.setSecureContext(tls);
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
      this.#connections.closeIdle();
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
    const isGone = error.code === 'ECONNRESET' || error.code === 'HPE_INVALID_EOF_STATE';
    const status = statusOf(error);
    // browsers open connections in reserve, and devices long before their first post: no news, whenever they go
    if (status.startsWith('408') && socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    const reason = status.startsWith('408') ? tooSlow(address) : describeRubbish(error, address);
    // while a body is being read, whoever reads it tells what happened, once; that a peer has gone it sees itself
    const isToldElsewhere = explainEnd(socket, isGone ? undefined : reason);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (!isToldElsewhere) this.#options.onRubbish(reason, address, error.rawPacket);
    const { contentType, body } = problem(Number.parseInt(status, 10), reason.message);
    const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}`;
    socket.write(`${head}\r\n\r\n${body.toString()}`);
    socket.destroySoon();
  }

  #refuseTls(error: NodeJS.ErrnoException, socket: Socket): void {
    const address = addressOf(socket);
    // a port scan, or a device that hangs up before it has said a word
    if (error.code === 'ECONNRESET') return;
    const what =
      error.code === 'ERR_SSL_HTTP_REQUEST'
        ? 'speaks HTTP to a port that speaks HTTPS; set the device to HTTPS'
        : `could not agree on a secure connection (${error.code ?? error.message})`;
    this.#options.onRubbish(new TransportError('tls-failed', `${address} ${what}`, { address, cause: error }), address);
  }
}

function statusOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  return '400 Bad Request';
}

function describeRubbish(error: Error & { rawPacket?: Buffer }, address: string): SecurityEventsError {
  const what =
    error.rawPacket?.[0] === tlsHandshake
      ? 'speaks HTTPS to a port that speaks HTTP; set the device to HTTP'
      : `sent what is no HTTP request (${error.message})`;
  // without its cause: that holds the bytes that were sent, credentials and all
  return new TransportError('request-not-http', `${address} ${what}`, { address });
}

/** The cause is not told on: it may quote what it could not read. */
function checkTls(tls: SecureContextOptions): void {
  try {
    createSecureContext(tls);
  } catch (thrown) {
    const code = Reflect.get(toError(thrown), 'code');
    const message = `certificate and key cannot be used (${String(code)}); check the TLS settings and the passphrase`;
    throw new SetupError('tls-invalid', message, { place: 'tls' });
  }
}
