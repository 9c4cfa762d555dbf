/** What camera and recorder have in common: one server to post to, heartbeats, faults, an orderly end. */
import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock';
import { Connection, type ConnectionOptions, type Exchange } from '../connection';
import { planSending, writeRubbish, type Fault } from '../faults';
import { createRandom, type Random } from '../random';

export interface PostRecord {
  readonly device: string;
  /** What was sent, in words: `traject`, `PEA perimeter`, `perimeterAlarm true`. */
  readonly kind: string;
  readonly atMs: number;
  readonly bytes: number;
  /** 0 when there was no reply, or a fault kept it unread. */
  readonly status: number;
  readonly error?: string;
}

/** Where a device posts, and what drives it. */
export interface DeviceOptions {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
  readonly secure?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunked?: boolean;
  readonly localAddress?: string;
  /** 0 = no heartbeats, as with the device's own switch. */
  readonly heartbeatSeconds?: number;
  readonly clock?: Clock;
  readonly seed?: number;
  /** From the first heartbeat on. */
  readonly fault?: Fault | undefined;
  readonly signal?: AbortSignal;
  readonly onPost?: (record: PostRecord) => void;
  readonly onExchange?: (exchange: Exchange) => void;
}

/** How this kind of device speaks HTTP and says that it lives. */
export interface DeviceHabits extends Pick<
  ConnectionOptions,
  'keepAlive' | 'absoluteForm' | 'contentType' | 'headers'
> {
  readonly name: string;
  readonly heartbeatSeconds: number;
  readonly writeHeartbeat: () => string;
}

const defaultPath = '/API';
/** A device has little memory: what a server that answers nothing leaves over is thrown away. */
const waitingPostsMax = 200;

export class Device {
  /** May be changed at any time; holds for what is posted from then on. */
  fault: Fault | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly startedMs: number;
  readonly #name: string;
  readonly #onPost: ((record: PostRecord) => void) | undefined;
  readonly #connection: Connection;
  readonly #ended = new AbortController();
  readonly #waiting = new Set<Promise<void>>();
  readonly #activities = new Set<Promise<void>>();

  constructor(options: DeviceOptions, habits: DeviceHabits) {
    this.clock = options.clock ?? systemClock;
    this.random = createRandom(options.seed ?? 1);
    this.startedMs = this.clock.now();
    this.fault = options.fault;
    this.#name = habits.name;
    this.#onPost = options.onPost;
    const {
      onPost: _onPost,
      seed: _seed,
      fault: _fault,
      heartbeatSeconds = habits.heartbeatSeconds,
      ...wire
    } = options;
    const { name: _name, heartbeatSeconds: _every, writeHeartbeat, ...spoken } = habits;
    const headers = { ...habits.headers, ...options.headers };
    this.#connection = new Connection({ path: defaultPath, ...wire, ...spoken, headers });
    // Every sleeping activity listens; many at once are no leak.
    setMaxListeners(0, this.#ended.signal);
    if (options.signal?.aborted) this.#ended.abort();
    options.signal?.addEventListener('abort', () => void this.close(), { once: true, signal: this.#ended.signal });
    if (heartbeatSeconds > 0) void this.perform(() => this.#beat(heartbeatSeconds * 1000, writeHeartbeat));
  }

  /** Aborts when the device is closed: for sleeps between posts. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get waitingPosts(): number {
    return this.#waiting.size;
  }

  get uptimeMs(): number {
    return this.clock.now() - this.startedMs;
  }

  /** Resolves when the post was answered or has failed; never rejects, as a device goes on whatever the server does. */
  post(kind: string, body: string): Promise<void> {
    const sent = this.#deliver(kind, body).finally(() => this.#waiting.delete(sent));
    this.#waiting.add(sent);
    return sent;
  }

  /** Runs something that takes time and sleeps on `signal`; closing the device ends it without an error. */
  perform(activity: () => Promise<void>): Promise<void> {
    const running = activity()
      .catch((cause: unknown) => {
        if (!this.signal.aborted) throw cause;
      })
      .finally(() => this.#activities.delete(running));
    this.#activities.add(running);
    return running;
  }

  /** Resolves when no post waits for its reply. */
  async idle(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting);
  }

  /** May be called twice; resolves when every socket is closed and nothing runs any more. */
  async close(): Promise<void> {
    this.#ended.abort(new Error('The device was closed.'));
    await this.#connection.close();
    await Promise.all([...this.#waiting, ...this.#activities]);
  }

  async #deliver(kind: string, body: string): Promise<void> {
    const atMs = this.clock.now();
    const fault = this.fault;
    const bytes = fault === 'rubbish' ? writeRubbish(this.random, body) : Buffer.from(body);
    const record = { device: this.#name, kind, atMs, bytes: bytes.length };
    if (this.#waiting.size >= waitingPostsMax) {
      this.#onPost?.({ ...record, status: 0, error: 'Too many posts wait for a reply; this one was thrown away.' });
      return;
    }
    try {
      const reply = await this.#connection.post(bytes, planSending(fault, bytes.length));
      this.#onPost?.({ ...record, status: reply.status });
    } catch (cause) {
      if (this.signal.aborted) return;
      this.#onPost?.({ ...record, status: 0, error: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  async #beat(everyMs: number, writeHeartbeat: () => string): Promise<void> {
    for (;;) {
      if (this.fault !== 'silent') void this.post('keepalive', writeHeartbeat());
      await this.clock.sleep(everyMs, this.signal);
    }
  }
}
