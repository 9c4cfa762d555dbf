/** Who is who, and who has fallen silent: what the posts of a device say together. */
import { dropOldest } from './bound';
import type { Device, SecurityEvent } from './event';
import { createKnown, isAlike, isNamed, joinDevice, type Known } from './known';
import { Pulse } from './pulse';
import { toSilenceEvent } from './silence';
import type { Sender } from './vendors/vendor';

/** Devices kept at most; a site has tens, and a caller can make up names. */
const capacity = 500;
/** Unheard for so long, a device was taken down, or has moved to another address without saying its name. */
const goneAfterMs = 24 * 3_600_000;

/** Where a post came from. */
export interface Caller {
  readonly address: string;
  readonly sender?: Sender | undefined;
}

export interface Heard {
  /** The event, named as far as its sender is known. */
  readonly event: SecurityEvent;
  /** Says that a device which had been silent is back. */
  readonly back?: SecurityEvent;
}

export interface RosterEntry {
  readonly device: Device;
  readonly lastSeenMs: number;
  readonly isSilent: boolean;
  /** Unheard for more than a day. */
  readonly isGone: boolean;
}

export class Roster {
  /** By id of the device; those heard longest ago come first. */
  readonly #known = new Map<string, Known>();

  /** The event with all that is known of its sender. What the event itself says goes before what was said earlier. */
  identify(event: SecurityEvent, caller: Caller): SecurityEvent {
    const known = isNamed(event.device) ? this.#find(event.device) : this.#guess(event, caller);
    if (known === undefined) return event;
    return { ...event, device: joinDevice(known, event.device, caller.address) };
  }

  /** Names the event, and notes that its sender was heard. */
  hear(event: SecurityEvent, caller: Caller, nowMs: number): Heard {
    const named = this.identify(event, caller);
    const known = this.#enter(named, event.device, caller, nowMs);
    const silentMs = Math.max(0, nowMs - known.lastSeenMs);
    known.lastSeenMs = nowMs;
    // told with the interval that it was missed by, so before the heartbeat is learned from
    const { vendor, device, pulse } = known;
    const back = known.isSilent
      ? toSilenceEvent({ vendor, device, silentMs, intervalMs: pulse.intervalMs }, 'stop', nowMs)
      : undefined;
    known.isSilent = false;
    if (event.category === 'heartbeat') {
      known.pulse.beat(nowMs);
      known.isPulseGuessed ||= !isNamed(event.device);
    }
    return back === undefined ? { event: named } : { event: named, back };
  }

  /** Events for the devices that have missed `misses` heartbeats since; those whose interval is not known are not watched. */
  findSilent(nowMs: number, misses: number): readonly SecurityEvent[] {
    const events: SecurityEvent[] = [];
    for (const [id, known] of this.#known) {
      const { vendor, device, pulse } = known;
      const { intervalMs } = pulse;
      const silentMs = nowMs - known.lastSeenMs;
      if (silentMs > goneAfterMs) this.#dismiss(id, known);
      // half an interval of grace: a heartbeat that is a little late was not missed
      if (known.isSilent || intervalMs === undefined || silentMs < (misses + 0.5) * intervalMs) continue;
      // whose heartbeats they were that came without a name to an address of several, nobody can tell
      if (!isNamed(device) && this.#at(known.address).length > 1) continue;
      known.isSilent = true;
      events.push(toSilenceEvent({ vendor, device, silentMs, intervalMs }, 'start', nowMs));
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
    return [...this.#known.values()].map(({ device, lastSeenMs, isSilent, address }) => {
      return { device, lastSeenMs, isSilent, isGone: address === undefined };
    });
  }

  /** The one that has the MAC or the serial number of the device. */
  #find({ mac, serial }: Device): Known | undefined {
    const byMac = mac === undefined ? undefined : this.#known.get(mac);
    if (byMac !== undefined || serial === undefined) return byMac;
    for (const known of this.#known.values()) {
      const isOther = mac !== undefined && known.device.mac !== undefined;
      if (known.device.serial === serial && !isOther) return known;
    }
    return undefined;
  }

  /**
   * Who sent an event that does not say: the one device that is known at the address. Nobody, where several are, or where
   * a recorder is and a camera speaks: any of the cameras at its ports may have called through it.
   */
  #guess({ device }: SecurityEvent, { address, sender }: Caller): Known | undefined {
    const here = this.#at(address).filter((known) => isNamed(known.device));
    if (sender === 'camera' && here.some((known) => known.sender === 'recorder')) return undefined;
    const [only, another] = here.filter((known) => isAlike(known.sender, sender));
    if (only === undefined || another !== undefined) return undefined;
    return isAlike(device.name, only.device.name) ? only : undefined;
  }

  #at(address: string | undefined): readonly Known[] {
    return address === undefined ? [] : [...this.#known.values()].filter((known) => known.address === address);
  }

  #enter({ vendor, device: named }: SecurityEvent, said: Device, { address, sender }: Caller, nowMs: number): Known {
    const { channel: _channel, ...device } = named;
    const known = this.#find(device) ?? this.#known.get(device.id) ?? createKnown(vendor, device, nowMs);
    const hasMoved = known.address !== address;
    if (hasMoved) known.statedIp = undefined;
    if (said.ip !== undefined && said.ip !== address) known.statedIp = said.ip;
    known.address = address;
    // a recorder never speaks as a camera does; the newest cameras speak in part as recorders do
    if (known.sender !== 'camera') known.sender = sender ?? known.sender;
    this.#known.delete(known.device.id);
    if (saysMore(device, known.device)) known.device = { ...known.device, ...device };
    this.#known.set(known.device.id, known);
    if (isNamed(device)) this.#mergeWithSerial(known);
    if (isNamed(device)) this.#takeOver(known, address);
    if (hasMoved) this.#doubt(address);
    dropOldest(this.#known, capacity);
    return known;
  }

  /** One post had the MAC alone and one the serial number alone, until a third had both. */
  #mergeWithSerial(known: Known): void {
    const { mac, serial } = known.device;
    if (mac === undefined || serial === undefined) return;
    const other = this.#known.get(serial);
    if (other !== undefined && other !== known) this.#absorb(known, other);
  }

  /** A device that had been known by its address alone has said its name: the two are one, unless others are there too. */
  #takeOver(known: Known, address: string): void {
    const nameless = this.#known.get(address);
    if (nameless === undefined || nameless === known || isNamed(nameless.device)) return;
    if (!isAlike(nameless.sender, known.sender) || !isAlike(nameless.device.name, known.device.name)) return;
    if (this.#at(address).length === 2) this.#absorb(known, nameless);
  }

  #absorb(known: Known, other: Known): void {
    this.#known.delete(other.device.id);
    known.device = { ...other.device, ...known.device };
    if (known.pulse.intervalMs === undefined) {
      known.pulse = other.pulse;
      known.isPulseGuessed = other.isPulseGuessed;
    }
    known.isSilent ||= other.isSilent;
    if (other.isSilent) known.lastSeenMs = Math.min(known.lastSeenMs, other.lastSeenMs);
  }

  /** Where a second device turns up at an address, heartbeats without a name may have been those of either. */
  #doubt(address: string): void {
    const here = this.#at(address);
    if (here.length < 2) return;
    for (const known of here) {
      if (!known.isPulseGuessed) continue;
      known.pulse = new Pulse();
      known.isPulseGuessed = false;
    }
  }

  /** One with a name may come back, and that is told; one without has perhaps only got another address. */
  #dismiss(id: string, known: Known): void {
    known.address = undefined;
    if (!isNamed(known.device)) this.#known.delete(id);
  }
}

/** Nearly every post says what was known before. */
function saysMore(said: Device, known: Device): boolean {
  for (const field in said) if (Reflect.get(said, field) !== Reflect.get(known, field)) return true;
  return false;
}
