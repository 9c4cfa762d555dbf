/** The bytes of a body: each receiver sees its own, whatever else is on its way. */
import { createHash } from 'node:crypto';
import should from 'should';
import { createRandom } from '../../simulators/random';
import { chunkedHeaders, connect, destroyClients, head, post } from '../support/http-client';
import { closeTestListeners, openTestListener, type TestListener } from '../support/http-listener';

const megabyte = 1024 * 1024;
const digest = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

describe('the bytes of a body', () => {
  let server: TestListener;
  beforeEach(async () => {
    server = await openTestListener({ limits: { bodyBytes: 4 * megabyte } });
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const random = createRandom(7);
  /** Of a length that fits one chunk, some, or many. */
  function makeBody(serial: number): Buffer {
    return Buffer.alloc(10 + random.between(0, [100, 60_000, 200_000, 1_500_000][serial % 4] ?? 0), `${serial}, `);
  }

  it('are its own where many come at once, in pieces of any size, announced or not', async () => {
    const sent: string[] = [];
    const clients = Array.from({ length: 12 }, () => connect(server.port));
    for (let round = 0; round < 12; round++) {
      const writing = clients.map((client, index) => {
        const body = makeBody(round * clients.length + index);
        sent.push(digest(body));
        const isChunked = index % 3 === 0;
        const headers = isChunked ? chunkedHeaders : { 'Content-Length': String(body.length) };
        client.send(head('POST /API', undefined, headers));
        return { client, body, isChunked, at: 0 };
      });
      // a piece of each in turn, so that all are on their way at one time
      for (let left = writing; left.length > 0; left = left.filter(({ at, body }) => at < body.length)) {
        for (const each of left) {
          const piece = each.body.subarray(each.at, each.at + random.between(1, 300_000));
          each.at += piece.length;
          if (each.isChunked) each.client.send(`${piece.length.toString(16)}\r\n`, piece, '\r\n');
          else each.client.send(piece);
          if (each.isChunked && each.at === each.body.length) each.client.send('0\r\n\r\n');
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      for (const client of clients) should((await client.reply(round + 1)).status).equal(200);
    }
    const received = server.recorder.posts.items.map(({ body }) => digest(body));
    should(received.toSorted()).eql(sent.toSorted());
  });

  it('are its own where requests wait for nodes that restart', async () => {
    const bodies = Array.from({ length: 6 }, (_, serial) => Buffer.alloc(300_000, `held ${serial}, `));
    server.hold.begin();
    const clients = [];
    for (const [index, body] of bodies.entries()) {
      clients.push(connect(server.port).send(post(body)));
      while (server.hold.heldBytes < 300_000 * (index + 1)) await new Promise((resolve) => setImmediate(resolve));
    }
    server.hold.end();
    await Promise.all(clients.map((client) => client.reply()));
    should(server.recorder.posts.items.map(({ body }) => digest(body))).eql(bodies.map(digest));
  });

  it('are the last ones too where a body is refused', async () => {
    const body = Buffer.alloc(300_000, 'first ');
    connect(server.port).send(post(body, {}, '/nobody'), post(Buffer.alloc(300_000, 'second '), {}, '/nobody'));
    await server.refused.until(1);
    const big = connect(server.port).send(head('POST /API', undefined, chunkedHeaders));
    for (let sent = 0; sent < 5; sent++) big.send('100000\r\n', Buffer.alloc(megabyte, 'big '), '\r\n');
    should((await big.reply()).status).equal(413);
    const excerpts = server.ledger.requests.map(({ excerpt }) => excerpt.slice(0, 10));
    should(excerpts.some((excerpt) => excerpt.startsWith('big big'))).be.true();
  });
});
