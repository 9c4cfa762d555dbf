/** The token of one account: asked for once at a time, used by everybody until shortly before it expires. */
import type { Clock, Timer } from '../../../clock';
import { ClientError, type Client, type ClientAnswer } from '../../../http/client';
import { backoffMs, untilAborted, wait } from '../../../http/retry';
import { parseJson } from '../../../wire/json';
import { isTree } from '../../../wire/read';
import { numberOf, wordOf } from '../wire';
import { PdkCloudError, toTokenFailure, unreadable } from './failure';
import { readWaitMs } from './pace';

export interface Login {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Token {
  readonly value: string;
  readonly arrivedMs: number;
  readonly lifeMs: number;
}

const path = '/oauth2/token';
/** What PDK's own client waits. */
const timeoutMs = 60_000;
const standardLifeSeconds = 300;
/** A token is not used in its last seconds: the call takes time, and clocks differ. */
const renewedEarlyMs = 30_000;
const attempts = 4;
/** Wrong credentials stay wrong: so long nobody asks again, however often a flow does. */
const refusalHeldMs = 10_000;

export class Tokens {
  /** Secrets that no text may show. */
  readonly secrets: readonly string[];
  readonly #client: Client;
  readonly #login: Login;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  #token: Token | undefined;
  #flight: Promise<string> | undefined;
  #refusal: { readonly error: PdkCloudError; readonly sinceMs: number } | undefined;
  /** Timers count the machine's own time: a clock that is set back would make a token last too long. */
  #expiry: Timer | undefined;

  constructor(client: Client, login: Login, clock: Clock, random: () => number) {
    this.#client = client;
    this.#login = login;
    this.#clock = clock;
    this.#random = random;
    this.secrets = [login.clientSecret, basicOf(login)].filter((secret) => secret !== '');
  }

  /** @throws PdkCloudError, or the signal's reason */
  get({ signal }: { readonly signal?: AbortSignal } = {}): Promise<string> {
    const token = this.#token;
    if (token !== undefined && this.#isFresh(token)) return Promise.resolve(token.value);
    const refusal = this.#refusal;
    // negative: the clock was set back
    const heldMs = refusal === undefined ? -1 : this.#clock.now() - refusal.sinceMs;
    if (refusal !== undefined && heldMs >= 0 && heldMs < refusalHeldMs) return Promise.reject(refusal.error);
    // the request is everybody's: who leaves does not end it for the others
    this.#flight ??= this.#fetch().finally(() => {
      this.#flight = undefined;
    });
    return untilAborted(this.#flight, signal);
  }

  /** For a token that was refused: a newer one stays. */
  drop(value: string): void {
    if (this.#token?.value === value) this.#forget();
  }

  close(): void {
    this.#forget();
    this.#closing.abort(new PdkCloudError('pdk-closed', true, 'the account was closed'));
  }

  #isFresh({ arrivedMs, lifeMs }: Token): boolean {
    return this.#clock.now() - arrivedMs < lifeMs;
  }

  #forget(): void {
    this.#expiry?.cancel();
    this.#token = undefined;
  }

  async #fetch(): Promise<string> {
    try {
      const token = readToken(await this.#request(), this.#clock.now(), this.#what());
      this.#forget();
      this.#refusal = undefined;
      this.#token = token;
      this.#expiry = this.#clock.after(token.lifeMs, () => this.drop(token.value));
      return token.value;
    } catch (thrown) {
      if (thrown instanceof PdkCloudError && !thrown.retryable) {
        this.#refusal = { error: thrown, sinceMs: this.#clock.now() };
      }
      throw thrown;
    }
  }

  async #request(): Promise<ClientAnswer> {
    const signal = this.#closing.signal;
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt + 1 >= attempts;
      let waitMs: number | undefined;
      try {
        const answer = await this.#client.request(
          {
            method: 'POST',
            path,
            headers: {
              authorization: `Basic ${basicOf(this.#login)}`,
              'content-type': 'application/x-www-form-urlencoded',
              accept: 'application/json',
            },
            body: 'grant_type=client_credentials',
            timeoutMs,
          },
          { signal },
        );
        if (answer.status === 200) return answer;
        const failure = toTokenFailure(this.#what(), answer, this.secrets);
        if (isLast || !failure.retryable) throw failure;
        waitMs = readWaitMs(answer, this.#clock);
      } catch (thrown) {
        if (!(thrown instanceof ClientError)) throw thrown;
        if (isLast) throw new PdkCloudError(thrown.code, true, thrown.message, { cause: thrown });
      }
      await wait(this.#clock, waitMs ?? backoffMs(attempt, 1000, 15_000, this.#random), signal);
    }
  }

  #what(): string {
    return `POST ${this.#client.origin}${path}`;
  }
}

/** The values as they are: PDK's own samples do not encode them, and real ones are letters and digits. */
function basicOf({ clientId, clientSecret }: Login): string {
  return Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
}

/** The API takes the `id_token`; the access token beside it is for nothing. */
function readToken(answer: ClientAnswer, nowMs: number, what: string): Token {
  let tree: unknown;
  try {
    tree = parseJson(answer.body);
  } catch {
    throw unreadable(what, 'it is not JSON');
  }
  const value = isTree(tree) ? wordOf(tree, 'id_token') : undefined;
  if (!isTree(tree) || value === undefined) throw unreadable(what, 'it has no id_token');
  const told = numberOf(tree, 'expires_in') ?? Number(wordOf(tree, 'expires_in'));
  const seconds = told > 0 && Number.isFinite(told) ? told : standardLifeSeconds;
  return { value, arrivedMs: nowMs, lifeMs: Math.max(0, Math.min(seconds, 86_400) * 1000 - renewedEarlyMs) };
}
