/** A device's time is read by its digits or by its wall clock; what cannot be believed gives way to the time of receipt. */
import * as fc from 'fast-check';
import should from 'should';
import { readTime } from '../../../src/vendors/viewtron/time';
import { isTimeZone } from '../../../src/zone';
import { startMs } from '../../support/events';
import { cases } from '../../support/cases';

type Options = Parameters<typeof readTime>[2];

const receivedMs = startMs + 5000;
const received = { ms: receivedMs, source: 'received' } as const;

function readDigits(currentTime: string): ReturnType<typeof readTime> {
  return readTime({ currentTime }, receivedMs, { timeZone: 'UTC', dateOrder: 'month-first' });
}

function readWall(dataTime: string, options: Partial<Options> = {}, nowMs = receivedMs): string | undefined {
  const time = readTime({ dataTime }, nowMs, { timeZone: 'UTC', dateOrder: 'month-first', ...options });
  return time.source === 'device' ? new Date(time.ms).toISOString() : undefined;
}

/** The wall clock of a zone as Intl shows it, in the device's first form. */
function showWall(ms: number, timeZone: string): string {
  const parts: Record<string, string> = {};
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  for (const { type, value } of format.formatToParts(ms)) parts[type] = value;
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

describe('a time in digits', () => {
  const second = startMs / 1000;
  it('is seconds, milliseconds or microseconds by its size', () => {
    should(readDigits(`${second}`)).deepEqual({ ms: startMs, source: 'device' });
    should(readDigits(`${second}123`)).deepEqual({ ms: startMs + 123, source: 'device' });
    should(readDigits(`${second}123456`)).deepEqual({ ms: startMs + 123, source: 'device' });
    should(readDigits(`${second}999999`)).deepEqual({ ms: startMs + 999, source: 'device' });
  });

  it('may have zeros before it', () => {
    should(readDigits(`000${second}`)).deepEqual({ ms: startMs, source: 'device' });
  });

  const unreadable = [
    '18445822972087551616',
    '99999999999999999999',
    '100000000000000000',
    '1'.repeat(21),
    '0',
    '0000000000',
    '-1930000123',
    '1930000123.5',
    '1.93e9',
    '0x7309b3bb',
    '',
    'now',
    ' ',
  ];
  for (const text of unreadable) {
    it(`is no time: "${text}"`, () => should(readDigits(text)).deepEqual(received));
  }

  it('is absurd where its size makes it so', () => {
    for (const text of ['1', '1930000', '99999999999', '99999999999999', '99999999999999999', '4', '193000012345']) {
      should(readDigits(text)).deepEqual(received);
    }
  });

  it('gives way to a wall time where it means nothing', () => {
    const both = { currentTime: '18445822972087551616', dataTime: '2031-02-03 04:05:06' };
    should(readTime(both, receivedMs, { timeZone: 'UTC', dateOrder: 'month-first' })).deepEqual({
      ms: startMs,
      source: 'device',
    });
  });

  it('goes before a wall time', () => {
    const both = { currentTime: `${second}`, dataTime: '2030-01-01 00:00:00' };
    should(readTime(both, receivedMs, { timeZone: 'UTC', dateOrder: 'month-first' }).ms).equal(startMs);
  });

  it('is the time of receipt where there is none', () => {
    should(readTime({}, receivedMs, { timeZone: 'UTC', dateOrder: 'month-first' })).deepEqual(received);
  });

  it('comes back for any instant, in each of its sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: startMs - 3e10, max: startMs + 3e10 }), fc.nat(999), (ms, micros) => {
        should(readDigits(`${ms}`)).deepEqual({ ms, source: 'device' });
        should(readDigits(`${ms}${String(micros).padStart(3, '0')}`)).deepEqual({ ms, source: 'device' });
        should(readDigits(`${Math.floor(ms / 1000)}`)).deepEqual({
          ms: Math.floor(ms / 1000) * 1000,
          source: 'device',
        });
      }),
      cases(100),
    );
  });
});

describe('a clock that is far off', () => {
  const yearMs = 366 * 24 * 3_600_000;
  for (const sign of [-1, 1]) {
    it(`is believed up to a year ${sign < 0 ? 'back' : 'ahead'}, and not a millisecond more`, () => {
      const last = receivedMs + sign * yearMs;
      should(readDigits(`${last}`)).deepEqual({ ms: last, source: 'device' });
      should(readDigits(`${last + sign}`)).deepEqual(received);
    });
  }

  it('is not believed in a wall time either', () => {
    should(readWall('2000-01-01 00:00:00')).be.undefined();
    should(readWall('1970-01-01 00:00:00')).be.undefined();
    should(readWall('2041-06-01 00:00:00')).be.undefined();
    should(readWall('0031-02-03 04:05:06')).be.undefined();
  });
});

describe('a wall time', () => {
  const forms: readonly (readonly [text: string, expected: string, options?: Partial<Options>])[] = [
    ['2031-02-03 04:05:06', '2031-02-03T04:05:06.000Z'],
    ['2031/02/03 04:05:06', '2031-02-03T04:05:06.000Z'],
    ['2031-2-3 4:05:06', '2031-02-03T04:05:06.000Z'],
    ['2031-02-03T04:05:06', '2031-02-03T04:05:06.000Z'],
    ['2031-02-27 04:05:06 PM', '2031-02-27T16:05:06.000Z'],
    ['2031/02/27 12:05:06am', '2031-02-27T00:05:06.000Z'],
    ['02-03-2031 04:05:06', '2031-02-03T04:05:06.000Z'],
    ['02-03-2031 04:05:06 AM', '2031-02-03T04:05:06.000Z'],
    ['02-03-2031 04:05:06 PM', '2031-02-03T16:05:06.000Z'],
    ['02-03-2031 04:05:06PM', '2031-02-03T16:05:06.000Z'],
    ['02/03/2031 04:05:06 pm', '2031-02-03T16:05:06.000Z'],
    ['02-03-2031 12:00:00 AM', '2031-02-03T00:00:00.000Z'],
    ['02-03-2031 12:59:59 AM', '2031-02-03T00:59:59.000Z'],
    ['02-03-2031 01:00:00 AM', '2031-02-03T01:00:00.000Z'],
    ['02-03-2031 11:59:59 AM', '2031-02-03T11:59:59.000Z'],
    ['02-03-2031 12:00:00 PM', '2031-02-03T12:00:00.000Z'],
    ['02-03-2031 12:59:59 PM', '2031-02-03T12:59:59.000Z'],
    ['02-03-2031 11:59:59 PM', '2031-02-03T23:59:59.000Z'],
    ['02-03-2031 04:05:06', '2031-03-02T04:05:06.000Z', { dateOrder: 'day-first' }],
    ['02-03-2031 04:05:06 PM', '2031-03-02T16:05:06.000Z', { dateOrder: 'day-first' }],
    ['13-02-2031 04:05:06', '2031-02-13T04:05:06.000Z'],
    ['02-13-2031 04:05:06', '2031-02-13T04:05:06.000Z', { dateOrder: 'day-first' }],
    ['2031-12-31 23:59:59', '2031-12-31T23:59:59.000Z'],
    ['2030-12-31 23:59:60', '2031-01-01T00:00:00.000Z'],
  ];
  for (const [text, expected, options] of forms) {
    it(`${text}${options === undefined ? '' : ', day first,'} is ${expected}`, () => {
      should(readWall(text, options)).equal(expected);
    });
  }

  it('has a 29th of February in a leap year', () => {
    should(readWall('2028-02-29 00:00:00', {}, Date.UTC(2028, 1, 29))).equal('2028-02-29T00:00:00.000Z');
  });

  const impossible = [
    '2031-02-29 00:00:00',
    '2031-02-30 10:00:60',
    '2031-04-31 00:00:00',
    '2031-13-01 00:00:00',
    '2031-00-01 00:00:00',
    '2031-01-00 00:00:00',
    '2031-01-32 00:00:00',
    '2031-01-01 24:00:00',
    '2031-01-01 00:60:00',
    '2031-01-01 00:00:61',
    '13-13-2031 00:00:00',
    '00-01-2031 00:00:00',
    '02-03-2031 25:00:00',
    '02-03-2031 25:00:00 PM',
    '02-03-2031 99:00:00 AM',
    '2031-02-03 16:05:06 PM',
    '2031-02-03',
    '04:05:06',
    '2031-02-03 04:05',
    '31-02-03 04:05:06',
    '2031-02-03 04:05:06.5 x',
    'yesterday',
    '',
  ];
  for (const text of impossible) {
    it(`is none: "${text}"`, () => should(readWall(text)).be.undefined());
  }
});

describe('the zone of a wall time', () => {
  const walls: readonly (readonly [zone: string, text: string, expected: string])[] = [
    ['Europe/Berlin', '2031-01-15 12:00:00', '2031-01-15T11:00:00.000Z'],
    ['Europe/Berlin', '2031-07-15 12:00:00', '2031-07-15T10:00:00.000Z'],
    ['America/New_York', '2031-01-15 12:00:00', '2031-01-15T17:00:00.000Z'],
    ['America/New_York', '2031-07-15 12:00:00', '2031-07-15T16:00:00.000Z'],
    ['Australia/Lord_Howe', '2031-01-15 12:00:00', '2031-01-15T01:00:00.000Z'],
    ['Australia/Lord_Howe', '2031-07-15 12:00:00', '2031-07-15T01:30:00.000Z'],
    ['Asia/Kathmandu', '2031-07-15 12:00:00', '2031-07-15T06:15:00.000Z'],
    ['Asia/Shanghai', '2031-01-01 02:00:00', '2030-12-31T18:00:00.000Z'],
    ['+02:00', '2031-07-15 12:00:00', '2031-07-15T10:00:00.000Z'],
    ['-03:30', '2031-07-15 12:00:00', '2031-07-15T15:30:00.000Z'],
    ['+0200', '2031-07-15 12:00:00', '2031-07-15T10:00:00.000Z'],
    ['+14:00', '2031-07-15 12:00:00', '2031-07-14T22:00:00.000Z'],
    // the second before and the first after the hour that is left out, and that comes twice
    ['Europe/Berlin', '2031-03-30 01:59:59', '2031-03-30T00:59:59.000Z'],
    ['Europe/Berlin', '2031-03-30 03:00:00', '2031-03-30T01:00:00.000Z'],
    ['Europe/Berlin', '2031-10-26 01:59:59', '2031-10-25T23:59:59.000Z'],
    ['Europe/Berlin', '2031-10-26 03:00:00', '2031-10-26T02:00:00.000Z'],
    ['America/New_York', '2031-03-09 01:59:59', '2031-03-09T06:59:59.000Z'],
    ['America/New_York', '2031-03-09 03:00:00', '2031-03-09T07:00:00.000Z'],
    ['America/New_York', '2031-11-02 00:59:59', '2031-11-02T04:59:59.000Z'],
    ['America/New_York', '2031-11-02 02:00:00', '2031-11-02T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2031-10-05 01:59:59', '2031-10-04T15:29:59.000Z'],
    ['Australia/Lord_Howe', '2031-10-05 02:30:00', '2031-10-04T15:30:00.000Z'],
    ['Australia/Lord_Howe', '2031-04-06 01:29:59', '2031-04-05T14:29:59.000Z'],
    ['Australia/Lord_Howe', '2031-04-06 02:00:00', '2031-04-05T15:30:00.000Z'],
  ];
  for (const [timeZone, text, expected] of walls) {
    it(`${timeZone}: ${text} is ${expected}`, () => should(readWall(text, { timeZone })).equal(expected));
  }

  it('gives an hour that comes twice one of its two instants', () => {
    should(readWall('2031-10-26 02:30:00', { timeZone: 'Europe/Berlin' })).equalOneOf(
      '2031-10-26T00:30:00.000Z',
      '2031-10-26T01:30:00.000Z',
    );
    should(readWall('2031-11-02 01:30:00', { timeZone: 'America/New_York' })).equalOneOf(
      '2031-11-02T05:30:00.000Z',
      '2031-11-02T06:30:00.000Z',
    );
  });

  it('gives an hour that does not exist an instant within an hour of the change', () => {
    should(readWall('2031-03-30 02:30:00', { timeZone: 'Europe/Berlin' })).equalOneOf(
      '2031-03-30T00:30:00.000Z',
      '2031-03-30T01:30:00.000Z',
    );
    should(readWall('2031-03-09 02:30:00', { timeZone: 'America/New_York' })).equalOneOf(
      '2031-03-09T06:30:00.000Z',
      '2031-03-09T07:30:00.000Z',
    );
  });

  it('is asked anew where it changes within an hour, whatever was asked before', () => {
    const timeZone = 'Australia/Lord_Howe';
    // 01:45 comes twice on that day, 01:15 once; 02:15 never comes on the other, 02:45 does
    readWall('2031-04-06 01:45:00', { timeZone });
    should(readWall('2031-04-06 01:15:00', { timeZone })).equal('2031-04-05T14:15:00.000Z');
    readWall('2031-10-05 02:15:00', { timeZone });
    should(readWall('2031-10-05 02:45:00', { timeZone })).equal('2031-10-04T15:45:00.000Z');
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Pacific/Apia',
    'Africa/Casablanca',
    'America/Havana',
    'Antarctica/Troll',
  ];
  it('gives any instant back whose wall time Intl shows, or one that shows the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: startMs / 1000 - 3e8, max: startMs / 1000 + 3e8 }),
        fc.constantFrom(...zones),
        (seconds, timeZone) => {
          const wall = showWall(seconds * 1000, timeZone);
          const read = Date.parse(readWall(wall, { timeZone }, seconds * 1000) ?? '');
          if (read !== seconds * 1000) should(showWall(read, timeZone)).equal(wall);
        },
      ),
      cases(1000),
    );
  });

  it('gives every quarter of an hour back around the changes', () => {
    for (const timeZone of zones) {
      for (const day of [
        Date.UTC(2031, 2, 9),
        Date.UTC(2031, 2, 30),
        Date.UTC(2031, 3, 5),
        Date.UTC(2031, 9, 4),
        Date.UTC(2031, 9, 26),
        Date.UTC(2031, 10, 2),
      ]) {
        for (let ms = day; ms < day + 36 * 3_600_000; ms += 900_000) {
          const wall = showWall(ms, timeZone);
          const read = Date.parse(readWall(wall, { timeZone }) ?? '');
          if (read !== ms) should(showWall(read, timeZone)).equal(wall, `${timeZone} ${wall}`);
        }
      }
    }
  });
});

describe('the server\u2019s own zone', () => {
  const before = process.env.TZ;
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it('is taken where none is set', () => {
    process.env.TZ = 'America/New_York';
    should(readWall('2031-01-15 12:00:00', { timeZone: '' })).equal('2031-01-15T17:00:00.000Z');
    process.env.TZ = 'Asia/Kathmandu';
    should(readWall('2031-01-15 12:00:00', { timeZone: '' })).equal('2031-01-15T06:15:00.000Z');
  });
});

describe('the name of a zone', () => {
  it('is good where this Node.js knows it, and as an offset', () => {
    for (const zone of ['', 'UTC', 'Europe/Berlin', 'europe/berlin', '+00:00', '+02:00', '-0330', '+14:00', '-12:00']) {
      should(isTimeZone(zone)).be.true(zone);
    }
  });

  it('is refused where it means nothing', () => {
    for (const zone of [
      'nonsense',
      'Z',
      ' ',
      '+2',
      '02:00',
      '+02:00:00',
      'Europe/Nowhere',
      'CST-8 ',
      '+99:99',
      '+24:00',
      '+02:60',
    ]) {
      should(isTimeZone(zone)).be.false(zone);
    }
  });
});
