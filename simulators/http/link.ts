/** One socket to the server: writes bytes, hands out replies, and fails everything that waits when it closes. */
import net from 'node:net';
import tls from 'node:tls';
import { ReplyReader, type Reply } from './reply-reader';

export interface LinkOptions {
  readonly host: string;
  readonly port: number;
  readonly secure?: boolean;
  /** Source address, to look like several devices from one machine (`127.0.0.41`). */
  readonly localAddress?: string;
}

export class Link {
  readonly #socket: net.Socket;
  readonly #reader = new ReplyReader();
  readonly #replies: Reply[] = [];
  #waiting: { resolve(reply: Reply): void; reject(cause: Error): void } | undefined;
  #failure: Error | undefined;
  readonly closed: Promise<void>;
  /** Posts that were answered on this socket. */
  repliesRead = 0;
  deaf = false;

  constructor(options: LinkOptions) {
    this.#socket = connect(options);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#socket.on('end', () => this.#deliver(this.#reader.end()));
    this.#socket.on('error', (cause) => this.#fail(cause));
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#fail(new Error('The server closed the connection without a reply.'));
        resolve();
      });
    });
  }

  get usable(): boolean {
    return this.#failure === undefined && this.#socket.writable;
  }

  /** Resolves when the bytes are with the operating system. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (cause) => (cause ? reject(this.#failure ?? cause) : resolve()));
    });
  }

  readReply(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const reply = this.#replies.shift();
      if (reply !== undefined) resolve(reply);
      else if (this.#failure !== undefined) reject(this.#failure);
      else this.#waiting = { resolve, reject };
    });
  }

  /** From now on replies pile up in the system's buffers, until the server can write no more. */
  stopReading(): void {
    this.deaf = true;
    this.#socket.pause();
  }

  destroy(cause: Error): void {
    this.#fail(cause);
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    try {
      for (const reply of this.#reader.push(bytes)) this.#deliver(reply);
    } catch (cause) {
      this.destroy(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  #deliver(reply: Reply | undefined): void {
    if (reply === undefined) return;
    this.repliesRead += 1;
    if (this.#waiting === undefined) this.#replies.push(reply);
    else this.#waiting.resolve(reply);
    this.#waiting = undefined;
  }

  #fail(cause: Error): void {
    this.#failure ??= cause;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}

function connect({ host, port, secure, localAddress }: LinkOptions): net.Socket {
  const address = { host, port, ...(localAddress === undefined ? {} : { localAddress }) };
  // Tests make their own certificates; what a device accepts is not published.
  return secure ? tls.connect({ ...address, rejectUnauthorized: false }) : net.connect(address);
}
