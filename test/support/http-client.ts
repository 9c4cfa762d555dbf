/** A raw socket that sends exactly the bytes a test wants, and reads what comes back. */
import { once } from 'node:events';
import net from 'node:net';
import { ReplyReader, type Reply } from '../../simulators/http/reply-reader';
import { Arrivals } from './http-recorder';

const open = new Set<RawClient>();

export class RawClient {
  readonly socket: net.Socket;
  readonly replies = new Arrivals<Reply>();
  readonly closed: Promise<void>;
  /** Everything the server has sent. */
  received = Buffer.alloc(0);
  readonly #reader = new ReplyReader();

  constructor(port: number, host = '127.0.0.1') {
    this.socket = net.connect({ port, host, noDelay: true });
    this.socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      for (const reply of this.#reader.push(bytes)) this.replies.add(reply);
    });
    this.socket.on('end', () => {
      const last = this.#reader.end();
      if (last !== undefined) this.replies.add(last);
    });
    // a reset is an end like another: tests ask for what came before it
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    open.add(this);
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await once(this.socket, 'connect');
    return this;
  }

  send(...bytes: readonly (string | Buffer)[]): this {
    for (const part of bytes) this.socket.write(part);
    return this;
  }

  /** The reply of that number, from 1 on. */
  async reply(number = 1): Promise<Reply> {
    const replies = await Promise.race([this.replies.until(number), this.closed.then(() => this.replies.items)]);
    const reply = replies[number - 1];
    if (reply === undefined) throw new Error(`the server closed the connection after ${replies.length} replies`);
    return reply;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

export function connect(port: number, host?: string): RawClient {
  return new RawClient(port, host);
}

/** For `afterEach`. */
export function destroyClients(): void {
  for (const client of open) client.destroy();
  open.clear();
}

/** A request's head; `Host` and, where a length is given, `Content-Length` come by themselves. */
export function head(line: string, length?: number, headers: Readonly<Record<string, string>> = {}): string {
  const all = { Host: '127.0.0.1', ...(length !== undefined && { 'Content-Length': String(length) }), ...headers };
  return `${line} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
}

/** A whole POST. */
export function post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}, target = '/API'): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(head(`POST ${target}`, bytes.length, headers)), bytes]);
}

export const chunkedHeaders = { 'Transfer-Encoding': 'chunked' };

/** One chunk of a chunked body; without bytes the last one. */
export function chunk(bytes: string | Buffer = ''): Buffer {
  const part = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
}
