/** What a node that calls PDK's cloud sees of the account that its dialog names. */
import type { Node, NodeAPI } from 'node-red';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import type { Account } from '../../src/vendors/pdk/cloud/account';
import { findNode } from '../adapter';

export interface PdkAccount {
  readonly account: Account;
  /** Or `mine`. */
  readonly organization: string;
}

export interface PdkAccountNode extends Node {
  readonly pdk?: PdkAccount;
  /** Why it is none. */
  readonly problem?: SecurityEventsError;
}

/** @throws SetupError `account-missing`, or what is wrong with its settings */
export function findAccount(RED: NodeAPI, id: string): PdkAccount {
  const node: PdkAccountNode | undefined = findNode(RED, id);
  if (node?.type === 'pdk-account' && node.pdk !== undefined) return node.pdk;
  if (node?.problem !== undefined) throw node.problem;
  throw new SetupError('account-missing', 'no account: open the node and choose one, or enable the one it has', {
    place: 'account',
  });
}
