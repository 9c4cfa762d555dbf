/** Who takes which path: several receivers of one vendor may share one, two vendors may not. */
import { SetupError } from '../errors';
import type { Access } from './access';
import type { Ledger } from './ledger';
import type { Receiver } from './receiver';

/** The path that takes what no other path takes. */
export const anyPath = '*';

/**
 * The path of a request target: scheme, authority, query and fragment cut off, lower case, no slash at its end.
 * Recorders send the absolute form (`POST http://192.0.2.10:5050/API`), which Node.js hands over unchanged.
 */
export function pathOf(target: string): string {
  const path = splitTarget(target).path.toLowerCase();
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Path as sent, and what stands behind the `?`. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  // nearly all requests
  if (/^\/[^?#]*$/.test(target)) return { path: target, query: '' };
  const local = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const [beforeFragment = ''] = local.split('#', 1);
  const at = beforeFragment.indexOf('?');
  const path = at === -1 ? beforeFragment : beforeFragment.slice(0, at);
  return { path: path === '' ? '/' : path, query: at === -1 ? '' : beforeFragment.slice(at + 1) };
}

/** What a listener demands of the requests of one path, and where it writes them down. */
export interface Rules {
  readonly access: Access;
  readonly bodyBytes: number;
  readonly ledger: Ledger;
}

export interface Route {
  readonly receiver: Receiver;
  readonly rules: Rules;
}

const none: readonly Route[] = [];

export class RouteTable {
  readonly #routes = new Map<string, readonly Route[]>();
  readonly #returning = new Map<string, readonly Route[]>();

  /**
   * Adds a receiver; the function that comes back takes it out again, and may be called twice. Told that it will be back,
   * its rules stay known until {@link forgetReturning}.
   *
   * @throws SetupError `path-taken` when another vendor has the path
   */
  add(path: string, receiver: Receiver, rules: Rules): (isExpectedBack?: boolean) => void {
    const key = path === anyPath ? anyPath : pathOf(path);
    const present = this.#routes.get(key) ?? [];
    const other = present.find((known) => known.receiver.vendor !== receiver.vendor)?.receiver;
    if (other !== undefined) {
      throw new SetupError(
        'path-taken',
        `the path ${path} belongs to a ${other.vendor} node already; give the ${receiver.vendor} node another path`,
        { place: path },
      );
    }
    const route: Route = { receiver, rules };
    this.#routes.set(key, [...present, route]);
    return (isExpectedBack = false) => {
      const known = this.#routes.get(key) ?? [];
      if (!known.includes(route)) return;
      const left = known.filter((each) => each !== route);
      if (left.length > 0) this.#routes.set(key, left);
      else this.#routes.delete(key);
      if (isExpectedBack) this.#returning.set(key, [...(this.#returning.get(key) ?? []), route]);
    };
  }

  /** The routes of a request target, most particular path first; none where nobody takes it. */
  find(target: string): readonly Route[] {
    return this.#routes.get(pathOf(target)) ?? this.#routes.get(anyPath) ?? none;
  }

  /** The routes of a request target whose nodes restart: they take nothing, but their rules say who may wait for them. */
  findReturning(target: string): readonly Route[] {
    if (this.#returning.size === 0) return none;
    return this.#returning.get(pathOf(target)) ?? this.#returning.get(anyPath) ?? none;
  }

  /** Who has not come back by now does not come back. */
  forgetReturning(): void {
    this.#returning.clear();
  }

  get isEmpty(): boolean {
    return this.#routes.size === 0;
  }

  /** Of all routes, as their nodes wrote them down. */
  get paths(): readonly string[] {
    return [...this.#routes.keys()];
  }
}
