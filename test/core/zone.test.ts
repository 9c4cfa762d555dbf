/** Times are written as `toISOString` writes them, whatever day came before. */
import * as fc from 'fast-check';
import should from 'should';
import { toIso } from '../../src/zone';
import { cases } from '../support/cases';

const last = 8_640_000_000_000_000;

describe('an instant as text', () => {
  it('is what toISOString gives, for any', () => {
    const near = fc.integer({ min: -200_000_000, max: 200_000_000 }).map((offset) => 1_927_843_200_000 + offset);
    const any = fc.oneof(near, fc.integer({ min: -last, max: last }), fc.double({ min: -1e9, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(any, (ms) => void should(toIso(ms)).equal(new Date(ms).toISOString())),
      cases(2000),
    );
  });

  for (const ms of [0, -1, -0.5, 86_399_999, 86_400_000, last, -last, 253_402_300_799_999, 253_402_300_800_000]) {
    it(`is what toISOString gives for ${ms}`, () => should(toIso(ms)).equal(new Date(ms).toISOString()));
  }

  it('is refused where there is no such date, and leaves the next one right', () => {
    for (const ms of [Number.NaN, Infinity, last + 1]) should(() => toIso(ms)).throw(RangeError);
    should(toIso(1_927_843_200_021)).equal('2031-02-03T00:00:00.021Z');
  });
});
