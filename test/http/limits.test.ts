/** What is too large or compressed is refused while it comes, and told to the person who waits for it. */
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import should from 'should';
import { chunk, chunkedHeaders, connect, destroyClients, head, post } from '../support/http-client';
import { closeTestListeners, openTestListener, watchNextRequest, type TestListener } from '../support/http-listener';
import { usedBytes } from '../support/kept';

const limit = 64 * 1024;

describe('a body', () => {
  let server: TestListener;
  beforeEach(async () => {
    server = await openTestListener({ limits: { bodyBytes: limit } });
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const isRefused = async (client: ReturnType<typeof connect>, status: number, code: string): Promise<void> => {
    const reply = await client.reply();
    should(reply.status).equal(status);
    should(reply.headers['connection']).equal('close');
    should(JSON.parse(reply.body)).have.property('error').which.is.a.String();
    const [error] = await server.recorder.errors.until(1);
    should(error?.code).equal(code);
    should(error?.address).equal('127.0.0.1');
    should(server.ledger.refused).deepEqual({ [code]: 1 });
    should(server.recorder.posts.items).be.empty();
    await client.closed;
    should(server.recorder.errors.items).have.length(1);
    should(server.ledger.refused).deepEqual({ [code]: 1 });
  };

  for (const [about, length] of [
    ['one byte below the limit', limit - 1],
    ['at the limit', limit],
  ] as const) {
    it(`${about} is taken, with a declared length`, async () => {
      should(
        (
          await connect(server.port)
            .send(post('x'.repeat(length)))
            .reply()
        ).status,
      ).equal(200);
      should((await server.recorder.posts.until(1))[0]?.body.length).equal(length);
    });

    it(`${about} is taken, in chunks`, async () => {
      const client = connect(server.port).send(head('POST /API', undefined, chunkedHeaders));
      client.send(chunk('x'.repeat(length - 10)), chunk('x'.repeat(10)), chunk());
      should((await client.reply()).status).equal(200);
      should((await server.recorder.posts.until(1))[0]?.body.length).equal(length);
    });
  }

  it('declared one byte over the limit is refused before it comes', async () => {
    await isRefused(connect(server.port).send(head('POST /API', limit + 1)), 413, 'body-too-large');
  });

  it('declared far over the limit and sent on is refused', async () => {
    const client = connect(server.port).send(head('POST /API', 10 * limit), 'x'.repeat(limit));
    await isRefused(client, 413, 'body-too-large');
  });

  it('declared with a number beyond all numbers is refused', async () => {
    const line = head('POST /API', undefined, { 'Content-Length': '18446744073709551615' });
    await isRefused(connect(server.port).send(line), 413, 'body-too-large');
  });

  it('in chunks is refused with the first byte over the limit, before its end', async () => {
    const client = connect(server.port).send(head('POST /API', undefined, chunkedHeaders), chunk('x'.repeat(limit)));
    await isRefused(client.send('1\r\nx'), 413, 'body-too-large');
  });

  it('names the limit and the address, for the person who has to find the camera', async () => {
    await connect(server.port)
      .send(head('POST /API', limit + 1))
      .reply();
    should((await server.recorder.errors.until(1))[0]?.message).match(/^127\.0\.0\.1 sent more than 64 KB/);
  });

  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, identity']) {
    it(`compressed with ${encoding} is refused`, async () => {
      const client = connect(server.port).send(post(gzipSync('<a/>'), { 'Content-Encoding': encoding }));
      await isRefused(client, 415, 'body-compressed');
    });
  }

  it('in chunks of one byte each does not cost many times its size', async () => {
    const bytes = limit * 16;
    const large = await openTestListener({ limits: { bodyBytes: bytes } });
    const seen = watchNextRequest(large.port);
    const start = Buffer.from(head('POST /API', undefined, chunkedHeaders));
    const chunks = Buffer.from('1\r\nx\r\n'.repeat(bytes));
    const client = connect(large.port).send(start);
    const { socket } = await seen;
    const before = usedBytes();
    client.send(chunks);
    while (socket.bytesRead < start.length + chunks.length) await turn();
    const cost = usedBytes() - before;
    client.send(chunk());
    should((await client.reply()).status).equal(200);
    should((await large.recorder.posts.until(1))[0]?.body.length).equal(bytes);
    should(cost).be.below(10 * bytes);
  });
});
