/** The button "Send a test event": a sample of the vendor goes the way of a post through a running node. */
import type { NodeAPI } from 'node-red';
import type { SecurityEventsError } from '../src/errors';
import type { SecurityEvent } from '../src/event';
import type { Post } from '../src/http/receiver';
import { summarize } from '../src/summary';

/** What became of it: the event in a few words, or why there is none. */
export interface TestOutcome {
  readonly sent?: string;
  /** Why the node's own settings let none of the samples pass: the reason of the usual one. */
  readonly dropped?: string;
  readonly error?: string;
}

export interface Trial {
  readonly onEvent: (event: SecurityEvent) => void;
  readonly onError: (error: SecurityEventsError) => void;
}

/**
 * Gives the samples to the node's own intake, one after another until one passes. The intake is to be one with a memory of
 * its own: no device, count or fault of a test stays, and the second test is no repetition of the first.
 *
 * @param take gives one post to such an intake; the reasons why it dropped events come back
 * @param send what the node sends events with; they are marked as tests
 */
export function tryEvent(
  posts: readonly Post[],
  take: (post: Post, trial: Trial) => Readonly<Record<string, number>>,
  send: (event: SecurityEvent) => void,
): TestOutcome {
  let first: TestOutcome | undefined;
  for (const post of posts) {
    const sent: string[] = [];
    const errors: string[] = [];
    const dropped = take(post, {
      onEvent: (event) => {
        sent.push(summarize(event));
        send({ ...event, test: true });
      },
      onError: ({ message }) => errors.push(message),
    });
    const [event] = sent;
    if (event !== undefined) return { sent: event };
    const [error] = errors;
    const [reason = 'category'] = Object.keys(dropped);
    first ??= error === undefined ? { dropped: reason } : { error };
  }
  return first ?? {};
}

/** `security-events/<type>/<id>/test`, for those who may write such nodes. To be called at load, as reports are. */
export function offerTest(RED: NodeAPI, type: string, find: (id: string) => (() => TestOutcome) | undefined): void {
  RED.httpAdmin.post(
    `/security-events/${type}/:id/test`,
    RED.auth.needsPermission(`${type}.write`),
    (request, response) => {
      const test = find(String(request.params.id));
      if (test === undefined) response.status(404).json({ error: 'not deployed' });
      else response.json(test());
    },
  );
}
