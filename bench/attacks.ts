/** How long a healthy camera waits for its answers while others attack the same port: `npm run bench -- --attacks`. */
import { Client } from 'undici';
import { writeAttacks } from '../simulators/attacks';
import { startOwnPort } from './servers';

const postEveryMs = 20;
/** The largest post that the listener takes by default. */
const bodyLimitBytes = 16 * 1024 * 1024;

/** Milliseconds from each post to its answer, sorted; a post that got none counts as infinitely long. */
async function measureWaits(url: string, count: number): Promise<readonly number[]> {
  const camera = new Client(url);
  const waits: Promise<number>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const start = performance.now();
      const body = `<config><smartType>MOTION</smartType><currentTime>${Date.now()}${waits.length}</currentTime></config>`;
      const post = async (): Promise<number> => {
        const reply = await camera.request({ method: 'POST', path: '/API', body });
        await reply.body.dump();
        return reply.statusCode === 200 ? performance.now() - start : Infinity;
      };
      waits.push(post().catch(() => Infinity));
      if (waits.length < count) return;
      clearInterval(timer);
      resolve();
    }, postEveryMs);
  });
  const measured = await Promise.all(waits);
  await camera.close();
  return measured.toSorted((a, b) => a - b);
}

/** Prints a line for each attack. */
export async function measureAttacks(count: number): Promise<void> {
  const own = await startOwnPort();
  const port = Number(new URL(own.url).port);
  console.log(`\na healthy camera, ${1000 / postEveryMs} posts a second, meanwhile       ms to the answer`);
  console.log(`${''.padEnd(40)}${['median', '99 %', 'longest', 'lost'].map((title) => title.padStart(10)).join('')}`);
  const print = async (name: string): Promise<void> => {
    const waits = await measureWaits(own.url, count);
    const answered = waits.filter(Number.isFinite);
    const at = (share: number): string =>
      (answered[Math.min(answered.length - 1, Math.floor(answered.length * share))] ?? Number.NaN)
        .toFixed(1)
        .padStart(10);
    console.log(
      `${name.padEnd(40)}${at(0.5)}${at(0.99)}${at(1)}${String(waits.length - answered.length).padStart(10)}`,
    );
  };
  await print('nothing (warming up)');
  await print('nothing');
  for (const attack of writeAttacks(bodyLimitBytes)) {
    const stop = await attack.start(port);
    await print(attack.name);
    stop();
  }
  await own.stop();
}
