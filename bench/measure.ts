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

/** @param warming requests before those that count: a process that was idle collects garbage and forgets compiled code */
export async function measure(server: Server, load: Load, count: number, warming = 0): Promise<Measurement> {
  if (warming > 0) await measure(server, load, warming);
  const pool = new Pool(server.url, { connections, pipelining: 1 });
  const waits: number[] = [];
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < count) {
      sent += 1;
      const { path, headers, body } = load.write(sent);
      const start = performance.now();
      const reply = await pool.request({ method: 'POST', path, headers, body });
      await reply.body.dump();
      waits.push(performance.now() - start);
      if (reply.statusCode !== 200) throw new Error(`${server.name} answered ${reply.statusCode} to ${load.name}`);
    }
  };
  const before = await server.cost();
  const start = performance.now();
  const wake = keepAwake();
  await Promise.all(Array.from({ length: connections }, worker));
  wake.end();
  const seconds = (performance.now() - start) / 1000;
  const { cpuMicroseconds, worstDelayMs, residentBytes } = await server.cost();
  await pool.close();
  waits.sort((a, b) => a - b);
  return {
    cpuMicroseconds: (cpuMicroseconds - before.cpuMicroseconds) / count,
    perSecond: count / seconds,
    medianMs: waits[Math.floor(count / 2)] ?? Number.NaN,
    p99Ms: waits[Math.floor(count * 0.99)] ?? Number.NaN,
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
    const { path, headers, body } = load.write(index);
    replies.push(pool.request({ method: 'POST', path, headers, body }).then(({ body: reply }) => reply.dump()));
  }
  await Promise.all(replies);
  await pool.close();
  return (await server.cost()).worstDelayMs;
}

/** Bytes that a post left behind in the second half of many: the first half warms everything up. */
export async function measureGrowth(server: Server, load: Load, count: number): Promise<number> {
  await measure(server, load, count / 2);
  const { keptBytes: before } = await server.cost(true);
  await measure(server, load, count / 2);
  const { keptBytes: after } = await server.cost(true);
  return (after - before) / (count / 2);
}
