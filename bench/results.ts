/** The figures as tables, for the terminal and for `RESULTS.md`. */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Step } from './inside';
import type { Load } from './loads';
import type { Measurement } from './measure';
import type { PresenceCost } from './presence';

/** Of one load, by the server's name; the bare one first. */
export interface Row {
  readonly load: Load;
  readonly measured: ReadonlyMap<string, Measurement>;
}

export interface Figures {
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly steps: readonly Step[];
  readonly presence: readonly PresenceCost[];
  /** At 50 detections of 520 KB a second; of the own port and of the bare server beside it. */
  readonly worstDelayMs: { readonly own: number; readonly bare: number };
  readonly growth: readonly { readonly name: string; readonly count: number; readonly bytesPerPost: number }[];
}

const cpuOf = ({ measured }: Row, server: string): number => measured.get(server)?.cpuMicroseconds ?? Number.NaN;

/** As many columns as the first line; a Markdown table reads well in a terminal too. */
export function toTable(lines: readonly (readonly string[])[]): string {
  const [head = []] = lines;
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)));
  const write = (line: readonly string[]): string =>
    `| ${widths.map((width, column) => (column === 0 ? (line[column] ?? '').padEnd(width) : (line[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [write(head), write(rule), ...lines.slice(1).map(write)].join('\n');
}

/** CPU a request, as multiples of the bare server's; beside the goals where enough was measured to judge. */
export function toRatios(rows: readonly Row[], isJudged = true): string {
  const judge = (value: number, goal: number | undefined, isMet: (goal: number) => boolean): string =>
    `${value.toFixed(1)}${goal === undefined || !isJudged ? '' : ` (goal ${goal}: ${isMet(goal) ? 'met' : 'missed'})`}`;
  return toTable([
    ['post', 'bare, us CPU', 'own port / bare', "Node-RED's port / bare", 'by hand / bare', 'by hand / own port'],
    ...rows.map((row) => {
      const [bare, own, shared, byHand] = ['bare', 'own port', "Node-RED's port", 'by hand'].map((name) =>
        cpuOf(row, name),
      ) as [number, number, number, number];
      const { goal, goalByHand } = row.load;
      return [
        row.load.name,
        bare.toFixed(0),
        judge(own / bare, goal, (most) => own / bare <= most),
        (shared / bare).toFixed(1),
        (byHand / bare).toFixed(1),
        judge(byHand / own, goalByHand, (least) => byHand / own >= least),
      ];
    }),
  ]);
}

export function toDetails(rows: readonly Row[]): string {
  return toTable([
    ['post, server', 'us CPU', 'a second', 'p50 ms', 'p99 ms', 'worst delay ms', 'memory MB'],
    ...rows.flatMap(({ load, measured }) =>
      [...measured].map(([name, { cpuMicroseconds, perSecond, medianMs, p99Ms, worstDelayMs, residentBytes }]) => [
        `${load.name}, ${name}`,
        cpuMicroseconds.toFixed(0),
        perSecond.toFixed(0),
        medianMs.toFixed(1),
        p99Ms.toFixed(1),
        worstDelayMs.toFixed(0),
        (residentBytes / 1e6).toFixed(0),
      ]),
    ),
  ]);
}

export function toSteps(steps: readonly Step[], presence: readonly PresenceCost[]): string {
  return toTable([
    ['step', 'us CPU'],
    ...steps.map(({ name, microseconds }) => [name, microseconds.toFixed(1)]),
    ...presence.map(({ targets, microseconds, drawnMicroseconds }) => [
      `presence, a post of ${targets} targets (with pictures of the scene)`,
      `${microseconds.toFixed(1)} (${drawnMicroseconds.toFixed(1)})`,
    ]),
  ]);
}

/** What was measured on: neither a name nor a path of the machine. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const version = (path: string): string =>
    (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
  const home = process.env.NODE_RED_HOME;
  const nodeRed = version(home === undefined ? require.resolve('node-red/package.json') : join(home, 'package.json'));
  const memory = Math.round(totalmem() / 1e9);
  const packageVersion = version(join(__dirname, '..', 'package.json'));
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory} GB, ${process.platform}, Node.js ${process.versions.node}, Node-RED ${nodeRed}, this package ${packageVersion}`;
}

export function writeResults({ rounds, rows, steps, presence, worstDelayMs, growth }: Figures): string {
  return `# Benchmark

Written by \`npm run bench\`: ${describeMachine()}. Medians of ${rounds} rounds of a second each, in which the servers took turns; 10 connections; load from another process over loopback.

- *bare*: a \`node:http\` server that reads, throws away and answers. The limit for anything in Node.js.
- *own port*, *Node-RED's port*: this package in Node-RED, through a listener of either kind.
- *by hand*: \`http in\`, \`xml\`, a function that decodes the pictures, \`http response\`. Signatures are not checked there.

CPU a request, user and system time of the serving process, as multiples of the bare server's in the same run. Rates and waits
depend on the machine and on what else it does; these ratios depend on it least.

${toRatios(rows)}

At 50 detections of 520 KB a second the event loop of Node-RED stood still for ${worstDelayMs.own.toFixed(0)} ms at worst (goal: 20), that of the bare server for ${worstDelayMs.bare.toFixed(0)} ms.

${growth.map(({ name, count, bytesPerPost }) => `Memory that the second half of ${count} posts (${name}) left behind: ${bytesPerPost.toFixed(0)} bytes a post.`).join('\n')}

## All figures

${toDetails(rows)}

## Single steps, in process

${toSteps(steps, presence)}
`;
}
