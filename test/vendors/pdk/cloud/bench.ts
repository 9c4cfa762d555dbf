/** An account at the fake cloud, with a clock that does not let anybody wait. */
import type { Timer } from '../../../../src/clock';
import { Account } from '../../../../src/vendors/pdk/cloud/account';
import { PdkApi } from '../../../../src/vendors/pdk/cloud/api';
import type { Desired } from '../../../../src/vendors/pdk/cloud/subscription';
import { PdkCloud } from '../../../../simulators/pdk/cloud';
import { standardClient, standardOrganizations, type CloudOptions } from '../../../../simulators/pdk/cloud-options';
import { FakeClock } from '../../../support/fake-clock';

export const startMs = Date.UTC(2031, 1, 3, 4, 5, 6);
export const organization = standardOrganizations[1]?.id ?? '';
export const secret = 'the-secret-of-this-subscription-01';

/** Pauses pass at once and are written down; deadlines and lives of tokens come when a test turns the hands. */
export class ImpatientClock extends FakeClock {
  readonly pauses: number[] = [];

  override after(delayMs: number, action: () => void): Timer {
    if (delayMs >= 10_000) return super.after(delayMs, action);
    this.pauses.push(delayMs);
    const timer = super.after(delayMs, action);
    setImmediate(() => this.advance(delayMs));
    return timer;
  }
}

export class Bench {
  readonly accounts: Account[] = [];

  private constructor(
    readonly cloud: PdkCloud,
    readonly clock: ImpatientClock,
  ) {}

  static async start(options: CloudOptions = {}): Promise<Bench> {
    const clock = new ImpatientClock(startMs);
    const cloud = await PdkCloud.start({
      clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
      ...options,
    });
    return new Bench(cloud, clock);
  }

  /** A new one each: with a token and connections of its own. */
  account(login: Partial<typeof standardClient> = {}): Account {
    const { id, secret: clientSecret } = { ...standardClient, ...login };
    const options = { clock: this.clock, random: () => 0.5 };
    const account = new Account(new PdkApi(this.cloud.url, { clientId: id, clientSecret }, options));
    this.accounts.push(account);
    return account;
  }

  async stop(): Promise<void> {
    await Promise.all(this.accounts.map((account) => account.close()));
    await this.cloud.close();
  }
}

export function desire(fields: Partial<Desired> = {}): Desired {
  return {
    name: 'Node-RED doors',
    url: 'https://doors.example.com/pdk/x',
    scope: 'ou',
    authentication: { type: 'None' },
    events: ['door.request.allowed', 'door.request.denied'],
    active: true,
    sslVerification: true,
    secrecyLevel: 1,
    secret,
    ...fields,
  };
}
