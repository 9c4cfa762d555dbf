/** The counters of an incident: what each means, and which of them are the fault (reference 6.1, 6.2). */
import type { Counter } from '../../event';
import { child, compact, isTree, wordOf, type Tree } from '../../wire/read';
import { companionForm, counterMeanings, explainCompanion } from './catalogue';

/** More no incident has: six faults, and a companion for each priority of two queues. */
const mostCounters = 300;

/** The counters of an object by name, or of a list: both are understood, and none where it is neither. */
export function readCounters(found: unknown): readonly Counter[] {
  const named: readonly (readonly [string, unknown])[] = Array.isArray(found)
    ? found.map((each: unknown) => ['', each])
    : isTree(found)
      ? Object.entries(found)
      : [];
  const all = named.slice(0, mostCounters).flatMap(([key, entry]) => {
    const name = wordOf(entry, 'counter') ?? key.trim();
    return name === '' ? [] : [{ name, entry }];
  });
  // which one is above its limit is not marked; nobody judges that again, but a zero cannot be
  const isCompanion = ({ name, entry }: (typeof all)[number]): boolean =>
    companionForm.test(name) || valueOf(entry) === 0;
  const isNoneAtFault = all.every(isCompanion);
  return all.map((each) => toCounter(each.name, each.entry, isNoneAtFault || !isCompanion(each)));
}

function toCounter(name: string, entry: unknown, fault: boolean): Counter {
  const known = counterMeanings.find((each) => each.name === name.toLowerCase());
  const description = wordOf(entry, 'description');
  return {
    name,
    fault,
    ...compact<Partial<Counter>>({
      value: valueOf(entry),
      threshold: known?.threshold,
      desired: known?.desired,
      meaning: known?.meaning ?? explainCompanion(name),
      description: description === undefined ? undefined : unescapeOnce(description),
    }),
  };
}

function valueOf(entry: unknown): number | undefined {
  const found = isTree(entry) ? child(entry satisfies Tree, 'value') : entry;
  if (typeof found === 'number') return Number.isFinite(found) ? found : undefined;
  return typeof found === 'string' && /^\s*-?\d{1,15}(\.\d{1,9})?\s*$/.test(found) ? Number(found) : undefined;
}

/** Camio escapes twice: after the JSON has been read, `\u003e` still stands for `>`. */
function unescapeOnce(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The kind of the worst of the faults. */
export function kindOf(counters: readonly Counter[]): string {
  const names = new Set(counters.filter(({ fault }) => fault).map(({ name }) => name.toLowerCase()));
  const worst = counterMeanings.find(({ name }) => names.has(name));
  if (worst !== undefined) return worst.kind;
  const isQueue = counters.length > 0 && counters.every(({ name }) => companionForm.test(name));
  return isQueue ? 'upload-queue-long' : 'incident';
}
