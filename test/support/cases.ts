/** How many generated cases a property is tried with: `npm test` as many as stand there, `npm run fuzz` many times more. */

/** So many times more at night; also the name under which a run says so. */
export const nightlyTimes = 5;
export const timesVariable = 'FUZZ_TIMES';

const times = Number(process.env[timesVariable] ?? 1);

/** For `fc.assert`: the one place that decides how often. */
export function cases(count: number): { readonly numRuns: number } {
  return { numRuns: count * times };
}
