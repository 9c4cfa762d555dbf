/** The posts of one node: what comes out, what is told from repetitions, what is marked as late, what is counted. */
import { createHmac } from 'node:crypto';
import should from 'should';
import type { SecurityEventsError } from '../../../src/errors';
import type { SecurityEvent } from '../../../src/event';
import type { Delivery } from '../../../src/http/receiver';
import { Intake, IntakeMemory, type IntakeSettings } from '../../../src/vendors/pdk/intake';
import type { Trust } from '../../../src/vendors/pdk/receive';
import { makePost, startMs } from '../../support/events';

const secret = 'the-secret-of-this-test';
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface Fields {
  readonly receivedAt?: number;
  readonly with?: string;
  readonly address?: string;
}

class Bench {
  readonly memory: IntakeMemory;
  readonly events: SecurityEvent[] = [];
  readonly drops: string[] = [];
  readonly errors: SecurityEventsError[] = [];
  readonly #intake: Intake;

  constructor(settings: Partial<IntakeSettings & Trust> = {}, memory = new IntakeMemory()) {
    this.memory = memory;
    const trust = { secret, previousSecret: '', acceptUnsigned: false, ...settings };
    this.#intake = new Intake({ trust, topics: ['*'], staleAfterMs: 5 * minuteMs, ...settings }, memory, {
      onEvent: (event) => this.events.push(event),
      onDrop: (_event, reason) => this.drops.push(reason),
      onError: (error) => this.errors.push(error),
    });
  }

  /** As a listener does: first the answer, then the delivery. */
  post(content: object | string, fields: Fields = {}): { readonly status: number; readonly delivery: Delivery } {
    const body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const signature = createHmac('sha1', fields.with ?? secret)
      .update(body)
      .digest('hex');
    const post = makePost(body, {
      headers: { 'x-pdk-signature': signature },
      receivedAt: fields.receivedAt ?? startMs,
      address: fields.address ?? '198.51.100.7',
    });
    const { status } = this.#intake.answer(post);
    return { status, delivery: this.#intake.take(post) };
  }
}

const forced = (fields: object = {}): object => ({
  id: 'e1',
  topic: 'door.alarm.forced',
  panelId: '1A',
  body: { doorId: 1 },
  metadata: { occurred: startMs },
  ...fields,
});

describe('the posts of a pdk-webhook-in node', () => {
  it('become events that say which secret has matched', () => {
    const bench = new Bench({ previousSecret: 'old' });
    bench.post(forced());
    bench.post(forced({ id: 'e2' }), { with: 'old' });
    should(bench.events.map(({ signature }) => signature)).deepEqual(['current', 'previous']);
    should(bench.memory).have.properties({ posts: 2, sent: 2, previous: 1 });
  });

  it('give one event where PDK sends twice: answered 200, counted, within a day', () => {
    const bench = new Bench();
    should(bench.post(forced()).status).equal(200);
    const second = bench.post(forced(), { receivedAt: startMs + dayMs - 1 });
    should(second).deepEqual({ status: 200, delivery: { duplicates: 1 } });
    should(bench.events).have.length(1);
    should(bench.drops).deepEqual(['duplicate']);
    bench.post(forced(), { receivedAt: startMs + dayMs + 1 });
    should(bench.events).have.length(2);
  });

  it('are other events on another panel, of another topic or with another id', () => {
    const bench = new Bench();
    for (const fields of [{}, { panelId: '1B' }, { topic: 'door.alarm.propped.on' }, { id: 'e2' }]) {
      bench.post(forced(fields));
    }
    should(bench.events).have.length(4);
    should(new Set(bench.events.map(({ id }) => id)).size).equal(4);
  });

  it('are the same event although its JSON is written otherwise', () => {
    const bench = new Bench();
    bench.post(JSON.stringify(forced()));
    bench.post(JSON.stringify(forced(), null, 2));
    should(bench.events).have.length(1);
  });

  it('tell a panel that goes and comes by the time it says', () => {
    const bench = new Bench();
    const panel = { topic: 'panel.disconnected', panelId: '1A', ip: '100.64.0.1', online: true };
    bench.post({ ...panel, timestamp: '2031-02-03T04:00:00Z' });
    bench.post({ ...panel, timestamp: '2031-02-03T04:00:00Z' }, { receivedAt: startMs + 2 * minuteMs });
    bench.post({ ...panel, timestamp: '2031-02-03T04:05:00Z' });
    should(bench.events.map(({ health }) => health?.online)).deepEqual([false, false]);
  });

  it('tell changes of an organization, which have no id, by their bytes and only for a minute', () => {
    const bench = new Bench();
    const change = { topic: 'ou.updated', id: 'ou1', name: 'Example' };
    bench.post(change);
    bench.post(change, { receivedAt: startMs + minuteMs - 1 });
    bench.post({ ...change, name: 'Other' });
    bench.post(change, { receivedAt: startMs + minuteMs });
    should(bench.events).have.length(3);
  });

  it('cannot be suppressed by somebody who sends their ids first', () => {
    const bench = new Bench();
    should(bench.post(forced(), { with: 'guess' }).status).equal(401);
    should(bench.events).be.empty();
    bench.post(forced());
    should(bench.events).have.length(1);
  });

  it('are not taken for repetitions of what was not wanted when it came', () => {
    const memory = new IntakeMemory();
    new Bench({ topics: ['panel.*'] }, memory).post(forced());
    const later = new Bench({}, memory);
    later.post(forced());
    should(later.events).have.length(1);
    later.post(forced());
    should(memory.dropped).deepEqual({ topic: 1, duplicate: 1 });
  });

  it('pass only with a topic that is wanted, and are answered 200 all the same', () => {
    const bench = new Bench({ topics: ['door.request.*', 'door.alarm.forced'] });
    should(bench.post(forced({ topic: 'door.alarm.propped.on' }))).deepEqual({
      status: 200,
      delivery: { duplicates: 0 },
    });
    bench.post(forced());
    bench.post(forced({ topic: 'device.request.denied' }));
    should(bench.events.map(({ type }) => type)).deepEqual(['door.alarm.forced', 'device.request.denied']);
    should(bench.drops).deepEqual(['topic']);
  });

  it('are marked where they are late, never dropped', () => {
    const bench = new Bench();
    bench.post(forced({ id: 'in time' }), { receivedAt: startMs + 5 * minuteMs });
    bench.post(forced({ id: 'late' }), { receivedAt: startMs + 5 * minuteMs + 1 });
    bench.post(forced({ id: 'old', metadata: { occurred: 1_646_921_051_104 } }));
    bench.post(forced({ id: 'no time', metadata: {} }));
    bench.post(forced({ id: 'ahead' }), { receivedAt: startMs - minuteMs });
    should(bench.events.map(({ stale }) => stale)).deepEqual([undefined, true, true, undefined, undefined]);
    should(bench.memory.stale).equal(2);
  });

  it('are not marked at all where the node is set so', () => {
    const bench = new Bench({ staleAfterMs: Infinity });
    bench.post(forced({ metadata: { occurred: 1_646_921_051_104 } }));
    should(bench.events[0]).not.have.property('stale');
  });

  it('raise one error a minute for each kind of intruder and address, and are all counted', () => {
    const bench = new Bench();
    for (let count = 0; count < 50; count++) bench.post(forced(), { with: 'guess' });
    bench.post(forced(), { with: 'guess', address: '203.0.113.9' });
    bench.post(forced(), { with: 'guess', receivedAt: startMs + minuteMs });
    should(bench.errors.map(({ code }) => code)).deepEqual(Array(3).fill('signature-wrong'));
    should(bench.memory.refused).deepEqual({ 'signature-wrong': 52 });
    should(bench.memory.posts).equal(52);
  });

  it('raise an error each where they are genuine and cannot be read', () => {
    const bench = new Bench();
    const { status, delivery } = bench.post('no JSON');
    should(status).equal(400);
    should(delivery.error?.code).equal('json-malformed');
    bench.post('{}');
    should(bench.errors.map(({ code }) => code)).deepEqual(['json-malformed', 'pdk-no-topic']);
  });

  it('show which panels there are, and which of them are online', () => {
    const bench = new Bench();
    bench.post(forced());
    bench.post({ topic: 'panel.connected', panelId: '1B', timestamp: '2031-02-03T04:00:00Z' });
    bench.post(forced({ panelId: '1B', id: 'e9' }));
    should([...bench.memory.panels.values()]).deepEqual([
      { id: '1A', lastSeenMs: startMs },
      { id: '1B', lastSeenMs: startMs, online: true },
    ]);
    for (let count = 0; count < 300; count++) bench.post(forced({ panelId: `P${count}` }));
    should(bench.memory.panels.size).equal(200);
  });
});
