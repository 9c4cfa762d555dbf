/** An id that came before within the window is a repetition; what is remembered has a bound. */
import * as fc from 'fast-check';
import should from 'should';
import { Repeats } from '../../src/repeats';
import { cases } from '../support/cases';
import { startMs } from '../support/events';
import { countKept } from '../support/kept';

describe('a repetition', () => {
  it('is told up to the end of the window, counted from the first time', () => {
    const repeats = new Repeats();
    should(repeats.isRepeated('a', startMs, 1000)).be.false();
    should(repeats.isRepeated('a', startMs, 1000)).be.true();
    should(repeats.isRepeated('a', startMs + 600, 1000)).be.true();
    should(repeats.isRepeated('a', startMs + 999, 1000)).be.true();
    should(repeats.isRepeated('a', startMs + 1000, 1000)).be.false();
    should(repeats.isRepeated('a', startMs + 1999, 1000)).be.true();
  });

  it('is not another id', () => {
    const repeats = new Repeats();
    repeats.isRepeated('a', startMs, 1000);
    should(repeats.isRepeated('A', startMs, 1000)).be.false();
    should(repeats.isRepeated('', startMs, 1000)).be.false();
  });

  it('is told of 20,000 ids; of more, the oldest is forgotten', () => {
    const repeats = new Repeats();
    for (let index = 0; index < 20_000; index++) repeats.isRepeated(`${index}`, startMs, 60_000);
    should(repeats.isRepeated('0', startMs, 60_000)).be.true();
    should(repeats.isRepeated('one more', startMs, 60_000)).be.false();
    should(repeats.isRepeated('1', startMs, 60_000)).be.true();
    should(repeats.isRepeated('19999', startMs, 60_000)).be.true();
    should(repeats.isRepeated('0', startMs, 60_000)).be.false();
  });

  it('is none of the future: after a clock is set back what comes is new', () => {
    const repeats = new Repeats();
    repeats.isRepeated('a', startMs, 60_000);
    should(repeats.isRepeated('a', startMs - 1000, 60_000)).be.true();
    should(repeats.isRepeated('a', startMs - 3_600_000, 60_000)).be.false();
    should(repeats.isRepeated('a', startMs - 3_599_000, 60_000)).be.true();
  });

  it('keeps the time that it was given when the window is set anew', () => {
    const repeats = new Repeats();
    repeats.isRepeated('long', startMs, 60_000);
    repeats.isRepeated('short', startMs, 1000);
    should(repeats.isRepeated('short', startMs + 1000, 1000)).be.false();
    should(repeats.isRepeated('long', startMs + 59_999, 1000)).be.true();
  });

  it('is remembered as a Map in the order of arrival would, however many come and whatever the clock does', () => {
    const step = fc.record({
      id: fc.nat(30).map(String),
      moveMs: fc.oneof(fc.nat(400), fc.constantFrom(-500, -100_000, 70_000)),
      windowMs: fc.constantFrom(100, 1000, 60_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const repeats = new Repeats();
        const expiries = new Map<string, number>();
        let nowMs = startMs;
        for (const { id, moveMs, windowMs } of steps) {
          nowMs += moveMs;
          const known = expiries.get(id);
          const expected = known !== undefined && known > nowMs && known <= nowMs + windowMs + 60_000;
          if (!expected) {
            expiries.delete(id);
            expiries.set(id, nowMs + windowMs);
            for (const [oldest, expiry] of expiries) {
              if (expiry > nowMs) break;
              expiries.delete(oldest);
            }
          }
          should(repeats.isRepeated(id, nowMs, windowMs)).equal(expected);
        }
      }),
      cases(500),
    );
  });

  it('is told right after more ids than are remembered, several times over', () => {
    const repeats = new Repeats();
    for (let index = 0; index < 70_000; index++) should(repeats.isRepeated(`${index}`, startMs, 60_000)).be.false();
    should(repeats.isRepeated('50000', startMs, 60_000)).be.true();
    should(repeats.isRepeated('49999', startMs, 60_000)).be.false();
    should(repeats.isRepeated('69999', startMs, 60_000)).be.true();
  });

  it('is remembered no longer than it has to be: what is forgotten takes no memory', () => {
    const repeats = new Repeats();
    const kept = countKept(() => {
      for (let index = 0; index < 1000; index++)
        repeats.isRepeated(`${index}${'x'.repeat(100_000)}`, startMs + index, 1);
    });
    // all of them would be 100 MB
    should(kept).be.below(20_000_000);
    should(repeats.isRepeated('another', startMs + 1000, 1)).be.false();
  });

  it('has a bound in memory also where the oldest is of a day that is yet to come, since the clock was set back', () => {
    const repeats = new Repeats();
    repeats.isRepeated('early', startMs + 86_400_000, 60_000);
    const kept = countKept(() => {
      for (let minute = 1; minute <= 300; minute++)
        for (let index = 0; index < 1000; index++)
          should(repeats.isRepeated(`id ${index}`, startMs + minute * 60_001, 60_000)).be.false();
    });
    // all of them would be 27 MB
    should(kept).be.below(10_000_000);
    should(repeats.isRepeated('id 999', startMs + 300 * 60_001, 60_000)).be.true();
  });
});
