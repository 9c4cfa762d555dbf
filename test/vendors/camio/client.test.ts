/** Posting to Camio: what is sent, what is tried again, what is said of a failure, and no token anywhere. */
import should from 'should';
import { PacsApi } from '../../../simulators/camio/pacs-api';
import { Pacs, type PacsSettings } from '../../../src/vendors/camio/client';
import type { Timer } from '../../../src/clock';
import { FakeClock } from '../../support/fake-clock';
import { startMs } from '../../support/events';
import { Arrivals } from '../../support/http-recorder';

const token = 'token-of-the-client-test';
const event = { device_id: 'reader-12', timestamp: '2031-02-03T04:05:06.000Z', labels: ['Normal Entry'] };
const door = { device_id: 'reader-12', device_name: 'Dock' };

const timeoutMs = 15_000;

/** Tells of pauses between attempts, which are no deadlines. */
class PausingClock extends FakeClock {
  readonly pauses = new Arrivals<number>();

  override after(delayMs: number, action: () => void): Timer {
    const timer = super.after(delayMs, action);
    if (delayMs !== timeoutMs) this.pauses.add(delayMs);
    return timer;
  }
}

describe('the interface of Camio for doors', () => {
  let api: PacsApi;
  let clock: PausingClock;
  const open: Pacs[] = [];

  beforeEach(async () => {
    api = await PacsApi.start({ token });
    clock = new PausingClock(startMs);
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await api.close();
  });

  function connect(settings: Partial<PacsSettings> = {}): Pacs {
    const standard = {
      url: settings.url ?? api.url,
      token,
      devicesName: 'devices',
      eventsName: 'events',
      timeoutMs,
    } as const;
    const pacs = new Pacs({ ...standard, ...settings }, clock);
    open.push(pacs);
    return pacs;
  }
  async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: string; retryable?: boolean }> {
    const error: unknown = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    should(error).be.an.Error();
    should(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`).not.containEql(token);
    return error as Error & { code?: string; retryable?: boolean };
  }
  /** Turns the hands over every pause, as soon as it begins. */
  async function overPauses<T>(promise: Promise<T>, count: number): Promise<T> {
    for (let number = 1; number <= count; number++) clock.advance((await clock.pauses.until(number))[number - 1] ?? 0);
    return promise;
  }

  it('takes events and doors, with the token, as plain JSON', async () => {
    const pacs = connect();
    should(await pacs.postEvents([event, event])).equal(200);
    should(await pacs.postDevices([door])).equal(204);
    should(api.events).deepEqual([event, event]);
    should(api.devices).deepEqual([door]);
    should(api.requests.map(({ method, path }) => `${method} ${path}`)).deepEqual([
      'POST /pacs/webhooks',
      'POST /pacs/devices',
    ]);
    should(api.requests[0]?.headers).have.properties({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
  });

  it('is spoken to in both spellings of its members', async () => {
    const pacs = connect({ devicesName: 'readers', eventsName: 'event' });
    await pacs.postEvents([event, { ...event, device_id: 'b' }]);
    await pacs.postDevices([door]);
    should(api.requests.map(({ body }) => body)).deepEqual([
      { event },
      { event: { ...event, device_id: 'b' } },
      { readers: [door] },
    ]);
  });

  for (const fault of ['server-error', 'reset'] as const) {
    it(`is asked three times at most, after 2 and 4 seconds: ${fault}`, async () => {
      api.failNext(fault, fault);
      should(await overPauses(connect().postEvents([event]), 2)).equal(200);
      should(api.requests).have.length(3);
      should(api.events).have.length(1);
      should(clock.pauses.items).deepEqual([2000, 4000]);

      api.requests.length = 0;
      clock = new PausingClock(startMs);
      api.fault = fault;
      const error = await failureOf(overPauses(connect().postEvents([event]), 2));
      should([error.code, error.retryable]).deepEqual([fault === 'reset' ? 'connection-lost' : 'server-failed', true]);
      should(api.requests).have.length(3);
    });
  }

  it('is asked again later where it says so', async () => {
    api.failNext('too-many');
    await overPauses(connect().postEvents([event]), 1);
    should(clock.pauses.items).deepEqual([7000]);
  });

  it('is not asked again what it has refused', async () => {
    for (const [fault, code] of [
      ['refuse', 'post-not-accepted'],
      ['page', 'address-wrong'],
      ['moved', 'address-moved'],
      ['huge', 'answer-too-large'],
    ] as const) {
      api.requests.length = 0;
      api.failNext(fault);
      const error =
        fault === 'huge' ? await failureOf(connect().check()) : await failureOf(connect().postEvents([event]));
      should(error.code).equal(code);
      should(api.requests).have.length(1);
    }
    const wrong = await failureOf(connect({ token: 'another' }).postEvents([event]));
    should([wrong.code, wrong.retryable]).deepEqual(['token-refused', false]);
    should(wrong.message).match(
      /POST http:\/\/127\.0\.0\.1:\d+\/pacs\/webhooks: Camio answered 401: {"error":"invalid token"}; the token is wrong/,
    );
    const lost = await failureOf(connect({ url: `${api.url}/more` }).postEvents([event]));
    should(lost.code).equal('address-wrong');
  });

  it('is given up on when it says nothing for so long', async () => {
    api.fault = 'silent';
    const promise = connect().check();
    await api.until(1);
    clock.advance(timeoutMs);
    const error = await failureOf(promise);
    should([error.code, error.retryable]).deepEqual(['server-timeout', true]);
    should(clock.running).equal(0);
  });

  it('is not waited for by a node that is closed', async () => {
    api.fault = 'server-error';
    const gone = new AbortController();
    const promise = connect().postEvents([event], { signal: gone.signal });
    await api.until(1);
    gone.abort(new Error('closed'));
    should((await failureOf(promise)).message).equal('closed');
    should(clock.running).equal(0);
  });

  it('says that nobody is there', async () => {
    const { url } = api;
    await api.close();
    const pacs = connect({ url });
    const error = await failureOf(pacs.check());
    should(error.code).equal('server-unreachable');
    api = await PacsApi.start({ token });
  });

  describe('is checked without changing anything', () => {
    it('by its list of doors', async () => {
      await connect().postDevices([door]);
      should(await connect().check()).deepEqual({ by: 'list', devices: 1 });
    });

    it('by a post without events, where it has no list', async () => {
      await api.close();
      api = await PacsApi.start({ token, lists: false });
      should(await connect().check()).deepEqual({ by: 'empty post' });
      should((await failureOf(connect({ token: 'another' }).check())).code).equal('token-refused');
      should([api.events.length, api.devices.length]).deepEqual([0, 0]);
    });

    it('and is not taken for the right one where it is a page for people', async () => {
      api.fault = 'page';
      should((await failureOf(connect().check())).code).equal('address-wrong');
    });
  });

  for (const [what, url] of [
    ['no address', 'camio'],
    ['an address that tells the token to everybody', 'http://incoming.example.com/pacs'],
    ['another scheme', 'ftp://incoming.example.com/pacs'],
    ['a user in it', 'https://me:secret@incoming.example.com/pacs'],
    ['a query', 'https://incoming.example.com/pacs?x=1'],
  ] as const) {
    it(`is not ${what}`, () => {
      should(() => connect({ url })).throw({ code: 'setting-invalid', place: 'address' });
      should(() => connect({ url })).not.throw(/secret/);
    });
  }

  for (const wrong of ['', ' ', 'two words', 'line\nbreak', 'schlüssel']) {
    it(`has no token ${JSON.stringify(wrong)}`, () => {
      should(() => connect({ token: wrong })).throw({ code: 'setting-invalid', place: 'token' });
    });
  }
});
