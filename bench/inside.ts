/** What the single steps cost, without a server: reading, decoding, checking a signature. */
import { viewtron } from '../src/vendors/viewtron';
import { findSigner, sign } from '../src/http/signature';
import { Repeats } from '../src/repeats';
import { parseJson } from '../src/wire/json';
import { liftPictures } from '../src/wire/lift';
import { decodeText, parseAnyXml, parseXml } from '../src/wire/xml';
import { webhookSecret, type Load } from './loads';

export interface Step {
  readonly name: string;
  readonly microseconds: number;
}

const options = { pictures: 'buffer', timeZone: '', dateOrder: 'month-first' } as const;

/** @param rounds of a small post; of large ones fewer */
export function measureSteps(loads: readonly Load[], rounds: number): readonly Step[] {
  return [...loads.flatMap((load) => measureLoad(load, rounds)), measureRepeats(rounds)];
}

/** A day of a large site: as many ids as are kept, and each new one makes the oldest go. */
function measureRepeats(rounds: number): Step {
  const repeats = new Repeats();
  let serial = 0;
  const remember = (): unknown => repeats.isRepeated(`${(serial += 1)}`, 0, 1000);
  for (let turn = 0; turn < 50_000; turn++) remember();
  return time('remember a new id, the oldest of 20,000 goes', rounds, remember);
}

function measureLoad(load: Load, rounds: number): readonly Step[] {
  const { path, headers, body: text } = load.write(1);
  const body = Buffer.from(text);
  const count = Math.max(5, Math.floor(rounds / Math.ceil(body.length / 4096)));
  const step = (name: string, run: () => unknown): Step => time(`${load.name}: ${name}`, count, run);
  if (path === '/pdk') {
    const signature = sign(body, webhookSecret, 'sha1');
    return [
      step('check the signature', () => findSigner(body, signature, [webhookSecret], 'sha1')),
      step('parse', () => parseJson(body)),
    ];
  }
  const { markup } = liftPictures(body);
  const { text: xml } = decodeText(markup);
  const receive = () =>
    viewtron.receive(
      { method: 'POST', path, query: '', headers, body, address: '192.0.2.91', receivedAt: Date.now() },
      options,
    );
  return [
    step('cut the pictures out', () => liftPictures(body)),
    step('parse', () => parseXml(xml)),
    step('parse, the general way', () => parseAnyXml(xml)),
    step('bytes to events, pictures decoded', receive),
  ];
}

function time(name: string, count: number, run: () => unknown): Step {
  for (let index = 0; index < count; index++) run();
  const start = process.cpuUsage();
  for (let index = 0; index < count; index++) run();
  const { user, system } = process.cpuUsage(start);
  return { name, microseconds: (user + system) / count };
}
