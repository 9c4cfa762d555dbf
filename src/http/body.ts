/** Reads a request's body under a cap, and tells in one error why one did not arrive whole. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TransportError, type SecurityEventsError } from '../errors';

/** Smaller chunks are copied together: each may hold on to a receive buffer of 64 KB. */
const smallChunkBytes = 4096;
const blockBytes = 64 * 1024;

export interface Refusal {
  /** Undefined where nobody is left to answer. */
  readonly status: number | undefined;
  readonly error: SecurityEventsError;
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

/** The caller's address; IPv4 in IPv6 clothes (`::ffff:192.0.2.41`) is written as IPv4. */
export function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Calls exactly one of the two, once. */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  done: (body: Buffer) => void,
  failed: (refusal: Refusal) => void,
): void {
  const address = addressOf(request.socket);
  const declared = request.headers['content-length'];
  const collector = new Collector();
  const reading: Reading = { request, reason: undefined };
  let isSettled = false;

  const settle = (action: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    underWay.delete(request.socket);
    action();
  };
  const refuseSize = (): void => {
    const kilobytes = Math.floor(limitBytes / 1024);
    const error = new TransportError('body-too-large', `${address} sent more than ${kilobytes} KB in one post`, {
      address,
    });
    settle(() => failed({ status: 413, error }));
  };
  const refuseCut = (): void => {
    if (isSettled) return; // every request closes in the end
    const total = declared ?? 'an unknown number of';
    const message = `${address} closed the connection after ${collector.size} of ${total} bytes; the device or the network cut it off`;
    const error = reading.reason ?? new TransportError('body-cut-off', message, { address });
    settle(() => failed({ status: undefined, error }));
  };

  if (request.destroyed) return refuseCut();
  if (Number(declared ?? 0) > limitBytes) return refuseSize();
  underWay.set(request.socket, reading);
  request.on('data', (chunk: Buffer) => {
    if (isSettled) return;
    if (collector.size + chunk.length > limitBytes) return refuseSize();
    collector.add(chunk);
  });
  request.on('end', () => settle(() => done(collector.take())));
  request.on('error', refuseCut);
  request.on('close', refuseCut);
}

class Collector {
  readonly #parts: Buffer[] = [];
  #block: Buffer | undefined;
  #used = 0;
  size = 0;

  add(chunk: Buffer): void {
    this.size += chunk.length;
    // most posts come in one chunk: only from the second on is there anything to gather
    if (chunk.length >= smallChunkBytes || this.#parts.length === 0) {
      this.#flush();
      this.#parts.push(chunk);
      return;
    }
    if (this.#block !== undefined && this.#used + chunk.length > blockBytes) this.#flush();
    this.#block ??= Buffer.allocUnsafe(blockBytes);
    this.#used += chunk.copy(this.#block, this.#used);
  }

  take(): Buffer {
    this.#flush();
    const [only] = this.#parts;
    return this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts, this.size);
  }

  #flush(): void {
    if (this.#block === undefined) return;
    this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = undefined;
    this.#used = 0;
  }
}
