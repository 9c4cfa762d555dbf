/** Closing: the port is free and no socket is left, whatever the devices were doing. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import should from 'should';
import { startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { connect, destroyClients, head, post } from '../support/http-client';
import { closeTestListeners, openTestListener, watchNextRequest } from '../support/http-listener';

async function isFree(port: number): Promise<void> {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  other.close();
  await once(other, 'close');
}

describe('the listener, closing', () => {
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  it('closes 200 connections that wait for their next post at once, without waiting for a timer', async () => {
    const clock = new FakeClock(startMs);
    const { port, listener } = await openTestListener({ clock });
    const seen = watchNextRequest(port);
    const clients = Array.from({ length: 200 }, () => connect(port).send(post('', { Connection: 'keep-alive' })));
    await Promise.all(clients.map((client) => client.reply()));
    // no hand of the clock moves: only what needs no waiting can end here
    await listener.close();
    await Promise.all(clients.map((client) => client.closed));
    const { server } = await seen;
    should(await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).equal(0);
    should(clock.running).equal(0);
    await isFree(port);
  });

  it('gives a post under way a moment, under a second, and then closes it', async () => {
    const clock = new FakeClock(startMs);
    const { port, listener, recorder } = await openTestListener({ clock });
    const seen = watchNextRequest(port);
    const client = connect(port).send(head('POST /API', 1000), '<config>');
    await seen;
    const closing = listener.close();
    should(client.socket.closed).equal(false);
    clock.advance(500);
    await closing;
    await client.closed;
    should(recorder.errors.items.map(({ code }) => code)).deepEqual(['body-cut-off']);
    await isFree(port);
  });

  it('answers and delivers a post under way that comes to its end in that moment', async () => {
    const clock = new FakeClock(startMs);
    const { port, listener, recorder } = await openTestListener({ clock });
    const seen = watchNextRequest(port);
    const client = connect(port).send(head('POST /API', 4), '<a');
    await seen;
    const closing = listener.close();
    client.send('/>');
    should((await client.reply()).status).equal(200);
    // the connection may stay open until the moment is over
    clock.advance(500);
    await closing;
    should(recorder.posts.items.map((taken) => taken.body.toString())).deepEqual(['<a/>']);
    should(recorder.errors.items).be.empty();
    await isFree(port);
  });

  it('closes connections that have never said a word', async () => {
    const clock = new FakeClock(startMs);
    const { port, listener } = await openTestListener({ clock });
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect(port).connected()));
    // the server has them all when it has answered one that came after them
    await connect(port)
      .send(post('', { Connection: 'close' }))
      .reply();
    const closing = listener.close();
    clock.advance(500);
    await closing;
    await Promise.all(clients.map((client) => client.closed));
    await isFree(port);
  });

  it('may be asked twice, and both times the port is free after it', async () => {
    const { port, listener } = await openTestListener();
    const seen = watchNextRequest(port);
    const client = connect(port).send(head('POST /API', 1000), '<config>');
    await seen;
    const first = listener.close();
    let isFirstDone = false;
    void first.then(() => (isFirstDone = true));
    await listener.close();
    should(isFirstDone).equal(true);
    await first;
    await client.closed;
    await isFree(port);
    await listener.close();
  });

  it('takes no post on a kept connection after it was closed', async () => {
    const { port, listener, recorder } = await openTestListener();
    const client = connect(port).send(post('<a/>'));
    await client.reply();
    await listener.close();
    client.send(post('<b/>'));
    await client.closed;
    should(recorder.posts.items).have.length(1);
  });
});
