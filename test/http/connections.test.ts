/** Connections: kept open, closed on wish, used by many at once, and broken off in the middle. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import should from 'should';
import { chunk, chunkedHeaders, connect, destroyClients, head, post } from '../support/http-client';
import { closeTestListeners, openTestListener, watchNextRequest, type TestListener } from '../support/http-listener';

describe('a connection to the listener', () => {
  let server: TestListener;
  beforeEach(async () => {
    server = await openTestListener();
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const bodies = (): readonly string[] => server.recorder.posts.items.map((taken) => taken.body.toString());

  it('carries several posts one after another', async () => {
    const client = connect(server.port);
    for (const number of [1, 2, 3]) {
      client.send(post(`<a>${number}</a>`, { Connection: 'keep-alive' }));
      const reply = await client.reply(number);
      should(reply.status).equal(200);
      should(reply.headers['connection']).equal('keep-alive');
    }
    should(bodies()).deepEqual(['<a>1</a>', '<a>2</a>', '<a>3</a>']);
  });

  it('is closed after the reply to "Connection: close"', async () => {
    const client = connect(server.port).send(post('<a/>', { Connection: 'close' }));
    const reply = await client.reply();
    should(reply.headers['connection']).equal('close');
    await client.closed;
    should(bodies()).deepEqual(['<a/>']);
  });

  it('is still answered when the device has closed its sending side after the post', async () => {
    const client = connect(server.port);
    client.socket.end(post('<a/>'));
    should((await client.reply()).status).equal(200);
    await client.closed;
    should(bodies()).deepEqual(['<a/>']);
    should(server.ledger.refused).deepEqual({});
  });

  it('gives pipelined posts their answers in order', async () => {
    const client = connect(server.port).send(Buffer.concat([post('<a/>'), post('<b/>', {}, '/none'), post('<c/>')]));
    should((await client.reply(1)).status).equal(200);
    should((await client.reply(2)).status).equal(404);
    should(bodies()[0]).equal('<a/>');
  });

  it('gives fifty pipelined posts fifty answers', async () => {
    const posts = Array.from({ length: 50 }, (_, number) => post(`<a>${number}</a>`));
    const client = connect(server.port).send(Buffer.concat(posts));
    await client.reply(50);
    should(client.replies.items.every((reply) => reply.status === 200)).equal(true);
    should(bodies()).deepEqual(posts.map((_, number) => `<a>${number}</a>`));
  });

  it('is one of fifty at once, and each gets its own answer', async () => {
    const clients = await Promise.all(Array.from({ length: 50 }, () => connect(server.port).connected()));
    const body = (number: number): string => `<a>${number}</a>${' '.repeat(100_000)}`;
    clients.forEach((client, number) => client.send(head('POST /API', body(number).length)));
    clients.forEach((client, number) => client.send(body(number).slice(0, 50_000)));
    clients.forEach((client, number) => client.send(body(number).slice(50_000)));
    const replies = await Promise.all(clients.map((client) => client.reply()));
    should(replies.every((reply) => reply.status === 200)).equal(true);
    should([...bodies()].sort()).deepEqual(clients.map((_, number) => body(number)).sort());
  });

  it('outlives the longest heartbeat, and is closed where a request does not come to its end', async () => {
    const seen = watchNextRequest(server.port);
    await connect(server.port).send(post('<a/>')).reply();
    const { server: inner } = await seen;
    should(inner.keepAliveTimeout).be.above(30 * 60_000);
    should(inner.timeout).equal(0);
    should(inner.headersTimeout).be.above(0).and.belowOrEqual(60_000);
    should(inner.requestTimeout).be.above(0).and.belowOrEqual(300_000);
  });

  it('that takes too long in the middle of a body is told 408 and reported once, as too slow', async () => {
    const seen = watchNextRequest(server.port);
    const client = connect(server.port).send(head('POST /API', 1000), '<config>');
    const { socket } = await seen;
    // what Node.js does when `requestTimeout` is over; its own timer looks only twice a minute
    socket.emit('error', Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }));
    should((await client.reply()).status).equal(408);
    await client.closed;
    client.destroy();
    await new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));
    should([...server.refused.items, ...server.recorder.errors.items].map(({ code }) => code)).deepEqual([
      'request-too-slow',
    ]);
    should(server.ledger.refused).deepEqual({ 'request-too-slow': 1 });
  });

  it('that has not said a word when the time for a head is over is closed without a word about it', async () => {
    const seen = watchNextRequest(server.port);
    const used = connect(server.port).send(post('<a/>'));
    await used.reply();
    const { server: inner } = await seen;
    const accepted = once(inner, 'connection') as Promise<[Socket]>;
    const silent = connect(server.port);
    const [socket] = await accepted;
    // what Node.js does when `headersTimeout` is over
    socket.emit('error', Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }));
    await silent.closed;
    should(silent.received).have.length(0);
    should(server.ledger.refused).deepEqual({});
    should(server.refused.items).be.empty();
  });

  const cuts = [
    ['reset', (client: ReturnType<typeof connect>) => client.socket.resetAndDestroy()],
    ['closed', (client: ReturnType<typeof connect>) => client.socket.end()],
  ] as const;
  for (const [how, cut] of cuts) {
    it(`that is ${how} in the middle of a body is one error that names the bytes`, async () => {
      const seen = watchNextRequest(server.port);
      const client = connect(server.port).send(head('POST /API', 1000), '<config>');
      const { socket } = await seen;
      if (socket.bytesRead < Buffer.byteLength(head('POST /API', 1000)) + 8) {
        await new Promise((resolve) => socket.once('data', resolve));
      }
      cut(client);
      const [error] = await server.recorder.errors.until(1);
      should(error?.code).equal('body-cut-off');
      should(error?.retryable).equal(true);
      should(error?.address).equal('127.0.0.1');
      should(error?.message).match(/after 8 of 1000 bytes/);
      await client.closed;
      should(server.ledger.refused).deepEqual({ 'body-cut-off': 1 });
      should(server.refused.items).be.empty();
      should(server.recorder.posts.items).be.empty();
    });
  }

  it('that is closed between two chunks is one error that names the bytes', async () => {
    const client = connect(server.port);
    client.socket.end(Buffer.concat([Buffer.from(head('POST /API', undefined, chunkedHeaders)), chunk('<config>')]));
    const [error] = await server.recorder.errors.until(1);
    should(error?.code).equal('body-cut-off');
    should(error?.message).match(/after 8 of an unknown number of bytes/);
    await client.closed;
    should(server.ledger.refused).deepEqual({ 'body-cut-off': 1 });
  });

  it('that breaks a chunk is answered 400 and reported once', async () => {
    const client = connect(server.port).send(head('POST /API', undefined, chunkedHeaders), chunk('<a>'), 'no size\r\n');
    should((await client.reply()).status).equal(400);
    await client.closed;
    should(server.recorder.posts.items).be.empty();
    should([...server.refused.items, ...server.recorder.errors.items]).have.length(1);
    should(Object.values(server.ledger.refused)).deepEqual([1]);
  });

  it('that breaks a chunk of the second of two posts at once is told once, as what it is', async () => {
    const second = [head('POST /API', undefined, chunkedHeaders), chunk('<a>')];
    const client = connect(server.port).send(Buffer.concat([post('<a/>'), ...second].map((part) => Buffer.from(part))));
    should((await client.reply()).status).equal(200);
    client.send('no size\r\n');
    await client.closed;
    should(server.recorder.posts.items).have.length(1);
    should(server.ledger.refused).deepEqual({ 'request-not-http': 1 });
    should([...server.refused.items, ...server.recorder.errors.items]).have.length(1);
  });

  it('that ends before a post is no error', async () => {
    const client = await connect(server.port).connected();
    client.socket.end();
    await client.closed;
    should(server.ledger.refused).deepEqual({});
    should(server.refused.items).be.empty();
  });

  it('that is reset between two posts is no error', async () => {
    const client = connect(server.port).send(post('<a/>'));
    await client.reply();
    client.socket.resetAndDestroy();
    await client.closed;
    await connect(server.port).send(post('<b/>')).reply();
    should(server.ledger.refused).deepEqual({});
    should(server.recorder.errors.items).be.empty();
  });

  const noHttp = {
    words: 'HELO camera.example\r\n\r\n',
    'a TLS greeting': Buffer.from('16030100c8010000c40303', 'hex'),
    'zero bytes': Buffer.alloc(64),
    'a newer version': 'POST /API HTTP/9.9\r\nHost: a\r\n\r\n',
    'two lengths': 'POST /API HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
    'a length and chunks': `POST /API HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a length that is no number': 'POST /API HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n',
    'a negative length': 'POST /API HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    'a header of 64 KB': `POST /API HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(65_536)}\r\n\r\n`,
  };
  for (const [about, bytes] of Object.entries(noHttp)) {
    it(`that carries ${about} is answered, closed, counted and reported with the address`, async () => {
      const client = connect(server.port).send(bytes);
      should((await client.reply()).status).be.within(400, 499);
      await client.closed;
      should(server.ledger.refused).deepEqual({ 'request-not-http': 1 });
      should(server.refused.items.map(({ code }) => code)).deepEqual(['request-not-http']);
      should(server.refused.items[0]?.address).equal('127.0.0.1');
      should(server.recorder.posts.items).be.empty();
    });
  }

  it('with a body longer than declared gives the post, and counts the rest as no request', async () => {
    const client = connect(server.port).send(head('POST /API', 4), '<a/><b/>');
    await client.reply();
    await client.closed;
    should((await server.recorder.posts.until(1)).map((taken) => taken.body.toString())).deepEqual(['<a/>']);
    should(server.recorder.errors.items).be.empty();
    should(server.refused.items.map(({ code }) => code)).deepEqual(['request-not-http']);
  });
});
