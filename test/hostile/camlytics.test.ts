/** Whatever comes to Camlytics' door or from its port: one answer, valid events or one error, and no harm. */
import Ajv from 'ajv';
import * as fc from 'fast-check';
import should from 'should';
import schema from '../../src/event.schema.json';
import { SecurityEventsError } from '../../src/errors';
import { standardDirections, toEvent } from '../../src/vendors/camlytics/events';
import { answer, isMessage, receive } from '../../src/vendors/camlytics/receive';
import { decodeChannels, decodeEvents, decodeTotals } from '../../src/vendors/camlytics/wire';
import { makePost, openOptions, startMs } from '../support/events';
import { readSamples } from '../support/samples';
import { cases } from '../support/cases';

const validate = new Ajv({ allErrors: true }).compile(schema);
const names = [
  'event-type',
  'event_type',
  'type',
  'event_name',
  'event-time',
  'event_time',
  'time',
  'event-objectId',
  'object_id',
  'event_id',
  'rule_id',
  'event-ruleName',
  'rule_name',
  'channel_id',
  'event-channelName',
  'channel_name',
  'origin',
  'position_x',
  'velocity',
  '__proto__',
  'constructor',
  'toString',
  '',
];
const word = fc.oneof(
  fc.constantFrom(
    '-1',
    '',
    'TripwireCrossed',
    'Enter',
    '2031-02-03T04:05:06',
    '99999999999999999999',
    '__proto__',
    '%',
    '+',
  ),
  fc.string({ maxLength: 30 }),
);
const value = fc.oneof(
  word,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(word, { maxLength: 3 }),
  fc.dictionary(word, word, { maxKeys: 2 }),
);
const object = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 });

function checkEvents(events: readonly unknown[]): void {
  for (const event of events) {
    validate(JSON.parse(JSON.stringify(event)));
    should(validate.errors).be.null();
  }
}

describe('the door for Camlytics, with hostile posts', () => {
  it('gives valid events or one error for any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(object, fc.array(fc.oneof(object, value), { maxLength: 4 }), value), (tree) => {
        const post = makePost(JSON.stringify(tree));
        const { events, error } = receive(post, openOptions);
        checkEvents(events);
        should(answer(post).status).equal(error === undefined ? 200 : 400);
        should(events.length > 0).equal(error === undefined);
      }),
      cases(500),
    );
  });

  it('gives valid events or one error for any query and any form', () => {
    const pair = fc.tuple(fc.constantFrom(...names), fc.oneof(word, fc.webQueryParameters()));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), fc.constantFrom('&', '?', '&&', '='), (pairs, separator) => {
        const query = pairs.map(([name, text]) => `${name}=${text}`).join(separator);
        const get = makePost('', { method: 'GET', query });
        checkEvents(receive(get, openOptions).events);
        should(answer(get).status).equal(200);
        should(receive(get, openOptions).events.length > 0).equal(isMessage(get));
        checkEvents(receive(makePost(query), openOptions).events);
      }),
      cases(500),
    );
    should(({} as Record<string, unknown>).polluted).be.undefined();
  });

  it('gives valid events or one error for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { events, error } = receive(makePost(Buffer.from(bytes)), openOptions);
        checkEvents(events);
        should(events.length > 0).equal(error === undefined);
      }),
      cases(500),
    );
  });

  it('needs no time for a query that was made to need it', () => {
    const start = process.cpuUsage();
    for (const query of [
      '&'.repeat(60_000),
      'a=?'.repeat(20_000),
      `event-type=${'%'.repeat(60_000)}`,
      `event-time=${'1'.repeat(60_000)}`,
    ]) {
      receive(makePost('', { method: 'GET', query }), openOptions);
    }
    should(process.cpuUsage(start).user / 1000).be.below(2000);
  });
});

describe('a REST API that is none of Camlytics', () => {
  it('is read or refused with one typed error, whatever it answers', () => {
    const bodies = readSamples('camlytics-poll').map(({ body }) => body.toString());
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), fc.nat(40), word, (body, at, length, instead) => {
        const cut = at % (body.length + 1);
        const bytes = Buffer.from(body.slice(0, cut) + instead + body.slice(cut + length));
        for (const decode of [decodeChannels, decodeTotals, decodeEvents]) {
          try {
            const found = decode(bytes);
            if (!('events' in found)) continue;
            const reading = { timeZone: 'UTC', directions: standardDirections, receivedAt: startMs };
            checkEvents(found.events.map((message) => toEvent(message, reading)));
          } catch (thrown) {
            should(thrown).be.instanceof(SecurityEventsError);
          }
        }
      }),
      cases(800),
    );
  });
});
