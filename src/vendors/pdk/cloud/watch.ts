/** Looks at subscriptions from time to time, and speaks when one is switched off, expires, has delivered, came or went. */
import type { Clock, Timer } from '../../../clock';
import { toError } from '../../../errors';
import type { PublicSubscription } from './subscription';

const watched = ['active', 'expiresAt', 'odometer'] as const;

export interface Difference {
  /** Undefined: it had none. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface Change {
  readonly id: string;
  readonly name: string | undefined;
  /** `appeared`, `gone`, or what differs. */
  readonly what: readonly string[];
  readonly active?: Difference;
  readonly expiresAt?: Difference;
  readonly odometer?: Difference;
  /** As it is now, or as it was. */
  readonly subscription: PublicSubscription;
}

export function findChanges(
  before: readonly PublicSubscription[],
  now: readonly PublicSubscription[],
): readonly Change[] {
  const known = new Map(before.map((each) => [each.id, each]));
  const left = new Set(now.map(({ id }) => id));
  const changes = now.flatMap((each) => {
    const old = known.get(each.id);
    if (old === undefined) return [toChange(each, ['appeared'])];
    const what = watched.filter((field) => old[field] !== each[field]);
    const differences = Object.fromEntries(what.map((field) => [field, { from: old[field], to: each[field] }]));
    return what.length === 0 ? [] : [{ ...toChange(each, what), ...differences }];
  });
  const gone = before.filter(({ id }) => !left.has(id)).map((each) => toChange(each, ['gone']));
  return [...changes, ...gone];
}

function toChange(subscription: PublicSubscription, what: readonly string[]): Change {
  return { id: subscription.id, name: subscription.name, what, subscription };
}

export interface WatchHandlers {
  readonly look: () => Promise<readonly PublicSubscription[]>;
  /** After every look: what there is, and what has changed since the one before. */
  readonly onLook: (subscriptions: readonly PublicSubscription[], changes: readonly Change[]) => void;
  readonly onError: (error: Error) => void;
}

/** One look at a time; the next comes an interval after the last has ended. */
export class Watch {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #handlers: WatchHandlers;
  #timer: Timer | undefined;
  #isClosed = false;
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #before: readonly PublicSubscription[] | undefined;

  constructor(clock: Clock, intervalMs: number, handlers: WatchHandlers) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#handlers = handlers;
  }

  /** Looks now, or as soon as the look that is under way has ended. Never rejects. */
  look(): Promise<void> {
    if (this.#looking === undefined) {
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined;
      });
      return this.#looking;
    }
    // one for all who ask meanwhile: it sees what they know
    this.#next ??= this.#looking.then(() => {
      this.#next = undefined;
      return this.look();
    });
    return this.#next;
  }

  async #look(): Promise<void> {
    this.#timer?.cancel();
    if (this.#isClosed) return;
    try {
      const now = await this.#lookWell();
      if (this.#isClosed) return;
      const changes = this.#before === undefined ? [] : findChanges(this.#before, now);
      this.#before = now;
      this.#handlers.onLook(now, changes);
    } catch (thrown) {
      if (!this.#isClosed) this.#handlers.onError(toError(thrown));
    }
    if (!this.#isClosed) this.#timer = this.#clock.after(this.#intervalMs, () => void this.look());
  }

  /** What moved from one page of the list to another while they were read is on neither: that one is looked for again. */
  async #lookWell(): Promise<readonly PublicSubscription[]> {
    const now = await this.#handlers.look();
    const found = new Map(now.map((each) => [each.id, each]));
    const isWhole = this.#before?.every(({ id }) => found.has(id)) ?? true;
    if (isWhole || this.#isClosed) return now;
    for (const each of await this.#handlers.look()) found.set(each.id, each);
    return [...found.values()];
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }
}
