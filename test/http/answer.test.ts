/** The answer: exactly the bytes that devices take for success, sent before anything else happens with the post. */
import { Worker } from 'node:worker_threads';
import should from 'should';
import { connect, destroyClients, head, post } from '../support/http-client';
import { closeTestListeners, openTestListener, watchNextRequest, type TestListener } from '../support/http-listener';
import { Recorder } from '../support/http-recorder';

/** As the reference has it (1.2): devices take nothing else for success. */
const success =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<config version="1.0" xmlns="http://www.ipc.com/ver10"><status>success</status></config>';

describe('the answer to a post', () => {
  let server: TestListener;
  beforeEach(async () => {
    server = await openTestListener();
  });
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  for (const [about, body] of [
    ['a heartbeat', ''],
    ['an unknown post', '<a/>'],
    ['nonsense', 'no XML at all'],
  ] as const) {
    it(`to ${about} is the success of the reference, byte for byte`, async () => {
      const reply = await connect(server.port).send(post(body)).reply();
      should(reply.status).equal(200);
      should(reply.body).equal(success);
      should(reply.headers['content-type']).equal('application/xml');
      should(reply.headers['content-length']).equal(String(Buffer.byteLength(success)));
      should(reply.headers['transfer-encoding']).be.undefined();
      should(reply.headers['content-encoding']).be.undefined();
    });
  }

  it('is not compressed although cameras say they would take that', async () => {
    const reply = await connect(server.port)
      .send(post('', { 'Accept-Encoding': 'gzip, deflate' }))
      .reply();
    should(reply.headers['content-encoding']).be.undefined();
    should(reply.body).equal(success);
  });

  it('has left before the post is delivered, however long that takes', async () => {
    const answered = new Int32Array(new SharedArrayBuffer(4));
    const outcomes: string[] = [];
    // blocks this thread until another one has read the answer
    server.recorder.deliver = (): undefined => {
      outcomes.push(Atomics.wait(answered, 0, 0, 10_000));
    };
    const device = new Worker(
      `const { workerData: { port, request, answered } } = require('node:worker_threads');
       const socket = require('node:net').connect(port, '127.0.0.1', () => socket.write(request));
       socket.on('data', (bytes) => {
         if (!bytes.includes('success')) return;
         Atomics.store(answered, 0, 1);
         Atomics.notify(answered, 0);
         socket.destroy();
       });`,
      { eval: true, workerData: { port: server.port, request: post('<a/>'), answered } },
    );
    await new Promise((resolve) => device.once('exit', resolve));
    should(outcomes).have.length(1);
    should(outcomes[0]).not.equal('timed-out');
  });

  it('is sent although the delivery throws, which is reported and leaves the connection open', async () => {
    server.recorder.deliver = (): undefined => {
      throw new Error('the flow is broken');
    };
    const client = connect(server.port).send(post('<a/>'));
    should((await client.reply(1)).status).equal(200);
    should((await client.send(post('<b/>')).reply(2)).status).equal(200);
    const [error] = await server.recorder.errors.until(2);
    should(error?.code).equal('delivery-failed');
    should(error?.message).match(/the flow is broken/);
  });

  it('is sent although delivery and report both throw, and the process lives', async () => {
    server.recorder.deliver = (): undefined => {
      throw new Error('the flow is broken');
    };
    const told: string[] = [];
    server.recorder.refused = (error): void => {
      told.push(error.code);
      throw new Error('and so is the report');
    };
    const listeners = process.listeners('uncaughtException');
    const uncaught: unknown[] = [];
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    try {
      should((await connect(server.port).send(post('<a/>')).reply()).status).equal(200);
      should((await connect(server.port).send(post('<a/>')).reply()).status).equal(200);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
    should(told).deepEqual(['delivery-failed', 'delivery-failed']);
    should(uncaught).be.empty();
  });

  it('comes once where two nodes share the path, and both get the post', async () => {
    const second = new Recorder();
    server.routes.add('/api/', second, server.rules);
    const client = connect(server.port).send(post('<a/>'));
    await client.reply();
    const [one] = await server.recorder.posts.until(1);
    const [other] = await second.posts.until(1);
    should(one?.body.toString()).equal('<a/>');
    // the very same object: it is decoded once for both
    should(other === one).equal(true);
    await client.send(post('<b/>')).reply(2);
    should(client.replies.items).have.length(2);
  });

  it('goes out although the first of two nodes fails, and the second gets the post', async () => {
    const second = new Recorder();
    server.routes.add('/API', second, server.rules);
    server.recorder.deliver = (): undefined => {
      throw new Error('broken');
    };
    should((await connect(server.port).send(post('<a/>')).reply()).status).equal(200);
    should((await second.posts.until(1))[0]?.body.toString()).equal('<a/>');
    should(second.errors.items).be.empty();
  });

  it('comes from the node of the path * where no other takes it', async () => {
    const rest = new Recorder();
    server.routes.add('*', rest, server.rules);
    should(
      (
        await connect(server.port)
          .send(post('<a/>', {}, '/SendAlarmData'))
          .reply()
      ).status,
    ).equal(200);
    should((await connect(server.port).send(post('<b/>')).reply()).status).equal(200);
    should(rest.posts.items.map((taken) => taken.path)).deepEqual(['/SendAlarmData']);
    should(server.recorder.posts.items.map((taken) => taken.path)).deepEqual(['/API']);
  });

  it('is followed by the delivery to the node that has the path when the last byte is in: a Deploy may come between', async () => {
    const second = new Recorder();
    const leave = server.routes.add('/deployed', new Recorder(), server.rules);
    const seen = watchNextRequest(server.port);
    const client = connect(server.port).send(head('POST /deployed', 4), '<a');
    await seen;
    leave();
    server.routes.add('/deployed', second, server.rules);
    should((await client.send('/>').reply()).status).equal(200);
    should(second.posts.items.map((taken) => taken.body.toString())).deepEqual(['<a/>']);
  });

  it('is 404 again after the node has left', async () => {
    const leave = server.routes.add('/leaving', new Recorder(), server.rules);
    should(
      (
        await connect(server.port)
          .send(post('', {}, '/leaving'))
          .reply()
      ).status,
    ).equal(200);
    leave();
    leave();
    should(
      (
        await connect(server.port)
          .send(post('', {}, '/leaving'))
          .reply()
      ).status,
    ).equal(404);
  });
});
