/** The Home Assistant example in a real Node-RED, with simulated devices and a real broker. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import should from 'should';
import { startBroker, type Broker } from '../../demo/broker';
import { readFlows } from '../../demo/demo-run';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { callBack } from '../../simulators/camio/sender';
import { lobby } from '../../simulators/camlytics/database';
import { CamlyticsServer } from '../../simulators/camlytics/server';
import { deliver } from '../../simulators/pdk/sender';
import { Camera } from '../../simulators/viewtron/camera';
import { Nvr } from '../../simulators/viewtron/nvr';
import { isDiscovery, readConfig, type Config } from '../support/home-assistant';
import { Arrivals } from '../support/http-recorder';
import { untilListening } from '../support/runtime';

const secret = 'secret-of-the-home-21';
const listenerId = '5e0c0a7e11570001';
const gateId = 'viewtron_02005e100043';

interface Heard {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

/** The part of the client that is used; it is there as Node-RED's own. */
interface Client extends NodeJS.EventEmitter {
  subscribe(topic: string, options: object, done: () => void): void;
  publish(topic: string, payload: string, options: object, done: () => void): void;
  end(force: boolean, options: object, done: () => void): void;
}
const place = ['node-red', '@node-red/nodes', 'mqtt'].reduce(
  (from, name) => createRequire(from).resolve(name),
  __filename,
);
const mqtt = require(place) as { connect(url: string): Client };

/** Somebody who listens to everything, as Home Assistant does. */
class Listener {
  readonly heard = new Arrivals<Heard>();
  private constructor(private readonly client: Client) {
    client.on('message', (topic: string, payload: Buffer, { retain }: { retain: boolean }) =>
      this.heard.add({ topic, payload, retain }),
    );
  }

  static async join(port: number): Promise<Listener> {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`);
    const listener = new Listener(client);
    await once(client, 'connect');
    await new Promise<void>((resolve) => client.subscribe('#', { qos: 1 }, resolve));
    return listener;
  }

  say(topic: string, payload: string): Promise<void> {
    return new Promise((resolve) => this.client.publish(topic, payload, { qos: 1 }, resolve));
  }

  leave(): Promise<void> {
    return new Promise((resolve) => this.client.end(true, {}, resolve));
  }

  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) await this.heard.until(this.heard.items.length + 1);
  }

  all(topic: string): readonly string[] {
    return this.heard.items.filter((each) => each.topic === topic).map(({ payload }) => payload.toString());
  }

  last(topic: string): string | undefined {
    return this.all(topic).at(-1);
  }

  plates(): readonly string[] {
    return this.all(`security-events/${gateId}/plates`).map((text) => (JSON.parse(text) as { plate: string }).plate);
  }

  /** Descriptions by topic without its ends, `binary_sensor/.../door_open`. */
  configs(): ReadonlyMap<string, Config> {
    const found = this.heard.items.filter((each) => isDiscovery(each));
    return new Map(
      found.map((each) => [each.topic.slice('homeassistant/'.length, -'/config'.length), readConfig(each)]),
    );
  }
}

describe('the Home Assistant example', function () {
  this.timeout(60_000);
  let broker: Broker;
  let home: Listener;
  let nodeRed: NodeRed;
  let camlytics: CamlyticsServer;
  let gate: Camera;
  let recorder: Nvr;
  let flows: readonly object[];
  let port: number;
  let serial = 0;
  const topicOf = (device: string, entity: string): string => `security-events/${device}/${entity}`;
  const door = (topic: string, body: object = {}): Promise<unknown> => {
    const message = {
      id: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
      topic,
      panelId: '1070000',
      body: { doorId: 4, ...body },
      metadata: { occurred: Date.now(), doorName: 'Main entrance' },
    };
    const url = `http://127.0.0.1:${port}/pdk/put-something-here-that-nobody-guesses`;
    return deliver(message, { url, secret });
  };
  const incident = (id: string): object => ({
    id,
    type: 'incident.created',
    data: {
      object: {
        user: { user_id: 'u1' },
        incident: { camera_name: 'Dock', counter_events: { stream_changed_offline_count: { value: 1 } } },
      },
    },
  });

  before(async () => {
    [broker, camlytics, port] = await Promise.all([startBroker(), CamlyticsServer.open({ port: 0 }), findFreePort(0)]);
    home = await Listener.join(broker.port);
    const nodes = readFlows(port, 'home-assistant');
    flows = nodes.map((node) => ({
      ...node,
      ...(node.type === 'mqtt-broker' && { broker: '127.0.0.1', port: String(broker.port) }),
      ...(node.type === 'camlytics-server' && { host: '127.0.0.1', port: String(camlytics.port) }),
    }));
    nodeRed = await startNodeRed({
      flows,
      settings: { mqttReconnectTime: 100 },
      credentials: Object.fromEntries(
        nodes.map(({ id, type }) => [
          id,
          type === 'pdk-webhook-in' ? { secret } : type === 'camio-callback-in' ? { headerValue: secret } : {},
        ]),
      ),
    });
    await untilListening(nodeRed, listenerId);
    const way = { host: '127.0.0.1', port, path: '/API' };
    const identity = {
      name: 'Gate cam',
      mac: '02:00:5e:10:00:43',
      serial: 'TEST00A1B2C4',
      ip: '192.0.2.43',
      number: 1,
    };
    gate = new Camera({ ...way, ...identity, firmware: '5.3.1' });
    recorder = new Nvr({ ...way, name: 'Recorder', mac: '02:00:5E:10:00:60', ip: '192.0.2.60' });
  });
  after(async () => {
    await Promise.all([gate?.close(), recorder?.close(), home?.leave()]);
    await nodeRed?.stop();
    await Promise.all([broker?.close(), camlytics?.close()]);
  });

  it('says that Node-RED is there', async () => {
    await home.until(() => home.last('security-events/bridge/availability') === 'online');
  });

  it('makes of a plate a sensor, an event, a vehicle that is seen, and a picture', async () => {
    await gate.readPlate({ number: '007', list: 'whiteList', direction: 'approach' });
    await home.until(() => home.plates().length === 1);
    should(JSON.parse(home.last(topicOf(gateId, 'plate')) ?? '')).have.properties({
      plate: '007',
      list: 'allow',
      direction: 'approach',
    });
    const event = JSON.parse(home.last(topicOf(gateId, 'plates')) ?? '') as { event_type: string };
    should(event).have.properties({ event_type: 'plate-read', plate: '007', late: false });
    await home.until(() => home.all(topicOf(gateId, 'vehicle')).length === 2);
    should(home.all(topicOf(gateId, 'vehicle'))).deepEqual(['OFF', 'ON']);
    const picture = home.heard.items.find(({ topic }) => topic === topicOf(gateId, 'picture'));
    should(picture?.payload.subarray(0, 3)).deepEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const { device, availability } = home.configs().get(`event/${gateId}/plates`)!;
    should(device).have.properties({
      name: 'Gate cam',
      manufacturer: 'Viewtron',
      connections: [['mac', '02:00:5e:10:00:43']],
    });
    should(availability.map(({ topic }) => topic)).deepEqual([
      'security-events/bridge/availability',
      topicOf(gateId, 'availability'),
    ]);
    should(home.last(topicOf(gateId, 'availability'))).equal('online');
    should([...home.configs().keys()]).containDeep(
      ['binary_sensor/vehicle', 'binary_sensor/connection', 'sensor/plate', 'camera/picture', 'image/detail'].map(
        (each) => each.replace('/', `/${gateId}/`),
      ),
    );
  });

  it('makes of a door a device of its own, which hangs on its panel', async () => {
    const id = 'pdk_1070000_door_4';
    await door('door.input.dps.opened');
    await home.until(() => home.last(topicOf(id, 'door_open')) === 'ON');
    await door('door.alarm.forced');
    await door('door.request.denied', { personId: 9 });
    await door('door.input.dps.closed');
    await door('door.alarm.forced.cleared');
    await home.until(
      () => home.last(topicOf(id, 'door_open')) === 'OFF' && home.last(topicOf(id, 'door_forced')) === 'OFF',
    );
    should(home.all(topicOf(id, 'door_forced'))).deepEqual(['ON', 'OFF']);
    await home.until(() => home.all(topicOf(id, 'access')).length === 1);
    should(JSON.parse(home.last(topicOf(id, 'access')) ?? '')).have.properties({
      event_type: 'access-denied',
      decision: 'denied',
      person_id: '9',
    });
    const config = home.configs().get(`binary_sensor/${id}/door_open`)!;
    should(config).have.properties({ name: 'Open', device_class: 'door' });
    should(config.device).have.properties({ name: 'Main entrance', via_device: 'gatehouse_pdk_1070000' });
    should(home.configs().has('binary_sensor/pdk_1070000/connection')).be.true();
  });

  it("takes a recorder's lost input away, and not the recorder", async () => {
    const [site, channel] = ['viewtron_02005e100060', 'viewtron_02005e100060_channel_3'];
    await recorder.channelOffline(3, true);
    await home.until(() => home.last(topicOf(channel, 'availability')) === 'offline');
    should(home.last(topicOf(site, 'availability'))).equal('online');
    await recorder.channelOffline(3, false);
    await home.until(() => home.last(topicOf(channel, 'availability')) === 'online');
    await recorder.intruded(3);
    await home.until(() => home.last(topicOf(channel, 'person')) === 'ON');
    const { device, availability } = home.configs().get(`binary_sensor/${channel}/person`)!;
    should(device.via_device).equal(`gatehouse_${site}`);
    should(device).not.have.property('connections');
    should(availability).have.length(3);
  });

  it('counts who crosses a line of Camlytics, and says which way', async () => {
    const sensors = (): readonly string[] =>
      [...home.configs().keys()].filter((key) => /^sensor\/camlytics.*\/count_in/.test(key));
    for (let crossing = 0; crossing < 3; crossing++)
      camlytics.database.add({
        type: 'TripwireCrossed',
        origin: 'Pedestrian',
        channel: lobby,
        objectId: '1',
        ruleName: 'Enter',
      });
    await home.until(() => sensors().length === 1);
    const { state_topic: topic = '', state_class: stateClass } = home.configs().get(sensors()[0]!)!;
    await home.until(() => home.last(topic) === '3');
    should(home.all(topic)).deepEqual(['1', '2', '3']);
    should(stateClass).equal('total_increasing');
  });

  it('takes a stream of Camio away that is offline', async () => {
    await callBack(incident('i1'), {
      url: `http://127.0.0.1:${port}/camio`,
      headers: { 'Content-Type': 'application/json', Authorization: secret },
    });
    const isOffline = ({ topic, payload }: Heard): boolean =>
      /^security-events\/camio_\w+\/availability$/.test(topic) && String(payload) === 'offline';
    await home.until(() => home.heard.items.some(isOffline));
  });

  it('has values, descriptions and pictures retained, and nothing that only happened', async () => {
    const other = await Listener.join(broker.port);
    await other.until(
      () => home.configs().size === other.configs().size && other.last(topicOf(gateId, 'picture')) !== undefined,
    );
    await other.until(() => other.last(topicOf('pdk_1070000_door_4', 'door_open')) === 'OFF');
    should(other.last(topicOf(gateId, 'plate'))).match(/"plate":"007"/);
    const retained = other.heard.items.filter(({ retain }) => retain);
    should(retained.filter(({ topic }) => /\/(plates|access|crossings|events)$/.test(topic))).be.empty();
    // a vehicle that was seen a while ago is not seen anew
    const vehicle = retained.filter(({ topic }) => topic === topicOf(gateId, 'vehicle'));
    should(vehicle.map(({ payload }) => String(payload))).deepEqual(['OFF']);
    await other.leave();
  });

  it('tells everything again when Home Assistant has started', async () => {
    const config = `homeassistant/event/${gateId}/plates/config`;
    const counts = (): readonly number[] => [config, topicOf(gateId, 'plate')].map((topic) => home.all(topic).length);
    const [configs = 0, values = 0] = counts();
    await home.say('homeassistant/status', 'online');
    await home.until(() => home.all(config).length > configs && home.all(topicOf(gateId, 'plate')).length > values);
    should(counts()).deepEqual([configs + 1, values + 1]);
    should(home.plates()).deepEqual(['007']);
  });

  it('loses nothing in a Deploy', async () => {
    const stops = (): number => nodeRed.log().match(/Stopping flows/g)?.length ?? 0;
    const before = stops();
    const deployed = nodeRed.deploy(flows);
    while (stops() === before) await new Promise(setImmediate);
    const plates = Array.from({ length: 8 }, (_, index) => `DEPLOY ${index}`);
    for (const number of plates) await gate.readPlate({ number });
    await deployed;
    await home.until(() => home.plates().length === 9);
    should(home.plates()).deepEqual(['007', ...plates]);
    should(JSON.parse(home.last(topicOf(gateId, 'plate')) ?? '')).have.property('plate', 'DEPLOY 7');
  });

  it('keeps texts and numbers for good: an object made in a Function node holds all of that node in memory', async () => {
    const url = `${nodeRed.url}/context/flow/5e0c0a7e11590000`;
    const { memory } = (await (await fetch(url)).json()) as { memory: Record<string, { msg: string }> };
    for (const name of ['kept', 'since', 'times']) {
      const values = Object.values(JSON.parse(memory[name]?.msg ?? '{}') as object);
      should(values.length).be.above(0, name);
      should(values.filter((value) => typeof value === 'object')).be.empty();
    }
  });

  it('loses nothing while the broker is away, and tells one that knows nothing all of it', async () => {
    const known = [...home.configs().keys()].toSorted();
    await Promise.all([broker.close(), home.leave()]);
    const plates = Array.from({ length: 5 }, (_, index) => `AWAY ${index}`);
    for (const number of plates) await gate.readPlate({ number });
    await gate.idle();
    broker = await startBroker(broker.port);
    home = await Listener.join(broker.port);
    await home.until(() => home.plates().length === 5 && home.configs().size >= known.length);
    should([...home.configs().keys()].toSorted()).deepEqual(known);
    should(home.plates()).deepEqual(plates);
    await home.until(() => home.last(topicOf('pdk_1070000_door_4', 'door_open')) === 'OFF');
  });

  it('says that Node-RED has gone, and has told no secret and no error', async () => {
    should(nodeRed.log()).not.match(/\[error\]/);
    should(nodeRed.log()).not.containEql(secret);
    should(home.heard.items.filter(({ payload }) => payload.includes(secret))).be.empty();
    await nodeRed.stop();
    await home.until(() => home.last('security-events/bridge/availability') === 'offline');
  });
});
