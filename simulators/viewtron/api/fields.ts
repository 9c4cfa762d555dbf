/** The little XML that the fake device needs: picking values out of requests, replacing blocks of its documents. */

/** What stands inside the first element of that name; undefined where there is none. */
export function pick(xml: string, name: string): string | undefined {
  const empty = new RegExp(`<${name}(\\s[^>]*)?/>`).exec(xml);
  const full = new RegExp(`<${name}(?:\\s[^>]*)?(?<!/)>([\\s\\S]*?)</${name}>`).exec(xml);
  if (full === null) return empty === null ? undefined : '';
  return full[1] ?? '';
}

/** The text of the first element of that name, without CDATA marks and escapes. */
export function pickText(xml: string, name: string): string | undefined {
  const inner = pick(xml, name);
  return inner === undefined ? undefined : plain(inner);
}

export function plain(inner: string): string {
  const joined = inner.replaceAll(']]]]><![CDATA[>', ']]\u0000>');
  const text = joined.replace(
    /<!\[CDATA\[([\s\S]*?)\]\]>|([^<]+)/g,
    (_all, cdata?: string, raw?: string) => cdata ?? unescape(raw ?? ''),
  );
  return text.replaceAll('\u0000', '').trim();
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** The items directly inside; lists inside items are left alone. */
export function pickItems(xml: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (const match of xml.matchAll(/<(\/?)item(?:\s[^>]*)?(\/?)>/g)) {
    if (match[2] === '/') {
      if (depth === 0) items.push('');
      continue;
    }
    if (match[1] === '') {
      if (depth === 0) start = match.index + match[0].length;
      depth += 1;
    } else {
      depth -= 1;
      if (depth === 0) items.push(xml.slice(start, match.index));
    }
  }
  return items;
}

/** The names of the blocks of a request: the children of its root. */
export function blocksOf(body: string): readonly { readonly name: string; readonly xml: string }[] {
  const inner = pick(body, 'config') ?? '';
  const blocks: { name: string; xml: string }[] = [];
  let at = inner.indexOf('<');
  while (at !== -1) {
    const name = /^<([\w.]+)/.exec(inner.slice(at, at + 80))?.[1];
    if (name === undefined) break;
    const close = inner.indexOf(`</${name}>`, at);
    const end = close === -1 ? inner.indexOf('>', at) + 1 : close + name.length + 3;
    blocks.push({ name, xml: inner.slice(at, end) });
    at = inner.indexOf('<', end);
  }
  return blocks;
}

export function replaceBlock(document: string, name: string, xml: string): string {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>[\\s\\S]*</${name}>`).exec(document);
  return found === null
    ? document
    : document.slice(0, found.index) + xml + document.slice(found.index + found[0].length);
}

/** True where a number is beyond the `min` and `max` that it carries itself. */
export function isOutOfRange(xml: string): boolean {
  for (const [, attributes = '', text = ''] of xml.matchAll(/<\w+\s([^>]*\b(?:min|max)="[^>]*)>([^<]*)</g)) {
    const limit = (name: string): number =>
      Number(new RegExp(`\\b${name}="(-?\\d+)"`).exec(attributes)?.[1] ?? Number.NaN);
    if (Number(text) < limit('min') || Number(text) > limit('max')) return true;
  }
  return false;
}
