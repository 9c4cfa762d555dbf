/** One webhook of Camlytics, GET with `event-*` parameters or POST with JSON: what it is answered, and the events in it. */
import { SecurityEventsError, WireError, toError } from '../../errors';
import { rememberLatest } from '../../http/latest';
import type { Answer, Post } from '../../http/receiver';
import { problem } from '../../http/reply';
import type { EventOptions, Outcome } from '../vendor';
import { standardDirections, toEvent, type Reading } from './events';
import { decodeBody, decodeQuery, type CamlyticsMessage } from './wire';

/** Any 2xx seems fine (reference 10); this is what the vendor's own worked example of a receiver says. */
const success: Answer = {
  status: 200,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify({ result: 'success' })),
};

type Found = readonly CamlyticsMessage[] | SecurityEventsError;

/** Nodes that share a path are given the same post: it is decoded once. */
const read = rememberLatest(tryDecode);

/** False for an address without an event in it: a person with a browser. */
export function isMessage(post: Post): boolean {
  const found = read(post);
  return found instanceof SecurityEventsError || found.length > 0;
}

export function answer(post: Post): Answer {
  const found = read(post);
  return found instanceof SecurityEventsError ? problem(400, found.message) : success;
}

/** Decodes one post. Never throws. */
export function receive(post: Post, { timeZone }: Pick<EventOptions, 'timeZone'>): Outcome {
  return receiveWith(post, { timeZone, directions: standardDirections });
}

export function receiveWith(post: Post, options: Omit<Reading, 'receivedAt'>): Outcome {
  const found = read(post);
  if (found instanceof SecurityEventsError) return { events: [], error: found };
  return { events: found.map((message) => toEvent(message, { ...options, receivedAt: post.receivedAt })) };
}

function tryDecode({ method, query, body }: Post): Found {
  try {
    const message = decodeQuery(query);
    if (message !== undefined) return [message];
    return method === 'GET' && body.length === 0 ? [] : decodeBody(body);
  } catch (thrown) {
    if (thrown instanceof SecurityEventsError) return thrown;
    const message = `the post could not be read: ${toError(thrown).message}`;
    return new WireError('camlytics-unreadable', message, { cause: thrown });
  }
}
