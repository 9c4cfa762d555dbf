/** Posts that come while nodes restart: they wait, and go to the nodes that come back. */
import should from 'should';
import { startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { connect, destroyClients, head, post, type RawClient } from '../support/http-client';
import { closeTestListeners, openTestListener, type TestListener } from '../support/http-listener';
import { Recorder } from '../support/http-recorder';
import { Access } from '../../src/http/access';

describe('a post that comes while its node restarts', () => {
  let server: TestListener;
  let clock: FakeClock;
  let leave: (isExpectedBack?: boolean) => void;
  let old: Recorder;
  const path = '/deployed';

  const open = async (limits = {}): Promise<void> => {
    clock = new FakeClock(startMs);
    server = await openTestListener({ clock, limits: { holdMs: 10_000, holdBytes: 1000, bodyBytes: 2000, ...limits } });
    old = new Recorder();
    leave = server.routes.add(path, old, server.rules);
  };
  beforeEach(() => open());
  afterEach(async () => {
    destroyClients();
    await closeTestListeners();
  });

  const send = (body: string): RawClient => connect(server.port).send(post(body, {}, path));
  /** Until so many bytes wait. */
  const untilHeld = async (bytes: number): Promise<void> => {
    while (server.hold.heldBytes < bytes) await new Promise((resolve) => setImmediate(resolve));
  };
  const restart = (): void => {
    server.hold.begin();
    leave(true);
  };
  const end = (): void => {
    server.routes.forgetReturning();
    server.hold.end();
    clock.advance(0);
  };

  it('waits, and goes to the new node in the order in which it came', async () => {
    restart();
    const clients = [];
    for (let count = 0; count < 20; count++) {
      clients.push(send(`<a>${String(count).padStart(2, '0')}</a>`));
      await untilHeld((count + 1) * 9);
    }
    should(clients.every(({ replies }) => replies.items.length === 0)).equal(true);
    const next = new Recorder();
    server.routes.add(path, next, server.rules);
    should(next.posts.items).be.empty();
    end();
    const replies = await Promise.all(clients.map((client) => client.reply()));
    should(replies.every(({ status }) => status === 200)).equal(true);
    should(next.posts.items.map(({ body }) => body.toString())).deepEqual(
      clients.map((_, count) => `<a>${String(count).padStart(2, '0')}</a>`),
    );
    should(old.posts.items).be.empty();
    should(server.ledger.held).equal(20);
    should(server.ledger.accepted).equal(20);
    should(server.hold.heldBytes).equal(0);
  });

  it('waits also where its own node stays: those behind it may not stand yet', async () => {
    server.hold.begin();
    const client = send('<a/>');
    await untilHeld(4);
    should(old.posts.items).be.empty();
    end();
    should((await client.reply()).status).equal(200);
    should(old.posts.items).have.length(1);
  });

  it('has the time of its receipt, not of its delivery', async () => {
    restart();
    const client = send('<a/>');
    await untilHeld(4);
    clock.advance(3000);
    const next = new Recorder();
    server.routes.add(path, next, server.rules);
    end();
    await client.reply();
    should(next.posts.items[0]?.receivedAt).equal(startMs);
  });

  it('is 404 where its node was deleted', async () => {
    server.hold.begin();
    leave(false);
    should((await send('<a/>').reply()).status).equal(404);
  });

  it('is 404 where its node did not come back', async () => {
    restart();
    const client = send('<a/>');
    await untilHeld(4);
    end();
    should((await client.reply()).status).equal(404);
    should(server.ledger.requests[0]?.excerpt).equal('<a/>');
  });

  it('is judged by the rules of the new node', async () => {
    restart();
    const client = send('<a/>');
    await untilHeld(4);
    const next = new Recorder();
    const access = new Access({ networks: ['192.0.2.1'], proxies: [] });
    server.routes.add(path, next, { ...server.rules, access });
    end();
    should((await client.reply()).status).equal(403);
    should(next.posts.items).be.empty();
  });

  it('waits no longer than it may: then it is 503, with a time to come back', async () => {
    restart();
    const client = send('<a/>');
    await untilHeld(4);
    clock.advance(9_999);
    should(client.replies.items).be.empty();
    clock.advance(1);
    const reply = await client.reply();
    should(reply.status).equal(503);
    should(reply.headers['retry-after']).match(/^\d+$/);
    // and so is the next one, at once, as long as the restart takes
    should((await send('<b/>').reply()).status).equal(503);
    should(server.ledger.refused).deepEqual({ restarting: 2 });
    server.routes.forgetReturning();
    should((await send('<b/>').reply()).status).equal(404);
  });

  it('goes through after that time where its node had stayed', async () => {
    server.hold.begin();
    const client = send('<a/>');
    await untilHeld(4);
    clock.advance(10_000);
    should((await client.reply()).status).equal(200);
    should((await send('<b/>').reply()).status).equal(200);
  });

  it('is 503 where no more may wait, and those that wait are not lost by it', async () => {
    restart();
    const first = send('x'.repeat(900));
    await untilHeld(900);
    const reply = await send('y'.repeat(101)).reply();
    should(reply.status).equal(503);
    should(reply.headers['retry-after']).match(/^\d+$/);
    const next = new Recorder();
    server.routes.add(path, next, server.rules);
    end();
    should((await first.reply()).status).equal(200);
    should(next.posts.items).have.length(1);
  });

  it('is 503 where thousands wait, though none has a body', async () => {
    server.hold.begin();
    const countOf = (caller: string): number => {
      let count = 0;
      while (server.hold.keep(caller, 0, () => undefined)) count += 1;
      return count;
    };
    should(countOf('192.0.2.1')).equal(5000); // half, so that others have room
    should(countOf('127.0.0.1')).equal(5000);
    should((await send('').reply()).status).equal(503);
  });

  it('is refused at once where its sender may not call, and takes no room from those who may', async () => {
    const rules = { ...server.rules, access: new Access({ networks: ['192.0.2.1'], proxies: [] }) };
    const goAway = server.routes.add('/guarded', new Recorder(), rules);
    server.hold.begin();
    goAway(true);
    should(
      (
        await connect(server.port)
          .send(post('<a/>', {}, '/guarded'))
          .reply()
      ).status,
    ).equal(403);
    should(server.hold.heldBytes).equal(0);
    should(server.ledger.refused).deepEqual({ 'address-not-allowed': 1 });
  });

  it('waits where any node of its path would have it, and is taken by all that would', async () => {
    const rules = { ...server.rules, access: new Access({ networks: ['192.0.2.1'], proxies: [] }) };
    server.routes.add(path, new Recorder(), rules); // stays, and takes nothing from here
    restart();
    const client = send('<a/>');
    await untilHeld(4);
    const next = new Recorder();
    server.routes.add(path, next, server.rules);
    end();
    should((await client.reply()).status).equal(200);
    should(next.posts.items).have.length(1);
  });

  it('is delivered although the device did not wait for the answer', async () => {
    restart();
    const client = send('<a/>');
    await untilHeld(4);
    client.destroy();
    const next = new Recorder();
    server.routes.add(path, next, server.rules);
    end();
    should(next.posts.items.map(({ body }) => body.toString())).deepEqual(['<a/>']);
  });

  it('may begin before the restart and end after it', async () => {
    const client = connect(server.port).send(head(`POST ${path}`, 4), '<a');
    while (server.inFlight.usedBytes < 2) await new Promise((resolve) => setImmediate(resolve));
    restart();
    const next = new Recorder();
    server.routes.add(path, next, server.rules);
    end();
    client.send('/>');
    should((await client.reply()).status).equal(200);
    should(next.posts.items).have.length(1);
  });

  it('is not held where nobody wants that', async () => {
    await open({ holdMs: 0 });
    server.hold.begin();
    should((await send('<a/>').reply()).status).equal(200);
    restart();
    should((await send('<a/>').reply()).status).equal(503);
  });

  it('of which there are thousands does not stop everything when they go on', async () => {
    await open({ holdBytes: 1_000_000 });
    server.hold.begin();
    for (let count = 0; count < 3; count++) {
      old.deliver = (taken): undefined => {
        old.posts.add(taken);
        clock.advance(9); // it takes its time
      };
      send('<a/>');
      await untilHeld((count + 1) * 4);
    }
    server.hold.end();
    // one has gone on, and the others let everything else have its turn before them
    should(old.posts.items).have.length(1);
    should(server.hold.isHolding).equal(true);
    for (let turn = 0; turn < 3; turn++) clock.advance(0);
    should(old.posts.items).have.length(3);
    should(server.hold.isHolding).equal(false);
  });
});
