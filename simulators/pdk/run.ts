/** Sends the doors' events to a webhook node from the command line until Ctrl-C, one line a delivery. */
import { parseArgs } from 'node:util';
import { deliveryFaults } from './sender';
import { startDoors } from './site';

const usage = `PDK_SECRET=... tsx simulators/pdk/run.ts --url http://127.0.0.1:5050/pdk/... [--fault ${deliveryFaults.join('|')}] [--seed 1]`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || values.url === undefined) write(usage);
else run(values.url);

function run(url: string): void {
  const fault = deliveryFaults.find((known) => known === values.fault);
  if (values.fault !== undefined && fault === undefined) {
    throw new Error(`No such fault: ${values.fault}. Known: ${deliveryFaults.join(', ')}.`);
  }
  const doors = startDoors({
    url,
    // not an argument: others on this machine could read it there
    secret: process.env.PDK_SECRET,
    seed: Number(values.seed),
    fault,
    onDelivery: (topic, { status, bytes, error }) => {
      const time = new Date().toISOString().slice(11, 23);
      write(`${time}  ${topic.padEnd(28)} ${String(bytes).padStart(6)} B  ${error ?? String(status)}`);
    },
  });
  // A reader that has had enough, such as `head`.
  process.stdout.once('error', () => void doors.close());
  process.once('SIGINT', () => void doors.close());
  process.once('SIGTERM', () => void doors.close());
  write(`Sending to ${url}${fault === undefined ? '' : ` with the fault "${fault}"`}; Ctrl-C ends.`);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
