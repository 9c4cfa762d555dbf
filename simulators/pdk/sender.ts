/** PDK's side of a webhook: one signed delivery of one event, and the ways in which it can go wrong. */
import { createHmac } from 'node:crypto';
import { systemClock, type Clock } from '../clock';
import { Connection, type Exchange } from '../connection';

/** What PDK's cloud has to tell: one JSON object of either envelope. */
export interface Message {
  readonly topic: string;
  readonly [field: string]: unknown;
}

/** Whom a subscription names, and what it asks for. */
export interface Subscriber {
  readonly url: string;
  /** Without one PDK does not sign. */
  readonly secret?: string | undefined;
  /** `authentication` of the subscription; none: `None`. */
  readonly basic?: { readonly user: string; readonly password: string } | undefined;
  /** Topics of the subscription; none: all. */
  readonly topics?: readonly string[] | undefined;
}

export const deliveryFaults = ['wrong-signature', 'unsigned', 'duplicate', 'late', 'damaged', 'rubbish'] as const;

/**
 * `duplicate`: sent twice. `late`: an hour old. `damaged`: changed on its way, after it was signed. `rubbish`: signed, and no
 * JSON.
 */
export type DeliveryFault = (typeof deliveryFaults)[number];

/** PDK's document spells its header in two ways. */
export const signatureHeaders = ['X-PDK-SIGNATURE', 'X_PDK_SIGNATURE'] as const;

export interface DeliveryOptions {
  readonly header?: (typeof signatureHeaders)[number];
  readonly fault?: DeliveryFault | undefined;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface Delivery {
  /** Of the last answer; 0 when there was none. */
  readonly status: number;
  readonly bytes: number;
  readonly error?: string;
}

const lateMs = 3_600_000;
const replyTimeoutMs = 10_000;

/** Sends one event, if the subscription asks for its topic; undefined: it does not. Never rejects. */
export async function deliver(
  message: Message,
  to: Subscriber,
  options: DeliveryOptions = {},
): Promise<Delivery | undefined> {
  if (to.topics !== undefined && !to.topics.includes(message.topic)) return undefined;
  const { fault, header = signatureHeaders[0], clock = systemClock, timeoutMs = replyTimeoutMs } = options;
  const { signal, onExchange } = options;
  const signed = writeBody(message, fault);
  const url = new URL(to.url);
  const secure = url.protocol === 'https:';
  const connection = new Connection({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    secure,
    keepAlive: false,
    contentType: 'application/json',
    headers: { ...sign(signed, to.secret, header, fault), ...authenticate(to.basic) },
    replyTimeoutMs: timeoutMs,
    clock,
    ...(signal && { signal }),
    ...(onExchange && { onExchange }),
  });
  const bytes = signed.length;
  const sent = fault === 'damaged' ? damage(signed) : signed;
  try {
    const { status } = await connection.post(sent);
    return { status: fault === 'duplicate' ? (await connection.post(sent)).status : status, bytes };
  } catch (thrown) {
    return { status: 0, bytes, error: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    await connection.close();
  }
}

function writeBody(message: Message, fault: DeliveryFault | undefined): Buffer {
  const { metadata } = message;
  const isTimed = typeof metadata === 'object' && metadata !== null && 'occurred' in metadata;
  const told =
    fault === 'late' && isTimed
      ? { ...message, metadata: { ...metadata, occurred: Number(metadata.occurred) - lateMs } }
      : message;
  const body = Buffer.from(JSON.stringify(told));
  return fault === 'rubbish' ? body.subarray(0, Math.ceil(body.length / 2)) : body;
}

function sign(
  body: Buffer,
  secret: string | undefined,
  header: string,
  fault: DeliveryFault | undefined,
): Readonly<Record<string, string>> {
  if (secret === undefined || fault === 'unsigned') return {};
  const key = fault === 'wrong-signature' ? `${secret} but another` : secret;
  return { [header]: createHmac('sha1', key).update(body).digest('hex') };
}

function authenticate(basic: Subscriber['basic']): Readonly<Record<string, string>> {
  if (basic === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${basic.user}:${basic.password}`).toString('base64')}` };
}

/** As a proxy does that writes JSON anew: the same value in other bytes. */
function damage(body: Buffer): Buffer {
  return Buffer.from(body.toString().replaceAll(':', ': '));
}
