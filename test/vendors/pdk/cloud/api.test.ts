/** Calls to PDK's cloud: tokens, repetitions, limits, deadlines, and errors that say what to do. */
import should from 'should';
import { claimAccount, readOrigin } from '../../../../src/vendors/pdk/cloud/account';
import type { PdkCloudError } from '../../../../src/vendors/pdk/cloud/failure';
import type { CloudFault, CloudOptions } from '../../../../simulators/pdk/cloud-options';
import { standardClient, standardOrganizations } from '../../../../simulators/pdk/cloud-options';
import { Bench, desire, organization, secret } from './bench';

describe("calls to PDK's cloud", () => {
  let bench: Bench;
  const start = async (options: CloudOptions = {}): Promise<void> => {
    await bench?.stop();
    bench = await Bench.start(options);
  };
  beforeEach(() => start());
  afterEach(() => bench.stop());

  const failureOf = async (promise: Promise<unknown>): Promise<PdkCloudError> =>
    promise.then(
      () => {
        throw new Error('it did not fail');
      },
      (thrown: unknown) => thrown as PdkCloudError,
    );

  describe('the token', () => {
    it('is asked for once by many at the same time, and serves until 30 seconds before its end', async () => {
      const { hooks } = bench.account();
      await Promise.all(Array.from({ length: 20 }, () => hooks.list(organization)));
      bench.clock.advance(269_000);
      await hooks.list(organization);
      should(bench.cloud.count('token')).equal(1);
      bench.clock.advance(2000);
      await hooks.list(organization);
      should(bench.cloud.count('token')).equal(2);
    });

    it('is asked for again after a failure: what failed once does not block for ever', async () => {
      const { hooks } = bench.account();
      bench.cloud.fail('token', 'empty-error', 4);
      should(await failureOf(hooks.list(organization))).have.properties({ code: 'pdk-server-error', retryable: true });
      await hooks.list(organization);
      should(bench.cloud.count('token')).equal(5);
    });

    it('is not asked for again and again with a wrong secret, and the error names the cure and no secret', async () => {
      const { hooks } = bench.account({ secret: 'wrong-secret-of-the-test' });
      for (let count = 0; count < 5; count += 1) {
        const error = await failureOf(hooks.list(organization));
        should(error).have.properties({ code: 'pdk-login-refused', status: 401, retryable: false });
        should(error.message)
          .match(/client id or client secret is wrong/)
          .and.match(/Client authentication failed/);
        should(error.message).not.containEql('wrong-secret');
      }
      should(bench.cloud.count('token')).equal(1);
      bench.clock.advance(11_000);
      await failureOf(hooks.list(organization));
      should(bench.cloud.count('token')).equal(2);
    });

    it('is asked for again where the clock was set back after a refusal', async () => {
      const { hooks } = bench.account();
      bench.cloud.fail('token', 'refused');
      await failureOf(hooks.list(organization));
      bench.clock.setBack(3600_000);
      await hooks.list(organization);
      should(bench.cloud.count('token')).equal(2);
    });

    it('is given up by one who leaves, and comes to the others all the same', async () => {
      const { hooks } = bench.account();
      const leaving = new AbortController();
      bench.cloud.fail('token', 'hang');
      const left = failureOf(hooks.list(organization, { signal: leaving.signal }));
      const stays = hooks.list(organization);
      await bench.cloud.arrived('token', 1);
      leaving.abort(new Error('gone'));
      should((await left).message).equal('gone');
      bench.clock.advance(60_000);
      should((await stays).subscriptions).be.empty();
    });

    it('is one for all who log in alike, and another for other credentials', async () => {
      const login = { clientId: standardClient.id, clientSecret: standardClient.secret };
      const one = claimAccount(bench.cloud.url, login, bench.clock);
      const same = claimAccount(bench.cloud.url, { ...login }, bench.clock);
      const other = claimAccount(bench.cloud.url, { ...login, clientSecret: 'x' }, bench.clock);
      should(one.account).equal(same.account);
      should(one.account).not.equal(other.account);
      await one.account.login();
      await one.release();
      await one.release();
      await same.account.hooks.list(organization);
      should(bench.cloud.count('token')).equal(1);
      await same.release();
      await other.release();
      should((await failureOf(same.account.hooks.list(organization))).code).equal('pdk-closed');
      should(bench.clock.running).equal(0);
    });
  });

  describe('what is repeated', () => {
    const temporary: readonly CloudFault[] = ['html-error', 'empty-error', 'cut', 'lost-answer'];
    for (const fault of temporary) {
      it(`is GET, PUT and DELETE after ${fault}, a few times`, async () => {
        const { hooks } = bench.account();
        const { id } = bench.cloud.plant(organization, { ...desire() });
        bench.cloud.fail('get', fault, 3);
        should((await hooks.get(organization, id)).id).equal(id);
        bench.cloud.fail('update', fault, 1);
        await hooks.update(organization, id, desire({ name: 'new' }));
        bench.cloud.fail('delete', fault, 1);
        await hooks.remove(organization, id);
        should(bench.cloud.hooks).be.empty();
        bench.cloud.fail('list', fault, 9);
        const error = await failureOf(hooks.list(organization));
        should(error.retryable).be.true();
        should(bench.cloud.count('list')).equal(4);
      });

      it(`is never a POST after ${fault}`, async () => {
        const { hooks } = bench.account();
        bench.cloud.fail('create', fault);
        const error = await failureOf(hooks.create(organization, desire()));
        should(error).have.properties({ retryable: true, mayHaveActed: true });
        should(bench.cloud.count('create')).equal(1);
      });
    }

    it('is a POST where nobody was there to hear it', async () => {
      const account = bench.account();
      const { port } = new URL(bench.cloud.url);
      await account.login();
      await bench.cloud.close();
      const error = await failureOf(account.hooks.create(organization, desire()));
      should(error).have.properties({ code: 'server-unreachable', retryable: true, mayHaveActed: false });
      should(error.message).match(/cannot be reached \(ECONNREFUSED\); check the network/);
      should(bench.clock.pauses).deepEqual([750, 1500, 3000]);
      should(error.message).containEql(port);
    });

    it('says that an earlier attempt may have done it, where the last was refused', async () => {
      const { hooks } = bench.account();
      const { id } = bench.cloud.plant(organization, { ...desire() });
      bench.cloud.fail('update', 'lost-answer').fail('update', 'forbidden');
      should(await failureOf(hooks.update(organization, id, desire()))).have.properties({
        code: 'pdk-forbidden',
        mayHaveActed: true,
      });
    });

    it('says that it may have been done where the account was closed meanwhile', async () => {
      const account = bench.account();
      const { id } = bench.cloud.plant(organization, { ...desire() });
      bench.cloud.fail('update', 'hang-after');
      const failed = failureOf(account.hooks.update(organization, id, desire({ name: 'new' })));
      await bench.cloud.arrived('update', 1);
      await account.close();
      should(await failed).have.properties({ code: 'pdk-closed', retryable: true, mayHaveActed: true });
    });

    it('says the same where the login fails afterwards', async () => {
      const { hooks } = bench.account();
      const { id } = bench.cloud.plant(organization, { ...desire() });
      bench.cloud.fail('update', 'lost-answer').fail('update', 'unauthorized');
      bench.cloud.surprise('update', () => bench.cloud.fail('token', 'refused'));
      should(await failureOf(hooks.update(organization, id, desire({ name: 'new' })))).have.properties({
        code: 'pdk-login-refused',
        mayHaveActed: true,
      });
      should(bench.cloud.hooks[0]?.fields.name).equal('new');
    });
  });

  describe('rate limits', () => {
    for (const fault of ['rate-limited', 'retry-after', 'retry-after-date'] as const) {
      it(`are waited for, a POST too (${fault})`, async () => {
        const { hooks } = bench.account();
        bench.cloud.fail('create', fault);
        await hooks.create(organization, desire());
        should(bench.clock.pauses[0]).be.within(6000, 7000);
        should(bench.cloud.hooks).have.length(1);
      });
    }

    it('are waited for by those who ask for a token, too', async () => {
      const account = bench.account();
      bench.cloud.fail('token', 'retry-after');
      await account.login();
      should(bench.clock.pauses).deepEqual([7000]);
    });

    it('hold other calls back, too', async () => {
      const { hooks } = bench.account();
      await hooks.list(organization);
      bench.cloud.fail('list', 'rate-limited');
      await Promise.all([hooks.list(organization), hooks.list(organization)]);
      const answered = bench.cloud.count('list');
      should(answered).equal(4);
      should(bench.clock.pauses.length).be.aboveOrEqual(1);
    });

    it('are kept to when they come in bursts', async () => {
      await start({ limits: { all: 35, writes: 10 } });
      const { hooks } = bench.account();
      const names = Array.from({ length: 25 }, (_, index) => `hook ${index}`);
      await Promise.all(names.map((name) => hooks.create(organization, desire({ name }))));
      should(bench.cloud.hooks).have.length(25);
    });

    it('hold nobody back for longer where the clock is set back meanwhile', async () => {
      const { hooks } = bench.account();
      await hooks.list(organization);
      bench.cloud.fail('list', 'retry-after');
      await hooks.list(organization);
      const before = bench.clock.pauses.length;
      bench.clock.setBack(3600_000);
      await hooks.list(organization);
      should(bench.clock.pauses).have.length(before);
    });

    it('are an error at last', async () => {
      const { hooks } = bench.account();
      bench.cloud.fail('list', 'retry-after', 10);
      const error = await failureOf(hooks.list(organization));
      should(error).have.properties({ code: 'pdk-rate-limited', status: 429, retryable: true });
    });
  });

  it('end at their deadline', async () => {
    const { hooks } = bench.account();
    bench.cloud.fail('create', 'hang');
    const failed = failureOf(hooks.create(organization, desire()));
    await bench.cloud.arrived('create', 1);
    bench.clock.advance(10_000);
    should(await failed).have.properties({ code: 'server-timeout', retryable: true, mayHaveActed: true });
    should((await failed).message).equal(
      `POST ${bench.cloud.url}/api/ous/${organization}/hooks: no answer within 10 seconds`,
    );
  });

  it("are told in the server's words and in ours, without a secret", async () => {
    const { hooks } = bench.account();
    bench.cloud.fail('create', 'forbidden');
    const forbidden = await failureOf(hooks.create(organization, desire()));
    should(forbidden.serverMessage).equal('must have direct access to the specified organization');
    should(forbidden.message).match(/PDK answers 403 "must have.*directly on that organization/);
    bench.cloud.fail('create', 'refused');
    const authentication = { type: 'Basic', user: 'pdk', password: 'p4ss"word-of-test' } as const;
    const refused = await failureOf(hooks.create(organization, desire({ authentication })));
    should(refused.serverMessage).match(/^invalid: \{"name":"Node-RED doors"/);
    for (const word of [secret, 'p4ss', standardClient.secret]) should(JSON.stringify(refused)).not.containEql(word);
    bench.cloud.fail('list', 'html-error', 4);
    should((await failureOf(hooks.list(organization))).message).match(
      /PDK answers 502 "502 Bad Gateway"; that is temporary/,
    );
    bench.cloud.fail('list', 'nonsense');
    should((await failureOf(hooks.list(organization))).code).equal('pdk-answer-unreadable');
  });

  it('read lists of many pages whole, or not at all', async () => {
    await start({ pageSize: 3 });
    const { hooks } = bench.account();
    for (let count = 0; count < 10; count += 1) bench.cloud.plant(organization, { ...desire(), name: `hook ${count}` });
    const { subscriptions, pages } = await hooks.list(organization);
    should([subscriptions.length, pages]).deepEqual([10, 4]);
    await start({ pageSize: 1 });
    for (let count = 0; count < 201; count += 1)
      bench.cloud.plant(organization, { ...desire(), name: `hook ${count}` });
    const error = await failureOf(bench.account().hooks.list(organization));
    should(error.message).match(/more than 200 pages/);
  });

  it('follow nobody to another server', async () => {
    const thief = await Bench.start();
    await start({ pageSize: 1, nextPageAt: thief.cloud.url });
    for (const name of ['one', 'two']) bench.cloud.plant(organization, { ...desire(), name });
    const error = await failureOf(bench.account().hooks.list(organization));
    should(error.message).containEql('the next page of the list is on another server');
    should(thief.cloud.requests).be.empty();
    await thief.stop();
  });

  it('know organizations, their children and panels, and whose mine is', async () => {
    const account = bench.account();
    const [dealer, warehouse] = standardOrganizations;
    should(await account.organization('mine')).deepEqual({
      id: dealer?.id,
      name: 'Example Dealer',
      children: [
        { id: warehouse?.id, name: 'Example Warehouse' },
        { id: standardOrganizations[2]?.id, name: 'Example Clinic' },
      ],
      panels: [{ id: '10A0001', name: 'Dealer office', online: true }],
    });
    should(await account.organizationId('mine')).equal(dealer?.id);
    should(await account.organizationId('')).equal(dealer?.id);
    should(await account.organizationId('x y')).equal('x y');
    should(bench.cloud.count('organization')).equal(2);
    should((await failureOf(account.hooks.list('x y'))).message).containEql('/ous/x%20y/hooks');
  });

  it('take a deletion of what is gone for done', async () => {
    const { hooks } = bench.account();
    const { id } = bench.cloud.plant(organization, { ...desire() });
    should(await hooks.remove(organization, id)).be.true();
    should(await hooks.remove(organization, id)).be.false();
  });

  it('take nothing for gone because there is no login', async () => {
    const account = bench.account();
    const { id } = bench.cloud.plant(organization, { ...desire() });
    bench.cloud.fail('token', 'not-found', 2);
    should(await failureOf(account.hooks.remove(organization, id))).have.properties({ code: 'pdk-login-refused' });
    bench.clock.advance(11_000);
    should(await failureOf(account.hooks.find(organization, id))).have.properties({ code: 'pdk-login-refused' });
    should(bench.cloud.hooks).have.length(1);
  });

  for (const id of ['', ' ', '.', '..']) {
    it(`refuse "${id}" for an id: it would stand for something else`, async () => {
      const { hooks } = bench.account();
      for (const call of [
        () => hooks.remove(organization, id),
        () => hooks.get(organization, id),
        () => hooks.update(organization, id, desire()),
        () => hooks.list(id),
      ]) {
        should(await failureOf(call())).have.properties({ code: 'setting-invalid', place: 'id' });
      }
      should(bench.cloud.requests).be.empty();
    });
  }
});

describe('the base URL', () => {
  it('is an https host, or plain http on this machine', () => {
    should(readOrigin('https://accounts.pdk.io')).equal('https://accounts.pdk.io');
    should(readOrigin('https://betaaccounts.pdk.io:8443/')).equal('https://betaaccounts.pdk.io:8443');
    should(readOrigin('http://127.0.0.1:4000')).equal('http://127.0.0.1:4000');
  });
  for (const wrong of [
    '',
    'accounts.pdk.io',
    'http://accounts.pdk.io',
    'https://a.example/api',
    'https://u:p@a.example',
    'ftp://a.example',
  ]) {
    it(`is not "${wrong}"`, () => {
      should(() => readOrigin(wrong)).throw({ code: 'setting-invalid', place: 'base URL' });
    });
  }
});
