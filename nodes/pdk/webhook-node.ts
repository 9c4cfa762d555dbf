/** What a node that manages subscriptions sees of the webhook node that its dialog names. */
import type { Node, NodeAPI } from 'node-red';
import { SetupError } from '../../src/errors';
import type { AccessRules } from '../../src/http/access';
import { findNode } from '../adapter';

/** Nobody shows them: they go to PDK, and nowhere else. */
export interface WebhookSecrets {
  /** Empty: none was given, and nothing signed is believed. */
  readonly current: string;
  /** Empty: none, or its time is over. */
  readonly previous: string;
}

/** A webhook node that runs. All of it is as it is at the moment: ask again instead of keeping it. */
export interface WebhookIn {
  /** Whether its listener listens: until then nothing can arrive, whatever PDK is told. */
  readonly isListening: boolean;
  /** What follows the public host in the subscription's address: with `httpNodeRoot` on Node-RED's own web server. */
  readonly urlPath: string;
  /** What callers write before that, as its listener says; empty: not told. */
  readonly publicUrl: string;
  /** As the dialog has them, `*` and all: `splitByFamily` of `src/vendors/pdk/topics` makes lists for PDK of them. */
  readonly topics: readonly string[];
  readonly secrets: WebhookSecrets;
  /** Whether a subscription may go without a secret. */
  readonly acceptsUnsigned: boolean;
  /**
   * What the node and its listener ask of a caller. PDK can meet `basic`, its Basic authentication; it sends no `header` of
   * ours, and from which `networks` it calls is not published. Passwords in it are to be treated as the secrets are.
   */
  readonly access: AccessRules;
  /**
   * Believes a new secret from now on, and the present one for `graceMs` longer; Infinity: until {@link endPrevious} is
   * called. To be called before PDK is told, so that no post is refused between the two (reference 7.5). It is kept as
   * Node-RED keeps credentials, through restarts too.
   *
   * @returns takes that back, for a PDK that has certainly not taken the new one; where it is not certain, both hold
   * @throws SetupError `setting-invalid` for a secret that PDK would not take, `secret-not-kept` where a restart would forget it
   */
  renewSecret(next: string, graceMs?: number): Promise<() => Promise<void>>;
  /** PDK is known to have the present secret: the one before it counts for so long from now on. */
  endPrevious(graceMs: number): Promise<void>;
}

export interface WebhookInNode extends Node {
  /** Undefined where its settings keep it from running. */
  readonly webhook?: WebhookIn;
}

/**
 * The running webhook node of that id. Nodes of other flows may stand later than this one: to be asked when it is needed,
 * not in a constructor.
 *
 * @throws SetupError `webhook-missing` when it was not chosen, is disabled, or could not start
 */
export function findWebhookIn(RED: NodeAPI, id: string): WebhookIn {
  const node: WebhookInNode | undefined = findNode(RED, id);
  const webhook = node?.type === 'pdk-webhook-in' ? node.webhook : undefined;
  if (webhook !== undefined) return webhook;
  const message = 'no webhook node: open this node and choose one, or see what the one it has says of its settings';
  throw new SetupError('webhook-missing', message, { place: 'webhook', retryable: true });
}
