/**
 * Requests to one server of somebody else's: a deadline for each, answers of bounded size, connections kept open and
 * shared. Of each failure it says whether the server can have acted on the request: only then is a repetition a risk.
 */
import { Pool } from 'undici';
import type { Clock } from '../clock';
import { SecurityEventsError, toError } from '../errors';
import { isTree } from '../wire/read';

export interface ClientRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface ClientAnswer {
  readonly status: number;
  /** Lower-case names; what came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** No answer. Trying again may help. */
export class ClientError extends SecurityEventsError {
  /** False where the request cannot have reached the server. */
  readonly mayHaveActed: boolean;

  constructor(code: string, message: string, mayHaveActed: boolean, cause?: unknown) {
    super(code, true, message, { cause });
    this.mayHaveActed = mayHaveActed;
  }
}

export interface ClientSettings {
  readonly connections?: number;
  /** True where a certificate that nobody vouches for is taken, too: devices have no other. */
  readonly acceptsAnyCertificate?: boolean;
}

const largestAnswerBytes = 8 * 1024 * 1024;
const defaultConnections = 8;
const connectTimeoutMs = 10_000;

/** Failures before a request could be written: of names, routes, ports. */
const beforeSending = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const ofCertificate = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/;

export class Client {
  readonly origin: string;
  readonly #clock: Clock;
  readonly #pool: Pool;

  /** @param origin `https://accounts.example.com` */
  constructor(origin: string, clock: Clock, settings: ClientSettings = {}) {
    const { connections = defaultConnections, acceptsAnyCertificate = false } = settings;
    this.origin = origin;
    this.#clock = clock;
    // the deadline is ours, so that it covers all of a call and a test can turn its hands
    this.#pool = new Pool(origin, {
      connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs, rejectUnauthorized: !acceptsAnyCertificate },
    });
  }

  /** @throws ClientError, or the signal's reason */
  async request(request: ClientRequest, options: { readonly signal?: AbortSignal } = {}): Promise<ClientAnswer> {
    const { method, path, headers, body = null, timeoutMs } = request;
    const what = `${method} ${this.origin}${path.replace(/\?.*$/s, '')}`;
    const deadline = new AbortController();
    const timer = this.#clock.after(timeoutMs, () => {
      const message = `${what}: no answer within ${timeoutMs / 1000} seconds`;
      deadline.abort(new ClientError('server-timeout', message, true));
    });
    const signal = options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal;
    try {
      const reply = await this.#pool.request({ method, path, headers: { ...headers }, body, signal });
      const answer = await readBody(reply.body, what);
      return { status: reply.statusCode, headers: joinHeaders(reply.headers), body: answer };
    } catch (thrown) {
      options.signal?.throwIfAborted();
      throw toClientError(thrown, what);
    } finally {
      timer.cancel();
    }
  }

  /** Ends what is under way, too. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

async function readBody(body: AsyncIterable<Buffer>, what: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > largestAnswerBytes) {
      throw new ClientError('answer-too-large', `${what}: the answer has more than ${largestAnswerBytes} bytes`, true);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function joinHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}

/** A new error: those of the library carry what was sent, secrets and all. */
function toClientError(thrown: unknown, what: string): ClientError {
  if (thrown instanceof ClientError) return thrown;
  const code = isTree(thrown) && typeof thrown.code === 'string' ? thrown.code : '';
  if (beforeSending.test(code)) {
    const cure = 'check the network, the name and the port';
    return new ClientError('server-unreachable', `${what}: the server cannot be reached (${code}); ${cure}`, false);
  }
  if (ofCertificate.test(code)) {
    const cure = 'check the clock of this machine, and whether something in between reads along';
    return new ClientError('certificate-refused', `${what}: the certificate is not believed (${code}); ${cure}`, false);
  }
  const reason = code === '' ? toError(thrown).message : code;
  return new ClientError('connection-lost', `${what}: the connection broke before the answer (${reason})`, true);
}
