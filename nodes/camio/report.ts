/** What a camio-callback-in dialog shows of a running node. */
import type { IntakeMemory } from '../../src/vendors/camio/intake';
import type { LastWords } from '../adapter';
import type { Sight } from '../listener/listener-node';

/** Faults that are shown; a site with more has one trouble, not many. */
const faultsShown = 100;

export function toReport(memory: IntakeMemory, last: LastWords, sight: Sight, nowMs: number): object {
  const { posts, sent, dropped, refused, incidents } = memory;
  const { open } = incidents;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    ...sight,
    now: iso(nowMs),
    posts,
    sent,
    dropped,
    refused,
    lastEvent: last.event,
    lastError: last.error,
    faultCount: open.length,
    faults: open.slice(-faultsShown).map(({ device, counter, sinceMs, heardMs, reports }) => ({
      device: device.name ?? device.mac ?? device.id,
      counter: counter.name,
      value: counter.value,
      since: iso(sinceMs),
      lastHeard: iso(heardMs),
      reports,
    })),
  };
}
