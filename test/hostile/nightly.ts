/** `npm run fuzz`: every test with generated cases, and many times as many of them as in `npm test`. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nightlyTimes, timesVariable } from '../support/cases';

const root = join(__dirname, '..', '..');
const timeoutMs = 600_000;

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file))
  .filter((file) => readFileSync(join(root, file), 'utf8').includes("/support/cases'"));
const flags = ['--no-config', '--require', 'tsx/cjs', '--timeout', String(timeoutMs)];
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...flags, ...files],
  {
    cwd: root,
    env: { [timesVariable]: String(nightlyTimes), ...process.env },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
