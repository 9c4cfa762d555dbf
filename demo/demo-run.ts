/** What the demo runs: a real Node-RED with the example flows, and the simulated sites that post to it or are asked. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCamlyticsSite } from '../simulators/camlytics/site';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly path?: string;
}

/** All example flows; config nodes that several of them have come once, listening on `port`, Camlytics on its own. */
export function readFlows(port: number, camlyticsPort = 48_462): readonly FlowNode[] {
  const flows = new Map<string, FlowNode>();
  for (const file of readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.json')) continue;
    const nodes = JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as FlowNode[];
    for (const node of nodes) {
      if (node.type === 'security-listener') Object.assign(node, { host: '127.0.0.1', port });
      if (node.type === 'camlytics-server') Object.assign(node, { host: '127.0.0.1', port: String(camlyticsPort) });
      flows.set(node.id, node);
    }
  }
  return [...flows.values()];
}

/** The package's own nodes that send messages: those the check waits for. */
export function findSources(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter((node) => /^(viewtron-|camlytics-(poll|webhook-in)$)/.test(node.type));
}

export interface Demo {
  readonly nodeRed: NodeRed;
  stop(): Promise<void>;
}

/** Node-RED on 1880 or the next free port, the listener on 5050 or the next. */
export async function startDemo(onSent: (sent: Sent) => void): Promise<Demo> {
  const port = await findFreePort(5050);
  const camlyticsPort = await findFreePort(48_462);
  const flows = readFlows(port, camlyticsPort);
  // what example flows write goes when the demo ends
  const files = mkdtempSync(join(tmpdir(), 'gatehouse-demo-'));
  const webhook = flows.find(({ type }) => type === 'camlytics-webhook-in')?.path;
  const camlytics = await startCamlyticsSite({
    port: camlyticsPort,
    webhook: webhook === undefined ? undefined : `http://127.0.0.1:${port}${webhook}`,
  });
  const nodeRed = await startNodeRed({ flows, port: 1880, settings: { fileWorkingDirectory: files }, onSent });
  const site = startSite({ host: '127.0.0.1', port, path: '/API' });
  return {
    nodeRed,
    async stop() {
      await Promise.all([site.close(), camlytics.close()]);
      await nodeRed.stop();
      rmSync(files, { recursive: true, force: true });
    },
  };
}
