/** Which failures a person is told of: not the same one with every poll of a night. */
import type { Clock } from '../../clock';
import type { SecurityEventsError } from '../../errors';
import { ClientError } from '../../http/client';

const tellEveryMs = 60_000;

/** Tells each kind of failure once until it goes well again, and once a minute where it comes and goes. */
export class Troubles {
  readonly #clock: Clock;
  readonly #onError: (error: SecurityEventsError) => void;
  /** Those that last. */
  readonly #lasting = new Set<string>();
  readonly #toldMs = new Map<string, number>();

  constructor(clock: Clock, onError: (error: SecurityEventsError) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  tell(error: SecurityEventsError): void {
    const now = this.#clock.now();
    // who is switched off cuts a connection, then takes none, then perhaps does not answer at all: that is one trouble
    const trouble = error instanceof ClientError ? 'no answer' : error.code;
    const isFresh = now - (this.#toldMs.get(trouble) ?? -Infinity) < tellEveryMs;
    if (isFresh || this.#lasting.has(trouble)) return;
    this.#lasting.add(trouble);
    this.#toldMs.set(trouble, now);
    this.#onError(error);
  }

  /** It goes well again: all, or what is named by its code. */
  end(code?: string): void {
    if (code === undefined) this.#lasting.clear();
    else this.#lasting.delete(code);
  }
}
