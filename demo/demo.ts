/**
 * The demo: a real Node-RED in a throw-away folder with this package, the example flows and simulated devices.
 * `--check` runs it until every node has delivered an event; `--watch` builds and starts again when a source changes;
 * `--dashboard` runs the example with FlowFuse Dashboard too.
 */
import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { findSetUps, findSources, press, readFlows, startDemo } from './demo-run';
import type { NodeRed, Sent } from './node-red';

const root = join(__dirname, '..');
const checkLimitMs = 60_000;
const withDashboard = process.argv.includes('--dashboard');

function introduce(nodeRed: NodeRed): void {
  console.log(`
Node-RED is running with simulated cameras and doors.

  The editor:       ${nodeRed.url}/
  Their pictures:   ${nodeRed.url}/camera-events
  The live yard:    ${nodeRed.url}/live-yard${withDashboard ? `\n  The dashboard:    ${nodeRed.url}/dashboard/security` : ''}

The flow "PDK: subscription set up from the flow" has made its subscription at a simulated cloud of PDK.
Open the editor and its debug sidebar (the bug), and watch the events come in. In the flow "send events here" press
Set up, and one more camera posts. Ctrl-C ends it all.
`);
}

/** Resolves to the nodes that had not delivered in time. */
async function check(): Promise<number> {
  const sources = findSources(readFlows(0));
  const first = new Map<string, Sent>();
  let isComplete: () => void = () => undefined;
  const completed = new Promise<void>((resolve) => {
    isComplete = resolve;
  });
  const running = await startDemo((sent) => {
    if (!first.has(sent.node)) first.set(sent.node, sent);
    if (sources.every((source) => first.has(source.id))) isComplete();
  });
  for (const { id } of findSetUps(readFlows(0))) await press(running.nodeRed, id);
  const limit = setTimeout(isComplete, checkLimitMs);
  await completed;
  clearTimeout(limit);
  await running.stop();

  for (const { id, type, name } of sources) {
    const sent = first.get(id);
    console.log(
      `${sent ? 'ok     ' : 'SILENT '} ${type} "${name ?? ''}"${sent ? `: ${sent.topic}${sent.kind === 'undefined' ? '' : `, ${sent.kind}`}` : ''}`,
    );
  }
  const silent = sources.filter((source) => !first.has(source.id)).length;
  if (silent > 0) console.log(`\nNode-RED said:\n${running.nodeRed.log()}`);
  return silent;
}

async function run(isWatching: boolean): Promise<void> {
  let running = await startDemo(() => undefined, withDashboard);
  introduce(running.nodeRed);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    console.log('\nStopping ...');
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  if (!isWatching) return;
  let waiting: NodeJS.Timeout | undefined;
  const restart = async (): Promise<void> => {
    try {
      execFileSync(process.execPath, [require.resolve('tsx/cli'), 'build.ts'], { cwd: root, stdio: 'inherit' });
    } catch {
      return; // the compiler has said what is wrong; the next change tries again
    }
    await running.stop();
    running = await startDemo(() => undefined, withDashboard);
    console.log(`Started again with your change: ${running.nodeRed.url}/`);
  };
  for (const folder of ['src', 'nodes', 'examples', 'icons']) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void restart(), 200);
    });
  }
}

async function main(): Promise<void> {
  if (process.argv.includes('--check')) process.exit((await check()) === 0 ? 0 : 1);
  await run(process.argv.includes('--watch'));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
