/** The PDK examples do what they say, in a real Node-RED: texts, lines in a file, the siren and the picture. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { readFlows } from '../../demo/demo-run';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { deliver, type DeliveryFault } from '../../simulators/pdk/sender';
import { Camera } from '../../simulators/viewtron/camera';
import { Arrivals } from '../support/http-recorder';
import { untilListening } from '../support/runtime';

const secret = 'secret-of-the-examples-77';
const listenerId = '5e0c0a7e11570001';

/** A message on its way to a node; pictures are told by their size. */
interface Told {
  readonly to: string;
  readonly payload: unknown;
  readonly topic?: string;
  readonly picture?: number;
}

const settingsCode = `
const { hooks } = require(require.resolve('@node-red/util', { paths: [process.argv[1]] }));
hooks.add('onSend.pdk-test', (sent) => {
  for (const { destination, msg: { payload, topic, picture } } of sent) {
    const isText = ['string', 'boolean'].includes(typeof payload);
    process.send({ to: destination.id, payload: isText ? payload : null, topic, picture: picture && picture.length });
  }
});
`;

describe('the PDK examples', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let port: number;
  let path: string;
  let idOf: (example: string, name: string) => string;
  let serial = 0;
  const told = new Arrivals<Told>();
  const arrived = (example: string, name: string): readonly Told[] =>
    told.items.filter(({ to }) => to === idOf(example, name));
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await told.until(told.items.length + 1);
  };
  /** An event at a door, now. */
  const send = async (topic: string, doorName: string, body: object = {}, fault?: DeliveryFault): Promise<void> => {
    const message = {
      id: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
      topic,
      panelId: '1070000',
      body: { doorId: doorName.length, ...body },
      metadata: { occurred: Date.now(), doorName },
    };
    const url = `http://127.0.0.1:${port}${path}`;
    should((await deliver(message, { url, secret }, { fault }))?.status).equal(200);
  };

  before(async () => {
    port = await findFreePort(0);
    const flows = readFlows(port, 'pdk') as readonly {
      id: string;
      type: string;
      name?: string;
      label?: string;
      z?: string;
      path?: string;
    }[];
    const webhooks = flows.filter(({ type }) => type === 'pdk-webhook-in');
    path = webhooks[0]?.path ?? '';
    idOf = (example, name) => {
      const tab = flows.find(({ type, label }) => type === 'tab' && label === example);
      const found = flows.filter((node) => node.z === tab?.id && node.name === name);
      should(found).have.length(1);
      return found[0]?.id ?? '';
    };
    nodeRed = await startNodeRed({
      flows,
      credentials: Object.fromEntries(webhooks.map(({ id }) => [id, { secret }])),
      settingsCode,
      onTold: (each) => told.add(each as Told),
    });
    await untilListening(nodeRed, listenerId);
  });
  after(() => nodeRed?.stop());

  describe('access notification', () => {
    const example = 'PDK: who was let in, who was refused';
    const texts = (name: string): readonly unknown[] => arrived(example, name).map(({ payload }) => payload);

    it('names people and doors, and says who was refused', async () => {
      await send('door.request.allowed', 'Main entrance', { personId: 101, requestFactor: 'CARD_OR_PIN' });
      await send('door.request.denied', 'Main entrance', { personId: 9, explicit: true, disabled: false });
      await send('door.request.unknown', 'Yard gate');
      await send('door.request.allowed', 'Yard gate', { personId: 101 }, 'late');
      await until(() => texts('notify').length === 4);
      should(texts('notify').join('\n')).match(
        /^Ada Example was let in at Main entrance \(2[^)]*Z\)\nperson 9 was refused at Main entrance \(.*\nAn unknown card or code was refused at Yard gate \(.*\nAda Example was let in at Yard gate \(.*, told late\)$/,
      );
      should(arrived(example, 'notify').map(({ topic }) => topic)).deepEqual([
        'granted',
        'denied',
        'unknown',
        'granted',
      ]);
    });

    it('tells of a duress PIN quietly, and only there', async () => {
      await send('door.request.duress', 'Warehouse', { personId: 101 });
      await until(() => texts('quiet alarm').length === 1);
      should(texts('quiet alarm')[0]).match(/^Ada Example was let in at Warehouse with a duress PIN/);
      should(texts('notify')).have.length(4);
    });
  });

  describe('audit trail', () => {
    const example = 'PDK: audit trail';
    const lines = (): readonly Record<string, unknown>[] =>
      readFileSync(join(nodeRed.userDir, 'pdk-audit.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);

    it('writes one line of JSON for each event, with what was said and how it was checked', async () => {
      await send('notification.person.updated', 'none', {
        id: 113,
        newState: { enabled: false, pin: '4711', duressPin: '4712', cards: [{ cardNumber: 99_887_766 }] },
      });
      await until(() => arrived(example, 'written').length === serial);
      should(lines()).have.length(serial);
      const last = lines().at(-1) ?? {};
      should(last).have.properties({ vendor: 'pdk', type: 'notification.person.updated', signature: 'current' });
      should(last).have.properties(['id', 'time', 'receivedAt', 'device', 'raw']);
      should(JSON.stringify(last.raw)).containEql('"enabled":false');
    });

    it('holds nothing that opens a door', () => {
      const text = JSON.stringify(lines());
      for (const word of ['4711', '4712', '99887766', secret]) should(text).not.containEql(word);
    });
  });

  describe('forced door', () => {
    const example = 'PDK: forced door, siren, picture';
    const siren = (): readonly unknown[] => arrived(example, 'siren').map(({ payload }) => payload);
    const messages = (): readonly Told[] => arrived(example, 'message with picture');

    it('says so where the camera at the door has sent no picture', async () => {
      await send('door.alarm.forced', 'Yard gate');
      await until(() => siren().length === 1 && messages().length === 1);
      should(siren()).deepEqual([true]);
      should(messages()[0]?.payload).match(/^Yard gate was forced open \(.*\), and no picture of Yard cam is there$/);
    });

    it('sends the newest picture of the camera at that door', async () => {
      const identity = {
        name: 'Gate cam',
        mac: '02:00:5e:10:00:43',
        serial: 'TEST00A1B2C4',
        ip: '192.0.2.43',
        number: 1,
      };
      const camera = new Camera({ ...identity, host: '127.0.0.1', port, path: '/API', firmware: '5.3.1' });
      await camera.readPlate({ number: 'AB12 CDE', direction: 'approach' });
      await camera.idle();
      await until(() => arrived(example, 'Keep the newest of each camera').length > 0);
      await camera.close();
      await send('door.alarm.forced', 'Main entrance');
      await until(() => messages().length === 2);
      should(messages()[1]?.payload).match(/^Main entrance was forced open \([^)]*\)$/);
      should(messages()[1]?.picture).be.above(1000);
    });

    it('goes on until all doors are closed, and is not started by what is told late', async () => {
      await send('door.alarm.forced.cleared', 'Yard gate');
      await send('door.alarm.forced', 'Warehouse', {}, 'late');
      await until(() => messages().length === 3);
      should(messages()[2]?.payload).match(/told late/);
      should(siren()).deepEqual([true]);
      await send('door.alarm.forced.cleared', 'Main entrance');
      await until(() => siren().length === 2);
      should(siren()).deepEqual([true, false]);
    });
  });

  describe('all of them', () => {
    it('work without an error', () => {
      should(nodeRed.log()).not.match(/\[error\]/);
      should(nodeRed.log()).not.containEql(secret);
      const examples = told.items.filter(({ to }) => /^5e0c0a7e1157[567]/.test(to));
      should(examples.length).be.above(20);
      for (const example of ['who was let in, who was refused', 'audit trail', 'forced door, siren, picture'])
        should(arrived(`PDK: ${example}`, 'tell somebody')).be.empty();
    });
  });
});
