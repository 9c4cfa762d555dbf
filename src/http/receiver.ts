/** The seam between the web and a vendor: what a server hands over, and what it gets back. */
import type { SecurityEventsError } from '../errors';

/** One request, read whole. */
export interface Post {
  readonly method: string;
  /** Path without scheme, authority and query, as sent. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Raw bytes; empty for a request without a body. */
  readonly body: Buffer;
  /** The caller's address, IPv4-mapped IPv6 written as IPv4; behind a trusted proxy the one that it forwards. */
  readonly address: string;
  /** Milliseconds since 1970 UTC, when the last byte was in. */
  readonly receivedAt: number;
}

/** A reply, made ready once: nothing is built per request. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** What became of a post, for the listener's ledger. */
export interface Delivery {
  /** Events in it that had come before. */
  readonly duplicates: number;
  /** Why it, or a part of it, could not be read. */
  readonly error?: SecurityEventsError | undefined;
}

/** Somebody who takes requests of one path. */
export interface Receiver {
  /** Receivers of one vendor may share a path; two vendors may not. */
  readonly vendor: string;
  /** Methods that it takes, upper case; any other is answered with 405. */
  readonly methods: readonly string[];
  /**
   * The reply to a request, told from its bytes alone: it never waits for a flow. A status of 400 and more refuses the
   * post: it counts as refused, and `deliver`, which is given it all the same, makes nothing of it but the error.
   */
  answer(post: Post): Answer;
  /** Called after the reply has been handed to the socket. Never throws. */
  deliver(post: Post): Delivery | undefined;
  /** A request of this path that could not be read whole: cut off, too large, unreadable. */
  refused(error: SecurityEventsError): void;
}
