/** A thousand scripts of walking targets: what is told is what happened, whatever becomes of the posts. */
import should from 'should';
import { startMs } from '../support/events';
import { lines, stopDelayMs, writeScript, type Script } from './scripts';
import { shapesOf, Watch } from './watch';

const scripts = 1000;

function play(script: Script): Watch {
  const watch = new Watch({ stopDelayMs, shapes: shapesOf(...lines) });
  for (const { comesMs, event } of script.posts) {
    watch.clock.advance(comesMs - watch.clock.now());
    watch.presence.take(event);
  }
  watch.clock.advance(script.endMs - watch.clock.now() + 20_000);
  return watch;
}

describe('a thousand scripts of walking targets', function () {
  this.timeout(60_000);

  it('give exactly their arrivals, leaves, stays and crossings', () => {
    let visits = 0;
    let crossings = 0;
    for (let seed = 1; seed <= scripts; seed++) {
      const script = writeScript(seed, startMs);
      const watch = play(script);
      const about = `script ${seed}`;
      const of = (id: number) => script.visits.map((_, index) => script.seen[index]).filter((seen) => seen?.id === id);
      for (const id of [1, 2, 3]) {
        const own = (kind: string) => watch.events(kind).filter(({ targets }) => targets[0]?.id === String(id));
        const truth = of(id);
        should(own('target-arrived')).have.length(truth.length, about);
        const stays = own('target-left').map(({ movement }) => [movement?.firstSeen, movement?.lastSeen]);
        const expected = truth.map((seen) =>
          [seen?.firstMs, seen?.lastMs].map((ms) => new Date(ms ?? 0).toISOString()),
        );
        should(stays).deepEqual(expected, about);
        const crossed = own('line-crossed').map(({ rule, crossing }) => `${rule?.name} ${crossing?.direction}`);
        const walked = script.visits.filter((visit) => visit.id === id).flatMap((visit) => visit.crossings);
        // two lines that are crossed within one gap have no order
        should(crossed.toSorted()).deepEqual(walked.toSorted(), about);
        crossings += walked.length;
      }
      visits += script.visits.length;

      // nobody forgot to switch the light off, and it never went twice the same way
      const states = watch.events('presence').map(({ state }) => state);
      should(states).deepEqual(
        states.map((_, index) => (index % 2 === 0 ? 'start' : 'stop')),
        about,
      );
      should(states.length % 2).equal(0, about);
      should(watch.presence.number).equal(0, about);
      should(watch.clock.running).equal(0, about);
    }
    should(visits).be.above(4000);
    should(crossings).be.above(4000);
  });

  it('give stays that differ from the script by no more than the wait for the posts at their ends', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const script = writeScript(seed, startMs);
      const left = play(script).events('target-left');
      for (const id of [1, 2, 3]) {
        const told = left.filter(({ targets }) => targets[0]?.id === String(id));
        const indexes = script.visits.flatMap((visit, index) => (visit.id === id ? [index] : []));
        indexes.forEach((index, turn) => {
          const [visit, seen] = [script.visits[index], script.seen[index]];
          if (visit === undefined || seen === undefined) throw new Error('no such visit');
          const offMs = Math.abs((told[turn]?.movement?.seconds ?? 0) * 1000 - (visit.toMs - visit.fromMs));
          // told in tenths of a second
          should(offMs).be.belowOrEqual(seen.beforeMs + seen.afterMs + 50, `script ${seed}, target ${id}`);
        });
      }
    }
  });
});
