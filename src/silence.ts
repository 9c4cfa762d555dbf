/** The event that says that a device has fallen silent, or is back. */
import { digest } from './digest';
import type { Device, SecurityEvent } from './event';

/** What is known of the device at that time. */
export interface Silence {
  readonly vendor: SecurityEvent['vendor'];
  readonly device: Device;
  readonly silentMs: number;
  /** Interval of its heartbeats, where it is known. */
  readonly intervalMs: number | undefined;
}

const kind = 'device-offline';

export function isSilence(event: SecurityEvent): boolean {
  return event.kind === kind;
}

export function toSilenceEvent(silence: Silence, state: 'start' | 'stop', nowMs: number): SecurityEvent {
  const { vendor, device, silentMs, intervalMs } = silence;
  const now = new Date(nowMs).toISOString();
  const lastSeen = new Date(nowMs - silentMs).toISOString();
  return {
    id: digest(`${device.id} ${state} ${lastSeen}`),
    vendor,
    category: 'health',
    kind,
    type: 'silence',
    state,
    time: now,
    timeSource: 'received',
    receivedAt: now,
    device: { ...device },
    targets: [],
    health: {
      online: state === 'stop',
      lastSeen,
      silentSeconds: Math.round(silentMs / 1000),
      ...(intervalMs !== undefined && { heartbeatSeconds: Math.round(intervalMs / 1000) }),
    },
    images: [],
    raw: {},
  };
}
