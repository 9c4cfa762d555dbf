/** What a listener writes down for people who ask why nothing arrives: counts, who called, and what was refused last. */
import type { IncomingMessage } from 'node:http';
import { dropOldest } from '../bound';
import type { SecurityEventsError } from '../errors';
import type { Post } from './receiver';

const refusedKept = 20;
const excerptBytes = 2048;
/** Kept beside what is shown: a secret that is cut at its end would not be known any more. */
const keptBytes = excerptBytes + 512;
/** A listener has a handful of paths; more come only where nodes take any path. */
const callersKept = 50;
const mask = '•••';

/** A request that was refused, or could not be read, as a person may see it: secrets are masked. */
export interface RefusedRequest {
  /** Milliseconds since 1970 UTC. */
  readonly timeMs: number;
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly address: string;
  /** The error's code. */
  readonly reason: string;
  readonly message: string;
  /** The first 2 KB of the body, or what of it was there. */
  readonly excerpt: string;
}

interface Kept {
  readonly timeMs: number;
  readonly method: string;
  readonly target: string;
  readonly address: string;
  readonly error: SecurityEventsError;
  start: Buffer;
}

export interface Caller {
  readonly address: string;
  readonly timeMs: number;
}

export class Ledger {
  accepted = 0;
  /** Of the bodies that were accepted. */
  bytes = 0;
  /** Accepted, but only after nodes had restarted. */
  held = 0;
  /** Events that came a second time, as the nodes tell. */
  duplicates = 0;
  readonly refused: Record<string, number> = {};
  /** What must never be shown: passwords and secrets of the listener and its nodes. */
  secrets: readonly string[] = [];
  readonly #callers = new Map<string, Caller>();
  readonly #kept: Kept[] = [];

  /** The last caller of each path. */
  get callers(): ReadonlyMap<string, Caller> {
    return this.#callers;
  }

  /** Newest first, twenty at most. Masked only here: who sends rubbish all day must not cost more than a moment. */
  get requests(): readonly RefusedRequest[] {
    return this.#kept.map(({ timeMs, method, target, address, error, start }) => ({
      timeMs,
      method,
      target: hideSecrets(target, this.secrets).slice(0, excerptBytes),
      address,
      reason: error.code,
      message: hideSecrets(error.message, this.secrets),
      excerpt: excerptOf(start, this.secrets),
    }));
  }

  accept(post: Post): void {
    this.accepted += 1;
    this.bytes += post.body.length;
    this.#callers.set(post.path, { address: post.address, timeMs: post.receivedAt });
    dropOldest(this.#callers, callersKept);
  }

  count(reason: string): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }

  /** Counts a refused request and keeps it, the more of its body the function that comes back is given. */
  refuse(
    request: IncomingMessage,
    address: string,
    error: SecurityEventsError,
    timeMs: number,
  ): (part: Buffer) => void {
    this.count(error.code);
    return this.#keep(request.method ?? '', request.url ?? '', address, error, timeMs);
  }

  /** Keeps a post that came whole, and that its node could not read. */
  unread(post: Post, error: SecurityEventsError): void {
    const target = post.query === '' ? post.path : `${post.path}?${post.query}`;
    this.count(error.code);
    this.#keep(post.method, target, post.address, error, post.receivedAt)(post.body);
  }

  /** Counts what never became a request: nothing is known of it but who sent it and why it is none. */
  rubbish(address: string, error: SecurityEventsError, timeMs: number, bytes?: Buffer): void {
    this.count(error.code);
    this.#keep('', '', address, error, timeMs)(bytes ?? Buffer.alloc(0));
  }

  #keep(
    method: string,
    target: string,
    address: string,
    error: SecurityEventsError,
    timeMs: number,
  ): (part: Buffer) => void {
    const entry: Kept = {
      timeMs,
      method,
      target: withoutUser(target).slice(0, keptBytes),
      address,
      error,
      start: Buffer.alloc(0),
    };
    this.#kept.unshift(entry);
    if (this.#kept.length > refusedKept) this.#kept.pop();
    return (part) => {
      if (entry.start.length >= keptBytes || part.length === 0) return;
      // copied, so that twenty excerpts do not keep twenty bodies alive
      entry.start = Buffer.concat([entry.start, part.subarray(0, keptBytes - entry.start.length)]);
    };
  }
}

const secretName =
  '[\\w.-]*(?:pass(?:word|wd)?|pwd|secret|token|signature|credential|api[_-]?key|auth(?:orization)?)[\\w.-]*';
/** `Authorization: x`, a line of a request's head that was none. */
const inHeader = new RegExp(`^((?:${secretName}|[\\w-]*cookie|x-[\\w-]*key)[ \\t]*:[ \\t]*).+$`, 'gim');
/** `password=x`, in a query or a form. */
const inForm = new RegExp(`((?:^|[?&;\\s])${secretName}=)[^&\\s]+`, 'gi');
/** `"password": "x"` */
const inJson = new RegExp(`("${secretName}"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"?|[\\w.+-]+)`, 'gi');
/** `<password>x</password>`, up to the end where that was cut off. */
const inXml = new RegExp(`(<(?:\\w+:)?${secretName}(?:\\s[^>]*)?>)[^<]+`, 'gi');
const inXmlData = new RegExp(`(<(?:\\w+:)?${secretName}(?:\\s[^>]*)?>\\s*<!\\[CDATA\\[)(?:(?!\\]\\]>)[^])+`, 'gi');

/** The text without the secrets that are known, and without what its own names call one. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    for (const form of new Set([secret, encodeURIComponent(secret)])) shown = shown.split(form).join(mask);
  }
  return shown
    .replace(inHeader, `$1${mask}`)
    .replace(inForm, `$1${mask}`)
    .replace(inJson, `$1"${mask}"`)
    .replace(inXmlData, `$1${mask}`)
    .replace(inXml, (whole, open: string) => (whole.slice(open.length).trim() === '' ? whole : `${open}${mask}`));
}

/** The start of what was sent, as a person may see it. */
export function excerptOf(bytes: Buffer, secrets: readonly string[]): string {
  return hideSecrets(bytes.toString('utf8', 0, keptBytes), secrets).slice(0, excerptBytes);
}

/** A target in the absolute form may hold a user and a password: `http://user:password@host/path`. */
function withoutUser(target: string): string {
  return target.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}
