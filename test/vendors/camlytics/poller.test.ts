/** How one Camlytics is asked: at its pace, from the right place, and what is said when something is wrong. */
import should from 'should';
import type { Behaviour } from '../../../simulators/camlytics/server';
import { lobby, dock } from '../../../simulators/camlytics/database';
import type { PollSettings } from '../../../src/vendors/camlytics/poller';
import { readState } from '../../../src/vendors/camlytics/cursor';
import { Rig } from '../../support/camlytics';

const minuteMs = 60_000;

describe('the poller of Camlytics', () => {
  let rig: Rig;
  const start = async (behaviour: Partial<Behaviour> = {}, settings: Partial<PollSettings> = {}, stored = 0) => {
    rig = await Rig.start(behaviour, settings);
    add(stored);
    return rig;
  };
  const add = (count: number, type = 'ObjectAppear'): void => {
    for (let added = 0; added < count; added++) rig.database.add({ type });
  };
  const range = (from: number, to: number): readonly number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);
  afterEach(async () => {
    await rig.close();
    should(rig.clock.running).equal(0);
    should(rig.most).be.belowOrEqual(1);
  });

  describe('asks so many times in ten quiet minutes', () => {
    for (const [what, behaviour, least, most, stored] of [
      ['a server that waits', {}, 35, 50, 5],
      ['a server that waits, and has nothing yet', {}, 35, 50, 0],
      ['a server that does not wait', { waits: false }, 590, 625, 5],
      ['a server that waits, and whose sinceId is inclusive', { sinceId: 'inclusive' }, 35, 65, 5],
      [
        'a server that does not wait, and whose sinceId is inclusive',
        { waits: false, sinceId: 'inclusive' },
        590,
        640,
        5,
      ],
      ['an old server that does not know sinceId', { sinceId: 'ignored' }, 290, 325, 5],
      ['an old server that refuses sinceId', { sinceId: 'refused' }, 290, 325, 5],
    ] as const) {
      it(`${what}: ${least} to ${most}`, async () => {
        await start(behaviour, {}, stored);
        await rig.run(5000);
        should(rig.ids).deepEqual(range(1, stored));
        should(await rig.countRequests(10 * minuteMs)).be.within(least, most);
        should(rig.ids).deepEqual(range(1, stored));
        should(rig.state).deepEqual({ is: 'live' });
        should(rig.findings).be.empty();
      });
    }

    it('a server that is gone: once a minute in the end, and never more than 20 in all', async () => {
      await start();
      await rig.run(1000);
      await rig.server.close();
      should(await rig.countRequests(10 * minuteMs)).be.within(10, 20);
      should(await rig.countRequests(5 * minuteMs)).be.within(5, 7);
    });

    it('a server that resets every connection: no more often than one that is gone', async () => {
      await start();
      rig.server.nextFault = () => 'reset';
      should(await rig.countRequests(10 * minuteMs)).be.within(10, 22);
    });

    it('a server that answers and resets in turn: no more than five times a second', async () => {
      await start({ waits: false });
      let turn = 0;
      rig.server.nextFault = () => (turn++ % 2 === 0 ? 'reset' : undefined);
      should(await rig.countRequests(minuteMs)).be.within(5, 150);
    });

    it('a server whose every answer is older than what was asked for', async () => {
      await start({}, {}, 5);
      await rig.run(1000);
      rig.server.nextFault = () => 'repeat';
      should(await rig.countRequests(minuteMs)).be.within(25, 70);
      should(rig.ids).deepEqual(range(1, 5));
    });

    it('with an event each 100 ms: no more than five times a second', async () => {
      await start();
      const before = rig.queries.length;
      for (let tenth = 0; tenth < 100; tenth++) {
        add(1);
        await rig.run(100);
      }
      should(rig.ids).have.length(100);
      should(rig.queries.length - before).be.within(20, 52);
    });
  });

  describe('begins', () => {
    it('with what happens from now on', async () => {
      await start({}, { start: 'new' }, 250);
      await rig.run(1000);
      should(rig.ids).be.empty();
      add(2);
      await rig.run(1000);
      should(rig.ids).deepEqual([251, 252]);
      should(rig.queries[0]).have.properties({ order: 'DESC', limit: 1 });
    });

    it('with what happens from now on, where nothing is stored', async () => {
      await start({}, { start: 'resume' });
      await rig.run(6000);
      add(1);
      await rig.run(1000);
      should(rig.ids).deepEqual([1]);
    });

    it('with everything stored, page after page without a pause', async () => {
      await start({}, { start: 'all' }, 1050);
      await rig.run(0);
      should(rig.ids).deepEqual(range(1, 1050));
      should(rig.queries.map(({ sinceId }) => sinceId)).deepEqual(
        [0, ...range(1, 10).map((page) => page * 100), 1050].slice(0, rig.queries.length),
      );
      should(rig.batches.every(({ isCatchingUp }) => isCatchingUp)).be.true();
      should(rig.caughtUp).equal(1);
      add(1);
      await rig.run(1000);
      should(rig.batches.at(-1)?.isCatchingUp).be.false();
    });

    for (const how of ['resume', 'new', 'all'] as const) {
      it(`where it stopped, whatever was chosen at first (${how})`, async () => {
        await start({}, { start: how });
        await rig.run(6000);
        add(3);
        await rig.run(1000);
        await rig.end();
        add(300);
        rig.begin({ start: how });
        await rig.run(1000);
        should(rig.ids).deepEqual(range(1, 303));
      });
    }

    it('behind what was saved, and not at all with what somebody else has saved', () => {
      const saved = { version: 1, scope: 'a', id: 7, recent: ['x', 8] };
      should(readState(saved, 'a')).deepEqual({ version: 1, scope: 'a', id: 7, recent: ['x'] });
      for (const [stored, scope] of [
        [saved, 'b'],
        [undefined, 'a'],
        ['7', 'a'],
        [{ ...saved, id: -1 }, 'a'],
        [{ ...saved, id: '7' }, 'a'],
        [{ ...saved, version: 2 }, 'a'],
      ] as const) {
        should(readState(stored, scope)).be.undefined();
      }
    });
  });

  describe('finds out what the server does with sinceId', () => {
    it('exclusive: it asks behind the last event', async () => {
      await start({}, {}, 3);
      await rig.run(minuteMs);
      should(rig.queries.at(-1)?.sinceId).equal(3);
    });

    it('inclusive: it asks for the next one, so that the server can wait', async () => {
      await start({ sinceId: 'inclusive' }, {}, 3);
      await rig.run(10_000);
      should(rig.queries.at(-1)?.sinceId).equal(4);
      add(2);
      await rig.run(1000);
      should(rig.ids).deepEqual(range(1, 5));
    });

    it('inclusive, and then a hole in the ids', async () => {
      await start({ sinceId: 'inclusive' }, {}, 3);
      await rig.run(10_000);
      rig.database.add({ type: 'ObjectAppear', channel: 'x' });
      rig.database.add({ type: 'ObjectAppear' });
      rig.database.events.splice(3, 1);
      await rig.run(5000);
      should(rig.ids).deepEqual([1, 2, 3, 5]);
    });

    it('taken for inclusive by mistake: the event that was left out comes with the next', async () => {
      await start({ sinceId: 'inclusive' }, {}, 3);
      await rig.run(10_000);
      should(rig.queries.at(-1)?.sinceId).equal(4);
      rig.server.behaviour = { ...rig.server.behaviour, sinceId: 'exclusive' };
      add(1);
      await rig.run(500);
      add(1);
      await rig.run(1000);
      should(rig.ids).deepEqual(range(1, 5));
    });

    it('taken for inclusive by mistake, and nothing follows: it comes within two minutes', async () => {
      await start({ sinceId: 'inclusive' }, {}, 3);
      await rig.run(10_000);
      rig.server.behaviour = { ...rig.server.behaviour, sinceId: 'exclusive' };
      add(1);
      await rig.run(2 * minuteMs);
      should(rig.ids).deepEqual(range(1, 4));
    });

    for (const sinceId of ['ignored', 'refused'] as const) {
      it(`${sinceId}: it watches the newest, and fetches what a burst has pushed off the page`, async () => {
        await start({ sinceId }, { start: 'new' }, 500);
        await rig.run(10_000);
        should(rig.queries.at(-1)).have.properties({ order: 'DESC', limit: 100 });
        add(350);
        await rig.run(3000);
        should(rig.ids).deepEqual(range(501, 850));
        should(rig.findings).be.empty();
      });

      it(`${sinceId}: what cannot be fetched any more is told, from where to where`, async () => {
        await start({ sinceId, mostEvents: 100 }, { start: 'new' }, 500);
        await rig.run(10_000);
        add(350);
        await rig.run(3000);
        should(rig.ids).deepEqual(range(751, 850));
        should(rig.findings).deepEqual([{ is: 'gap', after: 500, before: 751 }]);
      });
    }

    for (const [sinceId, times] of [
      ['exclusive', 2],
      ['exclusive', 8],
      ['inclusive', 3],
      ['refused', 8],
      ['ignored', 8],
    ] as const) {
      it(`${sinceId}, and an old answer is given ${times} times more, whatever is asked: nothing is left out`, async () => {
        await start({ sinceId }, { start: 'all' }, 5);
        await rig.run(1000);
        await rig.end();
        add(5);
        // the question for the newest is answered, and that answer is given to all that are asked then
        const faults = [undefined, ...Array.from({ length: times }, () => 'repeat' as const)];
        rig.server.nextFault = () => faults.shift();
        rig.begin({ start: 'all' });
        await rig.run(40_000);
        should(faults).be.empty();
        should(rig.ids).deepEqual(range(1, 10));
      });
    }

    it('a page holds the newest of what there is, not the oldest: nothing is left out', async () => {
      await start({ gives: 'newest' }, { start: 'all' }, 350);
      await rig.run(6000);
      should(rig.ids).deepEqual(range(1, 350));
    });

    it('another version after a restart is asked afresh', async () => {
      await start({ sinceId: 'refused' }, {}, 3);
      await rig.run(5000);
      should(rig.queries.at(-1)?.order).equal('DESC');
      await rig.server.close();
      await rig.run(5000);
      rig.server.behaviour = { ...rig.server.behaviour, sinceId: 'exclusive' };
      await rig.server.open();
      await rig.run(20_000);
      should(rig.queries.at(-1)).have.properties({ order: 'ASC', sinceId: 3 });
    });
  });

  describe('tells events apart by their ids, never by their times', () => {
    it('a higher id with an earlier time, and two at one time, both come', async () => {
      await start();
      rig.database.add({ type: 'A', time: '2031-02-03T04:05:10.0000000' });
      rig.database.add({ type: 'B', time: '2031-02-03T04:05:08.5000000' });
      rig.database.add({ type: 'C', time: '2031-02-03T04:05:08.5000000' });
      await rig.run(1000);
      should(rig.messages.map(({ type }) => type)).deepEqual(['A', 'B', 'C']);
    });

    it('the clock of the PC may be set back by a day', async () => {
      await start({}, {}, 3);
      await rig.run(1000);
      rig.database.clockErrorMs = -24 * 60 * minuteMs;
      add(3);
      await rig.run(1000);
      should(rig.ids).deepEqual(range(1, 6));
    });
  });

  describe('notices that the database has begun again', () => {
    const reset = async (settings: Partial<PollSettings>, fresh: number): Promise<void> => {
      await start({}, settings);
      await rig.run(6000);
      add(20);
      await rig.run(1000);
      rig.messages.length = 0;
      rig.database.reset();
      add(fresh);
    };

    for (const how of ['resume', 'all'] as const) {
      it(`within two minutes, and hands on what was stored since (${how})`, async () => {
        await reset({ start: how }, 4);
        await rig.run(2 * minuteMs);
        should(rig.findings).deepEqual([{ is: 'reset', last: 20, newest: 4, from: 0 }]);
        should(rig.ids).deepEqual(range(1, 4));
        add(2);
        await rig.run(1000);
        should(rig.ids).deepEqual(range(1, 6));
      });
    }

    it('and goes on with what happens from then on, where only that is wanted', async () => {
      await reset({ start: 'new' }, 4);
      await rig.run(2 * minuteMs);
      should(rig.findings).deepEqual([{ is: 'reset', last: 20, newest: 4, from: 4 }]);
      add(2);
      await rig.run(1000);
      should(rig.ids).deepEqual([5, 6]);
    });

    it('at once after a restart of Camlytics', async () => {
      await start({}, {}, 20);
      await rig.run(1000);
      await rig.server.close();
      rig.database.reset();
      add(2);
      await rig.run(500);
      await rig.server.open();
      await rig.run(8000);
      should(rig.findings).deepEqual([{ is: 'reset', last: 20, newest: 2, from: 0 }]);
      should(rig.ids).deepEqual([...range(1, 20), 1, 2]);
    });

    it('although it is empty', async () => {
      await reset({}, 0);
      await rig.run(3 * minuteMs);
      should(rig.findings).deepEqual([{ is: 'reset', last: 20, newest: undefined, from: 0 }]);
      add(1);
      await rig.run(1000);
      should(rig.ids).deepEqual([1]);
    });

    it('and not where old events were deleted, or one channel has none left', async () => {
      await start({}, { channelId: dock }, 0);
      rig.database.add({ type: 'ObjectAppear', channel: dock });
      rig.database.add({ type: 'ObjectAppear', channel: lobby });
      await rig.run(1000);
      rig.database.purge(2);
      await rig.run(5 * minuteMs);
      should(rig.findings).be.empty();
      should(rig.ids).deepEqual([1]);
    });

    it('and not where one old answer came late', async () => {
      await start({}, {}, 20);
      await rig.run(1000);
      add(1);
      await rig.run(100);
      rig.database.events.pop();
      await rig.run(61_500);
      rig.database.events.push({ ...rig.database.events[0]!, id: 21 });
      await rig.run(minuteMs);
      should(rig.findings).be.empty();
      should(rig.ids).deepEqual(range(1, 21));
    });
  });

  describe('goes on', () => {
    for (const [fault, code] of [
      ['html', 'json-malformed'],
      ['truncate', 'json-malformed'],
      ['null', 'camlytics-no-array'],
      ['error', 'server-error'],
      ['hang', 'server-timeout'],
    ] as const) {
      it(`after "${fault}", says so once, and keeps its place`, async () => {
        await start({}, {}, 3);
        await rig.run(1000);
        rig.server.nextFault = () => fault;
        rig.server.cut();
        await rig.run(10 * minuteMs, 500);
        should(rig.errors.map((error) => error.code)).deepEqual([code]);
        should(rig.state).have.properties({ is: 'failing' });
        rig.server.nextFault = () => undefined;
        add(2);
        await rig.run(100_000, 500);
        should(rig.ids).deepEqual(range(1, 5));
        should(rig.state).deepEqual({ is: 'live' });
      });
    }

    it('at once after a reset, and says nothing of it', async () => {
      await start({}, {}, 3);
      await rig.run(5000);
      rig.server.cut();
      add(1);
      await rig.run(100);
      should(rig.ids).deepEqual(range(1, 4));
      should(rig.errors).be.empty();
    });

    it('with one bad element among good ones, which it says once', async () => {
      await start({ waits: false }, {}, 3);
      rig.server.nextFault = () => 'bad-element';
      await rig.run(minuteMs);
      add(1);
      await rig.run(2000);
      should(rig.ids).deepEqual(range(1, 4));
      should(rig.errors.map(({ code }) => code)).deepEqual(['camlytics-bad-event']);
    });

    it('with an answer that comes later than the server was to wait', async () => {
      await start({ waits: false }, { waitSeconds: 5 }, 3);
      rig.server.nextFault = () => 'slow';
      await rig.run(30_000);
      should(rig.ids).deepEqual(range(1, 3));
      should(rig.errors).be.empty();
    });

    it('after 404 once a minute: only a person can mend that', async () => {
      await start();
      await rig.end();
      rig.poller = undefined as never;
      rig.begin({});
      await rig.run(1000);
      const client = rig.client as unknown as { address: { basePath: string } };
      Object.assign(client.address, { basePath: '/v2/json' });
      rig.server.cut();
      should(await rig.countRequests(10 * minuteMs)).be.within(10, 13);
      should(rig.errors.map(({ code }) => code)).deepEqual(['no-api']);
    });
  });

  describe('lets a person', () => {
    it('pause it, and misses nothing', async () => {
      await start({}, {}, 3);
      await rig.run(1000);
      rig.poller.pause();
      add(3);
      should(await rig.countRequests(10 * minuteMs)).equal(0);
      should(rig.state).deepEqual({ is: 'paused' });
      rig.poller.resume();
      await rig.run(1000);
      should(rig.ids).deepEqual(range(1, 6));
    });

    it('poll now, while it waits to try again', async () => {
      await start();
      await rig.run(1000);
      await rig.server.close();
      await rig.run(5 * minuteMs);
      await rig.server.open();
      add(1);
      rig.poller.pollNow();
      await rig.run(300);
      should(rig.ids).deepEqual([1]);
    });

    it('ask something, at once and never beside another request, and goes on polling', async () => {
      await start({}, {}, 3);
      await rig.run(1000);
      should(rig.server.waiting).equal(1);
      const channels = rig.poller.ask((signal) => rig.count(() => rig.client.channels(signal)));
      const totals = rig.poller.ask((signal) => rig.count(() => rig.client.totals('type', {}, signal)));
      await rig.run(0);
      should((await channels).map(({ name }) => name)).deepEqual(['Lobby', 'Dock']);
      await rig.run(5100);
      should(await totals).deepEqual([{ channelId: lobby, type: 'ObjectAppear', count: 3 }]);
      add(1);
      await rig.run(1000);
      should(rig.ids).deepEqual(range(1, 4));
    });

    it('ask without end: events come all the same', async () => {
      await start({}, { waitSeconds: 5 });
      await rig.run(1000);
      const answers: Promise<unknown>[] = [];
      for (let second = 0; second < 60; second++) {
        add(1);
        answers.push(rig.poller.ask((signal) => rig.count(() => rig.client.channels(signal))));
        await rig.run(1000);
      }
      await rig.run(1000);
      should(rig.ids).deepEqual(range(1, 60));
      should(await Promise.all(answers)).have.length(60);
    });

    it('ask so much, and no more', async () => {
      await start();
      await rig.run(1000);
      await rig.server.close();
      const refused: string[] = [];
      rig.poller.pause();
      rig.server.nextFault = () => 'hang';
      await rig.server.open();
      const asks = range(1, 25).map(() =>
        rig.poller
          .ask((signal) => rig.count(() => rig.client.channels(signal)))
          .catch((error: { code: string }) => refused.push(error.code)),
      );
      await rig.run(0);
      should(refused).deepEqual(Array.from({ length: 5 }, () => 'too-many-requests'));
      await rig.end();
      await Promise.all(asks);
      should(refused).have.length(25);
    });

    for (const behaviour of [{}, { sinceId: 'inclusive' }, { sinceId: 'ignored' }] as const) {
      it(`have events again, and its place stays where it was (${JSON.stringify(behaviour)})`, async () => {
        await start(behaviour, {}, 350);
        await rig.run(8000);
        should(rig.ids).have.length(350);
        const again: number[] = [];
        const done = rig.poller.replay(
          { sinceId: 120 },
          async (messages) => void again.push(...messages.map(({ eventId }) => eventId)),
        );
        await rig.run(10_000);
        await done;
        should(again).deepEqual(range(121, 350));
        add(1);
        await rig.run(3000);
        should(rig.ids).deepEqual(range(1, 351));
      });
    }
  });
});
