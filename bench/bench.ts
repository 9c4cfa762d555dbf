/**
 * Speed as CPU time of the serving process per request, in multiples of a bare server of the same run: rates drift with the
 * machine, these ratios hold. Rounds alternate between the servers; medians go to `RESULTS.md`. `--quick` only shows that it
 * runs, and writes nothing; `--attacks` measures how others' attacks slow down a healthy camera.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureAttacks } from './attacks';
import { measureSteps } from './inside';
import { writeLoads, type Load } from './loads';
import { measure, measureDelay, measureGrowth, medianOf, type Length, type Measurement } from './measure';
import { measurePresence } from './presence';
import { toDetails, toRatios, toSteps, writeResults, type Figures, type Row } from './results';
import { startServers, type Server } from './servers';

const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 5;
const round: Length = isQuick ? { count: 20 } : { seconds: 1 };
/**
 * What comes before a round and does not count: a process that runs day and night has compiled its code long since, and one
 * that was idle for some seconds has collected its garbage.
 */
const warming: Record<'first' | 'later', Length> = { first: { seconds: 3 }, later: { seconds: 0.25 } };

async function main(): Promise<void> {
  if (!process.argv.includes('--attacks')) await measureSpeed();
  if (isQuick || process.argv.includes('--attacks')) await measureAttacks(isQuick ? 20 : 250);
}

async function measureSpeed(): Promise<void> {
  const loads = writeLoads();
  const steps = measureSteps(loads, isQuick ? 50 : 3000);
  const presence = measurePresence(isQuick ? 60 : 7200);
  console.log(toSteps(steps, presence));
  const servers = await startServers();
  const rows: Row[] = [];
  for (const load of loads) {
    const row = await measureRow(servers, load);
    rows.push(row);
    console.log(`\n${toDetails([row])}`);
  }
  console.log(`\n${toRatios(rows, !isQuick)}`);
  if (!isQuick) {
    const figures: Figures = { rounds, rows, steps, presence, ...(await measureEndurance(servers, loads)) };
    writeFileSync(join(__dirname, 'RESULTS.md'), writeResults(figures));
  }
  await Promise.all(servers.map((server) => server.stop()));
}

async function measureRow(servers: readonly Server[], load: Load): Promise<Row> {
  const measured = new Map<Server, Measurement[]>(servers.map((server) => [server, []]));
  for (let turn = 0; turn < rounds; turn++) {
    for (const [server, figures] of measured) {
      if (!isQuick) await measure(server, load, turn === 0 ? warming.first : warming.later);
      figures.push(await measure(server, load, round));
    }
  }
  return { load, measured: new Map([...measured].map(([{ name }, figures]) => [name, medianOf(figures)])) };
}

async function measureEndurance(
  servers: readonly Server[],
  loads: readonly Load[],
): Promise<Pick<Figures, 'worstDelayMs' | 'growth'>> {
  const find = <T extends { readonly name: string }>(all: readonly T[], start: string): T => {
    const found = all.find(({ name }) => name.startsWith(start));
    if (found === undefined) throw new Error(`nothing is called ${start}`);
    return found;
  };
  const [bare, own] = [find(servers, 'bare'), find(servers, 'own port')];
  const detection = find(loads, 'detection, 520 KB, wrapped');
  const worstDelayMs = {
    own: await measureDelay(own, detection, 50, 10),
    bare: await measureDelay(bare, detection, 50, 10),
  };
  const growth = [];
  for (const [load, count] of [
    [find(loads, 'traject'), 200_000],
    [detection, 5000],
  ] as const) {
    growth.push({ name: load.name, count, bytesPerPost: await measureGrowth(own, load, count) });
  }
  return { worstDelayMs, growth };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
