/** Whatever goes wrong: the same subscription or none at all, never a second one, never a foreign one touched. */
import * as fc from 'fast-check';
import should from 'should';
import { ensure, type Slot } from '../../../../src/vendors/pdk/cloud/ensure';
import type { PdkCloudError } from '../../../../src/vendors/pdk/cloud/failure';
import type { Desired } from '../../../../src/vendors/pdk/cloud/subscription';
import { inTurn } from '../../../../src/vendors/pdk/cloud/turns';
import type { Account } from '../../../../src/vendors/pdk/cloud/account';
import {
  cloudFaults,
  type CloudFault,
  type CloudOperation,
  type CloudOptions,
} from '../../../../simulators/pdk/cloud-options';
import { Bench, desire, organization, secret } from './bench';
import { cases } from '../../../support/cases';

const { url, name } = desire();
const { signal } = new AbortController();

/** What a person has set up at PDK for something else. */
const foreign = [
  { name: 'Alarm company', url: 'https://alarms.example.org/', scope: 'ou', events: ['door.alarm.forced'] },
  { name, url: 'https://other.example.com/pdk/x', scope: 'ou', events: ['door.request.allowed'] },
  { name: 'Audit', url, scope: 'ou', events: ['permission.created'] },
];

describe('ensure', () => {
  let bench: Bench;
  let slot: Slot;
  let before: string;

  async function start(options: CloudOptions = {}): Promise<void> {
    bench = await Bench.start(options);
    slot = {};
    for (const fields of foreign) bench.cloud.plant(organization, fields);
    before = foreignNow();
  }
  const ours = () =>
    bench.cloud.hooks.filter(
      (hook) => !foreign.some((each) => each.name === hook.fields.name && each.url === hook.fields.url),
    );
  const foreignNow = (): string =>
    JSON.stringify(
      bench.cloud.hooks.filter((hook) =>
        foreign.some((each) => each.name === hook.fields.name && each.url === hook.fields.url),
      ),
    );
  const run = (desired: Desired = desire(), account: Account = bench.accounts[0] ?? bench.account()) =>
    ensure(account.hooks, organization, desired, slot, { clock: bench.clock, signal });
  const failure = async (desired?: Desired): Promise<PdkCloudError> => {
    let caught: unknown;
    await run(desired).catch((thrown: unknown) => {
      caught = thrown;
    });
    should(caught).be.an.Error();
    return caught as PdkCloudError;
  };
  const writes = (): number => bench.cloud.count('create') + bench.cloud.count('update') + bench.cloud.count('delete');
  /** Ours, whole. */
  const isRight = (): void => {
    should(ours()).have.length(1);
    should(ours()[0]?.fields).have.properties({ name, url, secret, secrecyLevel: 1 });
  };

  beforeEach(() => start());
  afterEach(async () => {
    // whatever the test was about
    should(foreignNow()).equal(before);
    should(bench.cloud.count('delete')).equal(0);
    await bench.stop();
  });

  describe('where there is none', () => {
    it('makes one, complete, with one POST', async () => {
      const done = await run();
      should(done).have.properties({ outcome: 'created', id: ours()[0]?.id, changes: [], warnings: [] });
      should(slot.id).equal(done.id);
      isRight();
      should(bench.cloud.requests.map(({ operation }) => operation)).deepEqual(['token', 'list', 'create']);
    });

    it('takes none for ours that has another address, or the other family', async () => {
      await run();
      should(bench.cloud.hooks).have.length(foreign.length + 1);
    });
  });

  describe('where there is one', () => {
    it('changes nothing when it is as wanted, whatever the order of its topics and the writing of its address', async () => {
      const fields = { ...desire(), events: desire().events.toReversed(), url: 'https://DOORS.example.com:443/pdk/x' };
      bench.cloud.plant(organization, { ...fields, somethingNew: 1 });
      should((await run()).outcome).equal('unchanged');
      should(writes()).equal(0);
    });

    const differences: readonly (readonly [string, object])[] = [
      ['name', { name: 'Old name' }],
      ['scope', { scope: 'ouRecursive' }],
      ['authentication.type', { authentication: { type: 'Basic', user: 'pdk', password: 'p4ssw0rd-of-test' } }],
      ['events', { events: ['door.request.allowed'] }],
      ['active', { active: false }],
      ['sslVerification', { sslVerification: false }],
      ['secrecyLevel', { secrecyLevel: 2 }],
      ['expiresAt', { expiresAt: '2031-03-01T00:00:00Z' }],
      ['secret', { secret: 'another-secret-of-the-test' }],
    ];
    for (const [field, fields] of differences) {
      it(`puts right its ${field}, with one PUT of everything, and keeps its id`, async () => {
        const { id } = bench.cloud.plant(organization, { ...desire(), ...fields });
        const done = await run();
        should(done).have.properties({ outcome: 'updated', id, changes: [field] });
        should(bench.cloud.count('update')).equal(1);
        should(bench.cloud.count('create')).equal(0);
        isRight();
        should(ours()[0]?.fields).deepEqual(JSON.parse(JSON.stringify(desire())));
        should((await run()).outcome).equal('unchanged');
      });
    }

    it('finds it by its id, although a person has changed address and name', async () => {
      const { id } = await run();
      const hook = ours()[0];
      if (hook) hook.fields = { ...hook.fields, name: 'renamed', url: 'https://moved.example.net/' };
      should(await run()).have.properties({ outcome: 'updated', id, changes: ['name', 'url'] });
      isRight();
    });

    it('finds it by address and name before address and family', async () => {
      bench.cloud.plant(organization, { ...desire(), name: 'not this one' });
      const { id } = bench.cloud.plant(organization, { ...desire(), secrecyLevel: 0 });
      should(await run()).have.properties({ outcome: 'updated', id });
      should(ours()).have.length(2);
    });

    it('moves a list of panels as a set', async () => {
      bench.cloud.plant(organization, { ...desire(), scope: ['10A0003', '10A0002'] });
      should((await run(desire({ scope: ['10A0002', '10A0003'] }))).outcome).equal('unchanged');
      should(await run(desire({ scope: ['10A0002'] }))).have.properties({ outcome: 'updated', changes: ['scope'] });
    });

    it('leaves out an expiry that is over, and switches it on again', async () => {
      const expiresAt = '2031-02-03T04:05:07Z';
      await run(desire({ expiresAt }));
      bench.clock.advance(2000);
      const done = await run();
      should(done).have.properties({ outcome: 'updated', changes: ['active', 'expiresAt'] });
      should(ours()[0]?.fields).not.have.property('expiresAt');
      should(ours()[0]?.active).be.true();
    });

    it('takes the same instant in another zone for the same expiry', async () => {
      bench.cloud.plant(organization, { ...desire(), expiresAt: '2031-03-01T02:00:00+02:00' });
      should((await run(desire({ expiresAt: '2031-03-01T00:00:00Z' }))).outcome).equal('unchanged');
    });

    it('stops where several could be meant, says which, and changes nothing', async () => {
      const ids = [1, 2].map(() => bench.cloud.plant(organization, { ...desire() }).id);
      const error = await failure();
      should(error).have.properties({ code: 'subscription-ambiguous', retryable: false });
      for (const id of ids) should(error.message).containEql(id);
      should(writes()).equal(0);
    });

    it('stops where two of the same family are at the address, neither with the name', async () => {
      for (const other of ['one', 'two']) bench.cloud.plant(organization, { ...desire(), name: other });
      should((await failure()).code).equal('subscription-ambiguous');
      should(writes()).equal(0);
    });
  });

  for (const secrets of ['masked', 'absent'] as const) {
    describe(`where the cloud gives secrets ${secrets}`, () => {
      beforeEach(async () => {
        await bench.stop();
        await start({ secrets });
      });
      const basic = { authentication: { type: 'Basic', user: 'pdk', password: 'p4ssw0rd-of-test' } } as const;

      it('remembers what it sent, and sends it again only when it is another', async () => {
        await run(desire(basic));
        should((await run(desire(basic))).outcome).equal('unchanged');
        const next = desire({ ...basic, secret: 'the-next-secret-of-the-test' });
        should((await run(next)).outcome).equal('updated');
        should((await run(next)).outcome).equal('unchanged');
        should(bench.cloud.count('update')).equal(1);
      });

      it('sends it once where nothing is remembered: nobody knows what is there', async () => {
        const { id } = bench.cloud.plant(organization, { ...desire(), secret: 'another-secret-of-the-test' });
        should(await run()).have.properties({ outcome: 'updated', id, changes: ['secret'] });
        should((await run()).outcome).equal('unchanged');
        isRight();
      });
    });
  }

  describe('when the list changes meanwhile', () => {
    it('makes a new one where its own was deleted between list and PUT', async () => {
      const { id } = bench.cloud.plant(organization, { ...desire(), active: false });
      bench.cloud.surprise('update', () => bench.cloud.uproot(id));
      const done = await run();
      should(done.outcome).equal('created');
      should(done.id).not.equal(id);
      isRight();
      should(bench.cloud.count('create')).equal(1);
    });

    it('makes no new one where PUT says that it is gone, and the list says that it is not', async () => {
      bench.cloud.plant(organization, { ...desire(), active: false });
      bench.cloud.fail('update', 'not-found', 2);
      should(await failure()).have.properties({ code: 'pdk-not-found', status: 404 });
      should(bench.cloud.count('create')).equal(0);
      should((await run()).outcome).equal('updated');
      isRight();
    });

    it('takes the one that somebody has put in its place', async () => {
      const { id } = bench.cloud.plant(organization, { ...desire(), active: false });
      let next = '';
      bench.cloud.surprise('update', () => {
        bench.cloud.uproot(id);
        next = bench.cloud.plant(organization, { ...desire(), active: false }).id;
      });
      should(await run()).have.properties({ outcome: 'updated', id: next });
      should(slot.id).equal(next);
      isRight();
      should(bench.cloud.count('create')).equal(0);
    });

    it('makes a new one where the remembered one is gone', async () => {
      await run();
      bench.cloud.uproot(slot.id ?? '');
      should((await run()).outcome).equal('created');
      isRight();
    });

    it('finds its own on a list of pages that moves while it is read', async () => {
      await bench.stop();
      await start({ pageSize: 2 });
      const { id } = bench.cloud.plant(organization, { ...desire() });
      let lists = 0;
      const early = bench.cloud.plant(organization, {
        name: 'early',
        url: 'https://early.example.org/',
        events: ['endpoint.added'],
        scope: 'ou',
      });
      bench.cloud.hooks.unshift(...bench.cloud.hooks.splice(bench.cloud.hooks.indexOf(early), 1));
      // now ours is the first of the third page; the first page loses one after it was read
      const onSecondPage = (): void => {
        lists += 1;
        if (lists === 2) bench.cloud.uproot(early.id);
        else bench.cloud.surprise('list', onSecondPage);
      };
      bench.cloud.surprise('list', onSecondPage);
      should(await run()).have.properties({ outcome: 'unchanged', id });
      should(writes()).equal(0);
    });
  });

  describe('where the list cannot be read whole', () => {
    const following = (link: string): void => {
      bench.cloud.linkTo(link);
    };

    it('makes none where the rest is said to be on another server', async () => {
      following('<https://elsewhere.example.com/api/ous/x/hooks?page=1>; rel="next"');
      should(await failure()).have.properties({ code: 'pdk-answer-unreadable', retryable: false });
      should(bench.cloud.count('create')).equal(0);
      await should(bench.account().hooks.list(organization)).be.rejectedWith(/another server/);
    });

    it('reads its next page past signs that begin no address', async () => {
      following(`${'<'.repeat(4000)}?page=1>; rel="next"`);
      should(await bench.account().hooks.list(organization)).have.properties({ pages: 2 });
      should(bench.cloud.count('list')).equal(2);
    });

    it('makes none where it never ends', async () => {
      let page = 0;
      const onward = (): void => {
        page += 1;
        following(`<?page=${page}>; rel="next"`);
        bench.cloud.surprise('list', onward);
      };
      onward();
      should(await failure()).have.properties({ code: 'pdk-answer-unreadable' });
      should(bench.cloud.count('create')).equal(0);
      should(bench.cloud.count('list')).equal(200);
    });
  });

  describe('after a POST whose answer was lost', () => {
    for (const fault of ['lost-answer', 'error-after'] as const) {
      it(`finds what it made in the list, and posts no second time (${fault})`, async () => {
        bench.cloud.fail('create', fault);
        should(await run()).have.properties({ outcome: 'created', id: ours()[0]?.id });
        isRight();
        should(bench.cloud.count('create')).equal(1);
      });
    }

    it('does the same after its deadline', async () => {
      bench.cloud.fail('create', 'hang-after');
      const running = run();
      await bench.cloud.arrived('create', 1);
      bench.clock.advance(10_000);
      should((await running).outcome).equal('created');
      isRight();
      should(bench.cloud.count('create')).equal(1);
    });

    it('waits for a list that shows it late', async () => {
      bench.cloud.fail('create', 'cut');
      let looks = 0;
      const late = (): void => {
        looks += 1;
        if (looks === 3) bench.cloud.plant(organization, { ...desire() });
        else bench.cloud.surprise('list', late);
      };
      bench.cloud.surprise('list', late);
      should((await run()).outcome).equal('created');
      isRight();
      should(bench.cloud.count('create')).equal(1);
      should(bench.clock.pauses).deepEqual([2000]);
    });

    it('posts once more where the list never shows it', async () => {
      bench.cloud.fail('create', 'cut');
      should((await run()).outcome).equal('created');
      isRight();
      should(bench.cloud.count('create')).equal(2);
      should(bench.clock.pauses).deepEqual([2000, 5000]);
    });

    it('gives up after the second, and makes only one when it is called again', async () => {
      bench.cloud.fail('create', 'cut', 2);
      should(await failure()).have.properties({ code: 'connection-lost', retryable: true, mayHaveActed: true });
      should(bench.cloud.count('create')).equal(2);
      await run();
      isRight();
    });

    it('posts no second time when its node was closed meanwhile, and the next one waits until the list shows it', async () => {
      const stopping = new AbortController();
      bench.cloud.fail('create', 'hang');
      const { hooks } = bench.account();
      const first = ensure(hooks, organization, desire(), slot, { clock: bench.clock, signal: stopping.signal });
      await bench.cloud.arrived('create', 1);
      stopping.abort(new Error('deployed anew'));
      await should(first).be.rejectedWith('deployed anew');
      let looks = 0;
      const late = (): void => {
        looks += 1;
        // the cloud carries it out only now
        if (looks === 2) bench.cloud.plant(organization, { ...desire() });
        else bench.cloud.surprise('list', late);
      };
      bench.cloud.surprise('list', late);
      // another node that wants the same
      slot = {};
      should((await run()).outcome).equal('unchanged');
      should(bench.cloud.count('create')).equal(1);
      isRight();
      should(bench.clock.pauses).deepEqual([2000]);
    });

    it('posts once more where it was given up, and the list never shows it', async () => {
      const stopping = new AbortController();
      bench.cloud.fail('create', 'hang');
      const { hooks } = bench.account();
      const first = ensure(hooks, organization, desire(), slot, { clock: bench.clock, signal: stopping.signal });
      await bench.cloud.arrived('create', 1);
      stopping.abort(new Error('deployed anew'));
      await should(first).be.rejectedWith('deployed anew');
      should((await run()).outcome).equal('created');
      should(bench.clock.pauses).deepEqual([2000, 5000]);
      isRight();
      // known by now
      slot = {};
      bench.cloud.uproot(ours()[0]?.id ?? '');
      should((await run()).outcome).equal('created');
      should(bench.clock.pauses).have.length(2);
    });

    it('does not wait where the POST was certainly refused', async () => {
      bench.cloud.fail('create', 'refused');
      await failure();
      await run();
      should(bench.clock.pauses).be.empty();
      isRight();
    });

    it('makes no second one when the list fails too', async () => {
      bench.cloud.fail('create', 'lost-answer');
      bench.cloud.surprise('create', () => bench.cloud.fail('list', 'forbidden'));
      should((await failure()).code).equal('pdk-forbidden');
      bench.cloud.recover();
      should((await run()).outcome).equal('unchanged');
      isRight();
    });
  });

  describe('with tokens that do not last', () => {
    it('goes on with a new one where the cloud refuses the old one half-way, without starting again', async () => {
      bench.cloud.surprise('create', () => bench.cloud.revokeTokens());
      should((await run()).outcome).equal('created');
      isRight();
      should([bench.cloud.count('token'), bench.cloud.count('list'), bench.cloud.count('create')]).deepEqual([2, 1, 2]);
    });

    it('asks for one before every call where they last no longer than that', async () => {
      await bench.stop();
      await start({ tokenSeconds: 20 });
      await run();
      isRight();
      should(bench.cloud.count('token')).equal(2);
    });

    it('asks for one when the old one expires between two calls', async () => {
      bench.cloud.surprise('list', () => bench.clock.advance(271_000));
      // the hands pass the deadline of the list, too
      await run();
      isRight();
      should(bench.cloud.count('token')).equal(2);
    });

    it('gives up at the second 401 in a row', async () => {
      bench.cloud.fail('create', 'unauthorized', 2);
      should(await failure()).have.properties({ code: 'pdk-unauthorized', status: 401, retryable: false });
      should(ours()).be.empty();
      should(bench.cloud.count('create')).equal(2);
    });
  });

  it('makes one of a hundred at the same time, from several accounts and with nothing remembered', async () => {
    const accounts = [bench.account(), bench.account(), bench.account()];
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        inTurn(`test ${organization}`, signal, () => {
          const { hooks } = accounts[index % accounts.length] ?? bench.account();
          return ensure(hooks, organization, desire(), {}, { clock: bench.clock, signal });
        }),
      ),
    );
    should(outcomes.filter(({ outcome }) => outcome === 'created')).have.length(1);
    should(outcomes.filter(({ outcome }) => outcome === 'unchanged')).have.length(99);
    isRight();
    should(bench.cloud.count('token')).equal(accounts.length);
  });

  describe('when the cloud misbehaves once', () => {
    const hanging: readonly CloudFault[] = ['hang', 'hang-after'];
    const final: Readonly<Partial<Record<CloudFault, string>>> = {
      forbidden: 'pdk-forbidden',
      refused: 'pdk-refused',
      nonsense: 'pdk-answer-unreadable',
      redirect: 'pdk-redirected',
    };
    for (const operation of ['token', 'list', 'create', 'update'] as const) {
      for (const fault of cloudFaults) {
        it(`${fault} at ${operation}: right at last, or an error that says so`, async () => {
          if (operation === 'update') bench.cloud.plant(organization, { ...desire(), secrecyLevel: 0 });
          bench.cloud.fail(operation, fault);
          const attempt = run().then(
            () => undefined,
            (thrown: PdkCloudError) => thrown,
          );
          if (hanging.includes(fault)) {
            await bench.cloud.arrived(operation, 1);
            bench.clock.advance(operation === 'token' ? 60_000 : 10_000);
          }
          const error = await attempt;
          if (error !== undefined) {
            should(error.code).be.oneOf(final[fault], 'pdk-not-found', 'pdk-login-refused', 'pdk-server-error');
            should(error.message).match(/^(GET|POST|PUT) http/);
            should(error.message).not.containEql(secret);
            bench.cloud.recover();
            // a login that was refused is not tried again at once
            bench.clock.advance(11_000);
            await run();
          }
          isRight();
        });
      }
    }
  });

  it('holds whatever goes wrong, in any order', async function () {
    this.timeout(60_000);
    const happening = fc.record({
      on: fc.constantFrom<CloudOperation>('list', 'create', 'update', 'get', 'token'),
      fault: fc.constantFrom(...cloudFaults.filter((fault) => !fault.startsWith('hang'))),
      times: fc.integer({ min: 1, max: 4 }),
    });
    const step = fc.record({
      happenings: fc.array(happening, { maxLength: 3 }),
      forgets: fc.boolean(),
      edit: fc.constantFrom('none', 'deactivate', 'delete', 'revoke'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        await bench.stop();
        await start();
        const account = bench.account();
        for (const { happenings, forgets, edit } of steps) {
          for (const { on, fault, times } of happenings) bench.cloud.fail(on, fault, times);
          if (forgets) slot = {};
          const [hook] = ours();
          if (edit === 'deactivate' && hook) hook.active = false;
          if (edit === 'delete' && hook) bench.cloud.uproot(hook.id);
          if (edit === 'revoke') bench.cloud.revokeTokens();
          await run(desire(), account).catch(() => undefined);
          should(ours().length).be.belowOrEqual(1);
          bench.clock.advance(11_000);
        }
        bench.cloud.recover();
        await run(desire(), account);
        isRight();
        should(foreignNow()).equal(before);
      }),
      cases(60),
    );
  });

  it('ends at once when nobody wants it any more, with a call under way', async () => {
    const stopping = new AbortController();
    bench.cloud.fail('list', 'hang');
    const account = bench.account();
    const running = ensure(account.hooks, organization, desire(), slot, {
      clock: bench.clock,
      signal: stopping.signal,
    });
    await bench.cloud.arrived('list', 1);
    stopping.abort(new Error('the node was closed'));
    await should(running).be.rejectedWith('the node was closed');
    should(ours()).be.empty();
    await account.close();
    should(bench.clock.running).equal(0);
  });
});
