/** A real Node-RED with this package in it, in a folder that goes when it stops. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface NodeRed {
  readonly url: string;
  /** What it has printed so far. */
  log(): string;
  stop(): Promise<void>;
}

const packageRoot = process.env.PACKAGE_ROOT ?? resolve(__dirname, '..', '..');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** `NODE_RED_HOME` and `NODE_BINARY` choose another Node-RED and the Node.js that it needs. */
export async function startNodeRed(): Promise<NodeRed> {
  const home = process.env.NODE_RED_HOME ?? dirname(require.resolve('node-red/package.json'));
  const port = await freePort();
  const userDir = mkdtempSync(join(tmpdir(), 'gatehouse-editor-'));
  const scope = join(userDir, 'node_modules', '@gatehouse');
  mkdirSync(scope, { recursive: true });
  symlinkSync(packageRoot, join(scope, 'node-red-security-events'), 'junction');
  writeFileSync(
    join(userDir, 'package.json'),
    JSON.stringify({ name: 'editor-test', dependencies: { '@gatehouse/node-red-security-events': '*' } }),
  );
  const settings = {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: 'editor-test',
    telemetry: { enabled: false },
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
  };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);

  const child = spawn(process.env.NODE_BINARY ?? process.execPath, [join(home, 'red.js'), '-u', userDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill();
    await exited;
    rmSync(userDir, { recursive: true, force: true });
  };

  await new Promise<void>((started, failed) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('Started flows') && output.includes('Server now running')) started();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => failed(new Error(`Node-RED ended with ${code} before it was up:\n${output}`)));
  });
  return { url: `http://127.0.0.1:${port}`, log: () => output, stop };
}
