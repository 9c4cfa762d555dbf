/** More connections than a listener takes: who goes, and who stays. */
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { connect as dialTls } from 'node:tls';
import should from 'should';
import { makeCertificate } from '../support/certificate';
import { startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { connect, destroyClients, head, post, type RawClient } from '../support/http-client';
import { closeTestListeners, openTestListener, watchNextRequest, type TestListener } from '../support/http-listener';

describe('a listener with more connections than it takes', () => {
  let server: TestListener;
  let clock: FakeClock;
  const strangers: Socket[] = [];
  beforeEach(async () => {
    clock = new FakeClock(startMs);
    server = await openTestListener({ clock, limits: { connections: 5 } });
  });
  afterEach(async () => {
    for (const socket of strangers.splice(0)) socket.destroy();
    destroyClients();
    await closeTestListeners();
  });

  /** A connection that says nothing, from an address of the loopback network. */
  const idle = async (localAddress = '127.0.0.1'): Promise<Socket> => {
    const socket = dial({ port: server.port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined);
    strangers.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  };
  const isClosed = (socket: Socket): Promise<unknown> =>
    new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.resume().once('close', resolve)));

  it('closes the oldest that was never used, and keeps those that have delivered', async () => {
    const cameras: RawClient[] = [];
    for (let count = 0; count < 4; count++) {
      const camera = connect(server.port).send(post('<a/>'));
      await camera.reply();
      cameras.push(camera);
    }
    const first = await idle();
    clock.advance(1);
    await idle();
    await isClosed(first);
    should((await server.refused.until(1))[0]?.code).equal('too-many-connections');
    should(server.ledger.refused).deepEqual({ 'too-many-connections': 1 });
    for (const camera of cameras) should((await camera.send(post('<b/>')).reply(2)).status).equal(200);
  });

  it('takes from the address that has most', async function () {
    const camera = await idle('127.0.0.2').catch(() => undefined);
    if (camera === undefined) return this.skip(); // a system with one loopback address
    const flood = [];
    for (let count = 0; count < 8; count++) {
      clock.advance(1);
      flood.push(await idle());
    }
    for (const socket of flood.slice(0, 4)) await isClosed(socket);
    should(camera.closed).equal(false);
    should(server.ledger.refused).deepEqual({ 'too-many-connections': 4 });
  });

  it('closes one that was refused, and still sends, before those that have delivered', async () => {
    const refused = connect(server.port).send(head('POST /nobody', 4), '<a');
    should((await refused.reply()).status).equal(404);
    const cameras = Array.from({ length: 4 }, () => connect(server.port).send(post('<a/>')));
    for (const camera of cameras) await camera.reply();
    const newcomer = await idle();
    await refused.closed;
    should(newcomer.closed).equal(false);
    for (const camera of cameras) should((await camera.send(post('<b/>')).reply(2)).status).equal(200);
  });

  it('closes one in the middle of a post last', async () => {
    const busy = connect(server.port).send(head('POST /API', 4), '<a');
    await watchNextRequest(server.port);
    for (let count = 0; count < 7; count++) {
      clock.advance(1);
      await idle();
    }
    await server.refused.until(3);
    should((await busy.send('/>').reply()).status).equal(200);
  });

  it('takes new ones again when others have gone', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => idle()));
    for (const socket of all) socket.destroy();
    const clients = Array.from({ length: 5 }, () => connect(server.port).send(post('<a/>', { Connection: 'close' })));
    for (const client of clients) should((await client.reply()).status).equal(200);
  });
});

describe('a sender that waits for no answer', () => {
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  it('is disconnected when a hundred of its posts wait, and others are not', async () => {
    const server = await openTestListener({ clock: new FakeClock(startMs) });
    const polite = connect(server.port).send(post('<a/>'));
    await polite.reply();
    server.hold.begin();
    const rude = connect(server.port).send(Buffer.concat(Array.from({ length: 101 }, () => post('<b/>'))));
    await rude.closed;
    const [error] = await server.refused.until(1);
    should(error?.code).equal('too-many-requests');
    should(error?.message).match(/127\.0\.0\.1 .*without waiting for an answer/);
    should(server.ledger.refused).have.property('too-many-requests', 1);
    server.hold.end();
    should((await polite.send(post('<c/>')).reply(2)).status).equal(200);
  });
});

describe('a sender that is refused', () => {
  let server: TestListener;
  let clock: FakeClock;
  beforeEach(async () => {
    clock = new FakeClock(startMs);
    server = await openTestListener({ clock });
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  it('can send all before it reads, and still learns why', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 'x');
    const client = connect(server.port);
    client.socket.pause();
    await new Promise((resolve) => client.socket.write(post(body), resolve));
    client.socket.resume();
    const reply = await client.reply();
    should(reply.status).equal(413);
    await client.closed;
    should(server.ledger.refused).deepEqual({ 'body-too-large': 1 });
  });

  it('and does not come to its end is disconnected two seconds later', async () => {
    const client = connect(server.port).send(head('POST /nobody', 100), '<a');
    should((await client.reply()).status).equal(404);
    clock.advance(1999);
    should(client.socket.closed).equal(false);
    clock.advance(1);
    await client.closed;
    should(server.ledger.refused).deepEqual({ 'path-unknown': 1 });
  });

  it('gets no further post in on the same connection', async () => {
    const client = connect(server.port).send(Buffer.concat([post('<a/>', {}, '/nobody'), post('<b/>')]));
    should((await client.reply()).status).equal(404);
    await client.closed;
    should(client.replies.items).have.length(1);
    should(server.recorder.posts.items).be.empty();
  });
});

describe('a sender that does not read its answers', () => {
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const certificate = makeCertificate();
  for (const [transport, tls] of [
    ['TCP', undefined],
    ['TLS', certificate],
  ] as const) {
    it(`is disconnected after a time in which nothing has left, and others are not: ${transport}`, async () => {
      const clock = new FakeClock(startMs);
      const server = await openTestListener({ clock, limits: { bodyMs: 60_000 }, ...(tls && { tls }) });
      const open = async (): Promise<Socket> => {
        const at = { port: server.port, host: '127.0.0.1' };
        const socket = tls === undefined ? dial(at) : dialTls({ ...at, ca: tls.cert });
        socket.on('error', () => undefined);
        await once(socket, tls === undefined ? 'connect' : 'secureConnect');
        return socket;
      };
      const ask = async (socket: Socket): Promise<unknown> => {
        socket.write(post('<a/>'));
        return once(socket, 'data');
      };
      const seen = new Set<Socket>();
      let served = 0;
      const started = channel('http.server.request.start');
      const note = (message: unknown): void => {
        served += 1;
        seen.add((message as { socket: Socket }).socket);
      };
      started.subscribe(note);
      try {
        const rude = (await open()).pause();
        const closed = new Promise((resolve) => rude.once('close', resolve));
        // fewer than may wait for their answers at one time
        const many = Buffer.concat(Array.from({ length: 50 }, () => post('')));
        const polite = await open();
        await ask(polite);
        const isStuck = (): boolean => [...seen].some(({ writableLength }) => writableLength > 0);
        for (let sent = served; !isStuck();) {
          if (served >= sent) {
            rude.write(many);
            sent += 50;
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
        // what is still on its way to the rude one's own buffers moves for a moment
        for (let moved = -1, now = 0; moved !== now;) {
          moved = now;
          for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
          now = [...seen].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
        }
        for (let sweep = 0; sweep < 8; sweep++) clock.advance(10_000);
        should((await server.refused.until(1))[0]?.code).equal('answer-not-read');
        rude.resume();
        await closed;
        should(String(await ask(polite))).startWith('HTTP/1.1 200');
        polite.destroy();
      } finally {
        started.unsubscribe(note);
      }
    });
  }
});
