/** What a node's dialog shows of a running node: what came, what was sent, what was dropped and why. */
import type { IntakeMemory } from '../../src/intake';
import type { LastWords } from '../adapter';
import type { Sight } from '../listener/listener-node';

export function toReport(memory: IntakeMemory, last: LastWords, sight: Sight, nowMs: number): object {
  return {
    ...sight,
    now: new Date(nowMs).toISOString(),
    posts: memory.posts,
    events: memory.events,
    sent: memory.sent,
    dropped: memory.gate.dropped,
    errors: memory.errors,
    lastEvent: last.event,
    lastError: last.error,
    devices: memory.roster.entries.map(({ device, lastSeenMs, isSilent }) => ({
      id: device.id,
      name: device.name,
      ip: device.ip,
      lastSeen: new Date(lastSeenMs).toISOString(),
      silent: isSilent,
    })),
  };
}
