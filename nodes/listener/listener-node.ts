/** What a webhook node sees of the listener that its dialog names. */
import type { Node, NodeAPI } from 'node-red';
import { SetupError } from '../../src/errors';
import type { ListenerState } from '../../src/http/listener';
import type { Receiver } from '../../src/http/receiver';

export interface ListenerNode extends Node {
  /**
   * Registers a node on a path. `onState` is called at once with the present state, then with every change.
   *
   * @returns the function that takes it out again
   * @throws SetupError when the path belongs to another vendor
   */
  attach(user: Node, path: string, receiver: Receiver, onState: (state: ListenerState) => void): () => void;
  /** Where it listens, as a person would write it. */
  describe(path: string): string;
}

/**
 * The listener of that id.
 *
 * @throws SetupError `listener-missing` when it was not chosen, is disabled, or could not start
 */
export function findListener(RED: NodeAPI, id: string): ListenerNode {
  // null for a node that does not exist, which the types do not say
  const node: Node | null = RED.nodes.getNode(id);
  if (node === null || !isListener(node)) {
    throw new SetupError('listener-missing', 'no listener: open the node and choose one, or enable the one it has', {
      place: 'listener',
    });
  }
  return node;
}

function isListener(node: Node): node is ListenerNode {
  return 'attach' in node && 'describe' in node;
}
