/** The connections of an own port: how many there are, and which one goes where there are too many. */
import type { Server as NetServer, Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../clock';
import { plainAddress } from './networks';
import { isLast } from './reply';

const sweepEveryMs = 10_000;

interface Connection {
  readonly key: string;
  /** The one whose bytes count: above TLS where there is that. */
  socket: Socket;
  readonly address: string;
  /** Milliseconds since 1970 UTC, when it was last put to use. */
  usedMs: number;
  /** Whether a post of it was ever taken. */
  hasDelivered: boolean;
  /** The answer to its last request, as long as it is kept. */
  last: ServerResponse | undefined;
  underWay: number;
  /** What had left when it was last looked at, while more waited to leave. */
  stuckAt?: { readonly bytes: number; readonly sinceMs: number };
}

export type ClosedReason = 'too-many-connections' | 'too-many-requests' | 'answer-not-read';

/** So many requests may wait for their answers on one connection. Devices send one, and wait. */
const underWayLimit = 100;

export interface ConnectionsOptions {
  readonly clock: Clock;
  limit: number;
  /** So long may an answer wait to be read. */
  unreadMs: number;
  /** A connection that was closed for others' sake. */
  readonly onClosed: (address: string, reason: ClosedReason) => void;
}

/**
 * Where there are more than the limit, one that has never delivered goes before one that waits for its next post, and one
 * in the middle of a post goes last; among equals, one of the address that has most. So a flood costs those who send it,
 * and a camera that has delivered stays.
 */
export class Connections {
  readonly options: ConnectionsOptions;
  readonly #open = new Map<string, Connection>();
  /** The same by their sockets, of TLS and beneath it: asked for every request. */
  readonly #bySocket = new WeakMap<Socket, Connection>();
  readonly #byAddress = new Map<string, Set<Connection>>();
  #sweep: Timer | undefined;
  #isClosing = false;

  constructor(options: ConnectionsOptions) {
    this.options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  watch(server: NetServer): void {
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('secureConnection', (socket: Socket) => {
      const connection = this.#open.get(keyOf(socket));
      if (connection === undefined) return;
      connection.socket = socket;
      this.#bySocket.set(socket, connection);
    });
  }

  /**
   * A request has begun on that socket; `response` tells when it is over. False where it must not be served: the
   * connection ends with the answer before it, or has been ended for asking too much at once.
   */
  begin(socket: Socket, response: ServerResponse): boolean {
    const connection = this.#bySocket.get(socket);
    if (connection === undefined || !this.#open.has(connection.key)) return !socket.destroyed;
    if (connection.last !== undefined && isLast(connection.last)) return false;
    if (connection.underWay >= underWayLimit) {
      if (!socket.destroyed) this.options.onClosed(connection.address, 'too-many-requests');
      socket.destroy();
      return false;
    }
    connection.last = response;
    connection.usedMs = this.options.clock.now();
    connection.underWay += 1;
    response.once('close', () => {
      connection.underWay -= 1;
      connection.hasDelivered ||= response.statusCode < 400;
      connection.usedMs = this.options.clock.now();
      // with it goes the request, and all that was read of it
      if (connection.last === response && !isLast(response)) connection.last = undefined;
      if (this.#isClosing && connection.underWay === 0) connection.socket.destroySoon();
    });
    return true;
  }

  /** Ends all that are not in the middle of a post, also those that have never said a word; the others when they are through. */
  closeIdle(): void {
    this.#isClosing = true;
    for (const { socket, underWay } of this.#open.values()) if (underWay === 0) socket.destroy();
  }

  #add(socket: Socket): void {
    // a connection that is gone already has no address
    if (socket.remoteAddress === undefined) return;
    const address = plainAddress(socket.remoteAddress);
    const key = keyOf(socket);
    const connection: Connection = {
      key,
      socket,
      address,
      usedMs: this.options.clock.now(),
      hasDelivered: false,
      last: undefined,
      underWay: 0,
    };
    const neighbours = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, neighbours.add(connection));
    this.#open.set(key, connection);
    this.#bySocket.set(socket, connection);
    this.#sweep ??= this.options.clock.every(sweepEveryMs, () => this.#closeStuck());
    socket.once('close', () => {
      this.#open.delete(key);
      neighbours.delete(connection);
      if (neighbours.size === 0 && this.#byAddress.get(address) === neighbours) this.#byAddress.delete(address);
      if (this.#open.size > 0) return;
      this.#sweep?.cancel();
      this.#sweep = undefined;
    });
    if (this.#open.size > this.options.limit) this.#makeRoom(connection);
  }

  #makeRoom(newcomer: Connection): void {
    let victim: Connection | undefined;
    for (const connection of this.#open.values()) {
      if (connection !== newcomer && (victim === undefined || this.#isLessNeeded(connection, victim)))
        victim = connection;
    }
    const { socket, address } = victim ?? newcomer;
    this.options.onClosed(address, 'too-many-connections');
    socket.destroy();
  }

  #isLessNeeded(one: Connection, other: Connection): boolean {
    const rankDifference = rank(one) - rank(other);
    if (rankDifference !== 0) return rankDifference < 0;
    const crowdDifference = this.#crowdOf(one) - this.#crowdOf(other);
    return crowdDifference === 0 ? one.usedMs < other.usedMs : crowdDifference > 0;
  }

  #crowdOf({ address }: Connection): number {
    return this.#byAddress.get(address)?.size ?? 0;
  }

  #closeStuck(): void {
    const now = this.options.clock.now();
    for (const connection of this.#open.values()) {
      const { socket, stuckAt, address } = connection;
      if (socket.writableLength === 0) delete connection.stuckAt;
      else if (stuckAt === undefined || stuckAt.bytes !== socket.bytesWritten)
        connection.stuckAt = { bytes: socket.bytesWritten, sinceMs: now };
      else if (now - stuckAt.sinceMs >= this.options.unreadMs) {
        this.options.onClosed(address, 'answer-not-read');
        socket.destroy();
      }
    }
  }
}

function rank({ underWay, hasDelivered, last }: Connection): number {
  // one that has been refused is only waited for
  if (underWay > 0 && (last === undefined || !isLast(last))) return 2;
  return hasDelivered ? 1 : 0;
}

/** The same for a TLS socket and for the plain one beneath it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}
