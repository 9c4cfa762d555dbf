/** What an endurance run has found, as a table and as a verdict. */
import type { Balance } from './ledger';
import type { Look } from './probe';

/** What was done to Node-RED meanwhile. */
export interface Course {
  readonly deploys: number;
  readonly faults: number;
  readonly presses: number;
  /** Came in the middle of a deploy. */
  readonly refusedPresses: number;
}

export interface Report {
  readonly course: Course;
  readonly balance: readonly Balance[];
  /** Without flows, at the start and at the end. */
  readonly empty: Look;
  readonly emptied: Look;
  /** With flows: just started, settled, and at the end. */
  readonly before: Look;
  readonly settled: Look;
  readonly after: Look;
}

const mostGrowth = 0.05;
const megabyte = 1024 * 1024;
const shownIds = 3;

function growthOf({ settled, after }: Report): number {
  return after.usedBytes / settled.usedBytes - 1;
}

function write(cells: readonly (string | number)[]): string {
  return cells.map((cell, column) => (column === 0 ? String(cell).padEnd(18) : String(cell).padStart(10))).join('');
}

export function printReport(report: Report): void {
  const { course, balance, empty, emptied, before, settled, after } = report;
  const { deploys, faults, presses, refusedPresses } = course;
  console.log(`\n${deploys} deploys, ${faults} changes of faults, ${presses} presses (${refusedPresses} refused)\n`);
  console.log(write(['events of', 'posts', 'spoiled', 'taken', 'came out', 'missing', 'doubled', 'invented']));
  for (const { book, posts, spoiled, taken, out, missing, doubled, invented } of balance) {
    console.log(write([book, posts, spoiled, taken, out, missing.length, doubled.length, invented.length]));
  }
  console.log(`\n${write(['', 'used MB', 'code MB', 'RSS MB', 'layers', 'listeners', 'rejections'])}  open`);
  for (const [name, look] of Object.entries({ empty, before, settled, after, emptied })) {
    const { usedBytes, codeBytes, residentBytes, layers, listeners, rejections, open } = look;
    const sizes = [usedBytes, codeBytes, residentBytes].map((bytes) => (bytes / megabyte).toFixed(1));
    console.log(`${write([name, ...sizes, layers, listeners, rejections.length])}  ${JSON.stringify(open)}`);
  }
  console.log(`\nmemory from settled to the end: ${(100 * growthOf(report)).toFixed(1)} %\n`);
}

/** What must not be, in words. */
export function findFailures(report: Report): readonly string[] {
  const { balance, empty, emptied, before, after } = report;
  const failures = balance.flatMap(({ book, taken, missing, doubled, invented }) =>
    [
      taken === 0 ? `${book}: nothing was sent, so nothing was tried` : '',
      ...Object.entries({ missing, doubled, invented }).map(([what, ids]) =>
        ids.length === 0 ? '' : `${book}: ${ids.length} ${what}, such as ${ids.slice(0, shownIds).join(', ')}`,
      ),
    ].filter((failure) => failure !== ''),
  );
  const same = (what: string, one: unknown, other: unknown): void => {
    const [first, last] = [one, other].map((value) => JSON.stringify(value));
    if (first !== last) failures.push(`${what}: ${first} at the start, ${last} at the end`);
  };
  same('layers of the router without flows', empty.layers, emptied.layers);
  same('layers of the router with flows', before.layers, after.layers);
  same('what is open without flows', sorted(empty.open), sorted(emptied.open));
  same('listeners without flows', empty.listeners, emptied.listeners);
  if (growthOf(report) >= mostGrowth) failures.push(`memory grew by ${(100 * growthOf(report)).toFixed(1)} %`);
  for (const rejection of emptied.rejections.slice(0, shownIds)) failures.push(`nobody handled ${rejection}`);
  return failures;
}

function sorted(open: Look['open']): object {
  return Object.fromEntries(Object.entries(open).toSorted(([one], [other]) => one.localeCompare(other)));
}
