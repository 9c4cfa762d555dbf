/** What Home Assistant asks of MQTT discovery, and the functions of the example that answers it. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import should from 'should';

/** A message as it goes to a broker, or is on its way to one. */
export interface Publication {
  readonly topic: string;
  readonly payload: string | Buffer;
}

export interface Config {
  readonly name: string;
  readonly unique_id: string;
  readonly device: {
    readonly identifiers: readonly string[];
    readonly name: string;
    readonly manufacturer: string;
    readonly via_device?: string;
    readonly connections?: readonly (readonly string[])[];
  };
  readonly availability: readonly { readonly topic: string }[];
  readonly availability_mode?: string;
  readonly device_class?: string;
  readonly state_topic?: string;
  readonly topic?: string;
  readonly image_topic?: string;
  readonly event_types?: readonly string[];
  readonly state_class?: string;
  readonly off_delay?: number;
}

const common = [
  'name',
  'unique_id',
  'device',
  'availability',
  'availability_mode',
  'origin',
  'icon',
  'entity_category',
];
/** The keys that a kind of entity has; Home Assistant refuses a description with a wrong value of one. */
const keys: Readonly<Record<string, readonly string[]>> = {
  binary_sensor: ['state_topic', 'device_class', 'off_delay', 'payload_on', 'payload_off'],
  sensor: ['state_topic', 'state_class', 'value_template', 'json_attributes_topic'],
  event: ['state_topic', 'event_types'],
  camera: ['topic'],
  image: ['image_topic', 'content_type'],
};
const classes = ['connectivity', 'door', 'lock', 'motion', 'occupancy', 'problem', 'safety', 'tamper'];
const stateClasses = ['measurement', 'total_increasing'];
const isPlain = /^[A-Za-z0-9_-]+$/;

export function isDiscovery({ topic }: Publication): boolean {
  return topic.startsWith('homeassistant/') && topic.endsWith('/config');
}

/** The description in a message of MQTT discovery, which is one that Home Assistant takes. */
export function readConfig({ topic, payload }: Publication): Config {
  const [prefix, component = '', node = '', entity = '', last, ...more] = topic.split('/');
  should([prefix, last, ...more]).deepEqual(['homeassistant', 'config'], topic);
  should(node).match(isPlain, topic);
  should(entity).match(isPlain, topic);
  const config = JSON.parse(String(payload)) as Config;
  should(Object.keys(keys)).containEql(component);
  should(Object.keys(config).filter((key) => ![...common, ...(keys[component] ?? [])].includes(key))).be.empty();
  should(config.unique_id).equal(`gatehouse_${node}_${entity}`);
  for (const name of [config.name, config.device.name, config.device.manufacturer])
    should(name).be.a.String().and.match(/\S/, topic);
  should(config.device.identifiers).deepEqual([`gatehouse_${node}`]);
  if (config.device.via_device !== undefined) should(config.device.via_device).match(/^gatehouse_[a-z0-9_]+$/);
  should(config.availability.length).be.above(0);
  const values = config.state_topic ?? config.topic ?? config.image_topic;
  for (const each of [values, ...config.availability.map((place) => place.topic)])
    should(each).match(/^security-events\/[a-z0-9_]+\/[a-z0-9_]+$/);
  if (config.device_class !== undefined) should(classes).containEql(config.device_class);
  if (config.state_class !== undefined) should(stateClasses).containEql(config.state_class);
  if (component === 'event') should(new Set(config.event_types).size).equal(config.event_types?.length).and.above(1);
  return config;
}

/** The code of a function node of the example. */
export function readFunction(name: string): string {
  const file = join(__dirname, '..', '..', 'examples', 'home-assistant', 'mqtt-discovery.json');
  const nodes = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; func?: string }[];
  const { func } = nodes.find((node) => node.name === name) ?? {};
  if (func === undefined) throw new Error(`the example has no function "${name}"`);
  return func;
}
