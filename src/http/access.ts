/** Who may call a path: allowed addresses and networks, Basic auth, a header with a secret. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SetupError, TransportError } from '../errors';
import { addressOf, type Refusal } from './body';
import { Networks } from './networks';

export interface AccessRules {
  /** Addresses and networks that may call; empty: all. */
  readonly networks: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed; empty: none, and the header counts for nothing. */
  readonly proxies: readonly string[];
  readonly basic?: { readonly user: string; readonly password: string } | undefined;
  /** A header that must hold exactly this value, scheme word and all. */
  readonly header?: { readonly name: string; readonly value: string } | undefined;
}

/** RFC 9110 5.6.2: what a header's name may be made of. */
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

export class Access {
  readonly #networks: Networks;
  readonly #proxies: Networks;
  readonly #authorization: Buffer | undefined;
  readonly #header: { readonly name: string; readonly digest: Buffer } | undefined;
  /** What must never be shown, longest first. */
  readonly secrets: readonly string[];

  /** @throws SetupError `setting-invalid` for what would let nobody in, or everybody: a secret without a name, no network */
  constructor({ networks, proxies, basic, header }: AccessRules) {
    this.#networks = new Networks(networks, 'allowed addresses');
    this.#proxies = new Networks(proxies, 'trusted proxies');
    if (basic !== undefined) {
      demand(basic.user !== '' && basic.password !== '', 'user and password', 'fill in both, or neither');
      demand(!basic.user.includes(':'), 'user', 'Basic auth allows no colon in it');
      this.#authorization = digest(`${basic.user}:${basic.password}`);
    }
    if (header !== undefined) {
      demand(header.name !== '' && header.value !== '', 'secret header', 'fill in its name and its value, or neither');
      demand(headerName.test(header.name), 'secret header', 'its name may hold letters, digits and hyphens');
      this.#header = { name: header.name.toLowerCase(), digest: digest(header.value) };
    }
    const pair = basic && Buffer.from(`${basic.user}:${basic.password}`).toString('base64');
    this.secrets = [pair, basic?.password, header?.value]
      .filter((secret) => secret !== undefined && secret !== '')
      .flatMap((secret) => (secret === undefined ? [] : [secret]))
      .toSorted((a, b) => b.length - a.length);
  }

  /**
   * Who called: the other end of the connection, or, where that is a trusted proxy, the nearest address before it in
   * `X-Forwarded-For` that is none.
   */
  callerOf(request: IncomingMessage): string {
    let caller = addressOf(request.socket);
    if (this.#proxies.isEmpty) return caller;
    const forwarded = request.headers['x-forwarded-for'];
    const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
    while (this.#proxies.has(caller)) {
      const hop = hops.pop()?.trim();
      if (hop === undefined || hop === '') return caller;
      caller = withoutPort(hop);
    }
    return caller;
  }

  /** Why this request may not come in; undefined where it may. */
  check(request: IncomingMessage, caller: string): Refusal | undefined {
    if (!this.#networks.isEmpty && !this.#networks.has(caller)) {
      const message = `${caller} may not call: its address is not among the allowed ones of the listener or node`;
      return { status: 403, error: new TransportError('address-not-allowed', message, { address: caller }) };
    }
    if (this.#authorization !== undefined) {
      const sent = request.headers.authorization;
      const [, pair = ''] = /^basic +([^\s]+)\s*$/i.exec(sent ?? '') ?? [];
      if (!timingSafeEqual(digest(Buffer.from(pair, 'base64')), this.#authorization)) {
        const what = sent === undefined ? 'sent no user and password' : 'sent a wrong user or password';
        const error = new TransportError('user-wrong', `${caller} ${what}`, { address: caller });
        return {
          status: 401,
          error,
          headers: { 'WWW-Authenticate': 'Basic realm="security-events", charset="UTF-8"' },
        };
      }
    }
    if (this.#header !== undefined) {
      const { name, digest: expected } = this.#header;
      const sent = request.headers[name];
      const isRight = timingSafeEqual(digest(typeof sent === 'string' ? sent : ''), expected);
      if (!isRight) {
        const what = sent === undefined ? `sent no header ${name}` : `sent a wrong value in the header ${name}`;
        return { status: 401, error: new TransportError('secret-wrong', `${caller} ${what}`, { address: caller }) };
      }
    }
    return undefined;
  }
}

function demand(isMet: boolean, field: string, cure: string): void {
  if (!isMet) throw new SetupError('setting-invalid', `${field}: ${cure}`, { place: field });
}

/** All of one length, so that comparing takes the same time whatever was sent. */
function digest(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest();
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711` without their ports. */
function withoutPort(hop: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(hop) ?? [];
  return bracketed ?? hop.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}
