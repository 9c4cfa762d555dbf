/** Requests to servers of others: what comes back, and what each failure says about whether it was carried out. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import should from 'should';
import { Client, type ClientError } from '../../src/http/client';
import { backoffMs, untilAborted, wait } from '../../src/http/retry';
import { makeCertificate } from '../support/certificate';
import { FakeClock } from '../support/fake-clock';

describe('the client of other servers', () => {
  const servers: Server[] = [];
  const clients: Client[] = [];
  const clock = new FakeClock(Date.UTC(2031, 1, 3));

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
  function connect(origin: string): Client {
    const client = new Client(origin, clock);
    clients.push(client);
    return client;
  }
  const serve = async (answer: RequestListener): Promise<Client> =>
    connect(`http://127.0.0.1:${await listen(createServer(answer))}`);
  const get = { method: 'GET', path: '/x?key=hidden', timeoutMs: 10_000 } as const;
  const failureOf = (promise: Promise<unknown>): Promise<ClientError> =>
    promise.then(
      () => {
        throw new Error('it did not fail');
      },
      (thrown: unknown) => thrown as ClientError,
    );

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const server of servers.splice(0)) server.close();
    should(clock.running).equal(0);
  });

  it('gives status, headers in small letters and bytes, and follows nobody elsewhere', async () => {
    const client = await serve((request, response) => {
      response.writeHead(302, { Location: '/elsewhere', 'X-Two': ['a', 'b'] });
      request.pipe(response);
    });
    const request = {
      method: 'PUT',
      path: '/x',
      body: '{"é":1}',
      headers: { 'X-Mine': '1' },
      timeoutMs: 10_000,
    } as const;
    const { status, headers, body } = await client.request(request);
    should([status, headers.location, headers['x-two'], body.toString()]).deepEqual([
      302,
      '/elsewhere',
      'a, b',
      '{"é":1}',
    ]);
  });

  it('says that a request cannot have arrived where nobody listens, and hides its query', async () => {
    const port = await listen(createServer());
    const [server] = servers.splice(0);
    server?.close();
    const error = await failureOf(connect(`http://127.0.0.1:${port}`).request(get));
    should(error).have.properties({ code: 'server-unreachable', retryable: true, mayHaveActed: false });
    should(error.message).match(/^GET http:\/\/127\.0\.0\.1:\d+\/x: the server cannot be reached \(ECONNREFUSED\)/);
  });

  it('says that a certificate is not believed', async () => {
    const port = await listen(createTlsServer(makeCertificate(), (_request, response) => response.end()));
    const error = await failureOf(connect(`https://127.0.0.1:${port}`).request(get));
    should(error).have.properties({ code: 'certificate-refused', mayHaveActed: false });
  });

  it('says that it may have arrived where the connection breaks, or the deadline passes', async () => {
    const broken = await serve((request) => request.socket.destroy());
    should(await failureOf(broken.request(get))).have.properties({ code: 'connection-lost', mayHaveActed: true });
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const silent = await serve(() => isAsked());
    const failed = failureOf(silent.request(get));
    await asked;
    clock.advance(10_000);
    should(await failed).have.properties({ code: 'server-timeout', retryable: true, mayHaveActed: true });
  });

  it('ends where the answer stops half-way, or never stops', async () => {
    const half = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => response.destroy());
    });
    should((await failureOf(half.request(get))).code).equal('connection-lost');
    const endless = await serve((_request, response) => {
      const more = (): boolean => response.write(Buffer.alloc(1024 * 1024));
      response.on('drain', more);
      more();
    });
    should((await failureOf(endless.request(get))).code).equal('answer-too-large');
  });

  it('ends with the reason of a signal, and when it is closed', async () => {
    const stopping = new AbortController();
    let asked = 0;
    const client = await serve(() => {
      asked += 1;
      if (asked === 1) stopping.abort(new Error('not wanted any more'));
      else void client.close();
    });
    should((await failureOf(client.request(get, { signal: stopping.signal }))).message).equal('not wanted any more');
    should((await failureOf(client.request(get))).code).equal('connection-lost');
  });
});

describe('waiting before another attempt', () => {
  it('grows, is spread, and has a limit', () => {
    const at = (attempt: number, chance: number): number => backoffMs(attempt, 1000, 60_000, () => chance);
    should([0, 1, 2, 9].map((attempt) => at(attempt, 0))).deepEqual([500, 1000, 2000, 30_000]);
    should([0, 1, 2, 9, 5000].map((attempt) => at(attempt, 1))).deepEqual([1000, 2000, 4000, 60_000, 60_000]);
  });

  it('ends at its time, or as soon as nobody wants it', async () => {
    const clock = new FakeClock(0);
    const waited = wait(clock, 5000);
    clock.advance(5000);
    await waited;
    const stopping = new AbortController();
    const stopped = wait(clock, 5000, stopping.signal);
    stopping.abort(new Error('stopped'));
    await should(stopped).be.rejectedWith('stopped');
    await should(wait(clock, 5000, stopping.signal)).be.rejectedWith('stopped');
    should(clock.running).equal(0);
  });

  it('leaves a promise to others when the signal comes first', async () => {
    const stopping = new AbortController();
    let come: (value: number) => void = () => undefined;
    const late = new Promise<number>((resolve) => {
      come = resolve;
    });
    const left = untilAborted(late, stopping.signal);
    stopping.abort();
    await should(left).be.rejected();
    come(1);
    should(await untilAborted(late, new AbortController().signal)).equal(1);
    should(await untilAborted(late)).equal(1);
    await should(untilAborted(late, stopping.signal)).be.rejected();
  });
});
