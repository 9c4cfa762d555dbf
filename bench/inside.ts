/** What the single steps cost, without a server: reading, decoding, checking a signature. */
import { viewtron } from '../src/vendors/viewtron';
import { findSigner, sign } from '../src/http/signature';
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
  return loads.flatMap((load) => {
    const { path, headers, body: text } = load.write(1);
    const body = Buffer.from(text);
    const count = Math.max(5, Math.floor(rounds / Math.ceil(body.length / 4096)));
    const time = (step: string, run: () => unknown): Step => {
      for (let index = 0; index < count; index++) run();
      const start = process.cpuUsage();
      for (let index = 0; index < count; index++) run();
      const { user, system } = process.cpuUsage(start);
      return { name: `${load.name}: ${step}`, microseconds: (user + system) / count };
    };
    if (path === '/pdk') {
      const signature = sign(body, webhookSecret, 'sha1');
      return [
        time('check the signature', () => findSigner(body, signature, [webhookSecret], 'sha1')),
        time('parse', () => parseJson(body)),
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
      time('cut the pictures out', () => liftPictures(body)),
      time('parse', () => parseXml(xml)),
      time('parse, the general way', () => parseAnyXml(xml)),
      time('bytes to events, pictures decoded', receive),
    ];
  });
}
