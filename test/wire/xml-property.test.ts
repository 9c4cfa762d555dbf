/** For generated documents, what the parser gives back is what was written, in whatever way it was written. */
import * as fc from 'fast-check';
import should from 'should';
import { parseXml } from '../../src/wire/xml';
import { escapeText, leaf, named, render, toTree, type Element } from '../support/xml';
import { cases } from '../support/cases';

const dressed = (content: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    content,
    `<?xml version="1.0" encoding="UTF-8"?>\r\n${content}`,
    `<!-- before --> ${content}\n`,
    `noise ${content} noise`,
  );

const element: fc.Arbitrary<Element> = fc.letrec<{ element: Element }>((tie) => ({
  element: fc.oneof({ depthSize: 'small' }, leaf, named(fc.array(tie('element'), { maxLength: 4 }))),
})).element;

describe('any document', () => {
  it('comes back as the tree that was rendered', () => {
    fc.assert(
      fc.property(
        element.chain((root) => fc.tuple(fc.constant(root), dressed(render(root)))),
        ([root, text]) => {
          const parsed = parseXml(text);
          should(parsed.root).equal(root.name);
          should(parsed.tree).deepEqual(toTree(root));
        },
      ),
      cases(500),
    );
  });

  it('gives text back that was escaped, letter by letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (word) => {
        const sent = `x${word.replaceAll(/\p{C}|\p{Z}/gu, ' ')}x`;
        should(parseXml(`<a>${escapeText(sent)}</a>`).tree).deepEqual({ a: sent });
      }),
      cases(500),
    );
  });

  it('never throws anything but an error with a code and a place, whatever the text', () => {
    const pieces = [
      '<a>',
      '</a>',
      '<b c="',
      '">',
      "'",
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      '&',
      ';',
      '/',
      '>',
      'x',
      '<!',
      '&#',
      ' ',
      '<a',
      '\0',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        try {
          should(parseXml(parts.join('')).root)
            .be.a.String()
            .and.not.be.empty();
        } catch (thrown) {
          should(thrown).have.property('code').which.match(/^xml-/);
          should(thrown).have.property('place').which.is.a.String().and.is.not.empty();
        }
      }),
      cases(3000),
    );
  });
});
