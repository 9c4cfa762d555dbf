/** A node's intake counts every post, names its sender, and watches who falls silent until it is closed. */
import * as fc from 'fast-check';
import should from 'should';
import type { SecurityEventsError } from '../../src/errors';
import type { SecurityEvent } from '../../src/event';
import { Intake, IntakeMemory, type IntakeSettings } from '../../src/intake';
import { viewtron } from '../../src/vendors/viewtron';
import { makePost, openGate, openOptions, startMs, wrapConfig } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { readSamples, toPost } from '../support/samples';
import { cases } from '../support/cases';

const settings: IntakeSettings = { ...openGate, ...openOptions, watchMisses: 3 };
const address = '192.0.2.41';

interface Bench {
  readonly intake: Intake;
  readonly memory: IntakeMemory;
  readonly clock: FakeClock;
  readonly events: SecurityEvent[];
  readonly drops: string[];
  readonly errors: SecurityEventsError[];
}

function open(
  fields: Partial<IntakeSettings> = {},
  memory = new IntakeMemory(),
  clock = new FakeClock(startMs),
): Bench {
  const events: SecurityEvent[] = [];
  const drops: string[] = [];
  const errors: SecurityEventsError[] = [];
  const intake = new Intake(viewtron, { ...settings, ...fields }, memory, clock, {
    onEvent: (event) => void events.push(event),
    onDrop: (_event, reason) => void drops.push(reason),
    onError: (error) => void errors.push(error),
  });
  return { intake, memory, clock, events, drops, errors };
}

function post({ intake, clock }: Bench, body: string): void {
  intake.take(makePost(body, { address, receivedAt: clock.now() }));
}

/** Empty heartbeats, 30 seconds apart, the last one now. */
function beat(bench: Bench, times: number): void {
  for (let count = 0; count < times; count++) {
    if (count > 0) bench.clock.advance(30_000);
    post(bench, '');
  }
}

const named = wrapConfig(
  '<deviceName>Yard cam</deviceName><mac>02:00:5e:10:00:41</mac><smartType>MOTION</smartType><currentTime>1927857906123456</currentTime>',
);

describe('the watch of an intake', () => {
  it('tells a silent device within a second of the limit, and that it is back', () => {
    const bench = open();
    post(bench, named);
    beat(bench, 3);
    bench.events.length = 0;
    bench.clock.advance(104_000);
    should(bench.events).be.empty();
    should(bench.intake.silent).be.empty();
    bench.clock.advance(2000);
    should(bench.events.map(({ kind, state }) => [kind, state])).deepEqual([['device-offline', 'start']]);
    should(bench.intake.silent).deepEqual(['Yard cam']);
    bench.clock.advance(600_000);
    should(bench.events).have.length(1);
    post(bench, '');
    should(bench.events.map(({ category, state }) => [category, state]).slice(1)).deepEqual([
      ['health', 'stop'],
      ['heartbeat', undefined],
    ]);
    should(bench.intake.silent).be.empty();
  });

  it('stops when the intake is closed, and may be closed twice', () => {
    const bench = open();
    beat(bench, 3);
    should(bench.clock.running).equal(1);
    bench.intake.close();
    bench.intake.close();
    should(bench.clock.running).equal(0);
    bench.events.length = 0;
    bench.clock.advance(1_000_000);
    should(bench.events).be.empty();
  });

  it('goes on after a Deploy with what it had learned', () => {
    const before = open();
    beat(before, 3);
    before.intake.close();
    const after = open({}, before.memory, before.clock);
    after.clock.advance(106_000);
    should(after.events.map(({ kind }) => kind)).deepEqual(['device-offline']);
  });

  it('is not kept where nobody watches', () => {
    const bench = open({ watchMisses: 0 });
    should(bench.clock.running).equal(0);
    beat(bench, 3);
    bench.clock.advance(1_000_000);
    should(bench.intake.silent).be.empty();
    bench.intake.close();
  });

  it('sees heartbeats that the filter stops', () => {
    const bench = open({ categories: new Set(['health'] as const) });
    beat(bench, 3);
    bench.clock.advance(106_000);
    should(bench.events.map(({ category }) => category)).deepEqual(['health']);
    should(bench.drops).deepEqual(['category', 'category', 'category']);
  });
});

describe('the watch of an intake for some cameras', () => {
  const heartbeatOf = (name: string, number: number): string =>
    wrapConfig(
      `<messageType>keepalive</messageType><deviceInfo><deviceName>${name}</deviceName><ip>192.0.2.${number}</ip><mac>02:00:5e:10:00:${number}</mac></deviceInfo>`,
    );

  /** A recorder and a camera beat three times; then nobody does. */
  function fallSilent(bench: Bench): void {
    for (let count = 0; count < 3; count++) {
      post(bench, heartbeatOf('Recorder', 60));
      post(bench, heartbeatOf('Cam B', 61));
      bench.clock.advance(30_000);
    }
    bench.clock.advance(600_000);
  }

  it('says nothing of others, whether they go or come back', () => {
    const bench = open({ cameras: ['Cam A'], categories: new Set() });
    fallSilent(bench);
    post(bench, heartbeatOf('Cam B', 61));
    should(bench.events).be.empty();
    should(bench.intake.silent).be.empty();
    should(bench.drops.filter((reason) => reason === 'camera')).be.empty();
  });

  it('says of a recorder what a channel of it is waited for', () => {
    const bench = open({ cameras: ['Recorder#4'], categories: new Set() });
    fallSilent(bench);
    should(bench.intake.silent).deepEqual(['Recorder']);
    post(bench, heartbeatOf('Recorder', 60));
    should(bench.events.map(({ kind, state, device }) => [kind, state, device.name])).deepEqual([
      ['device-offline', 'start', 'Recorder'],
      ['device-offline', 'stop', 'Recorder'],
    ]);
  });

  it('no longer waits for a device without a name that has not come back for a day', () => {
    const bench = open();
    beat(bench, 3);
    bench.clock.advance(200_000);
    should(bench.intake.silent).deepEqual([address]);
    bench.clock.advance(86_400_000);
    should(bench.intake.silent).be.empty();
  });

  it('shows nobody silent once nobody watches', () => {
    const before = open();
    beat(before, 3);
    before.clock.advance(200_000);
    should(before.intake.silent).have.length(1);
    before.intake.close();
    should(open({ watchMisses: 0 }, before.memory, before.clock).intake.silent).be.empty();
  });
});

describe('the events of a camera that a node is for', () => {
  const status = wrapConfig(
    '<alarmStatusInfo><motionAlarm>true</motionAlarm></alarmStatusInfo><deviceInfo><deviceName>Yard cam</deviceName><sn>DEMO41</sn><ipAddress>10.0.0.7</ipAddress><macAddress>02:00:5e:10:00:41</macAddress></deviceInfo>',
  );
  for (const camera of ['Yard cam', '10.0.0.7', 'DEMO41', '02:00:5e:10:00:41']) {
    it(`pass where a post says its MAC alone: ${camera}`, () => {
      const bench = open({ cameras: [camera] });
      post(bench, status);
      post(bench, wrapConfig('<smartType>MOTION</smartType><mac>02:00:5e:10:00:41</mac>'));
      should(bench.events.map(({ category, device }) => [category, device.name, device.ip])).deepEqual([
        ['alarm', 'Yard cam', '10.0.0.7'],
        ['motion', 'Yard cam', '10.0.0.7'],
      ]);
    });
  }
});

describe('the events of an intake', () => {
  it('name the sender of an empty heartbeat', () => {
    const bench = open();
    post(bench, named);
    post(bench, '');
    should(bench.events.map(({ category, device }) => [category, device.name])).deepEqual([
      ['motion', 'Yard cam'],
      ['heartbeat', 'Yard cam'],
    ]);
  });

  it('come once where a device sends a post again, and again after the window', () => {
    const bench = open({ repeatWindowMs: 60_000 });
    post(bench, named);
    bench.clock.advance(59_999);
    post(bench, named);
    should(bench.events).have.length(1);
    should(bench.drops).deepEqual(['duplicate']);
    bench.clock.advance(1);
    post(bench, named);
    should(bench.events).have.length(2);
  });

  it('are not lost when the same alarm without time or number comes again', () => {
    const bench = open({ repeatWindowMs: 60_000 });
    const alarm = wrapConfig('<smartType>SENSOR</smartType>');
    post(bench, alarm);
    bench.clock.advance(20_000);
    post(bench, alarm);
    should(bench.events).have.length(2);
  });

  it('are not lost where a device has no clock: each cycle of an alarm, each step of a target', () => {
    const bench = open({ repeatWindowMs: 60_000 });
    const alarm = (active: boolean): string =>
      wrapConfig(
        `<currentTime>0</currentTime><alarmStatusInfo><perimeterAlarm><item id="2">${active}</item></perimeterAlarm></alarmStatusInfo>`,
      );
    for (const active of [true, false, true, false]) {
      post(bench, alarm(active));
      bench.clock.advance(12_000);
    }
    should(bench.events.map(({ state }) => state)).deepEqual(['start', 'stop', 'start', 'stop']);
    bench.events.length = 0;
    const step = (x: number, status: string): string =>
      wrapConfig(
        `<smartType>PEA</smartType><perimeter><perInfo><item><eventId>1</eventId><targetId>2</targetId><status>${status}</status><rect><x1>${x}</x1><y1>700</y1><x2>${x + 500}</x2><y2>8100</y2></rect></item></perInfo></perimeter>`,
      );
    post(bench, step(1000, 'SMART_START'));
    for (const x of [2000, 3000, 4000]) post(bench, step(x, 'SMART_PROCEDURE'));
    post(bench, step(4000, 'SMART_PROCEDURE'));
    should(bench.events).have.length(4);
    should(bench.drops).deepEqual(['duplicate']);
  });

  it('are not lost when two faces without ids come within the window', () => {
    const bench = open({ repeatWindowMs: 60_000 });
    const face = wrapConfig('<smartType>VFD</smartType><listInfo><item><age>young</age></item></listInfo>');
    post(bench, face);
    bench.clock.advance(20_000);
    post(bench, face);
    should(bench.events).have.length(2);
  });

  it('come with the error where a post is only partly readable', () => {
    const bench = open();
    const [head = '', tail = ''] = wrapConfig('<deviceName>?</deviceName><smartType>MOTION</smartType>').split('?</d');
    bench.intake.take(
      makePost(Buffer.concat([Buffer.from(head), Buffer.from([0xf6]), Buffer.from(`</d${tail}`)]), { address }),
    );
    should(bench.events).have.length(1);
    should(bench.errors.map(({ code }) => code)).deepEqual(['xml-not-utf8']);
  });

  it('are none where a post cannot be read, and the error says so', () => {
    const bench = open();
    post(bench, '<config><smartType>');
    should(bench.events).be.empty();
    should(bench.errors.map(({ code }) => code)).deepEqual(['xml-not-well-formed']);
    should(bench.memory).have.properties({ posts: 1, events: 0, sent: 0, errors: 1 });
  });
});

describe('a request without a post', () => {
  it('of a person with a browser is counted, and is no sign of a device', () => {
    const bench = open();
    for (const method of ['GET', 'HEAD']) bench.intake.take(makePost('', { address, method }));
    should(bench.events).be.empty();
    should(bench.memory.roster.entries).be.empty();
    should(bench.memory.gate.dropped).deepEqual({ 'no post': 2 });
    should(bench.memory.posts).equal(0);
  });
});

describe('the counts of an intake', () => {
  const bodies = [
    ...readSamples('viewtron').map((sample) => ({ body: toPost(sample).body, address: sample.post.address })),
    { body: Buffer.from('not XML'), address },
    { body: Buffer.from(''), address },
  ];

  it('add up for any posts and settings: events are sent or dropped, and each handler is called as often', () => {
    const chosen = fc.record({
      categories: fc
        .subarray(['plate', 'track', 'alarm', 'health', 'heartbeat', 'intrusion'] as const)
        .map((list) => new Set(list)),
      repeatWindowMs: fc.constantFrom(0, 60_000),
      trackingRate: fc.constantFrom(1, Infinity),
      plateLists: fc.constantFrom([], ['allow']),
      watchMisses: fc.constantFrom(0, 1, 3),
    });
    const steps = fc.array(
      fc.record({ which: fc.nat(bodies.length - 1), waitMs: fc.constantFrom(0, 140, 10_000, 600_000) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(chosen, steps, (fields, taken) => {
        const bench = open(fields);
        for (const { which, waitMs } of taken) {
          bench.clock.advance(waitMs);
          const { body, address: from } = bodies[which] ?? { body: '', address };
          bench.intake.take(makePost(body, { address: from, receivedAt: bench.clock.now() }));
        }
        bench.clock.advance(1_000_000);
        const { posts, events, sent, errors, gate } = bench.memory;
        const dropped = Object.values(gate.dropped).reduce((sum, count) => sum + count, 0);
        should(posts).equal(taken.length);
        should(events).equal(sent + dropped);
        should(sent).equal(bench.events.length);
        should(dropped).equal(bench.drops.length);
        should(errors).equal(bench.errors.length);
        should(events + errors).be.aboveOrEqual(posts);
      }),
      cases(60),
    );
  });
});
