/** What a poll node sees of the server that its dialog names. */
import type { Node, NodeAPI } from 'node-red';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import type { CamlyticsClient } from '../../src/vendors/camlytics/client';
import type { ChannelNames } from '../../src/vendors/camlytics/names';
import { findNode } from '../adapter';

export interface Connection {
  readonly client: CamlyticsClient;
  readonly names: ChannelNames;
  /** Of the PC: its events have wall time. */
  readonly timeZone: string;
}

interface CamlyticsServerNode extends Node {
  /** Undefined where the settings cannot work; `fault` says why. */
  readonly connection?: Connection;
  readonly fault?: SecurityEventsError;
}

/**
 * The server of that id.
 *
 * @throws SetupError `server-missing` when it was not chosen or is disabled; what is wrong with its settings
 */
export function findServer(RED: NodeAPI, id: string): Connection {
  const node = findNode(RED, id);
  if (node === undefined || !isServer(node)) {
    throw new SetupError('server-missing', 'no server: open the node and choose one, or enable the one it has', {
      place: 'server',
    });
  }
  if (node.connection !== undefined) return node.connection;
  throw node.fault ?? new SetupError('server-missing', 'the server could not start', { place: 'server' });
}

function isServer(node: Node): node is CamlyticsServerNode {
  return node.type === 'camlytics-server';
}
