/** What is kept: memory after everything that nobody holds is gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of objects and Buffers. */
export function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that somebody holds after the action, and did not before. */
export function countKept(action: () => void): number {
  const before = usedBytes();
  action();
  return usedBytes() - before;
}
