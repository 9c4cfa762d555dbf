/** One login at PDK's cloud, shared by all who have the same: one token, one rate limit, one set of connections. */
import type { Clock } from '../../../clock';
import { digest } from '../../../digest';
import { SetupError } from '../../../errors';
import { PdkApi } from './api';
import { Hooks, type CallOptions, type Organization } from './hooks';
import type { Login } from './token';

export const standardBaseUrl = 'https://accounts.pdk.io';
/** The pseudo id of the organization that an account belongs to. */
export const mine = 'mine';

export class Account {
  readonly hooks: Hooks;
  readonly #api: PdkApi;
  #mine: string | undefined;

  constructor(api: PdkApi) {
    this.#api = api;
    this.hooks = new Hooks(api);
  }

  /** Whether the cloud knows client id and secret. @throws PdkCloudError where it does not */
  async login(options: CallOptions = {}): Promise<void> {
    await this.#api.login(options);
  }

  /** The id in place of `mine`: whether that may stand in the calls about subscriptions is not known. */
  async organizationId(id: string, options: CallOptions = {}): Promise<string> {
    if (id !== mine && id !== '') return id;
    this.#mine ??= (await this.organization(mine, options)).id;
    return this.#mine;
  }

  organization(id: string, options: CallOptions = {}): Promise<Organization> {
    return this.hooks.organization(id === '' ? mine : id, options);
  }

  async close(): Promise<void> {
    await this.#api.close();
  }
}

export interface AccountClaim {
  readonly account: Account;
  /** The last to leave closes it, and ends its calls. */
  release(): Promise<void>;
}

interface Shared {
  readonly account: Account;
  users: number;
}

const shared = new Map<string, Shared>();

/** Other credentials are another account: an old token is never used with them. */
export function claimAccount(
  origin: string,
  login: Login,
  clock: Clock,
  random: () => number = Math.random,
): AccountClaim {
  const key = digest(JSON.stringify([origin, login.clientId, login.clientSecret]));
  const found = shared.get(key) ?? { account: new Account(new PdkApi(origin, login, { clock, random })), users: 0 };
  shared.set(key, found);
  found.users += 1;
  let isReleased = false;
  return {
    account: found.account,
    async release() {
      if (isReleased) return;
      isReleased = true;
      found.users -= 1;
      if (found.users > 0) return;
      shared.delete(key);
      await found.account.close();
    },
  };
}

/**
 * The origin of a base URL. Secrets go over it: plain http only where nothing leaves the machine.
 *
 * @throws SetupError `setting-invalid`
 */
export function readOrigin(baseUrl: string): string {
  const complain = (reason: string): never => {
    throw new SetupError('setting-invalid', `base URL: ${reason}, such as ${standardBaseUrl}`, { place: 'base URL' });
  };
  if (!URL.canParse(baseUrl)) complain('must be a whole address');
  const { origin, protocol, hostname, pathname, username, password, search, hash } = new URL(baseUrl);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) complain('must begin with https:');
  if (pathname !== '/' || username !== '' || password !== '' || search !== '' || hash !== '') {
    complain('must hold nothing behind the host');
  }
  return origin;
}
