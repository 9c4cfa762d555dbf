/** What the Home Assistant example makes of every event that a sample of any vendor gives, and of names made to break it. */
import * as fc from 'fast-check';
import should from 'should';
import type { SecurityEvent } from '../../src/event';
import { pushVendors } from '../../src/vendors';
import { cases } from '../support/cases';
import { openOptions } from '../support/events';
import { isDiscovery, readConfig, readFunction, type Publication } from '../support/home-assistant';
import { readSamples, toPost } from '../support/samples';

interface Told extends Publication {
  readonly how: 'config' | 'first' | 'state' | 'value' | 'once' | 'picture';
  readonly known?: string;
}

/** The function as Node-RED runs it, with a context of its own. */
function createFunction(): (event: SecurityEvent) => readonly Told[] {
  // the code is the example's, and that it runs is what is tested
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function('msg', 'flow', readFunction('What it is in Home Assistant')) as (
    msg: object,
    flow: object,
  ) => readonly [readonly Told[]] | null;
  const store = new Map<string, unknown>();
  const flow = { get: (key: string) => store.get(key), set: (key: string, value: unknown) => store.set(key, value) };
  return (event) => run({ payload: event }, flow)?.[0] ?? [];
}

/** All messages can be published, and each value has its description. */
function check(told: readonly Told[]): void {
  const known = new Map(told.filter(isDiscovery).map((each) => [each.topic, readConfig(each)]));
  const topics = new Set(
    [...known.values()].map((config) => config.state_topic ?? config.topic ?? config.image_topic ?? ''),
  );
  for (const each of told) {
    should(each.topic).match(/^[\w/-]+$/);
    should(each.topic.length).be.below(400);
    if (each.how === 'config') should(isDiscovery(each)).be.true();
    else should([...topics]).containEql(each.topic);
    if (each.how === 'once') should([...known.keys()]).containEql(each.known);
    should(Buffer.isBuffer(each.payload)).equal(each.how === 'picture');
    if (!Buffer.isBuffer(each.payload)) should(each.payload).not.match(/undefined|NaN|\[object/);
  }
  for (const config of known.values()) {
    if (config.event_types === undefined) continue;
    const happened = told.find(({ how, topic }) => how === 'once' && topic === config.state_topic);
    should(config.event_types).containEql((JSON.parse(String(happened?.payload)) as { event_type: string }).event_type);
  }
}

for (const vendor of pushVendors) {
  describe(`the Home Assistant example and ${vendor.name}`, () => {
    const tell = createFunction();
    const quiet = ['config', 'heartbeat', 'other', 'track', 'health'];
    const events = readSamples(vendor.name).flatMap(
      (sample) => vendor.receive(toPost(sample), { ...openOptions, ...sample.options }).events,
    );

    it('makes of each event messages that Home Assistant takes', () => {
      should(events.length).be.above(10);
      for (const event of events) check(tell(event));
    });

    it('passes over nothing that begins or happens', () => {
      const silent = events.filter(
        (event) =>
          !quiet.includes(event.category) &&
          event.state !== 'stop' &&
          createFunction()(event).every(({ how }) => how === 'config' || how === 'state'),
      );
      should(silent.map(({ kind, type }) => `${kind} ${type}`)).be.empty();
    });
  });
}

describe('the Home Assistant example', () => {
  const [event] = pushVendors
    .flatMap((vendor) =>
      readSamples(vendor.name).flatMap((sample) => vendor.receive(toPost(sample), openOptions).events),
    )
    .filter(({ kind }) => kind === 'plate-read');
  const make = (change: object): SecurityEvent => ({ ...event!, ...change });
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

  it('takes names and ids of any letters, and keeps apart what is not the same', () => {
    fc.assert(
      fc.property(name, name, name, (one, other, title) => {
        const tell = createFunction();
        const ids = [one, other].map((id) => {
          const told = tell(
            make({ device: { id, name: title }, rule: { id, name: title }, door: { id, name: title } }),
          );
          check(told);
          return told.find(isDiscovery)?.topic;
        });
        should(ids[0] === ids[1]).equal(one === other);
      }),
      cases(100),
    );
  });

  it('gives the same ids whatever else was told before', () => {
    const busy = createFunction();
    const topicsOf = (told: readonly Told[]): readonly string[] => told.map(({ topic }) => topic);
    for (const each of pushVendors.flatMap((vendor) =>
      readSamples(vendor.name).flatMap((sample) => vendor.receive(toPost(sample), openOptions).events),
    ))
      busy(each);
    should(topicsOf(busy(event!))).deepEqual(topicsOf(createFunction()(event!)));
  });

  it('knows the name of a device that does not say it every time', () => {
    const tell = createFunction();
    const device = { id: '1070000' };
    tell(make({ vendor: 'pdk', device: { ...device, name: 'Main building' } }));
    const config = tell(make({ vendor: 'pdk', device })).find(isDiscovery);
    should(readConfig(config!).device.name).equal('Main building');
  });

  it('makes no value of what is told late, and none of an older word of a cloud', () => {
    const tell = createFunction();
    const open = (time: string, state: string, more = {}): readonly string[] =>
      tell(
        make({
          vendor: 'pdk',
          category: 'door',
          kind: 'door-open',
          device: { id: '7' },
          door: { id: '1' },
          time,
          state,
          images: [],
          ...more,
        }),
      ).flatMap(({ how, payload }) => (how === 'value' ? [String(payload)] : []));
    should(open('2026-03-01T12:00:05.000Z', 'stop')).deepEqual(['OFF']);
    should(open('2026-03-01T12:00:00.000Z', 'start')).be.empty();
    should(open('2026-03-01T12:00:09.000Z', 'start', { stale: true })).be.empty();
    should(open('2026-03-01T12:00:10.000Z', 'start')).deepEqual(['ON']);
  });
});
