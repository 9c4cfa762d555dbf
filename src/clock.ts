/** Time as an argument: the only file that touches timers, so that tests turn the hands themselves. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Calls `action` every `intervalMs` until cancelled; never keeps the process alive. */
  every(intervalMs: number, action: () => void): Timer;
  /** Calls `action` once after `delayMs` unless cancelled; never keeps the process alive. */
  after(delayMs: number, action: () => void): Timer;
  /** Calls `action` when everything that waits at this moment has had its turn. */
  soon(action: () => void): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every(intervalMs, action) {
    const handle = setInterval(action, intervalMs);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
  after(delayMs, action) {
    const handle = setTimeout(action, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  soon: (action) => void setImmediate(action),
};
