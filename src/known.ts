/** What is known of one device, from all that it has said. */
import type { Device, SecurityEvent } from './event';
import { Pulse } from './pulse';
import type { Sender } from './vendors/vendor';

export interface Known {
  readonly vendor: SecurityEvent['vendor'];
  device: Device;
  sender: Sender | undefined;
  /** Where it called from last; none once it is gone. */
  address: string | undefined;
  /** The address that it gave of itself, where that is not the one it called from. */
  statedIp: string | undefined;
  lastSeenMs: number;
  pulse: Pulse;
  /** True where heartbeats without a name were taken for its own. */
  isPulseGuessed: boolean;
  isSilent: boolean;
}

export function isNamed(device: Device): boolean {
  return device.mac !== undefined || device.serial !== undefined;
}

/** What is not known differs from nothing. */
export function isAlike(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** What a device says goes before what it said; an address that it gave of itself goes before the one it calls from. */
export function joinDevice(known: Known, said: Device, address: string): Device {
  const stated = known.address === address ? known.statedIp : undefined;
  const ip = said.ip === undefined || said.ip === address ? (stated ?? address) : said.ip;
  const id = said.mac ?? known.device.mac ?? said.serial ?? known.device.serial ?? ip;
  return { ...known.device, ...said, id, ip };
}

export function createKnown(vendor: SecurityEvent['vendor'], device: Device, nowMs: number): Known {
  return {
    vendor,
    device,
    sender: undefined,
    address: undefined,
    statedIp: undefined,
    lastSeenMs: nowMs,
    pulse: new Pulse(),
    isPulseGuessed: false,
    isSilent: false,
  };
}
