/** What strangers can fill has a bound: of more than `most` entries, the one that was put in longest ago goes. */

export function dropOldest<K>(kept: Map<K, unknown> | Set<K>, most: number): void {
  if (kept.size <= most) return;
  const { value, done } = kept.keys().next();
  if (done !== true) kept.delete(value);
}

/** Puts the entry last, where it stays longest. */
export function putLatest<K, V>(kept: Map<K, V>, key: K, value: V, most: number): void {
  kept.delete(key);
  kept.set(key, value);
  dropOldest(kept, most);
}
