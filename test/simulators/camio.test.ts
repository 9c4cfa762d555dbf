/** The simulated domain at Camio: every type, every fault on its switch, and an interface that is strict. */
import should from 'should';
import { PacsApi, apiFaults } from '../../simulators/camio/pacs-api';
import { callBack } from '../../simulators/camio/sender';
import { startDomain, type Domain } from '../../simulators/camio/site';
import { FakeClock } from '../../simulators/fake-clock';
import { receive } from '../../src/vendors/camio/receive';
import { makePost, openOptions } from '../support/events';
import { RecordingServer, type Recorded } from './recording-server';

const headers = { Authorization: 'token of the test' };
const read = ({ text }: Recorded): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('a simulated domain at Camio', () => {
  const clock = new FakeClock();
  let server: RecordingServer;
  let domain: Domain;

  before(async () => {
    server = await RecordingServer.start(() => clock.now());
    const url = `http://127.0.0.1:${server.address.port}/camio`;
    domain = startDomain({ url, headers, hookUrl: `${url}/key`, clock, incidentEveryMs: 20_000 });
  });
  after(async () => {
    await domain.close();
    await server.close();
    should(clock.sleeping).equal(0);
  });

  it('calls within five seconds: incidents of both kinds, door events, a change, a hook with pictures', async () => {
    await clock.advance(5000, () => domain.idle());
    const calls = server.posts.filter(({ url }) => url === '/camio');
    should(calls.map((post) => String(read(post).type)).toSorted()).deepEqual([
      'camera.created',
      'incident.created',
      'incident.created',
      'pacs.events.created',
    ]);
    should(calls.every((post) => post.headers.authorization === headers.Authorization)).be.true();
    should(calls.every((post) => !('content-type' in post.headers))).be.true();
    const hook = server.posts.find(({ url }) => url === '/camio/key');
    should(hook?.headers).not.have.property('authorization');
    const { events } = receive(makePost(hook?.body ?? ''), { ...openOptions, pictures: 'buffer' });
    should(events[0]?.images.map(({ width, height }) => [width, height])).deepEqual([
      [640, 360],
      [640, 360],
    ]);
  });

  it('comes with all types, spellings and placements in time, all of which are understood', async () => {
    await clock.advance(150_000, () => domain.idle());
    const calls = server.posts.filter(({ url }) => url === '/camio');
    const events = calls.flatMap(({ body }) => receive(makePost(body), openOptions).events);
    should(new Set(events.map(({ type }) => type)).size).equal(11);
    should(calls.some(({ text }) => text.includes('upload_queue.commands_total'))).be.true();
    should(calls.some(({ text }) => text.includes('upload_queue_commands_total'))).be.true();
    should(
      events.filter(({ category }) => category === 'config').every(({ account }) => account?.id !== undefined),
    ).be.true();
    should(events.some(({ part }) => part?.count === 2)).be.true();
    should(new Set(calls.map((post) => read(post).id)).size).equal(calls.length);
  });
});

describe('a simulated callback', () => {
  let server: RecordingServer;
  beforeEach(async () => {
    server = await RecordingServer.start(() => 0);
  });
  afterEach(() => server.close());
  const send = (fault: Parameters<typeof callBack>[2] = {}, method = 'POST') =>
    callBack(
      { id: '1', type: 'x.y' },
      { url: `http://127.0.0.1:${server.address.port}/camio`, headers, method },
      fault,
    );

  it('has the method and the headers that a person has chosen', async () => {
    should((await send({}, 'PUT')).status).equal(200);
    should([server.posts[0]?.method, server.posts[0]?.headers.authorization]).deepEqual(['PUT', headers.Authorization]);
  });

  it('goes wrong in the way that is asked for', async () => {
    await send({ fault: 'duplicate' });
    should(server.posts.map(({ text }) => text)).deepEqual(Array(2).fill('{"id":"1","type":"x.y"}'));
    for (const fault of ['truncated', 'single-quotes', 'no-headers', 'wrong-secret', 'empty', 'array'] as const)
      await send({ fault });
    should(server.posts.slice(2).map(({ text }) => text)).deepEqual([
      '{"id":"1","',
      "{'id':'1','type':'x.y'}",
      '{"id":"1","type":"x.y"}',
      '{"id":"1","type":"x.y"}',
      '',
      '[{"id":"1","type":"x.y"}]',
    ]);
    should(server.posts[4]?.headers).not.have.property('authorization');
    should(server.posts[5]?.headers.authorization).not.equal(headers.Authorization);
  });
});

describe("a simulated interface of Camio's", () => {
  const token = 'token of the test';
  let api: PacsApi;
  before(async () => {
    api = await PacsApi.start({ token });
  });
  after(() => api.close());
  const post = async (path: string, body: unknown, bearer = token): Promise<number> => {
    const request = { method: 'POST', headers: { authorization: `Bearer ${bearer}` }, body: JSON.stringify(body) };
    return (await fetch(`${api.url}${path}`, { ...request, redirect: 'manual' })).status;
  };
  const event = { device_id: 'a', timestamp: 1_930_000_123_456 };

  it('takes both spellings, and nothing that is incomplete, empty, null or encoded twice', async () => {
    should(await post('/webhooks', { events: [event] })).equal(200);
    should(await post('/webhooks', { event })).equal(200);
    should(await post('/devices', { readers: [{ device_id: 'a' }] })).equal(204);
    should(await post('/webhooks', JSON.stringify({ event }))).equal(400);
    should(await post('/webhooks', { events: [] })).equal(422);
    should(await post('/webhooks', { events: [{ ...event, labels: [null] }] })).equal(422);
    should(await post('/webhooks', { events: [{ device_id: 'a' }] })).equal(422);
    should(await post('/devices', {})).equal(422);
    should(await post('/webhooks', { event }, 'another')).equal(401);
    should(await post('/elsewhere', { event })).equal(404);
    should(api.events).have.length(2);
  });

  it('fails in every way, once each, and is well again', async () => {
    const statuses: (number | string)[] = [];
    for (const fault of apiFaults) {
      if (fault === 'silent' || fault === 'huge') continue;
      api.failNext(fault);
      statuses.push(await post('/webhooks', { event }).catch(() => 'broken'));
    }
    should(statuses).deepEqual([503, 429, 'broken', 422, 200, 302]);
    should(await post('/webhooks', { event })).equal(200);
  });
});
