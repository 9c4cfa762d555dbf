/** The fake cloud of PDK: what it delivers to whom, how it signs, what it refuses. */
import { createHmac } from 'node:crypto';
import should from 'should';
import { PdkCloud } from '../../simulators/pdk/cloud';
import { standardClient, standardOrganizations, type CloudOptions } from '../../simulators/pdk/cloud-options';
import { deliver, type Subscriber } from '../../simulators/pdk/sender';
import { FakeClock } from '../../simulators/fake-clock';
import { createServer } from 'node:http';
import { once } from 'node:events';

const [dealer, warehouse] = standardOrganizations.map(({ id }) => id);
const event = { topic: 'door.request.allowed', panelId: '10A0002', id: '1', body: { doorId: 7 } };
const hook = {
  name: 'doors',
  url: 'https://doors.example.com/pdk/x',
  scope: 'ou',
  authentication: { type: 'None' },
  events: ['door.request.allowed'],
  secret: 'the-secret-of-this-test',
};

describe('the fake cloud of PDK', () => {
  let cloud: PdkCloud;
  const clock = new FakeClock();
  const posts: (Subscriber & { readonly header: string | undefined; readonly fault: string | undefined })[] = [];
  const start = async (options: CloudOptions = {}): Promise<void> => {
    await cloud?.close();
    posts.length = 0;
    const write: typeof deliver = async (_message, subscriber, how) => {
      const { header, fault } = how ?? {};
      posts.push({ ...subscriber, header, fault });
      return { status: 200, bytes: 1 };
    };
    cloud = await PdkCloud.start({ clock, deliver: write, ...options });
  };
  beforeEach(() => start());
  after(() => cloud.close());

  async function token(): Promise<string> {
    const response = await fetch(`${cloud.url}/oauth2/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: {
        authorization: `Basic ${Buffer.from(`${standardClient.id}:${standardClient.secret}`).toString('base64')}`,
      },
    });
    return ((await response.json()) as { id_token: string }).id_token;
  }
  async function call(method: string, path: string, body?: object, bearer?: string) {
    const response = await fetch(`${cloud.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer ?? (await token())}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
  }

  it('answers as PDK does: 201 with nothing but an id, 204 with nothing, the secret in clear', async () => {
    const made = await call('POST', `/ous/${warehouse}/hooks`, hook);
    should(made.status).equal(201);
    should(Object.keys(made.body ?? {})).deepEqual(['id']);
    const path = `/ous/${warehouse}/hooks/${String(made.body?.id)}`;
    should((await call('GET', path)).body).have.properties({
      secret: hook.secret,
      active: true,
      odometer: 0,
      expiresAt: null,
    });
    const whole = { ...hook, active: false, sslVerification: true, secrecyLevel: 2 };
    should(await call('PUT', path, whole)).deepEqual({ status: 204, body: undefined });
    should((await call('GET', path)).body).have.properties({ active: false, secrecyLevel: 2 });
    should((await call('DELETE', path)).status).equal(204);
    should((await call('DELETE', path)).status).equal(404);
  });

  const refused: readonly (readonly [string, object])[] = [
    ['a PUT without what only a PUT needs', { ...hook, active: undefined }],
    ['topics of two families', { events: ['door.request.allowed', 'ou.created'] }],
    ['an expiry in the past', { expiresAt: '2001-01-01T00:00:00Z' }],
    ['an address without https', { url: 'http://doors.example.com/' }],
    ['a name that is too long', { name: 'x'.repeat(71) }],
  ];
  for (const [what, fields] of refused) {
    it(`refuses ${what}`, async () => {
      const { id } = cloud.plant(warehouse ?? '', hook);
      const whole = { ...hook, active: true, sslVerification: true, secrecyLevel: 1, ...fields };
      const answer = await call('PUT', `/ous/${warehouse}/hooks/${id}`, whole);
      should(answer.status).equal(400);
      should(answer.body?.message).be.a.String();
    });
  }

  it('takes no token that has expired, and none that it did not give', async () => {
    const bearer = await token();
    should((await call('GET', '/ous/mine', undefined, bearer)).status).equal(200);
    await clock.advance(300_000);
    should((await call('GET', '/ous/mine', undefined, bearer)).status).equal(401);
    should((await call('GET', '/ous/mine', undefined, 'made-up')).status).equal(401);
  });

  it('tells an event to those whose scope and topics it is of, and counts', async () => {
    const told = cloud.plant(warehouse ?? '', hook);
    const above = cloud.plant(dealer ?? '', { ...hook, scope: 'ouRecursive', name: 'above' });
    const panel = cloud.plant(warehouse ?? '', { ...hook, scope: ['10A0002'], name: 'panel' });
    const not = [
      cloud.plant(dealer ?? '', hook),
      cloud.plant(warehouse ?? '', { ...hook, scope: ['10A0003'] }),
      cloud.plant(warehouse ?? '', { ...hook, events: ['door.alarm.forced'] }),
      cloud.plant(warehouse ?? '', { ...hook, active: false }),
      cloud.plant(warehouse ?? '', { ...hook, expiresAt: new Date(clock.now()).toISOString() }),
    ];
    await cloud.emit('10A0002', event);
    should([told, above, panel, ...not].map(({ odometer }) => odometer)).deepEqual([1, 1, 1, 0, 0, 0, 0, 0]);
    should(posts).have.length(3);
    should(not.at(-1)?.active).be.false();
  });

  it('delivers signed, with Basic authentication, as it is told to', async () => {
    const authentication = { type: 'Basic', user: 'pdk', password: 'p' };
    cloud.plant(warehouse ?? '', { ...hook, authentication });
    await cloud.emit('10A0002', event, { header: 'X_PDK_SIGNATURE', fault: 'duplicate' });
    should(posts).deepEqual([
      {
        url: hook.url,
        secret: hook.secret,
        basic: { user: 'pdk', password: 'p' },
        header: 'X_PDK_SIGNATURE',
        fault: 'duplicate',
      },
    ]);
    should(cloud.deliveries).deepEqual([{ url: hook.url, topic: event.topic, status: 200 }]);
  });

  it('signs what it posts, to where the address is to be found here', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const received = new Promise<{ body: string; signature: unknown; path: string | undefined }>((resolve) => {
      server.once('request', (request, response) => {
        let body = '';
        request.on('data', (part) => (body += String(part)));
        request.on('end', () => {
          response.end();
          resolve({ body, signature: request.headers['x-pdk-signature'], path: request.url });
        });
      });
    });
    const reach = (url: string): string => url.replace('https://doors.example.com', `http://127.0.0.1:${port}`);
    await start({ reach, deliver });
    cloud.plant(warehouse ?? '', hook);
    await cloud.emit('10A0002', event);
    const { body, signature, path } = await received;
    should(path).equal('/pdk/x');
    should(signature).equal(createHmac('sha1', hook.secret).update(body).digest('hex'));
    should(cloud.deliveries.map(({ status }) => status)).deepEqual([200]);
    server.close();
    await once(server, 'close');
  });

  it('has people walk through its doors, who are told of as their subscriptions say', async () => {
    const doors = cloud.plant(warehouse ?? '', { ...hook, events: ['door.request.allowed', 'door.request.denied'] });
    const audit = cloud.plant(warehouse ?? '', { ...hook, events: ['permission.updated'] });
    cloud.openDoors('10A0002', warehouse ?? '');
    await clock.advance(5000);
    should(doors.odometer).be.above(1);
    should(audit.odometer).equal(1);
    should(posts.map(({ header }) => header)).containDeep(['X-PDK-SIGNATURE', 'X_PDK_SIGNATURE']);
    await cloud.close();
    should(clock.sleeping).equal(0);
    await start();
  });
});
