/** Twenty thousand events while everything goes wrong: each comes out once, in the order of the ids, and none is missing. */
import should from 'should';
import { serverFaults, type Behaviour } from '../../../simulators/camlytics/server';
import { createRandom } from '../../../simulators/random';
import { Rig } from '../../support/camlytics';

const total = 20_000;

async function soak(behaviour: Partial<Behaviour>, seed: number, count: number): Promise<readonly [Rig, Set<string>]> {
  const played = new Set<string>();
  const rig = await Rig.start(behaviour, { waitSeconds: 5 });
  const random = createRandom(seed);
  const { database, server } = rig;
  let again = 0;
  server.nextFault = () => {
    // an old answer may stand for some questions in a row: then what is asked once more agrees with it
    if (again > 0) {
      again -= 1;
      return 'repeat';
    }
    if (random.next() >= 0.25) return undefined;
    const fault = random.pick(serverFaults);
    if (fault === 'repeat') again = random.between(0, 6);
    played.add(fault);
    return fault;
  };
  let downFor = 0;
  while (rig.messages.length < count) {
    const burst = Math.min(random.between(0, 90), count - database.lastId);
    for (let added = 0; added < burst; added++) database.add({ type: 'ObjectAppear', objectId: String(added) });
    const chance = random.between(0, 99);
    if (chance < 2) {
      server.cut();
      played.add('cut');
    }
    if (chance === 3) database.clockErrorMs = random.between(-3_600_000, 3_600_000);
    if (chance === 4) {
      await server.close();
      played.add('restart');
      downFor = random.between(1, 20);
    }
    if (chance === 5) {
      // Node-RED is restarted: all that is left is what was saved
      await rig.end();
      played.add('restart of Node-RED');
      rig.begin({ waitSeconds: 5 });
    }
    downFor -= 1;
    if (downFor < 0) await server.open();
    await rig.run(1000, 500);
  }
  return [rig, played];
}

describe('a poller, while Camlytics restarts, resets, goes slow, repeats, reorders and talks nonsense', function () {
  this.timeout(120_000);

  for (const [what, behaviour, count] of [
    ['whose sinceId is exclusive', {}, total],
    ['whose sinceId is inclusive', { sinceId: 'inclusive' }, 3000],
    ['that does not wait', { waits: false, ids: 'string' }, 3000],
    ['that gives one event at a time', { answers: 'one', sinceId: 'inclusive' }, 2000],
    ['that gives fifty events at most', { mostEvents: 50 }, 2000],
  ] as const) {
    it(`loses and repeats nothing of ${count} events of a server ${what}`, async () => {
      const [rig, played] = await soak(behaviour, 7, count);
      try {
        await rig.run(5000, 500);
        should(rig.ids.length).equal(count);
        should(rig.ids.findIndex((id, index) => id !== index + 1)).equal(-1);
        should(rig.most).equal(1);
        should(rig.server.most).equal(1);
        should(rig.findings).deepEqual([]);
        should(rig.errors.length).be.above(0);
        if (count === total)
          should([...played].toSorted()).deepEqual(
            [...serverFaults, 'cut', 'restart', 'restart of Node-RED'].toSorted(),
          );
      } finally {
        await rig.close();
      }
      should(rig.clock.running).equal(0);
    });
  }
});
