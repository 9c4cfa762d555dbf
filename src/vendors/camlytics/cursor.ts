/** How far the events of one Camlytics have been handed on, and which were last: what a restart must know. */
import { dropOldest } from '../../bound';
import { digest } from '../../digest';
import { isTree } from '../../wire/read';
import { keyOf } from './events';
import type { EventPage } from './wire';

export type PolledMessage = EventPage['events'][number];

/** What is kept where it outlives Node-RED. */
export interface CursorState {
  readonly version: 1;
  /** Server and channel that it counts for. */
  readonly scope: string;
  readonly id: number;
  readonly recent: readonly string[];
}

/** Only after a reset of the database, or a false alarm of one, does an event come that has been handed on. */
const remembered = 5000;
const kept = 1000;

export class Cursor {
  /** The highest id that was handed on; undefined before the first answer. */
  id: number | undefined;
  readonly scope: string;
  readonly #recent = new Set<string>();

  constructor(scope: string, saved?: CursorState) {
    this.scope = scope;
    this.id = saved?.id;
    for (const key of saved?.recent ?? []) this.#recent.add(key);
  }

  /** What is new in a page: each once, in the order of their ids. An event's time is no order: it may be earlier. */
  pick(page: EventPage): readonly PolledMessage[] {
    const { id: last = 0 } = this;
    const picked = new Map<number, PolledMessage>();
    for (const message of page.events) {
      if (message.eventId > last && !this.#recent.has(shorten(message))) picked.set(message.eventId, message);
    }
    return [...picked.values()].sort((one, two) => one.eventId - two.eventId);
  }

  /** Goes behind everything in a page, elements that could not be read among it. False where that is no way forward. */
  pass(page: EventPage): boolean {
    const before = this.id ?? 0;
    for (const message of page.events) if (message.eventId > before) this.#remember(shorten(message));
    this.id = idsOf(page).reduce((most, id) => Math.max(most, id), before);
    return this.id > before;
  }

  get state(): CursorState {
    return { version: 1, scope: this.scope, id: this.id ?? 0, recent: [...this.#recent].slice(-kept) };
  }

  #remember(key: string): void {
    this.#recent.delete(key);
    this.#recent.add(key);
    dropOldest(this.#recent, remembered);
  }
}

/** Infinity where there is none. As arguments of `Math.min` an answer of some 100,000 would be too many. */
export function lowestOf(ids: readonly number[]): number {
  return ids.reduce((least, id) => Math.min(least, id), Number.POSITIVE_INFINITY);
}

/** -Infinity where there is none. */
export function highestOf(ids: readonly number[]): number {
  return ids.reduce((most, id) => Math.max(most, id), Number.NEGATIVE_INFINITY);
}

/** Of all elements, those that are no events too. */
export function idsOf({ events, faults }: EventPage): readonly number[] {
  return [...events.map(({ eventId }) => eventId), ...faults.flatMap(({ eventId }) => eventId ?? [])];
}

/** Short enough to be kept by the thousand; two of them alike are not met in a lifetime. */
function shorten(message: PolledMessage): string {
  return digest(keyOf(message)).slice(0, 12);
}

/** What was kept, where it is of this scope; undefined for anything else, whoever has written it. */
export function readState(stored: unknown, scope: string): CursorState | undefined {
  if (!isTree(stored) || stored.version !== 1 || stored.scope !== scope) return undefined;
  const { id, recent } = stored;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) return undefined;
  const keys = Array.isArray(recent) ? recent.filter((key): key is string => typeof key === 'string') : [];
  return { version: 1, scope, id, recent: keys.slice(-kept) };
}
