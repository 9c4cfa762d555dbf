/** The simulated doors: both families within five seconds, signed as PDK signs, and every fault on its switch. */
import { createHmac } from 'node:crypto';
import should from 'should';
import { FakeClock } from '../../simulators/fake-clock';
import { deliver, type Message } from '../../simulators/pdk/sender';
import { startDoors, type Doors } from '../../simulators/pdk/site';
import topics from '../support/pdk-topics.json';
import { RecordingServer, until, type Recorded } from './recording-server';

const secret = 'doors of the test';
const sign = (body: Buffer): string => createHmac('sha1', secret).update(body).digest('hex');
const signatureOf = ({ headers }: Recorded): unknown => headers['x-pdk-signature'] ?? headers['x_pdk_signature'];
const read = ({ text }: Recorded): Message => JSON.parse(text) as Message;

/** What a message may hold, by the catalogue of the reference: the names of its fields. */
function findStrangeFields(message: Message): readonly string[] {
  const known = [...topics.panel, ...topics.organization].find(({ topic }) => topic === message.topic);
  if (known === undefined) return [message.topic];
  const fieldsOf = (value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const isPanel = known.envelope === 'panel';
  const { id: _id, body, metadata, panelId: _panelId, topic: _topic, ...flat } = message;
  const told = isPanel ? fieldsOf(body) : fieldsOf({ ...flat });
  return [
    ...told.filter((name) => !(name in known.bodyFields)),
    ...fieldsOf(metadata).filter((name) => !(name in known.metadataFields)),
  ];
}

describe('simulated doors', () => {
  const clock = new FakeClock();
  let server: RecordingServer;
  let doors: Doors;
  let url: string;

  before(async () => {
    server = await RecordingServer.start(() => clock.now());
    url = `http://127.0.0.1:${server.address.port}/pdk/test`;
    doors = startDoors({ url, secret, clock, basic: { user: 'pdk', password: 'pass:word' } });
  });
  after(async () => {
    await doors.close();
    await server.close();
  });

  it('tell of both families within five seconds: granted, denied, forced, held, offline', async () => {
    await clock.advance(5000, () => doors.idle());
    const told = new Set(server.posts.map((post) => read(post).topic));
    for (const topic of [
      'door.request.allowed',
      'door.request.denied',
      'door.request.unknown',
      'door.request.duress',
      'door.alarm.forced',
      'door.alarm.propped.on',
      'door.input.rex.on',
      'endpoint.input.pi.off',
      'entity.modified',
      'panel.disconnected',
      'permission.updated',
    ]) {
      should(told.has(topic)).be.true(topic);
    }
  });

  it('tell nothing that the catalogue of topics does not know, and each event once', () => {
    should(server.posts.flatMap((post) => findStrangeFields(read(post)))).be.empty();
    const ids = server.posts.flatMap((post) => (typeof read(post).id === 'string' ? [read(post).id] : []));
    should(ids.length).be.above(15);
    should(new Set(ids).size).equal(ids.length);
  });

  it('sign the bytes, in both spellings of the header, and give user and password', () => {
    for (const post of server.posts) should(signatureOf(post)).equal(sign(post.body));
    const names = new Set(server.posts.flatMap(({ headers }) => Object.keys(headers)));
    should(names.has('x-pdk-signature') && names.has('x_pdk_signature')).be.true();
    const [first] = server.posts;
    should(Buffer.from(first?.headers.authorization?.slice(6) ?? '', 'base64').toString()).equal('pdk:pass:word');
    should(first?.headers['content-type']).equal('application/json');
  });

  it('end what they have begun: the forced door is closed, the held one too', async () => {
    await clock.advance(9000, () => doors.idle());
    const told = new Set(server.posts.map((post) => read(post).topic));
    for (const topic of ['door.alarm.forced.cleared', 'door.alarm.propped.off', 'endpoint.input.pi.on'])
      should(told.has(topic)).be.true(topic);
  });

  it('end at once, and leave nothing open', async () => {
    await doors.close();
    await doors.close();
    should(clock.sleeping).equal(0);
    await until(() => server.openSockets === 0);
  });
});

describe('one delivery', () => {
  const occurred = Date.UTC(2031, 0, 3);
  const message = { id: 'e1', topic: 'door.alarm.forced', panelId: '1A', body: { doorId: 1 }, metadata: { occurred } };
  let server: RecordingServer;
  let url: string;

  beforeEach(async () => {
    server = await RecordingServer.start();
    url = `http://127.0.0.1:${server.address.port}/pdk?x=1`;
  });
  afterEach(() => server.close());
  const send = (options: Parameters<typeof deliver>[2] = {}, more: object = {}): ReturnType<typeof deliver> =>
    deliver(message, { url, secret, ...more }, options);

  it('resolves to the status of the answer', async () => {
    should(await send()).have.properties({ status: 200, bytes: Buffer.byteLength(JSON.stringify(message)) });
    should(server.posts[0]?.url).equal('/pdk?x=1');
  });

  it('is not made for a topic that the subscription does not name', async () => {
    should(await send({}, { topics: ['door.request.allowed'] })).be.undefined();
    should(server.posts).be.empty();
    should(await send({}, { topics: ['door.alarm.forced'] })).have.property('status', 200);
  });

  it('is not signed without a secret', async () => {
    await send({}, { secret: undefined });
    should(signatureOf(server.posts[0] as Recorded)).be.undefined();
  });

  it('resolves to status 0 and the reason where nobody answers', async () => {
    await server.close();
    const delivery = await send();
    should(delivery?.status).equal(0);
    should(delivery?.error).match(/ECONNREFUSED/);
    server = await RecordingServer.start();
  });

  for (const [fault, isGenuine, count] of [
    ['wrong-signature', false, 1],
    ['unsigned', false, 1],
    ['damaged', false, 1],
    ['duplicate', true, 2],
    ['late', true, 1],
    ['rubbish', true, 1],
  ] as const) {
    it(`can go wrong: ${fault}`, async () => {
      await send({ fault });
      should(server.posts).have.length(count);
      for (const post of server.posts) should(signatureOf(post) === sign(post.body)).equal(isGenuine);
      const [post] = server.posts as [Recorded];
      if (fault === 'rubbish') should(() => read(post)).throw(SyntaxError);
      else
        should(read(post)).deepEqual(
          fault === 'late' ? { ...message, metadata: { occurred: occurred - 3_600_000 } } : message,
        );
    });
  }
});
