/** What goes wrong at PDK's cloud, as errors that say what to do: the one place that maps its answers to them. */
import { SecurityEventsError, type ErrorFields } from '../../../errors';
import { hideSecrets } from '../../../http/ledger';
import type { ClientAnswer } from '../../../http/client';
import { parseJson } from '../../../wire/json';
import { isTree } from '../../../wire/read';

export interface FailureFields extends ErrorFields {
  readonly status?: number;
  readonly serverMessage?: string;
  readonly mayHaveActed?: boolean;
}

export class PdkCloudError extends SecurityEventsError {
  /** Of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** The server's own words, secrets masked. */
  readonly serverMessage: string | undefined;
  /** Whether the cloud can have done what it was asked to. */
  readonly mayHaveActed: boolean;

  constructor(code: string, retryable: boolean, message: string, fields: FailureFields = {}) {
    super(code, retryable, message, fields);
    this.status = fields.status;
    this.serverMessage = fields.serverMessage;
    this.mayHaveActed = fields.mayHaveActed ?? false;
  }

  /** The same, of a call that an attempt before may have carried out. */
  asUncertain(): PdkCloudError {
    if (this.mayHaveActed) return this;
    const { code, retryable, message, status, serverMessage, cause } = this;
    return new PdkCloudError(code, retryable, message, {
      mayHaveActed: true,
      ...(cause !== undefined && { cause }),
      ...(status !== undefined && { status }),
      ...(serverMessage !== undefined && { serverMessage }),
    });
  }
}

/** The server's words are shown up to here. */
const shownCharacters = 300;

/** What each status means, and what to do about it (reference 2.4). The document shows no error at all. */
const meanings: Readonly<Record<number, readonly [code: string, cure: string]>> = {
  400: ['pdk-refused', 'mend what it complains of; the same call fails again'],
  401: ['pdk-unauthorized', 'it refuses a fresh token too: check client id and secret of the account'],
  403: [
    'pdk-forbidden',
    "at pdk.io, give the permission for the application's e-mail address directly on that organization, or use the organization above it with a recursive scope",
  ],
  404: ['pdk-not-found', 'check the ids of the organization and of the subscription'],
  409: ['pdk-refused', 'mend what it complains of; the same call fails again'],
  422: ['pdk-refused', 'mend what it complains of; the same call fails again'],
  429: [
    'pdk-rate-limited',
    'it takes 10 writes and 35 calls a second from all that use this client id: call less often',
  ],
};

/** @param what method and address, as a person would look it up */
export function toAnswerFailure(what: string, answer: ClientAnswer, secrets: readonly string[]): PdkCloudError {
  const { status } = answer;
  const serverMessage = readServerMessage(answer, secrets);
  const [code, cure] = meanings[status] ?? otherMeaning(status);
  const said = serverMessage === undefined ? '' : ` "${serverMessage}"`;
  const isTemporary = status === 429 || status >= 500;
  return new PdkCloudError(code, isTemporary, `${what}: PDK answers ${status}${said}; ${cure}`, {
    status,
    mayHaveActed: status >= 500,
    ...(serverMessage !== undefined && { serverMessage }),
  });
}

/** Of the token endpoint, where 400 and 401 mean that client id and secret are wrong. */
export function toTokenFailure(what: string, answer: ClientAnswer, secrets: readonly string[]): PdkCloudError {
  const failure = toAnswerFailure(what, answer, secrets);
  if (answer.status === 404) {
    // not `pdk-not-found`: nobody has said anything about a subscription
    const message = `${what}: PDK answers 404: there is no login at that address; check the base URL of the account`;
    return new PdkCloudError('pdk-login-refused', false, message, { status: answer.status });
  }
  if (answer.status !== 400 && answer.status !== 401 && answer.status !== 403) return failure;
  const { status, serverMessage } = failure;
  const said = serverMessage === undefined ? '' : ` "${serverMessage}"`;
  const message = `${what}: PDK answers ${status}${said}: client id or client secret is wrong; copy both again from what PDK's integrations team sent`;
  return new PdkCloudError('pdk-login-refused', false, message, {
    status: answer.status,
    ...(serverMessage !== undefined && { serverMessage }),
  });
}

export function unreadable(what: string, reason: string): PdkCloudError {
  const message = `${what}: the answer is not one of PDK (${reason}); check the base URL, and what stands in between`;
  return new PdkCloudError('pdk-answer-unreadable', false, message, { mayHaveActed: true });
}

function otherMeaning(status: number): readonly [code: string, cure: string] {
  if (status >= 500) return ['pdk-server-error', 'that is temporary; try again later'];
  if (status >= 300 && status < 400) return ['pdk-redirected', 'check the base URL: calls are not redirected'];
  return ['pdk-refused', 'see what it says'];
}

/** JSON with a `message`, as far as anybody has seen; HTML of a proxy; nothing at all. */
function readServerMessage({ body }: ClientAnswer, secrets: readonly string[]): string | undefined {
  const forms = secrets.flatMap(formsOf);
  // hidden before tags are taken out: a secret may look like one
  const text = hideSecrets(body.toString('utf8', 0, 16_384), forms);
  const found = readField(body) ?? text.replace(/<(script|style)[^]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  const clean = hideSecrets(found, forms)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (clean === '') return undefined;
  return clean.length > shownCharacters ? `${clean.slice(0, shownCharacters)} ...` : clean;
}

/** As pages and bodies write it when they repeat what was sent. */
function formsOf(secret: string): readonly string[] {
  const open = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const html = open.replace(/>/g, '&gt;');
  const plain = [secret, open, html, html.replace(/"/g, '&quot;'), html.replace(/"/g, '&#34;').replace(/'/g, '&#39;')];
  const inText = (text: string): string => JSON.stringify(text).slice(1, -1);
  const escaped = plain.map(inText);
  // the longest first: one form may stand in another
  return [...new Set([...escaped.map(inText), ...escaped, ...plain])];
}

function readField(body: Buffer): string | undefined {
  try {
    const tree = parseJson(body);
    if (!isTree(tree)) return undefined;
    const words = [tree.message, tree.error_description, tree.error].filter((word) => typeof word === 'string');
    return words.find((word) => word !== '');
  } catch {
    return undefined;
  }
}
