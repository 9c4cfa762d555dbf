/** The connection of a fake device: right on a good day, and wrong in exactly the way it was told. */
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { Connection, type ConnectionOptions } from '../../simulators/connection';
import { FakeClock } from '../../simulators/fake-clock';
import { RecordingServer, until } from './recording-server';

const big = Buffer.alloc(300_000, 'x');

describe('simulated connection', () => {
  let server: RecordingServer;
  const open: Connection[] = [];

  function connect(options: Partial<ConnectionOptions> = {}): Connection {
    const connection = new Connection({ ...server.address, ...options });
    open.push(connection);
    return connection;
  }

  beforeEach(async () => {
    server = await RecordingServer.start();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((connection) => connection.close()));
    await until(() => server.openSockets === 0);
    await server.close();
  });

  it('posts one after another on one connection', async () => {
    const connection = connect();
    const replies = await Promise.all([connection.post('<a/>'), connection.post(''), connection.post(big)]);
    should(replies.map(({ status }) => status)).deepEqual([200, 200, 200]);
    should(replies[0]?.body).match(/<status>success</);
    should(server.posts.map(({ body }) => body.length)).deepEqual([4, 0, 300_000]);
    should(server.posts[1]?.headers['content-length']).equal('0');
    should(server.connections).equal(1);
  });

  it('opens a connection for every post when told so', async () => {
    const connection = connect({ keepAlive: false });
    await connection.post('<a/>');
    await connection.post('<b/>');
    should(server.connections).equal(2);
    should(server.posts[0]?.headers.connection).equal('close');
  });

  it('sends absolute targets, content types and headers as asked', async () => {
    const { host, port } = server.address;
    await connect({ absoluteForm: true, contentType: 'text/x', headers: { 'X-Mark': '1' } }).post('<a/>');
    const [post] = server.posts;
    should(post?.url).equal(`http://${host}:${port}/API`);
    should(post?.headers['content-type']).equal('text/x');
    should(post?.headers['x-mark']).equal('1');
    should(post?.headers.expect).equal(undefined);
  });

  it('sends chunks in place of a length', async () => {
    await connect({ chunked: true }).post(big);
    should(server.posts[0]?.headers['transfer-encoding']).equal('chunked');
    should(server.posts[0]?.headers['content-length']).equal(undefined);
    should(server.posts[0]?.body.equals(big)).equal(true);
  });

  it('connects again after the server closed an idle connection', async () => {
    const connection = connect();
    await connection.post('<a/>');
    server.dropSockets();
    should((await connection.post('<b/>')).status).equal(200);
    should(server.connections).equal(2);
  });

  it('connects again after a failed connect', async () => {
    const connection = connect();
    const { port } = server.address;
    await server.close();
    await should(connection.post('<a/>')).be.rejectedWith(/ECONNREFUSED/);
    server = await RecordingServer.start(Date.now, port);
    should((await connection.post('<b/>')).status).equal(200);
  });

  it('cuts the connection after so many bytes of the body', async () => {
    const bytes: Buffer[] = [];
    const bare = net.createServer((socket) => socket.on('data', (chunk) => bytes.push(chunk)));
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
    const closed = new Promise((resolve) => bare.once('connection', (socket) => socket.once('close', resolve)));
    const { port } = bare.address() as AddressInfo;
    const reply = await connect({ port }).post(big, { kind: 'cut', afterBytes: 1234 });
    await closed;
    const text = Buffer.concat(bytes).toString();
    should(reply.status).equal(0);
    should(text).match(/Content-Length: 300000\r\n/);
    should(text.slice(text.indexOf('\r\n\r\n') + 4).length).equal(1234);
    await new Promise((resolve) => bare.close(resolve));
  });

  it('is healthy again after a cut', async () => {
    const connection = connect();
    await connection.post(big, { kind: 'cut', afterBytes: 10 });
    should((await connection.post('<a/>')).status).equal(200);
    await until(() => server.broken > 0);
    should(server.posts.length).equal(1);
  });

  it('sends slowly, with a pause before each piece', async () => {
    const clock = new FakeClock();
    const connection = connect({ clock, replyTimeoutMs: 60_000 });
    const reply = connection.post(big, { kind: 'slow', pieces: 5, pauseMs: 300 });
    await until(() => clock.sleeping === 2);
    for (let piece = 1; piece <= 4; piece++) {
      await clock.advance(300);
      await until(() => clock.sleeping === 2);
      should(server.posts.length).equal(0);
    }
    await clock.advance(300);
    should((await reply).status).equal(200);
    should(server.posts[0]?.body.equals(big)).equal(true);
    should(clock.sleeping).equal(0);
  });

  it('declares too short a length', async () => {
    // The server may answer the first part, or close at once because of the rest.
    await connect()
      .post('<config>abc</config>', { kind: 'truncate', missingBytes: 12 })
      .catch(() => undefined);
    await until(() => server.posts.length === 1);
    should(server.posts[0]?.text).equal('<config>');
    await until(() => server.broken > 0);
  });

  it('sends the same bytes twice', async () => {
    await connect().post('<a/>', { kind: 'resend' });
    should(server.posts.map(({ text }) => text)).deepEqual(['<a/>', '<a/>']);
  });

  it('sends the same bytes twice on connections of their own', async () => {
    await connect({ keepAlive: false }).post('<a/>', { kind: 'resend' });
    should(server.posts.map(({ text }) => text)).deepEqual(['<a/>', '<a/>']);
  });

  for (const keepAlive of [true, false]) {
    it(`goes on without reading a reply, and hears again later (keepAlive ${keepAlive})`, async () => {
      const connection = connect({ keepAlive });
      for (const body of ['<a/>', '<b/>']) {
        should((await connection.post(body, { kind: 'deaf' })).status).equal(0);
      }
      await until(() => server.posts.length === 2);
      should(server.connections).equal(keepAlive ? 1 : 2);
      const reply = await connection.post('<c/>');
      should(reply.status).equal(200);
      await until(() => server.posts.length === 3);
    });
  }

  it('gives a silent server up', async () => {
    const clock = new FakeClock();
    const bare = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
    const { port } = bare.address() as AddressInfo;
    const post = connect({ port, clock, replyTimeoutMs: 5000 }).post('<a/>');
    await until(() => clock.sleeping === 1);
    const failed = should(post).be.rejectedWith(/no reply within 5000 ms/);
    await clock.advance(5000);
    await failed;
    await new Promise((resolve) => bare.close(resolve));
  });

  it('understands chunked replies, remarks before a reply, and replies without a length', async () => {
    const chunkedReply =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const openReply = 'HTTP/1.1 503 Busy\r\n\r\nlater';
    const replies = [chunkedReply, openReply];
    const bare = net.createServer((socket) =>
      socket.on('data', () => {
        const reply = replies.shift() ?? '';
        socket.write(reply);
        if (reply === openReply) socket.end();
      }),
    );
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
    const { port } = bare.address() as AddressInfo;
    const connection = connect({ port });
    should(await connection.post('<a/>')).containEql({ status: 200, body: 'abc' });
    should(await connection.post('<a/>')).containEql({ status: 503, body: 'later' });
    await connection.close();
    await new Promise((resolve) => bare.close(resolve));
  });

  it('ends with its signal, waiting posts included', async () => {
    const ended = new AbortController();
    const clock = new FakeClock();
    const connection = connect({ signal: ended.signal, clock });
    const post = connection.post(big, { kind: 'slow', pieces: 5, pauseMs: 300 });
    await until(() => server.openSockets === 1);
    ended.abort();
    await should(post).be.rejectedWith(/closed on our side/);
    await until(() => server.openSockets === 0);
    should(clock.sleeping).equal(0);
    await should(connection.post('<a/>')).be.rejectedWith(/closed on our side/);
  });
});
