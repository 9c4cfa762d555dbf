/** Carries out one operation of a pdk-hook-manager node: puts together dialog, webhook node and message, and asks PDK. */
import { putLatest } from '../../src/bound';
import type { Clock } from '../../src/clock';
import { SetupError } from '../../src/errors';
import { PdkCloudError } from '../../src/vendors/pdk/cloud/failure';
import * as operations from '../../src/vendors/pdk/cloud/operations';
import type { Desk, EnsuredAll, Slots, Wish } from '../../src/vendors/pdk/cloud/operations';
import type { Receiver } from '../../src/vendors/pdk/cloud/rotate';
import { isTree } from '../../src/wire/read';
import type { PdkAccount } from './account-node';
import type { Asked } from './hook-message';
import { joinUrl, type HookSettings, type OperationName } from './hook-settings';
import type { WebhookIn } from './webhook-node';

/** What outlives a Deploy of the node. */
export class HookMemory {
  /** Of the subscriptions that the dialog describes. */
  readonly slots: Slots = { panel: {}, organization: {} };
  /** Whether the webhook node believes a secret that PDK may not have yet. */
  isRotating = false;
  /** As it was last written down. */
  kept = '';
  /** Of those that messages describe, by address and name. */
  readonly #others = new Map<string, Slots>();

  remember({ panel, organization, isRotating }: Kept): void {
    this.slots.panel.id = panel;
    this.slots.organization.id = organization;
    this.isRotating = isRotating;
  }

  slotsOf({ url, name }: Asked): Slots {
    if (url === undefined && name === undefined) return this.slots;
    const key = JSON.stringify([url, name]);
    const slots = this.#others.get(key) ?? { panel: {}, organization: {} };
    putLatest(this.#others, key, slots, othersKept);
    return slots;
  }
}

const othersKept = 200;

/** What of it goes through a restart of Node-RED: no secret. */
export interface Kept {
  readonly panel?: string;
  readonly organization?: string;
  readonly isRotating: boolean;
}

export function isKept(value: unknown): value is Kept {
  const isId = (id: unknown): boolean => id === undefined || typeof id === 'string';
  return isTree(value) && isId(value.panel) && isId(value.organization) && typeof value.isRotating === 'boolean';
}

export function toKept({ slots, isRotating }: HookMemory): Kept {
  const { panel, organization } = slots;
  return {
    ...(panel.id !== undefined && { panel: panel.id }),
    ...(organization.id !== undefined && { organization: organization.id }),
    isRotating,
  };
}

export interface Workplace {
  readonly settings: HookSettings;
  readonly memory: HookMemory;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** @throws SetupError where there is none */
  readonly account: () => PdkAccount;
  /** Asked when it is needed: it may have been deployed anew. @throws SetupError where the one that was chosen is gone */
  readonly webhook: () => WebhookIn | undefined;
  /** Whether another node looks after that subscription. */
  readonly isOthers?: (id: string) => boolean;
  /** Writes the memory down, so that a restart finds it. */
  readonly keep: () => Promise<void>;
}

/** What an operation answers; no secret is in it. */
export type Answer = { readonly operation: OperationName; readonly organization?: string } & Readonly<
  Record<string, unknown>
>;

/** @throws SetupError, PdkCloudError, or the signal's reason */
export async function work(
  operation: Exclude<OperationName, 'watch'>,
  asked: Asked,
  place: Workplace,
): Promise<Answer> {
  const desk = toDesk(asked, place);
  const { settings, memory } = place;
  const id = (): string => asked.id ?? (settings.id || onlyId(memory.slots));
  const readWish = (): Wish => toWish(asked, place);
  switch (operation) {
    case 'list':
      return { operation, subscriptions: await operations.list(desk) };
    case 'get':
      return { operation, subscriptions: [await operations.get(desk, id())] };
    case 'create':
      return { operation, ...(await operations.createAll(desk, readWish)) };
    case 'ensure': {
      const webhook = place.webhook();
      const ensured = await operations.ensureAll(desk, readWish);
      if (desk.slots === memory.slots && asked.secret === undefined) await endRotation(place);
      return { operation, ...withWarnings(ensured, webhook) };
    }
    case 'update': {
      const { id: _id, topics, ...fields } = asked;
      const changes = { ...fields, ...(topics !== undefined && { events: operations.toTopics(topics) }) };
      if (Object.keys(changes).length === 0) {
        const message = 'nothing to change: give the fields in msg.payload, or use ensure for what the dialog says';
        throw new SetupError('setting-invalid', message, { place: 'msg.payload' });
      }
      const changed = id();
      return { operation, subscriptions: [await operations.change(desk, changed, changes, knownOf(changed, place))] };
    }
    case 'delete': {
      const gone = id();
      return { operation, id: gone, wasThere: await operations.remove(desk, gone) };
    }
    case 'rotate':
      return { operation, ...(await rotate(desk, asked, place)) };
  }
}

export function toDesk(asked: Asked, { settings, memory, clock, signal, account, isOthers }: Workplace): Desk {
  if (settings.account === '') {
    throw new SetupError('account-missing', 'no account: open the node and choose one', { place: 'account' });
  }
  return { ...account(), slots: memory.slotsOf(asked), clock, signal, isOthers };
}

/** Address, topics, secret and Basic authentication come from the webhook node, where there is one; a message outranks both. */
function toWish(asked: Asked, { settings, webhook: find }: Workplace): Wish {
  const webhook = find();
  const secret = asked.secret ?? (webhook ? webhook.secrets.current : settings.secret);
  if (webhook !== undefined && secret === '' && !webhook.acceptsUnsigned) {
    const message = 'secret: the webhook node has none; give it one, or use rotate, which makes one';
    throw new SetupError('secret-missing', message, { place: 'secret' });
  }
  const topics = asked.topics ?? (webhook ? webhook.topics : settings.topics);
  const basic = webhook?.access.basic;
  const own = webhook === undefined ? settings.authentication : ({ type: 'None' } as const);
  const expiresAt = asked.expiresAt ?? settings.expiresAt;
  return {
    name: asked.name ?? settings.name,
    url: asked.url ?? (webhook ? joinUrl(settings.publicUrl || webhook.publicUrl, webhook.urlPath) : settings.url),
    topics,
    scope: asked.scope ?? settings.scope,
    authentication: asked.authentication ?? (basic ? { type: 'Basic', ...basic } : own),
    active: asked.active ?? settings.active,
    sslVerification: asked.sslVerification ?? settings.sslVerification,
    secrecyLevel: asked.secrecyLevel ?? settings.secrecyLevel,
    ...(expiresAt !== '' && { expiresAt }),
    ...(secret !== '' && { secret }),
  };
}

/** What the node has given a subscription of its own. PDK may not tell it, and a change without it could take it away. */
function knownOf(id: string, place: Workplace): operations.Known {
  const { panel, organization } = place.memory.slots;
  if (id !== panel.id && id !== organization.id) return {};
  try {
    const { secret, authentication } = toWish({}, place);
    return { authentication, ...(secret !== undefined && { secret }) };
  } catch {
    // without a webhook node, say, nothing is known
    return {};
  }
}

/** @throws SetupError `rotation-under-way` where a third secret would drive the first one out too early */
async function rotate(desk: Desk, asked: Asked, place: Workplace): Promise<EnsuredAll> {
  const { memory, webhook: find } = place;
  const made = operations.makeSecret();
  /** Asked when it is this call's turn: one before may have changed the secret, and a Deploy the webhook node. */
  const choose = (): string => {
    const webhook = find();
    // what was begun is ended with the same secret: the one before may be what PDK has
    if (webhook !== undefined && memory.isRotating) return webhook.secrets.current;
    if (webhook !== undefined && webhook.secrets.previous !== '') {
      const message =
        'the secret before this one still counts, for deliveries that are late: wait until its time is over, or take it out of the webhook node';
      throw new SetupError('rotation-under-way', message, { place: 'secret' });
    }
    const secret = asked.secret ?? (webhook === undefined ? undefined : made);
    if (secret !== undefined) return secret;
    const message =
      'secret: without a webhook node nobody would learn the new one; choose a webhook node, or give it in msg.payload.secret';
    throw new SetupError('secret-missing', message, { place: 'secret' });
  };
  const receiver: Receiver | undefined = find() && {
    async renew(next) {
      const wasRotating = memory.isRotating;
      // for as long as it takes until PDK is known to have it
      const undo = await find()?.renewSecret(next, Infinity);
      memory.isRotating = true;
      const takeBack = async (): Promise<void> => {
        memory.isRotating = wasRotating;
        await undo?.();
      };
      try {
        await place.keep();
      } catch (thrown) {
        await takeBack();
        throw thrown;
      }
      return takeBack;
    },
  };
  const rotated = await operations.rotateAll(desk, () => toWish({ ...asked, secret: choose() }, place), receiver);
  await endRotation(place);
  return rotated;
}

/** PDK has the secret of the webhook node: the one before is for late deliveries only. */
async function endRotation({ memory, settings, webhook: find }: Workplace): Promise<void> {
  if (!memory.isRotating) return;
  memory.isRotating = false;
  try {
    await find()?.endPrevious(settings.graceMs);
  } catch {
    // where the webhook node is gone, or nothing can be written, it counts for longer than it must
  }
}

/** What PDK cannot know of the webhook node. */
function withWarnings(ensured: EnsuredAll, webhook: WebhookIn | undefined): EnsuredAll {
  const own = [
    webhook?.access.header &&
      'secret header: PDK sends none; what the webhook node or its listener asks for must be put in by your proxy',
    webhook?.isListening === false &&
      'webhook node: it does not listen, so nothing that PDK sends can arrive; see its status',
  ].filter((each) => typeof each === 'string');
  const subscriptions = ensured.subscriptions.map((each) => ({ ...each, warnings: [...each.warnings, ...own] }));
  return { ...ensured, subscriptions };
}

function onlyId({ panel, organization }: Slots): string {
  const ids = [panel.id, organization.id].filter((id) => id !== undefined);
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return only;
  const message = 'id: say which subscription, in msg.payload.id or in the dialog';
  throw new SetupError('setting-invalid', message, { place: 'id' });
}

/** What a Catch node gets beside `msg.error`. */
export function toErrorPayload(error: Error & { code?: unknown; retryable?: unknown; place?: unknown }): object {
  const { code, message, retryable, place } = error;
  return {
    code,
    message,
    retryable,
    place,
    ...(error instanceof PdkCloudError && { status: error.status, serverMessage: error.serverMessage }),
  };
}
