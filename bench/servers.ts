/** What is measured: the package through both doors, the flow that a user builds by hand, and a bare server beside them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findFreePort, startNodeRed } from '../demo/node-red';
import { webhookSecret } from './loads';

/** What a process has cost so far. */
export interface Cost {
  /** User and system time. */
  readonly cpuMicroseconds: number;
  /** Of its event loop, since it was asked last. */
  readonly worstDelayMs: number;
  readonly residentBytes: number;
  /** Of JavaScript's objects and Buffers. */
  readonly keptBytes: number;
}

export interface Server {
  readonly name: string;
  readonly url: string;
  /** @param collects whether garbage goes first, so that what is kept is what somebody holds */
  cost(collects?: boolean): Promise<Cost>;
  stop(): Promise<void>;
}

const tabId = 'c000000000000001';
const listenerId = 'a000000000000001';
const sinkId = 'd000000000000002';
const webhookId = 'b000000000000002';
/** Somebody must take the messages, or nothing is sent. */
const sink = { id: sinkId, type: 'change', z: tabId, rules: [], wires: [[]] };

function writeNode(listener: object): readonly object[] {
  const settings = { tracking: 'all', heartbeats: true, dedupeSeconds: 0, watchMisses: 3, pictures: 'buffer' };
  return [
    { id: tabId, type: 'tab', label: 'bench' },
    { id: listenerId, type: 'security-listener', host: '127.0.0.1', ...listener },
    {
      id: 'b000000000000001',
      type: 'viewtron-in',
      z: tabId,
      listener: listenerId,
      path: '/API',
      ...settings,
      wires: [[sinkId]],
    },
    {
      id: webhookId,
      type: 'pdk-webhook-in',
      z: tabId,
      listener: listenerId,
      path: '/pdk',
      staleMinutes: 0,
      wires: [[sinkId]],
    },
    sink,
  ];
}

/**
 * `http in`, `xml`, a function that decodes the pictures, `http response`. Signatures are not checked: `http in` gives JSON
 * parsed, and the bytes that were signed are gone.
 */
const byHand: readonly object[] = [
  { id: tabId, type: 'tab', label: 'bench' },
  { id: '1000000000000001', type: 'http in', z: tabId, url: '/API', method: 'post', wires: [['1000000000000002']] },
  {
    id: '1000000000000002',
    type: 'function',
    z: tabId,
    func: "msg.payload = msg.payload.toString('utf8'); return msg.payload === '' ? [null, msg] : [msg, null];",
    outputs: 2,
    wires: [['1000000000000003'], ['1000000000000005']],
  },
  {
    id: '1000000000000003',
    type: 'xml',
    z: tabId,
    property: 'payload',
    attr: '',
    chr: '',
    wires: [['1000000000000004']],
  },
  {
    id: '1000000000000004',
    type: 'function',
    z: tabId,
    func: `const find = (value) => {
      if (typeof value === 'string' && value.length > 1000) (msg.images ||= []).push(Buffer.from(value, 'base64'));
      else if (value && typeof value === 'object') Object.values(value).forEach(find);
    };
    find(msg.payload);
    msg.payload = '<config><status>success</status></config>';
    return msg;`,
    outputs: 1,
    wires: [['1000000000000005']],
  },
  { id: '1000000000000006', type: 'http in', z: tabId, url: '/pdk', method: 'post', wires: [['1000000000000007']] },
  {
    id: '1000000000000007',
    type: 'function',
    z: tabId,
    func: "msg.topic = msg.payload.topic; msg.payload = { status: 'ok' }; return msg;",
    outputs: 1,
    wires: [['1000000000000005']],
  },
  { id: '1000000000000005', type: 'http response', z: tabId, statusCode: '200', wires: [] },
];

async function startFlow(name: string, flows: readonly object[], port?: number): Promise<Server> {
  let heard: (told: Cost) => void = () => undefined;
  const nodeRed = await startNodeRed({
    flows,
    credentials: { [webhookId]: { secret: webhookSecret } },
    settingsCode: `require(${JSON.stringify(join(__dirname, 'tell-cost.js'))}).tellCost();`,
    onTold: (told) => heard(told as Cost),
  });
  return {
    name,
    url: port === undefined ? nodeRed.url : `http://127.0.0.1:${port}`,
    cost(collects = false) {
      const answer = new Promise<Cost>((resolve) => {
        heard = resolve;
      });
      nodeRed.tell({ collects });
      return answer;
    },
    stop: () => nodeRed.stop(),
  };
}

async function startBare(): Promise<Server> {
  const child = fork(join(__dirname, 'bare-server.js'), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    name: 'bare',
    url: `http://127.0.0.1:${port}`,
    async cost(collects = false) {
      const answer = once(child, 'message') as Promise<[Cost]>;
      child.send({ collects });
      return (await answer)[0];
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

export async function startOwnPort(): Promise<Server> {
  const port = await findFreePort(0);
  return startFlow('own port', writeNode({ door: 'own', port }), port);
}

/** The bare server first: all others are given as multiples of it. */
export async function startServers(): Promise<readonly Server[]> {
  return [
    await startBare(),
    await startOwnPort(),
    await startFlow("Node-RED's port", writeNode({ door: 'nodered' })),
    await startFlow('by hand', byHand),
  ];
}
