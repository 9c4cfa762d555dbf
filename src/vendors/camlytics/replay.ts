/** What is stored, read once more: behind an id, or from a time on. */
import type { EventQuery } from './client';
import { highestOf, idsOf, lowestOf, type PolledMessage } from './cursor';
import { AskError } from './failures';
import type { EventPage } from './wire';

export interface ReplayStart {
  /** Behind this id. */
  readonly sinceId?: number;
  /** As Camlytics writes times; whether its server knows it is not sure, so who asks looks at the times. */
  readonly sinceTime?: string;
}

export interface ReplayPlan {
  readonly from: ReplayStart;
  /** The last id that counts. */
  readonly last: number;
  /** How to ask for a page from the oldest on. */
  readonly oldest: EventQuery;
  /** How to ask for as many of the newest as can be had. */
  readonly newest: EventQuery;
}

/**
 * Page by page, in the order of ids.
 *
 * @throws AskError `replay-incomplete`; whatever a request throws
 */
export async function replay(
  { from: { sinceId: first = 0, sinceTime }, last, oldest, newest }: ReplayPlan,
  fetch: (query: EventQuery) => Promise<EventPage>,
  onPage: (messages: readonly PolledMessage[]) => Promise<void>,
): Promise<void> {
  let at = first;
  while (at < last) {
    const page = await fetch({
      ...oldest,
      ...(at > 0 && { sinceId: at }),
      ...(sinceTime !== undefined && { sinceTime }),
    });
    const ids = idsOf(page);
    const isIgnored = ids.some((id) => id < at) && !ids.some((id) => id > at);
    const found = isIgnored ? await fetch(newest) : page;
    const messages = found.events
      .filter(({ eventId }) => eventId > at && eventId <= last)
      .toSorted((one, two) => one.eventId - two.eventId);
    if (messages.length > 0) await onPage(messages);
    if (isIgnored) {
      const lowest = lowestOf(idsOf(found));
      if (found.length < newest.limit || lowest <= at) return;
      const why = `events between ${at} and ${lowest} cannot be had: this version of Camlytics tells the newest only`;
      throw new AskError('replay-incomplete', why);
    }
    const highest = Math.max(at, highestOf(ids));
    if (highest === at) return;
    at = highest;
  }
}
