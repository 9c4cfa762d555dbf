/** The arrows between the layers point one way, and the linter refuses the others: tried with files that break the rule. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import should from 'should';
import { dependencies } from '../../package.json';

const root = join(__dirname, '..', '..');
const probe = `zz-probe-${process.pid}`;
const rule = 'eslint(no-restricted-imports)';

interface Attempt {
  readonly folder: string;
  readonly from: string;
  readonly isRefused: boolean;
}

const attempts: readonly Attempt[] = [
  { folder: 'src', from: '../nodes/adapter', isRefused: true },
  { folder: 'src', from: 'node-red', isRefused: true },
  { folder: 'src', from: '@node-red/util', isRefused: true },
  { folder: 'src', from: '../simulators/clock', isRefused: true },
  { folder: 'src', from: '../test/support/events', isRefused: true },
  { folder: 'src', from: './clock', isRefused: false },
  { folder: 'src/wire', from: '../../nodes/adapter', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../../../nodes/adapter', isRefused: true },
  { folder: 'src/vendors/viewtron', from: 'node-red', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../../../simulators/clock', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../camio/x', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../pdk/deep/x', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../camlytics', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../../vendors/camio/x', isRefused: true },
  { folder: 'src/vendors/viewtron', from: '../vendor', isRefused: false },
  { folder: 'src/vendors/viewtron', from: './codes', isRefused: false },
  { folder: 'src/vendors/pdk/cloud', from: '../catalogue', isRefused: false },
  { folder: 'src/vendors/pdk/cloud', from: '../../../clock', isRefused: false },
  { folder: 'src/vendors/pdk/cloud', from: '../../viewtron', isRefused: true },
  { folder: 'src/vendors/pdk/cloud', from: '../../viewtron/codes', isRefused: true },
  { folder: 'src/vendors/pdk/cloud', from: '../../../../nodes/adapter', isRefused: true },
  { folder: 'src/vendors/pdk/cloud', from: '../../../../simulators/clock', isRefused: true },
  { folder: 'src/vendors/viewtron/device', from: '../time', isRefused: false },
  { folder: 'src/vendors/viewtron/device', from: '../../../clock', isRefused: false },
  { folder: 'src/vendors/viewtron/device', from: '../../pdk', isRefused: true },
  { folder: 'src/vendors/viewtron/device', from: '../../pdk/topics', isRefused: true },
  { folder: 'src/vendors/viewtron/device', from: '../../../../nodes/adapter', isRefused: true },
  { folder: `src/vendors/${probe}`, from: '../viewtron/codes', isRefused: true },
  { folder: 'nodes', from: '../simulators/clock', isRefused: true },
  { folder: 'nodes', from: '../test/support/events', isRefused: true },
  { folder: 'nodes', from: '../src/clock', isRefused: false },
  { folder: 'nodes/viewtron', from: '../../simulators/viewtron/camera', isRefused: true },
  { folder: 'nodes/viewtron', from: '../../demo/demo', isRefused: true },
];

function fileOf(index: number): string {
  return join(attempts[index]?.folder ?? '', `${probe}-${index}.ts`);
}

describe('the linter', () => {
  let refused: ReadonlySet<string>;

  before(() => {
    attempts.forEach(({ folder, from }, index) => {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, fileOf(index)), `import * as found from '${from}';\nexport const kept = found;\n`);
    });
    const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const files = attempts.map((_attempt, index) => fileOf(index));
    const run = spawnSync(process.execPath, [oxlint, '--format', 'json', ...files], { cwd: root, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(run.stdout) as {
      diagnostics: { code: string; filename: string; severity: string }[];
    };
    refused = new Set(
      diagnostics.filter(({ code, severity }) => code === rule && severity === 'error').map(({ filename }) => filename),
    );
  });

  after(() => {
    attempts.forEach((_attempt, index) => rmSync(join(root, fileOf(index)), { force: true }));
    rmSync(join(root, 'src', 'vendors', probe), { recursive: true, force: true });
  });

  attempts.forEach(({ folder, from, isRefused }, index) => {
    it(`${isRefused ? 'refuses' : 'takes'} '${from}' in ${folder.replace(probe, '<a new vendor>')}`, () => {
      should(refused.has(fileOf(index))).equal(isRefused);
    });
  });
});

describe('the core', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('zz-probe-'))
    .map((file) => join(root, 'src', file));

  const imports = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import|require\()\s*\(?['"]([^'"]+)['"]/g)].map(
      ([, from = '']) => ({ file: relative(root, file), from, into: relative(root, join(dirname(file), from)) }),
    ),
  );

  it('has files and imports to look at', () => {
    should(files.length).be.above(20);
    should(imports.length).be.above(50);
  });

  it('imports nothing but itself, Node.js and what package.json depends on', () => {
    const strangers = imports.filter(({ from, into }) =>
      from.startsWith('.') ? !into.startsWith('src') : !from.startsWith('node:') && !(from in dependencies),
    );
    should(strangers).be.empty();
  });

  it('names no vendor outside the vendors', () => {
    const wrong = imports.filter(
      ({ file, into }) => !file.startsWith('src/vendors') && /^src\/vendors\/[^/]+\//.test(into),
    );
    should(wrong).be.empty();
  });

  it('has no vendor that imports a vendor', () => {
    const vendorOf = (path: string): string | undefined => /^src\/vendors\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(
      ({ file, into }) =>
        vendorOf(file) !== undefined && vendorOf(into) !== undefined && vendorOf(file) !== vendorOf(into),
    );
    should(wrong).be.empty();
  });

  it('reads the time and sets timers in clock.ts alone', () => {
    const others = files
      .filter((file) => !file.endsWith('clock.ts'))
      .filter((file) =>
        /\bset(?:Timeout|Interval|Immediate)\(|\bDate\.now\(|new Date\(\)|performance\.now\(/.test(
          readFileSync(file, 'utf8'),
        ),
      )
      .map((file) => relative(root, file));
    should(others).be.empty();
  });
});
