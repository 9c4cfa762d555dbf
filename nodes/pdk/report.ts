/** What a node's dialog shows of a running node, and the topics that it offers. */
import type { LastWords } from '../adapter';
import type { Sight } from '../listener/listener-node';
import type { IntakeMemory } from '../../src/vendors/pdk/intake';
import { topicGroups } from '../../src/vendors/pdk/catalogue';

export function toReport(memory: IntakeMemory, last: LastWords, sight: Sight, nowMs: number): object {
  const { posts, sent, stale, previous, dropped, refused, panels } = memory;
  return {
    ...sight,
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
