/** Incidents never clear: a fault begins with its first word, goes on while it is told, and ends with silence. */
import should from 'should';
import type { SecurityEvent } from '../../../src/event';
import { Incidents } from '../../../src/vendors/camio/incidents';
import { receive } from '../../../src/vendors/camio/receive';
import { makeEvent, makePost, openOptions, startMs } from '../../support/events';
import { countKept } from '../../support/kept';

const minuteMs = 60_000;
const quietMs = 30 * minuteMs;

interface Fields {
  readonly counters?: readonly string[];
  readonly camera?: string;
  readonly user?: string;
  /** Minutes after the start. */
  readonly at?: number;
  /** Minutes after the start; undefined: none. */
  readonly date?: number | undefined;
}

function incident({
  counters = ['movies_discarded_count'],
  camera = 'Dock',
  user = 'u1',
  at = 0,
  ...rest
}: Fields = {}): {
  readonly event: SecurityEvent;
  readonly nowMs: number;
} {
  const receivedAt = startMs + at * minuteMs;
  const date = 'date' in rest ? rest.date : at;
  const body = {
    type: 'incident.created',
    data: {
      object: {
        user: { user_id: user },
        incident: {
          camera_name: camera,
          ...(date !== undefined && { date: new Date(startMs + date * minuteMs).toISOString() }),
          counter_events: Object.fromEntries(counters.map((name) => [name, { value: 3 }])),
        },
      },
    },
  };
  const [event] = receive(makePost(JSON.stringify(body), { receivedAt }), openOptions).events;
  if (event === undefined) throw new Error('no event');
  return { event, nowMs: receivedAt };
}

class Bench {
  readonly incidents = new Incidents();
  hear(fields: Fields = {}): SecurityEvent {
    const { event, nowMs } = incident(fields);
    return this.incidents.hear(event, nowMs, quietMs);
  }
  quiet(at: number): readonly SecurityEvent[] {
    return this.incidents.findQuiet(startMs + at * minuteMs, quietMs);
  }
}

/** How many elements of arrays are gone over one by one: by `for`, spread, and what takes anything that can be gone over. */
function countSteps(action: () => void): number {
  const steps = Object.getPrototypeOf([][Symbol.iterator]()) as { next: () => IteratorResult<unknown> };
  const { next } = steps;
  let count = 0;
  steps.next = function (this: unknown): IteratorResult<unknown> {
    count += 1;
    return next.call(this);
  };
  try {
    action();
  } finally {
    steps.next = next;
  }
  return count;
}

const states = (event: SecurityEvent): unknown => [event.state, event.incident?.counters.map(({ state }) => state)];

describe('an incident', () => {
  it('begins a fault with its first word, and has no state while it goes on', () => {
    const bench = new Bench();
    should(states(bench.hear())).deepEqual(['start', ['start']]);
    const second = bench.hear({ at: 15 });
    should(states(second)).deepEqual([undefined, [undefined]]);
    should(second.incident).containEql({ since: new Date(startMs).toISOString(), reports: 2 });
    should(second).not.have.property('state');
  });

  it('ends when nothing was said of it for the quiet time, once', () => {
    const bench = new Bench();
    bench.hear();
    bench.hear({ at: 15 });
    should(bench.quiet(44.9)).be.empty();
    const [stop, ...others] = bench.quiet(45);
    should(others).be.empty();
    should(stop).have.properties({ state: 'stop', kind: 'video-discarded', type: 'quiet', category: 'health' });
    should(stop?.device).deepEqual({ id: 'u1/Dock', name: 'Dock' });
    should(stop?.incident).containEql({ since: new Date(startMs).toISOString(), reports: 2 });
    should(stop?.incident?.counters[0]).have.properties({ name: 'movies_discarded_count', state: 'stop', value: 3 });
    should(bench.quiet(46)).be.empty();
    should(bench.incidents.open).be.empty();
  });

  it('begins another fault after the end of the first', () => {
    const bench = new Bench();
    bench.hear();
    bench.quiet(30);
    const again = bench.hear({ at: 31 });
    should(states(again)).deepEqual(['start', ['start']]);
    should(again.incident).containEql({ since: new Date(startMs + 31 * minuteMs).toISOString(), reports: 1 });
  });

  it('begins another fault where the quiet time is over though nobody has looked yet', () => {
    const bench = new Bench();
    bench.hear();
    should(bench.hear({ at: 31 }).state).equal('start');
  });

  it('is kept apart by account, camera and counter', () => {
    const bench = new Bench();
    for (const fields of [{}, { user: 'u2' }, { camera: 'Gate' }, { counters: ['events_purged_count'] }]) {
      should(bench.hear(fields).state).equal('start');
    }
    should(bench.incidents.open).have.length(4);
    should(bench.quiet(30)).have.length(3); // one for each camera
  });

  it('is the same whatever case its counter is written in', () => {
    const bench = new Bench();
    bench.hear();
    should(bench.hear({ at: 1, counters: ['MOVIES_DISCARDED_COUNT'] }).state).be.undefined();
  });

  it('starts again where one of its counters is new, and says which', () => {
    const bench = new Bench();
    bench.hear();
    const more = bench.hear({ at: 5, counters: ['movies_discarded_count', 'stream_changed_offline_count'] });
    should(states(more)).deepEqual(['start', [undefined, 'start']]);
    should(more.incident?.reports).equal(2);
    bench.hear({ at: 20, counters: ['stream_changed_offline_count'] });
    const [first] = bench.quiet(35);
    should(first?.incident?.counters.map(({ name }) => name)).deepEqual(['movies_discarded_count']);
    should(bench.quiet(50).map(({ kind }) => kind)).deepEqual(['stream-offline']);
  });

  it('that comes late neither begins a fault nor keeps it alive', () => {
    const bench = new Bench();
    bench.hear({ at: 10 });
    should(states(bench.hear({ at: 20, date: 5 }))).deepEqual([undefined, [undefined]]);
    should(bench.quiet(40)).have.length(1);
    const late = bench.hear({ at: 45, date: 9 });
    should(late.state).be.undefined();
    should(bench.incidents.open).be.empty();
    should(late.incident).not.have.property('since');
  });

  it('without a date counts when it comes', () => {
    const bench = new Bench();
    should(bench.hear({ date: undefined }).state).equal('start');
    bench.hear({ at: 20, date: undefined });
    should(bench.quiet(49)).be.empty();
    should(bench.quiet(50)).have.length(1);
  });

  it('without a counter is a fault too', () => {
    const bench = new Bench();
    const first = bench.hear({ counters: [] });
    should([first.state, first.kind, first.incident?.counters]).deepEqual(['start', 'incident', []]);
    should(bench.hear({ counters: [], at: 1 }).state).be.undefined();
    should(bench.quiet(31).map(({ kind, state }) => [kind, state])).deepEqual([['incident', 'stop']]);
  });

  it('leaves counters that only come along without a state', () => {
    const bench = new Bench();
    const queue = bench.hear({ counters: ['upload_queue_length', 'movie_upload_queue.commands_total'] });
    should(states(queue)).deepEqual(['start', ['start', undefined]]);
    should(bench.incidents.open).have.length(1);
  });

  it('has no state, and no end, where the quiet time is 0', () => {
    const incidents = new Incidents();
    const { event, nowMs } = incident();
    should(incidents.hear(event, nowMs, 0)).equal(event);
    should(incidents.open).be.empty();
  });

  it('is not over because the host has slept', () => {
    const bench = new Bench();
    bench.hear();
    bench.incidents.forgive(8 * 60 * minuteMs);
    should(bench.quiet(8 * 60 + 29)).be.empty();
    should(bench.quiet(8 * 60 + 30)).have.length(1);
  });

  it('of ever new names does not fill the memory', () => {
    const bench = new Bench();
    for (let count = 0; count < 20_050; count++) bench.hear({ camera: `camera ${count}` });
    should(bench.incidents.open).have.length(20_000);
  });

  it('costs no more memory for each counter because the names of its camera are long', () => {
    const incidents = new Incidents();
    const id = 'x'.repeat(1_000_000);
    const counters = Array.from({ length: 300 }, (_, index) => ({ name: `counter ${index}`, fault: true }));
    const event = makeEvent({ device: { id }, account: { id }, incident: { counters } });
    const kept = countKept(() => incidents.hear(event, startMs, quietMs));
    should(incidents.open).have.length(300);
    // a key with the names in it has 2 MB
    should(kept).be.below(10_000_000);
    const time = new Date(startMs + minuteMs).toISOString();
    const again = incidents.hear({ ...event, time }, startMs + minuteMs, quietMs);
    should([again.state, again.incident?.reports]).deepEqual([undefined, 2]);
    const others = [{ device: { id: `${id}.` } }, { account: { id: `${id}.` } }];
    for (const other of others) should(incidents.hear({ ...event, ...other }, startMs, quietMs).state).equal('start');
    should(incidents.findQuiet(startMs + quietMs + minuteMs, quietMs)).have.length(3);
  });

  it('ends with all others of its camera at a cost that grows with their number alone', () => {
    const countFor = (number: number): number => {
      const incidents = new Incidents();
      const counters = Array.from({ length: number }, (_, index) => ({ name: `counter ${index}`, fault: true }));
      incidents.hear(makeEvent({ incident: { counters } }), startMs, quietMs);
      return countSteps(() => {
        const [event, ...others] = incidents.findQuiet(startMs + quietMs, quietMs);
        should(event?.incident?.counters).have.length(number);
        should(others).be.empty();
      });
    };
    should(countFor(2000)).be.belowOrEqual(20 * countFor(200));
  });

  it('has no counter with a name that no counter has, and is there all the same', () => {
    const bench = new Bench();
    const [most, more] = ['n'.repeat(200), 'n'.repeat(201)];
    const event = bench.hear({ counters: [most, more] });
    should(event.incident?.counters.map(({ name }) => name)).deepEqual([most]);
    should(JSON.stringify(event.raw)).containEql(more);
    should(states(bench.hear({ counters: [more], camera: 'Gate' }))).deepEqual(['start', []]);
  });
});
