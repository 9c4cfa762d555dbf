/** What was made of a post is there for all nodes of its path, and made anew for the next post. */
import should from 'should';
import { rememberLatest } from '../../src/http/latest';
import type { Post } from '../../src/http/receiver';

const createPost = (text: string): Post => ({
  method: 'POST',
  path: '/API',
  query: '',
  headers: {},
  body: Buffer.from(text),
  address: '192.0.2.41',
  receivedAt: 0,
});

describe('remembering what was made of a post', () => {
  it('makes it once for all who ask about the same one in a row', () => {
    const asked: string[] = [];
    const read = rememberLatest(({ body }) => {
      asked.push(body.toString());
      return { text: body.toString() };
    });
    const [first, second] = [createPost('a'), createPost('b')];
    should(read(first)).equal(read(first));
    should(read(second).text).equal('b');
    should(read(first).text).equal('a');
    should(asked).deepEqual(['a', 'b', 'a']);
  });

  it('takes two posts of the same bytes for two', () => {
    const read = rememberLatest((post) => ({ post }));
    const [first, second] = [createPost('a'), createPost('a')];
    should(read(first).post).equal(first);
    should(read(second).post).equal(second);
  });

  it('makes nothing twice where nothing came of it', () => {
    let asked = 0;
    const read = rememberLatest(() => void (asked += 1));
    const post = createPost('');
    read(post);
    read(post);
    should(asked).equal(1);
  });
});
