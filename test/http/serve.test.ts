/** A request that comes late to us: on Node-RED's own web server others may have had it before. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { serve } from '../../src/http/serve';
import { startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { connect, destroyClients, head, post } from '../support/http-client';
import { createServed } from '../support/http-listener';
import type { Recorder } from '../support/http-recorder';

describe('a request that others have had before', () => {
  let server: Server;
  let port: number;
  let recorder: Recorder;
  let before: (request: IncomingMessage) => Promise<unknown>;

  beforeEach(async () => {
    const { options, recorder: taken } = createServed({ clock: new FakeClock(startMs) });
    recorder = taken;
    server = createServer((request, response) => {
      void before(request).then(() => serve(request, response, options));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    destroyClients();
    server.close();
    server.closeAllConnections();
  });

  it('and read to its end is refused with a word about what to do', async () => {
    before = (request) => once(request.resume(), 'end');
    const reply = await connect(port)
      .send(post('{}', { 'Content-Type': 'application/json' }))
      .reply();
    should(reply.status).equal(415);
    should((await recorder.errors.until(1))[0]?.code).equal('body-taken');
    should(recorder.errors.items[0]?.message).match(/application\/json/);
  });

  it('and waited for is read whole', async () => {
    before = () => new Promise((resolve) => setImmediate(resolve));
    should((await connect(port).send(post('<a/>')).reply()).status).equal(200);
    should(recorder.posts.items.map(({ body }) => body.toString())).deepEqual(['<a/>']);
  });

  it('and waited for until the device was gone is reported as cut off', async () => {
    before = (request) => new Promise((resolve) => request.once('close', resolve));
    const requested = once(server, 'request');
    const client = connect(port).send(head('POST /API', 100), '<config>');
    await requested;
    client.socket.resetAndDestroy();
    should((await recorder.errors.until(1))[0]?.code).equal('body-cut-off');
    should(recorder.posts.items).be.empty();
  });
});
