/** What the demo runs: a real Node-RED with the example flows, and the simulated site that posts to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
}

/** All example flows; config nodes that several of them have come once, listening on `port`. */
export function readFlows(port: number): readonly FlowNode[] {
  const flows = new Map<string, FlowNode>();
  for (const file of readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.json')) continue;
    const nodes = JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as FlowNode[];
    for (const node of nodes) {
      flows.set(node.id, node.type === 'security-listener' ? Object.assign(node, { host: '127.0.0.1', port }) : node);
    }
  }
  return [...flows.values()];
}

/** The package's own nodes that send messages: those the check waits for. */
export function findSources(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter((node) => node.type.startsWith('viewtron-'));
}

export interface Demo {
  readonly nodeRed: NodeRed;
  stop(): Promise<void>;
}

/** Node-RED on 1880 or the next free port, the listener on 5050 or the next. */
export async function startDemo(onSent: (sent: Sent) => void): Promise<Demo> {
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
