/** Every form in which a device or a person may write a request is read, answered and delivered once. */
import should from 'should';
import { chunk, chunkedHeaders, connect, destroyClients, head, post } from '../support/http-client';
import { closeTestListeners, openTestListener, type TestListener } from '../support/http-listener';

const body = '<config version="1.7"><messageType>keepalive</messageType></config>';

describe('a request to the listener', () => {
  let server: TestListener;
  beforeEach(async () => {
    server = await openTestListener();
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const bodyOf = async (number = 1): Promise<string> =>
    (await server.recorder.posts.until(number))[number - 1]?.body.toString() ?? 'nothing';

  for (const [about, target] of [
    ['a plain path', '/API'],
    ['a path in another letter case', '/api'],
    ['a slash at the end', '/API/'],
    ['a query', '/API?device=1&path=/other'],
    ['a fragment', '/API#there'],
    ['the absolute form of a recorder', 'http://192.0.2.10:5050/API'],
    ['the absolute form with another scheme, case and a slash', 'HTTPS://Recorder.example:5050/Api/'],
    ['the absolute form of an IPv6 address with a query', 'http://[2001:db8::1]:5050/API?x=1'],
    ['the absolute form with a name and a password', 'http://user:secret@192.0.2.10/API'],
  ] as const) {
    it(`is taken with ${about}`, async () => {
      const reply = await connect(server.port)
        .send(post(body, {}, target))
        .reply();
      should(reply.status).equal(200);
      should(await bodyOf()).equal(body);
    });
  }

  it('gives path and query apart, as they were sent', async () => {
    await connect(server.port)
      .send(post(body, {}, 'http://192.0.2.10:5050/Api/?a=1?b=2#c'))
      .reply();
    const [taken] = await server.recorder.posts.until(1);
    should(taken?.path).equal('/Api/');
    should(taken?.query).equal('a=1?b=2');
  });

  it('is taken with the content type of a recorder', async () => {
    const headers = { 'Content-Type': 'application/soap+xml; charset=utf-8' };
    should((await connect(server.port).send(post(body, headers)).reply()).status).equal(200);
    should(await bodyOf()).equal(body);
  });

  it('is taken without a content type', async () => {
    should((await connect(server.port).send(post(body)).reply()).status).equal(200);
    should(await bodyOf()).equal(body);
  });

  it('is taken in chunks, cut in the middle of a letter', async () => {
    const bytes = Buffer.from('<config><deviceName>Einfahrt Süd</deviceName></config>');
    const middle = bytes.indexOf(0xc3) + 1;
    const reply = await connect(server.port)
      .send(head('POST /API', undefined, chunkedHeaders))
      .send(chunk(bytes.subarray(0, middle)), chunk(bytes.subarray(middle)), chunk())
      .reply();
    should(reply.status).equal(200);
    should(await bodyOf()).equal(bytes.toString());
  });

  it('is taken in chunks with extensions and trailers', async () => {
    const reply = await connect(server.port)
      .send(head('POST /API', undefined, { ...chunkedHeaders, Trailer: 'X-End' }))
      .send('4;name=value\r\n<a/>\r\n0\r\nX-End: yes\r\n\r\n')
      .reply();
    should(reply.status).equal(200);
    should(await bodyOf()).equal('<a/>');
  });

  it('is taken when every byte of it comes alone', async () => {
    const client = await connect(server.port).connected();
    for (const byte of post('<a/>')) {
      await new Promise((resolve) => client.socket.write(Buffer.from([byte]), resolve));
    }
    should((await client.reply()).status).equal(200);
    should(await bodyOf()).equal('<a/>');
  });

  it('is taken with an empty body of a declared length', async () => {
    should((await connect(server.port).send(post('')).reply()).status).equal(200);
    should(await bodyOf()).equal('');
  });

  it('is taken with an empty body in chunks', async () => {
    const client = connect(server.port).send(head('POST /API', undefined, chunkedHeaders), chunk());
    should((await client.reply()).status).equal(200);
    should(await bodyOf()).equal('');
  });

  it('is taken without body and length', async () => {
    should((await connect(server.port).send(head('POST /API')).reply()).status).equal(200);
    should(await bodyOf()).equal('');
  });

  it('is taken with "Expect: 100-continue", which curl sends before a large file', async () => {
    const client = connect(server.port).send(head('POST /API', body.length, { Expect: '100-continue' }));
    while (!client.received.includes('100 Continue')) {
      await new Promise((resolve) => client.socket.once('data', resolve));
    }
    should((await client.send(body).reply()).status).equal(200);
    should(await bodyOf()).equal(body);
  });

  it('is taken with a wish for HTTP/2, which curl may add', async () => {
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };
    should((await connect(server.port).send(post(body, headers)).reply()).status).equal(200);
    should(await bodyOf()).equal(body);
  });

  it('is taken in HTTP/1.0, and the connection closed', async () => {
    const client = connect(server.port).send(`POST /API HTTP/1.0\r\nContent-Length: 4\r\n\r\n<a/>`);
    should((await client.reply()).status).equal(200);
    await client.closed;
    should(await bodyOf()).equal('<a/>');
  });

  it('is taken without a Host header: small firmware forgets it, and a silent 400 helps nobody', async () => {
    const client = connect(server.port).send(`POST /API HTTP/1.1\r\nContent-Length: 4\r\n\r\n<a/>`);
    should((await client.reply()).status).equal(200);
    should(await bodyOf()).equal('<a/>');
  });

  it('is taken with a content encoding that means none', async () => {
    should(
      (
        await connect(server.port)
          .send(post(body, { 'Content-Encoding': 'Identity' }))
          .reply()
      ).status,
    ).equal(200);
    should(await bodyOf()).equal(body);
  });

  for (const method of ['GET', 'PUT']) {
    it(`with ${method} is answered, and the method handed on`, async () => {
      should(
        (
          await connect(server.port)
            .send(head(`${method} /API`, 0))
            .reply()
        ).status,
      ).be.a.Number();
      const [taken] = await server.recorder.posts.until(1);
      should(taken?.method).equal(method);
    });
  }

  it('with HEAD is answered without a body, and the connection goes on', async () => {
    const client = connect(server.port).send(head('HEAD /API'));
    await server.recorder.posts.until(1);
    client.send(head('HEAD /API', undefined, { Connection: 'close' }));
    await client.closed;
    const text = client.received.toString();
    should(text.match(/HTTP\/1\.1 200 OK/g)).have.length(2);
    should(text).not.match(/<config/);
  });

  it('with CONNECT closes the connection and harms nobody else', async () => {
    const client = connect(server.port).send('CONNECT /API HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.closed;
    should((await connect(server.port).send(post(body)).reply()).status).equal(200);
  });

  for (const target of ['/', '/API2', '/AP', '/API/more', '/%41PI', '*', 'http://192.0.2.10', '/__proto__']) {
    it(`to ${target}, which no node has, is answered 404 in JSON that says so`, async () => {
      const reply = await connect(server.port)
        .send(post(body, {}, target))
        .reply();
      should(reply.status).equal(404);
      should(reply.headers['content-type']).equal('application/json');
      should(JSON.parse(reply.body))
        .have.property('error')
        .which.is.a.String()
        .and.match(/no node listens on/);
      should(server.ledger.refused).deepEqual({ 'path-unknown': 1 });
      should(server.recorder.posts.items).be.empty();
      should(server.recorder.errors.items).be.empty();
    });
  }

  it('to an unknown path is told to the listener, so that a wrong path in the camera is found', async () => {
    await connect(server.port)
      .send(post(body, {}, '/APi1'))
      .reply();
    const codes = server.refused.items.map((error) => error.code);
    should(codes).deepEqual(['path-unknown']);
    should(server.refused.items[0]?.message).match(/\/APi1/);
    should(server.refused.items[0]?.address).equal('127.0.0.1');
  });
});
