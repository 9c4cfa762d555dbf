/**
 * Faults that last. Camio tells of an incident again and again and never that it is over (reference 6.4): the first word
 * of a counter begins a fault, and silence about it for a while ends it.
 */
import { digest } from '../../digest';
import type { Account, Counter, Device, SecurityEvent } from '../../event';
import { compact } from '../../wire/read';
import { kindOf } from './counters';

/** A domain has thousands of streams at most, and they are not all in trouble. */
const capacity = 20_000;
/** What was said of a fault that is over may still come late. */
const rememberedMs = 24 * 3600 * 1000;
/** For what tells of an incident without a counter. */
const nameless = 'incident';
/** Names have tens of letters. V8 compares keys of more than 16,383 letter by letter, and each fault keeps its own. */
const longestKey = 200;

/** One counter of one camera or Box. */
export interface Fault {
  /** Stands for the account and the camera or Box. */
  readonly owner: string;
  readonly device: Device;
  readonly account: Account | undefined;
  readonly counter: Counter;
  readonly sinceMs: number;
  /** When the last word came in, by our own clock. */
  readonly heardMs: number;
  /** The latest date in any word of it. */
  readonly dateMs: number;
  readonly reports: number;
  readonly isOver: boolean;
}

export class Incidents {
  readonly #faults = new Map<string, Fault>();

  /** Those that go on. */
  get open(): readonly Fault[] {
    return [...this.#faults.values()].filter(({ isOver }) => !isOver);
  }

  /** The event with its states: `start` where one of its counters is new, none where all have been told before. */
  hear(event: SecurityEvent, nowMs: number, quietMs: number): SecurityEvent {
    const { incident } = event;
    if (incident === undefined || quietMs === 0) return event;
    const dateMs = event.timeSource === 'device' ? Date.parse(event.time) : undefined;
    const counters = incident.counters.some(({ fault }) => fault)
      ? incident.counters
      : [{ name: nameless, fault: true }, ...incident.counters];
    const owner = toOwner(event);
    const heard = counters.map((counter) =>
      counter.fault ? this.#hearCounter(event, owner, counter, dateMs, nowMs, quietMs) : { counter, fault: undefined },
    );
    const faults = heard.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
    const isNew = heard.some(({ counter }) => counter.state === 'start');
    return {
      ...event,
      ...(isNew && { state: 'start' as const }),
      incident: {
        counters: heard.map(({ counter }) => counter).filter(({ name }) => name !== nameless),
        ...(faults.length > 0 && {
          since: new Date(Math.min(...faults.map(({ sinceMs }) => sinceMs))).toISOString(),
          reports: Math.max(...faults.map(({ reports }) => reports)),
        }),
      },
    };
  }

  #hearCounter(
    { device, account }: SecurityEvent,
    owner: string,
    counter: Counter,
    dateMs: number | undefined,
    nowMs: number,
    quietMs: number,
  ): { readonly counter: Counter; readonly fault: Fault | undefined } {
    const key = shorten(`${owner} ${counter.name.toLowerCase()}`);
    const known = this.#faults.get(key);
    const isOpen = known !== undefined && !known.isOver && nowMs - known.heardMs < quietMs;
    // callbacks come in any order: what is not newer than the last word neither begins a fault nor keeps it alive
    const isOld = known !== undefined && dateMs !== undefined && dateMs <= known.dateMs;
    if (isOld) return { counter, fault: isOpen ? known : undefined };
    const fault: Fault = {
      owner,
      device,
      account,
      counter,
      sinceMs: isOpen ? known.sinceMs : (dateMs ?? nowMs),
      heardMs: nowMs,
      dateMs: dateMs ?? known?.dateMs ?? 0,
      reports: isOpen ? known.reports + 1 : 1,
      isOver: false,
    };
    this.#faults.delete(key);
    this.#faults.set(key, fault);
    this.#forget(nowMs);
    return { counter: isOpen ? counter : { ...counter, state: 'start' }, fault };
  }

  /** Ends the faults of which nothing was said for so long: one event for each camera or Box. */
  findQuiet(nowMs: number, quietMs: number): readonly SecurityEvent[] {
    const ended = new Map<string, Fault[]>();
    for (const [key, fault] of this.#faults) {
      if (fault.isOver || nowMs - fault.heardMs < quietMs) continue;
      this.#faults.set(key, { ...fault, isOver: true });
      const same = ended.get(fault.owner);
      if (same === undefined) ended.set(fault.owner, [fault]);
      else same.push(fault);
    }
    return [...ended.values()].map((faults) => toQuietEvent(faults, nowMs));
  }

  /** While the host slept nothing could be heard: nobody was quiet then. */
  forgive(gapMs: number): void {
    for (const [key, fault] of this.#faults) this.#faults.set(key, { ...fault, heardMs: fault.heardMs + gapMs });
  }

  #forget(nowMs: number): void {
    for (const [key, fault] of this.#faults) {
      const isPast = fault.isOver && nowMs - fault.heardMs > rememberedMs;
      if (!isPast && this.#faults.size <= capacity) return;
      this.#faults.delete(key);
    }
  }
}

function toOwner({ account, device }: SecurityEvent): string {
  return shorten(JSON.stringify([account?.id ?? '', device.id]));
}

function shorten(key: string): string {
  return key.length <= longestKey ? key : digest(key);
}

function toQuietEvent(faults: readonly Fault[], nowMs: number): SecurityEvent {
  const now = new Date(nowMs).toISOString();
  const sinceMs = Math.min(...faults.map((fault) => fault.sinceMs));
  const counters = faults
    .map(({ counter }) => counter)
    .filter(({ name }) => name !== nameless)
    .map((counter): Counter => ({ ...counter, state: 'stop' }));
  const [first] = faults;
  const names = faults.map(({ counter }) => counter.name);
  const what = [first?.account?.id ?? '', first?.device.id ?? '', sinceMs, now, ...names];
  return {
    id: digest(JSON.stringify(what)),
    vendor: 'camio',
    category: 'health',
    kind: kindOf(counters),
    type: 'quiet',
    state: 'stop',
    time: now,
    timeSource: 'received',
    receivedAt: now,
    device: { ...first?.device, id: first?.device.id ?? 'unknown' },
    targets: [],
    ...compact<Partial<SecurityEvent>>({ account: first?.account && { ...first.account } }),
    incident: {
      counters,
      since: new Date(sinceMs).toISOString(),
      reports: Math.max(...faults.map((fault) => fault.reports)),
    },
    images: [],
    raw: {},
  };
}
