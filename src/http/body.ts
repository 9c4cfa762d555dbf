/** Reads a request's body under its limits, and tells in one error why one did not arrive whole. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock';
import { TransportError, type SecurityEventsError } from '../errors';
import type { InFlight } from './limits';
import { plainAddress } from './networks';

/** Smaller chunks are copied together: each may hold on to a receive buffer of 64 KB. */
const smallChunkBytes = 32 * 1024;
const blockBytes = 64 * 1024;

export interface Refusal {
  /** Undefined where nobody is left to answer. */
  readonly status: number | undefined;
  readonly error: SecurityEventsError;
  /** Beside the usual ones: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What of the body was there. */
  readonly body?: Buffer;
}

export interface BodyLimits {
  /** Of this body. */
  readonly bytes: number;
  /** For the whole body, from the request's head on. */
  readonly ms: number;
  readonly inFlight: InFlight;
  readonly clock: Clock;
}

interface Reading {
  readonly request: IncomingMessage;
  reason: SecurityEventsError | undefined;
}

/** Requests whose body is being read; the value is why the server ended one, where it did. */
const underWay = new WeakMap<Socket, Reading>();

/** Notes why a connection is about to be ended. False where no body is being read on it. */
export function explainEnd(socket: Socket, reason: SecurityEventsError | undefined): boolean {
  const reading = underWay.get(socket);
  if (reading === undefined || reading.request.complete) return false;
  reading.reason = reason;
  return true;
}

/** The address at the other end; IPv4 in IPv6 clothes (`::ffff:192.0.2.41`) is written as IPv4. */
export function addressOf(socket: Socket): string {
  return plainAddress(socket.remoteAddress ?? 'unknown');
}

export function tooSlow(address: string): SecurityEventsError {
  return new TransportError('request-too-slow', `${address} did not finish its request in time`, { address });
}

/** Calls exactly one of the two, once. */
export function readBody(
  request: IncomingMessage,
  address: string,
  limits: BodyLimits,
  done: (body: Buffer) => void,
  failed: (refusal: Refusal) => void,
): void {
  const declared = request.headers['content-length'];
  const collector = new Collector();
  const reading: Reading = { request, reason: undefined };
  let isSettled = false;

  const settle = (): boolean => {
    if (isSettled) return false;
    isSettled = true;
    // the next request of the connection may have begun already
    if (underWay.get(request.socket) === reading) underWay.delete(request.socket);
    limits.inFlight.give(address, collector.size);
    deadline?.cancel();
    return true;
  };
  const refuse = (status: number | undefined, error: SecurityEventsError, headers = {}): void => {
    if (settle()) failed({ status, error, headers, body: collector.take() });
  };
  const refuseSize = (): void => {
    const kilobytes = Math.floor(limits.bytes / 1024);
    const message = `${address} sent more than ${kilobytes} KB in one post`;
    refuse(413, new TransportError('body-too-large', message, { address }));
  };
  const refuseCut = (): void => {
    if (isSettled) return; // every request closes in the end, and an error costs more than all the rest
    const total = declared ?? 'an unknown number of';
    const message = `${address} closed the connection after ${collector.size} of ${total} bytes; the device or the network cut it off`;
    refuse(undefined, reading.reason ?? new TransportError('body-cut-off', message, { address }));
  };
  const hasBody = declared !== '0' && (declared !== undefined || request.headers['transfer-encoding'] !== undefined);
  const deadline = hasBody ? limits.clock.after(limits.ms, () => refuse(408, tooSlow(address))) : undefined;

  if (request.destroyed) return refuseCut();
  if (Number(declared ?? 0) > limits.bytes) return refuseSize();
  underWay.set(request.socket, reading);
  request.on('data', (chunk: Buffer) => {
    if (isSettled) return;
    if (collector.size + chunk.length > limits.bytes) return refuseSize();
    if (!limits.inFlight.take(address, chunk.length)) {
      const message = `more is being sent than this listener holds at one time; ${address} may try again`;
      return refuse(503, new TransportError('too-much-in-flight', message, { address }), { 'Retry-After': '2' });
    }
    collector.add(chunk);
  });
  request.on('end', () => {
    if (settle()) done(collector.take());
  });
  request.on('error', refuseCut);
  request.on('close', refuseCut);
}

class Collector {
  /** Most posts come in one chunk: only from the second on is there anything to gather. */
  #first: Buffer | undefined;
  readonly #parts: Buffer[] = [];
  #block: Buffer | undefined;
  #used = 0;
  size = 0;

  add(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size === chunk.length) {
      this.#first = chunk;
      return;
    }
    this.#gatherFirst();
    this.#gather(chunk);
  }

  /** All of it. Nothing is left here: whoever still holds the request must not hold its bytes. */
  take(): Buffer {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) return first;
    this.#flush();
    const parts = this.#parts.splice(0);
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, this.size);
  }

  #gatherFirst(): void {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) this.#gather(first);
  }

  #gather(chunk: Buffer): void {
    if (chunk.length >= smallChunkBytes) {
      this.#flush();
      this.#parts.push(chunk);
      return;
    }
    if (this.#block !== undefined && this.#used + chunk.length > blockBytes) this.#flush();
    this.#block ??= Buffer.allocUnsafe(blockBytes);
    this.#used += chunk.copy(this.#block, this.#used);
  }

  #flush(): void {
    if (this.#block === undefined) return;
    this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = undefined;
    this.#used = 0;
  }
}
