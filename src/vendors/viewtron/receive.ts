/** One post of a device, from bytes to answer and events. */
import { SecurityEventsError, toError, WireError } from '../../errors';
import { rememberLatest } from '../../http/latest';
import type { Answer, Post } from '../../http/receiver';
import { compact } from '../../wire/read';
import type { EventOptions, Outcome } from '../vendor';
import { toEvents } from './events';
import { senderOf } from './sender';
import { decode, type Decoded } from './wire';

/** The only reply that current firmware takes for success; it goes to every post, whatever is in it (reference 1.2). */
const success: Answer = {
  status: 200,
  contentType: 'application/xml',
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<config version="1.0" xmlns="http://www.ipc.com/ver10"><status>success</status></config>',
  ),
};

export function answer(): Answer {
  return success;
}

/** Nodes that share a path are given the same post: it is decoded once. */
const read = rememberLatest(tryDecode);

/** Decodes one post. Never throws: what cannot be read comes back as the error. */
export function receive(post: Post, options: EventOptions): Outcome {
  const decoded = read(post);
  if (decoded instanceof SecurityEventsError) return { events: [], error: decoded };
  const { message, flaw: error } = decoded;
  return compact<Outcome>({ events: toEvents(message, post, options), error, sender: senderOf(message) });
}

function tryDecode(post: Post): Decoded | SecurityEventsError {
  try {
    return decode(post.body);
  } catch (thrown) {
    if (thrown instanceof SecurityEventsError) return thrown;
    return new WireError('viewtron-unreadable', `the post could not be read: ${toError(thrown).message}`, {
      cause: thrown,
    });
  }
}
