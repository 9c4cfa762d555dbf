/** What there is at an address: for the Test button of a dialog, and for a list of channels to choose from. */
import type { CamlyticsClient } from './client';
import { idsOf } from './cursor';
import type { Channel } from './wire';

export interface Found {
  /** Of the REST API: Camlytics does not tell its own version. */
  readonly api: string;
  /** Whether it can be asked for what is new. Versions that cannot are polled for the newest. */
  readonly sinceId: 'known' | 'unknown' | 'untried';
  readonly channels: readonly Channel[];
  readonly newest?: { readonly id: number; readonly time: string | undefined };
}

/** @throws whatever a request throws */
export async function probe(client: CamlyticsClient, signal: AbortSignal): Promise<Found> {
  const channels = await client.channels(signal);
  const api = /(?:^|\/)(v\d+)(?:\/|$)/.exec(client.address.basePath)?.[1] ?? '';
  const page = await client.events({ order: 'DESC', limit: 1, timeoutSeconds: 5 }, signal);
  const newest = page.events[0];
  if (newest === undefined) return { api, channels, sinceId: 'untried' };
  const { eventId: id, time } = newest;
  const later = await client
    .events({ order: 'ASC', limit: 2, timeoutSeconds: 5, sinceId: id - 1 }, signal)
    .catch(() => undefined);
  const isKnown = later !== undefined && idsOf(later).every((each) => each >= id - 1);
  return { api, channels, sinceId: isKnown ? 'known' : 'unknown', newest: { id, time } };
}
