/** A new secret through everything that can come between: the webhook node believes what PDK signs with, at every moment. */
import should from 'should';
import { readHookSettings } from '../../nodes/pdk/hook-settings';
import { HookMemory, isKept, toKept, work, type Answer, type Workplace } from '../../nodes/pdk/hook-work';
import type { Asked } from '../../nodes/pdk/hook-message';
import { Keys, type Renewal } from '../../nodes/pdk/keys';
import type { WebhookIn } from '../../nodes/pdk/webhook-node';
import type { Safe } from '../../nodes/safe';
import type { OperationName } from '../../nodes/pdk/hook-settings';
import { Bench, organization, secret } from '../vendors/pdk/cloud/bench';

const hourMs = 3_600_000;

class Box implements Safe<Renewal> {
  kept: Renewal | undefined;
  readonly read = (): Renewal | undefined => this.kept;
  readonly write = async (value: Renewal): Promise<void> => {
    this.kept = value;
  };
  readonly forget = async (): Promise<void> => {
    this.kept = undefined;
  };
}

describe('a new secret for PDK and the webhook node', () => {
  let bench: Bench;
  let box: Box;
  let keys: Keys;
  let memory: HookMemory;
  /** What is on the disk. */
  let kept: unknown;
  let closing: AbortController;
  let place: Workplace;

  /** As a Deploy or a restart builds the webhook node. */
  const openWebhook = (): void => {
    keys = new Keys({ secret, previousSecret: '', acceptUnsigned: false }, box, bench.clock);
  };
  const webhookOf = (own: Keys): WebhookIn => ({
    isListening: true,
    publicUrl: 'https://listener.example.com/base',
    urlPath: '/pdk/x',
    topics: ['door.request.*'],
    get secrets() {
      return { current: own.secret, previous: own.previousSecret };
    },
    acceptsUnsigned: false,
    access: { networks: [], proxies: [] },
    renewSecret: async (next, graceMs = 24 * hourMs) => {
      const undo = await own.renew(next, graceMs);
      return () => undo(keys);
    },
    endPrevious: (graceMs) => own.endPrevious(graceMs),
  });
  const openManager = (): void => {
    closing = new AbortController();
    const def = { operation: 'msg', account: 'a', webhook: ['w'], publicUrl: 'https://doors.example.com' };
    const account = bench.accounts[0] ?? bench.account();
    place = {
      settings: readHookSettings(def as never, {}),
      memory,
      clock: bench.clock,
      signal: closing.signal,
      account: () => ({ account, organization }),
      webhook: () => webhookOf(keys),
      keep: async () => {
        kept = JSON.parse(JSON.stringify(toKept(memory)));
      },
    };
  };
  const restart = (): void => {
    openWebhook();
    memory = new HookMemory();
    if (isKept(kept)) memory.remember(kept);
    openManager();
  };
  const run = (operation: Exclude<OperationName, 'watch'>, asked: Asked = {}): Promise<Answer> =>
    work(operation, asked, place);
  const signed = (): unknown => bench.cloud.hooks[0]?.fields.secret;
  /** What PDK signs now passes, and so does what it has signed before. */
  const isBelieved = (...secrets: readonly unknown[]): void => {
    for (const each of [signed(), ...secrets]) should([keys.secret, keys.previousSecret]).containEql(each);
  };

  beforeEach(async () => {
    bench = await Bench.start();
    box = new Box();
    kept = undefined;
    memory = new HookMemory();
    openWebhook();
    openManager();
    await run('ensure');
    await place.keep();
  });
  afterEach(() => bench.stop());

  it('goes to the public address of the node, else to that of the listener', async () => {
    should(bench.cloud.hooks[0]?.fields.url).equal('https://doors.example.com/pdk/x');
    place = { ...place, settings: { ...place.settings, publicUrl: '' } };
    await run('ensure');
    should(bench.cloud.hooks[0]?.fields.url).equal('https://listener.example.com/base/pdk/x');
  });

  it('takes the place of the one before, which counts for as long as the dialog says from then on', async () => {
    await run('rotate');
    should(signed()).equal(keys.secret).and.not.equal(secret);
    isBelieved(secret);
    should(memory.isRotating).be.false();
    bench.clock.advance(24 * hourMs);
    isBelieved();
    should(keys.previousSecret).equal('');
  });

  for (const fault of ['cut', 'lost-answer'] as const) {
    it(`lets the one before count until PDK is known to have the new one, however long that takes (${fault})`, async () => {
      bench.cloud.fail('update', fault, 4);
      await should(run('rotate')).be.rejectedWith({ retryable: true });
      bench.clock.advance(1000 * hourMs);
      isBelieved(secret);
      restart();
      isBelieved(secret);
      should(memory.isRotating).be.true();
      await run('ensure');
      should(signed()).equal(keys.secret).and.not.equal(secret);
      bench.clock.advance(24 * hourMs);
      isBelieved();
      should(keys.previousSecret).equal('');
      restart();
      isBelieved();
    });
  }

  it('is ended by the next rotation where Node-RED ended in the middle of the first', async () => {
    bench.cloud.fail('update', 'hang');
    const lost = run('rotate');
    await bench.cloud.arrived('update', 1);
    const begun = keys.secret;
    closing.abort(new Error('ended'));
    await should(lost).be.rejectedWith('ended');
    // what was written down before the call is all that is known
    restart();
    isBelieved(secret);
    await run('rotate');
    should(signed()).equal(begun).and.equal(keys.secret);
    isBelieved(secret);
    bench.clock.advance(24 * hourMs);
    isBelieved();
  });

  it('is ended by the next rotation where a Deploy closed the node in the middle of the first', async () => {
    bench.cloud.fail('update', 'hang-after');
    const first = run('rotate');
    await bench.cloud.arrived('update', 1);
    closing.abort(new Error('deployed anew'));
    await should(first).be.rejectedWith('deployed anew');
    openWebhook();
    openManager();
    isBelieved(secret);
    await run('rotate');
    should(signed()).equal(keys.secret);
    isBelieved(secret);
  });

  it('is one where rotation is asked for twice at once: a third would drive the first out', async () => {
    const outcomes = await Promise.allSettled([run('rotate'), run('rotate')]);
    should(outcomes.map(({ status }) => status)).deepEqual(['fulfilled', 'rejected']);
    should(outcomes[1]).have.propertyByPath('reason', 'code').equal('rotation-under-way');
    isBelieved(secret);
  });

  it('is given to the webhook node that runs when its turn comes', async () => {
    // it is deployed anew while the list is read
    bench.cloud.surprise('list', openWebhook);
    await run('rotate');
    should(signed()).not.equal(secret);
    isBelieved(secret);
  });

  it('is taken back from the webhook node that runs by then', async () => {
    bench.cloud.fail('update', 'forbidden');
    bench.cloud.surprise('update', openWebhook);
    await should(run('rotate')).be.rejectedWith({ status: 403 });
    should([keys.secret, keys.previousSecret]).deepEqual([secret, '']);
    should(memory.isRotating).be.false();
    openWebhook();
    should([keys.secret, keys.previousSecret]).deepEqual([secret, '']);
    await run('rotate');
    isBelieved(secret);
  });

  it('is not begun where a restart would forget that it was', async () => {
    place = { ...place, keep: () => Promise.reject(new Error('no space left')) };
    await should(run('rotate')).be.rejectedWith('no space left');
    should(bench.cloud.count('update')).equal(0);
    should([keys.secret, keys.previousSecret]).deepEqual([secret, '']);
    should(memory.isRotating).be.false();
  });

  it('goes on being under way where a message ensures with a secret of its own', async () => {
    bench.cloud.fail('update', 'lost-answer', 4);
    await should(run('rotate')).be.rejected();
    await run('ensure', { secret });
    should(memory.isRotating).be.true();
    isBelieved(secret);
  });

  it('leaves a previous one alone that a person has put into the dialog', async () => {
    keys = new Keys({ secret, previousSecret: 'of-a-person', acceptUnsigned: false }, box, bench.clock);
    await run('ensure');
    bench.clock.advance(1000 * hourMs);
    should(keys.previousSecret).equal('of-a-person');
  });

  for (const secrets of ['masked', 'absent'] as const) {
    it(`goes with every change of the subscription where PDK gives secrets ${secrets}`, async () => {
      await bench.stop();
      bench = await Bench.start({ secrets });
      openManager();
      await run('ensure');
      const id = String(bench.cloud.hooks[0]?.id);
      await run('update', { id, active: false });
      should(bench.cloud.hooks[0]).have.property('active', false);
      isBelieved();
      const foreign = bench.cloud.plant(organization, { ...bench.cloud.hooks[0]?.fields, secret: 'of-somebody-else' });
      await run('update', { id: foreign.id, active: false }).catch(() => undefined);
      should(foreign.fields.secret).not.equal(secret);
    });
  }

  it('changes topics by patterns, and refuses two families at once', async () => {
    const id = String(bench.cloud.hooks[0]?.id);
    await run('update', { id, topics: ['door.forced', 'door.alarm.forced*'] });
    should(bench.cloud.hooks[0]?.fields.events).deepEqual([
      'door.alarm.forced',
      'door.alarm.forced.cleared',
      'door.forced',
    ]);
    const before = bench.cloud.requests.length;
    for (const topics of [['*'], ['nothing.*'], []]) {
      await should(run('update', { id, topics })).be.rejectedWith({ code: 'setting-invalid', place: 'events' });
    }
    should(bench.cloud.requests).have.length(before);
  });
});
