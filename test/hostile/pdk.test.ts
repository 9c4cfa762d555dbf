/** Hostile posts at a PDK node's door: nothing crashes, nothing comes out that nobody signed, and what does is valid. */
import { createHmac } from 'node:crypto';
import Ajv from 'ajv';
import * as fc from 'fast-check';
import should from 'should';
import schema from '../../src/event.schema.json';
import type { SecurityEvent } from '../../src/event';
import { topicGroups } from '../../src/vendors/pdk/catalogue';
import { Intake, IntakeMemory, type IntakeSettings } from '../../src/vendors/pdk/intake';
import type { Trust } from '../../src/vendors/pdk/receive';
import { makePost } from '../support/events';
import { readSamples } from '../support/samples';
import { cases } from '../support/cases';

const validate = new Ajv({ allErrors: true }).compile(schema);
const secret = 'secret-of-the-fuzz';
const topics = topicGroups.flatMap((group) => group.topics.map(([topic]) => topic));
const samples = readSamples('pdk').map(({ body }) => body.toString('utf8'));

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
    'YYYY-MM-DDThh:mm:ssZ',
    'a'.repeat(5000),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const leaf = fc.oneof(word, fc.double(), fc.integer(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
const value = fc.oneof(leaf, leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(word, leaf, { maxKeys: 3 }));
const fieldNames = (
  'doorId personId deviceId holderId requestFactor explicit count ruleId aoscan ioLinkId address port type voltage current ' +
  'batteryLevel userId details action occurred id name prevState newState dwell delay elevatorId cardFormat event ' +
  '__proto__ toString constructor doorName ioLinkName ruleName holderName'
).split(' ');
const block = fc.dictionary(fc.constantFrom(...fieldNames), value, {
  maxKeys: 8,
});
const topic = fc.oneof(
  fc.constantFrom(...topics),
  fc.constantFrom(...topics.map((known) => known.replace(/^door/, 'device'))),
  value,
);

/** A post in the right shape with anything in its fields. */
const shaped = fc
  .record(
    {
      id: value,
      topic,
      panelId: value,
      cloudNodeId: value,
      body: fc.oneof(block, value),
      metadata: fc.oneof(block, value),
      timestamp: value,
      ip: value,
      user: fc.oneof(block, value),
      clientInfo: value,
      name: value,
      ou: value,
    },
    { requiredKeys: ['topic'] },
  )
  .map((post) => JSON.stringify(post));

/** A real post with pieces cut out, doubled or replaced. */
const damaged = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.nat(),
    fc.nat(60),
    fc.oneof(word, fc.constantFrom('{', '}', '[', '"', ',', '\\u', '{"a":')),
  )
  .map(([text, from, length, piece]) => {
    const at = from % (text.length + 1);
    return text.slice(0, at) + piece + text.slice(at + length);
  });

const body = fc
  .oneof(shaped, shaped, damaged, fc.json({ maxDepth: 8 }), fc.uint8Array({ maxLength: 200 }))
  .map((made) => (typeof made === 'string' ? Buffer.from(made) : Buffer.from(made)));

const sign = (bytes: Buffer, key = secret): string => createHmac('sha1', key).update(bytes).digest('hex');

/** Headers that are not the right one for the body. */
const wrongHeaders = fc
  .tuple(
    fc.constantFrom('x-pdk-signature', 'x_pdk_signature', 'X-PDK-SIGNATURE', 'x-hub-signature', 'authorization'),
    fc.oneof(
      fc.constantFrom('', ' ', 'undefined', '0'.repeat(40), 'f'.repeat(39), 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), minLength: 40, maxLength: 40 }),
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 3 }),
    ),
  )
  .map(([name, text]) => ({ [name]: text }));

function open(settings: Partial<IntakeSettings & Trust> = {}): {
  intake: Intake;
  events: SecurityEvent[];
  memory: IntakeMemory;
} {
  const events: SecurityEvent[] = [];
  const memory = new IntakeMemory();
  const trust = { secret, previousSecret: 'the one before', acceptUnsigned: false, ...settings };
  const intake = new Intake({ trust, topics: ['*'], staleAfterMs: 300_000, ...settings }, memory, {
    onEvent: (event) => events.push(event),
    onDrop: () => undefined,
    onError: () => undefined,
  });
  return { intake, events, memory };
}

describe('a hostile post to a PDK node', () => {
  it('is never an event where nobody signed it, nor by any header', () => {
    const { intake, events, memory } = open();
    fc.assert(
      fc.property(body, wrongHeaders, (bytes, headers) => {
        const post = makePost(bytes, { headers });
        should(intake.answer(post).status).equal(401);
        should(intake.take(post).error?.code).match(/^signature-/);
        should(events).be.empty();
      }),
      cases(3000),
    );
    should(memory.sent).equal(0);
  });

  it('is never an event where one byte differs from what was signed', () => {
    const { intake, events } = open();
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
        const bytes = Buffer.from(text);
        const signature = sign(bytes);
        const at = place % bytes.length;
        bytes.writeUInt8((bytes.readUInt8(at) + change) % 256, at);
        const post = makePost(bytes, { headers: { 'x-pdk-signature': signature } });
        should(intake.answer(post).status).equal(401);
        intake.take(post);
        should(events).be.empty();
      }),
      cases(1000),
    );
  });

  it('is a valid event or refused where it is signed', () => {
    const { intake, events } = open({ staleAfterMs: 0 });
    let refused = 0;
    let found = 0;
    fc.assert(
      fc.property(body, (bytes) => {
        const post = makePost(bytes, { headers: { x_pdk_signature: sign(bytes) } });
        const { status } = intake.answer(post);
        const delivery = intake.take(post);
        const event = events.pop();
        if (status !== 200) {
          should(status).equal(400);
          should(delivery.error?.message).be.a.String().and.not.be.empty();
          should(event).be.undefined();
          refused += 1;
          return;
        }
        should(delivery.error).be.undefined();
        if (event === undefined) {
          should(delivery.duplicates).equal(1);
          return;
        }
        validate(JSON.parse(JSON.stringify(event)));
        should(validate.errors).be.null();
        should(event.signature).equal('current');
        should(structuredClone(event)).deepEqual(event);
        found += 1;
      }),
      cases(3000),
    );
    should(found).be.above(500);
    should(refused).be.above(200);
    should(({} as Record<string, unknown>).a).be.undefined();
    should(Object.keys(Object.prototype)).be.empty();
  });

  it('costs no more than a moment, however it is made', () => {
    const { intake } = open();
    const start = process.cpuUsage();
    for (const text of [
      '['.repeat(1_000_000),
      '{"topic":'.repeat(100_000),
      `{"topic":"x","a":[${'0,'.repeat(500_000)}0]}`,
      `{"topic":"${'door.'.repeat(200_000)}"}`,
      `{"topic":"x","body":{${Array.from({ length: 40_000 }, (_, at) => `"k${at}":1`).join()}}}`,
      `{"topic":"x","t":"${'\\u0041'.repeat(160_000)}"}`,
      `"${'\\'.repeat(1_000_000)}`,
      ' '.repeat(1_000_000),
    ]) {
      const bytes = Buffer.from(text);
      const post = makePost(bytes, { headers: { 'x-pdk-signature': sign(bytes) } });
      should(intake.answer(post).status).be.within(200, 400);
      intake.take(post);
    }
    should(process.cpuUsage(start).user / 1000).be.below(3000);
  });
});
