/** Two hours of a busy yard: what is remembered does not grow. The clock is turned; nobody waits. */
import should from 'should';
import { createRandom } from '../../simulators/random';
import { startMs } from '../support/events';
import { shapesOf, toTargets, tracking, Watch, type Seen } from './watch';

const shapes = shapesOf(
  {
    name: 'Door',
    points: [
      [0.5, 0.8],
      [0.5, 0.2],
    ],
  },
  {
    name: 'Yard',
    points: [
      [0.3, 0],
      [0.7, 0],
      [0.7, 1],
      [0.3, 1],
    ],
    loiter: 20,
    most: 8,
    fastest: 30,
  },
  { name: 'Car', points: [[0.9, 0.5]] },
);

/** Walks for a while and goes; its place is taken by another with a new id. */
interface Walker {
  id: number;
  leavesMs: number;
  x: number;
  y: number;
  dx: number;
  dy: number;
}

/** Thirty targets, ten posts a second, so many minutes from some minute on. */
function live(watch: Watch, minutes: number, seed: number, ids: { next: number }): number {
  const random = createRandom(seed);
  const walkers = Array.from({ length: 30 }, (): Walker => ({ id: 0, leavesMs: 0, x: 0.5, y: 0.5, dx: 0, dy: 0 }));
  const endMs = watch.clock.now() + minutes * 60_000;
  let largest = 0;
  for (let turn = 0; watch.clock.now() < endMs; turn++) {
    const nowMs = watch.clock.now();
    const seen = walkers.map((walker): Seen => {
      if (nowMs >= walker.leavesMs) {
        ids.next += 1;
        const way = { dx: (random.next() - 0.5) / 50, dy: (random.next() - 0.5) / 50 };
        Object.assign(walker, { id: ids.next, leavesMs: nowMs + random.between(5000, 60_000), ...way });
      }
      walker.x += walker.dx;
      walker.y += walker.dy;
      if (walker.x < 0.05 || walker.x > 0.95) walker.dx = -walker.dx;
      if (walker.y < 0.1 || walker.y > 0.9) walker.dy = -walker.dy;
      return [walker.id, Math.min(Math.max(walker.x, 0.05), 0.95), Math.min(Math.max(walker.y, 0.1), 0.9)];
    });
    watch.presence.take(tracking(nowMs, toTargets(seen)));
    if (turn % 100 === 0) largest = Math.max(largest, watch.memory.size);
    watch.clock.advance(100);
  }
  return largest;
}

describe('two hours of a busy yard', function () {
  this.timeout(60_000);

  it('leave no more behind than the first minutes did', () => {
    const watch = new Watch({ shapes, movesPerSecond: 1, picturesPerSecond: 0.1 });
    const ids = { next: 0 };
    const early = live(watch, 2, 1, ids);
    let late = 0;
    // an hour and more of silence, and of others, lies between: eight slices of two minutes, a quarter of an hour apart
    for (let slice = 0; slice < 8; slice++) {
      watch.clock.advance(13 * 60_000);
      should(watch.presence.number).equal(0);
      should(watch.clock.running).equal(0);
      late = Math.max(late, live(watch, 2, 2 + slice, ids));
      watch.told.length = 0;
      watch.pictures.length = 0;
    }
    should(watch.clock.now() - startMs).be.aboveOrEqual(2 * 3_600_000);
    should(ids.next).be.above(900);
    should(late).be.belowOrEqual(early * 1.25);
    watch.clock.advance(10_000);
    // the ids that have left, one camera, its zone and line: nobody who is gone
    should(watch.memory.size).be.belowOrEqual(600);
  });

  it('never has more targets or cameras than anybody can have', () => {
    const watch = new Watch();
    for (let id = 0; id < 2000; id++) watch.post([id, 0.5, 0.5]);
    should(watch.presence.number).equal(256);
    should(watch.events('target-left')).have.length(2000 - 256);
    for (let camera = 0; camera < 700; camera++) {
      const device = { id: `camera ${camera}` };
      watch.presence.take(tracking(watch.clock.now(), toTargets([[7, 0.5, 0.5]]), { device }));
    }
    should(watch.memory.scenes.size).equal(500);
    const starts = watch.events('presence', 'start').length;
    watch.clock.advance(3000);
    should(watch.events('presence', 'stop')).have.length(starts);
    watch.clock.advance(8 * 24 * 3_600_000);
    watch.post([1, 0.5, 0.5]);
    should(watch.memory.scenes.size).equal(1);
  });

  it('costs one target as much after an hour in view as after a minute', () => {
    const watch = new Watch({ shapes });
    watch.walk(60, { id: 1, from: [0.1, 0.1], to: [0.9, 0.9] });
    const early = watch.memory.size;
    const ends = [
      [0.9, 0.9],
      [0.1, 0.1],
    ] as const;
    for (let turn = 0; turn < 59; turn++)
      watch.walk(60, { id: 1, from: ends[turn % 2] ?? ends[0], to: ends[(turn + 1) % 2] ?? ends[0] });
    should(watch.events('target-left')).be.empty();
    should(watch.memory.size).be.belowOrEqual(early + 64);
  });
});
