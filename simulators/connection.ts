/** A device's side of HTTP: posts one body after another over raw sockets, and can do it wrong in every way we know. */
import { systemClock, type Clock } from './clock';
import { Link } from './http/link';
import type { Reply } from './http/reply-reader';
import { writeRequest, type RequestBytes, type RequestOptions } from './http/request';

export type { Reply } from './http/reply-reader';

export interface ConnectionOptions extends RequestOptions {
  readonly localAddress?: string;
  /** A server that says nothing for so long is given up. What devices do is not published. */
  readonly replyTimeoutMs?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Told of every post when it is over. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** One post, and what came of it. */
export interface Exchange {
  readonly path: string;
  /** As it was to be sent. */
  readonly body: Buffer;
  readonly fault: SendingFault['kind'] | undefined;
  /** 0 when there was no answer, or nobody read it. */
  readonly status: number;
}

export type SendingFault =
  /** Closes the socket after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Sends the body in this many pieces with a pause before each. */
  | { readonly kind: 'slow'; readonly pieces: number; readonly pauseMs: number }
  /** Content-Length is so much too short: the server sees a truncated body, and then nonsense. */
  | { readonly kind: 'truncate'; readonly missingBytes: number }
  /** Sends the same bytes again after the first reply. */
  | { readonly kind: 'resend' }
  /** Sends on and on, and never reads a reply. */
  | { readonly kind: 'deaf' };

const noReply: Reply = { status: 0, headers: {}, body: '' };
const defaultReplyTimeoutMs = 10_000;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  readonly #links = new Set<Link>();
  #link: Link | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    options.signal?.addEventListener('abort', this.#endOnAbort, { once: true });
    if (options.signal?.aborted) this.#end();
  }

  /** Sends after everything posted before. Rejects when the server could not be reached or gave no reply. */
  post(body: string | Buffer, fault?: SendingFault): Promise<Reply> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const turn = this.#last.then(() => this.#tell(bytes, fault, this.#exchange(bytes, fault)));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** May be called twice; resolves when no socket is open. */
  async close(): Promise<void> {
    this.#end();
    await Promise.all([...this.#links].map((link) => link.closed));
  }

  readonly #endOnAbort = (): void => this.#end();

  #end(): void {
    this.#options.signal?.removeEventListener('abort', this.#endOnAbort);
    this.#ended.abort(new Error('The connection was closed on our side.'));
    for (const link of this.#links) link.destroy(new Error('The connection was closed on our side.'));
  }

  async #tell(body: Buffer, fault: SendingFault | undefined, reply: Promise<Reply>): Promise<Reply> {
    let status = 0;
    try {
      ({ status } = await reply);
    } finally {
      this.#options.onExchange?.({ path: this.#options.path, body, fault: fault?.kind, status });
    }
    return reply;
  }

  async #exchange(body: Buffer, fault: SendingFault | undefined): Promise<Reply> {
    const request = writeRequest(this.#options, body, fault?.kind === 'truncate' ? fault.missingBytes : 0);
    const link = this.#findLink(fault);
    const repliesBefore = link.repliesRead;
    try {
      return await this.#send(link, request, fault);
    } catch (cause) {
      this.#drop(link);
      // A server may close an idle connection while we write. Nothing was answered, so devices connect again and repeat.
      const stale = repliesBefore > 0 && link.repliesRead === repliesBefore;
      if (!stale || fault !== undefined || this.#ended.signal.aborted) throw cause;
      return await this.#send(this.#findLink(fault), request, fault);
    } finally {
      if (this.#options.keepAlive === false) this.#finish();
    }
  }

  async #send(link: Link, request: RequestBytes, fault: SendingFault | undefined): Promise<Reply> {
    const whole = Buffer.concat([request.head, request.payload]);
    switch (fault?.kind) {
      case 'cut':
        await link.write(whole.subarray(0, request.head.length + fault.afterBytes));
        this.#drop(link);
        return noReply;
      case 'slow':
        return await this.#converse(link, () => this.#trickle(link, request, fault));
      case 'truncate':
        return await this.#converse(link, () => link.write(whole)).finally(() => this.#drop(link));
      case 'resend':
        await this.#converse(link, () => link.write(whole));
        return await this.#repeat(whole, fault);
      case 'deaf':
        await link.write(whole);
        return noReply;
      case undefined:
        return await this.#converse(link, () => link.write(whole));
    }
  }

  /** On the same socket, or on a new one where the first reply closed it. */
  async #repeat(whole: Buffer, fault: SendingFault): Promise<Reply> {
    const link = this.#findLink(fault);
    return await this.#converse(link, () => link.write(whole));
  }

  async #converse(link: Link, write: () => Promise<void>): Promise<Reply> {
    const answered = new AbortController();
    const { replyTimeoutMs = defaultReplyTimeoutMs } = this.#options;
    const written = write();
    // A failed write shows in the reply that never comes; a reply that came early counts although the write failed.
    written.catch(() => undefined);
    this.#clock.sleep(replyTimeoutMs, answered.signal).then(
      () => link.destroy(new Error(`The server gave no reply within ${replyTimeoutMs} ms.`)),
      () => undefined,
    );
    try {
      const reply = await link.readReply();
      if (/close/i.test(reply.headers['connection'] ?? '')) this.#drop(link);
      else await written.catch(() => this.#drop(link));
      return reply;
    } finally {
      answered.abort();
    }
  }

  async #trickle(link: Link, { head, payload }: RequestBytes, fault: SendingFault & { kind: 'slow' }): Promise<void> {
    await link.write(head);
    const pieceBytes = Math.max(1, Math.ceil(payload.length / fault.pieces));
    for (let offset = 0; offset < payload.length; offset += pieceBytes) {
      await this.#clock.sleep(fault.pauseMs, this.#ended.signal);
      await link.write(payload.subarray(offset, offset + pieceBytes));
    }
  }

  /** The open socket, or a new one after an error, a reply that closed it, or a time without ears. */
  #findLink(fault: SendingFault | undefined): Link {
    this.#ended.signal.throwIfAborted();
    const deaf = fault?.kind === 'deaf';
    if (this.#link?.usable && this.#link.deaf === deaf) return this.#link;
    if (this.#link !== undefined) this.#drop(this.#link);
    if (!deaf) for (const old of this.#links) if (old.deaf) this.#drop(old);
    const link = new Link(this.#options);
    if (deaf) link.stopReading();
    this.#links.add(link);
    void link.closed.then(() => this.#links.delete(link));
    this.#link = link;
    return link;
  }

  /** One connection a post. A deaf device does not close either: the reply would have to be read for that. */
  #finish(): void {
    if (this.#link !== undefined && !this.#link.deaf) this.#drop(this.#link);
    this.#link = undefined;
  }

  #drop(link: Link): void {
    link.destroy(new Error('The connection was given up.'));
    if (this.#link === link) this.#link = undefined;
  }
}
