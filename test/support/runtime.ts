/** Flows for a real Node-RED process, and waiting for what its nodes send. */
import type { NodeRed, Sent } from '../../demo/node-red';

const listenerId = 'a000000000000001';
export const nodeId = 'b000000000000001';
const tabId = 'c000000000000001';
const sinkId = 'd000000000000002';

/** A viewtron-in node, its listener, and a Catch node that passes its errors on. */
export function writeFlow(
  listener: Readonly<Record<string, unknown>>,
  node: Readonly<Record<string, unknown>> = {},
): readonly object[] {
  // nodes without x and y would be taken for config nodes
  const place = { x: 100, y: 100 };
  return [
    { id: tabId, type: 'tab', label: 'test' },
    { id: listenerId, type: 'security-listener', version: 1, door: 'own', host: '127.0.0.1', port: 0, ...listener },
    {
      id: nodeId,
      type: 'viewtron-in',
      z: tabId,
      listener: listenerId,
      path: '/API',
      ...place,
      ...node,
      wires: [[sinkId]],
    },
    { id: 'd000000000000001', type: 'catch', z: tabId, ...place, scope: null, wires: [[sinkId]] },
    // a node without wires does not send at all, and the hook would see nothing
    { id: sinkId, type: 'change', z: tabId, ...place, rules: [], wires: [[]] },
  ];
}

/** Resolves when the listener listens: Node-RED does not wait for ports before it says that flows have started. */
export async function untilListening(nodeRed: NodeRed, id = listenerId): Promise<void> {
  const url = `${nodeRed.url}/security-events/security-listener/${id}/report`;
  for (let state: unknown; state !== 'listening';) {
    const report = (await (await fetch(url)).json()) as { state?: unknown; error?: string };
    ({ state } = report);
    if (state === 'failed') throw new Error(report.error);
  }
}

/** Collects what nodes send; `wait` resolves when so many messages pass the test. */
export class Witness {
  readonly sent: Sent[] = [];
  #notify: () => void = () => undefined;

  readonly onSent = (sent: Sent): void => {
    this.sent.push(sent);
    this.#notify();
  };

  async wait(count: number, passes: (sent: Sent) => boolean): Promise<readonly Sent[]> {
    while (this.sent.filter(passes).length < count) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
    return this.sent.filter(passes);
  }
}
