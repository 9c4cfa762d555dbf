/** The secrets of a PDK node through renewals, Deploys and restarts. */
import should from 'should';
import { isRenewal, Keys, type Renewal } from '../../nodes/pdk/keys';
import type { Safe } from '../../nodes/safe';
import { FakeClock } from '../support/fake-clock';

const dayMs = 24 * 3600 * 1000;

/** A safe in memory; `isFull`: nothing can be kept any more. */
class Box implements Safe<Renewal> {
  kept: Renewal | undefined;
  isFull = false;
  readonly read = (): Renewal | undefined => this.kept;
  readonly write = async (value: Renewal): Promise<void> => {
    if (this.isFull) throw new Error('no space left');
    this.kept = value;
  };
  readonly forget = async (): Promise<void> => {
    this.kept = undefined;
  };
}

describe('the secrets of a PDK node', () => {
  let box: Box;
  let clock: FakeClock;
  beforeEach(() => {
    box = new Box();
    clock = new FakeClock(Date.UTC(2031, 0, 3));
  });
  /** As a node is started with these in its dialog. */
  const start = (secret: string, previousSecret = ''): Keys =>
    new Keys({ secret, previousSecret, acceptUnsigned: false }, box, clock);
  const both = ({ secret, previousSecret }: Keys): readonly string[] => [secret, previousSecret];

  it('are those of the dialog until one is renewed', async () => {
    const keys = start('one', 'zero');
    should(both(keys)).deepEqual(['one', 'zero']);
    await keys.renew('two', dayMs);
    should(both(keys)).deepEqual(['two', 'one']);
    should(keys.all).containDeep(['one', 'two']);
  });

  it('believe nobody where there is none, until one is given or unsigned posts are accepted', async () => {
    const keys = start('');
    should([keys.isClosed, keys.areRenewed]).deepEqual([true, false]);
    await keys.renew('one', dayMs);
    should([keys.isClosed, keys.areRenewed]).deepEqual([false, true]);
    box.kept = undefined;
    should(start('', 'previous').isClosed).be.false();
    const open = new Keys({ secret: '', previousSecret: '', acceptUnsigned: true }, box, clock);
    should(open.isClosed).be.false();
  });

  it('are refused where PDK would not take them', async () => {
    const keys = start('one');
    for (const wrong of ['', 'x'.repeat(256)])
      await should(keys.renew(wrong, dayMs)).be.rejectedWith({ code: 'setting-invalid', place: 'secret' });
    const undo = await keys.renew('one', dayMs);
    await undo();
    should([keys.secret, keys.areRenewed]).deepEqual(['one', false]);
  });

  it("lose the previous one when its time is over, and not a person's", async () => {
    const keys = start('one', 'zero');
    clock.advance(10 * dayMs);
    should(both(keys)).deepEqual(['one', 'zero']);
    await keys.renew('two', dayMs);
    clock.advance(dayMs - 1);
    should(both(keys)).deepEqual(['two', 'one']);
    clock.advance(1);
    should(both(keys)).deepEqual(['two', '']);
    should(both(start('one', 'zero'))).deepEqual(['two', '']);
  });

  it('keep their end through a Deploy that puts both into the dialog', async () => {
    await start('one').renew('two', dayMs);
    should(both(start('two', 'one'))).deepEqual(['two', 'one']);
    clock.advance(dayMs);
    should(both(start('two', 'one'))).deepEqual(['two', '']);
  });

  it('are what a person says afterwards: another, the old one again, or no previous one', async () => {
    for (const [secret, previous] of [
      ['three', ''],
      ['one', ''],
      ['two', ''],
    ] as const) {
      await start('one').renew('two', dayMs);
      start('two', 'one');
      should(both(start(secret, previous))).deepEqual([secret, previous]);
      should(box.kept).be.undefined();
    }
  });

  it('go back to what they were where PDK has not taken the new one', async () => {
    const keys = start('one', 'zero');
    const undo = await keys.renew('two', dayMs);
    await undo();
    should(both(keys)).deepEqual(['one', 'zero']);
    should(box.kept).be.undefined();
    await keys.renew('two', dayMs);
    const undoThird = await keys.renew('three', dayMs);
    await undo();
    should(both(keys)).deepEqual(['three', 'two']);
    await undoThird();
    should(both(keys)).deepEqual(['two', 'one']);
    should(both(start('one', 'zero'))).deepEqual(['two', 'one']);
  });

  it('stay where the new one cannot be kept: a restart would refuse all that PDK signs', async () => {
    const keys = start('one', 'zero');
    box.isFull = true;
    await should(keys.renew('two', dayMs)).be.rejectedWith({ code: 'secret-not-kept', retryable: true });
    should(both(keys)).deepEqual(['one', 'zero']);
  });

  it('are not found renewed after a restart where the new one came to be written after all', async () => {
    const keys = start('one', 'zero');
    // Node-RED has it in memory, and writes it with the next change of its settings
    const { write } = box;
    Object.assign(box, {
      write: async (value: Renewal) => {
        await write(value);
        throw new Error('no space left');
      },
    });
    await should(keys.renew('two', dayMs)).be.rejectedWith({ code: 'secret-not-kept' });
    should(both(start('one', 'zero'))).deepEqual(['one', 'zero']);
  });

  it('lose the previous one only when they are told to, where they were renewed without an end', async () => {
    const keys = start('one');
    const undo = await keys.renew('two', Infinity);
    clock.advance(1000 * dayMs);
    should(both(keys)).deepEqual(['two', 'one']);
    should(both(start('two', 'one'))).deepEqual(['two', 'one']);
    // by a Deploy that came between
    const next = start('two', 'one');
    await undo(next);
    should(both(next)).deepEqual(['one', '']);
    should(both(start('two', 'one'))).deepEqual(['one', '']);
    await next.renew('three', Infinity);
    await next.endPrevious(dayMs);
    await next.endPrevious(100 * dayMs);
    clock.advance(dayMs - 1);
    should(both(next)).deepEqual(['three', 'one']);
    clock.advance(1);
    should(both(next)).deepEqual(['three', '']);
    should(both(start('three', 'one'))).deepEqual(['three', '']);
  });

  it('take nothing for a renewal that is none', () => {
    const whole = { configured: 'a', secret: 'b', previous: '', untilMs: null };
    should(isRenewal(whole)).be.true();
    for (const wrong of [null, 'x', { ...whole, secret: 1 }, { ...whole, untilMs: 'soon' }, { configured: 'a' }])
      should(isRenewal(wrong)).be.false();
  });
});
