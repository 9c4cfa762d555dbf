/** When flows stop and start again: every Deploy does that, to some of the nodes or to all. */
import type { NodeAPI } from 'node-red';
import { toError } from '../src/errors';

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

/**
 * Before its first start the runtime counts as restarting. A start that does not come about (a type is missing, safe
 * mode) leaves it so: who waits has a limit of its own.
 */
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
  RED.events.on('flows:started', () => {
    isUnderWay = false;
    for (const watcher of watchers) {
      try {
        watcher.end();
      } catch (thrown) {
        // one node's trouble is not the others': they wait for this word, too
        RED.log.error(toError(thrown));
      }
    }
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
