/** A subscription: what PDK says of one, what we want it to be, and in what the two differ. */
import { createHmac, randomBytes } from 'node:crypto';
import { isTree, type Tree } from '../../../wire/read';
import { familyOf } from './families';
import { flagOf, numberOf, treeOf, wordOf } from '../wire';

/** `ou` is the organization, `ouRecursive` those below it too, a list is of panel ids. */
export type Scope = 'ou' | 'ouRecursive' | readonly string[];

export type Authentication =
  { readonly type: 'None' } | { readonly type: 'Basic'; readonly user: string; readonly password: string };

/** Whole, because a PUT replaces everything. */
export interface Desired {
  readonly name: string;
  readonly url: string;
  readonly scope: Scope;
  readonly authentication: Authentication;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly sslVerification: boolean;
  readonly secrecyLevel: number;
  readonly expiresAt?: string;
  readonly secret?: string;
}

/** As the cloud has it: each field may be missing, and only the id must not. */
export interface Subscription {
  readonly id: string;
  readonly name: string | undefined;
  readonly url: string | undefined;
  /** A word that is none of {@link Scope} may be in it. */
  readonly scope: string | readonly string[] | undefined;
  readonly authenticationType: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly events: readonly string[];
  readonly active: boolean | undefined;
  readonly sslVerification: boolean | undefined;
  readonly secrecyLevel: number | undefined;
  readonly expiresAt: string | undefined;
  readonly secret: string | undefined;
  readonly userId: string | undefined;
  readonly odometer: number | undefined;
}

/** What may leave the node. */
export interface PublicSubscription {
  readonly id: string;
  readonly name?: string;
  readonly url?: string;
  readonly scope?: string | readonly string[];
  readonly family?: string;
  readonly events: readonly string[];
  readonly authentication: { readonly type?: string; readonly user?: string };
  readonly hasSecret: boolean;
  readonly active?: boolean;
  readonly sslVerification?: boolean;
  readonly secrecyLevel?: number;
  readonly expiresAt?: string;
  readonly isExpired: boolean;
  readonly userId?: string;
  readonly odometer?: number;
}

/** Undefined where the id is missing: nothing can be done with such a one. */
export function readSubscription(value: unknown): Subscription | undefined {
  if (!isTree(value)) return undefined;
  const id = wordOf(value, 'id');
  if (id === undefined) return undefined;
  const authentication = treeOf(value, 'authentication');
  return {
    id,
    name: textOf(value, 'name'),
    url: textOf(value, 'url'),
    scope: readScope(value.scope),
    authenticationType: textOf(authentication, 'type'),
    user: textOf(authentication, 'user'),
    password: textOf(authentication, 'password'),
    events: Array.isArray(value.events) ? value.events.filter((topic) => typeof topic === 'string') : [],
    active: flagOf(value, 'active'),
    sslVerification: flagOf(value, 'sslVerification'),
    secrecyLevel: numberOf(value, 'secrecyLevel'),
    expiresAt: wordOf(value, 'expiresAt'),
    secret: textOf(value, 'secret'),
    userId: wordOf(value, 'userId'),
    odometer: numberOf(value, 'odometer'),
  };
}

/** Blanks and all: they may be part of a password. */
function textOf(tree: Tree, name: string): string | undefined {
  const found = tree[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function readScope(value: unknown): Subscription['scope'] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value : undefined;
}

export function toPublic(subscription: Subscription, nowMs: number): PublicSubscription {
  const { id, events, authenticationType, user, secret, password, expiresAt, ...rest } = subscription;
  const { name, url, scope, active, sslVerification, secrecyLevel, userId, odometer } = rest;
  const family = familyOf(events);
  const hidden = [secret, password].filter((each) => each !== undefined);
  // who has put the secret into the address or the name has told it to everybody, but we do not pass it on
  const forms = hidden.flatMap((each) => [each, encodeURIComponent(each)]);
  const show = (text: string): string => forms.reduce((shown, each) => shown.split(each).join('***'), text);
  return {
    id,
    ...(name !== undefined && { name: show(name) }),
    ...(url !== undefined && { url: show(withoutUser(url)) }),
    ...(scope !== undefined && { scope }),
    ...(family !== undefined && { family }),
    events,
    authentication: {
      ...(authenticationType !== undefined && { type: authenticationType }),
      ...(user !== undefined && { user: show(user) }),
    },
    hasSecret: secret !== undefined,
    ...(active !== undefined && { active }),
    ...(sslVerification !== undefined && { sslVerification }),
    ...(secrecyLevel !== undefined && { secrecyLevel }),
    ...(expiresAt !== undefined && { expiresAt }),
    isExpired: expiresAt !== undefined && Date.parse(expiresAt) <= nowMs,
    ...(userId !== undefined && { userId }),
    ...(odometer !== undefined && { odometer }),
  };
}

function withoutUser(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** What is sent: everything that is known, so that it does not matter whether an absent property is kept or cleared. */
export function toBody(desired: Desired): object {
  const { name, url, scope, authentication, events, active, sslVerification, secrecyLevel, expiresAt, secret } =
    desired;
  return {
    name,
    url,
    scope,
    authentication,
    events,
    active,
    sslVerification,
    secrecyLevel,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(secret !== undefined && { secret }),
  };
}

/** What of a subscription no text may show. */
export function secretsOf({ secret, authentication }: Desired): readonly string[] {
  const all = [secret ?? '', authentication.type === 'Basic' ? authentication.password : ''];
  return all.filter((each) => each !== '');
}

/**
 * The names of what differs; empty: the cloud has what we want. `sent` is the {@link digestOf} of what was last sent:
 * it decides where the cloud does not tell a secret. Where nothing is known of it either, it differs.
 */
export function findDifferences(current: Subscription, desired: Desired, sent: string | undefined): readonly string[] {
  const { authentication: wanted } = desired;
  const isBasic = wanted.type === 'Basic';
  const isSame: Readonly<Record<string, boolean>> = {
    name: current.name === desired.name,
    url: isSameAddress(current.url, desired.url),
    scope: isSameScope(current.scope, desired.scope),
    'authentication.type': (current.authenticationType ?? 'None') === wanted.type,
    'authentication.user': !isBasic || current.user === wanted.user,
    events: isSameSet(current.events, desired.events),
    active: current.active === desired.active,
    sslVerification: current.sslVerification === desired.sslVerification,
    secrecyLevel: current.secrecyLevel === desired.secrecyLevel,
    expiresAt: toInstant(current.expiresAt) === toInstant(desired.expiresAt),
    'authentication.password': !isBasic || isSameSecret(current.password, wanted.password, sent === digestOf(desired)),
    secret:
      desired.secret === undefined
        ? current.secret === undefined
        : isSameSecret(current.secret, desired.secret, sent === digestOf(desired)),
  };
  return Object.keys(isSame).filter((name) => isSame[name] === false);
}

/** Of this process only: nobody can try words against it. */
const digestKey = randomBytes(32);

/** Stands for secret and password without telling either. */
export function digestOf(desired: Desired): string {
  const { secret = '', authentication } = desired;
  const password = authentication.type === 'Basic' ? authentication.password : '';
  return createHmac('sha256', digestKey)
    .update(JSON.stringify([secret, password]))
    .digest('hex');
}

/** Whether PDK gives secrets in clear, masked or not at all is not stated, and may change. */
function isSameSecret(current: string | undefined, desired: string, wasSent: boolean): boolean {
  if (current === desired) return true;
  return (current === undefined || isMasked(current)) && wasSent;
}

function isMasked(text: string): boolean {
  return /^(.)\1*$/su.test(text) || /[*•●·]{3}/u.test(text);
}

function isSameScope(current: Subscription['scope'], desired: Scope): boolean {
  if (typeof desired === 'string' || typeof current === 'string' || current === undefined) return current === desired;
  return isSameSet(current, desired);
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const set = new Set(some);
  return set.size === new Set(others).size && others.every((each) => set.has(each));
}

function toInstant(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

/** A browser writes https://example.com/ for https://example.com: they are the same. */
export function isSameAddress(some: string | undefined, other: string): boolean {
  if (some === undefined) return false;
  return some === other || (URL.canParse(some) && URL.canParse(other) && new URL(some).href === new URL(other).href);
}

/** Whether a secret that the cloud tells is one, and not what stands in its place. */
export function isSecretTold(text: string | undefined): boolean {
  return text !== undefined && !isMasked(text);
}
