/** Typed readers over an unknown tree: a missing element is undefined, letter case does not count. */

export type Tree = Readonly<Record<string, unknown>>;

/** True for an element with children or attributes. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The child of that name, as it stands: text, tree, or an array of either. */
export function child(parent: unknown, name: string): unknown {
  if (!isTree(parent)) return undefined;
  if (Object.hasOwn(parent, name)) return parent[name];
  const wanted = name.toLowerCase();
  for (const key in parent) {
    if (key.length === name.length && key.toLowerCase() === wanted) return parent[key];
  }
  return undefined;
}

/** The child at the end of a path, the first of each where one is repeated. */
export function descend(parent: unknown, ...path: readonly string[]): unknown {
  let at = parent;
  for (const name of path) at = first(child(at, name));
  return at;
}

/** All children of that name; none, one or many. */
export function all(parent: unknown, name: string): readonly unknown[] {
  const found = child(parent, name);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** The `item` children: how these devices write lists. */
export function items(parent: unknown): readonly unknown[] {
  return Array.isArray(parent) ? parent.flatMap((one) => all(one, 'item')) : all(parent, 'item');
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** Trimmed text of an element, with or without attributes; undefined where there is none. */
export function text(value: unknown): string | undefined {
  const one = first(value);
  const found = isTree(one) ? first(one['#text']) : one;
  if (typeof found !== 'string') return undefined;
  const trimmed = found.trim();
  return trimmed === '' ? undefined : trimmed;
}

export function textOf(parent: unknown, name: string): string | undefined {
  return text(child(parent, name));
}

/**
 * Ids and names have tens of letters. Longer ones stay in `raw` alone: they are kept as keys, and V8 compares keys of more than
 * 16,383 letters letter by letter with all others of their length.
 */
export const longestWord = 1000;

/** An id or a name of the parent; undefined too where it is longer than any can be. */
export function nameOf(parent: unknown, name: string): string | undefined {
  const found = textOf(parent, name);
  return found === undefined || found.length > longestWord ? undefined : found;
}

/** A plain decimal number; undefined for anything else. */
export function numberOf(parent: unknown, name: string): number | undefined {
  return toNumber(textOf(parent, name));
}

export function attributeOf(value: unknown, name: string): string | undefined {
  return textOf(first(value), `@${name}`);
}

export function toNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : undefined;
}

/** A deep copy of a parsed tree without the elements that `drops` names. */
export function copyTree(value: unknown, drops: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => copyTree(item, drops));
  if (!isTree(value)) return value;
  // in one go first: to put field after field into an object takes three times as long
  const copy: Record<string, unknown> = { ...value };
  for (const key in value) {
    if (drops(key)) return copySome(value, drops);
    const field = value[key];
    if (typeof field === 'object') copy[key] = copyTree(field, drops);
  }
  return copy;
}

function copySome(value: Tree, drops: (name: string) => boolean): Tree {
  const copy: Record<string, unknown> = {};
  for (const key in value) if (!drops(key)) copy[key] = copyTree(value[key], drops);
  return copy;
}

/** Leaves out what is undefined: an absent field is absent, not a key without a value. */
export function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const kept: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as T;
}

/** How many elements, attributes and texts a parsed tree has. */
export function countValues(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countValues(item), 1);
  if (!isTree(value)) return 1;
  let sum = 1;
  for (const key in value) sum += countValues(value[key]);
  return sum;
}

const nothing: Tree = {};

/** The object of that name in a tree of JSON; an empty one where there is none. */
export function treeOf(parent: unknown, name: string): Tree {
  const found = child(parent, name);
  return isTree(found) ? found : nothing;
}

/** Tokens are the longest, with some thousand letters; see above for what more would cost. */
const longestJsonWord = 16_000;

/** Ids and names in JSON: a text or a number, as text; undefined for nothing, null, what is longer than any, and everything else. */
export function wordOf(parent: unknown, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = child(parent, name);
    if (typeof found === 'number') return String(found);
    if (typeof found === 'string' && found.length <= longestJsonWord && found.trim() !== '') return found.trim();
  }
  return undefined;
}
