/** The tracking stream of a camera: while anybody is in view, one post with all of them seven times a second. */
import type { Device } from './device';
import type { TrackedTarget } from './posts';

const trackingIntervalMs = 1000 / 7;
/** Tracking is only worth something when it is fresh: a slow server gets fewer posts, not late ones. */
const waitingPostsMax = 8;

export class Tracker {
  readonly #device: Device;
  readonly #write: (targets: readonly TrackedTarget[]) => string;
  readonly #targets = new Map<number, () => TrackedTarget>();
  #running = false;

  constructor(device: Device, write: (targets: readonly TrackedTarget[]) => string) {
    this.#device = device;
    this.#write = write;
  }

  add(targetId: number, look: () => TrackedTarget): void {
    this.#targets.set(targetId, look);
    if (this.#running) return;
    this.#running = true;
    void this.#device.perform(() => this.#track());
  }

  /** There is no "gone" message: the id is absent from then on. */
  remove(targetId: number): void {
    this.#targets.delete(targetId);
  }

  look(): TrackedTarget[] {
    return [...this.#targets.values()].map((look) => look());
  }

  async #track(): Promise<void> {
    const { clock, signal } = this.#device;
    const startMs = clock.now();
    try {
      for (let count = 1; this.#targets.size > 0; count++) {
        if (this.#device.waitingPosts < waitingPostsMax) void this.#device.post('traject', this.#write(this.look()));
        // From the start and not from the last post, or drawing time would lower the rate.
        await clock.sleep(Math.max(0, startMs + count * trackingIntervalMs - clock.now()), signal);
      }
    } finally {
      this.#running = false;
    }
  }
}
