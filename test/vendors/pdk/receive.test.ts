/** Who is believed: the vectors of the reference, every refusal, both spellings, both secrets; and what each is answered. */
import { createHmac } from 'node:crypto';
import should from 'should';
import { createJudge, largestBytes, type Trust, type Verdict } from '../../../src/vendors/pdk/receive';
import { makePost } from '../../support/events';
import { accepted, refused, vectors } from './vectors';

const [first] = vectors;
if (first === undefined) throw new Error('there are no vectors');

function trust(fields: Partial<Trust> = {}): Trust {
  return { secret: first?.secret ?? '', previousSecret: '', acceptUnsigned: false, ...fields };
}

/** The verdict on a post with these headers. */
function judge(body: Buffer, headers: Record<string, string>, fields: Partial<Trust> = {}): Verdict {
  return createJudge(trust(fields))(makePost(body, { headers }));
}

const sign = (body: Buffer, secret: string): string => createHmac('sha1', secret).update(body).digest('hex');

describe('a post that is signed as PDK signs', () => {
  for (const { id, what, secret, body, sha1, status } of vectors) {
    it(`is taken for genuine: ${id}, ${what}`, () => {
      for (const header of ['x-pdk-signature', 'x_pdk_signature']) {
        const verdict = judge(body, { [header]: sha1 }, { secret });
        should(verdict.answer.status).equal(status);
        should(verdict.signature).equal('current');
      }
      should(judge(body, { 'x-pdk-signature': sha1 }, { secret: `${secret}x` }).answer.status).equal(401);
    });
  }

  it('is not taken for genuine where its bytes were read and written again', () => {
    for (const [id, wrong] of [
      ['S13', 'e943852a227d489b6730ccf6503e80f1c9d52e33'],
      ['S12', '47aee96a253a81abcf809af48a9813a4ad32817c'],
    ] as const) {
      const vector = vectors.find((each) => each.id === id);
      should(judge(vector?.body ?? Buffer.alloc(0), { 'x-pdk-signature': wrong }).answer.status).equal(401);
    }
  });

  for (const signature of accepted) {
    it(`may be signed "${signature}"`, () => {
      should(judge(first.body, { 'x-pdk-signature': signature }).answer.status).equal(200);
    });
  }

  it('may have the header in both spellings, if they agree', () => {
    const both = { 'x-pdk-signature': first.sha1, x_pdk_signature: ` ${first.sha1}` };
    should(judge(first.body, both).answer.status).equal(200);
    const differ = judge(first.body, { ...both, x_pdk_signature: first.sha1.toUpperCase() });
    should(differ.answer.status).equal(401);
    should(differ.error?.code).equal('signature-ambiguous');
  });

  it('is genuine by either of two secrets, and tells which', () => {
    const secrets = { secret: 'new secret', previousSecret: 'old secret' };
    should(judge(first.body, { 'x-pdk-signature': sign(first.body, 'new secret') }, secrets).signature).equal(
      'current',
    );
    should(judge(first.body, { 'x-pdk-signature': sign(first.body, 'old secret') }, secrets).signature).equal(
      'previous',
    );
    const gone = judge(first.body, { 'x-pdk-signature': sign(first.body, 'old secret') }, { secret: 'new secret' });
    should(gone.answer.status).equal(401);
  });

  it('is judged once, however often it is asked about', () => {
    const judgeAll = createJudge(trust());
    const post = makePost(first.body, { headers: { 'x-pdk-signature': first.sha1 } });
    const verdict = judgeAll(post);
    should(judgeAll(post)).equal(verdict);
    should(judgeAll({ ...post })).not.equal(verdict);
  });
});

describe('a post that is not signed as PDK signs', () => {
  for (const [why, signature] of refused) {
    it(`is refused: ${why}`, () => {
      const headers: Record<string, string> = signature === undefined ? {} : { 'x-pdk-signature': signature };
      for (const secret of [first.secret, '', ' ']) {
        const { answer, error, message, signature: signer } = judge(first.body, headers, { secret });
        should(answer.status).equal(401);
        should(answer.body.toString()).equal('{"error":"not allowed"}');
        should(error?.code).match(/^(signature|secret)-/);
        should([message, signer]).deepEqual([undefined, undefined]);
      }
    });
  }

  it('is refused by a node without a secret, even with the signature of the empty one', () => {
    const headers = { 'x-pdk-signature': createHmac('sha1', '').update(first.body).digest('hex') };
    should(judge(first.body, headers, { secret: '' }).error?.code).equal('secret-missing');
  });

  it('is let in where a person has said so, and is marked; a wrong signature is not let in where there is a secret', () => {
    const open = { acceptUnsigned: true };
    should(judge(first.body, {}, { ...open, secret: '' }).signature).equal('none');
    should(judge(first.body, { 'x-pdk-signature': 'whatever' }, { ...open, secret: '' }).signature).equal('none');
    should(judge(first.body, {}, open).signature).equal('none');
    should(judge(first.body, { 'x-pdk-signature': first.sha1 }, open).signature).equal('current');
    should(judge(first.body, { 'x-pdk-signature': '0'.repeat(40) }, open).answer.status).equal(401);
    should(judge(first.body, { 'x-pdk-signature': '' }, open).answer.status).equal(401);
  });
});

describe('the answer to a post', () => {
  const answerTo = (text: string): number => {
    const body = Buffer.from(text);
    return judge(body, { 'x-pdk-signature': sign(body, first.secret) }).answer.status;
  };

  for (const [status, text] of [
    [400, ''],
    [400, 'no JSON'],
    [400, '{"topic":"door.alarm.forced"'],
    [400, '[]'],
    [400, '[{"topic":"x"}]'],
    [400, 'null'],
    [400, '"door.alarm.forced"'],
    [400, '{}'],
    [400, '{"topic":""}'],
    [400, '{"topic":" "}'],
    [400, '{"topic":7}'],
    [400, '{"topic":["door.alarm.forced"]}'],
    [400, '{"__proto__":{"topic":"x"}}'],
    [400, `{"topic":"x","deep":${'['.repeat(100)}${']'.repeat(100)}}`],
    [200, '{"topic":"never.heard.of"}'],
    [200, ' {"topic":"door.alarm.forced"} \n'],
  ] as const) {
    it(`is ${status} for ${text.slice(0, 50)}`, () => should(answerTo(text)).equal(status));
  }

  it('is 413 for more than a megabyte, before anything is computed', () => {
    const body = Buffer.alloc(largestBytes + 1, '{');
    const { answer, error } = judge(body, {});
    should(answer.status).equal(413);
    should(error?.code).equal('body-too-large');
    should(judge(Buffer.alloc(largestBytes, '{'), {}).answer.status).equal(401);
  });

  it('is 401 for what is no JSON and not genuine either: nothing is read for a stranger', () => {
    should(judge(Buffer.from('no JSON'), {}).answer.status).equal(401);
  });

  it('has none of the secrets in it, nor has an error', () => {
    for (const [, signature] of refused) {
      const headers: Record<string, string> = signature === undefined ? {} : { 'x-pdk-signature': signature };
      const { answer, error } = judge(first.body, headers, { previousSecret: 'old-secret-of-the-test' });
      const told = `${answer.body.toString()} ${String(error?.message)} ${String(error?.stack)} ${JSON.stringify(error)}`;
      should(told).not.containEql(first.secret);
      should(told).not.containEql('old-secret-of-the-test');
    }
  });
});
