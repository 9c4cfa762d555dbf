/** The five calls about subscriptions of an organization, and those that say which organizations and panels there are. */
import { SetupError } from '../../../errors';
import { isTree, type Tree } from '../../../wire/read';
import { flagOf, wordOf } from '../wire';
import type { PdkApi, Reply } from './api';
import { PdkCloudError, unreadable } from './failure';
import { readSubscription, secretsOf, toBody, type Desired, type Subscription } from './subscription';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface Listing {
  readonly subscriptions: readonly Subscription[];
  /** More than one: something may have moved from one to the other while they were read. */
  readonly pages: number;
}

export interface Organization {
  readonly id: string;
  readonly name?: string;
  readonly children: readonly { readonly id: string; readonly name?: string }[];
  readonly panels: readonly { readonly id: string; readonly name?: string; readonly online?: boolean }[];
}

/** Ten subscriptions stand on a page, where PDK has pages. */
const mostPages = 200;

export class Hooks {
  readonly #api: PdkApi;

  constructor(api: PdkApi) {
    this.#api = api;
  }

  get origin(): string {
    return this.#api.origin;
  }

  /**
   * The list is not described as one of pages; where it is one all the same, all are read. What is left out may be ours, so
   * that a part of it is an error: to go on would be to make a second one.
   */
  async list(organizationId: string, options: CallOptions = {}): Promise<Listing> {
    const first = `/ous/${encodeId(organizationId)}/hooks`;
    const found = new Map<string, Subscription>();
    const seen = new Set<string>();
    let pages = 0;
    for (let path: string | undefined = first; path !== undefined;) {
      seen.add(path);
      const what = `GET ${this.origin}/api${path.replace(/\?.*$/s, '')}`;
      if (pages >= mostPages) throw unreadable(what, `the list has more than ${mostPages} pages`);
      const reply = await this.#api.call({ method: 'GET', path }, options);
      if (!Array.isArray(reply.value)) throw unreadable(what, 'it is no list');
      for (const entry of reply.value) {
        const subscription = readSubscription(entry);
        // one that cannot be read may be ours: to go on would be to make a second one
        if (subscription === undefined) throw unreadable(what, 'a subscription without an id is in it');
        found.set(subscription.id, subscription);
      }
      pages += 1;
      const next = this.#nextPage(reply, path, what);
      path = next === undefined || seen.has(next) ? undefined : next;
    }
    return { subscriptions: [...found.values()], pages };
  }

  /** Undefined where there is none of that id. */
  async find(organizationId: string, id: string, options: CallOptions = {}): Promise<Subscription | undefined> {
    try {
      return await this.get(organizationId, id, options);
    } catch (thrown) {
      if (isGone(thrown)) return undefined;
      throw thrown;
    }
  }

  async get(organizationId: string, id: string, options: CallOptions = {}): Promise<Subscription> {
    const path = toPath(organizationId, id);
    const reply = await this.#api.call({ method: 'GET', path }, options);
    const found = readSubscription(reply.value);
    if (found === undefined) throw unreadable(`GET ${this.origin}/api${path}`, 'it is no subscription');
    return found;
  }

  /** One POST, which is not repeated where it may have been heard. @returns the new id */
  async create(organizationId: string, desired: Desired, options: CallOptions = {}): Promise<string> {
    const path = `/ous/${encodeId(organizationId)}/hooks`;
    const call = { method: 'POST', path, body: toBody(desired), secrets: secretsOf(desired) } as const;
    const reply = await this.#api.call(call, options);
    const id = isTree(reply.value) ? wordOf(reply.value, 'id') : undefined;
    if (id === undefined) throw unreadable(`POST ${this.origin}/api${path}`, 'it has no id');
    return id;
  }

  async update(organizationId: string, id: string, desired: Desired, options: CallOptions = {}): Promise<void> {
    const path = toPath(organizationId, id);
    await this.#api.call({ method: 'PUT', path, body: toBody(desired), secrets: secretsOf(desired) }, options);
  }

  /** @returns false where it was gone already, which is success too */
  async remove(organizationId: string, id: string, options: CallOptions = {}): Promise<boolean> {
    try {
      await this.#api.call({ method: 'DELETE', path: toPath(organizationId, id) }, options);
      return true;
    } catch (thrown) {
      if (isGone(thrown)) return false;
      throw thrown;
    }
  }

  /** @param id of an organization, or `mine`: the one that the account belongs to */
  async organization(id: string, options: CallOptions = {}): Promise<Organization> {
    const path = `/ous/${encodeId(id)}`;
    const { value } = await this.#api.call({ method: 'GET', path }, options);
    const found = isTree(value) ? wordOf(value, 'id') : undefined;
    if (!isTree(value) || found === undefined) {
      throw unreadable(`GET ${this.origin}/api${path}`, 'it is no organization');
    }
    return { ...named(value, found), children: readList(value.children), panels: readPanels(value.panels) };
  }

  /** Only of the same server: nobody else gets our token. */
  #nextPage({ headers }: Reply, path: string, what: string): string | undefined {
    // without `<` in the address: of many in a row each would be tried up to the end
    for (const [, target = '', parameters = ''] of (headers.link ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
      if (!/;\s*rel="?next"?\s*(?:[,;]|$)/i.test(parameters)) continue;
      const base = `${this.origin}/api${path}`;
      const url = URL.canParse(target, base) ? new URL(target, base) : undefined;
      if (url?.origin === this.origin && url.pathname.startsWith('/api/')) {
        return `${url.pathname.slice('/api'.length)}${url.search}`;
      }
      throw unreadable(what, 'the next page of the list is on another server');
    }
    return undefined;
  }
}

/** Ids are text: PDK's tables call them integers here and there, and no sample is one. */
function toPath(organizationId: string, id: string): string {
  return `/ous/${encodeId(organizationId)}/hooks/${encodeId(id)}`;
}

/** Nothing, or dots, would make the address of something else: of the list, or of the whole organization. */
function encodeId(id: string): string {
  if (!/^\s*\.{0,2}\s*$/.test(id)) return encodeURIComponent(id);
  throw new SetupError('setting-invalid', `id: "${id}" is none of PDK's`, { place: 'id' });
}

export function isGone(thrown: unknown): boolean {
  return thrown instanceof PdkCloudError && thrown.code === 'pdk-not-found';
}

function readList(value: unknown): readonly { readonly id: string; readonly name?: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => {
    const id = isTree(each) ? wordOf(each, 'id') : undefined;
    return isTree(each) && id !== undefined ? [named(each, id)] : [];
  });
}

function readPanels(value: unknown): Organization['panels'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => {
    const id = isTree(each) ? wordOf(each, 'id') : undefined;
    if (!isTree(each) || id === undefined) return [];
    const online = flagOf(each, 'online');
    return [{ ...named(each, id), ...(online !== undefined && { online }) }];
  });
}

function named(tree: Tree, id: string): { readonly id: string; readonly name?: string } {
  const name = wordOf(tree, 'name');
  return { id, ...(name !== undefined && { name }) };
}
