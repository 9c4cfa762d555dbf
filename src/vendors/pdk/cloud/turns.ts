/** One after another: what must not happen twice at the same time, by a name for what it concerns. */
import { untilAborted } from '../../../http/retry';

const last = new Map<string, Promise<unknown>>();

/** Runs the action when all that were asked for by that name before have ended; in the whole process. */
export async function inTurn<T>(name: string, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  const before = last.get(name) ?? Promise.resolve();
  const run = async (): Promise<T> => {
    signal.throwIfAborted();
    return action();
  };
  const mine = before.then(run, run);
  const settled = mine.then(
    () => undefined,
    () => undefined,
  );
  last.set(name, settled);
  void settled.finally(() => {
    if (last.get(name) === settled) last.delete(name);
  });
  // who is not wanted any more does not wait for others
  return untilAborted(mine, signal);
}
