/** Builds dist/: tsup compiles each file on its own; html, locales, icons, the schema and the types are laid beside. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const root = __dirname;
const dist = join(root, 'dist');

/** Runs a tool of node_modules/.bin by its JavaScript file, so that it works alike on every system. */
function run(tool: string, ...args: string[]): void {
  execFileSync(process.execPath, [require.resolve(tool), ...args], { cwd: root, stdio: 'inherit' });
}

/** Copies every file below `from` whose name passes, keeping its path under dist/. */
function copy(from: string, passes: (path: string) => boolean): void {
  for (const path of readdirSync(join(root, from), { recursive: true, encoding: 'utf8' })) {
    if (!passes(path)) continue;
    const target = join(dist, from, path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, from, path), target);
  }
}

/** Node-RED looks for icons in `icons/` beside the node's own file, so each vendor's icon goes to its folder. */
function layIcons(): void {
  for (const file of readdirSync(join(root, 'icons'))) {
    const folder = join(dist, 'nodes', basename(file, '.svg').replace(/^security-/, ''));
    if (!existsSync(folder)) throw new Error(`icons/${file} belongs to no folder of nodes/`);
    mkdirSync(join(folder, 'icons'), { recursive: true });
    cpSync(join(root, 'icons', file), join(folder, 'icons', file));
  }
}

rmSync(dist, { recursive: true, force: true });
// for coverage, so that what a test's own Node-RED runs counts for its source
run('tsup/dist/cli-default.js', ...(process.env['NODE_V8_COVERAGE'] ? ['--sourcemap', 'inline'] : []));
run('typescript/bin/tsc', '--project', 'tsconfig.types.json');
copy('nodes', (path) => /\.html$|(^|[\\/])locales[\\/].*\.json$/.test(path));
copy('src', (path) => path.endsWith('.schema.json'));
layIcons();
