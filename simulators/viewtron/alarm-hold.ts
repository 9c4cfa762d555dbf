/** One alarm of a device: `true` once, `false` when the hold time has run out after the last cause is gone. */
import type { Device } from './device';

/** From the last tracking post to `false`, as measured (1.4). */
const alarmHoldMs = 10_500;

export class AlarmHold {
  readonly #device: Device;
  readonly #report: (on: boolean) => void;
  #causes = 0;
  #on = false;
  #hold = new AbortController();

  constructor(device: Device, report: (on: boolean) => void) {
    this.#device = device;
    this.#report = report;
  }

  /** A cause within the hold time prolongs the cycle: one pair of posts can span two visits. */
  raise(): void {
    this.#causes += 1;
    this.#hold.abort();
    if (this.#on) return;
    this.#on = true;
    this.#report(true);
  }

  release(): void {
    this.#causes -= 1;
    if (this.#causes > 0) return;
    this.#hold = new AbortController();
    void this.#expire(AbortSignal.any([this.#hold.signal, this.#device.signal]));
  }

  async #expire(signal: AbortSignal): Promise<void> {
    try {
      await this.#device.clock.sleep(alarmHoldMs, signal);
    } catch {
      return;
    }
    this.#on = false;
    this.#report(false);
  }
}
