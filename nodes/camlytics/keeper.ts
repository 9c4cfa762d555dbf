/** Keeps a node's place in a context store, one write at a time, the newest word last. */
import type { Node } from 'node-red';
import { systemClock } from '../../src/clock';
import { toError } from '../../src/errors';

const key = 'camlytics-cursor';
/** A store that does not answer must not hold a Deploy up. */
const closeLimitMs = 800;

export class Keeper {
  readonly #node: Node;
  readonly #store: string | undefined;
  readonly #onError: (error: Error) => void;
  #waiting: object | undefined;
  #writing: Promise<void> | undefined;

  /** @param store its name; empty: the default one */
  constructor(node: Node, store: string, onError: (error: Error) => void) {
    this.#node = node;
    this.#store = store === '' ? undefined : store;
    this.#onError = onError;
  }

  load(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#node.context().get(key, this.#store, (error: unknown, value: unknown) => {
        if (error) reject(toError(error));
        else resolve(value);
      });
    });
  }

  /** Returns at once. What is said while one is being written waits, and only the last of it is written. */
  save(state: object): void {
    this.#waiting = state;
    this.#writing ??= this.#write();
  }

  /** Resolves when all is written, or will not be in time. */
  async close(): Promise<void> {
    if (this.#writing === undefined) return;
    let isOver: () => void = () => undefined;
    const timer = systemClock.after(closeLimitMs, () => isOver());
    await Promise.race([this.#writing, new Promise<void>((resolve) => (isOver = resolve))]);
    timer.cancel();
  }

  async #write(): Promise<void> {
    while (this.#waiting !== undefined) {
      const state = this.#waiting;
      this.#waiting = undefined;
      await this.#put(state).catch(this.#onError);
    }
    this.#writing = undefined;
  }

  #put(state: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#node.context().set(key, state, this.#store, (error: unknown) => {
        if (error) reject(toError(error));
        else resolve();
      });
    });
  }
}
