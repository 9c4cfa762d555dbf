/** Opening the port: in use, free again, and given up in between. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import should from 'should';
import { startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { connect, destroyClients, post } from '../support/http-client';
import { closeTestListeners, createTestListener, openTestListener } from '../support/http-listener';

const others = new Set<Server>();

/** Another program on that port. */
async function occupy(port = 0): Promise<{ readonly port: number; leave(): Promise<void> }> {
  const other: Server = createServer().listen(port, '127.0.0.1');
  others.add(other);
  await once(other, 'listening');
  return {
    port: (other.address() as AddressInfo).port,
    leave: async () => {
      others.delete(other);
      const closed = once(other, 'close');
      other.close();
      await closed;
    },
  };
}

describe('the listener, opening its port', () => {
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
    for (const other of others) other.close();
    others.clear();
  });

  it('says which address and port it has', async () => {
    const { states } = await openTestListener();
    should(states.items.map((state) => state.is)).deepEqual(['opening', 'listening']);
    should(states.items[1]).have.property('host', '127.0.0.1');
    should(states.items[1]).have.property('port').which.is.above(0);
  });

  it('says what to do where the port is in use, and that it tries again', async () => {
    const other = await occupy();
    const clock = new FakeClock(startMs);
    const { listener, states } = createTestListener({ port: other.port, clock });
    listener.open();
    const [, failed] = await states.until(2);
    should(failed?.is).equal('failed');
    if (failed?.is !== 'failed') return;
    should(failed.error.code).equal('port-in-use');
    should(failed.error.retryable).equal(true);
    should(failed.error.message).match(new RegExp(`127\\.0\\.0\\.1:${other.port} is in use .* choose another port`));
  });

  it('waits longer after every failure, at most half a minute', async () => {
    const other = await occupy();
    const clock = new FakeClock(startMs);
    const { listener, states } = createTestListener({ port: other.port, clock });
    listener.open();
    let seen = 2;
    for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]) {
      await states.until(seen);
      clock.advance(waitMs - 1);
      should(states.items).have.length(seen);
      clock.advance(1);
      seen += 2;
    }
    await states.until(seen);
    should(clock.running).equal(1);
  });

  it('listens at the next try after the port is free, and serves', async () => {
    const other = await occupy();
    const clock = new FakeClock(startMs);
    const { listener, states, recorder } = createTestListener({ port: other.port, clock });
    listener.open();
    await states.until(2);
    clock.advance(1000);
    await states.until(4);
    await other.leave();
    clock.advance(2000);
    await states.until(6);
    should(states.items.map((state) => state.is)).deepEqual([
      'opening',
      'failed',
      'opening',
      'failed',
      'opening',
      'listening',
    ]);
    should(clock.running).equal(0);
    should((await connect(other.port).send(post('<a/>')).reply()).status).equal(200);
    should(recorder.posts.items).have.length(1);
  });

  it('stops trying when it is closed in between', async () => {
    const other = await occupy();
    const clock = new FakeClock(startMs);
    const { listener, states } = createTestListener({ port: other.port, clock });
    listener.open();
    await states.until(2);
    await listener.close();
    should(clock.running).equal(0);
    clock.advance(60_000);
    listener.open();
    await turn();
    should(states.items).have.length(2);
    await other.leave();
    await (await occupy(other.port)).leave();
  });

  it('stays closed when it is closed before the port is open', async () => {
    const other = await occupy();
    await other.leave();
    const { listener, states } = createTestListener({ port: other.port });
    listener.open();
    await listener.close();
    // the address is looked up on the next turn, even where it is one
    for (let turns = 0; turns < 5; turns++) await turn();
    should(states.items.map((state) => state.is)).deepEqual(['opening']);
    await (await occupy(other.port)).leave();
  });

  it('says what is wrong with an address that this machine has not', async () => {
    const { listener, states } = createTestListener({ host: '192.0.2.1', clock: new FakeClock(startMs) });
    listener.open();
    const [, failed] = await states.until(2);
    should(failed?.is === 'failed' && failed.error.code).equal('port-not-opened');
    should(failed?.is === 'failed' && failed.error.message).match(/192\.0\.2\.1 is no address of this machine/);
  });

  it('says what is wrong with a port that is no port, and does not throw', async () => {
    const { listener, states } = createTestListener({ port: 70_000, clock: new FakeClock(startMs) });
    should(() => listener.open()).not.throw();
    const [, failed] = await states.until(2);
    should(failed?.is).equal('failed');
  });

  it('writes the address of an IPv4 caller as IPv4, where it listens on all addresses', async () => {
    const { port, recorder } = await openTestListener({ host: '' });
    await connect(port).send(post('<a/>')).reply();
    should((await recorder.posts.until(1))[0]?.address).equal('127.0.0.1');
  });

  const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
  for (const host of hasIPv6 ? ['::1', '::', ''] : []) {
    it(`takes an IPv6 caller, listening on "${host}"`, async () => {
      const { port, recorder } = await openTestListener({ host });
      should((await connect(port, '::1').send(post('<a/>')).reply()).status).equal(200);
      should((await recorder.posts.until(1))[0]?.address).equal('::1');
    });
  }
});
