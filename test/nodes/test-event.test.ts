/** "Send a test event": samples go through a node's own intake, and the first that passes is sent, marked. */
import should from 'should';
import { WireError } from '../../src/errors';
import type { SecurityEvent } from '../../src/event';
import type { Post } from '../../src/http/receiver';
import { sign } from '../../src/http/signature';
import { toPost } from '../../src/sample';
import { samples, signed } from '../../src/vendors/pdk/sample';
import { tryEvent, type TestOutcome, type Trial } from '../../nodes/test-event';
import { makeEvent, startMs } from '../support/events';

const posts = ['first', 'second'].map((body) => toPost({ contentType: 'text/plain', body }, startMs));

function run(take: (body: string, trial: Trial) => Readonly<Record<string, number>>): {
  readonly outcome: TestOutcome;
  readonly sent: readonly SecurityEvent[];
  readonly taken: readonly string[];
} {
  const sent: SecurityEvent[] = [];
  const taken: string[] = [];
  const outcome = tryEvent(
    posts,
    ({ body }: Post, trial) => {
      taken.push(body.toString());
      return take(body.toString(), trial);
    },
    (event) => sent.push(event),
  );
  return { outcome, sent, taken };
}

describe('a test event', () => {
  it('is marked, and told in a few words; one is enough', () => {
    const { outcome, sent, taken } = run((_body, { onEvent }) => {
      onEvent(makeEvent({ device: { id: 'x', name: 'Test camera' } }));
      return {};
    });
    should(outcome.sent).match(/Test camera/);
    should(sent.map(({ test }) => test)).deepEqual([true]);
    should(taken).deepEqual(['first']);
  });

  it('is of the next sample where the node drops the first', () => {
    const { outcome, taken } = run((body, { onEvent }) => {
      if (body === 'first') return { category: 1 };
      onEvent(makeEvent());
      return {};
    });
    should(outcome).have.property('sent');
    should(taken).deepEqual(['first', 'second']);
  });

  it('tells why the usual sample was dropped where none passes', () => {
    const { outcome, sent } = run((body) => ({ [body === 'first' ? 'camera' : 'confidence']: 1 }));
    should(outcome).deepEqual({ dropped: 'camera' });
    should(sent).be.empty();
  });

  it('tells what is wrong where nobody is believed', () => {
    const { outcome } = run((_body, { onError }) => {
      onError(new WireError('secret-missing', 'the node has no secret'));
      return {};
    });
    should(outcome).deepEqual({ error: 'the node has no secret' });
  });

  it('of PDK is signed as PDK signs, and not at all where there is no secret', () => {
    const [post] = samples(startMs);
    if (post === undefined) throw new Error('no sample');
    should(signed(post, '')).equal(post);
    should(signed(post, 'shared words').headers['x-pdk-signature']).equal(sign(post.body, 'shared words', 'sha1'));
  });
});
