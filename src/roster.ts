/** Who is who, and who has fallen silent: what the posts of a device say together. */
import { createHash } from 'node:crypto';
import type { Device, SecurityEvent } from './event';
import { Pulse } from './pulse';

/** Devices kept at most; a site has tens, and a caller can make up names. */
const capacity = 500;
/** A device that moves is known by its last addresses. */
const addressesKept = 4;

interface Known {
  device: Device;
  readonly addresses: Set<string>;
  lastSeenMs: number;
  pulse: Pulse;
  isSilent: boolean;
}

export interface RosterEntry {
  readonly device: Device;
  readonly lastSeenMs: number;
  readonly isSilent: boolean;
}

export class Roster {
  readonly #known = new Map<string, Known>();

  /**
   * Fills in who sent an event that does not say: a camera's usual heartbeat is an empty body (reference 1.3). Only
   * where one device alone is known at the address: behind a recorder's PoE ports several share it (reference 1.1).
   */
  identify(event: SecurityEvent, address: string): SecurityEvent {
    if (event.device.mac !== undefined || event.device.serial !== undefined) return event;
    const named = [...this.#known.values()].filter((known) => known.addresses.has(address) && isNamed(known.device));
    const [only] = named;
    if (only === undefined || named.length > 1) return event;
    if (event.device.name !== undefined && event.device.name !== only.device.name) return event;
    return { ...event, device: { ...event.device, ...only.device } };
  }

  /** Notes that a device was heard. The event that comes back says that a silent one is back. */
  hear(event: SecurityEvent, address: string, nowMs: number): SecurityEvent | undefined {
    const { channel: _channel, ...device } = event.device;
    const known = this.#enter(device, address, nowMs);
    const silentMs = Math.max(0, nowMs - known.lastSeenMs);
    known.lastSeenMs = nowMs;
    // told with the interval that it was missed by, so before the heartbeat is learned from
    const back = known.isSilent ? toHealthEvent(known, 'stop', nowMs, silentMs) : undefined;
    known.isSilent = false;
    if (event.category === 'heartbeat') known.pulse.beat(nowMs);
    return back;
  }

  /** Events for the devices that have missed `misses` heartbeats since; those whose interval is not known are not watched. */
  findSilent(nowMs: number, misses: number): readonly SecurityEvent[] {
    const events: SecurityEvent[] = [];
    for (const known of this.#known.values()) {
      const { intervalMs } = known.pulse;
      const silentMs = nowMs - known.lastSeenMs;
      // half an interval of grace: a heartbeat that is a little late was not missed
      if (known.isSilent || intervalMs === undefined || silentMs < (misses + 0.5) * intervalMs) continue;
      known.isSilent = true;
      events.push(toHealthEvent(known, 'start', nowMs, silentMs));
    }
    return events;
  }

  /** The host slept, or its clock was set: what no device could send in that time is held against none. */
  forgive(gapMs: number): void {
    for (const known of this.#known.values()) {
      known.lastSeenMs += gapMs;
      known.pulse.shift(gapMs);
    }
  }

  get entries(): readonly RosterEntry[] {
    return [...this.#known.values()].map(({ device, lastSeenMs, isSilent }) => ({ device, lastSeenMs, isSilent }));
  }

  #enter(device: Device, address: string, nowMs: number): Known {
    let known = this.#known.get(device.id);
    if (known === undefined) {
      known = {
        device,
        addresses: new Set(),
        lastSeenMs: nowMs,
        pulse: new Pulse(),
        isSilent: false,
      };
    } else {
      known.device = { ...known.device, ...device };
      this.#known.delete(device.id);
    }
    this.#known.set(device.id, known);
    known.addresses.delete(address);
    known.addresses.add(address);
    const [forgotten] = known.addresses;
    if (known.addresses.size > addressesKept && forgotten !== undefined) known.addresses.delete(forgotten);
    this.#takeOver(known, address);
    const [oldest] = this.#known.keys();
    if (this.#known.size > capacity && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }

  /** A device that had been known by its address alone has said its name: the two are one. */
  #takeOver(known: Known, address: string): void {
    const nameless = this.#known.get(address);
    if (nameless === undefined || nameless === known || isNamed(nameless.device) || !isNamed(known.device)) return;
    this.#known.delete(address);
    if (known.pulse.intervalMs === undefined) known.pulse = nameless.pulse;
    known.isSilent ||= nameless.isSilent;
    if (nameless.isSilent) known.lastSeenMs = Math.min(known.lastSeenMs, nameless.lastSeenMs);
  }
}

function isNamed(device: Device): boolean {
  return device.mac !== undefined || device.serial !== undefined;
}

function toHealthEvent(known: Known, state: 'start' | 'stop', nowMs: number, silentMs: number): SecurityEvent {
  const now = new Date(nowMs).toISOString();
  const lastSeen = new Date(nowMs - silentMs).toISOString();
  const { intervalMs } = known.pulse;
  return {
    id: createHash('sha1').update(`${known.device.id} ${state} ${lastSeen}`).digest('base64url'),
    vendor: 'viewtron',
    category: 'health',
    kind: 'device-offline',
    type: 'silence',
    state,
    time: now,
    timeSource: 'received',
    receivedAt: now,
    device: { ...known.device },
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
