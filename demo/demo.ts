/**
 * The demo: a real Node-RED in a throw-away folder with this package, the example flows and simulated devices.
 * `--check` runs it until every node has delivered an event; `--watch` builds and starts again when a source changes.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
const checkLimitMs = 60_000;

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly outputCategories?: readonly string[];
  readonly split?: boolean;
}

/** All example flows; config nodes that several of them have come once, listening on `port`. */
function readFlows(port: number): readonly FlowNode[] {
  const flows = new Map<string, FlowNode>();
  for (const file of readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.json')) continue;
    const nodes = JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as FlowNode[];
    for (const node of nodes) {
      flows.set(node.id, node.type === 'security-listener' ? { ...node, ...{ host: '127.0.0.1', port } } : node);
    }
  }
  return [...flows.values()];
}

/** The package's own nodes that send messages: those the check waits for. */
function findSources(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter((node) => node.type.startsWith('viewtron-'));
}

interface Running {
  readonly nodeRed: NodeRed;
  stop(): Promise<void>;
}

async function start(onSent: (sent: Sent) => void): Promise<Running> {
  const port = await findFreePort(5050);
  const nodeRed = await startNodeRed({ flows: readFlows(port), port: 1880, onSent });
  const site = startSite({ host: '127.0.0.1', port, path: '/API' });
  return {
    nodeRed,
    async stop() {
      await site.close();
      await nodeRed.stop();
    },
  };
}

function introduce(nodeRed: NodeRed): void {
  console.log(`
Node-RED is running with simulated cameras.

  The editor:       ${nodeRed.url}/
  Their pictures:   ${nodeRed.url}/camera-events

Open the editor and its debug sidebar (the bug), and watch the events come in. Ctrl-C ends it all.
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
  const running = await start((sent) => {
    if (!first.has(sent.node)) first.set(sent.node, sent);
    if (sources.every((source) => first.has(source.id))) isComplete();
  });
  const limit = setTimeout(isComplete, checkLimitMs);
  await completed;
  clearTimeout(limit);
  await running.stop();

  for (const { id, type, name } of sources) {
    const sent = first.get(id);
    console.log(
      `${sent ? 'ok     ' : 'SILENT '} ${type} "${name ?? ''}"${sent ? `: ${sent.topic}, ${sent.kind}` : ''}`,
    );
  }
  const silent = sources.filter((source) => !first.has(source.id)).length;
  if (silent > 0) console.log(`\nNode-RED said:\n${running.nodeRed.log()}`);
  return silent;
}

async function run(isWatching: boolean): Promise<void> {
  let running = await start(() => undefined);
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
    running = await start(() => undefined);
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
