/** Looks into a running Node-RED: memory after a collection, what is open, the layers of its router, what nobody caught. */
import { dirname, join } from 'node:path';
import type { NodeRed } from '../demo/node-red';
import type { Out } from './ledger';

const home = process.env.NODE_RED_HOME ?? dirname(require.resolve('node-red/package.json'));

export interface Look {
  /** What JavaScript holds, with its buffers, after a collection; but for code. */
  readonly usedBytes: number;
  /** Compiled code: V8 makes more of it for as long as functions get warm, also after minutes. */
  readonly codeBytes: number;
  readonly residentBytes: number;
  /** What keeps the process alive, by kind. */
  readonly open: Readonly<Record<string, number>>;
  /** Who listens to Node-RED's own events. */
  readonly listeners: number;
  readonly layers: number;
  /** Promises whose rejection nobody handled. */
  readonly rejections: readonly string[];
}

/** For the settings file. Nodes of the flow `tab` are the books: what they send is told, under their names. */
export function writeProbe(tab: string): string {
  return `
{
  const { hooks, events } = require(require.resolve('@node-red/util', { paths: [${JSON.stringify(home)}] }));
  const v8 = require('node:v8');
  v8.setFlagsFromString('--expose-gc');
  const collect = require('node:vm').runInNewContext('gc');
  const rejections = [];
  process.on('unhandledRejection', (reason) => rejections.push(String((reason && reason.stack) || reason)));
  hooks.add('onSend.soak', (sent) => {
    for (const { source, msg } of sent) {
      const { z, name } = source.node;
      if (z !== ${JSON.stringify(tab)} || !msg || !msg.payload || msg.payload.id === undefined) continue;
      const { id, kind } = msg.payload;
      process.send({ book: name, id: String(id), topic: String(msg.topic), kind: String(kind) });
    }
  });
  const own = ['query', 'expressInit']; // made with an app's first layer
  const countLayers = (app) =>
    (app && app._router ? app._router.stack : []).filter(({ name }) => !own.includes(name)).length;
  const look = () => {
    const { heapUsed, external, rss } = process.memoryUsage();
    const open = {};
    for (const kind of process.getActiveResourcesInfo()) open[kind] = (open[kind] || 0) + 1;
    const { httpNode, httpAdmin } = require(${JSON.stringify(join(home, 'lib', 'red.js'))});
    const layers = [httpNode.parent, httpNode, httpAdmin].reduce((sum, app) => sum + countLayers(app), 0);
    const listeners = events.eventNames().reduce((sum, name) => sum + events.listenerCount(name), 0);
    const { code_and_metadata_size: code, bytecode_and_metadata_size: bytecode } = v8.getHeapCodeStatistics();
    const codeBytes = code + bytecode;
    const usedBytes = heapUsed + external - codeBytes;
    process.send({ usedBytes, codeBytes, residentBytes: rss, open, listeners, layers, rejections });
  };
  process.on('message', () => {
    // what one collection frees may let go of more: finalizers run in between
    collect();
    setTimeout(() => { collect(); look(); }, 100);
  });
}`;
}

/** What the process has said, told apart. */
export class Probe {
  #answer: (look: Look) => void = () => undefined;
  readonly #onOut: (out: Out) => void;

  constructor(onOut: (out: Out) => void) {
    this.#onOut = onOut;
  }

  readonly hear = (told: unknown): void => {
    if (typeof told !== 'object' || told === null) return;
    if ('book' in told) this.#onOut(told as Out);
    if ('layers' in told) this.#answer(told as Look);
  };

  async look(nodeRed: NodeRed): Promise<Look> {
    const answer = new Promise<Look>((resolve) => (this.#answer = resolve));
    nodeRed.tell({ look: true });
    return await answer;
  }
}
