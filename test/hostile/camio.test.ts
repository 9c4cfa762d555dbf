/** Hostile posts at a Camio node: nothing crashes, nothing takes long, and whatever comes out is a valid event. */
import Ajv from 'ajv';
import * as fc from 'fast-check';
import should from 'should';
import schema from '../../src/event.schema.json';
import type { SecurityEvent } from '../../src/event';
import { eventTypes, groups } from '../../src/vendors/camio/catalogue';
import { Intake, IntakeMemory } from '../../src/vendors/camio/intake';
import { largestCallbackBytes, receive } from '../../src/vendors/camio/receive';
import { makePost, openOptions, startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { readSamples } from '../support/samples';
import { cases } from '../support/cases';

const validate = new Ajv({ allErrors: true }).compile(schema);
const samples = readSamples('camio')
  .filter(({ events }) => events !== undefined)
  .map(({ body }) => body.toString('utf8'));

const word = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '1e999',
    '2026-02-30T25:61:61-9999',
    '\\u003e',
  ),
  fc.constantFrom(
    'a'.repeat(5000),
    '2026-03-01T11:58:11.020-0000',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:60+14:00',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const leaf = fc.oneof(word, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
const names = (
  'id type data object user user_id email email_address camera name ip_address zone polygons incident date camera_name ' +
  'camera_ip box_mac_address counter_events counter value description upload_queue_length events camio_metadata entry_id ' +
  'labels source_server domain actor images image_b64 size timestamp callback_url device hook'
).split(' ');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 5, withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...names), word), tie('any'), { maxKeys: 6 }),
})).object;
const envelope = fc
  .tuple(fc.constantFrom('', 'x.y', ...eventTypes.map(({ type }) => type)), value, value)
  .map(([type, object, more]) => ({ ...more, type, data: { object } }));

interface Told {
  readonly status: number;
  readonly events: readonly SecurityEvent[];
  readonly errors: number;
  readonly empty: number;
}

function send(body: string | Buffer, memory = new IntakeMemory(), isClosed = false): Told {
  const events: SecurityEvent[] = [];
  const told = { errors: 0, empty: 0 };
  const settings = { ...openOptions, groups: new Set(groups), quietMs: 60_000, onlyChanges: false, isClosed };
  const intake = new Intake(settings, memory, new FakeClock(startMs), {
    onEvent: (event) => events.push(event),
    onEmpty: () => (told.empty += 1),
    onError: () => (told.errors += 1),
  });
  const post = makePost(body);
  const { status } = intake.answer(post, 'callback');
  intake.take(post, 'callback');
  intake.close();
  return { status, events, ...told };
}

function checkEvents(events: readonly SecurityEvent[], body: string): void {
  for (const event of events) {
    validate(JSON.parse(JSON.stringify(event)));
    should(validate.errors ?? []).deepEqual([], body.slice(0, 500));
    should(Object.getPrototypeOf(event.raw)).equal(Object.prototype);
  }
}

describe('whatever is posted to a Camio node', () => {
  it('gives valid events, or an error, or counts as empty', () => {
    fc.assert(
      fc.property(fc.oneof(envelope, value, fc.array(envelope, { maxLength: 3 })), (content) => {
        const body = JSON.stringify(content);
        const { status, events, errors, empty } = send(body);
        should(status).be.oneOf(200, 400);
        should(events.length + errors + empty).be.above(0);
        if (status === 400) should(events).be.empty();
        checkEvents(events, body);
      }),
      cases(500),
    );
  });

  it('gives valid events where a value of a real post is another', () => {
    for (const text of samples) {
      for (const wrong of [
        '""',
        '"x"',
        '-1',
        '1e300',
        'null',
        '[]',
        '{}',
        '[[{}]]',
        '"__proto__"',
        '{"name":{"name":7}}',
      ]) {
        const leaves = [...text.matchAll(/(?<=": )("[^"]*"|-?[\d.]+|true|false)/g)].filter(([one]) => one.length < 200);
        for (const { 0: one, index } of leaves) {
          const body = `${text.slice(0, index)}${wrong}${text.slice(index + one.length)}`;
          const { status, events } = send(body);
          should(status).equal(200);
          checkEvents(events, body);
        }
      }
    }
  }).timeout(120_000);

  it('never throws where it is cut, or bytes of it are others', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(255), fc.boolean(), (text, at, byte, isCut) => {
        const bytes = Buffer.from(text);
        const place = at % (bytes.length + 1);
        const body = isCut ? bytes.subarray(0, place) : Buffer.from(bytes);
        if (!isCut && place < body.length) body[place] = byte;
        const { status, events } = send(body);
        should(status).be.oneOf(200, 400);
        checkEvents(events, body.toString());
      }),
      cases(500),
    );
  });

  it('gives nothing, whatever it is, at a node without a secret', () => {
    fc.assert(
      fc.property(fc.oneof(envelope, value), (content) => {
        const { status, events } = send(JSON.stringify(content), new IntakeMemory(), true);
        should([status, events.length]).deepEqual([401, 0]);
      }),
      cases(50),
    );
  });

  it('leaves nothing in the prototypes', () => {
    const { events } = send(
      '{"type":"x","data":{"object":{"__proto__":{"isAdmin":true},"camera":{"constructor":{"x":1}}}}}',
    );
    should(events).have.length(1);
    should(Reflect.get({}, 'isAdmin')).be.undefined();
    should(JSON.stringify(events[0]?.raw)).not.match(/isAdmin|constructor/);
  });

  it('takes no more messages in a post, and no more events in a message, than anybody could send in earnest', () => {
    const told = (count: number): string => JSON.stringify(Array.from({ length: count }, (_, index) => ({ a: index })));
    const doors = (count: number): string =>
      JSON.stringify({
        type: 'pacs.events.created',
        data: { object: { events: Array.from({ length: count }, () => ({})) } },
      });
    for (const [what, most] of [
      [told, 100],
      [doors, 1000],
    ] as const) {
      should(send(what(most)).events).have.length(most);
      const { status, events, errors } = send(what(most + 1));
      should({ status, events, errors }).deepEqual({ status: 400, events: [], errors: 1 });
    }
    const { error } = receive(makePost(`[${'1,'.repeat(40_000)}1]`), openOptions);
    should(error).have.properties({ code: 'camio-too-many' });
  });

  it('takes no more events in a post, and copies no more beside them, because they are in many messages', () => {
    const doors = (count: number, beside: number): unknown => ({
      type: 'pacs.events.created',
      data: { object: { events: Array.from({ length: count }, (_, index) => ({ index })), x: Array(beside).fill(1) } },
    });
    const told = (...messages: readonly unknown[]): Told =>
      send(JSON.stringify(messages.map((message, index) => ({ ...Object(message), id: `${index}` }))));
    const refused = { status: 400, events: [], errors: 1, empty: 0 };
    should(told(doors(500, 1), doors(500, 1)).events).have.length(1000);
    should(told(doors(500, 1), doors(501, 1), { type: 'x' })).deepEqual(refused);
    should(told(doors(400, 230), doors(400, 230)).events).have.length(800);
    should(told(doors(400, 250), doors(400, 250), { type: 'x' })).deepEqual(refused);
  });

  it('takes no more labels of an event than anybody could give it', () => {
    const labels = Array.from({ length: 10_000 }, (_, index) => `label ${index}`);
    const door = { type: 'pacs.events.created', data: { object: { events: [{ camio_metadata: { labels } }] } } };
    for (const message of [door, { images: [], labels }]) {
      const [event] = send(JSON.stringify(message)).events;
      should(event?.labels).deepEqual(labels.slice(0, 1000));
      should(JSON.stringify(event?.raw)).containEql('label 9999');
    }
  });

  it('takes no name that is longer than any: it stays in raw alone', () => {
    const body = (length: number): string =>
      JSON.stringify({
        type: 'incident.created',
        data: { object: { user: { user_id: 'u'.repeat(length) }, incident: { camera_name: 'c'.repeat(length) } } },
      });
    const [event] = send(body(1001)).events;
    should(event).not.have.property('account');
    should(event?.device).deepEqual({ id: 'unknown' });
    should(JSON.stringify(event?.raw)).match(/c{1001}/);
    should(send(body(1000)).events[0]?.device.name).equal('c'.repeat(1000));
  });

  const bombs: readonly (readonly [what: string, body: () => string])[] = [
    ['deep arrays', () => '['.repeat(500_000)],
    ['deep objects', () => `{"type":"x","data":${'{"a":'.repeat(100_000)}`],
    ['a million values', () => `{"type":"x","data":[${'1,'.repeat(500_000)}1]}`],
    ['a long text', () => JSON.stringify({ type: 'x', data: { object: { camera: { name: 'n'.repeat(900_000) } } } })],
    [
      'many events beside many values',
      () => {
        const events = Array.from({ length: 15_000 }, () => ({}));
        return JSON.stringify({
          type: 'pacs.events.created',
          data: { object: { events, more: Array(30_000).fill(1) } },
        });
      },
    ],
    [
      'many counters',
      () => {
        const counter_events = Object.fromEntries(
          Array.from({ length: 20_000 }, (_, index) => [`c${index}`, { value: 1 }]),
        );
        return JSON.stringify({ type: 'incident.created', data: { object: { incident: { counter_events } } } });
      },
    ],
    [
      'many escapes',
      () => JSON.stringify({ incident: { counter_events: { a: { description: '\\u003e'.repeat(100_000) } } } }),
    ],
  ];
  for (const [what, write] of bombs) {
    it(`is over soon: ${what}`, () => {
      const body = write();
      should(body.length).be.belowOrEqual(2 * largestCallbackBytes);
      const before = process.cpuUsage().user;
      const { events } = send(body);
      should((process.cpuUsage().user - before) / 1000).be.below(1500);
      checkEvents(events.slice(0, 3), what);
    });
  }
});
