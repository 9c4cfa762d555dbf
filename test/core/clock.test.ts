/** The real clock fires, is cancelled, and lets the process end; the tests' clock keeps the same promises. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import should from 'should';
import { systemClock } from '../../src/clock';
import { FakeClock } from '../support/fake-clock';

describe('the system clock', () => {
  it('calls once after a delay, and again and again at an interval until it is cancelled', async () => {
    let calls = 0;
    await new Promise<void>((resolve) => {
      const timer = systemClock.every(1, () => {
        calls += 1;
        if (calls < 3) return;
        timer.cancel();
        systemClock.after(1, resolve);
      });
    });
    should(calls).equal(3);
  });

  it('does not call what was cancelled', async () => {
    const calls: string[] = [];
    systemClock.after(1, () => calls.push('cancelled')).cancel();
    await new Promise<void>((resolve) => systemClock.after(2, resolve));
    should(calls).be.empty();
  });

  it('tells milliseconds that do not run backwards', () => {
    const first = systemClock.now();
    should(systemClock.now()).be.aboveOrEqual(first);
    should(Number.isInteger(first)).be.true();
  });

  it('never keeps the process alive', () => {
    const clock = join(__dirname, '..', '..', 'src', 'clock.ts');
    const program = `const { systemClock } = require(${JSON.stringify(clock)});
      systemClock.every(3_600_000, () => {}); systemClock.after(3_600_000, () => {}); console.log('end');`;
    const run = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', program], { timeout: 15_000, encoding: 'utf8' });
    should(run.error).be.undefined();
    should(run.status).equal(0);
    should(run.stdout).equal('end\n');
  });
});

describe('the clock of the tests', () => {
  it('fires in the order of time, with the hands on the right minute', () => {
    const clock = new FakeClock(1000);
    const heard: string[] = [];
    clock.after(30, () => heard.push(`after ${clock.now()}`));
    const timer = clock.every(20, () => heard.push(`every ${clock.now()}`));
    clock.advance(45);
    should(heard).deepEqual(['every 1020', 'after 1030', 'every 1040']);
    should(clock.now()).equal(1045);
    should(clock.running).equal(1);
    timer.cancel();
    should(clock.running).equal(0);
  });
});
