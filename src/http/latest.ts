/**
 * What was made of the latest post, kept for the other nodes of its path: they are given the same one, one after the other.
 * A WeakMap would do as well, but what it holds outlives the quick collections of the garbage collector, and half a
 * megabyte a post makes for many slow ones.
 */
import type { Post } from './receiver';

/** The function, which is called once for all who ask about the same post in a row. */
export function rememberLatest<T>(make: (post: Post) => T): (post: Post) => T {
  let latest: { readonly post: Post; readonly made: T } | undefined;
  return (post) => {
    if (latest?.post !== post) latest = { post, made: make(post) };
    return latest.made;
  };
}
