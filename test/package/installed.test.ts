/** The installed package in a real Node-RED: in the palette, in flows, and gone when it is removed. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import should from 'should';
import { findFreePort, packageName, startNodeRed, type NodeRed } from '../../demo/node-red';
import { CamlyticsServer } from '../../simulators/camlytics/server';
import { installPacked, type Packed } from '../support/package';
import { nodeId, untilListening, Witness, writeFlow } from '../support/runtime';

interface NodeSet {
  readonly module: string;
  readonly types: readonly string[];
  readonly err?: string;
  readonly enabled: boolean;
}

describe('the installed package', function () {
  this.timeout(180_000);
  let packed: Packed;
  let nodeRed: NodeRed;
  let port: number;
  const witness = new Witness();

  /** Of its own: other tests look at what this one removes. */
  const userDir = mkdtempSync(join(tmpdir(), 'gatehouse-installed-'));

  before(async () => {
    packed = installPacked();
    cpSync(packed.folder, userDir, { recursive: true });
    port = await findFreePort(0);
    nodeRed = await startNodeRed({ userDir, flows: writeExamples(packed, port), onSent: witness.onSent });
  });
  after(async () => {
    await nodeRed?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  const listSets = async (): Promise<readonly NodeSet[]> => {
    const response = await fetch(`${nodeRed.url}/nodes`, { headers: { accept: 'application/json' } });
    return ((await response.json()) as NodeSet[]).filter(({ module }) => module === packageName);
  };

  it('is in the palette with every node, and every example is deployed without an unknown one', async () => {
    const sets = await listSets();
    // each set is named as the only type in it
    const { nodes } = packed.manifest['node-red'];
    should(sets.flatMap(({ types }) => types).toSorted()).deepEqual(Object.keys(nodes).toSorted());
    should(sets.filter(({ err, enabled }) => err !== undefined || !enabled)).be.empty();
    const listed = await (await fetch(`${nodeRed.url}/library/examples/flows/${packageName}/viewtron`)).text();
    should(listed).containEql('first-events');
    for (const file of ['dialogs.js', 'dialogs.css'])
      should((await fetch(`${nodeRed.url}/resources/${packageName}/${file}`)).status).equal(200);
    const plugins = (await (
      await fetch(`${nodeRed.url}/plugins`, { headers: { accept: 'application/json' } })
    ).json()) as { id: string; enabled: boolean }[];
    should(plugins.filter(({ id }) => id === `${packageName}/security-events-preview`)).containDeep([
      { enabled: true },
    ]);
    // nobody is there to be asked
    const isExpected = (line: string): boolean => /\[camlytics-poll:.*ECONNREFUSED/.test(line);
    const lines = nodeRed.log().split('\n');
    const complaints = /\[error\]|unknown|missing|not loaded|invalid/i;
    should(lines.filter((line) => complaints.test(line) && !isExpected(line))).be.empty();
  });

  it('runs a flow: a post becomes a message', async () => {
    const own = await findFreePort(0);
    await nodeRed.deploy(writeFlow({ port: own }));
    await untilListening(nodeRed);
    const body =
      '<config version="1.7"><smartType>VEHICE</smartType><listInfo><item><plateNumber>GATE 7</plateNumber></item></listInfo></config>';
    should((await fetch(`http://127.0.0.1:${own}/API`, { method: 'POST', body })).status).equal(200);
    const [sent] = await witness.wait(1, ({ node }) => node === nodeId);
    should(sent).containEql({ topic: 'viewtron/plate', kind: 'plate-read' });
  });

  it('asks a server, with the HTTP client that was installed with it', async () => {
    const server = await CamlyticsServer.open();
    const [tab, ask, sink] = ['c0000000000000aa', 'b0000000000000aa', 'd0000000000000aa'];
    await nodeRed.deploy([
      { id: tab, type: 'tab', label: 'asked' },
      { id: 'a0000000000000aa', type: 'camlytics-server', host: '127.0.0.1', port: String(server.port) },
      {
        id: ask,
        type: 'camlytics-poll',
        z: tab,
        server: 'a0000000000000aa',
        start: 'all',
        x: 1,
        y: 1,
        wires: [[sink], []],
      },
      { id: sink, type: 'change', z: tab, rules: [], x: 1, y: 1, wires: [[]] },
    ]);
    server.database.add({ type: 'TripwireCrossed', ruleName: 'Enter' });
    const [sent] = await witness.wait(1, ({ node, kind }) => node === ask && kind === 'line-crossed');
    should(sent?.topic).equal('camlytics/intrusion');
    await server.close();
  });

  it('is removed as the palette manager does it: out of the palette and of the folder, and Node-RED goes on', async () => {
    await nodeRed.deploy([]);
    const removed = await fetch(`${nodeRed.url}/nodes/${packageName}`, { method: 'DELETE' });
    should(removed.status).equal(204);
    should(await listSets()).be.empty();
    should(existsSync(join(userDir, 'node_modules', packageName))).be.false();
    const left = JSON.parse(readFileSync(join(userDir, 'package.json'), 'utf8')) as { dependencies?: object };
    should(Object.keys(left.dependencies ?? {})).be.empty();
    await nodeRed.deploy([{ id: 'c000000000000001', type: 'tab', label: 'still here' }]);
  });
});

/** All examples in one, where they disturb nobody. */
function writeExamples({ installed, read }: Packed, port: number): readonly object[] {
  const examples = readdirSync(join(installed, 'examples'), { recursive: true, encoding: 'utf8' })
    // its nodes come with a package that is not here; test/editor/dashboard.test.ts runs it with them
    .filter((file) => file.endsWith('.json') && !file.startsWith('dashboard'))
    .map((file) => JSON.parse(read(join('examples', file))) as Record<string, unknown>[]);
  should(examples.length).be.aboveOrEqual(3);
  const changes: Readonly<Record<string, object>> = {
    'security-listener': { host: '127.0.0.1', port },
    // where nobody is: a Camlytics of this computer must not be asked
    'camlytics-server': { host: '127.0.0.1', port: '1' },
  };
  return [...new Map(examples.flat().map((node) => [node.id, node])).values()].map((node) => ({
    ...node,
    ...changes[String(node.type)],
  }));
}
