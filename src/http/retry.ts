/** Waiting before something is tried again: growing, spread by chance, and ended at once when nobody wants it any more. */
import type { Clock } from '../clock';

/** @throws the signal's reason as soon as it aborts */
export function wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      reject(reasonOf(signal));
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** What settles first: the promise, or the signal. The promise goes on, for others who wait for it. */
export function untilAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(reasonOf(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const leave = (): void => signal.removeEventListener('abort', stop);
    promise.then(resolve, reject).finally(leave);
  });
}

/** Doubled with each attempt (from 0 on) up to the most; between half of it and all, so that not all come back at once. */
export function backoffMs(attempt: number, baseMs: number, mostMs: number, random: () => number): number {
  const full = Math.min(mostMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random());
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('stopped');
}
