/** Everything that is told is an event of the published shape, with an id of its own; and what comes in is checked. */
import Ajv from 'ajv';
import * as fc from 'fast-check';
import should from 'should';
import type { SecurityEvent } from '../../src/event';
import schema from '../../src/event.schema.json';
import { readEvent } from '../../src/presence/incoming';
import { makeEvent, startMs } from '../support/events';
import { writeScript, lines, stopDelayMs } from './scripts';
import { shapesOf, toTargets, tracking, Watch } from './watch';
import { cases } from '../support/cases';
import { countKept } from '../support/kept';

const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);
const yard = {
  name: 'Yard',
  points: [
    [0.35, 0.2],
    [0.9, 0.2],
    [0.9, 0.9],
    [0.35, 0.9],
  ],
  loiter: 3,
  most: 1,
  fastest: 5,
};
const spot = { name: 'Car', points: [[0.5, 0.3]] } as const;

describe('what is told', () => {
  it('is of the published shape, and each has an id of its own', () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const script = writeScript(seed, startMs);
      const shapes = shapesOf(...lines.map((line) => ({ ...line, forbidden: 'in' })), yard as never, spot);
      const watch = new Watch({ stopDelayMs, shapes, movesPerSecond: 2, tellsNumbers: true });
      for (const { comesMs, event } of script.posts) {
        watch.clock.advance(comesMs - watch.clock.now());
        watch.presence.take(event);
      }
      watch.presence.reset();
      watch.clock.advance(60_000);
      for (const { event } of watch.told) {
        validate(JSON.parse(JSON.stringify(event)));
        should(validate.errors).be.null();
        kinds.add(event.state === undefined ? event.kind : `${event.kind} ${event.state}`);
      }
      should(new Set(watch.told.map(({ event }) => event.id)).size).equal(watch.told.length);
    }
    should([...kinds].toSorted()).deepEqual([
      'approaching',
      'counts-reset',
      'line-crossed',
      'loitering start',
      'loitering stop',
      'presence',
      'presence start',
      'presence stop',
      'target-arrived',
      'target-left',
      'target-moved',
      'too-fast',
      'too-many start',
      'too-many stop',
      'wrong-way',
      'zone-presence',
      'zone-presence start',
      'zone-presence stop',
    ]);
  });

  it('every start of a zone, of loitering and of too many has its stop', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const script = writeScript(seed, startMs);
      const watch = new Watch({ stopDelayMs, shapes: shapesOf(yard as never) });
      for (const { comesMs, event } of script.posts) {
        watch.clock.advance(comesMs - watch.clock.now());
        watch.presence.take(event);
      }
      watch.clock.advance(60_000);
      for (const kind of ['presence', 'zone-presence', 'too-many']) {
        const states = watch.events(kind).map(({ state }) => state);
        should(states).deepEqual(
          states.map((_, index) => (index % 2 === 0 ? 'start' : 'stop')),
          `script ${seed}`,
        );
        should(states.length % 2).equal(0, `script ${seed}`);
      }
      for (const id of ['1', '2', '3']) {
        const own = watch.events('loitering').filter(({ targets }) => targets[0]?.id === id);
        const states = own.map(({ state }) => state);
        should(states).deepEqual(
          states.map((_, index) => (index % 2 === 0 ? 'start' : 'stop')),
          `script ${seed}`,
        );
      }
    }
  });
});

describe('what comes in', () => {
  it('is an event, or nothing, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => readEvent(payload) === undefined),
      cases(100),
    );
  });

  it('brings nobody down, whatever an event holds', () => {
    const time = fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom('+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '9999-12-31T23:59:59.999Z', 'soon'),
    );
    const number = fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true }));
    const box = fc.oneof(fc.anything(), fc.record({ x: number, y: number, width: number, height: number }));
    const target = fc.oneof(
      fc.anything(),
      fc.record({ id: fc.oneof(fc.string(), fc.nat(3), fc.anything()), type: fc.constantFrom('person', 'x'), box }),
    );
    const image = fc.oneof(
      fc.anything(),
      fc.record({ role: fc.constant('scene'), data: fc.string(), mimeType: fc.constant('image/jpeg') }),
    );
    const event = fc.record({ time, targets: fc.array(target), images: fc.array(image) });
    const shapes = shapesOf(yard as never, spot, ...lines);
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const watch = new Watch({ shapes, movesPerSecond: 5, picturesPerSecond: 5, showsScene: true });
        for (const fields of events) {
          const read = readEvent({ ...makeEvent(), ...fields });
          if (read !== undefined) watch.presence.take(read);
          watch.clock.advance(1500);
        }
        watch.clock.advance(60_000);
        should(watch.presence.number).equal(0);
        should(watch.clock.running).equal(0);
        for (const { event: told } of watch.told) {
          validate(JSON.parse(JSON.stringify(told)));
          should(validate.errors).be.null();
        }
      }),
      cases(500),
    );
  });

  it('keeps no more of an id or a name than ids and names are long', () => {
    const long = 'x'.repeat(1_000_000);
    const event = readEvent(tracking(startMs, [{ id: long, type: 'person' }], { device: { id: long, name: long } }));
    should(event?.targets[0]?.id).have.length(100);
    should(event?.device).have.properties({ id: 'x'.repeat(100), name: 'x'.repeat(100) });
  });

  it('does not keep the post that an id or a name was cut out of', () => {
    const found: (SecurityEvent | undefined)[] = [];
    const kept = countKept(() => {
      for (let index = 0; index < 1000; index++) {
        const text = Buffer.from(`target number ${index},camera number ${index},${'x'.repeat(31_000)}`).toString();
        const [id = '', camera = ''] = text.split(',');
        found.push(readEvent(tracking(startMs, [{ id, type: 'person' }], { device: { id: camera, name: camera } })));
      }
    });
    should(found[999]?.targets[0]?.id).equal('target number 999');
    should(found[999]?.device).deepEqual({ id: 'camera number 999', name: 'camera number 999' });
    // all of the posts have 31 MB
    should(kept).be.below(5_000_000);
  });

  it('keeps the scenes of the last cameras only', () => {
    const watch = new Watch({ picturesPerSecond: 1, showsScene: true });
    for (let camera = 0; camera < 100; camera++) {
      const images = [{ role: 'scene' as const, data: 'AAAA', mimeType: 'image/jpeg' }];
      const device = { id: `camera ${camera}` };
      watch.presence.take(tracking(startMs, toTargets([[1, 0.5, 0.5]]), { device, images }));
    }
    should(watch.memory.pictures.size).equal(32);
  });
});
