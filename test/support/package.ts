/** The packed package in a clean folder, installed as the palette manager does it; once for all tests of a run. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageName } from '../../demo/node-red';

export const root = join(__dirname, '..', '..');

export interface Manifest {
  readonly name: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly repository: { readonly url: string };
  readonly bugs: { readonly url: string };
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly 'node-red': {
    readonly version: string;
    readonly nodes: Readonly<Record<string, string>>;
    readonly plugins: Readonly<Record<string, string>>;
  };
}

export interface Packed {
  /** A user folder for Node-RED: its `node_modules` holds the package and what that needs. */
  readonly folder: string;
  readonly installed: string;
  readonly files: readonly string[];
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly manifest: Manifest;
  read(path: string): string;
}

/** Those of Node-RED's own installer. */
const paletteFlags = ['--no-audit', '--no-update-notifier', '--no-fund', '--save', '--save-prefix=~', '--omit=dev'];
let packed: Packed | undefined;

export function installPacked(): Packed {
  packed ??= install();
  return packed;
}

function install(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [made] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (made === undefined) throw new Error('npm pack made nothing');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'clean-folder', private: true }));
  const tarball = join(folder, made.filename.replace('@', '').replace('/', '-'));
  npm(folder, 'install', tarball, ...paletteFlags, '--engine-strict', '--ignore-scripts', '--prefer-offline');
  const installed = join(folder, 'node_modules', packageName);
  const read = (path: string): string => readFileSync(join(installed, path), 'utf8');
  return {
    folder,
    installed,
    files: made.files.map((file) => file.path),
    ...weigh(made.files.map((file) => read(file.path))),
    manifest: JSON.parse(read('package.json')) as Manifest,
    read,
  };
}

/** Without the source maps that a run with coverage builds into each file. */
function weigh(texts: readonly string[]): Pick<Packed, 'packedBytes' | 'unpackedBytes'> {
  const files = Buffer.from(texts.map((text) => text.replace(/\n\/\/# sourceMappingURL=data:.*/, '')).join('\n'));
  return { packedBytes: gzipSync(files).length, unpackedBytes: files.length };
}

/** On the Node.js that Node-RED runs on in this run: `--engine-strict` asks that one. */
export function npm(folder: string, ...args: string[]): string {
  return execFileSync(process.env.NODE_BINARY ?? process.execPath, [findNpm(), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Run by `npm test`, npm says where it is; run by mocha alone, it is beside Node.js or on the path. */
function findNpm(): string {
  const { npm_execpath: told, PATH = '' } = process.env;
  const besides = [dirname(process.execPath), ...PATH.split(delimiter)];
  const found = [
    told,
    ...besides.flatMap((bin) => [
      join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
      join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
      join(bin, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
    ]),
  ].find((file) => file !== undefined && existsSync(file));
  if (found === undefined) throw new Error('npm was not found');
  return found;
}
