/** The published schema and the TypeScript type say the same, and no post gives an event that the schema refuses. */
import Ajv from 'ajv';
import should from 'should';
import schema from '../../src/event.schema.json';
import { categories, plateLists, targetTypes, vendors, type SecurityEvent } from '../../src/event';
import { receive } from '../../src/vendors/viewtron/receive';
import { defaultOptions, readSamples, toPost } from '../support/samples';

const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);

/** Nothing left out, at any depth: the compiler refuses this when the type gains a field. */
type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends Buffer | string | number | boolean
    ? T
    : { readonly [Key in keyof Required<T>]: Full<Required<T>[Key]> };

const counts = { person: 3, vehicle: 0, motorcycle: 1 };
const attributes = { age: 'young', sex: 'male', glasses: 'no', mask: 'yes' };
const points = [
  { x: 0, y: 0 },
  { x: 1, y: 0.5 },
  { x: 0.25, y: 1 },
];

const full: Full<SecurityEvent> = {
  id: 'x',
  vendor: 'viewtron',
  category: 'plate',
  kind: 'plate-read',
  type: 'VEHICE',
  state: 'start',
  time: '2031-02-03T04:05:06.000Z',
  timeSource: 'device',
  receivedAt: '2031-02-03T04:05:07.000Z',
  device: {
    id: '02:00:5e:10:00:41',
    name: 'Yard cam',
    ip: '192.0.2.41',
    mac: '02:00:5e:10:00:41',
    serial: 'D1',
    channel: '4',
  },
  targets: [{ id: '1', type: 'plate', box: { x: 0, y: 0.1, width: 1, height: 0.9 } }],
  rule: { id: '1', name: 'Drive', shape: 'area', direction: 'in', points },
  plate: {
    number: '007',
    list: 'allow',
    group: 'whiteList',
    owner: 'Bond',
    confidence: 99.5,
    direction: 'approach',
    color: 'blue',
    region: 'NY',
  },
  vehicle: { type: 'suv', color: 'blue', brand: 'A', model: 'B', year: '2030' },
  face: attributes,
  person: {
    ...attributes,
    id: '12',
    name: 'A. Example',
    hat: 'no',
    backpack: 'no',
    shoulderBag: 'no',
    skirt: 'no',
    upperColor: 'red',
    upperLength: 'long',
  },
  counts: { enter: counts, leave: counts, present: counts },
  motion: { columns: 4, rows: 1, cells: ['0110'] },
  alarm: { name: 'motionAlarm', id: '1', active: true },
  health: { online: false, lastSeen: '2031-02-03T04:05:06.000Z', silentSeconds: 90, heartbeatSeconds: 30 },
  access: {
    decision: 'granted',
    requestFactor: 'CARD_OR_PIN',
    duress: true,
    count: 4,
    explicit: true,
    disabled: false,
    facilityCode: '12',
  },
  door: { id: '7', name: 'Front door' },
  controller: { id: '3', name: 'Lobby', address: '10', port: '1', type: 'primaryReader' },
  values: { voltage: { value: 12_000, unit: 'mV' } },
  actor: { id: 'x', name: 'A. Example', ip: '192.0.2.1', userAgent: 'browser' },
  change: {
    object: 'person',
    id: '12',
    name: 'A. Example',
    action: 'person.added',
    group: { id: '1', name: 'Staff' },
    role: 'manager',
    email: 'a@example.com',
  },
  account: { id: '84Q31', email: 'site@example.com', domain: 'example.com' },
  incident: {
    counters: [
      {
        name: 'stream_changed_offline_count',
        fault: true,
        state: 'start',
        value: 1,
        threshold: 0,
        desired: '0',
        meaning: 'the stream went offline',
        description: '1 > 0',
      },
    ],
    since: '2031-02-03T04:05:06.000Z',
    reports: 3,
  },
  labels: ['entry.unlocked'],
  part: { of: 'x', index: 0, count: 3 },
  signature: 'previous',
  stale: true,
  test: true,
  presence: {
    number: 1,
    visitors: 2,
    since: '2031-02-03T04:05:06.000Z',
    lastSeen: '2031-02-03T04:05:08.000Z',
    seconds: 2,
    longestSeconds: 1.5,
  },
  movement: {
    firstSeen: '2031-02-03T04:05:06.000Z',
    lastSeen: '2031-02-03T04:05:08.000Z',
    seconds: 2,
    distance: 0.4,
    speed: 0.2,
    heading: 90,
    path: points,
    firstBox: { x: 0, y: 0.1, width: 0.1, height: 0.3 },
    lastBox: { x: 0.4, y: 0.1, width: 0.1, height: 0.3 },
    zones: ['Drive'],
  },
  crossing: { direction: 'in', in: 1, out: 0 },
  images: [{ role: 'scene', data: Buffer.from([1]), mimeType: 'image/jpeg', width: 1, height: 1, targetId: '1' }],
  raw: { config: {} },
};

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Follows a reference to the schema's own definitions. */
function resolve(part: unknown): Json {
  if (!isObject(part)) return {};
  const name = /^#\/definitions\/(.+)$/.exec(String(part.$ref))?.[1];
  return name === undefined ? part : resolve((schema.definitions as Json)[name]);
}

/** Calls back for every object of the event with the part of the schema that describes it. */
function walk(
  value: unknown,
  part: unknown,
  path: string,
  visit: (object: Json, part: Json, path: string) => void,
): void {
  const described = resolve(part);
  if (Array.isArray(value)) value.forEach((item) => walk(item, described.items, `${path}[]`, visit));
  if (!isObject(value) || !isObject(described.properties)) return;
  visit(value, described, path);
  for (const [key, inner] of Object.entries(value)) walk(inner, described.properties[key], `${path}.${key}`, visit);
}

function copyFull(): Json {
  return JSON.parse(JSON.stringify(full)) as Json;
}

describe('the schema of the event', () => {
  it('has the closed lists of the type', () => {
    const { properties } = schema;
    should(properties.vendor.enum).deepEqual([...vendors]);
    should(properties.category.enum).deepEqual([...categories]);
    should(properties.targets.items.properties.type.enum).deepEqual([...targetTypes]);
    should(properties.plate.properties.list.enum).deepEqual([...plateLists]);
  });

  it('takes an event in which no field is left out', () => {
    validate(copyFull());
    should(validate.errors).be.null();
  });

  it('has no field that the type has not, at any depth', () => {
    const unknown: string[] = [];
    walk(full, schema, 'event', (object, part, path) => {
      for (const key of Object.keys(part.properties as Json)) if (!(key in object)) unknown.push(`${path}.${key}`);
    });
    should(unknown).be.empty();
  });

  it('refuses an unknown field, at any depth', () => {
    const places: string[] = [];
    walk(copyFull(), schema, 'event', (_object, _part, path) => void places.push(path));
    should(places.length).be.above(15);
    for (const place of places) {
      const event = copyFull();
      walk(event, schema, 'event', (object, _part, path) => {
        if (path === place) object.unknownField = 1;
      });
      should(validate(event)).be.false(place);
      should(validate.errors?.[0]?.keyword).equal('additionalProperties', place);
    }
  });

  it('refuses an event without a field that is never absent', () => {
    for (const key of [
      'id',
      'vendor',
      'category',
      'kind',
      'type',
      'time',
      'timeSource',
      'receivedAt',
      'device',
      'targets',
      'images',
      'raw',
    ]) {
      const event = copyFull();
      Reflect.deleteProperty(event, key);
      should(validate(event)).be.false(key);
    }
  });

  const wrong: readonly (readonly [what: string, change: Json])[] = [
    ['a category of its own', { category: 'parking' }],
    ['a kind in capitals', { kind: 'PlateRead' }],
    ['a time that is no UTC', { time: '2031-02-03T04:05:06+02:00' }],
    ['a time as a number', { time: 1_930_000_123_456 }],
    ['a plate as a number', { plate: { number: 7 } }],
    ['a confidence above 100', { plate: { number: '7', confidence: 9950 } }],
    ['a MAC with dashes', { device: { id: 'x', mac: '02-00-5e-10-00-41' } }],
    ['an empty name', { device: { id: 'x', name: '' } }],
    ['a box in pixels', { targets: [{ type: 'person', box: { x: 10, y: 10, width: 20, height: 20 } }] }],
  ];
  for (const [what, change] of wrong) {
    it(`refuses ${what}`, () => should(validate({ ...copyFull(), ...change })).be.false());
  }
});

describe('whatever a device writes into one of its elements', () => {
  const posts = readSamples('viewtron')
    .filter(({ error }) => error === undefined)
    .map(toPost);

  for (const word of ['', '3.5', '-1', '18445822972087551616', '__proto__', 'größer']) {
    it(`the events that come of it are valid: "${word}"`, () => {
      for (const post of posts) {
        const text = post.body.toString('utf8');
        for (const leaf of text.matchAll(/(?<!\]\])>(?!\]\]>)(?:<!\[CDATA\[)?[^<>]{0,80}(?:\]\]>)?<\//g)) {
          const body = `${text.slice(0, leaf.index)}>${word}</${text.slice(leaf.index + leaf[0].length)}`;
          const { events } = receive({ ...post, body: Buffer.from(body) }, { ...defaultOptions, pictures: 'none' });
          should(events).not.be.empty();
          for (const event of events) {
            validate(event);
            should(validate.errors).be.null();
          }
        }
      }
    });
  }
});
