/** Calls back to a Camio node from the command line until Ctrl-C, one line a callback. */
import { parseArgs } from 'node:util';
import { callbackFaults } from './sender';
import { startDomain } from './site';

const usage = `CAMIO_SECRET='token ...' tsx simulators/camio/run.ts --url http://127.0.0.1:5050/camio [--header Authorization] [--hook-url http://127.0.0.1:5050/camio/...] [--method POST] [--fault ${callbackFaults.join('|')}] [--seed 1]`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    header: { type: 'string', default: 'Authorization' },
    'hook-url': { type: 'string' },
    method: { type: 'string', default: 'POST' },
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || values.url === undefined) write(usage);
else run(values.url);

function run(url: string): void {
  const fault = callbackFaults.find((known) => known === values.fault);
  if (values.fault !== undefined && fault === undefined) {
    throw new Error(`No such fault: ${values.fault}. Known: ${callbackFaults.join(', ')}.`);
  }
  // not an argument: others on this machine could read it there
  const { CAMIO_SECRET: secret } = process.env;
  const domain = startDomain({
    url,
    hookUrl: values['hook-url'],
    method: values.method,
    headers: { 'Content-Type': 'application/json', ...(secret && { [values.header]: secret }) },
    seed: Number(values.seed),
    fault,
    onCallback: (what, { status, bytes, error }) => {
      const time = new Date().toISOString().slice(11, 23);
      write(`${time}  ${what.padEnd(22)} ${String(bytes).padStart(8)} B  ${error ?? String(status)}`);
    },
  });
  // A reader that has had enough, such as `head`.
  process.stdout.once('error', () => void domain.close());
  process.once('SIGINT', () => void domain.close());
  process.once('SIGTERM', () => void domain.close());
  write(`Calling ${url}${fault === undefined ? '' : ` with the fault "${fault}"`}; Ctrl-C ends.`);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
