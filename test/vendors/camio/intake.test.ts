/** The posts of one node: what comes out, what is told from repetitions, what is refused, what is counted. */
import should from 'should';
import type { SecurityEventsError } from '../../../src/errors';
import type { SecurityEvent } from '../../../src/event';
import type { Delivery } from '../../../src/http/receiver';
import { groups } from '../../../src/vendors/camio/catalogue';
import { Intake, IntakeMemory, type Door, type IntakeSettings } from '../../../src/vendors/camio/intake';
import { makePost, openOptions, startMs } from '../../support/events';
import { FakeClock } from '../../support/fake-clock';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

class Bench {
  readonly clock = new FakeClock(startMs);
  readonly events: SecurityEvent[] = [];
  readonly errors: SecurityEventsError[] = [];
  empty = 0;
  readonly intake: Intake;

  constructor(
    settings: Partial<IntakeSettings> = {},
    readonly memory = new IntakeMemory(),
  ) {
    const all: IntakeSettings = {
      ...openOptions,
      groups: new Set(groups),
      quietMs: 30 * minuteMs,
      onlyChanges: false,
      isClosed: false,
      ...settings,
    };
    this.intake = new Intake(all, memory, this.clock, {
      onEvent: (event) => this.events.push(event),
      onEmpty: () => (this.empty += 1),
      onError: (error) => this.errors.push(error),
    });
  }

  /** As a listener does: first the answer, then the delivery. */
  post(
    content: object | string,
    fields: object = {},
    door: Door = 'callback',
  ): { readonly status: number; readonly delivery: Delivery } {
    const body = typeof content === 'string' ? content : JSON.stringify(content);
    const post = makePost(body, { receivedAt: this.clock.now(), address: '198.51.100.9', ...fields });
    const { status } = this.intake.answer(post, door);
    return { status, delivery: this.intake.take(post, door) };
  }
}

const offline = (id?: string, more: object = {}): object => ({
  ...(id !== undefined && { id }),
  type: 'incident.created',
  data: {
    object: {
      user: { user_id: 'u1' },
      incident: { camera_name: 'Dock', counter_events: { stream_changed_offline_count: { value: 1 } }, ...more },
    },
  },
});
const doors = (id: string, count: number): object => ({
  id,
  type: 'pacs.events.created',
  data: { object: { events: Array.from({ length: count }, (_, index) => ({ serial_number: index })) } },
});

describe('the posts of a camio-callback-in node', () => {
  it('give one output for one id, two for two ids of the same content', () => {
    const bench = new Bench();
    bench.post(offline('a'));
    should(bench.post(offline('a'))).deepEqual({ status: 200, delivery: { duplicates: 1 } });
    bench.post(offline('b'));
    should(bench.events.map(({ id }) => id)).deepEqual(['a', 'b']);
    should(bench.memory).have.properties({ posts: 3, sent: 2, dropped: { duplicate: 1 } });
  });

  it('remember an id for a day, through a Deploy', () => {
    const bench = new Bench();
    bench.post(offline('a'));
    bench.clock.advance(24 * hourMs - 1);
    const after = new Bench({}, bench.memory);
    after.clock.advance(24 * hourMs - 1);
    after.post(offline('a'));
    should(after.events).be.empty();
    after.clock.advance(2);
    after.post(offline('a'));
    should(after.events).have.length(1);
  });

  it('tell those without an id by what they say, for a minute', () => {
    const bench = new Bench({ quietMs: 0 });
    bench.post(offline());
    bench.post(JSON.stringify(offline(), null, 2));
    bench.clock.advance(minuteMs);
    bench.post(offline());
    should(bench.events).have.length(2);
  });

  it('give each door event of a callback, alike or not, and all of it once', () => {
    const bench = new Bench();
    bench.post(doors('d', 3));
    should(bench.events.map(({ part }) => part?.index)).deepEqual([0, 1, 2]);
    should(bench.post(doors('d', 3)).delivery.duplicates).equal(1);
    should(bench.events).have.length(3);
  });

  it('pass only in groups that are wanted, and are answered 200 all the same', () => {
    const bench = new Bench({ groups: new Set(['pacs']) });
    should(bench.post(offline('a')).status).equal(200);
    bench.post({ id: 'x', type: 'box.rebooted' });
    bench.post(doors('d', 1));
    should(bench.events.map(({ type }) => type)).deepEqual(['pacs.events.created']);
    should(bench.memory.dropped).deepEqual({ group: 2 });
    should(bench.memory.incidents.open).be.empty();
  });

  it('begin and end a fault', () => {
    const bench = new Bench();
    bench.post(offline('a'));
    bench.clock.advance(15 * minuteMs);
    bench.post(offline('b'));
    bench.clock.advance(30 * minuteMs + 5000);
    should(bench.events.map(({ state, kind }) => [kind, state])).deepEqual([
      ['stream-offline', 'start'],
      ['stream-offline', undefined],
      ['stream-offline', 'stop'],
    ]);
    should(bench.memory.sent).equal(3);
    bench.intake.close();
    should(bench.clock.running).equal(0);
  });

  it('say of a fault only when it begins and ends, where the node is set so', () => {
    const bench = new Bench({ onlyChanges: true });
    for (const id of ['a', 'b', 'c']) bench.post(offline(id));
    bench.post(doors('d', 1));
    bench.clock.advance(31 * minuteMs);
    should(bench.events.map(({ kind, state }) => [kind, state])).deepEqual([
      ['stream-offline', 'start'],
      ['door-event', undefined],
      ['stream-offline', 'stop'],
    ]);
    should(bench.memory.dropped).deepEqual({ 'goes-on': 2 });
  });

  it('have no state, and no timer, where the quiet time is 0', () => {
    const bench = new Bench({ quietMs: 0, onlyChanges: true });
    for (const id of ['a', 'b']) bench.post(offline(id));
    should(bench.events.map(({ state }) => state)).deepEqual([undefined, undefined]);
    should(bench.clock.running).equal(0);
  });

  it('keep a fault that goes on through a Deploy', () => {
    const bench = new Bench();
    bench.post(offline('a'));
    bench.intake.close();
    const after = new Bench({}, bench.memory);
    after.post(offline('b'));
    should(after.events[0]?.state).be.undefined();
    after.clock.advance(31 * minuteMs);
    should(after.events.at(-1)?.state).equal('stop');
  });

  for (const [what, body] of [
    ['no body', ''],
    ['blanks', ' \n'],
    ['a byte order mark', '\ufeff'],
    ['an empty list', '[]'],
    ['a callback without events', doors('d', 0)],
  ] as const) {
    it(`are answered 200 where there is ${what}, and give nothing`, () => {
      const bench = new Bench();
      should(bench.post(body)).deepEqual({ status: 200, delivery: { duplicates: 0 } });
      should([bench.events.length, bench.errors.length, bench.empty]).deepEqual([0, 0, 1]);
      should(bench.memory.dropped).deepEqual({ empty: 1 });
    });
  }

  it('are answered 400 where they cannot be read, each with an error', () => {
    const bench = new Bench();
    for (const body of ["{'id': 1}", '{"id":', 'null', '7', '"text"', '[1, 2]'])
      should(bench.post(body).status).equal(400);
    should(bench.errors).have.length(6);
    should(bench.events).be.empty();
    should(bench.memory.refused).deepEqual({ 'json-malformed': 2, 'camio-no-object': 4 });
  });

  it('lose nothing because of a part that cannot be read', () => {
    const bench = new Bench();
    const { status, delivery } = bench.post(`[7, ${JSON.stringify(offline('a'))}]`);
    should([status, delivery.error?.code]).deepEqual([200, 'camio-no-object']);
    should(bench.events).have.length(1);
    should(bench.errors[0]?.message).containEql('[0]');
  });

  it('are all refused by a node without a secret, which says so once a minute for each address', () => {
    const bench = new Bench({ isClosed: true });
    for (let count = 0; count < 9; count++) should(bench.post(offline('a')).status).equal(401);
    bench.post('', { address: '203.0.113.4' });
    bench.clock.advance(minuteMs);
    bench.post('no JSON');
    should(bench.errors.map(({ code }) => code)).deepEqual(Array(3).fill('secret-missing'));
    should(bench.memory.refused).deepEqual({ 'secret-missing': 11 });
    should([bench.events.length, bench.empty]).deepEqual([0, 0]);
    // who knows the secret path of hooks is let in
    should(bench.post(offline('a'), {}, 'hook').status).equal(200);
    should(bench.memory.sent).equal(1);
  });
});
