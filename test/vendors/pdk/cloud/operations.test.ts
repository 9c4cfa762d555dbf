/** All operations on an account: what they answer, what they change, and that no answer tells a secret. */
import should from 'should';
import * as operations from '../../../../src/vendors/pdk/cloud/operations';
import type { Desk, Wish } from '../../../../src/vendors/pdk/cloud/operations';
import { findChanges, Watch } from '../../../../src/vendors/pdk/cloud/watch';
import type { CloudOptions } from '../../../../simulators/pdk/cloud-options';
import { standardOrganizations } from '../../../../simulators/pdk/cloud-options';
import { Bench, desire, organization, secret } from './bench';

const newSecret = 'the-new-secret-of-this-subscription';
const password = 'p4ssw0rd-of-this-test';

describe('the operations', () => {
  let bench: Bench;
  let desk: Desk;
  let told: string;

  async function start(options: CloudOptions = {}): Promise<void> {
    await bench?.stop();
    bench = await Bench.start(options);
    desk = makeDesk();
    told = '';
  }
  const makeDesk = (): Desk => ({
    account: bench.account(),
    organization,
    slots: { panel: {}, organization: {} },
    clock: bench.clock,
    signal: new AbortController().signal,
  });
  const wish =
    (fields: Partial<Wish> = {}): (() => Wish) =>
    () => {
      const { events, ...rest } = desire();
      return { ...rest, topics: events, ...fields };
    };
  /** What leaves the node is searched for secrets at the end. */
  async function tell<T>(answer: Promise<T>): Promise<T> {
    try {
      const found = await answer;
      told += JSON.stringify(found);
      return found;
    } catch (thrown) {
      told += `${String(thrown)} ${JSON.stringify(thrown)}`;
      throw thrown;
    }
  }
  const fieldsOf = (id: string): Readonly<Record<string, unknown>> | undefined =>
    bench.cloud.hooks.find((hook) => hook.id === id)?.fields;

  beforeEach(() => start());
  afterEach(async () => {
    for (const word of [secret, newSecret, password, 'simulated-client-secret', 'id-token-']) {
      should(told).not.containEql(word);
    }
    await bench.stop();
  });

  it('list and get tell everything but secrets', async () => {
    const authentication = { type: 'Basic', user: 'pdk', password };
    const { id } = bench.cloud.plant(organization, { ...desire(), authentication, expiresAt: '2031-02-04T00:00:00Z' });
    const [only, ...others] = await tell(operations.list(desk));
    should(others).be.empty();
    should(only).deepEqual({
      id,
      name: 'Node-RED doors',
      url: 'https://doors.example.com/pdk/x',
      scope: 'ou',
      family: 'panel',
      events: ['door.request.allowed', 'door.request.denied'],
      authentication: { type: 'Basic', user: 'pdk' },
      hasSecret: true,
      active: true,
      sslVerification: true,
      secrecyLevel: 1,
      expiresAt: '2031-02-04T00:00:00Z',
      isExpired: false,
      userId: '644a19ba6e22d40001ee0732',
      odometer: 0,
    });
    should(await tell(operations.get(desk, id))).deepEqual(only);
    bench.clock.advance(48 * 3600_000);
    should(await operations.get(desk, id)).have.properties({ active: false, isExpired: true });
  });

  it('hide a secret that somebody has put into an address or a name', async () => {
    bench.cloud.plant(organization, { ...desire(), url: `https://doors.example.com/?key=${secret}`, name: secret });
    bench.cloud.plant(organization, { ...desire(), url: `https://user:${password}@doors.example.com/` });
    const [first, second] = await tell(operations.list(desk));
    should([first?.name, second?.url]).deepEqual(['***', 'https://doors.example.com/']);
  });

  it('hide it where the address has it in its own writing', async () => {
    const odd = 'a secret/with+odd=letters';
    bench.cloud.plant(organization, {
      ...desire(),
      url: `https://doors.example.com/?key=${encodeURIComponent(odd)}`,
      secret: odd,
    });
    should((await tell(operations.list(desk)))[0]?.url).equal('https://doors.example.com/?key=***');
  });

  it('ensure takes over none that another node looks after, unless it is meant by address and name', async () => {
    const [first] = (await operations.ensureAll(desk, wish())).subscriptions;
    const other = { ...makeDesk(), isOthers: (id: string) => id === first?.id };
    const [second] = (await operations.ensureAll(other, wish({ name: 'of another node' }))).subscriptions;
    should(second?.outcome).equal('created');
    should(bench.cloud.hooks.map(({ fields }) => fields.name)).deepEqual(['Node-RED doors', 'of another node']);
    const twin = { ...makeDesk(), isOthers: (id: string) => id === first?.id };
    should((await operations.ensureAll(twin, wish())).subscriptions[0]).have.properties({
      outcome: 'unchanged',
      id: first?.id,
    });
    should(bench.cloud.hooks).have.length(2);
  });

  it('ensure makes two of topics of both families, and finds each of them again', async () => {
    const both = wish({ topics: ['door.request.*', 'permission.*'] });
    const made = await tell(operations.ensureAll(desk, both));
    should(made.subscriptions.map(({ family, outcome, name }) => [family, outcome, name])).deepEqual([
      ['panel', 'created', 'Node-RED doors'],
      ['organization', 'created', 'Node-RED doors (organization)'],
    ]);
    const again = await operations.ensureAll(makeDesk(), both);
    should(again.subscriptions.map(({ outcome }) => outcome)).deepEqual(['unchanged', 'unchanged']);
    should(bench.cloud.hooks).have.length(2);
  });

  it('ensure leaves the one of the other family alone when topics come to it later', async () => {
    const first = await operations.ensureAll(desk, wish({ topics: ['permission.*'] }));
    const fresh = makeDesk();
    const both = await operations.ensureAll(fresh, wish({ topics: ['door.request.*', 'permission.*'] }));
    should(both.subscriptions.map(({ outcome }) => outcome)).deepEqual(['created', 'updated']);
    should(both.subscriptions[1]?.id).equal(first.subscriptions[0]?.id);
    should(bench.cloud.hooks).have.length(2);
  });

  it('ensure names the one that is not wanted any more, and leaves it', async () => {
    const both = await operations.ensureAll(desk, wish({ topics: ['door.request.*', 'permission.*'] }));
    const one = await tell(operations.ensureAll(desk, wish({ topics: ['door.request.*'] })));
    should(one.unwanted).deepEqual([both.subscriptions[1]?.id]);
    should(bench.cloud.hooks).have.length(2);
    await operations.remove(desk, one.unwanted[0] ?? '');
    should((await operations.ensureAll(desk, wish({ topics: ['door.request.*'] }))).unwanted).be.empty();
  });

  it('ensure changes nothing of two where one cannot be right', async () => {
    const both = wish({ topics: ['door.request.*', 'permission.*'], scope: ['10A0002'] });
    await should(tell(operations.ensureAll(desk, both))).be.rejectedWith({ place: 'scope' });
    should(bench.cloud.requests).be.empty();
  });

  it('ensure makes one of a hundred at the same time, from two nodes with an account each', async () => {
    const desks = [makeDesk(), makeDesk()];
    const warnings: string[] = [];
    const warn = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', warn);
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) => operations.ensureAll(desks[index % 2] ?? desk, wish())),
    );
    const outcomes = all.flatMap(({ subscriptions }) => subscriptions.map(({ outcome }) => outcome));
    should(outcomes.filter((outcome) => outcome === 'created')).have.length(1);
    should(bench.cloud.hooks).have.length(1);
    process.off('warning', warn);
    should(warnings).be.empty();
  });

  it('ensure takes the secret that is right when its turn comes', async () => {
    let current = secret;
    const readWish = (): Wish => wish({ secret: current })();
    bench.cloud.surprise('list', () => {
      current = newSecret;
    });
    await Promise.all([operations.ensureAll(desk, readWish), operations.ensureAll(desk, readWish)]);
    should(bench.cloud.hooks.map(({ fields }) => fields.secret)).deepEqual([newSecret]);
  });

  it('ensure goes to the organization that the account belongs to, where none is named', async () => {
    const { organization: where } = await operations.ensureAll({ ...desk, organization: 'mine' }, wish());
    should(where).equal(standardOrganizations[0]?.id);
    should(bench.cloud.hooks[0]?.organization).equal(where);
  });

  it('create makes another one, although there is an equal one, and only one where the answer is lost', async () => {
    const [first] = (await tell(operations.createAll(desk, wish()))).subscriptions;
    bench.cloud.fail('create', 'lost-answer');
    const [second] = (await tell(operations.createAll(desk, wish()))).subscriptions;
    should(second?.id).not.equal(first?.id);
    should(bench.cloud.hooks.map(({ id }) => id)).deepEqual([first?.id, second?.id]);
  });

  it('update changes what is given, and sends the rest as it is', async () => {
    const authentication = { type: 'Basic', user: 'pdk', password };
    const { id } = bench.cloud.plant(organization, { ...desire(), authentication });
    should(await tell(operations.change(desk, id, { active: false, name: 'off' }))).have.properties({
      id,
      active: false,
      name: 'off',
      hasSecret: true,
    });
    should(fieldsOf(id)).have.properties({ secret, authentication, events: desire().events });
  });

  it('update refuses to take a secret away that the cloud does not tell', async () => {
    await start({ secrets: 'masked' });
    const { id } = bench.cloud.plant(organization, { ...desire() });
    await should(tell(operations.change(desk, id, { active: false }))).be.rejectedWith({ place: 'secret' });
    await operations.change(desk, id, { active: false, secret });
    should(fieldsOf(id)?.secret).equal(secret);
  });

  it('update and get of none say that there is none', async () => {
    await should(tell(operations.change(desk, 'none', { active: false }))).be.rejectedWith({ status: 404 });
    await should(tell(operations.get(desk, 'none'))).be.rejectedWith({ code: 'pdk-not-found' });
  });

  it('delete is done where it was gone already', async () => {
    const { id } = bench.cloud.plant(organization, { ...desire() });
    should(await operations.remove(desk, id)).be.true();
    should(await operations.remove(desk, id)).be.false();
  });

  describe('rotate', () => {
    class Receiver {
      readonly believed: string[] = [secret];
      readonly steps: string[] = [];

      renew = async (next: string): Promise<() => Promise<void>> => {
        this.steps.push(`renew with ${bench.cloud.count('update')} PUTs`);
        this.believed.unshift(next);
        return async () => {
          this.steps.push('taken back');
          this.believed.shift();
        };
      };
    }
    const both = (next: string): (() => Wish) => wish({ topics: ['door.request.*', 'permission.*'], secret: next });

    it('has the receiver believe both before PDK is told, and gives all of them the new one', async () => {
      await operations.ensureAll(desk, both(secret));
      const receiver = new Receiver();
      const done = await tell(operations.rotateAll(desk, both(newSecret), receiver));
      should(done.subscriptions.map(({ changes }) => changes)).deepEqual([['secret'], ['secret']]);
      should(receiver.steps).deepEqual(['renew with 0 PUTs']);
      should(receiver.believed).deepEqual([newSecret, secret]);
      for (const { fields } of bench.cloud.hooks) should(fields.secret).equal(newSecret);
      should((await operations.ensureAll(desk, both(newSecret))).subscriptions[0]?.outcome).equal('unchanged');
    });

    it('takes it back where PDK has certainly not taken it', async () => {
      await operations.ensureAll(desk, both(secret));
      const receiver = new Receiver();
      bench.cloud.fail('update', 'forbidden');
      await should(tell(operations.rotateAll(desk, both(newSecret), receiver))).be.rejectedWith({ status: 403 });
      should(receiver.believed).deepEqual([secret]);
    });

    for (const fault of ['lost-answer', 'error-after'] as const) {
      it(`goes on believing both where nobody knows, and ensure ends it (${fault})`, async () => {
        await operations.ensureAll(desk, both(secret));
        const receiver = new Receiver();
        bench.cloud.fail('update', fault, 4);
        await should(tell(operations.rotateAll(desk, both(newSecret), receiver))).be.rejectedWith({ retryable: true });
        should(receiver.believed).deepEqual([newSecret, secret]);
        for (const { fields } of bench.cloud.hooks) should(receiver.believed).containEql(fields.secret);
        await operations.ensureAll(desk, both(newSecret));
        for (const { fields } of bench.cloud.hooks) should(fields.secret).equal(newSecret);
      });
    }

    it('goes on believing both where only the first of two has it', async () => {
      await operations.ensureAll(desk, both(secret));
      const receiver = new Receiver();
      bench.cloud.surprise('update', () =>
        bench.cloud.surprise('update', () => bench.cloud.uproot(desk.slots.organization.id ?? '')),
      );
      await should(tell(operations.rotateAll(desk, both(newSecret), receiver))).be.rejectedWith({ status: 404 });
      should(receiver.believed).deepEqual([newSecret, secret]);
    });

    it('changes nothing where there is no subscription yet', async () => {
      const receiver = new Receiver();
      await should(tell(operations.rotateAll(desk, both(newSecret), receiver))).be.rejectedWith({
        code: 'subscription-missing',
      });
      should(receiver.steps).be.empty();
    });
  });

  it('makes secrets that PDK takes, each another', () => {
    const made = new Set(Array.from({ length: 50 }, () => operations.makeSecret()));
    should(made.size).equal(50);
    for (const each of made) should(each).match(/^[\w-]{32}$/);
  });

  describe('watching', () => {
    it('speaks when a subscription is switched off, expires later, delivers, comes or goes', async () => {
      const panel = '10A0002';
      const kept = bench.cloud.plant(organization, { ...desire(), scope: 'ou', url: 'https://127.0.0.1:1/' });
      const gone = bench.cloud.plant(organization, { ...desire(), name: 'gone' });
      const before = await operations.list(desk);
      should(findChanges(before, await operations.list(desk))).be.empty();
      await bench.cloud.emit(panel, { topic: 'door.request.allowed', panelId: panel, id: '1' });
      kept.active = false;
      kept.fields = { ...kept.fields, expiresAt: '2032-01-01T00:00:00Z' };
      bench.cloud.uproot(gone.id);
      const { id } = bench.cloud.plant(organization, { ...desire(), name: 'new' });
      const changes = findChanges(before, await operations.list(desk));
      told += JSON.stringify(changes);
      should(changes.map(({ id: of, what }) => [of, what])).deepEqual([
        [kept.id, ['active', 'expiresAt', 'odometer']],
        [id, ['appeared']],
        [gone.id, ['gone']],
      ]);
      should(changes[0]).have.properties({
        active: { from: true, to: false },
        expiresAt: { from: undefined, to: '2032-01-01T00:00:00Z' },
        odometer: { from: 0, to: 1 },
      });
    });

    it('looks at once, then every interval, goes on after an error, and ends', async () => {
      const looks: string[] = [];
      const look = (): Promise<readonly operations.Desk[]> => Promise.reject(new Error('not now'));
      let fails = false;
      const watch = new Watch(bench.clock, 60_000, {
        look: () => (fails ? (look() as Promise<never>) : operations.list(desk)),
        onLook: (all, changes) => void looks.push(`${all.length} ${changes.length}`),
        onError: (error) => void looks.push(error.message),
      });
      await watch.look();
      bench.cloud.plant(organization, { ...desire() });
      fails = true;
      await watch.look();
      fails = false;
      await watch.look();
      should(looks).deepEqual(['0 0', 'not now', '1 1']);
      const listed = bench.cloud.count('list');
      await Promise.all([watch.look(), watch.look(), watch.look()]);
      should(bench.cloud.count('list')).equal(listed + 2, 'the second and the third share one after the first');
      const before = bench.cloud.count('list');
      bench.clock.advance(59_999);
      should(bench.cloud.count('list')).equal(before);
      bench.clock.advance(1);
      await bench.cloud.arrived('list', before + 1);
      watch.close();
      bench.clock.advance(600_000);
      should(bench.cloud.count('list')).equal(before + 1);
    });

    it('looks once at a time, however often it is asked, and leaves no timer behind', async () => {
      const answers: (() => void)[] = [];
      const watch = new Watch(bench.clock, 60_000, {
        look: () =>
          new Promise((resolve) => {
            answers.push(() => resolve([]));
          }),
        onLook: () => undefined,
        onError: () => undefined,
      });
      const first = watch.look();
      const others = Promise.all([watch.look(), watch.look(), watch.look()]);
      should(answers).have.length(1);
      answers[0]?.();
      await first;
      while (answers.length < 2) await Promise.resolve();
      answers[1]?.();
      await others;
      should(answers).have.length(2);
      should(bench.clock.running).equal(1);
      watch.close();
      should(bench.clock.running).equal(0);
      await watch.look();
      should(answers).have.length(2);
    });

    it('tells of none that it is gone which has only moved from one page to another', async () => {
      const { id } = bench.cloud.plant(organization, { ...desire() });
      const heard: string[] = [];
      let misses = 0;
      const watch = new Watch(bench.clock, 60_000, {
        look: async () => {
          const all = await operations.list(desk);
          misses -= 1;
          return misses >= 0 ? [] : all;
        },
        onLook: (all, changes) => void heard.push(`${all.length}`, ...changes.flatMap(({ what }) => what)),
        onError: (error) => void heard.push(error.message),
      });
      await watch.look();
      misses = 1;
      await watch.look();
      bench.cloud.uproot(id);
      await watch.look();
      should(heard).deepEqual(['1', '1', '0', 'gone']);
      watch.close();
    });
  });
});
