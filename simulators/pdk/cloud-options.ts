/** What the fake cloud can be told to be: who may log in, which organizations there are, and how it misbehaves. */
import type { Clock } from '../clock';
import type { deliver } from './sender';

export interface CloudOrganization {
  readonly id: string;
  readonly name: string;
  readonly parent?: string;
  readonly panels?: readonly { readonly id: string; readonly name: string; readonly online?: boolean }[];
}

export interface CloudOptions {
  readonly port?: number;
  readonly clock?: Clock;
  readonly clients?: readonly { readonly id: string; readonly secret: string }[];
  readonly organizations?: readonly CloudOrganization[];
  readonly tokenSeconds?: number;
  /** Entries of a list in one answer; absent: all. */
  readonly pageSize?: number;
  /** Another server to which the links to further pages lead. */
  readonly nextPageAt?: string;
  /** How secrets and passwords stand in its answers. */
  readonly secrets?: 'clear' | 'masked' | 'absent';
  /** Whether a PUT without a secret or an expiry leaves the old one. */
  readonly keepsOmitted?: boolean;
  /** Requests and writes that it takes in a second; absent: any number. */
  readonly limits?: { readonly all: number; readonly writes: number };
  /** Where an address of the internet is to be found here: subscriptions take https only, and nothing here has a certificate. */
  readonly reach?: (url: string) => string;
  readonly deliver?: typeof deliver;
  readonly seed?: number;
}

export const operations = ['token', 'organization', 'list', 'create', 'get', 'update', 'delete'] as const;
export type CloudOperation = (typeof operations)[number];

export const cloudFaults = [
  /** 401, as for a token that was revoked. */
  'unauthorized',
  'forbidden',
  'not-found',
  /** 400, and the answer repeats what was sent. */
  'refused',
  /** 429 with `X-RateLimit-Reset`. */
  'rate-limited',
  /** 429 with `Retry-After` in seconds. */
  'retry-after',
  /** The same as a date. */
  'retry-after-date',
  /** 502 with a page of HTML. */
  'html-error',
  /** 503 with nothing in it. */
  'empty-error',
  /** Never answers, and does nothing. */
  'hang',
  /** Does what it is asked to, and never answers. */
  'hang-after',
  /** Closes the connection without doing anything. */
  'cut',
  /** Does what it is asked to, and closes the connection. */
  'lost-answer',
  /** Does it, and answers 502. */
  'error-after',
  /** 200 with a page of HTML, as a captive portal does. */
  'nonsense',
  /** 302 to somewhere else. */
  'redirect',
] as const;
export type CloudFault = (typeof cloudFaults)[number];

/** Faults that act before, in place of, or after what was asked for. */
export const actsFirst: ReadonlySet<CloudFault> = new Set(['hang-after', 'lost-answer', 'error-after']);

export const standardClient = { id: 'simulated-client', secret: 'simulated-client-secret' };

/** A dealer with two customers; documentation values. */
export const standardOrganizations: readonly CloudOrganization[] = [
  { id: '64398c446e22d40001ee0001', name: 'Example Dealer', panels: [{ id: '10A0001', name: 'Dealer office' }] },
  {
    id: '64398c446e22d40001ee0002',
    name: 'Example Warehouse',
    parent: '64398c446e22d40001ee0001',
    panels: [
      { id: '10A0002', name: 'Main building' },
      { id: '10A0003', name: 'Gate house', online: false },
    ],
  },
  { id: '64398c446e22d40001ee0003', name: 'Example Clinic', parent: '64398c446e22d40001ee0001', panels: [] },
];
