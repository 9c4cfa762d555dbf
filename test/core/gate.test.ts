/** A node's gate asks filter, repetitions and pace in turn, and counts everything it stops. */
import * as fc from 'fast-check';
import should from 'should';
import { categories, targetTypes, type SecurityEvent } from '../../src/event';
import { Gate, type GateSettings } from '../../src/gate';
import { makeEvent, openGate, startMs } from '../support/events';
import { cases } from '../support/cases';

const windowed: GateSettings = { ...openGate, repeatWindowMs: 60_000 };

function track(id: string, ...targets: SecurityEvent['targets']): SecurityEvent {
  return makeEvent({ id, category: 'track', kind: 'target-tracked', type: 'traject', targets });
}

describe('the gate of a node', () => {
  it('hands on the very event where nothing is against it', () => {
    const event = makeEvent();
    should(new Gate().judge(event, openGate, startMs)).deepEqual({ passes: true, event });
  });

  it('stops a repetition within the window and no heartbeat', () => {
    const gate = new Gate();
    should(gate.judge(makeEvent(), windowed, startMs).passes).be.true();
    should(gate.judge(makeEvent(), windowed, startMs + 59_999)).deepEqual({ passes: false, reason: 'duplicate' });
    should(gate.judge(makeEvent(), windowed, startMs + 60_000).passes).be.true();
    const heartbeat = makeEvent({ category: 'heartbeat' });
    should(gate.judge(heartbeat, windowed, startMs).passes).be.true();
    should(gate.judge(heartbeat, windowed, startMs).passes).be.true();
  });

  it('lets repetitions pass where the window is 0', () => {
    const gate = new Gate();
    for (let times = 0; times < 3; times++) should(gate.judge(makeEvent(), openGate, startMs).passes).be.true();
  });

  it('does not take an event for known that the filter stopped', () => {
    const gate = new Gate();
    should(gate.judge(makeEvent(), { ...windowed, cameras: ['nowhere'] }, startMs).passes).be.false();
    should(gate.judge(makeEvent(), windowed, startMs).passes).be.true();
  });

  it('leaves targets out of tracking that are not wanted, and out of nothing else', () => {
    const targets = [
      { id: '1', type: 'person' },
      { id: '2', type: 'vehicle' },
    ] as const;
    const settings = { ...openGate, targetTypes: new Set(['person'] as const) };
    const verdict = new Gate().judge(track('a', ...targets), settings, startMs);
    should(verdict).have.property('event').which.has.property('targets').which.deepEqual([targets[0]]);
    const intrusion = makeEvent({ targets });
    should(new Gate().judge(intrusion, settings, startMs)).deepEqual({ passes: true, event: intrusion });
  });

  it('does not change the event that it was given', () => {
    const targets = Object.freeze([
      Object.freeze({ id: '1', type: 'person' as const }),
      Object.freeze({ id: '2', type: 'vehicle' as const }),
    ]);
    const event = Object.freeze(track('a', ...targets));
    const before = JSON.stringify(event);
    new Gate().judge(event, { ...openGate, targetTypes: new Set(['person'] as const), trackingRate: 1 }, startMs);
    should(JSON.stringify(event)).equal(before);
  });

  it('counts what it stops by reason', () => {
    const gate = new Gate();
    gate.judge(makeEvent(), { ...windowed, categories: new Set() }, startMs);
    gate.judge(makeEvent(), { ...windowed, cameras: ['nowhere'] }, startMs);
    gate.judge(makeEvent(), { ...windowed, cameras: ['nowhere'] }, startMs);
    gate.judge(makeEvent(), windowed, startMs);
    gate.judge(makeEvent(), windowed, startMs);
    const slow = { ...openGate, trackingRate: 1 };
    gate.judge(track('t1', { id: '1', type: 'person' }), slow, startMs);
    gate.judge(track('t2', { id: '1', type: 'person' }), slow, startMs + 100);
    should(gate.dropped).deepEqual({ category: 1, camera: 2, duplicate: 1, 'tracking rate': 1 });
  });

  it('counts every event once, as passed or as dropped', () => {
    const event = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      category: fc.constantFrom(...categories),
      targets: fc.array(fc.record({ id: fc.constantFrom('1', '2'), type: fc.constantFrom(...targetTypes) }), {
        maxLength: 3,
      }),
    });
    const settings = fc.record({
      categories: fc.subarray([...categories]).map((chosen) => new Set(chosen)),
      targetTypes: fc.subarray([...targetTypes]).map((chosen) => new Set(chosen)),
      trackingRate: fc.constantFrom(1, 5, Infinity),
      repeatWindowMs: fc.constantFrom(0, 1000),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), settings, (events, chosen) => {
        const gate = new Gate();
        const verdicts = events.map((fields, index) =>
          gate.judge(makeEvent(fields), { ...openGate, ...chosen }, startMs + index * 140),
        );
        const stopped = verdicts.filter((verdict) => !verdict.passes).length;
        const counted = Object.values(gate.dropped).reduce((sum, count) => sum + count, 0);
        should(counted).equal(stopped);
        for (const verdict of verdicts) {
          if (verdict.passes) should(chosen.categories.has(verdict.event.category)).be.true();
        }
      }),
      cases(100),
    );
  });
});
