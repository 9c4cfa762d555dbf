/** What happens to the posts of one node: judged, filtered, told from repetitions, marked where late, counted. */
import { putLatest } from '../../bound';
import type { SecurityEventsError } from '../../errors';
import type { SecurityEvent } from '../../event';
import type { Answer, Delivery, Post } from '../../http/receiver';
import { Repeats } from '../../repeats';
import { toReading } from './events';
import { createJudge, type Trust, type Verdict } from './receive';
import { createTopicFilter } from './topics';

/** PDK's schedule of repetitions is not published; a panel that was offline may tell late (reference 7.3). */
const repeatWindowMs = 24 * 3600 * 1000;
/** Two changes of an organization may be alike to the last byte: soon after one another they are taken for one. */
const likenessWindowMs = 60_000;
/** Panels that are remembered for the dialog. */
const panelsKept = 200;
/** Whoever tries signatures is told of once a minute; all are counted. */
const intruderEveryMs = 60_000;

export type DropReason = 'topic' | 'duplicate';

export interface IntakeSettings {
  /** Asked anew for every post: secrets may change while a node runs. */
  readonly trust: Trust;
  /** Topics, in which `*` stands for anything. */
  readonly topics: readonly string[];
  /** Events that are older when they arrive are marked; Infinity: none. */
  readonly staleAfterMs: number;
}

/** A panel as its posts show it. */
export interface KnownPanel {
  readonly id: string;
  readonly lastSeenMs: number;
  /** As it last said itself. */
  readonly online?: boolean;
}

/** What outlives a Deploy of the node: which events came before, which panels there are, the counts. */
export class IntakeMemory {
  readonly repeats = new Repeats();
  readonly likenesses = new Repeats();
  readonly intruders = new Repeats();
  readonly panels = new Map<string, KnownPanel>();
  readonly dropped: Partial<Record<DropReason, number>> = {};
  /** By the error's code. */
  readonly refused: Record<string, number> = {};
  posts = 0;
  sent = 0;
  stale = 0;
  /** Genuine, but by the secret that is to go. */
  previous = 0;
}

export interface IntakeHandlers {
  readonly onEvent: (event: SecurityEvent) => void;
  readonly onDrop: (event: SecurityEvent, reason: DropReason) => void;
  readonly onError: (error: SecurityEventsError, post: Post) => void;
}

export class Intake {
  readonly #settings: IntakeSettings;
  readonly #memory: IntakeMemory;
  readonly #handlers: IntakeHandlers;
  readonly #judge: (post: Post) => Verdict;
  readonly #isWanted: (topic: string) => boolean;

  constructor(settings: IntakeSettings, memory: IntakeMemory, handlers: IntakeHandlers) {
    this.#settings = settings;
    this.#memory = memory;
    this.#handlers = handlers;
    this.#judge = createJudge(settings.trust);
    this.#isWanted = createTopicFilter(settings.topics);
  }

  answer(post: Post): Answer {
    return this.#judge(post).answer;
  }

  /** Makes nothing of a post that {@link answer} refuses. */
  take(post: Post): Delivery {
    const memory = this.#memory;
    memory.posts += 1;
    const { error, message, signature } = this.#judge(post);
    if (error !== undefined || message === undefined || signature === undefined) {
      if (error !== undefined) this.#refuse(error, post);
      return { duplicates: 0, error };
    }
    const { event, isIdentified } = toReading(message, post, signature);
    this.#remember(event, post.receivedAt);
    if (signature === 'previous') memory.previous += 1;
    if (!this.#isWanted(message.topic)) return this.#drop(event, 'topic');
    const isRepeated = isIdentified
      ? memory.repeats.isRepeated(event.id, post.receivedAt, repeatWindowMs)
      : memory.likenesses.isRepeated(event.id, post.receivedAt, likenessWindowMs);
    if (isRepeated) return this.#drop(event, 'duplicate');
    memory.sent += 1;
    this.#handlers.onEvent(this.#markLate(event, post.receivedAt));
    return { duplicates: 0 };
  }

  /** Nothing proves when an event was sent, and late ones are real: the flow decides. */
  #markLate(event: SecurityEvent, receivedAt: number): SecurityEvent {
    if (event.timeSource !== 'device' || receivedAt - Date.parse(event.time) <= this.#settings.staleAfterMs)
      return event;
    this.#memory.stale += 1;
    return { ...event, stale: true };
  }

  #refuse(error: SecurityEventsError, post: Post): void {
    const { refused, intruders } = this.#memory;
    refused[error.code] = (refused[error.code] ?? 0) + 1;
    const isIntruder = this.#judge(post).answer.status === 401;
    if (isIntruder && intruders.isRepeated(`${error.code} ${post.address}`, post.receivedAt, intruderEveryMs)) return;
    this.#handlers.onError(error, post);
  }

  #drop(event: SecurityEvent, reason: DropReason): Delivery {
    const { dropped } = this.#memory;
    dropped[reason] = (dropped[reason] ?? 0) + 1;
    this.#handlers.onDrop(event, reason);
    return { duplicates: reason === 'duplicate' ? 1 : 0 };
  }

  #remember({ device, kind, health }: SecurityEvent, nowMs: number): void {
    const { panels } = this.#memory;
    const id = device.serial?.slice(0, 64);
    if (id === undefined) return;
    const online = kind === 'panel-offline' ? health?.online : panels.get(id)?.online;
    putLatest(panels, id, { id, lastSeenMs: nowMs, ...(online !== undefined && { online }) }, panelsKept);
  }
}
