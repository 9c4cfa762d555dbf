/** What the demo runs: a real Node-RED with the example flows, and the simulated site that posts to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceApi } from '../simulators/viewtron/api/device-api';
import { FakeCamera } from '../simulators/viewtron/api/fake-camera';
import { startSite } from '../simulators/viewtron/site';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from './node-red';

const root = join(__dirname, '..');
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
}

/** Where a device of the examples really is. */
export type Places = ReadonlyMap<string, number>;

/** All example flows; config nodes that several of them have come once, listening on `port`, with their devices here. */
export function readFlows(port: number, places: Places = new Map()): readonly FlowNode[] {
  const flows = new Map<string, FlowNode>();
  for (const file of readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.json')) continue;
    let text = readFileSync(join(root, 'examples', file), 'utf8');
    // rows of tables
    for (const [host, place] of places) text = text.replaceAll(`${host},80`, `127.0.0.1,${place}`);
    for (const node of JSON.parse(text) as (FlowNode & { readonly host?: string })[]) {
      const place = node.type === 'security-listener' ? port : places.get(node.host ?? '');
      flows.set(node.id, place === undefined ? node : Object.assign(node, { host: '127.0.0.1', port: place }));
    }
  }
  return [...flows.values()];
}

const asked = ['viewtron-device', 'viewtron-config-out'];

/** The package's own nodes that send messages by themselves: those the check waits for. */
export function findSources(flows: readonly FlowNode[]): readonly FlowNode[] {
  return flows.filter((node) => node.type.startsWith('viewtron-') && !asked.includes(node.type));
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

/** Anybody may call them: an example holds no password. */
const guard = { user: '', password: '', scheme: 'basic' } as const;

async function openDevices(): Promise<{ readonly gate: DeviceApi; readonly yard: FakeCamera }> {
  const gate = new DeviceApi({
    name: 'Gate cam',
    model: 'LPR-IP4',
    mac: '02:00:5e:10:00:43',
    serial: 'DEMO00A1B2C4',
    manner: '2.1',
    channels: 1,
    guard,
  });
  const yard = new FakeCamera({
    name: 'Yard cam',
    model: 'IP4',
    mac: '02:00:5e:10:00:41',
    serial: 'DEMO00A1B2C3',
    ip: '192.0.2.41',
    manner: '2.0',
    guard,
  });
  return { gate: await gate.open(), yard: await yard.open() };
}

/** Node-RED on 1880 or the next free port, the listener on 5050 or the next. */
export async function startDemo(onSent: (sent: Sent) => void): Promise<Demo> {
  const port = await findFreePort(5050);
  const { gate, yard } = await openDevices();
  const places: Places = new Map([
    ['192.0.2.43', gate.port],
    ['192.0.2.41', yard.api.port],
  ]);
  const nodeRed = await startNodeRed({ flows: readFlows(port, places), port: 1880, onSent });
  const site = startSite({ host: '127.0.0.1', port, path: '/API' });
  return {
    nodeRed,
    async stop() {
      await Promise.all([site.close(), gate.close(), yard.close()]);
      await nodeRed.stop();
    },
  };
}
