/** What the packed package holds, and what it brings with it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { packageName } from '../../demo/node-red';
import { installPacked, npm, root, type Packed } from '../support/package';

/** Licences that ask for no more than that they are kept. */
const permissive = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];
const mostPackages = 12;
/** Two fifths are the texts in six languages. */
const mostPackedBytes = 700_000;
const mostUnpackedBytes = 2_800_000;

/** Names below a folder of the project, with slashes. */
function list(folder: string, passes: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => passes.test(file))
    .map((file) => `${folder}/${file}`);
}

/** All that should be in it, from what is in the project. */
function expectFiles(): readonly string[] {
  const code = [...list('src', /\.ts$/), ...list('nodes', /\.ts$/)].map((file) => file.replace(/\.ts$/, '.js'));
  const beside = [...list('nodes', /\.html$|(^|\/)locales\/.*\.json$/), ...list('src', /\.schema\.json$/)];
  const icons = list('icons', /\.svg$/).map((file) => {
    const name = file.replace('icons/', '');
    return `nodes/${name.replace(/^security-|\.svg$/g, '')}/icons/${name}`;
  });
  return [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    ...[...code, ...beside, ...icons, 'src/index.d.ts', 'src/event.d.ts'].map((file) => `dist/${file}`),
    ...list('examples', /\.json$/),
    ...list('resources', /\.(js|css)$/),
  ];
}

describe('the package', function () {
  this.timeout(180_000);
  let packed: Packed;
  before(() => {
    packed = installPacked();
  });

  it('holds what runs and what is read, file by file, and nothing of the workshop', () => {
    should(packed.files.toSorted()).deepEqual(expectFiles().toSorted());
  });

  it('is small', () => {
    should(packed.packedBytes).be.below(mostPackedBytes);
    should(packed.unpackedBytes).be.below(mostUnpackedBytes);
  });

  it('runs nothing when it is installed', () => {
    const atInstall = /^(pre|post)?(install|prepare|pack)$|^prepublish/;
    should(Object.keys(packed.manifest.scripts).filter((name) => atInstall.test(name))).be.empty();
  });

  it('brings few packages with it, all under permissive licences, and none that runs anything when it is installed', () => {
    const lock = JSON.parse(readFileSync(join(packed.folder, 'node_modules', '.package-lock.json'), 'utf8')) as {
      packages: Record<string, { license?: string; hasInstallScript?: boolean }>;
    };
    const found = Object.entries(lock.packages);
    should(found.length).be.within(3, mostPackages);
    for (const [place, { license = 'none', hasInstallScript }] of found) {
      should({ place, isPermissive: permissive.includes(license) }).deepEqual({ place, isPermissive: true });
      should(hasInstallScript).be.undefined();
    }
    const readme = packed.read('README.md');
    for (const name of Object.keys(packed.manifest.dependencies)) {
      const { license = 'none' } = lock.packages[`node_modules/${name}`] ?? {};
      should(readme).containEql(`${name} (${license})`);
    }
    should(Object.keys(packed.manifest.dependencies).length).be.belowOrEqual(3);
  });

  it('has for each node its code, its dialog, its help and labels, and an icon', () => {
    const { files, manifest, read } = packed;
    for (const [type, file] of Object.entries(manifest['node-red'].nodes)) {
      const folderOfNode = file.replace(/\/[^/]+$/, '');
      should(files).containDeep([
        file,
        file.replace(/\.js$/, '.html'),
        `${folderOfNode}/locales/en-US/${type}.json`,
        `${folderOfNode}/locales/en-US/${type}.html`,
      ]);
      const icon = /icon:\s*'([^']+)'/.exec(read(file.replace(/\.js$/, '.html')))?.[1];
      if (icon?.endsWith('.svg')) should(files).containEql(`${folderOfNode}/icons/${icon}`);
      // the editor fetches it before the dialog's own script, in whatever order types come
      const dialog = read(file.replace(/\.js$/, '.html'));
      if (dialog.includes('RED.securityEvents'))
        should(dialog).startWith(`<script src="resources/${packageName}/dialogs.js"></script>`);
    }
    for (const file of Object.values(manifest['node-red'].plugins)) {
      should(files).containDeep([file, file.replace(/([^/]+)\.html$/, 'locales/en-US/$1.json')]);
    }
  });

  it('offers the event, its lists and its schema to code', () => {
    const event = require(join(packed.installed, 'dist/src/index.js')) as { categories: readonly string[] };
    should(event.categories).containEql('plate');
    should(JSON.parse(packed.read('dist/src/event.schema.json'))).have.property('title', 'SecurityEvent');
  });

  it('was installed on the Node.js that this run is about, whose version its engines allow', () => {
    const { node } = JSON.parse(npm(packed.folder, 'version', '--json')) as { node: string };
    const { NODE_BINARY: binary = process.execPath } = process.env;
    should(`v${node}`).equal(execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim());
  });
});
