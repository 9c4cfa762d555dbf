/** Tracking is held to so many positions a second of each target, whatever rate the camera sends at. */
import * as fc from 'fast-check';
import should from 'should';
import type { SecurityEvent, Target } from '../../src/event';
import { Pace } from '../../src/pace';
import { makeEvent, startMs } from '../support/events';
import { cases } from '../support/cases';

function track(targets: readonly Target[], device: Partial<SecurityEvent['device']> = {}): SecurityEvent {
  return makeEvent({ category: 'track', targets, device: { id: '02:00:5e:10:00:41', ...device } });
}

const one: Target = { id: '2801', type: 'person' };
const two: Target = { id: '2802', type: 'vehicle' };

/** Times at which target `id` passed, for posts at the given times. */
function timesPassed(
  pace: Pace,
  postTimesMs: readonly number[],
  targets: readonly Target[],
  rate: number,
  id: string,
): number[] {
  return postTimesMs.filter((atMs) =>
    pace.hold(track(targets), atMs, rate)?.targets.some((target) => target.id === id),
  );
}

describe('the pace of tracking', () => {
  it('is at most n a second of each target in any second, and not far below', () => {
    const gapsMs = fc.array(fc.integer({ min: 83, max: 143 }), { minLength: 60, maxLength: 200 });
    fc.assert(
      fc.property(gapsMs, fc.constantFrom(0.5, 1, 2, 3, 5), (gaps, rate) => {
        let atMs = startMs;
        const times = gaps.map((gap) => (atMs += gap));
        for (const target of [one, two]) {
          const passed = timesPassed(new Pace(), times, [one, two], rate, target.id ?? '');
          const perSecond = passed.map((from) => passed.filter((time) => time >= from && time < from + 1000).length);
          should(Math.max(...perSecond)).be.belowOrEqual(Math.max(1, rate));
          // a post late by one of the camera's gaps is as much as is lost
          const seconds = (atMs - startMs) / 1000;
          should(passed.length).be.aboveOrEqual(Math.floor(seconds / (1 / rate + 0.143)));
        }
      }),
      cases(60),
    );
  });

  it('is the whole stream at Infinity', () => {
    const pace = new Pace();
    for (let at = 0; at < 50; at++) should(pace.hold(track([one]), startMs + at, Infinity)?.targets).have.length(1);
    should(pace.hold(track([one]), startMs, Infinity)?.targets).have.length(1);
  });

  it('hands on the very event where all targets are due', () => {
    const event = track([one, two]);
    should(new Pace().hold(event, startMs, 2)).equal(event);
  });

  it('hands on only the targets that are due', () => {
    const pace = new Pace();
    pace.hold(track([one]), startMs, 1);
    should(pace.hold(track([one, two]), startMs + 500, 1)?.targets).deepEqual([two]);
    should(pace.hold(track([one, two]), startMs + 1000, 1)?.targets).deepEqual([one]);
    should(pace.hold(track([one, two]), startMs + 1200, 1)).be.undefined();
  });

  it('is one for each device and channel that use the same ids', () => {
    const pace = new Pace();
    pace.hold(track([one]), startMs, 1);
    should(pace.hold(track([one], { id: '02:00:5e:10:00:42' }), startMs, 1)).not.be.undefined();
    should(pace.hold(track([one], { channel: '2' }), startMs, 1)).not.be.undefined();
    should(pace.hold(track([one]), startMs, 1)).be.undefined();
  });

  it('is kept by the place in the list where targets have no id', () => {
    const pace = new Pace();
    const nameless = { type: 'person' } as const;
    should(pace.hold(track([nameless, nameless]), startMs, 1)?.targets).have.length(2);
    should(pace.hold(track([nameless, nameless]), startMs + 500, 1)).be.undefined();
  });

  it('lets a post without targets pass', () => {
    const pace = new Pace();
    for (let times = 0; times < 3; times++) should(pace.hold(track([]), startMs, 1)).not.be.undefined();
  });

  it('takes a target that comes back with its old id for a new one', () => {
    const pace = new Pace();
    pace.hold(track([one]), startMs, 1);
    should(pace.hold(track([one]), startMs + 30_000, 1)).not.be.undefined();
  });

  it('keeps the slowest rate that can be set', () => {
    const times = Array.from({ length: 300 }, (_, index) => startMs + index * 140);
    should(timesPassed(new Pace(), times, [one], 0.1, one.id ?? '')).have.length(5);
  });

  it('goes on when the clock is set back', () => {
    const pace = new Pace();
    pace.hold(track([one]), startMs, 1);
    should(pace.hold(track([one]), startMs - 3_600_000, 1)).not.be.undefined();
    should(pace.hold(track([one]), startMs - 3_599_500, 1)).be.undefined();
    should(pace.hold(track([one]), startMs - 3_599_000, 1)).not.be.undefined();
  });

  it('forgets the oldest of more than 5,000 targets, and only those', () => {
    const pace = new Pace();
    const targets = Array.from({ length: 5000 }, (_, index): Target => ({ id: `t${index}`, type: 'person' }));
    pace.hold(track(targets), startMs, 1);
    should(pace.hold(track(targets), startMs + 1, 1)).be.undefined();
    pace.hold(track([one, two]), startMs + 2, 1);
    should(pace.hold(track(targets.slice(2)), startMs + 3, 1)).be.undefined();
    should(pace.hold(track(targets.slice(0, 2)), startMs + 4, 1)?.targets).have.length(2);
  });

  it('costs no more for a hundred thousand ids than for few', () => {
    const pace = new Pace();
    const targets = Array.from({ length: 100_000 }, (_, index): Target => ({ id: `t${index}`, type: 'person' }));
    should(pace.hold(track(targets), startMs, 1)?.targets).have.length(100_000);
    should(pace.hold(track(targets.slice(-5000)), startMs + 1, 1)).be.undefined();
    should(pace.hold(track(targets.slice(0, 1)), startMs + 1, 1)).not.be.undefined();
  });
});
