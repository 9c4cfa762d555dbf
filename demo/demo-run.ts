/** What the demo runs: a real Node-RED with the example flows, and the simulated sites around it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';
import { prepareCamio } from './sites/camio';
import { prepareCamlytics } from './sites/camlytics';
import { prepareHomeAssistant } from './sites/home-assistant';
import { preparePdk } from './sites/pdk';
import type { Random } from '../simulators/random';
import type { Credentials, FlowNode, Told } from './sites/site';
import { prepareViewtron } from './sites/viewtron';
import { prepareViewtronDevices } from './sites/viewtron-devices';

const root = join(__dirname, '..');
const allSites = [
  prepareViewtron,
  prepareViewtronDevices,
  preparePdk,
  prepareCamlytics,
  prepareCamio,
  prepareHomeAssistant,
];
/** Nodes that send no message by themselves: config nodes, and such as wait for a person. */
const silentTypes = /-(account|server|device|config-out)$/;

/** Its example needs a package that users install; all others run in a bare Node-RED. */
export const dashboard = { folder: 'dashboard', module: '@flowfuse/node-red-dashboard' } as const;

/** The example flows, all or a vendor's; config nodes that several of them have come once, listening on `port`. */
export function readFlows(port: number, vendor = ''): readonly FlowNode[] {
  const flows = new Map<string, FlowNode>();
  for (const file of readdirSync(join(root, 'examples', vendor), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.json') || file.split(/[\\/]/)[0] === dashboard.folder) continue;
    const nodes = JSON.parse(readFileSync(join(root, 'examples', vendor, file), 'utf8')) as FlowNode[];
    for (const node of nodes) {
      if (node.type === 'security-listener') Object.assign(node, { host: '127.0.0.1', port });
      flows.set(node.id, node);
    }
  }
  return [...flows.values()];
}

/** The package's own nodes that send messages: those the check waits for. A list of doors waits for a person's button. */
export function findSources(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter(
    ({ type, action }) =>
      /^(viewtron|pdk|camlytics|camio)-/.test(type) && !silentTypes.test(type) && action !== 'devices',
  );
}

/** The Inject nodes that a person presses to set a camera up. */
export function findSetUps(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter((node) => node.type === 'inject' && node.name === 'Set up');
}

/** The button of an Inject node. */
export async function press(nodeRed: NodeRed, id: string): Promise<void> {
  const response = await fetch(`${nodeRed.url}/inject/${id}`, { method: 'POST' });
  if (!response.ok) throw new Error(`the Inject node could not be pressed: ${response.status}`);
}

export interface Demo {
  readonly nodeRed: NodeRed;
  stop(): Promise<void>;
}

/** The example flows, told where the simulated sites are, and those sites. */
export interface World {
  readonly flows: readonly FlowNode[];
  /** By the ids of nodes. */
  readonly credentials: Readonly<Record<string, Credentials>>;
  /** The sites begin to send. */
  open(): void;
  /** Something else goes wrong at every site, by chance; undefined: all goes well again. */
  trouble(random: Random | undefined): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly withDashboard?: boolean;
  /** Nodes beside those of the examples. */
  readonly more?: (examples: readonly FlowNode[]) => readonly FlowNode[];
  /** Told of all that the sites send. */
  readonly onTold?: (told: Told) => void;
}

export async function prepareWorld({ withDashboard = false, more, onTold }: WorldOptions = {}): Promise<World> {
  const port = await findFreePort(5050);
  const page = withDashboard ? readFlows(port, dashboard.folder) : [];
  const examples = [...new Map([...readFlows(port), ...page].map((node) => [node.id, node])).values()];
  const nodes = [...examples, ...(more?.(examples) ?? [])];
  const around = { nodes, port, ...(onTold && { onTold }) };
  const sites = await Promise.all(allSites.map((prepare) => prepare(around)));
  const flows = nodes.map((node): FlowNode => Object.assign({}, node, ...sites.map((site) => site.settingsOf?.(node))));
  return {
    flows,
    credentials: Object.fromEntries(
      flows.map((node) => [node.id, Object.assign({}, ...sites.map((site) => site.credentialsOf?.(node)))]),
    ),
    open() {
      for (const site of sites) site.open?.();
    },
    trouble(random) {
      for (const site of sites) site.trouble?.(random);
    },
    async close() {
      await Promise.all(sites.map((site) => site.close()));
    },
  };
}

/** Node-RED on 1880 or the next free port, the listener on 5050 or the next. */
export async function startDemo(onSent: (sent: Sent) => void, withDashboard = false): Promise<Demo> {
  const world = await prepareWorld({ withDashboard });
  const { flows, credentials } = world;
  const modules = withDashboard ? [dashboard.module] : [];
  const nodeRed = await startNodeRed({ flows, credentials, port: 1880, onSent, modules });
  world.open();
  return {
    nodeRed,
    async stop() {
      await world.close();
      await nodeRed.stop();
    },
  };
}
