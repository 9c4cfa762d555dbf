/** Thousands of hostile posts: each gives a valid event or an error that says what is wrong and where. */
import * as fc from 'fast-check';
import should from 'should';
import { anyOptions, hostileBody } from './generate';
import { receiveAndJudge } from './judge';
import { cases } from '../support/cases';

const { numRuns } = cases(6000);
/** A failure prints the seed; `FUZZ_SEED` brings its posts back. */
const seed = Number(process.env.FUZZ_SEED ?? 20_310_203);

describe('a hostile post', () => {
  it(`is understood or refused in ${numRuns} generated cases`, function test() {
    this.timeout(20_000 + numRuns * 10);
    const seen = { events: 0, refused: 0, codes: new Set<string>(), categories: new Set<string>() };
    fc.assert(
      fc.property(hostileBody, anyOptions, (body, options) => {
        const { events, error } = receiveAndJudge(body, options);
        if (events.length > 0) seen.events += 1;
        for (const event of events) seen.categories.add(event.category);
        if (error === undefined) return;
        seen.refused += 1;
        seen.codes.add(error.code);
      }),
      { numRuns, seed },
    );
    // posts that are all refused at the first byte would prove nothing
    should(seen.events).be.above(numRuns / 10);
    should(seen.refused).be.above(numRuns / 10);
    should(seen.codes.size).be.above(3);
    should(seen.categories.size).be.above(6);
  });
});
