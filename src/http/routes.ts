/** Who takes which path: several receivers of one vendor may share one, two vendors may not. */
import { SetupError } from '../errors';
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
  const local = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const [beforeFragment = ''] = local.split('#', 1);
  const at = beforeFragment.indexOf('?');
  const path = at === -1 ? beforeFragment : beforeFragment.slice(0, at);
  return { path: path === '' ? '/' : path, query: at === -1 ? '' : beforeFragment.slice(at + 1) };
}

export class RouteTable {
  readonly #routes = new Map<string, Receiver[]>();

  /**
   * Adds a receiver; the function that comes back takes it out again, and may be called twice.
   *
   * @throws SetupError `path-taken` when another vendor has the path
   */
  add(path: string, receiver: Receiver): () => void {
    const key = path === anyPath ? anyPath : pathOf(path);
    const present = this.#routes.get(key) ?? [];
    const other = present.find((known) => known.vendor !== receiver.vendor);
    if (other !== undefined) {
      throw new SetupError(
        'path-taken',
        `the path ${path} belongs to a ${other.vendor} node already; give the ${receiver.vendor} node another path`,
        { place: path },
      );
    }
    this.#routes.set(key, [...present, receiver]);
    return () => {
      const left = (this.#routes.get(key) ?? []).filter((known) => known !== receiver);
      if (left.length === 0) this.#routes.delete(key);
      else this.#routes.set(key, left);
    };
  }

  /** The receivers of a request target, most particular path first; none where nobody takes it. */
  find(target: string): readonly Receiver[] {
    return this.#routes.get(pathOf(target)) ?? this.#routes.get(anyPath) ?? [];
  }

  get isEmpty(): boolean {
    return this.#routes.size === 0;
  }
}
