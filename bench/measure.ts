/** One round of requests to one server: what they cost it, and how long they waited. */
import { Pool } from 'undici';
import type { Load } from './loads';
import type { Server } from './servers';

const connections = 10;

export interface Measurement {
  /** Of the serving process, for each request. */
  readonly cpuMicroseconds: number;
  readonly perSecond: number;
  /** From the request to its answer. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of the serving process's event loop. */
  readonly worstDelayMs: number;
  readonly residentBytes: number;
}

/** How long a round is: so many requests, or as many as fit into a time. */
export type Length = { readonly count: number } | { readonly seconds: number };

/** Of all requests of this run: no two of them are the same, whatever a node remembers of earlier rounds. */
let serial = 0;

export async function measure(server: Server, load: Load, length: Length): Promise<Measurement> {
  const pool = new Pool(server.url, { connections, pipelining: 1 });
  const waits: number[] = [];
  let sent = 0;
  const isOver = (): boolean =>
    'count' in length ? sent >= length.count : performance.now() - begin >= length.seconds * 1000;
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      sent += 1;
      serial += 1;
      const { path, headers, body } = load.write(serial);
      const start = performance.now();
      const reply = await pool.request({ method: 'POST', path, headers, body });
      await reply.body.dump();
      waits.push(performance.now() - start);
      if (reply.statusCode !== 200) throw new Error(`${server.name} answered ${reply.statusCode} to ${load.name}`);
    }
  };
  const before = await server.cost();
  const begin = performance.now();
  const wake = keepAwake();
  await Promise.all(Array.from({ length: connections }, worker));
  wake.end();
  const seconds = (performance.now() - begin) / 1000;
  const { cpuMicroseconds, worstDelayMs, residentBytes } = await server.cost();
  await pool.close();
  waits.sort((a, b) => a - b);
  return {
    cpuMicroseconds: (cpuMicroseconds - before.cpuMicroseconds) / sent,
    perSecond: sent / seconds,
    medianMs: waits[Math.floor(sent / 2)] ?? Number.NaN,
    p99Ms: waits[Math.floor(sent * 0.99)] ?? Number.NaN,
    worstDelayMs,
    residentBytes,
  };
}

/**
 * Waits for nothing while it measures. A reply to a process that sleeps makes the one who writes it pay for waking the other,
 * which takes longer than the write; a server fast enough to keep its client busy never pays, so the slower ones would
 * seem slower than they are.
 */
function keepAwake(): { end(): void } {
  let isOver = false;
  const turn = (): void => {
    if (!isOver) setImmediate(turn);
  };
  turn();
  return {
    end() {
      isOver = true;
    },
  };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Of several rounds, each figure for itself. */
export function medianOf(rounds: readonly Measurement[]): Measurement {
  const pick = (figure: keyof Measurement): number => median(rounds.map((round) => round[figure]));
  return {
    cpuMicroseconds: pick('cpuMicroseconds'),
    perSecond: pick('perSecond'),
    medianMs: pick('medianMs'),
    p99Ms: pick('p99Ms'),
    worstDelayMs: pick('worstDelayMs'),
    residentBytes: pick('residentBytes'),
  };
}

/** The longest that the event loop stood still while a load came in at an even pace. */
export async function measureDelay(server: Server, load: Load, perSecond: number, seconds: number): Promise<number> {
  const pool = new Pool(server.url, { connections, pipelining: 1 });
  await server.cost();
  const replies: Promise<void>[] = [];
  const start = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    const waitMs = start + (index * 1000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    serial += 1;
    const { path, headers, body } = load.write(serial);
    replies.push(pool.request({ method: 'POST', path, headers, body }).then(({ body: reply }) => reply.dump()));
  }
  await Promise.all(replies);
  await pool.close();
  return (await server.cost()).worstDelayMs;
}

/** Bytes that a post left behind in the second half of many: the first half warms everything up. */
export async function measureGrowth(server: Server, load: Load, count: number): Promise<number> {
  await measure(server, load, { count: count / 2 });
  const { keptBytes: before } = await server.cost(true);
  await measure(server, load, { count: count / 2 });
  const { keptBytes: after } = await server.cost(true);
  return (after - before) / (count / 2);
}
