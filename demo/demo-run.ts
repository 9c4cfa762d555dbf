/** What the demo runs: a real Node-RED with the example flows, and the simulated cameras, doors and clouds around it. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PacsApi } from '../simulators/camio/pacs-api';
import { startDomain, type Domain } from '../simulators/camio/site';
import { startDoors } from '../simulators/pdk/site';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly path?: string;
  readonly action?: string;
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

/** The package's own nodes that send messages: those the check waits for. A list of doors waits for a person's button. */
export function findSources(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter(({ type, action }) => /^(viewtron|pdk|camio)-(?!account)/.test(type) && action !== 'devices');
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
  const camio = await startCamio(flows, port);
  const nodeRed = await startNodeRed({
    flows,
    credentials: { ...credentials, ...camio.credentials },
    port: 1880,
    onSent,
  });
  const domains = camio.start();
  const site = startSite({ host: '127.0.0.1', port, path: '/API' });
  const paths = new Set(webhooks.flatMap(({ path }) => path ?? []));
  const doors = [...paths].map((path) => startDoors({ url: `http://127.0.0.1:${port}${path}`, secret }));
  return {
    nodeRed,
    async stop() {
      await Promise.all([site, camio, ...domains, ...doors].map((each) => each.close()));
      await nodeRed.stop();
    },
  };
}

interface Camio {
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Begins to call back: one domain for each path. */
  start(): readonly Domain[];
  close(): Promise<void>;
}

/** Camio's interface for doors, to which the accounts of the flows lead, and what calls back to their nodes. */
async function startCamio(flows: readonly FlowNode[], port: number): Promise<Camio> {
  const ofType = (wanted: string): readonly FlowNode[] => flows.filter(({ type }) => type === wanted);
  const callbacks = ofType('camio-callback-in');
  const [token, headerValue, hookKey] = [24, 24, 24].map((bytes) => randomBytes(bytes).toString('base64url'));
  const api = await PacsApi.start({ token: token ?? '' });
  for (const account of ofType('camio-account')) Object.assign(account, { url: api.url });
  const secrets = { headerValue: headerValue ?? '', hookKey: hookKey ?? '' };
  return {
    credentials: Object.fromEntries([
      ...callbacks.map(({ id }) => [id, secrets] as const),
      ...ofType('camio-account').map(({ id }) => [id, { token: token ?? '' }] as const),
    ]),
    start() {
      const paths = new Set(callbacks.flatMap(({ path }) => path ?? []));
      const headers = { 'Content-Type': 'application/json', Authorization: secrets.headerValue };
      return [...paths].map((path) => {
        const url = `http://127.0.0.1:${port}${path}`;
        return startDomain({ url, headers, hookUrl: `${url}/${secrets.hookKey}` });
      });
    },
    close: () => api.close(),
  };
}
