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
/** They are read up to here: to look for names of secrets takes time with the square of the letters. */
const readCharacters = 2048;

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
  const found = readField(body) ?? readPage(body, forms);
  const clean = hideSecrets(cutShort(found, forms), forms)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (clean === '') return undefined;
  return clean.length > shownCharacters ? `${clean.slice(0, shownCharacters)} ...` : clean;
}

function readPage(body: Buffer, forms: readonly string[]): string {
  // a letter has four bytes at most: none that is read is cut
  const text = cutShort(body.toString('utf8', 0, 4 * readCharacters), forms);
  // hidden before tags are taken out: a secret may look like one; what was cut need not have an end
  return hideSecrets(text, forms)
    .replace(/<(script|style)[^]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<[^<>]*>|<[a-z!/?][^<>]*$/gi, ' ');
}

/** The beginning of a text; one that ends like the beginning of a secret ends in front of it, as its rest is cut off. */
function cutShort(text: string, forms: readonly string[]): string {
  if (text.length <= readCharacters) return text;
  const known = [...new Set(forms.flatMap((form) => [form, encodeURIComponent(form)]))];
  let end = readCharacters;
  // again, because this end may go through another secret; a text that goes on so was made for it
  for (let time = 0; time < 10; time += 1) {
    const start = text.slice(0, end);
    const begun = Math.max(0, ...known.map((form) => countBegun(start, form)));
    if (begun === 0) return start;
    end -= begun;
  }
  return '';
}

/** How many letters at the end of a text are the beginning of a secret, but not all of it. */
function countBegun(text: string, secret: string): number {
  let count = Math.min(secret.length - 1, text.length);
  while (count > 0 && !text.endsWith(secret.slice(0, count))) count -= 1;
  return Math.max(0, count);
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
