/** What the demo runs: a real Node-RED with the example flows, and the simulated cameras and doors that post to it. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PdkCloud } from '../simulators/pdk/cloud';
import { standardClient } from '../simulators/pdk/cloud-options';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly baseUrl?: string;
  readonly publicUrl?: string;
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
  return flows.filter(({ type }) => /^(viewtron|pdk)-/.test(type) && type !== 'pdk-account');
}

export interface Demo {
  readonly nodeRed: NodeRed;
  stop(): Promise<void>;
}

/** Whose doors they are; the examples name its people. */
const company = {
  id: '57e50e4840ce4f00017df412',
  name: 'Example Company',
  panels: [{ id: '1070000', name: 'Main building' }],
};

/**
 * Node-RED on 1880 or the next free port, the listener on 5050 or the next. PDK's events come through the subscription that
 * an example makes at the fake cloud: it is the only way in.
 */
export async function startDemo(onSent: (sent: Sent) => void): Promise<Demo> {
  const port = await findFreePort(5050);
  const examples = readFlows(port);
  const publicUrl = examples.find(({ type }) => type === 'pdk-hook-manager')?.publicUrl ?? '';
  const reach = (url: string): string => url.replace(publicUrl, `http://127.0.0.1:${port}`);
  const cloud = await PdkCloud.start({ organizations: [company], reach });
  const flows = examples.map((node) => (node.type === 'pdk-account' ? { ...node, baseUrl: cloud.url } : node));
  // nobody needs to know it but the nodes, and the cloud that they tell it to
  const secret = randomBytes(24).toString('base64url');
  const { id: clientId, secret: clientSecret } = standardClient;
  const secretsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'pdk-account': { clientId, clientSecret },
    'pdk-webhook-in': { secret },
  };
  const credentials = Object.fromEntries(flows.map(({ id, type }) => [id, secretsOf[type] ?? {}]));
  const nodeRed = await startNodeRed({ flows, credentials, port: 1880, onSent });
  const site = startSite({ host: '127.0.0.1', port, path: '/API' });
  cloud.openDoors(company.panels[0]?.id ?? '', company.id);
  return {
    nodeRed,
    async stop() {
      await Promise.all([site.close(), cloud.close()]);
      await nodeRed.stop();
    },
  };
}
