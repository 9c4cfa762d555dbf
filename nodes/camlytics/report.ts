/** What the dialogs of the Camlytics nodes show of a running node. Nothing of it is a secret. */
import type { IntakeMemory } from '../../src/vendors/camlytics/intake';
import type { ChannelNames } from '../../src/vendors/camlytics/names';
import type { PolledMemory } from '../../src/vendors/camlytics/polled';
import type { LastWords } from '../adapter';
import type { Sight } from '../listener/listener-node';

export interface PollSight {
  readonly server: string;
  readonly state: string;
  readonly cursor: number | undefined;
  readonly store: string;
}

export function toPollReport(
  memory: PolledMemory,
  last: LastWords,
  sight: PollSight,
  names: ChannelNames,
  nowMs: number,
): object {
  const { events, sent, dropped, errors } = memory;
  return {
    ...sight,
    now: new Date(nowMs).toISOString(),
    events,
    sent,
    dropped,
    errors,
    lastEvent: last.event,
    lastError: last.error,
    channels: names.all.map(({ id, name, type }) => ({ id, name, type })),
  };
}

export function toWebhookReport(memory: IntakeMemory, last: LastWords, sight: Sight, nowMs: number): object {
  const { posts, sent, dropped, refused, channels } = memory;
  return {
    ...sight,
    now: new Date(nowMs).toISOString(),
    posts,
    sent,
    dropped,
    refused,
    lastEvent: last.event,
    lastError: last.error,
    channels: [...channels].map(([id, { name, lastSeenMs }]) => ({
      id,
      name,
      lastSeen: new Date(lastSeenMs).toISOString(),
    })),
  };
}
