/** Camio's interface for access control systems: doors and events are posted to it (reference 10). */
import type { Clock } from '../../clock';
import { SecurityEventsError, SetupError } from '../../errors';
import { Client, ClientError, type ClientAnswer } from '../../http/client';
import { hideSecrets } from '../../http/ledger';
import { wait } from '../../http/retry';
import { parseJson } from '../../wire/json';
import { child } from '../../wire/read';
import type { PacsDevice, PacsEvent } from './annotation';

/** An older article of the vendor has https://camio.com/api/integrations/pacs. */
export const standardUrl = 'https://incoming.integrations.camio.com/pacs';

/** As the vendor's own driver does: up to three attempts, on connection errors and 5xx. */
const waitsMs = [2000, 4000];
const longestWaitMs = 60_000;
const excerptChars = 300;

export interface PacsSettings {
  readonly url: string;
  readonly token: string;
  /** The list of doors: an older article and the vendor's driver of 2024 call it `readers`. */
  readonly devicesName: 'devices' | 'readers';
  /** A list of events (the driver), or one event a post (a sample script of 2024-05). */
  readonly eventsName: 'events' | 'event';
  readonly timeoutMs: number;
}

/** What a check has found out. */
export interface Finding {
  /** How it was found out: Camio has listed the doors, or has taken a post without events for what it is. */
  readonly by: 'list' | 'empty post';
  /** Doors that Camio has, where it says so. */
  readonly devices?: number;
}

export class Pacs {
  readonly #settings: PacsSettings;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #path: string;

  /** @throws SetupError `setting-invalid` where the address or the token cannot be one */
  constructor(settings: PacsSettings, clock: Clock) {
    const { origin, path } = readUrl(settings.url);
    if (!/^[\x21-\x7e]+$/.test(settings.token)) {
      const message = 'token: generate one at https://camio.com/settings/integrations/pacs and enter it';
      throw new SetupError('setting-invalid', message, { place: 'token' });
    }
    this.#settings = settings;
    this.#clock = clock;
    this.#path = path;
    this.#client = new Client(origin, clock);
  }

  /** Replaces the list that Camio has; which camera sees which door stays as it was set there. */
  async postDevices(devices: readonly PacsDevice[], options: { readonly signal?: AbortSignal } = {}): Promise<number> {
    return this.#post('/devices', { [this.#settings.devicesName]: devices }, options.signal);
  }

  /** Repeating one is harmless: the same words at the same moment of the same video. */
  async postEvents(events: readonly PacsEvent[], options: { readonly signal?: AbortSignal } = {}): Promise<number> {
    if (this.#settings.eventsName === 'events') return this.#post('/webhooks', { events }, options.signal);
    let status = 0;
    for (const event of events) status = await this.#post('/webhooks', { event }, options.signal);
    return status;
  }

  /** Asks without changing anything whether address and token are right. @throws SecurityEventsError that says what is not */
  async check(options: { readonly signal?: AbortSignal } = {}): Promise<Finding> {
    const listed = await this.#request('GET', '/devices', undefined, options.signal);
    if (listed.status < 300 && isJson(listed.body)) {
      const devices = countDevices(listed.body);
      return { by: 'list', ...(devices !== undefined && { devices }) };
    }
    // listing is in an older article only
    const hasNoList = listed.status < 300 || [404, 405, 501].includes(listed.status);
    if (!hasNoList) throw this.#explain(listed, 'GET', '/devices');
    const answer = await this.#request('POST', '/webhooks', { events: [] }, options.signal);
    // it has looked at what was posted, so it knew by then who has posted it
    const isTaken = answer.status < 300 || answer.status === 400 || answer.status === 422;
    if (isTaken && !isPage(answer)) return { by: 'empty post' };
    throw this.#explain(answer, 'POST', '/webhooks');
  }

  /** Ends what is under way, too. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  async #post(path: string, content: object, signal?: AbortSignal): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const waitMs = waitsMs[attempt];
      try {
        const answer = await this.#request('POST', path, content, signal);
        if (answer.status < 300 && !isPage(answer)) return answer.status;
        const error = this.#explain(answer, 'POST', path);
        if (waitMs === undefined || !error.retryable) throw error;
        await wait(this.#clock, Math.max(waitMs, readRetryAfter(answer)), signal);
      } catch (thrown) {
        const isHopeless = !(thrown instanceof ClientError) || thrown.code === 'certificate-refused';
        if (isHopeless || waitMs === undefined) throw thrown;
        await wait(this.#clock, waitMs, signal);
      }
    }
  }

  #request(method: 'GET' | 'POST', path: string, content?: object, signal?: AbortSignal): Promise<ClientAnswer> {
    const { token, timeoutMs } = this.#settings;
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(content && { 'content-type': 'application/json' }),
    };
    const body = content === undefined ? {} : { body: JSON.stringify(content) };
    const request = { method, path: `${this.#path}${path}`, headers, timeoutMs, ...body };
    return this.#client.request(request, signal === undefined ? {} : { signal });
  }

  #explain({ status, body }: ClientAnswer, method: string, path: string): SecurityEventsError {
    const what = `${method} ${this.#client.origin}${this.#path}${path}`;
    const said = hideSecrets(body.toString('utf8', 0, 4 * excerptChars), [this.#settings.token])
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, excerptChars);
    const answer = `Camio answered ${status}${said === '' ? '' : `: ${said}`}`;
    const fail = (code: string, isRetryable: boolean, cure: string): SecurityEventsError =>
      new SecurityEventsError(code, isRetryable, `${what}: ${answer}; ${cure}`, { place: path });
    if (status < 300)
      return fail('address-wrong', false, 'that is a page for people: check the address of the account');
    if (status === 401 || status === 403) {
      return fail(
        'token-refused',
        false,
        'the token is wrong or has expired: generate another at https://camio.com/settings/integrations/pacs',
      );
    }
    if (status === 429)
      return fail('too-many-requests', true, 'it was asked too often; post less, or several events at once');
    if (status === 413) return fail('post-too-large', false, 'post fewer events at once');
    if (status >= 500) return fail('server-failed', true, 'try again later');
    if (status < 400)
      return fail('address-moved', false, 'check the address: it leads somewhere else, and the token does not follow');
    if (status === 404 || status === 405) return fail('address-wrong', false, 'check the address of the account');
    return fail(
      'post-not-accepted',
      false,
      'check what was posted, and whether the account has the right spelling of its members',
    );
  }
}

/** A token is not sent in the clear, but to this machine. */
function readUrl(text: string): { readonly origin: string; readonly path: string } {
  const fail = (reason: string): SetupError =>
    new SetupError('setting-invalid', `address: ${reason}`, { place: 'address' });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail(`it must be like ${standardUrl}`);
  }
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) throw fail('it must begin with https://');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw fail('it must have no user, no ? and no #');
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

function readRetryAfter({ headers }: ClientAnswer): number {
  const seconds = Number(headers['retry-after'] ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, longestWaitMs) : 0;
}

function isJson(body: Buffer): boolean {
  try {
    parseJson(body);
    return true;
  } catch {
    return false;
  }
}

/** What is no programming interface has a page for people. */
function isPage({ headers, body }: ClientAnswer): boolean {
  return /html/i.test(headers['content-type'] ?? '') || /^\s*</.test(body.toString('utf8', 0, 100));
}

function countDevices(body: Buffer): number | undefined {
  const tree = parseJson(body);
  const list = Array.isArray(tree) ? tree : (child(tree, 'devices') ?? child(tree, 'readers'));
  return Array.isArray(list) ? list.length : undefined;
}
