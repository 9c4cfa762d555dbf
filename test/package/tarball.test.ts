/** The packed tarball, installed into a clean folder as the palette manager does, in a real Node-RED. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import should from 'should';
import { packageName, startNodeRed, type NodeRed } from '../../demo/node-red';

const root = join(__dirname, '..', '..');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly 'node-red': {
    readonly nodes: Readonly<Record<string, string>>;
    readonly plugins: Readonly<Record<string, string>>;
  };
}

/** Run by `npm test`, npm says where it is; run by mocha alone, the shell finds it. */
function npm(folder: string, ...args: string[]): string {
  const { npm_execpath: cli } = process.env;
  const [file, before] = cli === undefined ? ['npm', []] : [process.execPath, [cli]];
  return execFileSync(file, [...before, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: cli === undefined && process.platform === 'win32',
  });
}

describe('the package', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
  let files: readonly string[] = [];
  let installed: string;
  let nodeRed: NodeRed | undefined;
  const read = (path: string): Buffer => readFileSync(join(installed, path));

  before(() => {
    const [packed] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as {
      filename: string;
      files: { path: string }[];
    }[];
    if (packed === undefined) throw new Error('npm pack made nothing');
    files = packed.files.map((file) => file.path);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'clean-folder', private: true }));
    npm(
      folder,
      'install',
      join(folder, packed.filename.replace('@', '').replace('/', '-')),
      '--no-audit',
      '--no-fund',
      '--omit=dev',
      '--engine-strict',
      '--ignore-scripts',
      '--prefer-offline',
    );
    installed = join(folder, 'node_modules', packageName);
  });
  after(async () => {
    await nodeRed?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds what runs and what is read, and nothing of the workshop', () => {
    should(files).containDeep(['resources/dialogs.js', 'resources/dialogs.css']);
    should(files).containDeep(['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/src/event.schema.json']);
    const strangers = files.filter(
      (file) => !/^(dist\/|examples\/|resources\/dialogs\.(js|css)$|package\.json$|[A-Z]+(\.md)?$)/.test(file),
    );
    should(strangers).be.empty();
    should(files.filter((file) => /\.(ts|test\.js|map)$/.test(file) && !file.endsWith('.d.ts'))).be.empty();
  });

  it('has for each node its code, its dialog, its help and labels, and an icon', () => {
    const manifest = JSON.parse(read('package.json').toString()) as Manifest;
    for (const [type, file] of Object.entries(manifest['node-red'].nodes)) {
      const folderOfNode = file.replace(/\/[^/]+$/, '');
      should(files).containDeep([
        file,
        file.replace(/\.js$/, '.html'),
        `${folderOfNode}/locales/en-US/${type}.json`,
        `${folderOfNode}/locales/en-US/${type}.html`,
      ]);
      // the editor fetches it before the dialog's own script, in whatever order types come
      const dialog = read(file.replace(/\.js$/, '.html')).toString();
      if (dialog.includes('RED.securityEvents'))
        should(dialog).startWith(`<script src="resources/${packageName}/dialogs.js"></script>`);
      const icon = /icon:\s*'([^']+)'/.exec(read(file.replace(/\.js$/, '.html')).toString())?.[1];
      if (icon?.endsWith('.svg')) should(files).containEql(`${folderOfNode}/icons/${icon}`);
    }
    for (const file of Object.values(manifest['node-red'].plugins)) {
      const catalogue = file.replace(/([^/]+)\.html$/, 'locales/en-US/$1.json');
      should(files).containDeep([file, catalogue]);
    }
    should(Object.keys(manifest.dependencies).length).be.belowOrEqual(3);
    should(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).be.empty();
  });

  it('offers the event, its lists and its schema to code', () => {
    const event = require(join(installed, 'dist/src/index.js')) as { categories: readonly string[] };
    should(event.categories).containEql('plate');
    should(JSON.parse(read('dist/src/event.schema.json').toString())).have.property('title', 'SecurityEvent');
  });

  it('loads in Node-RED, and every example is deployed without an unknown node', async () => {
    const examples = readdirSync(join(installed, 'examples'), { recursive: true, encoding: 'utf8' })
      // its nodes come with a package that is not here; test/editor/dashboard.test.ts runs it with them
      .filter((file) => file.endsWith('.json') && !file.startsWith('dashboard'))
      .map((file) => JSON.parse(read(join('examples', file)).toString()) as Record<string, unknown>[]);
    should(examples.length).be.aboveOrEqual(3);
    const flows = [...new Map(examples.flat().map((node) => [node.id, node])).values()].map((node) =>
      node.type === 'security-listener' ? { ...node, host: '127.0.0.1', port: 0 } : node,
    );
    nodeRed = await startNodeRed({ userDir: folder, flows });
    const nodes = (await (await fetch(`${nodeRed.url}/nodes`, { headers: { accept: 'application/json' } })).json()) as {
      module: string;
      types: string[];
      err?: string;
      enabled: boolean;
    }[];
    for (const file of ['dialogs.js', 'dialogs.css'])
      should((await fetch(`${nodeRed.url}/resources/${packageName}/${file}`)).status).equal(200);
    const own = nodes.filter((set) => set.module === packageName);
    const { 'node-red': listing } = JSON.parse(read('package.json').toString()) as {
      'node-red': { nodes: Readonly<Record<string, string>> };
    };
    // each set is named as the only type in it
    should(own.flatMap((set) => set.types).toSorted()).deepEqual(Object.keys(listing.nodes).toSorted());
    should(own.filter((set) => set.err !== undefined || !set.enabled)).be.empty();
    const listed = await (await fetch(`${nodeRed.url}/library/examples/flows/${packageName}/viewtron`)).text();
    should(listed).containEql('first-events');
    const plugins = (await (
      await fetch(`${nodeRed.url}/plugins`, { headers: { accept: 'application/json' } })
    ).json()) as { id: string; err?: string; enabled: boolean }[];
    should(plugins.filter(({ id }) => id === `${packageName}/security-events-preview`)).containDeep([
      { enabled: true },
    ]);
    // nobody is there to be asked
    const isExpected = (line: string): boolean => /\[camlytics-poll:.*ECONNREFUSED/.test(line);
    const lines = nodeRed.log().split('\n');
    const complaints = /\[error\]|unknown|missing|not loaded|invalid/i;
    should(lines.filter((line) => complaints.test(line) && !isExpected(line))).be.empty();
  });
});
