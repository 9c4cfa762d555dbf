/** Some posts at a time, in their order, and not more waiting than the memory should hold. */
import should from 'should';
import { Turns } from '../../../src/vendors/camio/turns';

describe('turns', () => {
  it('let so many run at once, and the others in their order', async () => {
    const turns = new Turns(2, 10);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      turns.run(async () => {
        begun.push(number);
        await new Promise<void>((resolve) => ends.push(resolve));
        return number;
      }),
    );
    should(begun).deepEqual([0, 1]);
    should(turns.waiting).equal(2);
    for (let count = 0; count < 4; count++) {
      while (ends.length === 0) await new Promise(setImmediate);
      ends.shift()?.();
    }
    should(await Promise.all(all)).deepEqual([0, 1, 2, 3]);
    should(begun).deepEqual([0, 1, 2, 3]);
    should(turns.waiting).equal(0);
    should(await turns.run(() => Promise.resolve('free again'))).equal('free again');
  });

  it('refuse what would be too much, and go on after a failure', async () => {
    const turns = new Turns(1, 1);
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    const [first, second, third] = [turns.run(fail), turns.run(fail), turns.run(fail)];
    await should(third).be.rejectedWith({ code: 'too-much-waiting', retryable: true });
    await should(first).be.rejectedWith('no');
    await should(second).be.rejectedWith('no');
    should(await turns.run(() => Promise.resolve(7))).equal(7);
  });
});
