/** What a node's dialog shows of a running node: what came, what was sent, what was dropped and why. */
import type { IntakeMemory } from '../../src/intake';

/** The last event and the last error, for people who ask why nothing arrives. */
export interface LastWords {
  event?: { readonly time: string; readonly summary: string };
  error?: { readonly time: string; readonly message: string };
  /** The last event of each device that is no heartbeat, by its id: sent or not. */
  readonly events: Map<string, string>;
}

/** Devices kept at most; a site has tens. */
const devicesKept = 500;

export function noteEvent({ events }: LastWords, device: string, time: string): void {
  events.delete(device);
  events.set(device, time);
  for (const oldest of events.keys()) {
    if (events.size <= devicesKept) return;
    events.delete(oldest);
  }
}

export function toReport(memory: IntakeMemory, last: LastWords, listening: string, nowMs: number): object {
  return {
    listening,
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
