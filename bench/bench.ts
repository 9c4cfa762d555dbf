/**
 * Speed as CPU time of the serving process per request, in multiples of a bare server of the same run: rates drift with the
 * machine, these ratios hold. Presence has no server beside: its cost is that of one tracking post. Rounds alternate between the servers; medians are printed. `--quick` only shows that it runs,
 * `--attacks` measures how others' attacks slow down a healthy camera.
 */
import { Pool } from 'undici';
import { measureAttacks } from './attacks';
import { writeLoads, type Load } from './loads';
import { measurePresence } from './presence';
import { startServers, type Server } from './servers';

const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 5;
const connections = 10;

interface Measurement {
  readonly cpuMicroseconds: number;
  readonly perSecond: number;
}

async function measure(server: Server, load: Load, count: number): Promise<Measurement> {
  const pool = new Pool(server.url, { connections, pipelining: 1 });
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < count) {
      sent += 1;
      const headers = { 'content-type': 'application/xml; charset=utf-8' };
      const reply = await pool.request({ method: 'POST', path: '/API', headers, body: load.write(sent) });
      if (reply.statusCode !== 200) throw new Error(`${server.name} answered ${reply.statusCode} to ${load.name}`);
      await reply.body.dump();
    }
  };
  const cpuBefore = await server.cpuMicroseconds();
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await server.cpuMicroseconds()) - cpuBefore;
  await pool.close();
  return { cpuMicroseconds: cpu / count, perSecond: count / seconds };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  if (!process.argv.includes('--attacks')) {
    measurePresence(isQuick ? 60 : 7200);
    await measureSpeed();
  }
  if (isQuick || process.argv.includes('--attacks')) await measureAttacks(isQuick ? 20 : 250);
}

async function measureSpeed(): Promise<void> {
  const servers = await startServers();
  console.log(`\n${'post'.padEnd(34)}${servers.map((server) => server.name.padStart(28)).join('')}`);
  console.log(`${''.padEnd(34)}${servers.map(() => 'us CPU  x bare   req/s'.padStart(28)).join('')}`);
  for (const load of writeLoads()) {
    const count = isQuick ? 40 : load.count;
    const results = new Map<Server, Measurement[]>(servers.map((server) => [server, []]));
    if (!isQuick) for (const server of servers) await measure(server, load, count); // warm
    for (let round = 0; round < rounds; round++) {
      for (const server of servers) results.get(server)?.push(await measure(server, load, count));
    }
    let bare = Number.NaN;
    const cells = servers.map((server) => {
      const measured = results.get(server) ?? [];
      const cpu = median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds));
      if (Number.isNaN(bare)) bare = cpu;
      const rate = median(measured.map(({ perSecond }) => perSecond));
      return `${cpu.toFixed(0).padStart(14)}${(cpu / bare).toFixed(1).padStart(7)}${rate.toFixed(0).padStart(7)}`;
    });
    console.log(`${load.name.padEnd(34)}${cells.join('')}`);
  }
  await Promise.all(servers.map((server) => server.stop()));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
