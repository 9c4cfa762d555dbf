/** The contract that a vendor meets: bytes in, an answer and events out. */
import type { Category, SecurityEvent, VendorName } from '../event';
import type { SecurityEventsError } from '../errors';
import type { Answer, Post } from '../http/receiver';

export type PictureMode = 'none' | 'buffer' | 'base64' | 'data-url';

/** What a node may choose about the events that are made for it. */
export interface EventOptions {
  readonly pictures: PictureMode;
  /** IANA name or offset (`+02:00`) of a device that sends wall time; empty: the server's own zone. */
  readonly timeZone: string;
  /** How a device writes a date whose order cannot be told from its numbers. */
  readonly dateOrder: 'month-first' | 'day-first';
}

/** A recorder may call for itself, and the cameras at its ports through it. */
export type Sender = 'camera' | 'recorder';

/** What came out of one post. An event list and an error may come together: nothing else is lost because of a fault. */
export interface Outcome {
  readonly events: readonly SecurityEvent[];
  readonly error?: SecurityEventsError;
  /** What kind of device speaks so, where the form of the post tells. */
  readonly sender?: Sender;
}

/** A vendor whose devices post to us. */
export interface PushVendor {
  readonly name: VendorName;
  /** Categories that its messages can become, in the order in which a dialog shows them. */
  readonly categories: readonly Category[];
  /** HTTP methods that its devices use, upper case. */
  readonly methods: readonly string[];
  /** False for a request that is no sign of a device's life: a person with a browser, a Test button. It is answered too. */
  isMessage(post: Post): boolean;
  /** The reply that its devices expect to every post, or, where they understand one, a refusal of what cannot be read. */
  answer(post: Post): Answer;
  /** Decodes one post. Never throws, never logs, never waits. */
  receive(post: Post, options: EventOptions): Outcome;
  /** Posts with invented values, unsigned, for people who try a node before a device calls; the usual kind first. */
  samples(nowMs: number): readonly Post[];
}
