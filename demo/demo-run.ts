/** What the demo runs: a real Node-RED with the example flows, and the simulated cameras and doors that post to it. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDoors } from '../simulators/pdk/site';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly path?: string;
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
  return flows.filter((node) => /^(viewtron|pdk)-/.test(node.type));
}

export interface Demo {
  readonly nodeRed: NodeRed;
  stop(): Promise<void>;
}

/** Node-RED on 1880 or the next free port, the listener on 5050 or the next. */
export async function startDemo(onSent: (sent: Sent) => void): Promise<Demo> {
  const port = await findFreePort(5050);
  const flows = readFlows(port);
  const webhooks = flows.filter(({ type }) => type === 'pdk-webhook-in');
  // nobody needs to know it but the doors and the nodes
  const secret = randomBytes(24).toString('base64url');
  const credentials = Object.fromEntries(webhooks.map(({ id }) => [id, { secret }]));
  const nodeRed = await startNodeRed({ flows, credentials, port: 1880, onSent });
  const site = startSite({ host: '127.0.0.1', port, path: '/API' });
  const paths = new Set(webhooks.flatMap(({ path }) => path ?? []));
  const doors = [...paths].map((path) => startDoors({ url: `http://127.0.0.1:${port}${path}`, secret }));
  return {
    nodeRed,
    async stop() {
      await Promise.all([site, ...doors].map((each) => each.close()));
      await nodeRed.stop();
    },
  };
}
