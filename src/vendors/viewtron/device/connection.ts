/** Calls to one device: one after another, each with a deadline; who calls is told as the device asks for it. */
import type { Clock } from '../../../clock';
import { toError } from '../../../errors';
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
import { isJpeg } from '../../../wire/jpeg';
import { decodeText } from '../../../wire/xml';
import { attributeOfElement, parseXmlSource, type XmlSource } from '../../../wire/xml-source';
import { codeMeanings, DeviceError, toDeviceError, type FailureFields } from './failure';

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

export interface Call {
  readonly command: string;
  readonly channel?: number | undefined;
  /** Behind the channel: `Stop` of `PtzControl`. */
  readonly action?: string | undefined;
  readonly method?: 'GET' | 'POST';
  readonly body?: string | undefined;
  /** True where doing it twice is as good as doing it once: it is tried again where the connection broke. */
  readonly isRepeatable: boolean;
}

export interface DeviceAnswer {
  /** Absent where the answer is a picture or has no body. */
  readonly document?: XmlSource;
  readonly picture?: Buffer;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

const busyCode = 7;
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
    return this.#read(call, answer);
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
      if (thrown instanceof ClientError) throw this.#explain(call, thrown);
      throw thrown;
    }
  }

  #explain(call: Call, { code, mayHaveActed, message, cause }: ClientError): DeviceError {
    const fields = { ...this.#fields(call), mayHaveActed, retryable: true, cause };
    const { host, port, isTls, timeoutMs } = this.address;
    const underneath = /\(([A-Z_0-9]+)\)/.exec(message)?.[1] ?? '';
    switch (code) {
      case 'server-timeout': {
        const reason = `no answer within ${timeoutMs / 1000} seconds; is the device starting, or is the host wrong`;
        return new DeviceError('timeout', reason, fields);
      }
      case 'server-unreachable': {
        const why =
          underneath === 'ENOTFOUND' ? `nobody knows the name "${host}"` : `nobody answers at ${host}:${port}`;
        const cure = 'check host and port, and whether the device has power and is not just rebooting';
        return new DeviceError('unreachable', `${why} (${underneath}); ${cure}`, fields);
      }
      case 'certificate-refused': {
        const isPlain = isTls && /WRONG_VERSION|PACKET_LENGTH/.test(underneath);
        const cure = isPlain
          ? 'the device speaks no TLS on this port; switch TLS off or use its HTTPS port'
          : "the device signs its certificate itself; allow that in the device's settings";
        return new DeviceError('certificate-refused', `the certificate is not believed (${underneath}); ${cure}`, {
          ...fields,
          retryable: false,
        });
      }
      case 'answer-too-large':
        return new DeviceError('answer-too-large', 'the answer has more than 8 MB', { ...fields, retryable: false });
      default: {
        const done = mayHaveActed && !call.isRepeatable ? '; it may have been done all the same' : '';
        const why = `the connection broke before the answer${underneath === '' ? '' : ` (${underneath})`}`;
        return new DeviceError('connection-lost', `${why}; did the device reboot${done}`, fields);
      }
    }
  }

  #read(call: Call, answer: ClientAnswer): DeviceAnswer {
    const { status, body } = answer;
    const type = answer.headers['content-type'] ?? '';
    // v1.9 answers with a key frame of the stream where it has no picture (reference 7.6)
    if (status < 300 && (isJpeg(body) || /^(image|video)\/|octet-stream/i.test(type))) return { picture: body };
    const fields = this.#fields(call);
    const document = this.#parse(call, answer);
    if (document !== undefined) {
      const failure = readFailure(document);
      if (failure !== undefined) throw this.#refuse(call, answer, failure);
      if (status < 300) return { document };
    }
    if (status < 300) {
      if (body.length === 0 && !call.command.startsWith('Get')) return {};
      throw new DeviceError('answer-empty', 'the answer is empty; is this a Viewtron (TVT) device', fields);
    }
    // newer firmware answers unknown commands with an empty 400 (reference 7.3)
    if (status === 400 || status === 404 || status === 405 || status === 501) {
      const cure = 'this model or firmware does not know the command; ask for supported-apis';
      throw new DeviceError('unknown-command', `HTTP ${status}: ${cure}`, fields);
    }
    if (status === 403) throw toDeviceError(4, `HTTP ${status}`, fields);
    if (status === 499) throw toDeviceError(499, undefined, fields);
    if (status === 503 || status === 429) throw toDeviceError(busyCode, `HTTP ${status}`, fields);
    if (status < 400) {
      const cure = 'the device wants to be called elsewhere; is HTTPS required there';
      throw new DeviceError('redirected', `HTTP ${status}: ${cure}`, fields);
    }
    throw new DeviceError('http-error', `HTTP ${status}: the device could not answer; look at its log`, {
      ...fields,
      retryable: status >= 500,
      mayHaveActed: true,
    });
  }

  #parse(call: Call, { status, body }: ClientAnswer): XmlSource | undefined {
    if (body.length === 0) return undefined;
    try {
      return parseXmlSource(decodeText(body).text);
    } catch (thrown) {
      if (status >= 300) return undefined;
      const start = body
        .toString('utf8', 0, 60)
        .replace(/[^\x20-\x7e]/g, ' ')
        .trim();
      const why = `the answer is no XML (${toError(thrown).message.slice(0, 120)}); it begins with "${start}"`;
      throw new DeviceError('answer-unreadable', `${why}. Is this a Viewtron (TVT) device`, {
        ...this.#fields(call),
        cause: thrown,
      });
    }
  }

  /** What `401` and the codes of failure mean; a wrong password is remembered. */
  #refuse(call: Call, answer: ClientAnswer, read?: Failure): DeviceError {
    const fields = this.#fields(call);
    let failure = read;
    if (failure === undefined) {
      const document = answer.body.length === 0 ? undefined : this.#parse(call, answer);
      failure = document && readFailure(document);
    }
    if (answer.status !== 401 && failure !== undefined && failure.errorCode !== 9) {
      return toDeviceError(failure.errorCode, failure.said, fields);
    }
    if (failure?.errorCode !== undefined && failure.errorCode !== 9 && codeMeanings[failure.errorCode] !== undefined) {
      return toDeviceError(failure.errorCode, failure.said, fields);
    }
    const { user } = this.address.credentials;
    const why = user === '' ? 'the device wants a user and a password' : 'wrong user or password';
    const { cure } = codeMeanings[9] ?? { cure: '' };
    const error = new DeviceError(
      'wrong-password',
      `${why} (${answer.status === 401 ? 'HTTP 401' : 'code 9'}); ${cure}. Nothing more is sent to the device until then, as it locks the user after some wrong attempts`,
      { ...fields, errorCode: failure?.errorCode },
    );
    this.#refusal = error;
    return error;
  }

  #fields({ command, channel }: Call): FailureFields {
    return { device: this.label, command, channel };
  }
}

interface Failure {
  readonly errorCode: number | undefined;
  readonly said: string | undefined;
}

/** `status` and `errorCode` of the root element: HTTP says 200 to many failures (reference 7.3). */
function readFailure({ root }: XmlSource): Failure | undefined {
  const status = attributeOfElement(root, 'status')?.toLowerCase();
  const digits = attributeOfElement(root, 'errorCode');
  const errorCode = digits !== undefined && /^\d{1,6}$/.test(digits) ? Number(digits) : undefined;
  if (errorCode === 0 || (errorCode === undefined && status !== 'failed')) return undefined;
  return { errorCode, said: attributeOfElement(root, 'errorDesc') };
}

function pathOf({ command, channel, action }: Call): string {
  const parts = [command, channel, action].filter((part) => part !== undefined);
  return `/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}
