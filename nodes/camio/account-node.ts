/** What a node that posts to Camio sees of the account that its dialog names. */
import type { Node, NodeAPI } from 'node-red';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import type { Pacs } from '../../src/vendors/camio/client';
import { findNode } from '../adapter';

export interface CamioAccountNode extends Node {
  readonly pacs?: Pacs;
  /** Why there is none. */
  readonly problem?: SecurityEventsError;
}

/** @throws SetupError `account-missing`, or what is wrong with its settings */
export function findAccount(RED: NodeAPI, id: string): Pacs {
  const node: CamioAccountNode | undefined = findNode(RED, id);
  if (node?.type === 'camio-account' && node.pacs !== undefined) return node.pacs;
  if (node?.problem !== undefined) throw node.problem;
  throw new SetupError('account-missing', 'no account: open the node and choose one, or enable the one it has', {
    place: 'account',
  });
}
