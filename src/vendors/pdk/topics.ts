/** Topics of both generations: what they mean, and which of them a node wants. */
import type { Category } from '../../event';
import { laterTopics, topicGroups, type Family } from './catalogue';

export interface Meaning {
  readonly category: Category;
  /** A condition, where there is a state: the topic that ends it has the same kind. */
  readonly kind: string;
  readonly state?: 'start' | 'stop';
}

const meanings: ReadonlyMap<string, Meaning> = new Map(
  [...topicGroups.flatMap(({ topics }) => topics), ...laterTopics].map(([topic, category, kind, state]) => [
    topic,
    { category, kind, ...(state !== '' && { state }) },
  ]),
);

/** What 2.0 renamed. The first that gives a word which 1.0 has counts. */
const renamed: readonly (readonly [now: RegExp, before: string])[] = [
  [/^device\.(created|updated|deleted)$/, 'notification.device.$1'],
  [/^holder\./, 'notification.person.'],
  [/^device\./, 'door.'],
  [/^controller\./, 'endpoint.'],
  [/^cloudnode\./, 'panel.'],
  [/^organization\./, 'ou.'],
];

/** The topic in the words of 1.0: `door.request.allowed` for `device.request.allowed`. */
export function toFirstWords(topic: string): string {
  const old = renamed.filter(([now]) => now.test(topic)).map(([now, before]) => topic.replace(now, before));
  return old.find((word) => meanings.has(word)) ?? old[0] ?? topic;
}

/** What a topic of either generation means; undefined where nobody has told us yet. */
export function meaningOf(topic: string): Meaning | undefined {
  return meanings.get(toFirstWords(topic));
}

/** A test for topics from a list of topics and patterns, in which `*` stands for anything: `door.request.*`. */
export function createTopicFilter(patterns: readonly string[]): (topic: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wild = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  const matches = (topic: string): boolean => exact.has(topic) || wild.some((parts) => hasParts(topic, parts));
  // who asked for door.request.* means device.request.* too
  return (topic) => matches(topic) || matches(toFirstWords(topic));
}

/** What a list of topics and patterns comes to, as PDK wants to have it: topics by family, each once. */
export interface WantedTopics extends Readonly<Record<Family, readonly string[]>> {
  /** Written out, but in no catalogue: PDK may know them, and nobody else can tell of which family they are. */
  readonly unknown: readonly string[];
}

/** A subscription holds topics of one family only, and no `*`. */
export function splitByFamily(patterns: readonly string[]): WantedTopics {
  const isWanted = createTopicFilter(patterns);
  const known = topicGroups.flatMap(({ family, topics }) => topics.map(([topic]) => ({ family, topic })));
  const of = (wanted: Family): readonly string[] =>
    known.filter(({ family, topic }) => family === wanted && isWanted(topic)).map(({ topic }) => topic);
  const names = new Set(known.map(({ topic }) => topic));
  const unknown = patterns.filter((pattern) => !pattern.includes('*') && !names.has(pattern));
  return { panel: of('panel'), organization: of('organization'), unknown: [...new Set(unknown)] };
}

/** Whether the parts stand in the text in their order, the first at its beginning and the last at its end. */
function hasParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
