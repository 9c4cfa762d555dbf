/**
 * Asks one Camlytics for events, one request at a time, and hands each on once, in the order of their ids (reference 8).
 * What the server does with `sinceId` and `timeout` is not published: it is found out as it goes.
 */
import type { Clock } from '../../clock';
import { SecurityEventsError, SetupError, toError } from '../../errors';
import { backoffMs } from '../../http/retry';
import type { EventQuery, EventSource } from './client';
import { highestOf, idsOf, lowestOf, type Cursor, type PolledMessage } from './cursor';
import { AskError } from './failures';
import { replay, type ReplayStart } from './replay';
import { Troubles } from './troubles';
import type { EventPage } from './wire';

export interface PollSettings {
  /**
   * Where it begins without a cursor, `all` with everything that is stored, else with what happens from now on; and where
   * after a reset of the database, `new` with what happens from now on, else with everything that is stored since.
   */
  readonly start: 'new' | 'resume' | 'all';
  /** The only channel to ask for; undefined: all. */
  readonly channelId: string | undefined;
  /** Events of one answer. */
  readonly pageSize: number;
  /** So long the server may hold a request that it has nothing for. */
  readonly waitSeconds: number;
}

export type PollState =
  | { readonly is: 'starting' | 'catching-up' | 'live' | 'paused' }
  | { readonly is: 'failing'; readonly error: SecurityEventsError; readonly failures: number; readonly nextMs: number };

/** What a person should know. */
export type Finding =
  /** The newest event is older than the last that was handed on: the database was cleared, or is another. */
  | { readonly is: 'reset'; readonly last: number; readonly newest: number | undefined; readonly from: number }
  /** Events between the two ids were pushed off the page before they could be read. */
  | { readonly is: 'gap'; readonly after: number; readonly before: number };

export interface Batch {
  readonly receivedAt: number;
  /** What was stored while nobody asked. */
  readonly isCatchingUp: boolean;
  /** It happened while the server held the request. */
  readonly wasHeld: boolean;
}

export interface PollHandlers {
  /** May ask for names first; the next question waits for it. */
  readonly onEvents: (messages: readonly PolledMessage[], batch: Batch) => Promise<void>;
  readonly onCaughtUp: () => void;
  /** The cursor has moved. */
  readonly onMoved: () => void;
  readonly onState: (state: PollState) => void;
  readonly onFinding: (finding: Finding) => void;
  /** Once for each kind of failure, as long as it lasts. */
  readonly onError: (error: SecurityEventsError) => void;
}

/** Between the beginnings of two polls: where the first brought something, and where it did not. */
const busyPauseMs = 200;
const idlePauseMs = 1000;
/** Where the server cannot be asked for what is new, it is asked for the newest in this rhythm. */
const windowPauseMs = 2000;
const checkEveryMs = 60_000;
/** So many answers in a row must say that the database has begun again: one may be an old one that came late. */
const resetProofs = 3;
/** So many answers in a row with older events than were asked for say that `sinceId` is not known. */
const strangeProofs = 3;
const inclusiveProofs = 2;
const largestWindow = 6400;
const longestDoubtMs = 15_000;
const slowestRetryMs = 60_000;
/** Questions of people that may wait at a time. */
const asksKept = 20;
/** The server waits in seconds; below this it has not waited. */
const heldMs = 500;
/** What a probe lets an empty database wait: shorter is not known to work. */
const probeSeconds = 5;

type Job = (signal: AbortSignal) => Promise<void>;

export class Poller {
  readonly #source: EventSource;
  readonly #settings: PollSettings;
  readonly #cursor: Cursor;
  readonly #handlers: PollHandlers;
  readonly #clock: Clock;
  readonly #random: () => number;

  readonly #asks: { readonly run: Job; readonly refuse: (error: Error) => void }[] = [];
  readonly #troubles: Troubles;
  #isPolling = false;
  #request: AbortController | undefined;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;
  #isPaused = false;
  #justAnswered = false;
  #wasInterrupted = false;

  #startedMs = 0;
  #dueMs = 0;
  #newsMs: number;
  #failures = 0;
  #isCatchingUp = true;

  #way: 'cursor' | 'window' = 'cursor';
  #strange = 0;
  /** Answers in a row that had the event in them that was named. */
  #inclusive = 0;
  /** A full page is known to hold the oldest of what is new, not the newest. */
  #givesOldest = false;
  #mustCheck: boolean;
  #doubtedMs: number | undefined;
  #suspicion = 0;

  constructor(
    source: EventSource,
    settings: PollSettings,
    cursor: Cursor,
    handlers: PollHandlers,
    clock: Clock,
    random: () => number = Math.random,
  ) {
    this.#source = source;
    this.#settings = settings;
    this.#cursor = cursor;
    this.#handlers = handlers;
    this.#clock = clock;
    this.#random = random;
    this.#troubles = new Troubles(clock, handlers.onError);
    this.#newsMs = clock.now();
    this.#mustCheck = cursor.id !== undefined;
  }

  start(): void {
    this.#handlers.onState({ is: 'starting' });
    this.#running = this.#run();
  }

  /** Ends what is under way. What was not handed on whole comes again after the next start. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#interrupt();
    this.#wake();
    for (const { refuse } of this.#asks.splice(0)) refuse(new AskError('closed', 'the node was stopped'));
    await this.#running;
  }

  /** Does not wait any longer; harmless while a request is under way. */
  pollNow(): void {
    this.#dueMs = Math.min(this.#dueMs, this.#startedMs + busyPauseMs);
    this.#wake();
  }

  pause(): void {
    this.#isPaused = true;
    if (this.#isPolling) this.#interrupt();
    this.#wake();
    this.#handlers.onState({ is: 'paused' });
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#isCatchingUp = true;
    this.#handlers.onState({ is: 'starting' });
    this.pollNow();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /**
   * Runs a person's question when its turn comes, so that there is never a second request under way. A poll that waits
   * makes way for it; of two polls in a row only one does, so that questions without end do not end the polling.
   */
  ask<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed || this.#asks.length >= asksKept) {
        const why = this.#isClosed ? 'the node was stopped' : `${asksKept} questions wait for Camlytics already`;
        reject(new AskError(this.#isClosed ? 'closed' : 'too-many-requests', why));
        return;
      }
      const run = async (signal: AbortSignal): Promise<void> => {
        await job(signal).then(resolve, reject);
      };
      this.#asks.push({ run, refuse: reject });
      if (this.#isPolling && !this.#wasInterrupted) {
        this.#wasInterrupted = true;
        this.#interrupt();
      }
      this.#wake();
    });
  }

  /**
   * Reads what is stored behind an id or from a time on once more, up to what was handed on. The cursor stays where it is.
   *
   * @throws AskError `replay-incomplete`; whatever a request throws
   */
  replay(from: ReplayStart, onPage: (messages: readonly PolledMessage[]) => Promise<void>): Promise<void> {
    return this.ask((signal) =>
      replay(
        {
          from,
          last: this.#cursor.id ?? Number.MAX_SAFE_INTEGER,
          oldest: this.#query('ASC', this.#settings.pageSize, probeSeconds),
          newest: this.#query('DESC', largestWindow),
        },
        (query) => this.#source.events(query, signal),
        onPage,
      ),
    );
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const isDue = !this.#isPaused && this.#dueMs <= this.#clock.now();
      const ask = this.#justAnswered && isDue ? undefined : this.#asks.shift();
      if (ask !== undefined) {
        this.#justAnswered = true;
        await this.#alone(ask.run).catch(ask.refuse);
      } else if (!isDue) {
        await this.#sleep();
      } else {
        this.#justAnswered = false;
        await this.#tryTurn();
      }
    }
  }

  async #tryTurn(): Promise<void> {
    this.#startedMs = this.#clock.now();
    try {
      this.#isPolling = true;
      await this.#turn();
      if (this.#failures > 0) this.#troubles.end();
      this.#failures = 0;
      this.#wasInterrupted = false;
      if (!this.#isPaused) this.#handlers.onState({ is: this.#isCatchingUp ? 'catching-up' : 'live' });
    } catch (thrown) {
      if (this.#isClosed || thrown === interruption) return;
      this.#wasInterrupted = false;
      this.#fail(thrown instanceof SecurityEventsError ? thrown : toUnexpected(thrown));
    } finally {
      this.#isPolling = false;
    }
  }

  async #turn(): Promise<void> {
    if (this.#cursor.id === undefined) {
      this.#cursor.id = this.#settings.start === 'all' ? 0 : ((await this.#newest()) ?? 0);
      this.#handlers.onMoved();
      if (this.#settings.start !== 'all') this.#showReached(this.#cursor.id);
    } else if (this.#mustCheck || this.#startedMs - this.#newsMs >= checkEveryMs) {
      if (!(await this.#isSameSequence(this.#cursor.id))) return;
    }
    if (this.#way === 'cursor') await this.#follow(this.#cursor.id);
    else await this.#watch(this.#cursor.id);
  }

  /** Where the newest event is lower than the last, `sinceId` would be answered with nothing for ever (reference 8.4). */
  async #isSameSequence(last: number): Promise<boolean> {
    const newest = await this.#newest();
    this.#newsMs = this.#clock.now();
    // if it was taken for inclusive and is not, an event is waiting behind the one that was left out
    this.#inclusive = 0;
    this.#mustCheck = newest === undefined ? last > 0 : newest < last;
    if (!this.#mustCheck) {
      this.#suspicion = 0;
      this.#showReached(newest ?? 0);
      return true;
    }
    this.#suspicion += 1;
    this.#dueMs = this.#clock.now() + idlePauseMs;
    if (this.#suspicion < resetProofs) return false;
    const from = this.#settings.start === 'new' ? (newest ?? 0) : 0;
    [this.#suspicion, this.#mustCheck, this.#isCatchingUp] = [0, false, true];
    this.#cursor.id = from;
    this.#handlers.onMoved();
    this.#handlers.onFinding({ is: 'reset', last, newest, from });
    return true;
  }

  /** A first question may be held for long: that Camlytics answers is known before, and whether there is anything to catch up with. */
  #showReached(newest: number): void {
    if (this.#failures > 0 || this.#isPaused) return;
    if (this.#isCatchingUp && newest === this.#cursor.id) this.#catchUp();
    this.#handlers.onState({ is: this.#isCatchingUp ? 'catching-up' : 'live' });
  }

  #catchUp(): void {
    this.#isCatchingUp = false;
    this.#handlers.onCaughtUp();
  }

  /** Of all channels: the one that is asked for may have none left. */
  async #newest(): Promise<number | undefined> {
    const page = await this.#fetch({ ...this.#query('DESC', 1, probeSeconds), channelId: undefined });
    return idsOf(page).reduce<number | undefined>((most, id) => Math.max(most ?? 0, id), undefined);
  }

  /** Asks for what comes after the last event. */
  async #follow(last: number): Promise<void> {
    const { pageSize } = this.#settings;
    const sinceId = this.#inclusive >= inclusiveProofs ? last + 1 : last;
    const first = await this.#fetch({ ...this.#query('ASC', pageSize), sinceId });
    const page = this.#isDoubtful(first, last, sinceId) ? await this.#askAgain(first, last) : first;
    const ids = idsOf(page);
    const isStrange = ids.some((id) => id < last);
    this.#strange = isStrange ? this.#strange + 1 : 0;
    const isAsNamed = sinceId > last && page === first;
    if (ids.includes(last) && !isStrange && last > 0) this.#inclusive += 1;
    else if (ids.length > 0 && !isAsNamed) this.#inclusive = 0;
    const isFull = page.length >= pageSize;
    if (this.#strange >= strangeProofs || (isFull && !(await this.#hasOldest(ids, last)))) {
      this.#way = 'window';
      return;
    }
    if (page !== first && this.#isDoubtful(page, last, last) && !(await this.#isHole(page, last))) {
      this.#dueMs = this.#startedMs + idlePauseMs;
      return;
    }
    await this.#take(page, isFull, idlePauseMs);
  }

  /**
   * Ids that are left out may be those of deleted events, or of another channel where only one is asked for. Or the page is
   * not what was asked for, or the server is not inclusive after all: then going on would lose what is in the hole.
   */
  #isDoubtful(page: EventPage, last: number, sinceId: number): boolean {
    const ids = idsOf(page).filter((id) => id > last);
    if (ids.length === 0) return false;
    if (!ids.includes(last + 1)) return sinceId > last || this.#settings.channelId === undefined;
    return this.#settings.channelId === undefined && highestOf(ids) - last > new Set(ids).size;
  }

  /** The same once more: what two answers agree about is a hole. */
  async #askAgain(first: EventPage, last: number): Promise<EventPage> {
    const { pageSize } = this.#settings;
    const second = await this.#fetch({ ...this.#query('ASC', pageSize), sinceId: last });
    const lowest = (page: EventPage): number => lowestOf(idsOf(page).filter((id) => id > last));
    return lowest(first) < lowest(second) ? first : second;
  }

  /**
   * What gives an old answer to whatever is asked agrees with itself, too. So the newest are asked for, as far down as the
   * last event: that answer looks otherwise, and names what is in the hole or what stands before it.
   */
  async #isHole(page: EventPage, last: number): Promise<boolean> {
    const ids = idsOf(page);
    const highest = highestOf(ids);
    const limit = highest - last + this.#settings.pageSize;
    if (limit > largestWindow) return true;
    const newest = await this.#fetch(this.#query('DESC', limit));
    const found = idsOf(newest);
    if (found.join() === ids.join()) return this.#hasLasted();
    const known = new Set(ids);
    if (found.some((id) => id > last && id < highest && !known.has(id))) return false;
    return newest.length < limit || found.some((id) => id <= last) || this.#hasLasted();
  }

  /** A doubt that nothing has settled for so long is given up. */
  #hasLasted(): boolean {
    this.#doubtedMs ??= this.#clock.now();
    return this.#clock.now() - this.#doubtedMs >= longestDoubtMs;
  }

  /** A full page that begins with a hole may be the newest of what there is: then a larger one begins earlier. */
  async #hasOldest(ids: readonly number[], last: number): Promise<boolean> {
    const lowest = lowestOf(ids);
    if (lowest <= last + 1 || this.#givesOldest) return true;
    const { pageSize } = this.#settings;
    const larger = await this.#fetch({ ...this.#query('ASC', pageSize * 4), sinceId: last });
    this.#givesOldest = idsOf(larger).every((id) => id <= last || id >= lowest);
    return this.#givesOldest;
  }

  /** Asks for the newest again and again: how versions without `sinceId` are polled. */
  async #watch(last: number): Promise<void> {
    let { pageSize: limit } = this.#settings;
    let page = await this.#fetch(this.#query('DESC', limit));
    while (page.length >= limit && limit < largestWindow && lowestOf(idsOf(page)) > last + 1) {
      limit = Math.min(limit * 4, largestWindow);
      const larger = await this.#fetch(this.#query('DESC', limit));
      if (larger.length <= page.length) break;
      page = larger;
    }
    const lowest = lowestOf(idsOf(page));
    // all that is stored, and the last event is not in it: the database was purged, or the answer is an old one
    if (last > 0 && page.length > 0 && page.length < this.#settings.pageSize && lowest > last && !this.#hasLasted()) {
      this.#dueMs = this.#startedMs + windowPauseMs;
      return;
    }
    // after the very last event of an empty or purged database nothing is missing
    if (last > 0 && page.length >= this.#settings.pageSize && lowest > last + 1) {
      this.#handlers.onFinding({ is: 'gap', after: last, before: lowest });
    }
    await this.#take(page, false, windowPauseMs);
    this.#dueMs = this.#startedMs + windowPauseMs;
  }

  async #take(page: EventPage, isFull: boolean, pauseMs: number): Promise<void> {
    const receivedAt = this.#clock.now();
    this.#doubtedMs = undefined;
    const fresh = this.#cursor.pick(page);
    const batch = { receivedAt, isCatchingUp: this.#isCatchingUp, wasHeld: receivedAt - this.#startedMs >= heldMs };
    if (fresh.length > 0) await this.#handlers.onEvents(fresh, batch);
    const hasMoved = this.#cursor.pass(page);
    if (hasMoved) {
      this.#newsMs = this.#clock.now();
      this.#handlers.onMoved();
    }
    for (const { error } of page.faults) this.#troubles.tell(error);
    if (page.faults.length === 0) this.#troubles.end('camlytics-bad-event');
    const hasMore = isFull && hasMoved;
    if (this.#isCatchingUp && !hasMore) this.#catchUp();
    this.#dueMs = hasMore ? this.#clock.now() : this.#startedMs + (hasMoved ? busyPauseMs : pauseMs);
  }

  #query(order: EventQuery['order'], limit: number, timeoutSeconds?: number): EventQuery {
    // what is stored is not waited for, and until it is there nobody can say how it goes; and who has made way once does
    // not again, so that the next question waits for it
    const seconds =
      this.#isCatchingUp || this.#wasInterrupted
        ? Math.min(probeSeconds, this.#settings.waitSeconds)
        : this.#settings.waitSeconds;
    return { order, limit, timeoutSeconds: timeoutSeconds ?? seconds, channelId: this.#settings.channelId };
  }

  #fetch(query: EventQuery): Promise<EventPage> {
    return this.#alone((signal) => this.#source.events(query, signal));
  }

  async #alone<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw interruption;
    const request = new AbortController();
    this.#request = request;
    try {
      return await job(request.signal);
    } finally {
      this.#request = undefined;
    }
  }

  #interrupt(): void {
    this.#request?.abort(interruption);
  }

  #fail(error: SecurityEventsError): void {
    const now = this.#clock.now();
    if (error.code === 'query-refused' && this.#way === 'cursor') {
      this.#way = 'window';
      this.#dueMs = now + busyPauseMs;
      return;
    }
    this.#failures += 1;
    this.#mustCheck = this.#cursor.id !== undefined;
    // who comes back may be another version
    [this.#way, this.#strange, this.#inclusive, this.#givesOldest] = ['cursor', 0, 0, false];
    const isCut = error.code === 'connection-lost' && this.#failures === 1;
    const delayMs = isCut ? 0 : this.#delayAfter(error);
    this.#dueMs = Math.max(now + delayMs, this.#startedMs + busyPauseMs);
    if (isCut) return;
    this.#isCatchingUp = true;
    this.#troubles.tell(error);
    this.#handlers.onState({ is: 'failing', error, failures: this.#failures, nextMs: this.#dueMs });
  }

  #delayAfter(error: SecurityEventsError): number {
    if (error instanceof SetupError) return slowestRetryMs;
    return backoffMs(this.#failures - 1, 1000, slowestRetryMs, this.#random);
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const restMs = Math.max(0, this.#dueMs - this.#clock.now());
      const timer = this.#isPaused ? undefined : this.#clock.after(restMs, () => this.#wake());
      this.#wake = () => {
        timer?.cancel();
        this.#wake = () => undefined;
        resolve();
      };
    });
  }
}

/** Why a request of ours was ended by ourselves. */
const interruption = new AskError('interrupted', 'another request goes first');

function toUnexpected(thrown: unknown): SecurityEventsError {
  return new AskError('unexpected', `asking Camlytics has failed: ${toError(thrown).message}`, { cause: thrown });
}
