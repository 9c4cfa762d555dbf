/** The subscriptions that the fake cloud keeps, and what it refuses to keep. */

export interface StoredHook {
  readonly id: string;
  readonly organization: string;
  /** As they were sent. */
  fields: Readonly<Record<string, unknown>>;
  active: boolean;
  odometer: number;
}

const organizationTopics: ReadonlySet<string> = new Set([
  'ou.created',
  'ou.deleted',
  'ou.updated',
  'panel.created',
  'panel.deleted',
  'panel.updated',
  'permission.accepted',
  'permission.created',
  'permission.deleted',
  'permission.updated',
]);
const requiredInPost = ['name', 'url', 'scope', 'authentication', 'events'];
const requiredInPut = [...requiredInPost, 'active', 'sslVerification', 'secrecyLevel'];
const mostCharacters = 70;
const longestSecret = 255;

/** An object's members; of anything else none. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOrganizationTopic(topic: string): boolean {
  return organizationTopics.has(topic);
}

/** Why the body is refused; undefined: it is not. */
export function findFault(body: unknown, isPut: boolean, nowMs: number): string | undefined {
  if (!isObject(body)) return 'the body must be an object';
  const fields = body;
  const missing = (isPut ? requiredInPut : requiredInPost).find((name) => fields[name] === undefined);
  if (missing !== undefined) return `"${missing}" is required`;
  const { name, url, scope, events, expiresAt, secret, secrecyLevel, authentication } = fields;
  if (typeof name !== 'string' || name === '' || name.length > mostCharacters) return '"name" length must be 1 to 70';
  if (typeof url !== 'string' || !url.startsWith('https://')) return '"url" must be a valid https uri';
  if (!Array.isArray(events) || events.length === 0) return '"events" must hold at least one topic';
  const ofOrganization = events.filter((topic) => isOrganizationTopic(String(topic))).length;
  if (ofOrganization > 0 && ofOrganization < events.length) return 'topics of two families must not be mixed';
  const isScope = scope === 'ou' || scope === 'ouRecursive' || (Array.isArray(scope) && scope.length > 0);
  if (!isScope || (Array.isArray(scope) && ofOrganization > 0)) return '"scope" is not allowed';
  const { type, user, password } = membersOf(authentication);
  if (type !== 'None' && !(type === 'Basic' && user && password)) return '"authentication" is not complete';
  if (secrecyLevel !== undefined && ![0, 1, 2].includes(Number(secrecyLevel)))
    return '"secrecyLevel" must be 0, 1 or 2';
  if (typeof expiresAt === 'string' && !(Date.parse(expiresAt) > nowMs)) return '"expiresAt" must lie in the future';
  if (secret !== undefined && (typeof secret !== 'string' || secret.length > longestSecret)) {
    return '"secret" length must be at most 255';
  }
  return undefined;
}

/** Switched off at the time it was given. */
export function expire(hook: StoredHook, nowMs: number): void {
  const { expiresAt } = hook.fields;
  if (typeof expiresAt === 'string' && Date.parse(expiresAt) <= nowMs) hook.active = false;
}

/** A subscription as the API shows it. */
export function showHook(hook: StoredHook, secrets: 'clear' | 'masked' | 'absent'): object {
  const { secret, authentication, ...fields } = hook.fields;
  const hide = (value: unknown): unknown => (secrets === 'masked' && value !== undefined ? '********' : value);
  const { password, ...rest } = membersOf(authentication);
  const shownPassword = secrets === 'absent' || password === undefined ? {} : { password: hide(password) };
  const shownSecret = secrets === 'absent' || secret === undefined ? {} : { secret: hide(secret) };
  return {
    id: hook.id,
    sslVerification: true,
    secrecyLevel: 1,
    expiresAt: null,
    ...fields,
    authentication: { ...rest, ...shownPassword },
    active: hook.active,
    userId: '644a19ba6e22d40001ee0732',
    odometer: hook.odometer,
    ...shownSecret,
  };
}
