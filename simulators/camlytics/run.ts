/** Runs a Camlytics from the command line until Ctrl-C, one line an event. */
import { parseArgs } from 'node:util';
import { serverFaults } from './server';
import { startCamlyticsSite } from './site';

const usage = `tsx simulators/camlytics/run.ts [--port 48462] [--webhook http://127.0.0.1:5050/camlytics/x] [--fault ${serverFaults.join('|')}] [--seed 1]`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '48462' },
    webhook: { type: 'string' },
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

async function run(): Promise<void> {
  const fault = serverFaults.find((known) => known === values.fault);
  if (values.fault !== undefined && fault === undefined) {
    throw new Error(`No such fault: ${values.fault}. Known: ${serverFaults.join(', ')}.`);
  }
  const site = await startCamlyticsSite({
    port: Number(values.port),
    seed: Number(values.seed),
    fault,
    webhook: values.webhook,
    onEvent: ({ id, time, type, ruleName }) => write(`${time.slice(11, 23)}  ${id}  ${type} ${ruleName}`),
  });
  process.once('SIGINT', () => void site.close());
  process.once('SIGTERM', () => void site.close());
  write(
    `The REST API: http://127.0.0.1:${site.server.port}/v1/json/events?limit=10&order=DESC&timeout=5; Ctrl-C ends.`,
  );
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (values.help) write(usage);
else void run();
