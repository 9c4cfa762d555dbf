/** What happens to the posts of one node: decoded, named, judged, counted; and who has fallen silent. */
import type { Clock, Timer } from './clock';
import type { SecurityEventsError } from './errors';
import type { SecurityEvent } from './event';
import { isWantedDevice, type DropReason } from './filter';
import { Gate, type GateSettings } from './gate';
import type { Delivery, Post } from './http/receiver';
import { Roster } from './roster';
import type { EventOptions, PushVendor } from './vendors/vendor';

/** How often silence is looked for; heartbeats are 10 seconds and more apart. */
const watchEveryMs = 1000;
/** A watch that comes so late tells of a host that slept, not of devices that were silent. */
const asleepAfterMs = 20_000;

export interface IntakeSettings extends GateSettings, EventOptions {
  /** Heartbeats that a device may miss before it counts as silent; 0: nobody watches. */
  readonly watchMisses: number;
}

/** What outlives a Deploy of the node: who is known, what came before, the counts. */
export class IntakeMemory {
  readonly roster = new Roster();
  readonly gate = new Gate();
  posts = 0;
  events = 0;
  sent = 0;
  errors = 0;
}

export interface IntakeHandlers {
  readonly onEvent: (event: SecurityEvent) => void;
  readonly onDrop: (event: SecurityEvent, reason: DropReason) => void;
  readonly onError: (error: SecurityEventsError, post: Post) => void;
}

export class Intake {
  readonly #vendor: PushVendor;
  readonly #settings: IntakeSettings;
  readonly #memory: IntakeMemory;
  readonly #clock: Clock;
  readonly #handlers: IntakeHandlers;
  readonly #watch: Timer | undefined;
  #lastLookMs: number;

  constructor(
    vendor: PushVendor,
    settings: IntakeSettings,
    memory: IntakeMemory,
    clock: Clock,
    handlers: IntakeHandlers,
  ) {
    this.#vendor = vendor;
    this.#settings = settings;
    this.#memory = memory;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#lastLookMs = clock.now();
    if (settings.watchMisses > 0) this.#watch = clock.every(watchEveryMs, () => this.#lookForSilence());
  }

  take(post: Post): Delivery {
    const memory = this.#memory;
    if (!this.#vendor.isMessage(post)) {
      memory.gate.countDrop('no post');
      return { duplicates: 0 };
    }
    const before = memory.gate.dropped.duplicate ?? 0;
    memory.posts += 1;
    const { events, error, sender } = this.#vendor.receive(post, this.#settings);
    for (const said of events) {
      const { event, back } = memory.roster.hear(said, { address: post.address, sender }, post.receivedAt);
      if (back !== undefined) this.#passSilence(back, post.receivedAt);
      this.#pass(event, post.receivedAt);
    }
    if (error !== undefined) {
      memory.errors += 1;
      this.#handlers.onError(error, post);
    }
    return { duplicates: (memory.gate.dropped.duplicate ?? 0) - before, error };
  }

  /** Names of the devices that have fallen silent; one that is gone for more than a day is nobody's worry any more. */
  get silent(): readonly string[] {
    if (this.#watch === undefined) return [];
    return this.#memory.roster.entries
      .filter((entry) => entry.isSilent && !entry.isGone && isWantedDevice(entry.device, this.#settings.cameras))
      .map(({ device }) => device.name ?? device.ip ?? device.id);
  }

  close(): void {
    this.#watch?.cancel();
  }

  #lookForSilence(): void {
    const { roster } = this.#memory;
    const now = this.#clock.now();
    const gapMs = now - this.#lastLookMs;
    this.#lastLookMs = now;
    if (Math.abs(gapMs) > asleepAfterMs) roster.forgive(gapMs - watchEveryMs);
    for (const event of roster.findSilent(now, this.#settings.watchMisses)) this.#passSilence(event, now);
  }

  /** Other cameras post here too: that one of them is silent is nothing that this node lets pass or drops. */
  #passSilence(event: SecurityEvent, nowMs: number): void {
    if (isWantedDevice(event.device, this.#settings.cameras)) this.#pass(event, nowMs);
  }

  #pass(event: SecurityEvent, nowMs: number): void {
    const memory = this.#memory;
    memory.events += 1;
    const verdict = memory.gate.judge(event, this.#settings, nowMs);
    if (verdict.passes) {
      memory.sent += 1;
      this.#handlers.onEvent(verdict.event);
    } else {
      this.#handlers.onDrop(event, verdict.reason);
    }
  }
}
