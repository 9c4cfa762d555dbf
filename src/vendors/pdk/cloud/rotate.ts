/** Gives subscriptions a new secret without losing a delivery: the receiver believes both before PDK is told (reference 7.5). */
import type { Clock } from '../../../clock';
import { SetupError } from '../../../errors';
import { checkDesired } from './check';
import { PdkCloudError } from './failure';
import type { Hooks } from './hooks';
import { digestOf, type Desired } from './subscription';
import type { Slot } from './ensure';

/** Who checks the signatures. */
export interface Receiver {
  /** Believes the new secret and the present one from now on. @returns takes that back */
  renew(secret: string): Promise<() => Promise<void>>;
}

/** A subscription with the new secret in it. */
export interface Rotated {
  readonly id: string;
  readonly desired: Desired;
  readonly slot: Slot;
}

/**
 * To be called in turn for each organization. Where it fails half-way both secrets go on to be believed, and it is to be
 * called again with the same secret.
 *
 * @throws SetupError `setting-invalid`; PdkCloudError; the signal's reason
 */
export async function rotate(
  hooks: Hooks,
  organizationId: string,
  rotated: readonly Rotated[],
  receiver: Receiver | undefined,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const secret = rotated[0]?.desired.secret;
  if (secret === undefined || rotated.some(({ desired }) => desired.secret !== secret)) {
    throw new SetupError('setting-invalid', 'secret: the new one is missing', { place: 'secret' });
  }
  for (const { desired } of rotated) checkDesired(desired, clock.now());
  signal.throwIfAborted();
  const takeBack = await receiver?.renew(secret);
  let isChanged = false;
  for (const { id, desired, slot } of rotated) {
    slot.digest = undefined;
    try {
      await hooks.update(organizationId, id, desired, { signal });
      isChanged = true;
      slot.digest = digestOf(desired);
    } catch (thrown) {
      const isCertain = thrown instanceof PdkCloudError && !thrown.mayHaveActed;
      // the old one is what PDK signs with, and nobody has seen the new one
      if (isCertain && !isChanged) await takeBack?.();
      throw thrown;
    }
  }
}
