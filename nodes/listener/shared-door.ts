/**
 * A door that outlives the config nodes which use it: a Deploy closes them and makes new ones, and meanwhile the port
 * stays open and requests wait. Several listeners may share one.
 */
import type { IncomingMessage } from 'node:http';
import type { Clock, Timer } from '../../src/clock';
import type { SecurityEventsError } from '../../src/errors';
import { Hold } from '../../src/http/hold';
import type { Ledger } from '../../src/http/ledger';
import { InFlight, widest, type Limits } from '../../src/http/limits';
import type { ListenerState } from '../../src/http/listener';
import { addressOf } from '../../src/http/body';
import type { Receiver } from '../../src/http/receiver';
import { RouteTable, type Rules } from '../../src/http/routes';
import type { ServeOptions } from '../../src/http/serve';
import type { Restart, RestartWatcher } from '../restart';

/** A listener node that uses a door. */
export interface Holder {
  readonly name: string;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly onState: (state: ListenerState) => void;
  /** A stranger's path, an intruder, or what is no request. */
  readonly onRefused: (error: SecurityEventsError) => void;
}

/** How requests reach a door. */
export interface Transport {
  open(): void;
  close(): Promise<void>;
  limit(limits: Limits): void;
  /** How a person would write where it listens: `:5050/API`. */
  describe(path: string): string;
  /** What callers write behind the host. */
  urlPath(path: string): string;
  /** @throws SetupError where such a path cannot work */
  check(path: string): void;
  /** Why requests of that path do not arrive although the door is open. */
  findConflict(path: string, methods: readonly string[]): SecurityEventsError | undefined;
}

export interface TransportOptions extends ServeOptions {
  readonly onState: (state: ListenerState) => void;
  readonly onRubbish: (error: SecurityEventsError, address: string, bytes?: Buffer) => void;
}

export interface Claim {
  /** @throws SetupError when the path cannot be had */
  add(path: string, receiver: Receiver, rules: Rules): (isExpectedBack: boolean) => void;
  describe(path: string): string;
  urlPath(path: string): string;
  /** Why requests of that path do not arrive although the door is open. */
  findConflict(path: string, methods: readonly string[]): SecurityEventsError | undefined;
  /** Gives the door up. Nobody's door is closed when the flows have started. */
  release(): Promise<void>;
}

/** So long may flows take to start before a door that nobody has is closed; some never do. */
const patienceMs = 10_000;

export class SharedDoor<T extends Transport = Transport> {
  readonly routes = new RouteTable();
  readonly transport: T;
  readonly #hold: Hold;
  readonly #inFlight: InFlight;
  readonly #holders = new Set<Holder>();
  readonly #restart: Restart;
  readonly #watcher: RestartWatcher;
  readonly #onClosed: () => void;
  #limits: Limits;
  #state: ListenerState = { is: 'opening' };
  #closing: Promise<void> | undefined;
  #patience: Timer | undefined;

  constructor(
    first: Limits,
    clock: Clock,
    restart: Restart,
    createTransport: (options: TransportOptions) => T,
    onClosed: () => void,
  ) {
    this.#limits = first;
    this.#hold = new Hold(clock, first);
    this.#inFlight = new InFlight(first);
    this.#restart = restart;
    this.#onClosed = onClosed;
    const limits = (): Limits => this.#limits;
    this.transport = createTransport({
      routes: this.routes,
      clock,
      get limits() {
        return limits();
      },
      inFlight: this.#inFlight,
      hold: this.#hold,
      onState: (state) => {
        this.#state = state;
        for (const holder of this.#holders) holder.onState(state);
      },
      onStranger: (request, error) => this.#writeDown(request, error, clock.now()),
      onIntruder: (error) => {
        for (const holder of this.#holders) holder.onRefused(error);
      },
      onRubbish: (error, address, bytes) => {
        for (const holder of this.#holders) {
          holder.ledger.rubbish(address, error, clock.now(), bytes);
          holder.onRefused(error);
        }
      },
    });
    this.#watcher = {
      begin: () => {
        this.#hold.begin();
        this.#patience?.cancel();
        this.#patience = clock.after(Math.max(patienceMs, this.#limits.holdMs), () => this.#closeIfEmpty());
      },
      end: () => {
        this.#patience?.cancel();
        this.routes.forgetReturning();
        this.#hold.end();
        this.#closeIfEmpty();
      },
    };
    restart.watch(this.#watcher);
    if (restart.isUnderWay) this.#watcher.begin();
    this.transport.open();
  }

  get holders(): Iterable<Holder> {
    return this.#holders;
  }

  get isListening(): boolean {
    return this.#state.is === 'listening';
  }

  claim(holder: Holder): Claim {
    this.#holders.add(holder);
    this.#limit();
    holder.onState(this.#state);
    return {
      add: (path, receiver, rules) => {
        this.transport.check(path);
        return this.routes.add(path, receiver, rules);
      },
      describe: (path) => this.transport.describe(path),
      urlPath: (path) => this.transport.urlPath(path),
      findConflict: (path, methods) => this.transport.findConflict(path, methods),
      release: async () => {
        this.#holders.delete(holder);
        if (this.#holders.size > 0) this.#limit();
        // while flows restart, others may come back for it whoever was deleted: then the end of the restart decides
        else if (!this.#restart.isUnderWay) await this.abandon();
      },
    };
  }

  /** Closes a door that nobody has any more. */
  abandon(): Promise<void> {
    return this.#close();
  }

  #limit(): void {
    this.#limits = widest([...this.#holders].map(({ limits }) => limits));
    this.#hold.limits = this.#limits;
    this.#inFlight.limits = this.#limits;
    this.transport.limit(this.#limits);
  }

  #writeDown(request: IncomingMessage, error: SecurityEventsError, nowMs: number): (part: Buffer) => void {
    const address = addressOf(request.socket);
    const each = [...this.#holders].map(({ ledger, onRefused }) => {
      onRefused(error);
      return ledger.refuse(request, address, error, nowMs);
    });
    return (part) => {
      for (const more of each) more(part);
    };
  }

  #closeIfEmpty(): void {
    if (this.#holders.size === 0) void this.#close();
  }

  #close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#restart.leave(this.#watcher);
    this.#patience?.cancel();
    // from here on a new listener makes a door of its own
    this.#onClosed();
    this.#hold.end();
    await this.transport.close();
  }
}
