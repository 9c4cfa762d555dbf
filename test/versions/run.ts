/** The tests that start a real Node-RED, and those that install the package, on other versions of Node-RED and Node.js. */
import { join } from 'node:path';
import { install, root, run, versions } from './versions';

const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
for (const version of versions) {
  const env = { ...process.env, ...install(version) };
  console.log(`\nNode-RED ${version.nodeRed} on Node.js ${version.node}`);
  const again = ['--require', './test/support/again.ts', '--reporter', './test/support/reporter.ts'];
  const flags = ['--no-config', '--require', 'tsx/cjs', ...again, '--timeout', '60000', '--parallel', '--jobs', '2'];
  run(process.execPath, [mocha, ...flags, ...version.tests], root, env);
  if (version.editor) run(process.execPath, [mocha, '--config', 'test/editor/.mocharc.json'], root, env);
}
