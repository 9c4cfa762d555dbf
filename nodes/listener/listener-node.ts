/** What a webhook node sees of the listener that its dialog names. */
import type { Node, NodeAPI } from 'node-red';
import { SetupError } from '../../src/errors';
import type { AccessRules } from '../../src/http/access';
import type { ListenerState } from '../../src/http/listener';
import type { Receiver } from '../../src/http/receiver';
import { findNode } from '../adapter';
import type { AccessCredentials } from './settings';

/** What a node takes, and from whom. */
export interface Attachment {
  readonly node: Node;
  readonly path: string;
  readonly receiver: Receiver;
  /** In place of the listener's rules, one by one; see {@link refineAccess}. */
  readonly access: AccessRules;
  /** The path itself is what nobody else knows: no user, password or header is asked for, and it is shown to nobody. */
  readonly isPathSecret?: boolean;
  /** Where its posts are never larger than this: less than the listener allows. */
  readonly largestBytes?: number;
  /** What else must never be shown at the moment: keys of signatures. */
  readonly secrets?: () => readonly string[];
  /** Called at once with the present state, then with every change. */
  readonly onState: (state: ListenerState) => void;
}

/** Where devices post to. */
export interface Endpoint {
  readonly protocol: 'http' | 'https';
  /** Address that it listens on; empty: all of this machine. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** True where callers have to say who they are. */
  readonly asksWho: boolean;
}

/** What a node's own dialog shows of its listener. Secrets are masked, and times are ISO 8601. */
export interface Sight {
  /** Where it listens. */
  readonly listening: string;
  readonly lastRequest?: { readonly time: string; readonly address: string };
  readonly requests: readonly Readonly<Record<string, string>>[];
}

export interface ListenerNode extends Node<AccessCredentials> {
  /**
   * Registers a node on a path. A path that cannot be had is a failed state, and is asked for again whenever flows have
   * started: the node that has it may be gone then.
   *
   * @returns the function that takes it out again; where the node was not deleted its path's requests wait for it
   * @throws SetupError `setting-invalid` when nobody could meet the rules of access
   */
  attach(attachment: Attachment): (removed: boolean) => void;
  /** Where it listens, as a person would write it. */
  describe(path: string): string;
  /** The same for a device that posts to a node with rules of its own; undefined while nothing listens. */
  endpoint(path: string, own: AccessRules): Endpoint | undefined;
  /** The start of what somebody has sent, as it may be shown: without the secrets of this listener and of its nodes. */
  excerpt(bytes: Buffer): string;
  /** Who called that path last, and what was refused of late that concerns it: requests of it, and of nobody's path. */
  sight(path: string): Sight;
  /** What callers write before the path where a proxy or tunnel lets them in; empty: not told. */
  publicUrl(): string;
  /** What callers write behind the host. */
  urlPath(path: string): string;
  /** What is asked of callers of a node that has rules of its own. */
  refine(own: AccessRules): AccessRules;
}

/**
 * The listener of that id.
 *
 * @throws SetupError `listener-missing` when it was not chosen, is disabled, or could not start
 */
export function findListener(RED: NodeAPI, id: string): ListenerNode {
  const node = findNode(RED, id);
  if (node === undefined || !isListener(node)) {
    throw new SetupError('listener-missing', 'no listener: open the node and choose one, or enable the one it has', {
      place: 'listener',
    });
  }
  return node;
}

function isListener(node: object): node is ListenerNode {
  return 'attach' in node && 'describe' in node;
}

/** What a dialog shows of an error: messages quote what was sent, and a secret may be in it. */
export function toLastError({ message }: Error, listener: ListenerNode): { time: string; message: string } {
  return { time: new Date().toISOString(), message: listener.excerpt(Buffer.from(message)) };
}
