/**
 * Sees to it that a subscription is there and as it is wanted: the same one, changed in place, or a new one where there is
 * none; never a second one, and never one that is not ours (reference 7.4).
 */
import { putLatest } from '../../../bound';
import type { Clock } from '../../../clock';
import { SetupError } from '../../../errors';
import { wait } from '../../../http/retry';
import { checkDesired } from './check';
import { PdkCloudError } from './failure';
import { familyOf } from './families';
import { isGone, type Hooks } from './hooks';
import { digestOf, findDifferences, isSameAddress, type Desired, type Subscription } from './subscription';

/** What is remembered of one wanted subscription; to be kept between calls. */
export interface Slot {
  /** Of the subscription that is ours. */
  id?: string | undefined;
  /** {@link digestOf} of what was last sent; of this process only. */
  digest?: string | undefined;
}

export interface Ensured {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly id: string;
  /** What differed, by name. */
  readonly changes: readonly string[];
  /** What is allowed and looks wrong. */
  readonly warnings: readonly string[];
}

export interface EnsureOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Subscriptions that are another's: of another slot, or of the other family where both are wanted. */
  readonly isTaken?: (subscription: Subscription) => boolean;
  /** Subscriptions that another looks after. Shared with whoever wants the same address and name; taken over by nobody. */
  readonly isOthers?: ((id: string) => boolean) | undefined;
}

/** After a POST whose answer was lost the cloud may need a moment until its list shows what it did. */
const lookAgainAfterMs = [0, 2000, 5000];

/**
 * POSTs of which nobody knows what came of them, by where and what, and when they were sent. Who gave one up (a Deploy closes
 * nodes in the middle of a call) does not look what it has done, and the cloud may carry it out after that: whoever wants the
 * same next must wait for it.
 */
const unanswered = new Map<string, number>();
const unansweredKept = 1000;
/** Later than that it will not be carried out any more. */
const unansweredMs = 600_000;

/**
 * To be called in turn for each organization.
 *
 * @throws SetupError `setting-invalid`, `subscription-ambiguous`; PdkCloudError; the signal's reason
 */
export async function ensure(
  hooks: Hooks,
  organizationId: string,
  desired: Desired,
  slot: Slot,
  options: EnsureOptions,
): Promise<Ensured> {
  const { clock, signal } = options;
  const warnings = checkDesired(desired, clock.now());
  const isTaken = options.isTaken ?? (() => false);
  const who = { isTaken, isOthers: options.isOthers ?? (() => false) };
  const current =
    (await look(hooks, organizationId, desired, slot, who, signal)) ??
    (await lookForLate(hooks, organizationId, desired, who, { clock, signal }));
  if (current !== undefined) {
    const changes = findDifferences(current, desired, slot.id === current.id ? slot.digest : undefined);
    slot.id = current.id;
    if (changes.length === 0) return { outcome: 'unchanged', id: current.id, changes, warnings };
    try {
      await update(hooks, organizationId, current.id, desired, slot, signal);
      return { outcome: 'updated', id: current.id, changes, warnings };
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown;
    }
    // it was deleted while we looked; somebody may have put another in its place meanwhile
    slot.id = undefined;
    const next = await look(hooks, organizationId, desired, slot, who, signal);
    if (next !== undefined) {
      slot.id = next.id;
      await update(hooks, organizationId, next.id, desired, slot, signal);
      return { outcome: 'updated', id: next.id, changes, warnings };
    }
  }
  const id = await create(hooks, organizationId, desired, { clock, signal, isTaken });
  slot.id = id;
  slot.digest = digestOf(desired);
  return { outcome: 'created', id, changes: [], warnings };
}

async function update(
  hooks: Hooks,
  organizationId: string,
  id: string,
  desired: Desired,
  slot: Slot,
  signal: AbortSignal,
): Promise<void> {
  // where the call fails half-way nobody knows which secret it has
  slot.digest = undefined;
  await hooks.update(organizationId, id, desired, { signal });
  slot.digest = digestOf(desired);
}

type Who = Required<{ [Key in 'isTaken' | 'isOthers']: NonNullable<EnsureOptions[Key]> }>;

/** The subscription that is ours, if there is one. */
async function look(
  hooks: Hooks,
  organizationId: string,
  desired: Desired,
  slot: Slot,
  who: Who,
  signal: AbortSignal,
): Promise<Subscription | undefined> {
  const { subscriptions, pages } = await hooks.list(organizationId, { signal });
  const found = choose(subscriptions, desired, slot, who);
  if (found !== undefined) return found;
  if (slot.id !== undefined) {
    // not in the list: deleted, or the list moved under our hands
    const ours = await hooks.find(organizationId, slot.id, { signal });
    if (ours !== undefined) return ours;
    slot.id = undefined;
  }
  if (pages === 1) return undefined;
  // what moved from one page to another while they were read is on neither
  const again = await hooks.list(organizationId, { signal });
  const all = new Map([...subscriptions, ...again.subscriptions].map((each) => [each.id, each]));
  return choose([...all.values()], desired, slot, who);
}

/** One that was asked for before and given up, if it comes into the list now. */
async function lookForLate(
  hooks: Hooks,
  organizationId: string,
  desired: Desired,
  who: Who,
  { clock, signal }: Pick<EnsureOptions, 'clock' | 'signal'>,
): Promise<Subscription | undefined> {
  const sentMs = unanswered.get(keyOf(hooks, organizationId, desired));
  if (sentMs === undefined || Math.abs(clock.now() - sentMs) > unansweredMs) return undefined;
  for (const delayMs of lookAgainAfterMs.filter((ms) => ms > 0)) {
    await wait(clock, delayMs, signal);
    const { subscriptions } = await hooks.list(organizationId, { signal });
    const found = choose(subscriptions, desired, {}, who);
    if (found !== undefined) return found;
  }
  return undefined;
}

function keyOf({ origin }: Hooks, organizationId: string, { url, name }: Desired): string {
  return JSON.stringify([origin, organizationId, new URL(url).href, name]);
}

/** By id; else by address and name; else by address and family; each only where there is one alone. */
function choose(
  list: readonly Subscription[],
  desired: Desired,
  slot: Slot,
  { isTaken, isOthers }: Who,
): Subscription | undefined {
  const known = list.find(({ id }) => id === slot.id);
  if (known !== undefined) return known;
  const atAddress = list.filter((each) => isSameAddress(each.url, desired.url) && !isTaken(each));
  const named = atAddress.filter(({ name }) => name === desired.name);
  if (named.length > 0) return only(named, desired);
  const family = familyOf(desired.events);
  const related = atAddress.filter(
    ({ id, events }) => family !== undefined && familyOf(events) === family && !isOthers(id),
  );
  return only(related, desired);
}

function only(candidates: readonly Subscription[], desired: Desired): Subscription | undefined {
  if (candidates.length <= 1) return candidates[0];
  const ids = candidates.map(({ id }) => id).join(', ');
  throw new SetupError(
    'subscription-ambiguous',
    `${candidates.length} subscriptions at PDK could be "${desired.name}": ${ids}; nothing was changed. Delete those that are not needed, or give the one that is meant its name`,
    { place: 'name' },
  );
}

interface CreateOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly isTaken?: (subscription: Subscription) => boolean;
  /** Those that were there before, where an equal one may be: the new one is none of them. */
  readonly before?: ReadonlySet<string>;
}

/**
 * A POST may be heard although its answer is lost, and a second one would be a second subscription: after that the list
 * tells. It is repeated once, and only when the list has not shown it for a while.
 */
export async function create(
  hooks: Hooks,
  organizationId: string,
  desired: Desired,
  { clock, signal, isTaken = () => false, before = new Set() }: CreateOptions,
): Promise<string> {
  const isNew = (each: Subscription): boolean =>
    isSameAddress(each.url, desired.url) && each.name === desired.name && !before.has(each.id) && !isTaken(each);
  const key = keyOf(hooks, organizationId, desired);
  for (let attempt = 1; ; attempt += 1) {
    putLatest(unanswered, key, clock.now(), unansweredKept);
    try {
      const id = await hooks.create(organizationId, desired, { signal });
      unanswered.delete(key);
      return id;
    } catch (thrown) {
      if (attempt === 1 && thrown instanceof PdkCloudError && !thrown.mayHaveActed) unanswered.delete(key);
      signal.throwIfAborted();
      if (!(thrown instanceof PdkCloudError) || (!thrown.mayHaveActed && attempt === 1)) throw thrown;
      for (const delayMs of lookAgainAfterMs) {
        if (delayMs > 0) await wait(clock, delayMs, signal);
        const { subscriptions } = await hooks.list(organizationId, { signal });
        const found = only(subscriptions.filter(isNew), desired);
        if (found !== undefined) {
          unanswered.delete(key);
          return found.id;
        }
      }
      if (attempt === 2 || !thrown.mayHaveActed) throw thrown;
    }
  }
}
