/** viewtron-presence behind viewtron-in in a real Node-RED, fed by posts as cameras send them, through Deploys. */
import { createRequire } from 'node:module';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed, type Sent } from '../../demo/node-red';
import { writeTraject } from '../../simulators/viewtron/posts';
import { untilListening, Witness } from '../support/runtime';

const { hashSync } = createRequire(require.resolve('node-red'))('bcryptjs') as { hashSync: (text: string) => string };

const presenceId = 'b0000000000000ee';
const camera = { name: 'Yard cam', mac: '02:00:5e:30:00:09', serial: 'TEST00000009', ip: '192.0.2.49' };

function writeFlow(port: number, round: number): readonly object[] {
  const place = { z: 'c000000000000001', x: 100, y: 100 };
  const line = {
    shape: 'line',
    id: 'door',
    name: 'Door',
    points: [
      [0.5, 1],
      [0.5, 0],
    ],
  };
  return [
    { id: 'c000000000000001', type: 'tab', label: 'test' },
    { id: 'a000000000000001', type: 'security-listener', version: 1, door: 'own', host: '127.0.0.1', port },
    {
      id: 'b000000000000001',
      type: 'viewtron-in',
      ...place,
      name: `round ${round}`,
      listener: 'a000000000000001',
      path: '/API',
      tracking: 'all',
      wires: [[presenceId]],
    },
    {
      id: presenceId,
      type: 'viewtron-presence',
      ...place,
      stopDelay: 600,
      moves: 0,
      shapes: [line],
      wires: [['d000000000000002'], [], ['d000000000000002'], [], []],
    },
    { id: 'd000000000000002', type: 'change', ...place, name: `round ${round}`, rules: [], wires: [[]] },
  ];
}

describe('viewtron-presence in a real Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  afterEach(() => nodeRed?.stop());

  for (const type of ['full', 'nodes'] as const) {
    it(`keeps who is there and what it counted through a Deploy of ${type === 'full' ? 'all' : 'other nodes'}`, async () => {
      const port = await findFreePort(0);
      const witness = new Witness();
      nodeRed = await startNodeRed({ flows: writeFlow(port, 1), onSent: witness.onSent });
      await untilListening(nodeRed);
      const post = async (x: number): Promise<void> => {
        const box = { x1: x - 300, y1: 3000, x2: x + 300, y2: 6000 };
        const targets = [{ targetId: 2801, type: 'person' as const, box }];
        const body = writeTraject({ camera, firmware: '5.1.4', timeMs: Date.now(), targets });
        const reply = await fetch(`http://127.0.0.1:${port}/API`, { method: 'POST', body });
        should(reply.status).equal(200);
      };
      const isOf = (kind: string) => (sent: Sent) => sent.node === presenceId && sent.kind === kind;

      await post(4000);
      await witness.wait(1, isOf('presence'));
      await nodeRed.deploy(writeFlow(port, 2), type);
      await untilListening(nodeRed);
      await post(6000);
      await witness.wait(1, isOf('line-crossed'));
      const kinds = witness.sent.filter(({ node }) => node === presenceId).map(({ kind }) => kind);
      should(kinds).deepEqual(['presence', 'line-crossed']);

      const url = `${nodeRed.url}/security-events/viewtron-presence/${presenceId}/report`;
      const report = (await (await fetch(url)).json()) as { told: unknown; cameras: unknown[] };
      should(report.told).deepEqual({ presence: 1, targets: 1, crossings: 1, rules: 0 });
      should(report.cameras).containDeep([{ name: 'Yard cam', number: 1, lines: [{ name: 'Door', in: 1, out: 0 }] }]);
    });
  }

  it('shows its state, and the scenes of cameras, to those who may read nodes', async () => {
    const users = [{ username: 'admin', password: hashSync('x'), permissions: '*' }];
    nodeRed = await startNodeRed({
      flows: writeFlow(await findFreePort(0), 1),
      settings: { adminAuth: { type: 'credentials', users } },
    });
    const url = `${nodeRed.url}/security-events/viewtron-presence`;
    for (const path of [`/${presenceId}/report`, '-scenes', '-scenes/picture?key=x'])
      should((await fetch(`${url}${path}`)).status).equal(401, path);
  });
});
