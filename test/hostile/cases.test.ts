/** How many generated cases there are, and that one place decides it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { nightlyTimes } from '../support/cases';

const folder = join(__dirname, '..');

describe('generated cases', () => {
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && file !== join('hostile', 'cases.test.ts'))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
  const counts = tests.map(({ text }) =>
    [...text.matchAll(/\bcases\((\d[\d_]*)\)/g)].map(([, count = '']) => Number(count.replaceAll('_', ''))),
  );
  const all = counts.flat().reduce((sum, count) => sum + count, 0);

  it(`are ${all} in npm test and ${all * nightlyTimes} in npm run fuzz, more than 5,000 and 50,000`, () => {
    should(all).be.above(5000);
    should(all * nightlyTimes).be.above(50_000);
  });

  it('are counted in one place: each property says how many, and none by itself', () => {
    const strangers = tests.filter(({ text }, index) => {
      const properties = text.split('fc.assert(').length - 1;
      return properties > (counts[index]?.length ?? 0) || /\bnumRuns: \d/.test(text);
    });
    should(strangers.map(({ file }) => file)).be.empty();
  });
});
