/** What happens to the posts of one node: filtered, told from repetitions, given a state, counted; and what falls quiet. */
import type { Clock, Timer } from '../../clock';
import { TransportError, type SecurityEventsError } from '../../errors';
import type { SecurityEvent } from '../../event';
import type { Answer, Delivery, Post } from '../../http/receiver';
import { problem } from '../../http/reply';
import { Repeats } from '../../repeats';
import type { EventOptions } from '../vendor';
import type { Group } from './catalogue';
import type { Reading } from './events';
import { Incidents } from './incidents';
import { answer, isEmpty, readPost } from './receive';

/** Whether Camio sends again at all is not published. */
const repeatWindowMs = 24 * 3600 * 1000;
/** Two messages without an id may be alike: soon after one another they are taken for one. */
const likenessWindowMs = 60_000;
/** How often is looked for faults of which nothing is said any more. */
const watchEveryMs = 5000;
/** A watch that comes so late tells of a host that slept. */
const asleepAfterMs = 30_000;
/** Whoever knocks at a node that lets nobody in is told of once a minute; all are counted. */
const intruderEveryMs = 60_000;

export const dropReasons = ['group', 'duplicate', 'goes-on', 'empty'] as const;
export type DropReason = (typeof dropReasons)[number];

/** By which path a post came: the one of callbacks, where a header proves the sender, or the secret one of hooks. */
export type Door = 'callback' | 'hook';

export interface IntakeSettings extends EventOptions {
  readonly groups: ReadonlySet<Group>;
  /** A fault of which nothing was said for so long is over; 0: events have no state, and nothing ends. */
  readonly quietMs: number;
  /** A fault that goes on gives no event until it is over. */
  readonly onlyChanges: boolean;
  /** Nobody who calls back could be believed: everything is refused but what comes by the secret path of hooks. */
  readonly isClosed: boolean;
}

/** What outlives a Deploy of the node: which messages came before, which faults go on, the counts. */
export class IntakeMemory {
  readonly repeats = new Repeats();
  readonly likenesses = new Repeats();
  readonly intruders = new Repeats();
  readonly incidents = new Incidents();
  readonly dropped: Partial<Record<DropReason, number>> = {};
  /** By the error's code. */
  readonly refused: Record<string, number> = {};
  posts = 0;
  sent = 0;
}

export interface IntakeHandlers {
  readonly onEvent: (event: SecurityEvent) => void;
  /** A request without an event in it: somebody tries the address. */
  readonly onEmpty: (error: SecurityEventsError) => void;
  readonly onError: (error: SecurityEventsError, post: Post) => void;
}

const notAllowed = problem(401, 'not allowed');

export class Intake {
  readonly #settings: IntakeSettings;
  readonly #memory: IntakeMemory;
  readonly #clock: Clock;
  readonly #handlers: IntakeHandlers;
  readonly #watch: Timer | undefined;
  #lastLookMs: number;

  constructor(settings: IntakeSettings, memory: IntakeMemory, clock: Clock, handlers: IntakeHandlers) {
    this.#settings = settings;
    this.#memory = memory;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#lastLookMs = clock.now();
    if (settings.quietMs > 0) this.#watch = clock.every(watchEveryMs, () => this.#lookForQuiet());
  }

  answer(post: Post, door: Door): Answer {
    return this.#isClosed(door) ? notAllowed : answer(post);
  }

  /** Makes nothing of a post that {@link answer} refuses. */
  take(post: Post, door: Door): Delivery {
    const memory = this.#memory;
    memory.posts += 1;
    if (this.#isClosed(door)) {
      const message = `a post of ${post.address} was refused: the node has no secret to know Camio by`;
      const error = new TransportError('secret-missing', message, { address: post.address });
      this.#count(error);
      const isTold = memory.intruders.isRepeated(post.address, post.receivedAt, intruderEveryMs);
      if (!isTold) this.#handlers.onError(error, post);
      return { duplicates: 0, error };
    }
    const { readings, error } = readPost(post, this.#settings);
    let duplicates = 0;
    for (const reading of readings) if (!this.#pass(reading, post.receivedAt)) duplicates += 1;
    if (error === undefined) return { duplicates };
    if (isEmpty(error)) {
      this.#drop('empty');
      this.#handlers.onEmpty(error);
      return { duplicates };
    }
    this.#count(error);
    this.#handlers.onError(error, post);
    return { duplicates, error };
  }

  close(): void {
    this.#watch?.cancel();
  }

  #isClosed(door: Door): boolean {
    return door === 'callback' && this.#settings.isClosed;
  }

  /** False where the message had come before. */
  #pass({ group, identity, isIdentified, events }: Reading, nowMs: number): boolean {
    const { groups, quietMs, onlyChanges } = this.#settings;
    const { repeats, likenesses, incidents } = this.#memory;
    if (!groups.has(group)) {
      this.#drop('group', events.length);
      return true;
    }
    const isRepeated = isIdentified
      ? repeats.isRepeated(identity, nowMs, repeatWindowMs)
      : likenesses.isRepeated(identity, nowMs, likenessWindowMs);
    if (isRepeated) {
      this.#drop('duplicate');
      return false;
    }
    for (const event of events) {
      const told = incidents.hear(event, nowMs, quietMs);
      const goesOn = onlyChanges && quietMs > 0 && told.incident !== undefined && told.state === undefined;
      if (goesOn) this.#drop('goes-on');
      else this.#send(told);
    }
    return true;
  }

  #lookForQuiet(): void {
    const { incidents } = this.#memory;
    const now = this.#clock.now();
    const gapMs = now - this.#lastLookMs;
    this.#lastLookMs = now;
    if (Math.abs(gapMs) > asleepAfterMs) incidents.forgive(gapMs - watchEveryMs);
    for (const event of incidents.findQuiet(now, this.#settings.quietMs)) this.#send(event);
  }

  #send(event: SecurityEvent): void {
    this.#memory.sent += 1;
    this.#handlers.onEvent(event);
  }

  #count({ code }: SecurityEventsError): void {
    const { refused } = this.#memory;
    refused[code] = (refused[code] ?? 0) + 1;
  }

  #drop(reason: DropReason, count = 1): void {
    const { dropped } = this.#memory;
    dropped[reason] = (dropped[reason] ?? 0) + count;
  }
}
