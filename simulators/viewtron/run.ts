/** Runs the site against a listener from the command line until Ctrl-C, one line a post. */
import { parseArgs } from 'node:util';
import { faults, type Fault } from '../faults';
import type { PostRecord } from './device';
import { startSite } from './site';

const usage = `tsx simulators/viewtron/run.ts --url http://127.0.0.1:5050/API [--fault ${faults.join('|')}] [--seed 1]`;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:5050/API' },
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  write(usage);
} else {
  run(new URL(values.url), readFault(values.fault), Number(values.seed));
}

function run(url: URL, fault: Fault | undefined, seed: number): void {
  const secure = url.protocol === 'https:';
  const site = startSite({
    fault,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    secure,
    seed,
    onPost: (record) => write(describePost(record)),
    ...(url.username === '' ? {} : { headers: writeAuthorization(url) }),
  });
  // A reader that has had enough, such as `head`.
  process.stdout.once('error', () => void site.close());
  process.once('SIGINT', () => void site.close());
  process.once('SIGTERM', () => void site.close());
  write(
    `Posting to ${url.origin}${url.pathname}${fault === undefined ? '' : ` with the fault "${fault}"`}; Ctrl-C ends.`,
  );
}

function readFault(text: string | undefined): Fault | undefined {
  const fault = faults.find((known) => known === text);
  if (text !== undefined && fault === undefined)
    throw new Error(`No such fault: ${text}. Known: ${faults.join(', ')}.`);
  return fault;
}

function writeAuthorization(url: URL): Record<string, string> {
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function describePost({ atMs, device, kind, bytes, status, error }: PostRecord): string {
  const time = new Date(atMs).toISOString().slice(11, 23);
  const result = error ?? (status === 0 ? 'no reply read' : String(status));
  return `${time}  ${device.padEnd(9)} ${kind.padEnd(22)} ${String(bytes).padStart(8)} B  ${result}`;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
