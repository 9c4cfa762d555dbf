/** `.ci/run` itself, in a folder of its own where npm is a script: what it says of a run, and whether it says so at all. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import should from 'should';

const root = join(__dirname, '..', '..');

describe('.ci/run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-ci-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  before(() => {
    mkdirSync(join(folder, '.ci'));
    copyFileSync(join(root, '.ci', 'run'), join(folder, '.ci', 'run'));
    copyFileSync(join(root, 'README.md'), join(folder, 'README.md'));
  });

  function run(npm: string): { readonly status: number | null; readonly lastLine: string | undefined } {
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`);
    chmodSync(join(folder, 'npm'), 0o755);
    const { status, stdout } = spawnSync('bash', ['.ci/run'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CHROMIUM: '/bin/sh', PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    });
    return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
  }

  it('adds up what every step has passed, and is green', () => {
    const { status, lastLine } = run(
      String.raw`[ "$1" = ci ] || printf '\033[92m \033[0m\033[32m 3 passing\033[0m (1m)\n'`,
    );
    should(lastLine).equal('21 passed, 0 failed');
    should(status).equal(0);
  });

  it('is red at the first step that fails, and says how many did', () => {
    const { status, lastLine } = run(`[ "$1" != run ] || { printf '  5 passing (2s)\\n  2 failing\\n'; exit 1; }`);
    should(lastLine).equal('5 passed, 2 failed');
    should(status).equal(1);
  });

  it('is red where a step fails without a word', () => {
    const { status, lastLine } = run('[ "$1" != test ]');
    should(lastLine).equal('0 passed, 0 failed');
    should(status).equal(1);
  });
});
