/** Camio's side of a callback: one request with the headers of a person's choice, and the ways in which it can go wrong. */
import { systemClock, type Clock } from '../clock';
import { Connection, type Exchange } from '../connection';

/** What a person has entered at camio.com/domains. */
export interface Endpoint {
  readonly url: string;
  readonly method?: string;
  /** Nothing else is sent: without a `Content-Type` here there is none. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const callbackFaults = [
  'duplicate',
  'truncated',
  'single-quotes',
  'no-headers',
  'wrong-secret',
  'empty',
  'array',
] as const;

/**
 * `duplicate`: sent twice. `truncated`: half of it. `single-quotes`: as the vendor prints one of his samples.
 * `wrong-secret`: each header has another value. `array`: in a list, which nobody has seen.
 */
export type CallbackFault = (typeof callbackFaults)[number];

export interface CallbackOptions {
  readonly fault?: CallbackFault | undefined;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}

export interface Callback {
  /** Of the last answer; 0 when there was none. */
  readonly status: number;
  readonly bytes: number;
  readonly error?: string;
}

const replyTimeoutMs = 10_000;

/** Never rejects. */
export async function callBack(content: object, to: Endpoint, options: CallbackOptions = {}): Promise<Callback> {
  const { fault, clock = systemClock, timeoutMs = replyTimeoutMs, signal, onExchange } = options;
  const body = writeBody(content, fault);
  const url = new URL(to.url);
  const secure = url.protocol === 'https:';
  const connection = new Connection({
    method: to.method ?? 'POST',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    secure,
    keepAlive: false,
    contentType: '',
    headers: writeHeaders(to.headers ?? {}, fault),
    replyTimeoutMs: timeoutMs,
    clock,
    ...(signal && { signal }),
    ...(onExchange && { onExchange }),
  });
  try {
    const { status } = await connection.post(body);
    return { status: fault === 'duplicate' ? (await connection.post(body)).status : status, bytes: body.length };
  } catch (thrown) {
    return { status: 0, bytes: body.length, error: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    await connection.close();
  }
}

function writeBody(content: object, fault: CallbackFault | undefined): Buffer {
  const text = JSON.stringify(fault === 'array' ? [content] : content);
  if (fault === 'empty') return Buffer.alloc(0);
  if (fault === 'truncated') return Buffer.from(text.slice(0, text.length / 2));
  return Buffer.from(fault === 'single-quotes' ? text.replaceAll('"', "'") : text);
}

function writeHeaders(
  headers: Readonly<Record<string, string>>,
  fault: CallbackFault | undefined,
): Readonly<Record<string, string>> {
  if (fault === 'no-headers') return {};
  if (fault !== 'wrong-secret') return headers;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value} but another`]));
}
