/** When flows stop and start again: every Deploy does that, to some of the nodes or to all. */
import type { NodeAPI } from 'node-red';
import { toError } from '../src/errors';
import { isTree } from '../src/wire/read';

export interface RestartWatcher {
  /** Nodes are about to close. May come twice. */
  readonly begin: () => void;
  /** All nodes stand again. */
  readonly end: () => void;
}

export interface Restart {
  readonly isUnderWay: boolean;
  watch(watcher: RestartWatcher): void;
  leave(watcher: RestartWatcher): void;
}

/** One for each runtime: test tools start several in one process. */
const restarts = new WeakMap<object, Restart>();

/** Before its first start the runtime counts as restarting. */
export function restartOf(RED: NodeAPI): Restart {
  const known = restarts.get(RED.events);
  if (known !== undefined) return known;
  const watchers = new Set<RestartWatcher>();
  let isUnderWay = true;
  const begin = (): void => {
    isUnderWay = true;
    for (const watcher of watchers) watcher.begin();
  };
  RED.events.on('flows:stopping', begin);
  RED.events.on('flows:starting', begin);
  const end = (): void => {
    isUnderWay = false;
    for (const watcher of watchers) {
      try {
        watcher.end();
      } catch (thrown) {
        // one node's trouble is not the others': they wait for this word, too
        RED.log.error(toError(thrown));
      }
    }
  };
  RED.events.on('flows:started', end);
  RED.events.on('runtime-event', (event: unknown) => {
    if (isStopped(event)) end();
  });
  const restart: Restart = {
    get isUnderWay() {
      return isUnderWay;
    },
    watch: (watcher) => void watchers.add(watcher),
    leave: (watcher) => void watchers.delete(watcher),
  };
  restarts.set(RED.events, restart);
  return restart;
}

/**
 * Flows that will not start now: a type or module is missing, safe mode, or somebody has stopped them. Nodes that were
 * not part of the Deploy go on all the same. Within a Deploy the same word comes without an error, and a start follows.
 */
function isStopped(event: unknown): boolean {
  const payload = isTree(event) && event.id === 'runtime-state' && isTree(event.payload) ? event.payload : undefined;
  if (payload?.state === 'safe') return true;
  return payload?.state === 'stop' && (payload.error !== undefined || payload.deploy !== true);
}
