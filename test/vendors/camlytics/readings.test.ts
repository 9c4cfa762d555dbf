/** Where sources contradict one another or say nothing (reference 14), both readings work. */
import should from 'should';
import { standardDirections, toEvent, type Reading } from '../../../src/vendors/camlytics/events';
import { kinds, meaningOf } from '../../../src/vendors/camlytics/kinds';
import { answer, isMessage, receive } from '../../../src/vendors/camlytics/receive';
import { readTime } from '../../../src/vendors/camlytics/time';
import { Cursor, idsOf } from '../../../src/vendors/camlytics/cursor';
import { decodeChannels, decodeEvents, decodeTotals } from '../../../src/vendors/camlytics/wire';
import { toWall } from '../../../src/zone';
import { makePost, openOptions, startMs } from '../../support/events';
import type { SecurityEvent } from '../../../src/event';

const reading: Reading = { timeZone: 'UTC', directions: standardDirections, receivedAt: startMs };
const plain = { event_id: 7, type: 'TripwireCrossed', time: '2031-02-03T04:05:00.0000000', channel_id: 'c-1' };
const page = (...elements: readonly unknown[]) => decodeEvents(Buffer.from(JSON.stringify(elements)));
const eventOf = (fields: object, how: Partial<Reading> = {}): SecurityEvent => {
  const [message] = page({ ...plain, ...fields }).events;
  if (message === undefined) throw new Error('it is no event');
  return toEvent(message, { ...reading, ...how });
};

describe('what sources of Camlytics disagree about', () => {
  it('event_id: a number and a text are the same id', () => {
    should(page(plain, { ...plain, event_id: '7' }).events.map(({ eventId }) => eventId)).deepEqual([7, 7]);
    should(eventOf({ event_id: '7' }).id).equal(eventOf({}).id);
  });

  it('object_id: a text and a number are the same target', () => {
    should(eventOf({ object_id: '3' }).targets).deepEqual(eventOf({ object_id: 3 }).targets);
    should(eventOf({ object_id: '3' }).targets).deepEqual([{ id: '3', type: 'unknown' }]);
    should(eventOf({ object_id: -1 }).targets).deepEqual(eventOf({ object_id: '-1' }).targets);
  });

  it('channel_name: null is looked up, a name is taken', () => {
    const nameOf = (id: string): string | undefined => (id === 'c-1' ? 'Lobby' : undefined);
    should(eventOf({ channel_name: null }, { nameOf }).device).deepEqual({ id: 'c-1', name: 'Lobby' });
    should(eventOf({ channel_name: 'Hall' }, { nameOf }).device).deepEqual({ id: 'c-1', name: 'Hall' });
    should(eventOf({ channel_name: null }).device).deepEqual({ id: 'c-1' });
  });

  for (const [origin, type] of [
    ['Pedestrian', 'person'],
    ['Pedestrians', 'person'],
    ['Human', 'person'],
    ['Person', 'person'],
    ['Vehicle', 'vehicle'],
    ['Unknown', 'unknown'],
    ['Uknown', 'unknown'],
    ['', 'unknown'],
  ] as const) {
    it(`origin: "${origin}" is ${type}`, () => {
      should(eventOf({ object_id: '1', origin }).targets[0]?.type).equal(type);
    });
  }

  it('time: the zone of the PC is a setting, and an offset in the time itself goes before it', () => {
    const time = '2031-07-03T04:05:06.7890000';
    should(eventOf({ time }, { timeZone: '+02:00' }).time).equal('2031-07-03T02:05:06.789Z');
    const receivedAt = Date.UTC(2031, 6, 4);
    should(readTime(time, 'America/New_York', receivedAt)).equal(Date.UTC(2031, 6, 3, 8, 5, 6, 789));
    should(readTime(`${time}Z`, 'America/New_York', receivedAt)).equal(Date.UTC(2031, 6, 3, 4, 5, 6, 789));
    should(readTime(`${time}+01:00`, '', receivedAt)).equal(Date.UTC(2031, 6, 3, 3, 5, 6, 789));
    should(readTime('2031-07-03T04:05:06 02:00', '', receivedAt)).equal(Date.UTC(2031, 6, 3, 2, 5, 6));
    should(readTime(time, '', receivedAt)).equal(new Date(2031, 6, 3, 4, 5, 6, 789).getTime());
    should((eventOf({ time }).raw as { time: string }).time).equal(time);
  });

  it('time: what is none gives way to the time of receipt', () => {
    for (const time of [null, '', 'now', '2031-13-03T04:05:06', '1970-01-01T00:00:00', '9999-01-01T00:00:00', 7]) {
      const event = eventOf({ time });
      should([event.time, event.timeSource]).deepEqual([new Date(startMs).toISOString(), 'received'], String(time));
    }
  });

  it('webhooks: GET and POST of one event say the same', () => {
    const fields = {
      type: 'Loitering',
      objectId: '4',
      ruleId: 'r',
      origin: 'Pedestrian',
      channelId: 'c',
      time: '2031-02-03T04:05:00Z',
    };
    const query = Object.entries(fields).map(([name, value]) => `event-${name}=${encodeURIComponent(value)}`);
    const snake = {
      event_type: 'Loitering',
      object_id: 4,
      rule_id: 'r',
      event_origin: 'Pedestrian',
      channel_id: 'c',
      event_time: '2031-02-03T04:05:00Z',
    };
    const [one] = receive(makePost('', { method: 'GET', query: query.join('&') }), openOptions).events;
    const [two] = receive(makePost(JSON.stringify(snake)), openOptions).events;
    should(one?.id).equal(two?.id);
    const { raw: _one, ...first } = one ?? {};
    const { raw: _two, ...second } = two ?? {};
    should(first).deepEqual(second);
  });

  it('types: tokens and display names, in any spelling, mean the same', () => {
    for (const [token, ...others] of [
      ['TripwireCrossed', 'Crossed line', 'Line crossed', 'tripwire_crossed'],
      ['Loitering', 'Object dwell', 'LOITERING'],
      ['CrowdOn', 'Crowd appear', 'crowd-on'],
      ['Sabotage', 'Camera obstructed'],
      ['MotionInRegionOn', 'Motion started', 'Motion within region'],
    ] as const) {
      for (const other of others) should(meaningOf(other)).equal(meaningOf(token));
      should(kinds).containEql(meaningOf(token).kind);
    }
    for (const word of ['Whatever', '', '__proto__', 'constructor']) should(meaningOf(word).kind).equal('unknown');
  });

  it('rules: which way a line was crossed is in its name, and the names are the users own', () => {
    const way = (rule_name: string, directions = standardDirections) =>
      eventOf({ rule_name }, { directions }).rule?.direction;
    should([way('Enter'), way('EXIT'), way('enter '), way('Entry'), way('')]).deepEqual([
      'in',
      'out',
      'in',
      undefined,
      undefined,
    ]);
    const own = { in: ['*Entrada*'], out: ['*salida*', 'Ausgang'] };
    should([way('Puerta 1 Entrada', own), way('Salida norte', own), way('ausgang', own), way('Enter', own)]).deepEqual([
      'in',
      'out',
      'out',
      undefined,
    ]);
  });
});

describe('a page of events', () => {
  it('with one bad element is read without it', () => {
    const { events, faults, length } = page(
      plain,
      7,
      null,
      { ...plain, event_id: 8 },
      { event_id: 9 },
      { type: 'x' },
      { ...plain, event_id: 1.5 },
    );
    should(events.map(({ eventId }) => eventId)).deepEqual([7, 8]);
    should(faults.map(({ eventId }) => eventId)).deepEqual([undefined, undefined, 9, undefined, undefined]);
    should(faults.map(({ error }) => error.place)).deepEqual(['[1]', '[2]', '[4]', '[5]', '[6]']);
    should(length).equal(7);
  });

  it('with many bad elements has few errors, the first of which, that people are told, counts the rest', () => {
    const { faults, length } = page(...Array.from({ length: 500 }, () => 1));
    should(faults).have.length(20);
    should(faults.map(({ error }) => error.place)).deepEqual(Array.from({ length: 20 }, (_, index) => `[${index}]`));
    should(faults[0]?.error.message).match(/element 0 of the answer is no object: .*, and so were 499 more$/);
    should(faults[1]?.error.message).match(/it was passed over$/);
    should(length).equal(500);
    should(page(1).faults[0]?.error.message).match(/it was passed over$/);
  });

  it('with many bad elements is passed by all of their ids', () => {
    const found = page(
      ...Array.from({ length: 100 }, (_, index) => ({ event_id: index + 1 })),
      ...Array.from({ length: 100 }, () => null),
      { ...plain, event_id: 101 },
      { event_id: 102 },
    );
    should(new Set(found.faults.map(({ error }) => error)).size).equal(20);
    should(found.faults[0]?.error.message).match(/and so were 200 more$/);
    should([...idsOf(found)].sort((one, two) => one - two)).deepEqual(
      Array.from({ length: 102 }, (_, index) => index + 1),
    );
    const cursor = new Cursor('x');
    should(cursor.pass(found)).be.true();
    should(cursor.id).equal(102);
  });

  for (const [what, text] of [
    ['an HTML page', '<html><body>Error</body></html>'],
    ['half an answer', '[{"event_id":1,"type":'],
    ['null', 'null'],
    ['an object', '{"events":[]}'],
    ['nothing', ''],
  ] as const) {
    it(`that is ${what} is refused`, () => should(() => decodeEvents(Buffer.from(text))).throw(/read as JSON|a list/));
  }
});

describe('the channels', () => {
  const password = 'p4ss/w?rd@x';
  const channels = decodeChannels(
    Buffer.from(
      JSON.stringify([
        {
          channel_id: 'a',
          name: 'Lobby',
          type: 'Onvif',
          login: 'viewer',
          password,
          uri: `http://viewer:${password}@192.0.2.20:81/onvif?key=${password}`,
          stream_uri: 'rtsp://viewer:p4ss@192.0.2.20:554/h264/ch1/main',
          profile_name: 'MainStream',
        },
        {
          channel_id: 'b',
          name: 'Lobby',
          type: 'File',
          login: null,
          password: null,
          uri: 'http://localhost/',
          stream_uri: 'C:\\Videos\\Lobby.mp4',
          profile_name: 'none',
        },
        {
          channel_id: 'c',
          name: '',
          login: 'viewer',
          password: 'hunter22',
          stream_uri: 'rtsp://192.0.2.21/user=viewer&password=hunter22&channel=1',
        },
        {
          channel_id: 'd',
          name: 'Yard',
          login: 'admin',
          password: 'tøp',
          stream_uri: `rtsp://192.0.2.22/live/admin/${encodeURIComponent('tøp')}/0`,
        },
        { name: 'no id' },
        7,
      ]),
    ),
  );

  it('have ids, names and addresses', () => {
    should(channels).deepEqual([
      {
        id: 'a',
        name: 'Lobby',
        type: 'Onvif',
        uri: 'http://192.0.2.20:81/onvif',
        streamUri: 'rtsp://192.0.2.20:554/h264/ch1/main',
        profile: 'MainStream',
      },
      { id: 'b', name: 'Lobby', type: 'File', uri: 'http://localhost/', streamUri: 'C:\\Videos\\Lobby.mp4' },
      { id: 'c', name: 'c', streamUri: 'rtsp://192.0.2.21/user=***&password=***&channel=1' },
      { id: 'd', name: 'Yard', streamUri: 'rtsp://192.0.2.22/live/***/***/0' },
    ]);
  });

  it('have no address that is longer than any', () => {
    const read = (uri: string) =>
      decodeChannels(Buffer.from(JSON.stringify([{ channel_id: 'a', uri, stream_uri: uri }])));
    const longest = `rtsp://${'a'.repeat(1993)}`;
    should(read(longest)).deepEqual([{ id: 'a', name: 'a', uri: longest, streamUri: longest }]);
    should(read(`${longest}a`)).deepEqual([{ id: 'a', name: 'a' }]);
    should(read('C:\\'.repeat(1000))).deepEqual([{ id: 'a', name: 'a' }]);
    const long = 'p'.repeat(1500);
    const text = JSON.stringify([{ channel_id: 'a', password: long, uri: `rtsp://x/${long}/y` }]);
    should(decodeChannels(Buffer.from(text))[0]?.uri).equal('rtsp://x/***/y');
  });

  it('are read where a password is half a letter', () => {
    const text = '[{"channel_id":"a","password":"\\ud800pass","uri":"http://x/\\ud800pass/y"}]';
    should(decodeChannels(Buffer.from(text))).deepEqual([{ id: 'a', name: 'a', uri: 'http://x/***/y' }]);
  });

  it('have no user and no password', () => {
    for (const secret of ['viewer', 'p4ss', 'w?rd', 'rd@x', 'hunter22', 'admin', 'tøp', 't%C3%B8p']) {
      should(JSON.stringify(channels)).not.containEql(secret);
    }
  });
});

describe('the totals', () => {
  it('are read by rule and by type', () => {
    const byRule = [
      { channel_id: 'a', rule_count: 31, rule_id: '-1', rule_name: '' },
      { channel_id: 'a', rule_count: '6', rule_id: 'r', rule_name: 'Enter' },
      { rule_count: 1 },
    ];
    should(decodeTotals(Buffer.from(JSON.stringify(byRule)))).deepEqual([
      { channelId: 'a', count: 31 },
      { channelId: 'a', ruleId: 'r', ruleName: 'Enter', count: 6 },
    ]);
    should(decodeTotals(Buffer.from('[{"channel_id":"a","type":"ObjectAppear","type_count":16}]'))).deepEqual([
      { channelId: 'a', type: 'ObjectAppear', count: 16 },
    ]);
  });
});

describe('the answer to a webhook', () => {
  it('is 200 for an event, a metric and a browser, and 400 for what cannot be read', () => {
    for (const [status, post] of [
      [200, makePost('', { method: 'GET', query: 'event-type=Sabotage' })],
      [200, makePost('', { method: 'GET', query: 'token=x' })],
      [200, makePost('{"occupancy":3}')],
      [200, makePost('[{"event_type":"Sabotage"}]')],
      [200, makePost('event-type=Sabotage&event-channelId=c', { headers: { 'content-type': 'text/plain' } })],
      [400, makePost('')],
      [400, makePost('[]')],
      [400, makePost('[7]')],
      [400, makePost('"Sabotage"')],
      [400, makePost('a=b')],
      [400, makePost(JSON.stringify(Array.from({ length: 1001 }, () => ({ event_type: 'x' }))))],
    ] as const) {
      should(answer(post).status).equal(status, post.body.toString().slice(0, 60));
    }
    should(isMessage(makePost('', { method: 'GET', query: 'token=x' }))).be.false();
    should(isMessage(makePost('', { method: 'GET' }))).be.false();
  });
});

describe('a wall clock', () => {
  it('shows what it is read as', () => {
    for (const zone of ['', 'UTC', '+05:30', '-03:00', 'Europe/Berlin', 'America/St_Johns']) {
      should(readTime(toWall(startMs, zone), zone, startMs)).equal(startMs, zone);
    }
  });
});
