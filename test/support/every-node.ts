/** Every node of the package in one flow, with what it talks to, and all that it sends and reads. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import helper from 'node-red-node-test-helper';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ListenerNode } from '../../nodes/listener/listener-node';
import manifest from '../../package.json';
import { PacsApi } from '../../simulators/camio/pacs-api';
import { CamlyticsServer } from '../../simulators/camlytics/server';
import { PdkCloud } from '../../simulators/pdk/cloud';
import { standardClient, standardOrganizations } from '../../simulators/pdk/cloud-options';
import { DeviceApi } from '../../simulators/viewtron/api/device-api';

helper.init(require.resolve('node-red'));

export type Json = Record<string, unknown>;

export const types = Object.entries(manifest['node-red'].nodes).map(([type, built]) => {
  const file = join(__dirname, '../..', built.replace('dist/', '').replace(/\.js$/, ''));
  const help = join(file, '..', 'locales/en-US', `${basename(file)}.html`);
  return { type, load: require(file) as (RED: NodeAPI) => void, help: readFileSync(help, 'utf8') };
});

/** By type of the node: what it sent, and what Catch nodes got of it. */
export const sent = new Map<string, Json[]>(types.map(({ type }) => [type, []]));
export const caught = new Map<string, Json[]>(types.map(({ type }) => [type, []]));
export const read = new Map<string, Set<string>>(types.map(({ type }) => [type, new Set()]));
let notify: () => void = () => undefined;

export async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise<void>((resolve) => (notify = resolve));
}

function collector(RED: NodeAPI): void {
  RED.nodes.registerType('test-collector', function collect(this: Node, def: NodeDef & { of?: string }) {
    RED.nodes.createNode(this, def);
    this.on('input', (received) => {
      const message = { ...received } as unknown as Json & { error?: { source: { type: string } } };
      if (def.of === undefined) caught.get(message.error?.source.type ?? '')?.push(message);
      else sent.get(def.of)?.push(message);
      notify();
    });
  });
}

/** Notes which properties are asked for by name: those that are merely copied along are not. */
export function watched(of: string, content: Json, place = ''): Json {
  let isCopied = false;
  const note = (target: Json, key: string | symbol): void => {
    const isNodeRed =
      key in Object.prototype || ['_msgid', 'req', 'res', 'error', 'toJSON', 'then', 'length'].includes(String(key));
    if (typeof key === 'string' && !isNodeRed && !(isCopied && Object.hasOwn(target, key)))
      read.get(of)?.add(place + key);
  };
  return new Proxy(content, {
    get: (target, key) => (note(target, key), target[key as string]),
    has: (target, key) => (note(target, key), key in target),
    ownKeys: (target) => ((isCopied = true), Reflect.ownKeys(target)),
  });
}

/** Gives a node a message, and waits until something has come of it. */
export async function ask(type: string, message: Json, isSent = true): Promise<Json> {
  const inbox = (isSent ? sent : caught).get(type)!;
  const before = inbox.length;
  const { payload } = message;
  const isPlain = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  const inner = isPlain ? { payload: watched(type, payload as Json, 'payload.') } : {};
  helper.getNode(idOf(type)).receive(watched(type, { ...message, ...inner, given: message }));
  await until(() => inbox.length > before);
  return inbox[before]!;
}

export const idOf = (type: string): string => `the-${type}`;
const catchFile = '25-catch.js';
const tab = { z: 'tab', x: 1, y: 1 };
const isConfig = (type: string): boolean => /listener|device|account|server/.test(type);
const open: { close(): Promise<void> }[] = [];
export const outputs: Readonly<Record<string, number>> = { 'viewtron-presence': 5, 'camlytics-poll': 2 };
const wiresOf = (type: string): object => ({ wires: Array.from({ length: outputs[type] ?? 1 }, () => [`of-${type}`]) });

/** Every node of the package with what it talks to; its id is its type. */
export async function startNodes(): Promise<{
  readonly url: string;
  readonly camlytics: CamlyticsServer;
  readonly cloud: PdkCloud;
}> {
  const user = { user: 'admin', password: 'gate-Way 7' };
  const device = new DeviceApi({ name: 'Gate cam', model: 'LPR-IP4', mac: '02:00:5E:10:00:43', serial: 'DEMO00A1B2C4', manner: '2.1', channels: 1, guard: { ...user, scheme: 'basic' } }); // prettier-ignore
  await device.open();
  const [pacs, camlytics, cloud] = await Promise.all([
    PacsApi.start({ token: 't' }),
    CamlyticsServer.open(),
    PdkCloud.start(),
  ]);
  open.push(device, pacs, camlytics, cloud);
  const zone = { shape: 'zone', id: 'z', name: 'Yard', points: [[0, 0], [1, 0], [1, 1], [0, 1]], loiter: 0.1, most: 0 }; // prettier-ignore
  const line = { shape: 'line', id: 'l', name: 'Door', points: [[0.5, 0.9], [0.5, 0.1]], forbidden: 'in' }; // prettier-ignore
  const settings: Record<string, object> = {
    'security-listener': { door: 'own', host: '127.0.0.1', port: '0' },
    'viewtron-in': { heartbeats: true, tracking: 'all', dedupeSeconds: 0 },
    'viewtron-presence': {
      stopDelay: 0.2,
      moves: 25,
      numbers: true,
      pictures: 25,
      scene: false,
      anchor: 'middle',
      shapes: [zone, line],
    },
    'viewtron-device': { host: '127.0.0.1', port: String(device.port) },
    'viewtron-config-out': { device: idOf('viewtron-device'), receiver: idOf('viewtron-in'), action: '' },
    'pdk-webhook-in': { acceptUnsigned: true, topics: '*' },
    'pdk-hook-manager': {
      account: idOf('pdk-account'),
      operation: 'msg',
      webhook: [idOf('pdk-webhook-in')],
      publicUrl: 'https://doors.example.com',
    },
    'pdk-account': { baseUrl: cloud.url, organization: standardOrganizations[1]?.id },
    'camlytics-poll': { server: idOf('camlytics-server'), start: 'all' },
    'camlytics-server': { host: '127.0.0.1', port: String(camlytics.port), timeZone: 'UTC' },
    'camio-callback-in': { acceptAnyone: true },
    'camio-event-out': { account: idOf('camio-account'), action: 'msg' },
    'camio-account': { url: pacs.url },
  };
  const flow = types.flatMap(({ type }) => [
    {
      id: idOf(type),
      type,
      ...(type.endsWith('-in') && { listener: idOf('security-listener'), path: `/${type}` }),
      ...(isConfig(type) ? {} : tab),
      ...settings[type],
      ...wiresOf(type),
    },
    { ...tab, id: `of-${type}`, type: 'test-collector', of: type },
  ]);
  const core = require.resolve(`@node-red/nodes/core/common/${catchFile}`, { paths: [require.resolve('node-red')] });
  const around = [
    { id: 'tab', type: 'tab', label: 'test' },
    { ...tab, id: 'wrong', type: 'viewtron-presence', stopDelay: 'soon' },
    { ...tab, id: 'catch', type: 'catch', wires: [['caught']] },
    { ...tab, id: 'caught', type: 'test-collector' },
  ];
  const credentials = {
    [idOf('viewtron-device')]: user,
    [idOf('pdk-account')]: { clientId: standardClient.id, clientSecret: standardClient.secret },
    [idOf('camio-account')]: { token: 't' },
    [idOf('camio-callback-in')]: { hookKey: 'hook-key-of-this-test' },
  };
  const load = [...types.map((each) => each.load), require(core) as (RED: NodeAPI) => void, collector];
  await helper.load(load, [...around, ...flow] as helper.TestFlows, credentials);
  const listener = helper.getNode(idOf('security-listener')) as unknown as ListenerNode;
  const find = (): number => listener.endpoint('/x', { networks: [], proxies: [] })?.port ?? 0;
  while (find() === 0) await new Promise((resolve) => setImmediate(resolve));
  return { url: `http://127.0.0.1:${find()}`, camlytics, cloud };
}

export async function stopNodes(): Promise<void> {
  await helper.unload();
  await Promise.all(open.splice(0).map((each) => each.close()));
}
