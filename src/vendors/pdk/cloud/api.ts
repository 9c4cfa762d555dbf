/** Calls to PDK's cloud for one account: token, deadline, repetitions that do no harm, rate limits, errors with a cure. */
import type { Clock } from '../../../clock';
import { Client, ClientError, type ClientAnswer, type ClientRequest } from '../../../http/client';
import { backoffMs, wait } from '../../../http/retry';
import { parseJson } from '../../../wire/json';
import { PdkCloudError, toAnswerFailure, unreadable } from './failure';
import { Pace, readWaitMs } from './pace';
import { Tokens, type Login } from './token';

export interface ApiOptions {
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
}

export interface ApiCall {
  readonly method: ClientRequest['method'];
  /** Below `/api`; parts of it percent-encoded. */
  readonly path: string;
  readonly body?: object;
  /** What a text about the call must not show. */
  readonly secrets?: readonly string[];
}

export interface Reply {
  readonly status: number;
  readonly headers: ClientAnswer['headers'];
  /** Undefined where the answer has no body. */
  readonly value: unknown;
}

const timeoutMs = 10_000;
const attempts = 4;
/** A list of all subscriptions of a large dealer, each with all topics, is far below that. */
const answerLimits = { depth: 32, values: 500_000, names: 10_000 };

export class PdkApi {
  readonly origin: string;
  readonly #client: Client;
  readonly #tokens: Tokens;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #pace: Pace;
  readonly #closing = new AbortController();

  constructor(origin: string, login: Login, { clock, random }: ApiOptions) {
    this.origin = origin;
    this.#client = new Client(origin, clock);
    this.#tokens = new Tokens(this.#client, login, clock, random);
    this.#clock = clock;
    this.#random = random;
    this.#pace = new Pace(clock);
  }

  /**
   * One call. Repeated are a 401 (once, with a new token) and a 429: both were refused before anything was done; and
   * what can do no harm twice. A POST is repeated only where it cannot have reached the cloud.
   *
   * @throws PdkCloudError, or the signal's reason
   */
  async call(call: ApiCall, { signal: own }: { readonly signal?: AbortSignal } = {}): Promise<Reply> {
    const signal = own ? AbortSignal.any([own, this.#closing.signal]) : this.#closing.signal;
    const what = `${call.method} ${this.origin}/api${call.path}`;
    let isRenewed = false;
    /** One attempt may have done it although a later one was refused. */
    let mayHaveActed = false;
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const pause = this.#pace.waitMs;
      if (pause > 0) await wait(this.#clock, pause, signal);
      const token = await this.#tokens.get({ signal }).catch((thrown: unknown) => {
        throw mayHaveActed && thrown instanceof PdkCloudError ? thrown.asUncertain() : thrown;
      });
      const secrets = [...this.#tokens.secrets, token, ...(call.secrets ?? [])].filter((secret) => secret !== '');
      const isLast = attempt + 1 >= attempts;
      let waitMs: number | undefined;
      try {
        const answer = await this.#send(call, token, signal);
        this.#pace.note(answer);
        if (answer.status >= 200 && answer.status < 300) return toReply(answer, what);
        if (answer.status === 401) {
          this.#tokens.drop(token);
          if (!isRenewed) {
            isRenewed = true;
            // a refused token is no attempt: the cloud did not look at the call
            attempt -= 1;
            continue;
          }
        }
        const failure = toAnswerFailure(what, answer, secrets);
        const mayRepeat = answer.status === 429 || (failure.retryable && call.method !== 'POST');
        mayHaveActed ||= failure.mayHaveActed;
        if (isLast || !mayRepeat) throw mayHaveActed ? failure.asUncertain() : failure;
        waitMs = readWaitMs(answer, this.#clock);
      } catch (thrown) {
        if (!(thrown instanceof ClientError)) throw thrown;
        const { code, message } = thrown;
        mayHaveActed ||= thrown.mayHaveActed;
        const mayRepeat = call.method !== 'POST' || !thrown.mayHaveActed;
        if (isLast || !mayRepeat) throw new PdkCloudError(code, true, message, { cause: thrown, mayHaveActed });
      }
      await wait(this.#clock, waitMs ?? backoffMs(attempt, 1000, 15_000, this.#random), signal);
    }
  }

  /** The token alone, for a test of the account. */
  async login(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#tokens.get(options);
  }

  /** Ends every call that is under way. */
  async close(): Promise<void> {
    const message = 'the account was closed while a call was under way';
    this.#closing.abort(new PdkCloudError('pdk-closed', true, message, { mayHaveActed: true }));
    this.#tokens.close();
    await this.#client.close();
  }

  #send({ method, path, body }: ApiCall, token: string, signal: AbortSignal): Promise<ClientAnswer> {
    const request: ClientRequest = {
      method,
      path: `/api${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs,
    };
    return this.#client.request(request, { signal });
  }
}

/** PUT and DELETE answer 204 with nothing in it. */
function toReply({ status, headers, body }: ClientAnswer, what: string): Reply {
  if (body.length === 0) return { status, headers, value: undefined };
  try {
    return { status, headers, value: parseJson(body, answerLimits) };
  } catch {
    // a change that was made is made, whatever is said about it
    if (status === 204) return { status, headers, value: undefined };
    throw unreadable(what, 'it is not JSON');
  }
}
