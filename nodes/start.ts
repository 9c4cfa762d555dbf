/** How a webhook node starts, and what it does where it cannot. */
import type { NodeAPI } from 'node-red';
import type { SecurityEventsError } from '../src/errors';
import { toSetupError } from './adapter';
import { restartOf, type RestartWatcher } from './restart';

export type Stop = (removed: boolean) => void;

/**
 * Starts a node. Where its listener is missing that is tried again whenever flows have started: a Deploy that brings a
 * listener back, or enables it, does not restart the nodes that name it.
 *
 * @param start what stops the node again comes back
 * @param onFailed told of each new reason once
 */
export function startNode(RED: NodeAPI, start: () => Stop, onFailed: (error: SecurityEventsError) => void): Stop {
  const restart = restartOf(RED);
  let stop: Stop | undefined;
  let told: string | undefined;
  const attempt = (): void => {
    try {
      stop = start();
      restart.leave(watcher);
    } catch (thrown) {
      const error = toSetupError(thrown);
      if (error.code !== 'listener-missing') restart.leave(watcher);
      if (error.message !== told) onFailed(error);
      told = error.message;
    }
  };
  const watcher: RestartWatcher = { begin: () => undefined, end: attempt };
  restart.watch(watcher);
  attempt();
  return (removed) => {
    restart.leave(watcher);
    stop?.(removed);
  };
}
