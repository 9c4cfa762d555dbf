/** Times as devices and clouds with broken clocks write them: a moment that an event can have, or none. */
import * as fc from 'fast-check';
import should from 'should';
import { findTime, parseTime } from '../../src/vendors/camio/time';
import { readTime as readCamlyticsTime } from '../../src/vendors/camlytics/time';
import { isTimeZone } from '../../src/zone';
import { cases } from '../support/cases';
import { startMs } from '../support/events';

const number = fc.oneof(fc.nat(99), fc.constantFrom(0, 24, 29, 31, 59, 60, 61, 9999, 275_760)).map(String);
const two = number.map((text) => text.padStart(2, '0'));
const offset = fc.oneof(
  fc.constantFrom('', 'Z', 'z', '-0000', '+00:00', '+14:00', '-14:01', '+99:99', ' 02:00', '+5', 'UTC'),
  fc.tuple(fc.constantFrom('+', '-', '−'), two, two).map((parts) => parts.join('')),
);
const written = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
      number,
    ),
    two,
    two,
    fc.constantFrom('T', ' ', 't', '', '_'),
    two,
    two,
    two,
    fc.oneof(
      fc.constant(''),
      fc.nat().map((part) => `.${part}`),
      fc.constant(',5'),
    ),
    offset,
  )
  .map(([year, month, day, between, hour, minute, second, part, zone]) =>
    [`${year}-${month}-${day}`, between, `${hour}:${minute}:${second}${part}`, zone].join(''),
  );
const digits = fc.stringMatching(/^-?\d{1,24}$/);
const any = fc.oneof(written, written, digits, fc.string({ unit: 'binary', maxLength: 40 }));
const zone = fc.constantFrom('', 'UTC', '+02:00', '-11:30', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia');

describe('a time that somebody has written', () => {
  it('is one that an event of Camlytics can have, or none', () => {
    fc.assert(
      fc.property(any, zone, (text, timeZone) => {
        const ms = readCamlyticsTime(text, timeZone, startMs);
        if (ms !== undefined) should(new Date(ms).toISOString()).match(/^20\d\d-/);
      }),
      cases(2000),
    );
  });

  it('is one that an event of Camio can have, or none', () => {
    fc.assert(
      fc.property(any, zone, (text, timeZone) => {
        const ms = findTime([undefined, text], timeZone, startMs);
        if (ms !== undefined) should(ms).be.within(1, startMs + 2 * 24 * 3_600_000);
      }),
      cases(2000),
    );
  });

  it('comes back as it was, with every way to write UTC', () => {
    const moment = fc.integer({ min: startMs - 3e10, max: startMs });
    fc.assert(
      fc.property(moment, fc.constantFrom('Z', '-0000', '+00:00', '+0000'), (ms, utc) => {
        const text = new Date(ms).toISOString().replace('Z', utc);
        should(parseTime(text, 'Europe/Berlin')).equal(ms);
        should(readCamlyticsTime(text, 'Europe/Berlin', startMs)).equal(ms);
      }),
      cases(1000),
    );
  });

  it('is in a zone that is known, or the zone is refused', () => {
    fc.assert(
      fc.property(fc.oneof(offset, fc.string({ unit: 'binary', maxLength: 30 })), (name) => {
        if (isTimeZone(name)) should(readCamlyticsTime('2031-02-03T04:05:06', name, startMs)).be.a.Number();
      }),
      cases(500),
    );
  });
});
