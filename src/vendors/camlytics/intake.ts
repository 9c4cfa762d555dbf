/** What happens to the webhooks of one node: read, told from repetitions, filtered, counted. */
import { putLatest } from '../../bound';
import type { SecurityEventsError } from '../../errors';
import type { SecurityEvent } from '../../event';
import type { Delivery, Post } from '../../http/receiver';
import { Repeats } from '../../repeats';
import type { Directions } from './events';
import { findReason, type DropReason, type EventFilter } from './filter';
import { isMessage, receiveWith } from './receive';

/** Channels that are remembered for the dialog. */
const channelsKept = 200;

export interface IntakeSettings extends EventFilter {
  readonly timeZone: string;
  readonly directions: Directions;
  /** No rule of repetition is published; 0: all pass. */
  readonly repeatWindowMs: number;
}

/** What outlives a Deploy of the node. */
export class IntakeMemory {
  readonly repeats = new Repeats();
  /** By id, those heard longest ago first. */
  readonly channels = new Map<string, { readonly name: string | undefined; readonly lastSeenMs: number }>();
  readonly dropped: Partial<Record<DropReason, number>> = {};
  /** By the error's code. */
  readonly refused: Record<string, number> = {};
  posts = 0;
  sent = 0;
}

export interface IntakeHandlers {
  readonly onEvent: (event: SecurityEvent) => void;
  readonly onError: (error: SecurityEventsError, post: Post) => void;
}

export class Intake {
  readonly #settings: IntakeSettings;
  readonly #memory: IntakeMemory;
  readonly #handlers: IntakeHandlers;

  constructor(settings: IntakeSettings, memory: IntakeMemory, handlers: IntakeHandlers) {
    this.#settings = settings;
    this.#memory = memory;
    this.#handlers = handlers;
  }

  take(post: Post): Delivery {
    const memory = this.#memory;
    if (!isMessage(post)) return { duplicates: 0 };
    memory.posts += 1;
    const before = memory.dropped.duplicate ?? 0;
    const { events, error } = receiveWith(post, this.#settings);
    for (const event of events) this.#pass(event, post.receivedAt);
    if (error !== undefined) {
      memory.refused[error.code] = (memory.refused[error.code] ?? 0) + 1;
      this.#handlers.onError(error, post);
    }
    return { duplicates: (memory.dropped.duplicate ?? 0) - before, error };
  }

  #pass(event: SecurityEvent, nowMs: number): void {
    const { repeats, dropped, channels } = this.#memory;
    const { id, name } = event.device;
    putLatest(channels, id, { name, lastSeenMs: nowMs }, channelsKept);

    const windowMs = this.#settings.repeatWindowMs;
    const isRepeated = windowMs > 0 && repeats.isRepeated(event.id, nowMs, windowMs);
    const reason = findReason(event, this.#settings) ?? (isRepeated ? 'duplicate' : undefined);
    if (reason !== undefined) {
      dropped[reason] = (dropped[reason] ?? 0) + 1;
      return;
    }
    this.#memory.sent += 1;
    this.#handlers.onEvent(event);
  }
}
