/** Bytes of a PDK post to a typed message, or one typed error. All fields are optional: each is known from one sample. */
import { WireError } from '../../errors';
import { parseJson } from '../../wire/json';
import { child, isTree, treeOf, wordOf, type Tree } from '../../wire/read';
import { meaningOf, toFirstWords, type Meaning } from './topics';

export { treeOf, wordOf };

/** What a post says, still in PDK's words; where its parts are absent they are empty. */
export interface PdkMessage {
  readonly topic: string;
  /** The topic in the words of 1.0. */
  readonly firstWords: string;
  /** Undefined where nobody has told us yet. */
  readonly meaning: Meaning | undefined;
  /** The event's own id. Of an organization event `id` is the organization's or the panel's, so there it is undefined. */
  readonly eventId: string | undefined;
  /** Serial number of the panel; `cloudNodeSN` of generation 2.0. */
  readonly panelId: string | undefined;
  /** Of generation 2.0. */
  readonly cloudNodeId: string | undefined;
  /** Only of `panel.connected` and `panel.disconnected`. */
  readonly timestamp: string | undefined;
  readonly body: Tree;
  readonly metadata: Tree;
  /** The whole post. */
  readonly tree: Tree;
}

/** @throws WireError of the JSON, or `pdk-no-object`, `pdk-no-topic` */
export function decode(bytes: Buffer): PdkMessage {
  const tree = parseJson(bytes);
  if (!isTree(tree)) throw new WireError('pdk-no-object', 'a post of PDK is one JSON object', { place: 'the whole' });
  const topic = child(tree, 'topic');
  if (typeof topic !== 'string' || topic.trim() === '') {
    throw new WireError('pdk-no-topic', 'the post has no topic: it is none of PDK', { place: 'topic' });
  }
  const cloudNodeId = wordOf(tree, 'cloudNodeId');
  const panelId = wordOf(tree, 'panelId') ?? wordOf(tree, 'cloudNodeSN');
  const metadata = treeOf(tree, 'metadata');
  const isPanelEvent = panelId !== undefined || cloudNodeId !== undefined || wordOf(metadata, 'systemId') !== undefined;
  const firstWords = toFirstWords(topic.trim());
  return {
    topic: topic.trim(),
    firstWords,
    meaning: meaningOf(firstWords),
    eventId: isPanelEvent ? wordOf(tree, 'id') : undefined,
    panelId,
    cloudNodeId,
    timestamp: wordOf(tree, 'timestamp'),
    body: treeOf(tree, 'body'),
    metadata,
    tree,
  };
}

export function numberOf(parent: Tree, name: string): number | undefined {
  const found = child(parent, name);
  return typeof found === 'number' ? found : undefined;
}

export function flagOf(parent: Tree, name: string): boolean | undefined {
  const found = child(parent, name);
  return typeof found === 'boolean' ? found : undefined;
}
