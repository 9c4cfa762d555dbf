/** What happens to the events that one node has polled: named, filtered, counted; and what it says of the polling itself. */
import { digest } from '../../digest';
import type { SecurityEvent } from '../../event';
import { toSilenceEvent } from '../../silence';
import type { PolledMessage } from './cursor';
import { toEvent, type Directions } from './events';
import { findReason, type DropReason, type EventFilter } from './filter';
import type { ChannelNames } from './names';
import type { Batch, Finding, PollState } from './poller';

export interface PolledSettings extends EventFilter {
  readonly timeZone: string;
  readonly directions: Directions;
  /** Older events are passed over while it catches up; Infinity: none. */
  readonly maxAgeMs: number;
  /** Whether events tell of the polling itself. */
  readonly health: boolean;
}

/** What outlives a Deploy of the node. */
export class PolledMemory {
  readonly dropped: Partial<Record<DropReason, number>> = {};
  events = 0;
  sent = 0;
  errors = 0;
}

export interface PolledHandlers {
  readonly onEvent: (event: SecurityEvent) => void;
  /** The times of events are off by so much: the zone is set wrong, or the PC's clock. */
  readonly onOffTime: (minutes: number) => void;
}

const quarterMs = 15 * 60_000;
/** So many live events in a row must be off by the same: one may be told late. */
const offProofs = 3;

export class Polled {
  readonly #settings: PolledSettings;
  readonly #memory: PolledMemory;
  readonly #names: ChannelNames;
  readonly #handlers: PolledHandlers;
  /** As a device: the PC with Camlytics. */
  readonly #device: SecurityEvent['device'];
  #skipped = 0;
  #offQuarters = 0;
  #offEvents = 0;
  #offlineSinceMs: number | undefined;
  #lastSeenMs: number;

  constructor(
    settings: PolledSettings,
    memory: PolledMemory,
    names: ChannelNames,
    device: SecurityEvent['device'],
    nowMs: number,
    handlers: PolledHandlers,
  ) {
    this.#settings = settings;
    this.#memory = memory;
    this.#names = names;
    this.#device = device;
    this.#lastSeenMs = nowMs;
    this.#handlers = handlers;
  }

  async take(messages: readonly PolledMessage[], batch: Batch, signal: AbortSignal): Promise<void> {
    await this.nameAll(messages, signal);
    for (const message of messages) {
      const event = this.toEvent(message, batch.receivedAt);
      this.#memory.events += 1;
      this.#watchTime(event, batch);
      const isOld = Date.parse(event.time) < batch.receivedAt - this.#settings.maxAgeMs;
      const isSkipped = batch.isCatchingUp && isOld && event.timeSource === 'device';
      if (isSkipped) this.#skipped += 1;
      this.#pass(event, isSkipped ? 'too old' : findReason(event, this.#settings));
    }
  }

  /** Asks for names that events leave out. */
  async nameAll(messages: readonly PolledMessage[], signal: AbortSignal): Promise<void> {
    const ids = messages.flatMap(({ channelId, channelName }) => (channelName === undefined ? (channelId ?? []) : []));
    if (ids.length > 0) await this.#names.need([...new Set(ids)], signal);
  }

  toEvent(message: PolledMessage, receivedAt: number): SecurityEvent {
    const { timeZone, directions } = this.#settings;
    return toEvent(message, { timeZone, directions, receivedAt, nameOf: this.#names.nameOf });
  }

  isWanted(event: SecurityEvent): boolean {
    return findReason(event, this.#settings) === undefined;
  }

  /** How many events were too old, and is asked once. */
  catchUp(nowMs: number): void {
    const skipped = this.#skipped;
    this.#skipped = 0;
    if (skipped > 0)
      this.#tell('events-skipped', { skipped, olderThanMinutes: this.#settings.maxAgeMs / 60_000 }, nowMs);
  }

  find(finding: Finding, nowMs: number): void {
    const { is, ...found } = finding;
    this.#tell(is === 'reset' ? 'database-reset' : 'events-lost', found, nowMs);
  }

  /** Events for a Camlytics that cannot be reached, and is back. */
  watch(state: PollState, nowMs: number): void {
    const { health } = this.#settings;
    if (state.is === 'live' || state.is === 'catching-up') {
      const sinceMs = this.#offlineSinceMs;
      if (sinceMs !== undefined) this.#names.expire();
      if (sinceMs !== undefined && health) this.#send(this.#toSilence('stop', nowMs));
      [this.#offlineSinceMs, this.#lastSeenMs] = [undefined, nowMs];
    } else if (state.is === 'failing' && this.#offlineSinceMs === undefined && state.failures > 1) {
      this.#offlineSinceMs = nowMs;
      if (health) this.#send(this.#toSilence('start', nowMs));
    }
  }

  #toSilence(state: 'start' | 'stop', nowMs: number): SecurityEvent {
    const silentMs = Math.max(0, nowMs - this.#lastSeenMs);
    return toSilenceEvent({ vendor: 'camlytics', device: this.#device, silentMs, intervalMs: undefined }, state, nowMs);
  }

  #tell(kind: string, found: Readonly<Record<string, unknown>>, nowMs: number): void {
    if (!this.#settings.health) return;
    const time = new Date(nowMs).toISOString();
    this.#send({
      id: digest(`${this.#device.id} ${kind} ${time} ${JSON.stringify(found)}`),
      vendor: 'camlytics',
      category: 'health',
      kind,
      type: 'poll',
      time,
      timeSource: 'received',
      receivedAt: time,
      device: { ...this.#device },
      targets: [],
      images: [],
      raw: { ...found },
    });
  }

  /** What was told the moment it happened was told at that time, or the zone is set wrong (reference 7). */
  #watchTime({ timeSource, time }: SecurityEvent, { wasHeld, isCatchingUp, receivedAt }: Batch): void {
    if (!wasHeld || isCatchingUp || timeSource !== 'device') return;
    const quarters = Math.round((receivedAt - Date.parse(time)) / quarterMs);
    this.#offEvents = quarters !== 0 && quarters === this.#offQuarters ? this.#offEvents + 1 : 1;
    this.#offQuarters = quarters;
    if (quarters !== 0 && this.#offEvents === offProofs) this.#handlers.onOffTime(quarters * 15);
  }

  #pass(event: SecurityEvent, reason: DropReason | undefined): void {
    const { dropped } = this.#memory;
    if (reason === undefined) this.#send(event);
    else dropped[reason] = (dropped[reason] ?? 0) + 1;
  }

  #send(event: SecurityEvent): void {
    this.#memory.sent += 1;
    this.#handlers.onEvent(event);
  }
}
