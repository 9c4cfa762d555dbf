/** What becomes of polled events: names that are looked up, times that cannot be right, health of the polling. */
import should from 'should';
import type { SecurityEvent } from '../../../src/event';
import type { PolledMessage } from '../../../src/vendors/camlytics/cursor';
import { standardDirections } from '../../../src/vendors/camlytics/events';
import { kinds } from '../../../src/vendors/camlytics/kinds';
import { ChannelNames } from '../../../src/vendors/camlytics/names';
import { Polled, PolledMemory } from '../../../src/vendors/camlytics/polled';
import type { Batch } from '../../../src/vendors/camlytics/poller';
import { decodeEvents } from '../../../src/vendors/camlytics/wire';
import { toWall } from '../../../src/zone';
import { TransportError } from '../../../src/errors';
import { startMs } from '../../support/events';
import { FakeClock } from '../../support/fake-clock';

const signal = new AbortController().signal;
const minuteMs = 60_000;

describe('the events of a poll', () => {
  let clock: FakeClock;
  let asked: number;
  let channels: { id: string; name: string }[] | undefined;
  let names: ChannelNames;
  let events: SecurityEvent[];
  let off: number[];
  let polled: Polled;
  let memory: PolledMemory;

  function start(settings: { health?: boolean; maxAgeMs?: number } = {}): void {
    [clock, asked, events, off] = [new FakeClock(startMs), 0, [], []];
    channels = [{ id: 'c-1', name: 'Lobby' }];
    names = new ChannelNames(async () => {
      asked += 1;
      if (channels === undefined) throw new TransportError('server-error', 'the answer is 500');
      return channels;
    }, clock);
    memory = new PolledMemory();
    const all = {
      kinds: new Set<string>(kinds),
      targetTypes: new Set(['person', 'unknown'] as const),
      channels: [],
      rules: [],
    };
    const own = { timeZone: 'UTC', directions: standardDirections, maxAgeMs: Infinity, health: true, ...settings };
    polled = new Polled({ ...all, ...own }, memory, names, { id: 'pc:48462' }, clock.now(), {
      onEvent: (event) => events.push(event),
      onOffTime: (minutes) => off.push(minutes),
    });
  }
  let id = 0;
  const message = (fields: object = {}): PolledMessage => {
    const time = `${toWall(clock.now(), 'UTC')}0000`;
    const element = { event_id: (id += 1), type: 'Sabotage', time, channel_id: 'c-1', channel_name: null, ...fields };
    const [found] = decodeEvents(Buffer.from(JSON.stringify([element]))).events;
    if (found === undefined) throw new Error('it is no event');
    return found;
  };
  const take = (fields: object = {}, batch: Partial<Batch> = {}): Promise<void> =>
    polled.take([message(fields)], { receivedAt: clock.now(), isCatchingUp: false, wasHeld: true, ...batch }, signal);
  beforeEach(() => start());

  it('have the names of their channels, which are asked for once in five minutes', async () => {
    for (let second = 0; second < 200; second++) {
      await take();
      clock.advance(1000);
    }
    should(asked).equal(1);
    should(events.every(({ device }) => device.name === 'Lobby')).be.true();
    channels = [{ id: 'c-1', name: 'Hall' }];
    clock.advance(5 * minuteMs);
    await take();
    should(asked).equal(2);
    should(events.at(-1)?.device.name).equal('Hall');
  });

  it('of a channel that nobody knows have its id, and are no reason to ask more than once a minute', async () => {
    for (let second = 0; second < 120; second++) {
      await take({ channel_id: 'c-9' });
      clock.advance(1000);
    }
    should(asked).equal(2);
    should(events.at(-1)?.device).deepEqual({ id: 'c-9' });
    should(events).have.length(120);
  });

  it('come without a name where the channels cannot be had, and with it after a restart of Camlytics', async () => {
    channels = undefined;
    await take();
    should(events[0]?.device).deepEqual({ id: 'c-1' });
    channels = [{ id: 'c-1', name: 'Lobby' }];
    const error = new TransportError('server-error', 'x');
    polled.watch({ is: 'failing', error, failures: 2, nextMs: 0 }, clock.now());
    polled.watch({ is: 'live' }, clock.now());
    await take();
    should(events.at(-1)?.device.name).equal('Lobby');
  });

  it('that bring their name along are no reason to ask', async () => {
    await take({ channel_name: 'Own' });
    should(asked).equal(0);
    should(events[0]?.device.name).equal('Own');
  });

  it('are off by an hour: that is told once, after three of them', async () => {
    for (let count = 0; count < 6; count++) await take({ time: toWall(startMs - 60 * minuteMs, 'UTC') });
    should(off).deepEqual([60]);
    should(events).have.length(6);
  });

  it('are late now and then, or were stored for long: nothing is told', async () => {
    const hourAgo = { time: toWall(startMs - 60 * minuteMs, 'UTC') };
    for (let count = 0; count < 6; count++) {
      await take(count % 3 === 2 ? {} : hourAgo);
      await take(hourAgo, { isCatchingUp: true });
      await take(hourAgo, { wasHeld: false });
      await take({ time: toWall(startMs - 4000, 'UTC') });
    }
    should(off).be.empty();
  });

  it('are passed over where they are too old, while it catches up only', async () => {
    start({ maxAgeMs: 10 * minuteMs });
    const old = { time: toWall(startMs - 11 * minuteMs, 'UTC') };
    await take(old, { isCatchingUp: true });
    await take({ time: 'unreadable' }, { isCatchingUp: true });
    await take(old);
    polled.catchUp(clock.now());
    polled.catchUp(clock.now());
    should(events.map(({ kind }) => kind)).deepEqual(['camera-obstructed', 'camera-obstructed', 'events-skipped']);
    should(memory.dropped).deepEqual({ 'too old': 1 });
  });

  it('tell of themselves: unreachable, back, reset, gap; or not at all', () => {
    const tell = (): void => {
      const failing = { is: 'failing', error: new TransportError('x', 'x'), nextMs: 0 } as const;
      polled.watch({ ...failing, failures: 1 }, clock.now());
      clock.advance(minuteMs);
      polled.watch({ ...failing, failures: 2 }, clock.now());
      polled.watch({ ...failing, failures: 3 }, clock.now());
      polled.watch({ is: 'catching-up' }, clock.now());
      polled.find({ is: 'reset', last: 20, newest: 2, from: 0 }, clock.now());
      polled.find({ is: 'gap', after: 2, before: 9 }, clock.now());
    };
    tell();
    should(events.map(({ kind, state }) => [kind, state])).deepEqual([
      ['device-offline', 'start'],
      ['device-offline', 'stop'],
      ['database-reset', undefined],
      ['events-lost', undefined],
    ]);
    should(events[0]?.health).have.properties({ online: false, silentSeconds: 60 });
    should(events[3]?.raw).deepEqual({ after: 2, before: 9 });
    start({ health: false });
    tell();
    should(events).be.empty();
  });
});
