/** What the server says of a failed call, as a person may see it. */
import should from 'should';
import { toAnswerFailure } from '../../../../src/vendors/pdk/cloud/failure';

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
  }
});
