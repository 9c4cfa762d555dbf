/** A pulse learns the interval of a device's heartbeats, and believes none too soon. */
import * as fc from 'fast-check';
import should from 'should';
import { Pulse } from '../../src/pulse';
import { startMs } from '../support/events';
import { cases } from '../support/cases';

/** Seconds of the interval after heartbeats at these seconds. */
function learn(...seconds: readonly number[]): number | undefined {
  const pulse = new Pulse();
  for (const second of seconds) pulse.beat(startMs + second * 1000);
  return pulse.intervalMs === undefined ? undefined : pulse.intervalMs / 1000;
}

describe('the interval of heartbeats', () => {
  it('is known when two agree', () => {
    should(learn()).be.undefined();
    should(learn(0)).be.undefined();
    should(learn(0, 30)).be.undefined();
    should(learn(0, 30, 60)).equal(30);
    should(learn(0, 10, 100)).be.undefined();
    should(learn(0, 28, 60)).equal(32);
  });

  it('does not change for one that is late or lost, or comes early', () => {
    should(learn(0, 30, 60, 119, 149)).equal(30);
    should(learn(0, 30, 60, 90, 120, 140, 170)).equal(30);
  });

  it('is the new one when the device was set to another', () => {
    should(learn(0, 30, 60, 90, 120, 150, 270, 390)).equal(120);
    should(learn(0, 120, 240, 360, 370, 380, 390, 400, 410)).equal(10);
  });

  it('is the last one where that is longer: it may be a new setting', () => {
    should(learn(0, 10, 20, 30, 90)).equal(60);
    should(learn(0, 10, 20, 30, 90, 100)).equal(10);
  });

  it('is not one of absence: nothing is set to more than half an hour', () => {
    should(learn(0, 30, 60, 5060)).equal(30);
    should(learn(0, 1800, 3600)).equal(1800);
    should(learn(0, 3600, 7200, 10_800)).be.undefined();
  });

  it('is counted from the first of those that come at once: resent, or sent to two addresses', () => {
    should(learn(0, 3, 90, 180)).equal(90);
    should(learn(0, 5, 90, 180)).equal(90);
    should(learn(0, 2, 30, 32, 60, 62)).equal(30);
    should(learn(0, 3, 6, 9, 12, 90, 180)).equal(90);
    should(learn(0, 0.2, 0.4, 30, 30.2, 60)).equal(30);
  });

  it('is not learned backwards where a clock was set', () => {
    should(learn(0, 30, 60, -3600, -3570, -3540)).equal(30);
  });

  it('is at least as long as every pause of two devices that share an address, for all pauses that come again', () => {
    const pauses = fc.tuple(fc.integer({ min: 8, max: 900 }), fc.integer({ min: 8, max: 900 }));
    fc.assert(
      fc.property(pauses, ([one, other]) => {
        const seconds = Array.from(
          { length: 12 },
          (_, index) => Math.floor(index / 2) * (one + other) + (index % 2) * one,
        );
        should(learn(...seconds)).be.aboveOrEqual(Math.max(one, other));
      }),
      cases(100),
    );
  });
});
