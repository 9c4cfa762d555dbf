/** Beside other packages of the trade: all are in the palette, none takes a type from another, and a flow runs. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import should from 'should';
import { findFreePort, packageName, startNodeRed, type NodeRed } from '../../demo/node-red';
import { installPacked, npm } from '../support/package';
import { nodeId, untilListening, Witness, writeFlow } from '../support/runtime';

/** Cameras and doors, pictures in the editor, and much used: those that the registry has, in the versions that were tried. */
const neighbours = [
  'node-red-contrib-frigate-events@0.1.3',
  'node-red-contrib-image-output@0.6.4',
  'node-red-contrib-unifi-os@1.1.0',
  'node-red-contrib-unifi-ultimate@1.1.17',
];

interface NodeSet {
  readonly id: string;
  readonly module: string;
  readonly types: readonly string[];
  readonly err?: string;
  readonly enabled: boolean;
}

describe('beside other packages', function () {
  this.timeout(300_000);
  const userDir = mkdtempSync(join(tmpdir(), 'gatehouse-neighbours-'));
  const witness = new Witness();
  let nodeRed: NodeRed;
  let port: number;

  before(async () => {
    cpSync(installPacked().folder, userDir, { recursive: true });
    npm(userDir, 'install', ...neighbours, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline');
    port = await findFreePort(0);
    nodeRed = await startNodeRed({ userDir, flows: writeFlow({ port }), onSent: witness.onSent });
  });
  after(async () => {
    await nodeRed?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function read<T>(path: string): Promise<T> {
    return (await (await fetch(`${nodeRed.url}${path}`, { headers: { accept: 'application/json' } })).json()) as T;
  }

  it('is in the palette with all of them, and every type belongs to one', async () => {
    const sets = await read<readonly NodeSet[]>('/nodes');
    for (const name of [packageName, ...neighbours.map((each) => each.replace(/@[^@]*$/, ''))]) {
      const own = sets.filter(({ module }) => module === name);
      // a set without types offers routes alone
      should(own.flatMap(({ types }) => types)).not.be.empty();
      for (const { id, err, enabled } of own) should({ id, err, enabled }).eql({ id, err: undefined, enabled: true });
    }
    const types = sets.flatMap((set) => set.types);
    should(types.filter((type, index) => types.indexOf(type) !== index)).be.empty();
    const icons = await read<Readonly<Record<string, readonly string[]>>>('/icons');
    should(icons[packageName]).be.an.Array().and.not.be.empty();
  });

  it('takes a post, and answers its dialogs', async () => {
    await untilListening(nodeRed);
    const body =
      '<config version="1.7"><smartType>VEHICE</smartType><listInfo><item><plateNumber>GATE 7</plateNumber></item></listInfo></config>';
    should((await fetch(`http://127.0.0.1:${port}/API`, { method: 'POST', body })).status).equal(200);
    const [sent] = await witness.wait(1, ({ node }) => node === nodeId);
    should(sent).containEql({ topic: 'viewtron/plate', kind: 'plate-read' });
    should(await read('/security-events/viewtron-in-cameras'))
      .be.an.Array()
      .and.have.length(1);
  });
});
