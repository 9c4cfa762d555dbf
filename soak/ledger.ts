/** Books by the ids of events: what a vendor has sent, what came out of its node, and whether the two agree. */
import type { Told } from '../demo/sites/site';
import type { SecurityEvent } from '../src/event';
import type { Post } from '../src/http/receiver';
import { pushVendors } from '../src/vendors';

/** An event as the hook in Node-RED saw it. */
export interface Out {
  readonly book: string;
  readonly id: string;
  readonly topic: string;
  readonly kind: string;
}

interface Entry {
  /** How often Node-RED has it for certain, and how often it may have it. */
  taken: number;
  doubtful: number;
  out: number;
}

export interface Balance {
  readonly book: string;
  readonly posts: number;
  /** Posts that a fault has kept from being answered as events. */
  readonly spoiled: number;
  /** Events that Node-RED has for certain. */
  readonly taken: number;
  readonly out: number;
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  /** What came out and was never sent. */
  readonly invented: readonly string[];
}

const options = { pictures: 'none', timeZone: '', dateOrder: 'month-first' } as const;

/** One book for each of these; Camlytics is told of in two ways. */
export const books = ['viewtron', 'pdk', 'camio', 'camlytics called', 'camlytics asked'] as const;

export function bookOf({ vendor, way }: Told): string {
  return vendor === 'camlytics' ? `${vendor} ${way}` : vendor;
}

export class Ledger {
  readonly #entries = new Map<string, Map<string, Entry>>(books.map((book) => [book, new Map()]));
  readonly #posts = new Map<string, { all: number; spoiled: number }>();

  /** Reads the post as the node does, but for the road in between. */
  enter(told: Told): void {
    const book = bookOf(told);
    const count = this.#posts.get(book) ?? { all: 0, spoiled: 0 };
    this.#posts.set(book, count);
    count.all += 1;
    if (!told.isTaken) count.spoiled += 1;
    for (const key of readKeys(told)) {
      const entry = this.#find(book, key);
      if (told.isTaken) entry.taken += 1;
      else entry.doubtful += 1;
      if (told.isRepeated === true && isNameless(key)) entry.doubtful += 1;
    }
  }

  /** What came out; it may be here before the answer to the post is at the site. */
  note({ book, id, topic, kind }: Out): void {
    this.#find(book, topic.endsWith('/heartbeat') ? nameless(topic, kind) : id).out += 1;
  }

  balance(): readonly Balance[] {
    return [...this.#entries].map(([book, entries]) => {
      const { all: posts, spoiled } = this.#posts.get(book) ?? { all: 0, spoiled: 0 };
      const list = [...entries];
      const keysOf = (passes: (entry: Entry, key: string) => boolean): readonly string[] =>
        list.filter(([key, entry]) => passes(entry, key)).map(([key]) => key);
      const sum = (read: (entry: Entry, key: string) => number): number =>
        list.reduce((total, [key, entry]) => total + read(entry, key), 0);
      return {
        book,
        posts,
        spoiled,
        taken: sum((entry, key) => leastOf(key, entry)),
        out: sum(({ out }) => out),
        missing: keysOf((entry, key) => entry.out < leastOf(key, entry)),
        doubled: keysOf(({ taken, doubtful, out }) => taken + doubtful > 0 && out > taken + doubtful),
        invented: keysOf(({ taken, doubtful, out }) => taken + doubtful === 0 && out > 0),
      };
    });
  }

  #find(book: string, key: string): Entry {
    const entries = this.#entries.get(book) ?? new Map<string, Entry>();
    const entry = entries.get(key) ?? { taken: 0, doubtful: 0, out: 0 };
    entries.set(key, entry);
    return entry;
  }
}

/** Nothing is under way: what has been sent has come out, and the site has read the answer to what came out. */
export function isEven(balance: readonly Balance[]): boolean {
  return balance.every(({ missing, doubled, invented }) => missing.length + doubled.length + invented.length === 0);
}

/** Heartbeats say nothing that tells one from another: they are counted, each by itself. An event is due once. */
function leastOf(key: string, { taken }: Entry): number {
  return isNameless(key) ? taken : Math.min(taken, 1);
}

function isNameless(key: string): boolean {
  return key.includes(' ');
}

function nameless(topic: string, kind: string): string {
  return `${topic} ${kind}`;
}

function readKeys({ vendor, way, query, body }: Told): readonly string[] {
  const post: Post = {
    method: way === 'called' ? 'GET' : 'POST',
    path: '/',
    query,
    headers: {},
    body,
    address: '127.0.0.1',
    receivedAt: Date.now(),
  };
  const events = pushVendors.find(({ name }) => name === vendor)?.receive(post, options).events ?? [];
  return events.map(({ id, category, kind }: SecurityEvent) =>
    category === 'heartbeat' ? nameless(`${vendor}/heartbeat`, kind) : id,
  );
}
