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

/** What cannot be unescaped costs an exception. */
function countUnescapes(action: () => void): number {
  const original = globalThis.decodeURIComponent;
  let count = 0;
  globalThis.decodeURIComponent = (text) => {
    count += 1;
    return original(text);
  };
  try {
    action();
  } finally {
    globalThis.decodeURIComponent = original;
  }
  return count;
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

  describe('with a query or a form that was made to need time', () => {
    const made: Readonly<Record<string, string>> = {
      'separators alone': '&'.repeat(16_000),
      'names without values': 'a=?'.repeat(5000),
      'names and values that are not escaped well': `event-type=x&${'%=%&'.repeat(4000)}`,
      'a long value that is not escaped well': `event-type=${'%'.repeat(16_000)}`,
      'a long time': `event-time=${'1'.repeat(16_000)}`,
    };
    for (const [name, query] of Object.entries(made)) {
      for (const [way, post] of [
        ['query', makePost('', { method: 'GET', query })],
        ['form', makePost(query)],
      ] as const) {
        it(`unescapes few of ${name} in a ${way}`, () =>
          should(countUnescapes(() => receive(post, openOptions))).be.below(250));
      }
    }

    it('unescapes nothing of a form that is longer than any of Camlytics', () => {
      const post = makePost(`event-type=x&${'%=%&'.repeat(262_100)}`);
      should(countUnescapes(() => receive(post, openOptions))).equal(0);
      const { events, error } = receive(post, openOptions);
      should(events).be.empty();
      should(error).have.properties({ code: 'camlytics-no-event' });
      should(answer(post).status).equal(400);
    });

    it('reads what Camlytics says before what somebody has appended', () => {
      const { events } = receive(makePost(`event-type=Loitering&${'a=1&'.repeat(1000)}event-origin=x`), openOptions);
      should(events).have.length(1);
      should(events[0]).have.properties({ kind: 'loitering' });
    });
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
