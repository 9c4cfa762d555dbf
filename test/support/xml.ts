/** Elements that property tests generate, and the many ways in which the same element may be written. */
import * as fc from 'fast-check';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Children, or the text of a leaf with the way in which it is written. */
  readonly content: readonly Element[] | { readonly text: string; readonly form: 'plain' | 'cdata' | 'both' };
}

const names = ['config', 'item', 'sn', 'SN', 'deviceNo.', 'x1', 'a-b', 'Größe', 'plateNumber'];
/** Text without blanks at its ends: those are the parser's to trim. */
const word = fc
  .array(fc.constantFrom('007', '12E34', '0x1F', 'true', ' ', '&', '<', '>', '"', "'", ']', 'ß', '大', '🚗', '#'), {
    maxLength: 6,
  })
  .map((parts) => parts.join('').trim());
const attributes = fc.dictionary(fc.constantFrom('type', 'count', 'id'), word, { maxKeys: 2, noNullPrototype: true });

export const leaf: fc.Arbitrary<Element> = fc.record({
  name: fc.constantFrom(...names),
  attributes,
  content: fc.record({ text: word, form: fc.constantFrom<'plain' | 'cdata' | 'both'>('plain', 'cdata', 'both') }),
});

export function named(children: fc.Arbitrary<readonly Element[]>): fc.Arbitrary<Element> {
  return fc.record({ name: fc.constantFrom(...names), attributes, content: children });
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function render({ name, attributes: values, content }: Element): string {
  const head = Object.entries(values)
    .map(([key, value]) => ` ${key}="${escapeText(value)}"`)
    .join('');
  const inner = isLeaf(content) ? renderText(content) : content.map(render).join('\r\n  <!-- next -->');
  return inner === '' ? `<${name}${head}/>` : `<${name}${head}>${inner}</${name}>`;
}

/** What the parser should make of it. */
export function toTree(root: Element): Record<string, unknown> {
  return { [root.name]: toValue(root) };
}

function toValue({ attributes: values, content }: Element): unknown {
  const tree: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) tree[`@${key}`] = value;
  if (isLeaf(content)) {
    if (Object.keys(tree).length === 0) return content.text;
    if (content.text !== '') tree['#text'] = content.text;
    return tree;
  }
  for (const element of content) {
    const value = toValue(element);
    const present = tree[element.name];
    if (present === undefined) tree[element.name] = value;
    else if (Array.isArray(present)) present.push(value);
    else tree[element.name] = [present, value];
  }
  return Object.keys(tree).length === 0 ? '' : tree;
}

function isLeaf(content: Element['content']): content is Exclude<Element['content'], readonly Element[]> {
  return !Array.isArray(content);
}

function renderText({ text, form }: Exclude<Element['content'], readonly Element[]>): string {
  if (form === 'plain') return escapeText(text);
  // blanks where plain text meets a section are the parser's to trim too
  const half = form === 'cdata' ? 0 : text.slice(0, text.length / 2).search(/\s*$/);
  // the end mark of a section must be split over two
  return `${escapeText(text.slice(0, half))}<![CDATA[${text.slice(half).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
