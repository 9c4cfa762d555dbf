/** Every text in every language: none is missing, and each names the same values, properties and elements as the English one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { topicGroups } from '../../src/vendors/pdk/catalogue';
import { isTree } from '../../src/wire/read';

const root = join(__dirname, '..', '..', 'nodes');
const english = 'en-US';
const languages = ['de', 'es-ES', 'fr', 'ja', 'zh-CN'] as const;

/** `listener/locales/en-US/security-listener.json`, and the like. */
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.includes(join('locales', english)) && /\.(json|html)$/.test(path))
  .toSorted();

const textsOf = (path: string): ReadonlyMap<string, string> =>
  new Map(flatten(JSON.parse(readFileSync(join(root, path), 'utf8'))));

function flatten(value: unknown, path = ''): (readonly [string, string])[] {
  if (!isTree(value)) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
}

const found = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([all]) => all);

/** What a translation must not change: values put in, code, addresses. Their order is the language's own. */
function fixedParts(text: string): readonly string[] {
  return found(text, /__\w+__|<code>.*?<\/code>|https?:\/\/[^\s"'<>,;)]+/gs).toSorted();
}

/** A sentence that reads as in English was forgotten; names, words and lists of either may be the same. */
function isSentence(text: string): boolean {
  const words = text.replace(/<(code|pre)\b.*?<\/\1>|<[^>]*>|__\w+__/gs, ' ');
  return (
    found(words, /[a-z]{2,}/gi).length >= 4 && /\b(the|a|an|of|is|are|to|and|or|for|in|not|with|from)\b/i.test(words)
  );
}

describe('the languages', () => {
  it('have a text for everything that English has', () => {
    should(files.length).be.above(25);
  });

  it('have the meaning of every topic of PDK', () => {
    const own = textsOf(join('pdk', 'locales', english, 'pdk-webhook-in.json'));
    for (const [topic, , , , meaning] of topicGroups.flatMap(({ topics }) => topics))
      should(own.get(`pdk-webhook-in.topic.${topic.replaceAll('.', '-')}`)).equal(meaning);
  });

  for (const language of languages) {
    describe(language, () => {
      for (const file of files) {
        const own = file.replace(join('locales', english), join('locales', language));
        it(file.replace(join('locales', english), ''), () => {
          should(existsSync(join(root, own))).be.true();
          if (own.endsWith('.json')) return compareTexts(textsOf(file), textsOf(own));
          const [help, ownHelp] = [file, own].map((path) => readFileSync(join(root, path), 'utf8'));
          compareHelp(help ?? '', ownHelp ?? '');
          compareQuotes(help ?? '', ownHelp ?? '', language);
        });
      }

      it('has nothing that English has not', () => {
        const ours = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
          (path) => path.includes(join('locales', language)) && /\.(json|html)$/.test(path),
        );
        should(ours.map((path) => path.replace(join('locales', language), join('locales', english))).toSorted()).eql(
          files,
        );
      });
    });
  }
});

/** `<this machine>` is none. */
const elements = /<\/?(code|b|i|em|strong|a|br|p|span)\b[^>]*>/g;

function compareTexts(texts: ReadonlyMap<string, string>, own: ReadonlyMap<string, string>): void {
  should([...own.keys()]).eql([...texts.keys()]);
  for (const [key, text] of texts) {
    const translated = own.get(key) ?? '';
    if (text !== '') should(translated.trim()).not.equal('', key);
    should(fixedParts(translated)).eql(fixedParts(text), key);
    should(found(translated, elements).toSorted()).eql(found(text, elements).toSorted(), key);
    if (isSentence(text)) should(translated).not.equal(text, key);
  }
}

/** Help that quotes a button, a field or a section calls it as the dialog does. */
function compareQuotes(help: string, own: string, language: string): void {
  const catalogues = files.filter((file) => file.endsWith('.json'));
  for (const [, quoted = ''] of help.replace(/<[^>]*>/g, '').matchAll(/"([^"\n]+)"/g)) {
    const names = catalogues.flatMap((file) => {
      const translated = textsOf(file.replace(join('locales', english), join('locales', language)));
      return [...textsOf(file)].filter(([, text]) => text === quoted).map(([key]) => translated.get(key) ?? '');
    });
    if (names.length > 0) should(names.some((name) => own.includes(name))).be.true(`${quoted}: ${names.join(' or ')}`);
  }
}

function compareHelp(help: string, own: string): void {
  const tags = /<[^>]+>/g;
  // code may change its place in a sentence, so what is around it is compared in order, and it by itself
  const frame = (text: string): readonly string[] =>
    found(text.replace(/<\/?(code|b|i|em|strong|a)\b[^>]*>/g, ''), tags);
  should(frame(own)).eql(frame(help));
  should(found(own, tags).toSorted()).eql(found(help, tags).toSorted());
  should(fixedParts(own)).eql(fixedParts(help));
  const parts = (text: string): readonly string[] =>
    text
      .replace(/<pre>.*?<\/pre>/gs, '')
      .split(/<\/?(?:p|li|dt|dd|h\d|td|th|ul|ol|dl|script)\b[^>]*>/)
      .map((part) => part.trim());
  const translated = new Set(parts(own));
  for (const part of parts(help)) if (isSentence(part)) should(translated.has(part)).be.false(part);
}
