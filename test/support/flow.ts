/** A flow around a viewtron-in node, run by Node-RED's own test helper, with a real port. */
import helper from 'node-red-node-test-helper';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { Client } from 'undici';
import securityListener = require('../../nodes/listener/security-listener');
import viewtronIn = require('../../nodes/viewtron/viewtron-in');
import type { ListenerNode } from '../../nodes/listener/listener-node';
import type { SecurityEvent } from '../../src/event';
import type { Receiver } from '../../src/http/receiver';

helper.init(require.resolve('node-red'));

/** Core nodes have no types of their own. */
const loadCore = (file: string): typeof viewtronIn =>
  require(require.resolve(`@node-red/nodes/core/common/${file}`, { paths: [require.resolve('node-red')] }));
const catchNode = loadCore('25-catch.js');
const statusNode = loadCore('25-status.js');

export interface Message {
  readonly topic: string;
  readonly payload: SecurityEvent;
  readonly error?: { readonly message: string; readonly code: string; readonly source: { readonly id: string } };
  readonly status?: { readonly fill: string; readonly shape: string; readonly text: string };
}

const listenerId = 'a000000000000001';
const nodeId = 'b000000000000001';
const tabId = 'c000000000000001';

/** What came to each collector; they listen from their construction on, since errors come while flows start. */
const inbox = new Map<string, Message[]>();
let notify: () => void = () => undefined;

function collector(RED: NodeAPI): void {
  RED.nodes.registerType('test-collector', function collect(this: Node, def: NodeDef) {
    RED.nodes.createNode(this, def);
    const received: Message[] = [];
    inbox.set(this.id, received);
    this.on('input', (message) => {
      received.push(message as unknown as Message);
      notify();
    });
  });
}

/** Settings of the nodes under test; `in` may be several. */
export interface FlowSettings {
  readonly listener?: Readonly<Record<string, unknown>>;
  readonly in?: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

export class TestFlow {
  readonly #client: Client;

  private constructor(readonly port: number) {
    this.#client = new Client(`http://127.0.0.1:${port}`);
  }

  /** Starts the nodes; output `n` of node `i` goes to `out-i-n`, errors to `caught`, statuses to `states`. */
  static async start(settings: FlowSettings = {}): Promise<TestFlow> {
    const ins = Array.isArray(settings.in) ? settings.in : [settings.in ?? {}];
    inbox.clear();
    const nodes = ins.flatMap((own: Readonly<Record<string, unknown>>, index) => {
      const count = Array.isArray(own.outputCategories) ? own.outputCategories.length : 1;
      const ids = Array.from({ length: count }, (_, output) => `out-${index}-${output}`);
      const id = index === 0 ? nodeId : `b00000000000000${index + 1}`;
      return [
        { id, type: 'viewtron-in', z: tabId, listener: listenerId, path: '/API', ...own, wires: ids.map((to) => [to]) },
        ...ids.map((to) => ({ id: to, type: 'test-collector', z: tabId })),
      ];
    });
    const flow: readonly object[] = [
      { id: tabId, type: 'tab', label: 'test' },
      { id: listenerId, type: 'security-listener', door: 'own', host: '127.0.0.1', port: '0', ...settings.listener },
      { id: 'e00000000000000a', type: 'catch', z: tabId, wires: [['caught']] },
      { id: 'caught', type: 'test-collector', z: tabId },
      { id: 'e00000000000000b', type: 'status', z: tabId, wires: [['states']] },
      { id: 'states', type: 'test-collector', z: tabId },
      ...nodes,
    ];
    await helper.load([securityListener, viewtronIn, catchNode, statusNode, collector], flow as helper.TestFlows);
    const isOpen = settings.listener?.port === undefined;
    // nobody posts to a listener that cannot open
    return new TestFlow(isOpen ? await findPort() : 1);
  }

  /** Posts as a camera does, and gives the reply. */
  async post(
    body: string | Buffer,
    options: { readonly path?: string; readonly headers?: Record<string, string>; readonly method?: string } = {},
  ): Promise<{ status: number; type: unknown; body: string }> {
    const reply = await this.#client.request({
      method: options.method ?? 'POST',
      path: options.path ?? '/API',
      headers: { 'content-type': 'application/xml; charset=utf-8', ...options.headers },
      body: options.method === 'GET' ? null : body,
    });
    return { status: reply.statusCode, type: reply.headers['content-type'], body: await reply.body.text() };
  }

  received(output = 'out-0-0'): readonly Message[] {
    return inbox.get(output) ?? [];
  }

  /** Resolves when so many messages have come to an output; the test's own time limit ends a wait in vain. */
  async wait(count: number, output = 'out-0-0'): Promise<readonly Message[]> {
    return this.until(() => this.received(output).length >= count, output);
  }

  async until(isDone: (messages: readonly Message[]) => boolean, output = 'out-0-0'): Promise<readonly Message[]> {
    while (!isDone(this.received(output))) {
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
    return this.received(output);
  }

  async stop(): Promise<void> {
    await this.#client.close();
    await helper.unload();
  }
}

/** The port that the system chose: the listener tells its state to everybody who attaches. */
async function findPort(): Promise<number> {
  const listener = helper.getNode(listenerId) as unknown as ListenerNode;
  return new Promise((resolve) => {
    const nobody: Receiver = {
      vendor: 'test',
      methods: ['POST'],
      answer: () => ({ status: 200, contentType: 'text/plain', body: Buffer.alloc(0) }),
      deliver: () => undefined,
      refused: () => undefined,
    };
    listener.attach({
      node: listener,
      path: '/port-of-the-test',
      receiver: nobody,
      access: { networks: [], proxies: [] },
      onState: (state) => {
        if (state.is === 'listening') resolve(state.port);
      },
    });
  });
}
