/** What the server says of a failed call, as a person may see it. */
import should from 'should';
import { toAnswerFailure } from '../../../../src/vendors/pdk/cloud/failure';
import { longestSearched } from '../../../support/expressions';

describe("the server's words", () => {
  const secret = 's<b>e&c"ret/01';
  const shown = (text: string): string => {
    const answer = { status: 400, headers: {}, body: Buffer.from(text) };
    const { message, serverMessage } = toAnswerFailure('PUT x', answer, [secret]);
    return `${message} ${serverMessage}`;
  };
  const forms: Readonly<Record<string, string>> = {
    'as it is': secret,
    'as JSON': JSON.stringify(secret).slice(1, -1),
    'in an address': encodeURIComponent(secret),
    'as HTML': 's&lt;b&gt;e&amp;c&quot;ret/01',
    'as half HTML': 's&lt;b>e&amp;c"ret/01',
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`show no secret, ${form}`, () => {
      for (const answer of [`<p>not good: ${text}</p>`, `not good: ${text}`, JSON.stringify([text])]) {
        should(shown(answer)).not.match(/ret\/01|ret%2F01/);
      }
      should(shown(JSON.stringify({ message: `not good: ${text}` }))).match(/not good: •••/);
    });

    it(`show no part of a secret that the end of what is read goes through, ${form}`, () => {
      for (let cut = 0; cut <= text.length + 1; cut += 1) {
        // what is shown of it is short: a page of nothing else, then the secret
        const rest = `${' '.repeat(2048 - cut - 'no: '.length)}no: ${text} ${'x'.repeat(20_000)}`;
        const inTags = `${'<br>'.repeat(500)}${' '.repeat(48 - cut - 'no: '.length)}no: ${text} ${'x'.repeat(20_000)}`;
        for (const answer of [rest, JSON.stringify({ message: rest }), inTags]) {
          should(shown(answer)).match(cut > text.length ? /no: •••/ : /"no:( •••)?";/);
        }
      }
    });
  }

  it('show neither half of two secrets that stand in one another where they are cut', () => {
    const secrets = ['xyzabcab9zz', 'abcab'];
    for (let cut = 0; cut < 24; cut += 1) {
      const text = `no:${' '.repeat(2045 - cut)}abcab xyzabcab9zz${'-'.repeat(9)}`;
      const answer = { status: 400, headers: {}, body: Buffer.from(text) };
      should(toAnswerFailure('PUT x', answer, secrets).serverMessage).not.match(/[abcxz9]/);
    }
  });

  it('show no letters of a tag, a script or a style that are cut', () => {
    should(shown(`<p>no</p><input value="hidden ${'x'.repeat(5000)}">`)).match(/"no";/);
    should(shown(`<p>no</p><style>hidden ${'x'.repeat(5000)}</style>`)).match(/"no";/);
    should(shown('<p>5 < 6</p>')).match(/"5 < 6";/);
    should(shown('not < 6')).match(/"not < 6";/);
  });

  it('show none where the end of what is read cannot be told from a secret', () => {
    const answer = { status: 400, headers: {}, body: Buffer.from('a'.repeat(5000)) };
    should(toAnswerFailure('PUT x', answer, [`a${'b'.repeat(2000)}`]).serverMessage).be.undefined();
  });

  const many = 65_536;
  const hostile: Readonly<Record<string, string>> = {
    'names of secrets in a message': JSON.stringify({ message: 'pwd'.repeat(many / 3) }),
    'names of secrets in a page': 'pwd'.repeat(many / 3),
    'tags that do not end': '<'.repeat(many),
    'scripts that do not end': '<script'.repeat(many / 8),
    'elements of secrets': '<pwd '.repeat(many / 5),
    'names in quotes': '"pwd'.repeat(many / 4),
  };
  for (const [name, text] of Object.entries(hostile)) {
    it(`are looked at up to 2 KB: ${name}`, () => {
      const search = longestSearched(() => should(shown(text)).startWith('PUT x: PDK answers 400'), /^[&<>"']$/);
      should(search).be.belowOrEqual(2048);
    });
  }

  it('of a page are told a few letters at a time where its tags do not end', () => {
    // each < is one try, and ends at the next one
    should(shown(`${'<'.repeat(100)}<b>no</b>`)).match(/<<< no/);
  });
});
