/** What a node's dialog shows of a running node, and the topics that it offers. */
import type { IntakeMemory } from '../../src/vendors/pdk/intake';
import { topicGroups } from '../../src/vendors/pdk/catalogue';

/** The last event and the last error, for people who ask why nothing arrives. */
export interface LastWords {
  event?: { readonly time: string; readonly summary: string };
  error?: { readonly time: string; readonly message: string };
}

export function toReport(memory: IntakeMemory, last: LastWords, listening: string, nowMs: number): object {
  const { posts, sent, stale, previous, dropped, refused, panels } = memory;
  return {
    listening,
    now: new Date(nowMs).toISOString(),
    posts,
    sent,
    stale,
    previous,
    dropped,
    refused,
    lastEvent: last.event,
    lastError: last.error,
    panels: [...panels.values()].map(({ id, lastSeenMs, online }) => ({
      id,
      lastSeen: new Date(lastSeenMs).toISOString(),
      online,
    })),
  };
}

/** All topics with their meanings, as the dialog shows them. */
export function toCatalogue(): object {
  return topicGroups.map(({ family, name, topics }) => ({
    family,
    name,
    topics: topics.map(([topic, , , , meaning]) => ({ topic, meaning })),
  }));
}
