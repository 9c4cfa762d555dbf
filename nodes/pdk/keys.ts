/** The secrets of one webhook node: those of its dialog, or what they were renewed to while it ran. */
import type { Clock } from '../../src/clock';
import { SetupError, toError } from '../../src/errors';
import type { Trust } from '../../src/vendors/pdk/receive';
import { isTree } from '../../src/wire/read';
import type { Safe } from '../safe';

/** The longest that PDK takes. */
const longestSecret = 255;

/** A secret that took another's place. */
export interface Renewal {
  /** What the dialog held then. */
  readonly configured: string;
  readonly secret: string;
  readonly previous: string;
  /** Milliseconds since 1970 UTC; null: until PDK is known to sign with the new one, or a person takes it out. */
  readonly untilMs: number | null;
}

/** Whom a running node believes. */
export class Keys implements Trust {
  readonly acceptUnsigned: boolean;
  readonly #safe: Safe<Renewal>;
  readonly #clock: Clock;
  readonly #configured: string;
  #renewal: Renewal;

  /** @param safe keeps what was renewed; what it holds counts as long as nobody has put another secret into the dialog */
  constructor({ secret, previousSecret: previous, acceptUnsigned }: Trust, safe: Safe<Renewal>, clock: Clock) {
    this.acceptUnsigned = acceptUnsigned;
    this.#safe = safe;
    this.#clock = clock;
    this.#configured = secret;
    this.#renewal = { configured: secret, secret, previous, untilMs: null };
    const kept = safe.read();
    if (kept === undefined) return;
    // a Deploy has put both into the dialog, where a person may have changed them since; or the dialog is as it was
    const isInDialog = kept.secret === secret;
    if (isInDialog ? kept.previous !== previous : kept.configured !== secret) {
      this.#safe.forget().catch(() => undefined);
      return;
    }
    this.#renewal = { ...kept, configured: secret };
    if (kept.configured !== secret) this.#safe.write(this.#renewal).catch(() => undefined);
  }

  get secret(): string {
    return this.#renewal.secret;
  }

  get previousSecret(): string {
    const { previous, untilMs } = this.#renewal;
    return untilMs === null || this.#clock.now() < untilMs ? previous : '';
  }

  /** Nobody could be believed: everything is refused. */
  get isClosed(): boolean {
    return this.secret === '' && this.previousSecret === '' && !this.acceptUnsigned;
  }

  /** Whether others count than the dialog's. */
  get areRenewed(): boolean {
    return this.secret !== this.#configured;
  }

  /** What must never be shown. */
  get all(): readonly string[] {
    const { secret, previous } = this.#renewal;
    return [this.#configured, secret, previous].filter((each) => each !== '');
  }

  /**
   * @param graceMs how long the present one goes on counting; Infinity: until {@link endPrevious} says so
   * @returns takes it back, from the keys that have taken the place of these where a Deploy came between
   */
  async renew(next: string, graceMs: number): Promise<(living?: Keys) => Promise<void>> {
    if (next === '' || next.length > longestSecret) {
      const message = `the new secret must have 1 to ${longestSecret} characters, not ${next.length}`;
      throw new SetupError('setting-invalid', message, { place: 'secret' });
    }
    const before = this.#renewal;
    if (next === before.secret) return () => Promise.resolve();
    const untilMs = graceMs === Infinity ? null : this.#clock.now() + graceMs;
    const renewal = { configured: this.#configured, secret: next, previous: before.secret, untilMs };
    this.#renewal = renewal;
    try {
      await this.#safe.write(renewal);
    } catch (thrown) {
      this.#renewal = before;
      // what could not be written may be written with the next change of anything else
      await this.#keep(before).catch(() => undefined);
      const message = `the new secret could not be kept, so the present one stays: ${toError(thrown).message}`;
      throw new SetupError('secret-not-kept', message, { cause: thrown, place: 'secret', retryable: true });
    }
    return (living: Keys = this) => living.#restore(renewal, before);
  }

  /** PDK is known to sign with the present one: the one before counts for so long from now on. */
  async endPrevious(graceMs: number): Promise<void> {
    const { configured, secret, previous, untilMs } = this.#renewal;
    // one that a person has put into the dialog is the person's
    if (untilMs !== null || previous === '' || this.#safe.read()?.secret !== secret) return;
    this.#renewal = { configured, secret, previous, untilMs: this.#clock.now() + graceMs };
    await this.#safe.write(this.#renewal);
  }

  async #restore(renewal: Renewal, before: Renewal): Promise<void> {
    // a later one has its own way back
    if (this.#renewal.secret !== renewal.secret || this.#renewal.previous !== renewal.previous) return;
    this.#renewal = { ...before, configured: this.#configured };
    await this.#keep(this.#renewal);
  }

  #keep(renewal: Renewal): Promise<void> {
    const isOfDialog = renewal.untilMs === null && renewal.secret === renewal.configured;
    return isOfDialog ? this.#safe.forget() : this.#safe.write(renewal);
  }
}

export function isRenewal(value: unknown): value is Renewal {
  if (!isTree(value)) return false;
  const { configured, secret, previous, untilMs } = value;
  const areTexts = [configured, secret, previous].every((each) => typeof each === 'string');
  return areTexts && (untilMs === null || typeof untilMs === 'number');
}
