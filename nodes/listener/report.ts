/** What a listener's dialog shows of it: what came, what was refused and why, and who called. */
import { hideSecrets, type Ledger } from '../../src/http/ledger';
import type { ListenerState } from '../../src/http/listener';

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
