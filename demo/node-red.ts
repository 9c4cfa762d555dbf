/** A real Node-RED with this package in it, in a folder of its own that goes when it stops: for the demo and the tests. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const packageName = '@gatehouse/node-red-security-events';
const projectRoot = join(__dirname, '..');

/** A message that a node sent, as the runtime's `onSend` hook saw it. */
export interface Sent {
  readonly node: string;
  readonly type: string;
  readonly name: string;
  readonly topic: string;
  readonly kind: string;
  /** Of the event, or of the message where that holds none. */
  readonly id: string;
}

export interface NodeRedOptions {
  readonly flows?: readonly object[];
  /** Credentials of those flows' nodes, by their ids. */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Added to the settings file; functions are not possible. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lines of JavaScript put before the settings, where `settings` can be changed. */
  readonly settingsCode?: string;
  /** First port that is tried; a free one is taken. */
  readonly port?: number;
  /** A folder whose `node_modules` holds the package; a folder with a link to this project when left out. */
  readonly userDir?: string;
  /** Packages of this project's own `node_modules` with nodes, put into that folder where it is made here. */
  readonly modules?: readonly string[];
  readonly onSent?: (sent: Sent) => void;
  /** Messages of the process that are no `Sent`: what `settingsCode` sends. */
  readonly onTold?: (told: unknown) => void;
}

export interface NodeRed {
  readonly url: string;
  readonly userDir: string;
  /** What it has printed so far. */
  log(): string;
  /** Deploys flows through the admin API; resolves when they have started. */
  deploy(flows: readonly object[], type?: 'full' | 'nodes' | 'flows'): Promise<void>;
  /** Says something to the process: `settingsCode` hears it with `process.on('message')`. */
  tell(message: object): void;
  stop(): Promise<void>;
}

/**
 * Where this process looks for a port that nobody was given before. Below those that systems give by themselves: they give one
 * that was just closed again sooner than chance would have it. Tests run in several processes, each with a hundred of its own.
 */
let nextPort = 20_000 + (process.pid % 100) * 100;

/** The first free port of 127.0.0.1 from that one on; 0: any that nobody was given before. */
export async function findFreePort(from: number): Promise<number> {
  for (let port = from || nextPort++; port <= 65_535; port = from ? port + 1 : nextPort++) {
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error(`no free port from ${from} on`);
}

/** `NODE_RED_HOME` and `NODE_BINARY` choose another Node-RED, and the Node.js that it needs. */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRed> {
  const home = process.env.NODE_RED_HOME ?? dirname(require.resolve('node-red/package.json'));
  const port = await findFreePort(options.port ?? 0);
  const userDir = options.userDir ?? createUserDir(options.modules);
  const flowFile = join(userDir, 'flows.json');
  writeFileSync(flowFile, JSON.stringify(options.flows ?? []));
  // in the clear, as Node-RED takes them too: it encrypts them when it next writes them
  if (options.credentials !== undefined)
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(options.credentials));
  writeFileSync(join(userDir, 'settings.js'), writeSettings(options, home, port, userDir));

  const child = fork(join(home, 'red.js'), ['-u', userDir], {
    execPath: process.env.NODE_BINARY ?? process.execPath,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const stop = async (): Promise<void> => {
    await end(child);
    if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true });
  };
  child.on('message', (told) => {
    if (isSent(told)) options.onSent?.(told);
    else options.onTold?.(told);
  });
  const url = `http://127.0.0.1:${port}`;
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    child.emit('output');
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.on('exit', () => child.emit('output'));
  /** The admin API answers before the flows have started; the log tells when they have. */
  const untilStarted = async (times: number): Promise<void> => {
    while (countStarts(output) < times || !output.includes('Server now running')) {
      if (child.exitCode !== null) throw new Error(`Node-RED ended with ${child.exitCode}:\n${output}`);
      await once(child, 'output');
    }
  };
  await untilStarted(1);
  return {
    url,
    userDir,
    log: () => output,
    async deploy(flows, type = 'full') {
      const starts = countStarts(output);
      await deploy(url, flows, type);
      await untilStarted(starts + 1);
    },
    tell: (message) => void child.send(message),
    stop,
  };
}

/** A folder with a link to this project, and to others, for whoever starts Node-RED in it more than once. */
export function createUserDir(modules: readonly string[] = []): string {
  const userDir = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  const places = new Map([[packageName, projectRoot]]);
  for (const name of modules) places.set(name, join(projectRoot, 'node_modules', name));
  for (const [name, place] of places) {
    const link = join(userDir, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(place, link, 'junction');
  }
  const dependencies = Object.fromEntries([...places.keys()].map((name) => [name, '*']));
  writeFileSync(join(userDir, 'package.json'), JSON.stringify({ name: 'gatehouse-run', private: true, dependencies }));
  return userDir;
}

function writeSettings(options: NodeRedOptions, home: string, port: number, userDir: string): string {
  const settings = {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    // what flows write goes with the folder
    fileWorkingDirectory: userDir,
    credentialSecret: 'a throw-away folder keeps no secrets',
    telemetry: { enabled: false },
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
    ...options.settings,
  };
  return `
const settings = ${JSON.stringify(settings, null, 2)};
${options.onSent ? tellSent(home) : ''}
${options.settingsCode ?? ''}
module.exports = settings;
`;
}

/** Tells the process that started Node-RED what its nodes send. */
function tellSent(home: string): string {
  return `
const { hooks } = require(require.resolve('@node-red/util', { paths: [${JSON.stringify(home)}] }));
hooks.add('onSend.gatehouse', (events) => {
  for (const { source, msg } of events) {
    const { id, type, name } = source.node;
    const { topic, payload } = msg;
    const { kind, id: event } = payload || {};
    const told = { node: id, type, name: name || '', topic: String(topic), kind: String(kind), id: String(event) };
    process.send(told);
  }
});`;
}

function isSent(told: unknown): told is Sent {
  return typeof told === 'object' && told !== null && 'node' in told && 'kind' in told;
}

function countStarts(output: string): number {
  return output.match(/Started (modified )?(flows|nodes)/g)?.length ?? 0;
}

async function deploy(url: string, flows: readonly object[], type: string): Promise<void> {
  const response = await fetch(`${url}/flows`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': type },
    body: JSON.stringify(flows),
  });
  if (!response.ok) throw new Error(`Node-RED refused the flows: ${response.status} ${await response.text()}`);
}

/** Asks first, and does not wait for ever. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(forced);
}
