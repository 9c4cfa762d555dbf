/** What a listener's dialog shows of it: what came, what was refused and why, and who called. */
import { hideSecrets, type Ledger } from '../../src/http/ledger';
import type { ListenerState } from '../../src/http/listener';
import { anyPath, pathOf } from '../../src/http/routes';
import type { Sight } from './listener-node';

/** Those that a node's own dialog shows; the listener's has all. */
const requestsShown = 5;

/** What concerns one path: its own requests, and those that found nobody, as a device with a wrong path sends them. */
export function toSight(ledger: Ledger, path: string, listening: string): Sight {
  const key = pathOf(path);
  const isAny = path === anyPath;
  const callers = [...ledger.callers].filter(([called]) => isAny || pathOf(called) === key);
  const last = callers.toSorted(([, a], [, b]) => b.timeMs - a.timeMs)[0]?.[1];
  const requests = ledger.requests.filter(
    ({ target, reason }) => isAny || reason === 'path-unknown' || target === '' || pathOf(target) === key,
  );
  return {
    listening,
    ...(last && { lastRequest: { time: new Date(last.timeMs).toISOString(), address: last.address } }),
    requests: requests.slice(0, requestsShown).map(({ timeMs, ...request }) => ({
      time: new Date(timeMs).toISOString(),
      ...request,
    })),
  };
}

export function toListenerReport(ledger: Ledger, state: ListenerState, listening: string, nowMs: number): object {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const { accepted, bytes, held, duplicates, refused, callers, requests, secrets } = ledger;
  return {
    listening,
    state: state.is,
    ...(state.is === 'failed' && { error: state.error.message }),
    now: iso(nowMs),
    accepted,
    bytes,
    held,
    duplicates,
    refused,
    callers: [...callers].map(([path, { address, timeMs }]) => ({
      path: hideSecrets(path, secrets),
      address,
      time: iso(timeMs),
    })),
    requests: requests.map(({ timeMs, ...request }) => ({ time: iso(timeMs), ...request })),
  };
}
