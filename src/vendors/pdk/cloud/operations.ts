/** What can be done with the subscriptions of an organization, each as one call whose answer tells no secret. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock';
import { SetupError } from '../../../errors';
import type { Family } from '../catalogue';
import type { Account } from './account';
import { checkDesired } from './check';
import { create, ensure, type Ensured, type Slot } from './ensure';
import { familyOf, splitTopics } from './families';
import { rotate, type Receiver } from './rotate';
import {
  isSameAddress,
  isSecretTold,
  toPublic,
  type Authentication,
  type Desired,
  type PublicSubscription,
  type Scope,
  type Subscription,
} from './subscription';
import { inTurn } from './turns';

/** A subscription as a person wants it: topics of both families, and patterns, may be in it. */
export interface Wish extends Omit<Desired, 'events'> {
  readonly topics: readonly string[];
}

/** Of each family one: what is remembered between calls, and through restarts. */
export type Slots = Record<Family, Slot>;

export interface Desk {
  readonly account: Account;
  /** Or `mine`. */
  readonly organization: string;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether another node looks after it. */
  readonly isOthers?: ((id: string) => boolean) | undefined;
}

export interface EnsuredOne extends Ensured {
  readonly family: Family;
  readonly name: string;
}

export interface EnsuredAll {
  readonly organization: string;
  readonly subscriptions: readonly EnsuredOne[];
  /** Ours, of a family that is not wanted any more. They are left as they are. */
  readonly unwanted: readonly string[];
}

/** Says of two subscriptions of one wish which is which. */
const organizationMark = ' (organization)';

export async function list(desk: Desk): Promise<readonly PublicSubscription[]> {
  const { signal, clock } = desk;
  const { subscriptions } = await desk.account.hooks.list(await organizationOf(desk), { signal });
  return subscriptions.map((each) => toPublic(each, clock.now()));
}

export async function get(desk: Desk, id: string): Promise<PublicSubscription> {
  const { signal, clock } = desk;
  return toPublic(await desk.account.hooks.get(await organizationOf(desk), id, { signal }), clock.now());
}

/** Makes new ones, whatever there is. */
export async function createAll(desk: Desk, readWish: () => Wish): Promise<EnsuredAll> {
  toChecked(readWish(), desk.clock);
  return inOrganization(desk, async (organization) => {
    const { account, clock, signal } = desk;
    const wanted = toChecked(readWish(), clock);
    const { subscriptions } = await account.hooks.list(organization, { signal });
    const before = new Set(subscriptions.map(({ id }) => id));
    const created: EnsuredOne[] = [];
    for (const { family, desired, warnings } of wanted) {
      const id = await create(account.hooks, organization, desired, { clock, signal, before });
      before.add(id);
      created.push({
        family,
        name: desired.name,
        id,
        outcome: 'created',
        changes: [],
        warnings,
      });
    }
    return { organization, subscriptions: created, unwanted: [] };
  });
}

/** @param readWish asked when it is this call's turn: a secret may have been changed by one before */
export async function ensureAll(desk: Desk, readWish: () => Wish): Promise<EnsuredAll> {
  toChecked(readWish(), desk.clock);
  return inOrganization(desk, async (organization) => {
    const { account, clock, signal, slots, isOthers } = desk;
    // all of it is checked before any of it is changed
    const wanted = toChecked(readWish(), clock);
    const ensured: EnsuredOne[] = [];
    for (const { family, desired } of wanted) {
      const other = family === 'panel' ? slots.organization : slots.panel;
      const isTaken = ({ id, events }: Subscription): boolean =>
        id === other.id || (wanted.length > 1 && familyOf(events) === otherOf(family));
      const done = await ensure(account.hooks, organization, desired, slots[family], {
        clock,
        signal,
        isTaken,
        isOthers,
      });
      ensured.push({ family, name: desired.name, ...done });
    }
    const isWanted = (family: Family): boolean => wanted.some((each) => each.family === family);
    const left = (['panel', 'organization'] as const).filter((family) => !isWanted(family));
    const unwanted: string[] = [];
    for (const family of left) {
      const { id } = slots[family];
      if (id === undefined) continue;
      const isThere = ensured.every((each) => each.id !== id);
      if (isThere && (await account.hooks.find(organization, id, { signal })) !== undefined) unwanted.push(id);
      else slots[family] = {};
    }
    return { organization, subscriptions: ensured, unwanted };
  });
}

/** What counts where the cloud does not tell it. */
export type Known = Partial<Pick<Desired, 'secret' | 'authentication'>>;

/**
 * Changes what is given of one subscription. A PUT replaces everything, so that the rest is what the cloud tells; what it
 * does not tell must be known or given.
 */
export async function change(
  desk: Desk,
  id: string,
  fields: Partial<Desired>,
  known: Known = {},
): Promise<PublicSubscription> {
  return inOrganization(desk, async (organization) => {
    const { account, clock, signal } = desk;
    const current = await account.hooks.get(organization, id, { signal });
    const desired = merge(current, fields, known, clock.now());
    checkDesired(desired, clock.now());
    await account.hooks.update(organization, id, desired, { signal });
    return toPublic(await account.hooks.get(organization, id, { signal }), clock.now());
  });
}

/**
 * The topics that a list of topics and patterns stands for, for one subscription.
 *
 * @throws SetupError `setting-invalid` where they are none, or of both families
 */
export function toTopics(patterns: readonly string[]): readonly string[] {
  const [first = [], ...others] = splitTopics(patterns).values();
  if (others.length === 0) return first;
  const message = 'events: panel topics and organization topics need a subscription each';
  throw new SetupError('setting-invalid', message, { place: 'events' });
}

/** @returns false where it was gone already */
export async function remove(desk: Desk, id: string): Promise<boolean> {
  return inOrganization(desk, async (organization) => {
    const wasThere = await desk.account.hooks.remove(organization, id, { signal: desk.signal });
    for (const slot of Object.values(desk.slots))
      if (slot.id === id) Object.assign(slot, { id: undefined, digest: undefined });
    return wasThere;
  });
}

/** 192 bits, in characters that no dialog, header or shell changes. */
export function makeSecret(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Gives the subscriptions of a wish, which must be there, the secret that is in it.
 *
 * @throws SetupError `subscription-missing`
 */
export async function rotateAll(desk: Desk, readWish: () => Wish, receiver: Receiver | undefined): Promise<EnsuredAll> {
  toChecked(readWish(), desk.clock);
  return inOrganization(desk, async (organization) => {
    const { account, clock, signal, slots } = desk;
    const { subscriptions } = await account.hooks.list(organization, { signal });
    const rotated = toChecked(readWish(), clock).map(({ family, desired, warnings }) => {
      const slot = slots[family];
      const named = subscriptions.filter(({ name, url }) => name === desired.name && isSameAddress(url, desired.url));
      const found = subscriptions.find(({ id }) => id === slot.id) ?? (named.length === 1 ? named[0] : undefined);
      if (found === undefined) {
        const message = `there is no subscription "${desired.name}" whose secret could be changed: run ensure first`;
        throw new SetupError('subscription-missing', message, { place: 'name' });
      }
      return { family, id: found.id, desired, slot, warnings };
    });
    await rotate(account.hooks, organization, rotated, receiver, { clock, signal });
    for (const { slot, id } of rotated) slot.id = id;
    const done = rotated.map(({ family, id, desired, warnings }) => ({
      family,
      name: desired.name,
      id,
      outcome: 'updated' as const,
      changes: ['secret'],
      warnings,
    }));
    return { organization, subscriptions: done, unwanted: [] };
  });
}

async function organizationOf({ account, organization, signal }: Desk): Promise<string> {
  return account.organizationId(organization, { signal });
}

/** Whatever changes something there is done alone, whichever node or account asks for it. */
async function inOrganization<T>(desk: Desk, action: (organization: string) => Promise<T>): Promise<T> {
  const organization = await organizationOf(desk);
  return inTurn(`${desk.account.hooks.origin} ${organization}`, desk.signal, () => action(organization));
}

interface Checked {
  readonly family: Family;
  readonly desired: Desired;
  readonly warnings: readonly string[];
}

function toChecked({ topics, ...rest }: Wish, clock: Clock): readonly Checked[] {
  const split = splitTopics(topics);
  return [...split].map(([family, events]) => {
    const name = split.size > 1 && family === 'organization' ? `${rest.name}${organizationMark}` : rest.name;
    const desired = { ...rest, name, events };
    return { family, desired, warnings: checkDesired(desired, clock.now()) };
  });
}

function otherOf(family: Family): Family {
  return family === 'panel' ? 'organization' : 'panel';
}

function merge(current: Subscription, fields: Partial<Desired>, known: Known, nowMs: number): Desired {
  const expiresAt =
    current.expiresAt !== undefined && Date.parse(current.expiresAt) > nowMs ? current.expiresAt : undefined;
  const secret = isSecretTold(current.secret) ? current.secret : known.secret;
  if (current.secret !== undefined && secret === undefined && fields.secret === undefined) {
    const message =
      'secret: PDK does not tell the one that the subscription has, and a change without it could take it away; give it';
    throw new SetupError('setting-invalid', message, { place: 'secret' });
  }
  return {
    name: current.name ?? '',
    url: current.url ?? '',
    scope: fields.scope ?? toScope(current.scope),
    authentication: fields.authentication ?? toAuthentication(current, known.authentication),
    events: current.events,
    active: current.active ?? true,
    sslVerification: current.sslVerification ?? true,
    secrecyLevel: current.secrecyLevel ?? 1,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(secret !== undefined && { secret }),
    ...fields,
  };
}

function toScope(scope: Subscription['scope']): Scope {
  if (scope === 'ou' || scope === 'ouRecursive') return scope;
  if (scope !== undefined && typeof scope !== 'string') return scope;
  const message = `scope: PDK tells one that is not known ("${scope ?? ''}"); give it`;
  throw new SetupError('setting-invalid', message, { place: 'scope' });
}

function toAuthentication(
  { authenticationType, user = '', password }: Subscription,
  known: Authentication | undefined,
): Authentication {
  if (authenticationType !== 'Basic') return { type: 'None' };
  if (password !== undefined && isSecretTold(password)) return { type: 'Basic', user, password };
  if (known?.type === 'Basic') return known;
  const message =
    'password: PDK does not tell the one that the subscription has; give authentication with user and password';
  throw new SetupError('setting-invalid', message, { place: 'password' });
}
