/** One post of Camio: what it is answered, and the events in it. */
import { SecurityEventsError, toError, WireError } from '../../errors';
import { rememberLatest } from '../../http/latest';
import type { Answer, Post } from '../../http/receiver';
import { problem } from '../../http/reply';
import type { EventOptions, Outcome } from '../vendor';
import { toReading, type Reading } from './events';
import { decode, type Decoded } from './wire';

/** A callback has some kilobytes; the calls of hooks, which bring pictures, are bounded by the listener alone. */
export const largestCallbackBytes = 1024 * 1024;

/** Which answer Camio expects is not published: 200 is success everywhere. */
const success: Answer = {
  status: 200,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify({ status: 'ok' })),
};

/** What a post says, and what of it could not be read. */
export interface Readings {
  readonly readings: readonly Reading[];
  readonly error?: SecurityEventsError;
}

/** Nodes that share a path are given the same post: it is decoded once. */
const read = rememberLatest(tryDecode);

/** An empty request is taken too: Camio may try the address when somebody saves it. */
export function answer(post: Post): Answer {
  const found = read(post);
  if (!(found instanceof SecurityEventsError) || isEmpty(found)) return success;
  return problem(400, found.message);
}

/** Never throws. */
export function receive(post: Post, options: EventOptions): Outcome {
  const { readings, error } = readPost(post, options);
  return { events: readings.flatMap(({ events }) => events), ...(error && { error }) };
}

export function readPost(post: Post, options: EventOptions): Readings {
  const found = read(post);
  if (found instanceof SecurityEventsError) return { readings: [], error: found };
  const readings = found.messages.map((message) => toReading(message, post, options));
  if (found.error !== undefined) return { readings, error: found.error };
  if (readings.some(({ events }) => events.length > 0)) return { readings };
  const message = 'the callback holds an empty list: there is no event in it';
  return { readings, error: new WireError('camio-empty', message, { place: 'events' }) };
}

/** Somebody tries the address, or Camio does: nothing was lost. */
export function isEmpty({ code }: SecurityEventsError): boolean {
  return code === 'camio-empty';
}

function tryDecode(post: Post): Decoded | SecurityEventsError {
  try {
    return decode(post.body);
  } catch (thrown) {
    if (thrown instanceof WireError)
      return thrown.code === 'json-empty' ? new WireError('camio-empty', thrown.message) : thrown;
    const message = `the post could not be read: ${toError(thrown).message}`;
    return new WireError('camio-unreadable', message, { cause: thrown });
  }
}
