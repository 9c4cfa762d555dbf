/** Calls to one device: one after another, each with a deadline; who calls is told as the device asks for it. */
import type { Clock } from '../../../clock';
import {
  chooseDigest,
  parseChallenges,
  writeBasic,
  writeDigest,
  type Challenge,
  type Credentials,
} from '../../../http/auth';
import { Client, ClientError, type ClientAnswer } from '../../../http/client';
import { backoffMs, untilAborted, wait } from '../../../http/retry';
import { explainNoAnswer, explainRefusal, readAnswer, type Call, type CallFields, type DeviceAnswer } from './answer';
import { DeviceError } from './failure';

export interface DeviceAddress {
  /** As the errors name it; empty: its address. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Devices sign their certificates themselves. */
  readonly acceptsAnyCertificate: boolean;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

const busyAttempts = 4;
const busyBaseMs = 1000;
const busyMostMs = 8000;
const contentType = 'application/xml; charset="UTF-8"';

export class Connection {
  readonly address: DeviceAddress;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #ended = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** The Digest challenge that the device accepted an answer to last. */
  #digest: { readonly challenge: Challenge; count: number } | undefined;
  /** Said again without asking: each further attempt with a wrong password brings the lock nearer. */
  #refusal: DeviceError | undefined;

  constructor(address: DeviceAddress, clock: Clock, random: () => number = Math.random) {
    this.address = address;
    this.#clock = clock;
    this.#random = random;
    const host = address.host.includes(':') && !address.host.startsWith('[') ? `[${address.host}]` : address.host;
    const origin = `${address.isTls ? 'https' : 'http'}://${host}:${address.port}`;
    this.#client = new Client(origin, clock, {
      connections: 1,
      acceptsAnyCertificate: address.acceptsAnyCertificate,
    });
  }

  /** Name and address, for errors. */
  get label(): string {
    const { name, host, port } = this.address;
    const where = `${host}:${port}`;
    return name === '' || name === host ? where : `${name} (${where})`;
  }

  /** Calls that wait for their turn or for an answer. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Sends when all calls before have ended.
   *
   * @throws DeviceError, or the signal's reason
   */
  async call(call: Call, { signal }: CallOptions = {}): Promise<DeviceAnswer> {
    const both = signal === undefined ? this.#ended.signal : AbortSignal.any([signal, this.#ended.signal]);
    const turn = this.#last.then(async () => {
      both.throwIfAborted();
      return this.#attempt(call, both);
    });
    this.#last = turn.catch(() => undefined);
    this.#waiting += 1;
    try {
      return await untilAborted(turn, both);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Ends what is under way, too. */
  async close(): Promise<void> {
    this.#ended.abort(
      new DeviceError('closed', 'the call was given up because the node was closed', {
        device: this.label,
        command: 'close',
        retryable: true,
      }),
    );
    await this.#client.close();
  }

  /** Busy devices are asked again after a while, broken connections once. */
  async #attempt(call: Call, signal: AbortSignal): Promise<DeviceAnswer> {
    let hasReconnected = false;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#exchange(call, signal);
      } catch (thrown) {
        if (!(thrown instanceof DeviceError)) throw thrown;
        const isBroken = thrown.code === 'connection-lost' && call.isRepeatable && !hasReconnected;
        if (isBroken) {
          hasReconnected = true;
          continue;
        }
        if (thrown.code !== 'busy' || attempt >= busyAttempts - 1) throw thrown;
        await wait(this.#clock, backoffMs(attempt, busyBaseMs, busyMostMs, this.#random), signal);
      }
    }
  }

  async #exchange(call: Call, signal: AbortSignal): Promise<DeviceAnswer> {
    if (this.#refusal !== undefined) throw this.#refusal;
    const hadDigest = this.#digest !== undefined;
    let answer = await this.#send(call, signal);
    if (answer.status === 401) {
      const challenges = parseChallenges(answer.headers['www-authenticate'] ?? '');
      const challenge = this.#chooseChallenge(challenges, hadDigest);
      if (challenge === undefined) throw this.#refuse(call, answer);
      this.#digest = { challenge, count: 0 };
      try {
        answer = await this.#send(call, signal);
      } catch (thrown) {
        // nobody knows whether it was right: the next answer must not count as a repetition
        if (!hadDigest) this.#digest = undefined;
        throw thrown;
      }
      if (answer.status === 401) {
        this.#digest = undefined;
        throw this.#refuse(call, answer);
      }
    }
    try {
      return readAnswer(call, answer, this.#fields(call));
    } catch (thrown) {
      if (thrown instanceof DeviceError && thrown.code === 'wrong-password') this.#refusal = thrown;
      throw thrown;
    }
  }

  #refuse(call: Call, answer: ClientAnswer): DeviceError {
    const error = explainRefusal(answer, this.#fields(call));
    if (error.code === 'wrong-password') this.#refusal = error;
    return error;
  }

  /**
   * Basic has been tried, or a nonce that was good before. Only a challenge that has not been answered yet is worth
   * another request: the same answer would be a wrong password twice.
   */
  #chooseChallenge(challenges: readonly Challenge[], hadDigest: boolean): Challenge | undefined {
    const digest = chooseDigest(challenges);
    if (hadDigest) return digest;
    // where Basic is taken, it is Basic's password that was wrong
    return challenges.some(({ scheme }) => scheme === 'basic') ? undefined : digest;
  }

  #authorize(method: string, uri: string): Record<string, string> {
    const { credentials } = this.address;
    if (credentials.user === '' && credentials.password === '') return {};
    const digest = this.#digest;
    if (digest === undefined) return { Authorization: writeBasic(credentials) };
    digest.count += 1;
    return { Authorization: writeDigest(digest.challenge, credentials, { method, uri, count: digest.count }) };
  }

  async #send(call: Call, signal: AbortSignal): Promise<ClientAnswer> {
    const { method = 'POST', body } = call;
    const path = pathOf(call);
    const headers = { ...this.#authorize(method, path), ...(body !== undefined && { 'Content-Type': contentType }) };
    try {
      return await this.#client.request(
        { method, path, headers, timeoutMs: this.address.timeoutMs, ...(body !== undefined && { body }) },
        { signal },
      );
    } catch (thrown) {
      if (thrown instanceof ClientError) throw explainNoAnswer(call, thrown, this.address, this.#fields(call));
      throw thrown;
    }
  }

  #fields({ command, channel }: Call): CallFields {
    return { device: this.label, user: this.address.credentials.user, command, channel };
  }
}

function pathOf({ command, channel, action }: Call): string {
  const parts = [command, channel, action].filter((part) => part !== undefined);
  return `/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}
