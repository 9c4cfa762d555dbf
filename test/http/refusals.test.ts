/** Who is turned away, with which answer, and what the listener writes down about it. */
import { inspect } from 'node:util';
import should from 'should';
import type { AccessRules } from '../../src/http/access';
import type { Reply } from '../../simulators/http/reply-reader';
import { connect, destroyClients, head, post } from '../support/http-client';
import {
  closeTestListeners,
  openTestListener,
  type TestListener,
  type TestListenerOptions,
} from '../support/http-listener';

const basic = (pair: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
});

describe('a refusal', () => {
  let server: TestListener;
  const open = async (options: TestListenerOptions): Promise<void> => {
    server = await openTestListener(options);
  };
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  /** Sends it, and checks that it is refused in small JSON, once, and that nothing of it arrives. */
  const isRefused = async (bytes: string | Buffer, status: number, code: string): Promise<Reply['headers']> => {
    const client = connect(server.port).send(bytes);
    const reply = await client.reply();
    should(reply.status).equal(status);
    should(reply.headers['content-type']).equal('application/json');
    should(JSON.parse(reply.body)).have.property('error').which.is.a.String();
    should(server.recorder.posts.items).be.empty();
    should(server.ledger.refused).deepEqual({ [code]: 1 });
    should(server.ledger.requests[0]?.reason).equal(code);
    return reply.headers;
  };
  const isTaken = async (bytes: string | Buffer): Promise<void> => {
    should((await connect(server.port).send(bytes).reply()).status).equal(200);
    should(server.ledger.accepted).equal(1);
    should(server.ledger.refused).deepEqual({});
  };

  it('401 is the answer to a caller without user and password, and asks for them', async () => {
    await open({ access: { basic: { user: 'cam', password: 'hidden:word' } } });
    const headers = await isRefused(post('<a/>'), 401, 'user-wrong');
    should(headers['www-authenticate']).match(/^Basic realm=/);
    should(server.refused.items[0]?.message).match(/127\.0\.0\.1 sent no user and password/);
  });

  for (const [about, sent] of [
    ['a wrong password', basic('cam:hidden')],
    ['a wrong user', basic('kam:hidden:word')],
    ['an empty pair', basic(':')],
    ['a longer password', basic('cam:hidden:word2')],
    ['another scheme', { Authorization: `Bearer ${Buffer.from('cam:hidden:word').toString('base64')}` }],
    ['a scheme alone', { Authorization: 'Basic' }],
  ] as const) {
    it(`401 is the answer to ${about}`, async () => {
      await open({ access: { basic: { user: 'cam', password: 'hidden:word' } } });
      await isRefused(post('<a/>', sent), 401, 'user-wrong');
      should(JSON.stringify(server.ledger.requests)).not.match(/hidden/);
    });
  }

  it('does not meet the right user and password, however the scheme is written', async () => {
    for (const scheme of ['Basic', 'basic', 'BASIC ']) {
      await open({ access: { basic: { user: 'cam', password: 'hidden:wörd' } } });
      const pair = Buffer.from('cam:hidden:wörd').toString('base64');
      await isTaken(post('<a/>', { Authorization: `${scheme} ${pair}` }));
    }
  });

  const header = { name: 'X-Camio-Key', value: 'token XYZ' };
  for (const [about, headers] of [
    ['no secret header', {}],
    ['a wrong secret', { 'X-Camio-Key': 'token XYY' }],
    ['half a secret', { 'X-Camio-Key': 'XYZ' }],
    ['the secret in another header', { 'X-Camio-Kee': 'token XYZ' }],
    ['the secret in another case', { 'X-Camio-Key': 'TOKEN XYZ' }],
  ] as const) {
    it(`401 is the answer to ${about}`, async () => {
      await open({ access: { header } });
      await isRefused(post('<a/>', headers), 401, 'secret-wrong');
    });
  }

  it('does not meet the right secret, whatever the case of the header’s name', async () => {
    await open({ access: { header } });
    await isTaken(post('<a/>', { 'x-camio-key': 'token XYZ' }));
  });

  it('does not tell the caller what would let him in', async () => {
    await open({ access: { header } });
    const reply = await connect(server.port).send(post('<a/>')).reply();
    should(JSON.parse(reply.body)).deepEqual({ error: 'not allowed' });
  });

  it('401 comes before the body is read, and the connection is closed', async () => {
    await open({ access: { header } });
    const client = connect(server.port).send(head('POST /API', 1_000_000));
    should((await client.reply()).status).equal(401);
    await client.closed;
    should(server.inFlight.usedBytes).equal(0);
  });

  it('403 is the answer to an address that is not allowed', async () => {
    await open({ access: { networks: ['192.0.2.0/24', '2001:db8::/32'] } });
    await isRefused(post('<a/>'), 403, 'address-not-allowed');
    should(server.refused.items[0]?.message).match(/^127\.0\.0\.1 may not call/);
  });

  for (const networks of [
    ['127.0.0.1'],
    ['127.0.0.0/8'],
    ['::ffff:127.0.0.1'],
    ['192.0.2.1', '::ffff:127.0.0.0/104'],
  ]) {
    it(`does not meet an address of ${networks.join(', ')}`, async () => {
      await open({ access: { networks } });
      await isTaken(post('<a/>'));
    });
  }

  it('does not meet IPv6 that is allowed, nor IPv4 that comes through an IPv6 socket', async () => {
    await open({ host: '::1', access: { networks: ['::/127'] } });
    should((await connect(server.port, '::1').send(post('<a/>')).reply()).status).equal(200);
    await open({ host: '::', access: { networks: ['127.0.0.1'] } });
    should((await connect(server.port, '127.0.0.1').send(post('<a/>')).reply()).status).equal(200);
    should((await connect(server.port, '::1').send(post('<a/>')).reply()).status).equal(403);
  });

  describe('of a forwarded address', () => {
    const forwarded = (value: string): Buffer => post('<a/>', { 'X-Forwarded-For': value });
    const access = (proxies: readonly string[]): Partial<AccessRules> => ({ networks: ['192.0.2.41'], proxies });

    it('403 is the answer where no proxy is trusted: anybody can write that header', async () => {
      await open({ access: access([]) });
      await isRefused(forwarded('192.0.2.41'), 403, 'address-not-allowed');
    });

    it('403 is the answer where another proxy is trusted', async () => {
      await open({ access: access(['198.51.100.7']) });
      await isRefused(forwarded('192.0.2.41'), 403, 'address-not-allowed');
    });

    it('403 is the answer to a caller who writes an allowed address in front of his own', async () => {
      await open({ access: access(['127.0.0.1']) });
      await isRefused(forwarded('192.0.2.41, 203.0.113.9'), 403, 'address-not-allowed');
    });

    for (const hop of ['unknown', 'localhost', '', '192.0.2.41.example', '_hidden']) {
      it(`403 is the answer to the forwarded address "${hop}"`, async () => {
        await open({ access: access(['127.0.0.1']) });
        await isRefused(forwarded(hop), 403, 'address-not-allowed');
      });
    }

    for (const value of [
      '192.0.2.41',
      '203.0.113.9, 192.0.2.41',
      '192.0.2.41, 127.0.0.9',
      '192.0.2.41:4711',
      '::ffff:192.0.2.41',
      '[::ffff:192.0.2.41]:80',
    ]) {
      it(`does not meet "${value}" of a trusted proxy`, async () => {
        await open({ access: access(['127.0.0.0/8']) });
        await isTaken(forwarded(value));
        should(server.recorder.posts.items[0]?.address).endWith('192.0.2.41');
      });
    }

    it('does not meet several headers of a trusted proxy, of which the last counts', async () => {
      await open({ access: access(['127.0.0.1']) });
      const lines = head('POST /API', 4, { 'X-Forwarded-For': '203.0.113.9' });
      await isTaken(lines.replace('\r\n\r\n', '\r\nX-Forwarded-For: 192.0.2.41\r\n\r\n') + '<a/>');
    });
  });

  it('404 is the answer to a path of nobody', async () => {
    await open({});
    await isRefused(post('<config>hello</config>', {}, '/Other?token=abc'), 404, 'path-unknown');
    should(server.refused.items[0]?.message).match(/no node listens on \/Other, which 127\.0\.0\.1 called/);
  });

  for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
    it(`405 is the answer to ${method}, and names what is allowed`, async () => {
      await open({});
      const headers = await isRefused(head(`${method} /API`, 0), 405, 'method-not-allowed');
      should(headers['allow']).equal('POST, PUT, GET, HEAD');
    });
  }

  it('413 is the answer to one byte over the limit', async () => {
    await open({ limits: { bodyBytes: 1000 } });
    await isRefused(post('x'.repeat(1001)), 413, 'body-too-large');
  });

  it('415 is the answer to a compressed body', async () => {
    await open({});
    await isRefused(post('<a/>', { 'Content-Encoding': 'gzip' }), 415, 'body-compressed');
  });

  it('415 is the answer to a body that is compressed on its way', async () => {
    await open({});
    const coded = head('POST /API', undefined, { 'Transfer-Encoding': 'gzip, chunked' });
    await isRefused(`${coded}0\r\n\r\n`, 415, 'body-compressed');
  });

  it('431 is the answer to a head without end', async () => {
    await open({});
    await isRefused(head('POST /API', 0, { 'X-Long': 'x'.repeat(20_000) }), 431, 'request-not-http');
  });

  it('400 is the answer to what is no HTTP', async () => {
    await open({});
    await isRefused('hello\r\n\r\n', 400, 'request-not-http');
    should(server.ledger.requests[0]?.excerpt).equal('hello\r\n\r\n');
  });

  it('400 is the answer to a broken head, and what is told of it holds no credentials', async () => {
    await open({});
    await isRefused('POST /API HTTP/9.9\r\nAuthorization: Basic aGlkZGVu\r\n\r\n', 400, 'request-not-http');
    should(server.ledger.requests[0]?.excerpt).equal('POST /API HTTP/9.9\r\nAuthorization: •••\r\n\r\n');
    should(inspect(server.refused.items, { showHidden: true, depth: 9 })).not.match(/aGlkZGVu|rawPacket/);
  });

  it('503 is the answer where more is on its way than the listener holds, with a time to come back', async () => {
    await open({ limits: { bodyBytes: 1000, inFlightBytes: 1000 } });
    const first = connect(server.port).send(head('POST /API', 900), 'x'.repeat(800));
    while (server.inFlight.usedBytes < 800) await new Promise((resolve) => setImmediate(resolve));
    const headers = await isRefused(post('y'.repeat(300)), 503, 'too-much-in-flight');
    should(headers['retry-after']).match(/^\d+$/);
    // the one that was first comes to its end, and room is free again
    should((await first.send('x'.repeat(100)).reply()).status).equal(200);
    should(server.inFlight.usedBytes).equal(0);
    should(
      (
        await connect(server.port)
          .send(post('y'.repeat(300)))
          .reply()
      ).status,
    ).equal(200);
  });

  it('leaves room to others: one caller has half of what may be on its way', async () => {
    await open({ limits: { bodyBytes: 1000, inFlightBytes: 4000 }, access: { proxies: ['127.0.0.1'] } });
    const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });
    for (let count = 1; count <= 4; count++) {
      connect(server.port).send(head('POST /API', 900, from('203.0.113.9')), 'x'.repeat(500));
      while (server.inFlight.usedBytes < count * 500) await new Promise((resolve) => setImmediate(resolve));
    }
    await isRefused(post('y'.repeat(300), from('203.0.113.9')), 503, 'too-much-in-flight');
    should(
      (
        await connect(server.port)
          .send(post('y'.repeat(900), from('192.0.2.41')))
          .reply()
      ).status,
    ).equal(200);
  });
});
