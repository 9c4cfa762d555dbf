/** HTTPS on a port of our own. */
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import should from 'should';
import { SetupError } from '../../src/errors';
import { makeCertificate } from '../support/certificate';
import { connect, destroyClients, post } from '../support/http-client';
import { closeTestListeners, createTestListener, openTestListener, type TestListener } from '../support/http-listener';

describe('a listener with a certificate', () => {
  const first = makeCertificate('first');
  let server: TestListener;
  const sockets: TLSSocket[] = [];

  beforeEach(async () => {
    server = await openTestListener({ tls: first });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    destroyClients();
    await closeTestListeners();
  });

  const dial = async (ca: string): Promise<TLSSocket> => {
    const socket = connectTls({ port: server.port, host: '127.0.0.1', ca });
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'secureConnect');
    return socket;
  };
  const ask = async (socket: TLSSocket, bytes: Buffer): Promise<string> => {
    socket.write(bytes);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString();
  };

  it('takes posts over HTTPS, several on one connection', async () => {
    const socket = await dial(first.cert);
    for (let count = 1; count <= 3; count++) {
      should(await ask(socket, post(`<a>${count}</a>`))).startWith('HTTP/1.1 200');
    }
    should(server.recorder.posts.items).have.length(3);
    should(server.recorder.posts.items[0]?.address).equal('127.0.0.1');
  });

  it('takes a new certificate without closing what is open', async () => {
    const old = await dial(first.cert);
    should(await ask(old, post('<a/>'))).startWith('HTTP/1.1 200');
    const second = makeCertificate('second');
    server.listener.tls = second;
    const fresh = await dial(second.cert);
    should(fresh.getPeerCertificate().subject.CN).equal('second');
    should(await ask(fresh, post('<b/>'))).startWith('HTTP/1.1 200');
    should(await ask(old, post('<c/>'))).startWith('HTTP/1.1 200');
  });

  it('says so where a device speaks HTTP', async () => {
    const client = connect(server.port).send(post('<a/>'));
    await client.closed;
    const [error] = await server.refused.until(1);
    should(error?.code).equal('tls-failed');
    should(error?.message).match(/127\.0\.0\.1 speaks HTTP to a port that speaks HTTPS; set the device to HTTPS/);
    should(server.ledger.refused).deepEqual({ 'tls-failed': 1 });
  });

  it('says so where a device does not trust the certificate, and serves the others', async () => {
    const socket = connectTls({ port: server.port, host: '127.0.0.1' });
    sockets.push(socket);
    const [refused] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    should(refused.code).equal('DEPTH_ZERO_SELF_SIGNED_CERT');
    should(await ask(await dial(first.cert), post('<a/>'))).startWith('HTTP/1.1 200');
  });

  it('counts connections, and closes them all when it is closed', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => dial(first.cert)));
    for (const socket of all) should(await ask(socket, post('<a/>'))).startWith('HTTP/1.1 200');
    const ends = all.map((socket) => once(socket, 'close'));
    await server.listener.close();
    await Promise.all(ends);
  });

  it('brings a post under way to its end when it is closed', async () => {
    const socket = await dial(first.cert);
    socket.write('POST /API HTTP/1.1\r\nContent-Length: 4\r\n\r\n<a');
    while (server.inFlight.usedBytes < 2) await new Promise((resolve) => setImmediate(resolve));
    const closing = server.listener.close();
    should(await ask(socket, Buffer.from('/>'))).startWith('HTTP/1.1 200');
    await closing;
    should(server.recorder.posts.items).have.length(1);
  });

  for (const [about, tls] of [
    ['a key that is none', { key: 'secret words', cert: first.cert }],
    ['a certificate that is none', { key: first.key, cert: 'no certificate' }],
    ['the key of another certificate', { key: makeCertificate().key, cert: first.cert }],
  ] as const) {
    it(`does not come about with ${about}, and the error does not quote it`, () => {
      should(() => createTestListener({ tls })).throw(SetupError, { code: 'tls-invalid', place: 'tls' });
      try {
        createTestListener({ tls });
      } catch (thrown) {
        const { message, cause } = thrown as SetupError;
        should(`${message} ${String(cause)}`).not.match(/secret words|BEGIN/);
      }
    });
  }
});
