/** A receiver that refuses a post: by its answer, which the ledger then counts as a refusal. */
import should from 'should';
import { TransportError } from '../../src/errors';
import type { Answer, Delivery, Post, Receiver } from '../../src/http/receiver';
import { problem } from '../../src/http/reply';
import { connect, destroyClients, post } from '../support/http-client';
import { closeTestListeners, openRules, openTestListener, type TestListener } from '../support/http-listener';

/** Takes posts with its word in them. */
class Choosy implements Receiver {
  readonly vendor = 'choosy';
  readonly methods = ['POST'];
  readonly taken: string[] = [];

  constructor(
    readonly word: string,
    readonly explains = true,
  ) {}

  answer({ body }: Post): Answer {
    return body.includes(this.word) ? problem(200, this.word) : problem(401, 'not allowed');
  }

  deliver({ body, address }: Post): Delivery | undefined {
    if (body.includes(this.word)) this.taken.push(body.toString());
    else if (this.explains) {
      return { duplicates: 0, error: new TransportError('word-wrong', 'it does not say the word', { address }) };
    }
    return undefined;
  }

  refused(): void {
    throw new Error('what came whole is not refused here');
  }
}

describe('a receiver that refuses a post', () => {
  let listener: TestListener;

  beforeEach(async () => {
    listener = await openTestListener();
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const send = async (body: string): Promise<{ readonly status: number; readonly body: string }> => {
    const { status, body: text } = await connect(listener.port)
      .send(post(body, {}, '/choosy'))
      .reply();
    return { status, body: text };
  };

  it('gives its own status, and the ledger counts and keeps the post as refused, not as accepted', async () => {
    listener.routes.add('/choosy', new Choosy('please'), listener.rules);
    should((await send('please, open')).status).equal(200);
    should(await send('open')).deepEqual({ status: 401, body: '{"error":"not allowed"}' });
    should(listener.ledger.accepted).equal(1);
    should(listener.ledger.bytes).equal('please, open'.length);
    should(listener.ledger.refused).deepEqual({ 'word-wrong': 1 });
    should(listener.ledger.requests[0]).have.properties({ reason: 'word-wrong', excerpt: 'open', target: '/choosy' });
  });

  it('is counted although it does not say why', async () => {
    listener.routes.add('/choosy', new Choosy('please', false), listener.rules);
    should((await send('open')).status).equal(401);
    should(listener.ledger).have.properties({ accepted: 0, refused: { 'post-refused': 1 } });
  });

  it('leaves the answer to another of its path that takes the post', async () => {
    const [one, two] = [new Choosy('please'), new Choosy('thanks')];
    listener.routes.add('/choosy', one, listener.rules);
    const second = openRules();
    listener.routes.add('/choosy', two, second);
    should(await send('thanks')).deepEqual({ status: 200, body: '{"error":"thanks"}' });
    should([one.taken, two.taken]).deepEqual([[], ['thanks']]);
    should(second.ledger).have.properties({ accepted: 1, refused: {} });
    should((await send('open')).status).equal(401);
    should([listener.ledger.accepted, second.ledger.accepted]).deepEqual([1, 1]);
  });
});
