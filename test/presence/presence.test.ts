/** Presence, zones, crossings and rules, each told of targets that walk as the test says. */
import should from 'should';
import { startMs, makeEvent } from '../support/events';
import { shapesOf, toTargets, tracking, Watch } from './watch';

const door = {
  name: 'Door',
  points: [
    [0.5, 0.8],
    [0.5, 0.2],
  ],
} as const;
const yard = {
  name: 'Yard',
  points: [
    [0.3, 0],
    [0.7, 0],
    [0.7, 1],
    [0.3, 1],
  ],
} as const;

describe('presence', () => {
  it('starts with the first position, and stops the set time after the last one', () => {
    const watch = new Watch({ stopDelayMs: 2000 });
    watch.walk(3, { id: 7, from: [0.2, 0.5], to: [0.4, 0.5] });
    should(watch.kinds()).deepEqual(['target-arrived', 'presence start']);
    watch.clock.advance(2000 - 1000 / 7 - 1);
    should(watch.kinds('presence')).deepEqual(['presence start']);
    watch.clock.advance(2);
    should(watch.kinds()).deepEqual(['target-arrived', 'presence start', 'target-left', 'presence stop']);
    should(watch.clock.running).equal(0);
    const [stop] = watch.events('presence', 'stop');
    should(stop?.presence).deepEqual({
      number: 0,
      visitors: 1,
      since: new Date(startMs).toISOString(),
      lastSeen: new Date(startMs + 3000).toISOString(),
      seconds: 3,
      longestSeconds: 3,
    });
    should(stop?.time).equal(new Date(startMs + 5000).toISOString());
    should(stop?.counts?.present).deepEqual({ person: 0, vehicle: 0, motorcycle: 0 });
  });

  it('goes on while one goes and another comes, and tells who was there longest', () => {
    const watch = new Watch();
    watch.walk(4, { id: 1, from: [0.2, 0.5], to: [0.4, 0.5] });
    watch.walk(6, { id: 2, from: [0.2, 0.5], to: [0.4, 0.5], type: 'vehicle' });
    watch.clock.advance(5000);
    should(watch.kinds('presence')).deepEqual(['presence start', 'presence stop']);
    should(watch.events('presence', 'stop')[0]?.presence).containEql({ visitors: 2, longestSeconds: 6 });
  });

  it('does not switch anything twice, though posts have gaps just below the set time', () => {
    const watch = new Watch({ stopDelayMs: 2000 });
    for (let turn = 0; turn < 100; turn++) {
      watch.post([1, 0.5, 0.5]);
      watch.clock.advance(1990);
    }
    should(watch.kinds('presence')).deepEqual(['presence start']);
  });

  it('tells changes of the number only where that is wanted', () => {
    for (const tellsNumbers of [false, true]) {
      const watch = new Watch({ tellsNumbers });
      watch.walk(1, { id: 1, from: [0.2, 0.5], to: [0.4, 0.5] });
      watch.walk(1, { id: 1, from: [0.4, 0.5], to: [0.6, 0.5] }, { id: 2, from: [0.2, 0.5], to: [0.4, 0.5] });
      should(watch.kinds('presence')).deepEqual(tellsNumbers ? ['presence start', 'presence'] : ['presence start']);
      if (tellsNumbers) should(watch.events('presence')[1]?.presence?.number).equal(2);
    }
  });

  it('keeps cameras apart, and channels of a recorder', () => {
    const watch = new Watch();
    for (const channel of ['1', '2']) {
      const device = { id: '192.0.2.60', channel };
      watch.presence.take(tracking(startMs, toTargets([[7, 0.5, 0.5]]), { device }));
    }
    should(watch.kinds('presence')).deepEqual(['presence start', 'presence start']);
    should(watch.presence.number).equal(2);
  });

  it('takes detections that say which target it is for a position too, and passes over all others', () => {
    const watch = new Watch();
    watch.presence.take(makeEvent({ targets: [{ type: 'person' }] }));
    watch.presence.take(makeEvent({ category: 'heartbeat', kind: 'heartbeat' }));
    should(watch.told).be.empty();
    watch.presence.take(makeEvent({ targets: [{ id: '7', type: 'person' }] }));
    should(watch.kinds()).deepEqual(['target-arrived', 'presence start']);
    watch.clock.advance(2001);
    should(watch.kinds()).deepEqual(['target-arrived', 'presence start', 'target-left', 'presence stop']);
  });

  it('lets only wanted cameras, types and sizes count', () => {
    const watch = new Watch({
      cameras: ['Yard cam'],
      targetTypes: new Set(['person']),
      minHeight: 0.1,
      maxHeight: 0.3,
    });
    const post = (targets: ReturnType<typeof toTargets>, fields = {}): void =>
      watch.presence.take(tracking(watch.clock.now(), targets, fields));
    post(toTargets([[1, 0.5, 0.5]]), { device: { id: 'x', name: 'Street cam' } });
    post(toTargets([[2, 0.5, 0.5, 'vehicle']]));
    post(toTargets([[3, 0.5, 0.5]], 0.06, 0.09));
    post(toTargets([[4, 0.5, 0.5]], 0.06, 0.31));
    post(toTargets([[5, 0.5, 0.5]], 0.06, 0.2));
    should(watch.events('target-arrived').map(({ targets }) => targets[0]?.id)).deepEqual(['5']);
  });
});

describe('a target', () => {
  it('is told with its way, its speed and heading while it moves, at most so often', () => {
    const watch = new Watch({ movesPerSecond: 1, aspect: 2 });
    watch.walk(5, { id: 7, from: [0.2, 0.5], to: [0.7, 0.5] });
    const moves = watch.events('target-moved');
    should(moves.length).be.within(4, 5);
    should(moves.at(-1)?.movement?.speed).be.approximately(0.1, 0.002);
    should(moves.at(-1)?.movement?.heading).equal(90);
    should(moves.at(-1)?.movement?.path?.at(0)).deepEqual({ x: 0.2, y: 0.5 });
    watch.walk(3, { id: 7, from: [0.7, 0.5], to: [0.7, 0.5] });
    should(watch.events('target-moved').length).be.belowOrEqual(moves.length + 1);
  });

  it('goes down a wide picture as fast as across, by widths', () => {
    const watch = new Watch({ movesPerSecond: 1, aspect: 2 });
    watch.walk(4, { id: 7, from: [0.5, 0.2], to: [0.5, 0.8] });
    const last = watch.events('target-moved').at(-1);
    should(last?.movement?.speed).be.approximately(0.6 / 2 / 4, 0.002);
    should(last?.movement?.heading).equal(180);
  });

  it('leaves with its stay, its boxes, its way and its zones', () => {
    const watch = new Watch({ aspect: 1, shapes: shapesOf(yard) });
    watch.walk(4, { id: 7, from: [0.1, 0.5], to: [0.5, 0.5] });
    watch.walk(4, { id: 7, from: [0.5, 0.5], to: [0.9, 0.5] });
    watch.clock.advance(3000);
    const [left] = watch.events('target-left');
    should(left?.movement).containEql({ zones: ['Yard'] });
    should(left?.movement?.distance).be.approximately(0.8, 0.01);
    should(left?.movement?.seconds).be.approximately(8.1, 0.11);
    should(left?.movement?.firstBox?.x).be.approximately(0.07, 0.001);
    should(left?.movement?.lastBox?.x).be.approximately(0.87, 0.001);
    should(left?.movement?.path?.length).be.within(10, 64);
  });

  it('that stands and trembles goes nowhere', () => {
    const watch = new Watch({ aspect: 1, movesPerSecond: 5 });
    for (let turn = 0; turn < 200; turn++) {
      watch.post([7, 0.5 + (turn % 2) * 0.006, 0.5]);
      watch.clock.advance(143);
    }
    watch.clock.advance(3000);
    should(watch.events('target-left')[0]?.movement?.distance).equal(0);
    should(watch.events('target-moved')).be.empty();
  });

  it('is another one where its id comes again after the set time, or on the other side of the picture at once', () => {
    const watch = new Watch({ stopDelayMs: 2000 });
    const post = (atMs: number, x: number): void => {
      watch.presence.take(tracking(startMs + atMs, toTargets([[7, x, 0.5]])));
    };
    post(0, 0.1);
    post(2100, 0.1);
    should(watch.kinds('targets')).deepEqual(['target-arrived', 'target-left', 'target-arrived']);
    post(2250, 0.9);
    should(watch.events('target-arrived')).have.length(3);
    should(watch.kinds('presence')).deepEqual(['presence start']);
  });

  it('that has got an id of another one does not come earlier by what is late of that one', () => {
    const watch = new Watch();
    const post = (atMs: number, x: number): void => {
      watch.presence.take(tracking(startMs + atMs, toTargets([[7, x, 0.5]])));
    };
    post(0, 0.1);
    post(300, 0.1);
    post(450, 0.9);
    post(150, 0.1);
    watch.clock.advance(3000);
    const stays = watch.events('target-left').map(({ movement }) => Date.parse(movement?.firstSeen ?? '') - startMs);
    should(stays).deepEqual([0, 450]);
  });

  it('that has left is not brought back by a post that comes late, or again', () => {
    const watch = new Watch({ stopDelayMs: 2000 });
    const post = (atMs: number): void => watch.presence.take(tracking(startMs + atMs, toTargets([[7, 0.5, 0.5]])));
    post(0);
    post(1000);
    watch.clock.advance(5000);
    should(watch.kinds('targets')).deepEqual(['target-arrived', 'target-left']);
    post(500);
    post(1000);
    should(watch.kinds('targets')).deepEqual(['target-arrived', 'target-left']);
    post(4900);
    should(watch.kinds('targets')).deepEqual(['target-arrived', 'target-left', 'target-arrived']);
  });

  it('came when a late post says so', () => {
    const watch = new Watch();
    const post = (atMs: number, x: number): void => {
      watch.presence.take(tracking(startMs + atMs, toTargets([[7, x, 0.5]])));
    };
    post(500, 0.3);
    post(100, 0.2);
    post(900, 0.4);
    watch.clock.advance(3000);
    should(watch.events('target-left')[0]?.movement).containEql({ firstSeen: new Date(startMs + 100).toISOString() });
  });

  it('has a path of no more points because ever earlier posts come, and it begins with the earliest', () => {
    const watch = new Watch({ stopDelayMs: 10_000, aspect: 1 });
    const post = (atMs: number, x: number): void => {
      watch.presence.take(tracking(startMs + atMs, toTargets([[7, x, 0.5]])));
    };
    post(2000, 0.9);
    for (let atMs = 1999; atMs >= 0; atMs--) post(atMs, 0.1 + (atMs / 2000) * 0.8);
    should(watch.memory.size).be.below(100);
    watch.clock.advance(15_000);
    const path = watch.events('target-left')[0]?.movement?.path ?? [];
    const xs = path.map(({ x }) => x);
    should(xs).deepEqual([...xs].sort((a, b) => a - b));
    should([xs[0], xs.at(-1)]).deepEqual([0.1, 0.9]);
    should(path.length).be.within(20, 64);
  });

  it('has a path that grows at both ends, whatever way the earlier posts tell of', () => {
    const watch = new Watch({ stopDelayMs: 10_000, aspect: 1 });
    const post = (atMs: number, x: number): void => {
      watch.presence.take(tracking(startMs + atMs, toTargets([[7, x, 0.5]])));
    };
    post(2000, 0.5);
    // trembling in one place, and to and fro
    for (let atMs = 1999; atMs >= 1000; atMs--) post(atMs, 0.4 + (atMs % 2) * 0.004);
    for (let atMs = 999; atMs > 0; atMs--) post(atMs, 0.2 + (atMs % 2) * 0.2);
    post(0, 0.3);
    should(watch.memory.size).be.below(100);
    post(2300, 0.9);
    watch.clock.advance(15_000);
    const path = watch.events('target-left')[0]?.movement?.path ?? [];
    should([path[0]?.x, path.at(-1)?.x]).deepEqual([0.3, 0.9]);
    should(path.length).be.belowOrEqual(64);
  });
});

describe('a camera whose clock is set', () => {
  for (const hours of [-1, 1]) {
    it(`${hours < 0 ? 'back' : 'ahead'} an hour loses nobody, and nobody's stay changes`, () => {
      const watch = new Watch({ stopDelayMs: 2000 });
      for (let turn = 0; turn < 42; turn++) {
        const offMs = turn < 21 ? 0 : hours * 3_600_000;
        watch.presence.take(tracking(watch.clock.now() + offMs, toTargets([[7, 0.5, 0.5]])));
        watch.clock.advance(143);
      }
      watch.clock.advance(3000);
      should(watch.kinds()).deepEqual(['target-arrived', 'presence start', 'target-left', 'presence stop']);
      should(watch.events('target-left')[0]?.movement?.seconds).be.approximately(41 * 0.143, 0.11);
      should(watch.memory.passedOver).equal(2);
    });
  }

  it('is believed at once after a long silence, since cameras that restart have no time yet', () => {
    const watch = new Watch();
    watch.post([7, 0.5, 0.5]);
    watch.clock.advance(120_000);
    watch.presence.take(tracking(watch.clock.now() - 9_000_000, toTargets([[7, 0.5, 0.5]])));
    should(watch.kinds('presence')).deepEqual(['presence start', 'presence stop', 'presence start']);
  });

  it('is not what a single post says that comes much too late', () => {
    const watch = new Watch();
    watch.walk(2, { id: 7, from: [0.2, 0.5], to: [0.4, 0.5] });
    watch.presence.take(tracking(watch.clock.now() - 20_000, toTargets([[6, 0.5, 0.5]])));
    should(watch.events('target-arrived')).have.length(1);
    should(watch.memory.passedOver).equal(1);
  });
});

describe('a zone', () => {
  it('has a presence of its own', () => {
    const watch = new Watch({ shapes: shapesOf(yard) });
    watch.walk(6, { id: 7, from: [0, 0.5], to: [1, 0.5] });
    watch.clock.advance(3000);
    should(watch.kinds('presence')).deepEqual([
      'presence start',
      'zone-presence start',
      'zone-presence stop',
      'presence stop',
    ]);
    const [start] = watch.events('zone-presence', 'start');
    should(start?.rule).containEql({ name: 'Yard', shape: 'area' });
    should(start?.presence?.number).equal(1);
    should(start?.targets[0]?.id).equal('7');
    should(watch.events('zone-presence', 'stop')[0]?.presence?.seconds).be.approximately(2.5, 0.3);
  });

  it('is not left by a box that trembles at its edge', () => {
    const watch = new Watch({ shapes: shapesOf(yard), stopDelayMs: 100, aspect: 1 });
    for (let turn = 0; turn < 100; turn++) {
      watch.post([7, 0.302 - (turn % 3) * 0.003, 0.5]);
      watch.clock.advance(90);
    }
    should(watch.kinds('presence')).deepEqual(['presence start', 'zone-presence start']);
  });

  it('counts where the feet are, unless the middle is wanted', () => {
    const low = {
      name: 'Low',
      points: [
        [0, 0.6],
        [1, 0.6],
        [1, 1],
        [0, 1],
      ],
    } as const;
    for (const anchor of ['feet', 'middle'] as const) {
      const watch = new Watch({ shapes: shapesOf(low), anchor });
      watch.presence.take(tracking(startMs, toTargets([[7, 0.5, 0.55]])));
      should(watch.events('zone-presence')).have.length(anchor === 'feet' ? 1 : 0);
    }
  });

  it('of one camera is not looked for in the pictures of others', () => {
    const watch = new Watch({ shapes: shapesOf({ ...yard, camera: '192.0.2.99' }) });
    watch.post([7, 0.5, 0.5]);
    should(watch.kinds('presence')).deepEqual(['presence start']);
    const device = { id: 'x', ip: '192.0.2.99' };
    watch.presence.take(tracking(watch.clock.now(), toTargets([[7, 0.5, 0.5]]), { device }));
    should(watch.events('zone-presence')).have.length(1);
  });
});

describe('a line', () => {
  it('is crossed in to its right hand, and out to its left, and counts by type', () => {
    const watch = new Watch({ shapes: shapesOf(door) });
    watch.walk(
      3,
      { id: 1, from: [0.3, 0.5], to: [0.7, 0.5] },
      { id: 2, from: [0.3, 0.6], to: [0.7, 0.6], type: 'vehicle' },
    );
    watch.walk(3, { id: 1, from: [0.7, 0.5], to: [0.3, 0.5] });
    const told = watch.events('line-crossed');
    should(told.map(({ crossing }) => crossing)).deepEqual([
      { direction: 'in', in: 1, out: 0 },
      { direction: 'in', in: 2, out: 0 },
      { direction: 'out', in: 2, out: 1 },
    ]);
    should(told[2]?.counts).deepEqual({
      enter: { person: 1, vehicle: 1, motorcycle: 0 },
      leave: { person: 1, vehicle: 0, motorcycle: 0 },
    });
    should(told[0]?.category).equal('counting');
    should(told[0]?.rule).containEql({ name: 'Door', shape: 'line' });
    should(told[0]?.movement?.heading).equal(90);
  });

  it('is not crossed by who walks around its end', () => {
    const watch = new Watch({ shapes: shapesOf(door) });
    watch.walk(2, { id: 1, from: [0.4, 0.5], to: [0.4, 0.95] });
    watch.walk(2, { id: 1, from: [0.4, 0.95], to: [0.6, 0.95] });
    watch.walk(2, { id: 1, from: [0.6, 0.95], to: [0.6, 0.5] });
    should(watch.events('line-crossed')).be.empty();
    watch.walk(2, { id: 1, from: [0.6, 0.5], to: [0.4, 0.5] });
    should(watch.events('line-crossed').map(({ crossing }) => crossing?.direction)).deepEqual(['out']);
  });

  it('is crossed once by who stands on it and trembles', () => {
    const watch = new Watch({ shapes: shapesOf(door), aspect: 1 });
    watch.walk(1, { id: 1, from: [0.4, 0.5], to: [0.5, 0.5] });
    for (let turn = 0; turn < 50; turn++) {
      watch.post([1, 0.5 + (turn % 2 === 0 ? 0.008 : -0.008), 0.5]);
      watch.clock.advance(143);
    }
    watch.walk(1, { id: 1, from: [0.5, 0.5], to: [0.6, 0.5] });
    should(watch.events('line-crossed').map(({ crossing }) => crossing?.direction)).deepEqual(['in']);
  });

  it('is crossed by who is seen last just behind it, and by who is seen first just before it', () => {
    const watch = new Watch({ shapes: shapesOf(door), aspect: 1 });
    watch.walk(1, { id: 1, from: [0.4, 0.5], to: [0.505, 0.5] });
    should(watch.events('line-crossed')).be.empty();
    watch.clock.advance(3000);
    should(watch.kinds('crossings')).deepEqual(['line-crossed']);
    watch.walk(1, { id: 2, from: [0.505, 0.5], to: [0.4, 0.5] });
    should(watch.events('line-crossed').map(({ crossing }) => crossing?.direction)).deepEqual(['in', 'out']);
  });

  it('is crossed by who was on its other side in a post that comes late', () => {
    const watch = new Watch({ shapes: shapesOf(door) });
    const post = (atMs: number, x: number): void => {
      watch.presence.take(tracking(startMs + atMs, toTargets([[7, x, 0.5]])));
    };
    post(300, 0.6);
    post(0, 0.4);
    should(watch.events('line-crossed').map(({ crossing }) => crossing?.direction)).deepEqual(['in']);
    post(600, 0.7);
    watch.clock.advance(5000);
    should(watch.events('line-crossed')).have.length(1);
  });

  it('begins to count anew when told, by name or all, and says what it had counted', () => {
    const watch = new Watch({ shapes: shapesOf(door, { ...door, name: 'Gate' }) });
    watch.walk(3, { id: 1, from: [0.3, 0.5], to: [0.7, 0.5] });
    watch.presence.reset('Gate');
    should(watch.events('counts-reset').map(({ rule, crossing }) => [rule?.name, crossing?.in])).deepEqual([
      ['Gate', 1],
    ]);
    watch.walk(3, { id: 1, from: [0.7, 0.5], to: [0.3, 0.5] });
    const last = watch.events('line-crossed').slice(-2);
    should(last.map(({ rule, crossing }) => [rule?.name, crossing?.in, crossing?.out])).deepEqual([
      ['Door', 1, 1],
      ['Gate', 0, 1],
    ]);
    watch.presence.reset();
    should(watch.events('counts-reset')).have.length(3);
  });

  it('begins anew every day at the set time', () => {
    const local = new Date(startMs);
    const minute = local.getHours() * 60 + local.getMinutes() + 1;
    const watch = new Watch({ shapes: shapesOf(door), resetMinute: minute % 1440 });
    watch.walk(3, { id: 1, from: [0.3, 0.5], to: [0.7, 0.5] });
    watch.clock.advance(60_000);
    should(watch.events('counts-reset').map(({ crossing }) => crossing?.in)).deepEqual([1]);
    watch.clock.advance(86_400_000);
    should(watch.events('counts-reset')).have.length(2);
    watch.presence.close();
    should(watch.clock.running).equal(0);
  });
});

describe('a rule', () => {
  it('loitering: once for each stay, and over when it is', () => {
    const watch = new Watch({ shapes: shapesOf({ ...yard, loiter: '5' }) });
    watch.walk(4, { id: 1, from: [0.5, 0.5], to: [0.5, 0.5] });
    should(watch.kinds('rules')).be.empty();
    watch.walk(20, { id: 1, from: [0.5, 0.5], to: [0.5, 0.5] });
    should(watch.kinds('rules')).deepEqual(['loitering start']);
    should(watch.events('loitering')[0]?.presence?.seconds).be.approximately(5, 0.2);
    watch.walk(4, { id: 1, from: [0.9, 0.5], to: [0.9, 0.5] });
    should(watch.kinds('rules')).deepEqual(['loitering start', 'loitering stop']);
    should(watch.events('loitering', 'stop')[0]?.presence?.seconds).be.approximately(24, 0.5);
  });

  it('loitering: who steps out for less than the set time has stayed', () => {
    const watch = new Watch({ shapes: shapesOf({ ...yard, loiter: 5 }), stopDelayMs: 2000 });
    watch.walk(3, { id: 1, from: [0.5, 0.5], to: [0.5, 0.5] });
    watch.walk(1, { id: 1, from: [0.75, 0.5], to: [0.75, 0.5] });
    watch.walk(3, { id: 1, from: [0.6, 0.5], to: [0.6, 0.5] });
    should(watch.kinds('rules')).deepEqual(['loitering start']);
  });

  it('wrong way', () => {
    const watch = new Watch({ shapes: shapesOf({ ...door, forbidden: 'out' }) });
    watch.walk(3, { id: 1, from: [0.3, 0.5], to: [0.7, 0.5] });
    should(watch.kinds('rules')).be.empty();
    watch.walk(3, { id: 1, from: [0.7, 0.5], to: [0.3, 0.5] });
    should(watch.kinds('rules')).deepEqual(['wrong-way']);
    should(watch.events('wrong-way')[0]?.crossing).deepEqual({ direction: 'out', in: 1, out: 1 });
  });

  it('too many: from the first above the limit until they are no more than that', () => {
    const watch = new Watch({ shapes: shapesOf({ ...yard, most: 1 }) });
    watch.walk(2, { id: 1, from: [0.4, 0.5], to: [0.4, 0.5] });
    should(watch.kinds('rules')).be.empty();
    watch.walk(2, { id: 1, from: [0.4, 0.5], to: [0.4, 0.5] }, { id: 2, from: [0.6, 0.5], to: [0.6, 0.5] });
    should(watch.kinds('rules')).deepEqual(['too-many start']);
    should(watch.events('too-many')[0]?.presence?.number).equal(2);
    watch.walk(3, { id: 1, from: [0.4, 0.5], to: [0.4, 0.5] });
    should(watch.kinds('rules')).deepEqual(['too-many start', 'too-many stop']);
  });

  it('too fast: once until it goes slowly again', () => {
    const watch = new Watch({ shapes: shapesOf({ ...yard, fastest: 20 }), aspect: 1 });
    watch.walk(4, { id: 1, from: [0.31, 0.5], to: [0.69, 0.5] });
    should(watch.kinds('rules')).be.empty();
    watch.walk(1, { id: 1, from: [0.69, 0.5], to: [0.31, 0.5] });
    should(watch.kinds('rules')).deepEqual(['too-fast']);
    should(watch.events('too-fast')[0]?.movement?.speed).be.above(0.2);
    watch.walk(3, { id: 1, from: [0.31, 0.5], to: [0.35, 0.5] });
    watch.walk(1, { id: 1, from: [0.35, 0.5], to: [0.65, 0.5] });
    should(watch.kinds('rules')).deepEqual(['too-fast', 'too-fast']);
  });

  it('approaching: who comes straight, not who passes by, and again after turning away', () => {
    const watch = new Watch({ shapes: shapesOf({ name: 'Car', points: [[0.9, 0.5]] }), aspect: 1 });
    watch.walk(4, { id: 1, from: [0.5, 0.1], to: [0.5, 0.5] });
    should(watch.kinds('rules')).be.empty();
    watch.walk(3, { id: 1, from: [0.5, 0.5], to: [0.8, 0.5] });
    should(watch.kinds('rules')).deepEqual(['approaching']);
    should(watch.events('approaching')[0]?.rule).deepEqual({ id: 'Car', name: 'Car', points: [{ x: 0.9, y: 0.5 }] });
    watch.walk(3, { id: 1, from: [0.8, 0.5], to: [0.5, 0.5] });
    watch.walk(3, { id: 1, from: [0.5, 0.5], to: [0.8, 0.5] });
    should(watch.kinds('rules')).deepEqual(['approaching', 'approaching']);
  });
});

describe('a Deploy', () => {
  it('of the node keeps who is there and the counts, and lets nobody go while it was closed', () => {
    const watch = new Watch({ shapes: shapesOf(door, yard) });
    watch.walk(3, { id: 1, from: [0.3, 0.5], to: [0.6, 0.5] });
    watch.presence.close();
    should(watch.clock.running).equal(0);
    watch.clock.advance(8000);
    watch.redeploy();
    watch.clock.advance(1000);
    watch.walk(6, { id: 1, from: [0.6, 0.5], to: [0.05, 0.5] });
    watch.clock.advance(5000);
    should(watch.kinds('presence')).deepEqual([
      'presence start',
      'zone-presence start',
      'zone-presence stop',
      'presence stop',
    ]);
    should(watch.events('line-crossed').at(-1)?.crossing).deepEqual({ direction: 'out', in: 1, out: 1 });
  });

  it('of others holds silence back until positions can come again', () => {
    const watch = new Watch();
    watch.post([1, 0.5, 0.5]);
    watch.presence.pause();
    watch.presence.pause();
    watch.clock.advance(9000);
    should(watch.kinds('presence')).deepEqual(['presence start']);
    watch.presence.resume();
    watch.clock.advance(1999);
    should(watch.kinds('presence')).deepEqual(['presence start']);
    watch.clock.advance(2);
    should(watch.kinds('presence')).deepEqual(['presence start', 'presence stop']);
  });

  it('that changes shapes forgets those that are gone and finds who is where in the new ones', () => {
    const watch = new Watch({ shapes: shapesOf(door, yard) });
    watch.walk(1, { id: 1, from: [0.4, 0.5], to: [0.45, 0.5] });
    const moved = {
      ...door,
      points: [
        [0.6, 0.8],
        [0.6, 0.2],
      ],
    } as const;
    watch.redeploy({ shapes: shapesOf(moved) });
    watch.walk(2, { id: 1, from: [0.45, 0.5], to: [0.55, 0.5] });
    should(watch.events('line-crossed')).be.empty();
    watch.walk(2, { id: 1, from: [0.55, 0.5], to: [0.65, 0.5] });
    should(watch.events('line-crossed')).have.length(1);
    // what its zone had switched on is switched off
    should(watch.events('zone-presence').map(({ state }) => state)).deepEqual(['start', 'stop']);
    should(watch.kinds('presence')[0]).equal('presence start');
  });

  it('that changes nothing leaves who is just at a line there', () => {
    const watch = new Watch({ shapes: shapesOf(door), aspect: 1 });
    watch.walk(1, { id: 1, from: [0.4, 0.5], to: [0.505, 0.5] });
    watch.redeploy();
    watch.walk(1, { id: 1, from: [0.506, 0.5], to: [0.6, 0.5] });
    should(watch.events('line-crossed')).have.length(1);
  });
});

describe('a camera that does not always say what it is called', () => {
  it('keeps the zones that are drawn for its name', () => {
    const watch = new Watch({ shapes: shapesOf({ ...yard, camera: 'Yard cam' }, { ...door, camera: 'Yard cam' }) });
    for (let turn = 0; turn <= 20; turn++) {
      const device = { id: '02:00:5e:10:00:41', ...(turn % 2 === 0 && { name: 'Yard cam' }) };
      watch.presence.take(tracking(watch.clock.now(), toTargets([[7, 0.4 + turn / 100, 0.5]]), { device }));
      watch.clock.advance(143);
    }
    watch.clock.advance(5000);
    should(watch.events('zone-presence').map(({ state }) => state)).deepEqual(['start', 'stop']);
    should(watch.events('line-crossed')).have.length(1);
  });
});
