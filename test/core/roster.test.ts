/** The roster knows who posts from where, and which device has fallen silent. */
import * as fc from 'fast-check';
import should from 'should';
import type { Device, SecurityEvent } from '../../src/event';
import { Roster } from '../../src/roster';
import { makeEvent, startMs } from '../support/events';
import { cases } from '../support/cases';

const address = '192.0.2.41';
const camera: Device = {
  id: '02:00:5e:10:00:41',
  mac: '02:00:5e:10:00:41',
  name: 'Yard cam',
  serial: 'DEMO41',
  ip: address,
};
const other: Device = { id: '02:00:5e:10:00:42', mac: '02:00:5e:10:00:42', name: 'Gate cam', ip: '192.0.2.42' };
const bare: Device = { id: address, ip: address };

function heartbeat(device: Device): SecurityEvent {
  return makeEvent({ category: 'heartbeat', kind: 'heartbeat', type: 'keepalive', device });
}

/** Hears a heartbeat of a device at each of the times, in seconds from the start. */
function beat(
  roster: Roster,
  device: Device,
  seconds: readonly number[],
  from = address,
): (SecurityEvent | undefined)[] {
  return seconds.map((second) => roster.hear(heartbeat(device), { address: from }, startMs + second * 1000).back);
}

function silentAt(roster: Roster, second: number, misses = 3): readonly (string | undefined)[] {
  return roster.findSilent(startMs + second * 1000, misses).map(({ device }) => device.name ?? device.id);
}

describe('an event that does not say who sent it', () => {
  it('is given the name of the one device at its address', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    should(roster.identify(heartbeat(bare), { address }).device).deepEqual(camera);
  });

  it('is left alone before anything is known, and from another address', () => {
    const roster = new Roster();
    should(roster.identify(heartbeat(bare), { address }).device).deepEqual(bare);
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    should(roster.identify(heartbeat({ id: '192.0.2.9', ip: '192.0.2.9' }), { address: '192.0.2.9' }).device).deepEqual(
      {
        id: '192.0.2.9',
        ip: '192.0.2.9',
      },
    );
  });

  it('is left alone where several devices share the address', () => {
    const roster = new Roster();
    for (const device of [camera, other]) roster.hear(makeEvent({ device }), { address }, startMs);
    should(roster.identify(heartbeat(bare), { address }).device).deepEqual(bare);
  });

  it('is left alone where it says another name', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    const stranger = makeEvent({ device: { ...bare, name: 'Barn cam' } });
    should(roster.identify(stranger, { address })).equal(stranger);
    should(roster.identify(makeEvent({ device: { ...bare, name: 'Yard cam' } }), { address }).device.id).equal(
      camera.id,
    );
  });

  it('is left alone where it says its own MAC or serial number', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    for (const device of [other, { id: 'DEMO99', serial: 'DEMO99' }]) {
      const event = makeEvent({ device });
      should(roster.identify(event, { address })).equal(event);
    }
  });

  it('keeps its own channel', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: { ...camera, channel: '1' } }), { address }, startMs);
    should(roster.identify(heartbeat(bare), { address }).device.channel).be.undefined();
    should(roster.identify(makeEvent({ device: { ...bare, channel: '4' } }), { address }).device.channel).equal('4');
  });

  it('is given the address that the device says of itself, where it posts through another', () => {
    const roster = new Roster();
    const behind: Device = { ...camera, ip: '10.0.0.41' };
    roster.hear(makeEvent({ device: behind }), { address }, startMs);
    should(roster.identify(heartbeat(bare), { address }).device).deepEqual(behind);
  });

  it('does not change what is known when it is changed itself', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    const { device } = roster.identify(heartbeat(bare), { address });
    Reflect.set(device, 'name', 'changed');
    should(roster.identify(heartbeat(bare), { address }).device.name).equal('Yard cam');
    should(roster.entries[0]?.device.name).equal('Yard cam');
  });
});

describe('an event that says a part of who sent it', () => {
  const macOnly: Device = { id: camera.id, mac: camera.id, ip: address };
  const serialOnly: Device = { id: 'DEMO41', serial: 'DEMO41', ip: address };

  it('is given the rest, by its MAC or its serial number, from any address', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    for (const device of [macOnly, serialOnly]) {
      should(roster.identify(makeEvent({ device }), { address }).device).deepEqual(camera);
      const elsewhere = { ...device, ip: '192.0.2.50' };
      should(roster.identify(makeEvent({ device: elsewhere }), { address: '192.0.2.50' }).device).deepEqual({
        ...camera,
        ip: '192.0.2.50',
      });
    }
  });

  it('keeps what it says itself: a new name, its channel', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: { ...camera, channel: '1' } }), { address }, startMs);
    const { device } = roster.identify(makeEvent({ device: { ...macOnly, name: 'Back yard' } }), { address });
    should(device.name).equal('Back yard');
    should(device.channel).be.undefined();
  });

  it('is given the address that the device gave of itself, while it calls from where it gave it', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: { ...camera, ip: '10.0.0.7' } }), { address }, startMs);
    const hear = (from: string): string | undefined =>
      roster.hear(makeEvent({ device: { ...macOnly, ip: from } }), { address: from }, startMs).event.device.ip;
    should(hear(address)).equal('10.0.0.7');
    should(hear('192.0.2.50')).equal('192.0.2.50');
    should(hear('192.0.2.50')).equal('192.0.2.50');
  });

  it('and one that says the other part become one device with a third that says both', () => {
    for (const parts of [
      [macOnly, serialOnly, camera],
      [serialOnly, macOnly, camera],
      [serialOnly, camera],
      [macOnly, camera, serialOnly],
    ]) {
      const roster = new Roster();
      for (const device of parts) roster.hear(makeEvent({ device }), { address }, startMs);
      should(roster.entries.map(({ device }) => device)).deepEqual([camera]);
    }
  });

  it('is not given another device with the same serial number and a MAC of its own', () => {
    const roster = new Roster();
    const twin = { ...other, serial: 'DEMO41' };
    for (const device of [camera, twin]) roster.hear(makeEvent({ device }), { address: device.ip ?? '' }, startMs);
    should(roster.entries).have.length(2);
  });
});

describe('an event without a name, at an address of several', () => {
  const recorder: Device = { id: '02:00:5e:10:00:60', mac: '02:00:5e:10:00:60', name: 'Recorder', ip: address };
  const asCamera = { address, sender: 'camera' } as const;
  const asRecorder = { address, sender: 'recorder' } as const;

  it('is not a recorder’s where a camera speaks', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: recorder }), asRecorder, startMs);
    should(roster.identify(heartbeat(bare), asCamera).device).deepEqual(bare);
    should(roster.identify(heartbeat(bare), asRecorder).device.name).equal('Recorder');
  });

  it('may be of any camera at a recorder’s ports, so of none', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), asCamera, startMs);
    should(roster.identify(heartbeat(bare), asCamera).device.name).equal('Yard cam');
    roster.hear(makeEvent({ device: recorder }), asRecorder, startMs);
    should(roster.identify(heartbeat(bare), asCamera).device).deepEqual(bare);
    should(roster.identify(heartbeat(bare), asRecorder).device.name).equal('Recorder');
  });

  it('is not of a device that has moved away', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    roster.hear(makeEvent({ device: camera }), { address: '192.0.2.50' }, startMs);
    should(roster.identify(heartbeat(bare), { address }).device).deepEqual(bare);
  });

  it('makes nobody silent: whose heartbeat it was, nobody can tell', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs - 100_000);
    beat(roster, bare, [-60, -30, 0]);
    should(roster.entries).have.length(1);
    roster.hear(makeEvent({ device: other }), { address }, startMs);
    should(silentAt(roster, 1000)).be.empty();
    beat(roster, bare, [1000, 1030, 1060]);
    should(silentAt(roster, 2000)).be.empty();
  });

  it('does not make a recorder silent, or one device with it', () => {
    const roster = new Roster();
    for (const second of [0, 10, 20, 30, 40, 50, 60]) {
      roster.hear(heartbeat(recorder), asRecorder, startMs + second * 1000);
      if (second % 30 === 0) roster.hear(heartbeat(bare), asCamera, startMs + second * 1000);
    }
    should(roster.entries).have.length(2);
    should(silentAt(roster, 60 + 34)).be.empty();
    should(silentAt(roster, 60 + 35)).deepEqual(['Recorder']);
    should(silentAt(roster, 1000)).be.empty();
  });
});

describe('a device that is gone', () => {
  const dayMs = 24 * 3_600_000;

  it('is forgotten after a day of silence where it never said its name', () => {
    const roster = new Roster();
    beat(roster, bare, [-60, -30, 0]);
    should(silentAt(roster, 200)).deepEqual([address]);
    roster.findSilent(startMs + dayMs, 3);
    should(roster.entries.map(({ isSilent, isGone }) => [isSilent, isGone])).deepEqual([[true, false]]);
    roster.findSilent(startMs + dayMs + 1, 3);
    should(roster.entries).be.empty();
  });

  it('is not waited for where it has a name, and is still told when it is back', () => {
    const roster = new Roster();
    beat(roster, camera, [-60, -30, 0]);
    silentAt(roster, 200);
    should(silentAt(roster, 100_000)).be.empty();
    should(roster.entries.map(({ isSilent, isGone }) => [isSilent, isGone])).deepEqual([[true, true]]);
    should(roster.identify(heartbeat(bare), { address }).device).deepEqual(bare);
    should(beat(roster, camera, [200_000])[0]?.health?.silentSeconds).equal(200_000);
    should(roster.entries.map(({ isSilent, isGone }) => [isSilent, isGone])).deepEqual([[false, false]]);
  });
});

describe('a device known by its address alone', () => {
  it('is one with the device that says its name later', () => {
    const roster = new Roster();
    beat(roster, bare, [-30, 0, 30]);
    roster.hear(makeEvent({ device: camera }), { address }, startMs + 40_000);
    should(roster.entries.map(({ device }) => device.id)).deepEqual([camera.id]);
    should(silentAt(roster, 40 + 104)).be.empty();
    should(silentAt(roster, 40 + 105)).deepEqual(['Yard cam']);
  });

  it('tells that it is back under its name, with the silence that it had', () => {
    const roster = new Roster();
    beat(roster, bare, [-30, 0, 30]);
    should(silentAt(roster, 200)).deepEqual([address]);
    const { back } = roster.hear(makeEvent({ device: camera }), { address }, startMs + 330_000);
    should(back?.device.id).equal(camera.id);
    should(back?.health?.online).be.true();
    should(back?.health?.silentSeconds).equal(300);
    should(back?.health?.lastSeen).equal(new Date(startMs + 30_000).toISOString());
  });

  it('is not one with a device of another name, or of another kind', () => {
    const named = new Roster();
    beat(named, { ...bare, name: 'Barn cam' }, [-30, 0, 30]);
    named.hear(makeEvent({ device: camera }), { address }, startMs);
    should(named.entries).have.length(2);
    const spoken = new Roster();
    spoken.hear(heartbeat(bare), { address, sender: 'camera' }, startMs);
    spoken.hear(makeEvent({ device: other }), { address, sender: 'recorder' }, startMs);
    should(spoken.entries).have.length(2);
  });

  it('is not one with a device at another address', () => {
    const roster = new Roster();
    beat(roster, bare, [-30, 0, 30]);
    roster.hear(makeEvent({ device: other }), { address: '192.0.2.42' }, startMs);
    should(roster.entries).have.length(2);
  });
});

describe('a device that falls silent', () => {
  for (const misses of [1, 2, 3, 10]) {
    it(`is told after ${misses} heartbeats and a half, once`, () => {
      const roster = new Roster();
      beat(roster, camera, [0, 30, 60]);
      const limit = 60 + (misses + 0.5) * 30;
      should(silentAt(roster, limit - 0.001, misses)).be.empty();
      should(silentAt(roster, limit, misses)).deepEqual(['Yard cam']);
      should(silentAt(roster, limit + 1000, misses)).be.empty();
      should(roster.entries[0]?.isSilent).be.true();
    });
  }

  it('is told with what is known of it', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    const [event] = roster.findSilent(startMs + 200_000, 3);
    should(event).containDeep({
      vendor: 'viewtron',
      category: 'health',
      kind: 'device-offline',
      state: 'start',
      device: camera,
      time: new Date(startMs + 200_000).toISOString(),
      timeSource: 'received',
      health: {
        online: false,
        silentSeconds: 170,
        heartbeatSeconds: 30,
        lastSeen: new Date(startMs + 30_000).toISOString(),
      },
    });
  });

  it('is not watched before two intervals agree', () => {
    const roster = new Roster();
    for (const second of [0, 10, 100]) {
      beat(roster, camera, [second]);
      should(silentAt(roster, second + 10_000)).be.empty();
    }
  });

  it('is not watched where it sends events and no heartbeats', () => {
    const roster = new Roster();
    for (let second = 0; second < 100; second++)
      roster.hear(makeEvent({ device: camera }), { address }, startMs + second * 1000);
    should(silentAt(roster, 1_000_000)).be.empty();
  });

  it('is not silent while it sends anything', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    roster.hear(makeEvent({ device: camera }), { address }, startMs + 120_000);
    should(silentAt(roster, 134)).be.empty();
    should(silentAt(roster, 120 + 105)).deepEqual(['Yard cam']);
  });

  it('is watched by the interval that it keeps: one heartbeat that is late, one that is early change nothing', () => {
    const roster = new Roster();
    beat(roster, camera, [0, 30, 60, 119, 121, 149]);
    should(silentAt(roster, 149 + 104)).be.empty();
    should(silentAt(roster, 149 + 105)).deepEqual(['Yard cam']);
  });

  it('is watched by a new interval soon after it was set on the device', () => {
    const roster = new Roster();
    beat(roster, camera, [0, 30, 60, 90, 120, 150]);
    beat(roster, camera, [270, 390, 510]);
    should(silentAt(roster, 510 + 419)).be.empty();
    should(silentAt(roster, 510 + 420)).deepEqual(['Yard cam']);
  });

  it('is not taken for quick because a heartbeat is sent again at once', () => {
    const roster = new Roster();
    beat(roster, camera, [0, 0.2, 0.4, 30, 30.2, 30.4, 60, 60.3]);
    should(silentAt(roster, 60.3 + 104)).be.empty();
    should(silentAt(roster, 60.3 + 105)).deepEqual(['Yard cam']);
  });
});

describe('a device whose heartbeats change', () => {
  /** Lets a minute hand run over the heartbeats, and tells what a watch says: seconds and state. */
  function watch(seconds: readonly number[], misses = 3): (readonly [number, string | undefined])[] {
    const roster = new Roster();
    const told: (readonly [number, string | undefined])[] = [];
    let next = 0;
    for (let second = 0; second <= (seconds.at(-1) ?? 0); second++) {
      for (; (seconds[next] ?? Infinity) <= second; next++) {
        const [back] = beat(roster, camera, [seconds[next] ?? 0]);
        if (back !== undefined) told.push([second, back.state]);
      }
      for (const event of roster.findSilent(startMs + second * 1000, misses)) told.push([second, event.state]);
    }
    return told;
  }

  function every(interval: number, from: number, times: number): number[] {
    return Array.from({ length: times }, (_, index) => from + index * interval);
  }

  it('is told silent once, and back once, where they come six times slower from now on', () => {
    const told = watch([...every(10, 0, 10), ...every(60, 150, 60)]);
    should(told).deepEqual([
      [125, 'start'],
      [150, 'stop'],
    ]);
  });

  it('is not told at all where two come at once: at a start, resent, or to two addresses', () => {
    should(watch([0, 3, ...every(90, 93, 20)])).be.empty();
    should(watch([0, 5, ...every(90, 90, 40)])).be.empty();
    should(watch([...every(90, 0, 8), 633, 636, 639, ...every(90, 720, 8)])).be.empty();
    should(watch(every(30, 0, 20).flatMap((second) => [second, second + 2]))).be.empty();
  });

  it('is not told at all where two devices cannot be told apart, however far apart they beat', () => {
    for (const apart of [1, 5, 7, 9, 12, 15, 23, 29]) {
      should(watch(every(30, 0, 20).flatMap((second) => [second, second + apart]))).be.empty();
    }
  });

  for (const misses of [1, 2, 3]) {
    it(`is told at most once for each change, whatever the intervals: ${misses} missed`, () => {
      const phases = fc.array(fc.integer({ min: 10, max: 120 }), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(phases, (intervals) => {
          const seconds: number[] = [0];
          for (const interval of intervals) seconds.push(...every(interval, (seconds.at(-1) ?? 0) + interval, 8));
          should(watch(seconds, misses).length).be.belowOrEqual(2 * (intervals.length - 1));
        }),
        cases(30),
      );
    });
  }
});

describe('a device that is back', () => {
  it('is told once, with the time that it was gone', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    silentAt(roster, 200);
    const [back, again] = beat(roster, camera, [330, 360]);
    should(back).containDeep({ category: 'health', kind: 'device-offline', state: 'stop', device: camera });
    should(back?.health).deepEqual({
      online: true,
      silentSeconds: 300,
      heartbeatSeconds: 30,
      lastSeen: new Date(startMs + 30_000).toISOString(),
    });
    should(again).be.undefined();
    should(roster.entries[0]?.isSilent).be.false();
  });

  it('is told at any post, not only at a heartbeat', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    silentAt(roster, 200);
    should(roster.hear(makeEvent({ device: camera }), { address }, startMs + 210_000).back?.health?.online).be.true();
  });

  it('is watched as before where it was gone for longer than any interval', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    silentAt(roster, 200);
    beat(roster, camera, [5000]);
    should(silentAt(roster, 5000 + 104)).be.empty();
    should(silentAt(roster, 5000 + 105)).deepEqual(['Yard cam']);
  });

  it('has two ids for going and coming, and others the next time', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    const ids = [0, 1].flatMap((round) => [
      roster.findSilent(startMs + (round * 1000 + 500) * 1000, 3)[0]?.id,
      beat(
        roster,
        camera,
        [600, 630, 660].map((second) => round * 1000 + second),
      )[0]?.id,
    ]);
    should(ids).not.containEql(undefined);
    should(new Set(ids).size).equal(4);
  });

  it('was never gone for less than nothing, though the clock was set back meanwhile', () => {
    const roster = new Roster();
    beat(roster, camera, [-30, 0, 30]);
    silentAt(roster, 200);
    should(beat(roster, camera, [-3600])[0]?.health?.silentSeconds).be.aboveOrEqual(0);
  });
});

describe('the memory of the roster', () => {
  it('holds at most 500 devices, and forgets those heard longest ago', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        for (let index = 0; index < 100; index++) {
          const id = `device-${seed}-${index}`;
          roster.hear(makeEvent({ device: { id, serial: id } }), { address: `198.51.100.${index}` }, startMs);
          if (index % 10 === 0) roster.hear(makeEvent({ device: camera }), { address }, startMs);
        }
        should(roster.entries.length).be.belowOrEqual(500);
        should(roster.entries.some(({ device }) => device.id === camera.id)).be.true();
      }),
      cases(20),
    );
    should(roster.entries).have.length(500);
  });

  it('joins what a device says in several posts', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: { id: camera.id, mac: camera.id } }), { address }, startMs);
    roster.hear(makeEvent({ device: { id: camera.id, mac: camera.id, name: 'Yard cam' } }), { address }, startMs);
    roster.hear(makeEvent({ device: { id: camera.id, mac: camera.id, serial: 'DEMO41' } }), { address }, startMs);
    should(roster.entries[0]?.device).containEql({ name: 'Yard cam', serial: 'DEMO41' });
  });

  it('takes a new name of a device', () => {
    const roster = new Roster();
    roster.hear(makeEvent({ device: camera }), { address }, startMs);
    roster.hear(makeEvent({ device: { ...camera, name: 'Back yard' } }), { address }, startMs);
    should(roster.entries.map(({ device }) => device.name)).deepEqual(['Back yard']);
  });
});
