/** viewtron-config-out in Node-RED's test helper, with fake devices on real ports. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import helper from 'node-red-node-test-helper';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import should from 'should';
import type { ListenerNode } from '../../nodes/listener/listener-node';
import securityListener = require('../../nodes/listener/security-listener');
import configOut = require('../../nodes/viewtron/viewtron-config-out');
import viewtronDevice = require('../../nodes/viewtron/viewtron-device');
import viewtronIn = require('../../nodes/viewtron/viewtron-in');
import { DeviceApi, type DeviceApiOptions } from '../../simulators/viewtron/api/device-api';
import { FakeCamera } from '../../simulators/viewtron/api/fake-camera';

helper.init(require.resolve('node-red'));

const credentials = { user: 'admin', password: 'gate-Way 7' };
const deviceId = 'a000000000000011';
const secondId = 'a000000000000012';
const listenerId = 'a000000000000013';
const receiverId = 'b000000000000012';
const nodeId = 'b000000000000011';
const tabId = 'c000000000000011';

interface Message {
  readonly payload: unknown;
  readonly error?: { readonly message: string; readonly code?: string };
  readonly [name: string]: unknown;
}

const loadCore = (file: string): typeof configOut =>
  require(require.resolve(`@node-red/nodes/core/common/${file}`, { paths: [require.resolve('node-red')] }));

const inbox = new Map<string, Message[]>();
let notify: () => void = () => undefined;

function collector(RED: NodeAPI): void {
  RED.nodes.registerType('test-collector', function collect(this: Node, def: NodeDef) {
    RED.nodes.createNode(this, def);
    const received: Message[] = [];
    inbox.set(this.id, received);
    this.on('input', (message) => {
      received.push(message as unknown as Message);
      notify();
    });
  });
}

async function wait(count: number, output: string): Promise<readonly Message[]> {
  const received = (): readonly Message[] => inbox.get(output) ?? [];
  while (received().length < count) await new Promise<void>((resolve) => (notify = resolve));
  return received();
}

const open: { close(): Promise<void> }[] = [];

async function startApi(options: Partial<DeviceApiOptions> = {}): Promise<DeviceApi> {
  const api = new DeviceApi({
    name: 'Gate cam',
    model: 'LPR-IP4',
    mac: '02:00:5E:10:00:43',
    serial: 'DEMO00A1B2C4',
    manner: '2.1',
    channels: 1,
    guard: { ...credentials, scheme: 'basic' },
    ...options,
  });
  open.push(api);
  return api.open();
}

interface Flow {
  readonly device?: Readonly<Record<string, unknown>>;
  readonly second?: Readonly<Record<string, unknown>>;
  readonly node?: Readonly<Record<string, unknown>>;
  /** Who may post to the viewtron-in node. */
  readonly caller?: { readonly user: string; readonly password: string };
  readonly password?: string;
}

async function startFlow({
  device = {},
  second,
  node = {},
  caller,
  password = credentials.password,
}: Flow): Promise<void> {
  inbox.clear();
  const nodes: readonly object[] = [
    { id: tabId, type: 'tab', label: 'test' },
    { id: deviceId, type: 'viewtron-device', name: 'gate', host: '127.0.0.1', ...device },
    ...(second === undefined
      ? []
      : [{ id: secondId, type: 'viewtron-device', name: 'yard', host: '127.0.0.1', ...second }]),
    { id: listenerId, type: 'security-listener', door: 'own', host: '127.0.0.1', port: '0' },
    { id: receiverId, type: 'viewtron-in', z: tabId, listener: listenerId, path: '/API', wires: [['events']] },
    { id: 'events', type: 'test-collector', z: tabId },
    {
      id: nodeId,
      type: 'viewtron-config-out',
      z: tabId,
      device: deviceId,
      receiver: receiverId,
      action: '',
      ...node,
      wires: [['out']],
    },
    { id: 'out', type: 'test-collector', z: tabId },
    { id: 'e00000000000001a', type: 'catch', z: tabId, wires: [['caught']] },
    { id: 'caught', type: 'test-collector', z: tabId },
    { id: 'e00000000000001b', type: 'status', z: tabId, scope: [nodeId], wires: [['states']] },
    { id: 'states', type: 'test-collector', z: tabId },
    { id: 'e00000000000001c', type: 'complete', z: tabId, scope: [nodeId], wires: [['done']] },
    { id: 'done', type: 'test-collector', z: tabId },
  ];
  const secrets = {
    [deviceId]: { ...credentials, password },
    [secondId]: { ...credentials, password },
    ...(caller && { [receiverId]: caller }),
  };
  const types = [
    securityListener,
    viewtronIn,
    viewtronDevice,
    configOut,
    loadCore('25-catch.js'),
    loadCore('25-status.js'),
    loadCore('24-complete.js'),
    collector,
  ];
  await helper.load(types, nodes as helper.TestFlows, secrets);
}

function send(message: Readonly<Record<string, unknown>>): void {
  helper.getNode(nodeId).receive(message);
}

/** Sends and gives what came out, or fails with what was caught. */
async function ask(message: Readonly<Record<string, unknown>>): Promise<Message> {
  const before = inbox.get('out')?.length ?? 0;
  const caught = inbox.get('caught')?.length ?? 0;
  send(message);
  const next = (): Message | undefined => inbox.get('out')?.[before];
  while (next() === undefined) {
    const error = inbox.get('caught')?.[caught]?.error;
    if (error !== undefined) throw new Error(error.message);
    await new Promise<void>((resolve) => (notify = resolve));
  }
  return next()!;
}

async function untilListening(): Promise<void> {
  const listener = helper.getNode(listenerId) as unknown as ListenerNode;
  const isThere = (): boolean => listener.endpoint('/API', { networks: [], proxies: [] }) !== undefined;
  while (!isThere()) await new Promise((resolve) => setImmediate(resolve));
}

async function fail(message: Readonly<Record<string, unknown>>): Promise<Message> {
  const before = inbox.get('caught')?.length ?? 0;
  send(message);
  return (await wait(before + 1, 'caught'))[before]!;
}

describe('viewtron-config-out', () => {
  afterEach(async () => {
    await helper.unload();
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  it('reads, changes and reads again, with the message kept and its status told', async () => {
    const api = await startApi();
    await startFlow({ device: { port: String(api.port) } });
    const first = await ask({ action: 'read', what: 'perimeter', topic: 'mine', extra: 1 });
    should(first).containDeep({
      topic: 'mine',
      extra: 1,
      action: 'read',
      payload: { perimeter: { switch: false } },
      fields: { 'perimeter.objectFilter.person.sensitivity': { min: 1, max: 100, unit: '%' } },
    });
    should(first.device).equal(`gate (127.0.0.1:${api.port})`);
    const written = await ask({ action: 'write', payload: { perimeter: { switch: true } } });
    should(written.payload).eql({
      changes: [{ path: 'perimeter.switch', before: false, after: true }],
      sent: true,
      unconfirmed: [],
    });
    const again = await ask({ action: 'read', what: 'GetSmartPerimeterConfig' });
    should(again.payload).containDeep({ perimeter: { switch: true } });
    await wait(3, 'done');
  });

  it('takes the values of its fields from where the dialog says', async () => {
    const api = await startApi({ channels: 4 });
    await startFlow({
      device: { port: api.port, channel: '2' },
      node: {
        action: 'write',
        what: 'settings.kind',
        whatType: 'msg',
        value: '{"perimeter": {"alarmHoldTime": 33}}',
        valueType: 'json',
        channel: '',
        channelType: 'num',
        tryOnly: true,
      },
    });
    const tried = await ask({ settings: { kind: 'perimeter' } });
    should(tried.payload).containEql({ sent: false });
    should(api.requests.map(({ url }) => url)).eql(['/GetSmartPerimeterConfig/2']);
    should((await fail({ settings: { kind: 'garden' } })).error?.message).containEql('what: must be one of perimeter');
  });

  for (const [name, message, code, words] of [
    [
      'an action that is none',
      { action: 'explode' },
      'action-unknown',
      'msg.action is "explode"; it must be one of read, write',
    ],
    ['a read of nothing', { action: 'read' }, 'parameter-invalid', 'what: is missing'],
    [
      'a value that the device does not take',
      { action: 'write', payload: { perimeter: { alarmHoldTime: 1 } } },
      'value-refused',
      'the device takes 5 to 120 (s)',
    ],
    [
      'a command that is not known',
      { action: 'raw', command: 'GetNothing' },
      'unknown-command',
      'GetNothing: HTTP 400: this model or firmware does not know the command',
    ],
    [
      'a channel that is not there',
      { action: 'read', what: 'perimeter', channel: 7 },
      'wrong-channel',
      'channel 7: channel error (code 12',
    ],
    [
      'a plate without a number',
      { action: 'plates-add', payload: [{ group: 'allow' }] },
      'plates-invalid',
      'plate 1 has no number',
    ],
    [
      'a list that is none, where it would empty the device',
      { action: 'plates-replace' },
      'parameter-invalid',
      'must be a list of plates',
    ],
    [
      'a time that is none',
      { action: 'snapshot-at', time: 'yesterday' },
      'parameter-invalid',
      '"yesterday" is no time',
    ],
    [
      'a host that no message may name',
      { action: 'read', what: 'disks', host: '192.0.2.77' },
      'host-refused',
      'takes no other hosts from messages',
    ],
    ['a movement that is none', { action: 'ptz', move: 'Jump' }, 'parameter-invalid', 'move: must be one of Up'],
  ] as const) {
    it(`says what is wrong with ${name}`, async () => {
      const api = await startApi();
      await startFlow({ device: { port: api.port } });
      const caught = await fail({ ...message, extra: 1 });
      should(caught.error?.message).containEql(words);
      should(caught.failure).containEql({ code, retryable: false });
      should(caught.extra).equal(1);
      should(JSON.stringify(caught)).not.containEql(credentials.password);
    });
  }

  it('says of wrong password, locked user, no device and a reboot what they are, each with its own words', async () => {
    const api = await startApi();
    await startFlow({ device: { port: api.port }, password: 'wrong one' });
    const wrong = await fail({ action: 'read', what: 'disks' });
    should(wrong.error?.message).match(/gate \(.*\): GetDiskInfo: wrong user or password.*Nothing more is sent/);
    should(JSON.stringify(wrong)).not.containEql('wrong one');
    const { status } = (await wait(2, 'states')).at(-1) as unknown as { status: object };
    should(status).containEql({ fill: 'red', shape: 'ring' });
    await helper.unload();

    await startFlow({ device: { port: api.port } });
    api.guard.isLocked = true;
    should((await fail({ action: 'read', what: 'disks' })).error?.message).containEql(
      'the user is locked after wrong passwords',
    );
    api.guard.isLocked = false;
    api.faults.diesAfter = 0;
    const rebooting = await fail({ action: 'output', state: 'on' });
    should(rebooting.failure).containEql({ retryable: true });
    should(['connection-lost', 'unreachable']).containEql((rebooting.failure as { code: string }).code);
    should((await fail({ action: 'read', what: 'disks' })).error?.message).containEql('not just rebooting');
  });

  it('has an error where no device is chosen, or its settings cannot work', async () => {
    await startFlow({ device: { host: 'http://gate/' } });
    should((await fail({ action: 'read', what: 'disks' })).error?.message).containEql(
      'host must be an address or a name',
    );
    await helper.unload();
    await startFlow({ node: { device: '' } });
    should((await fail({ action: 'read', what: 'disks' })).error?.message).containEql(
      'no device: open the node and choose one',
    );
  });

  it('minds no field that its action does not need, and says which one it cannot read', async () => {
    const api = await startApi();
    const wrong = { value: '{', valueType: 'json', what: 'disks', whatType: 'choice' };
    await startFlow({ device: { port: api.port }, node: { ...wrong, action: 'read' } });
    should((await ask({})).payload).containDeep({ diskInfo: [{ id: 1 }] });
    await helper.unload();
    await startFlow({ device: { port: api.port }, node: { ...wrong, action: 'write', what: 'perimeter' } });
    should((await fail({})).error?.message).match(/^value: (is no json|cannot be read as json)/);
  });

  it('keeps the plates of several devices equal, and says which one has failed', async () => {
    const [gate, yard] = [await startApi(), await startApi({ manner: '2.0', name: 'Yard cam' })];
    await startFlow({
      device: { port: gate.port },
      second: { port: yard.port },
      node: { action: 'plates-replace', value: 'payload', valueType: 'msg', others: [secondId, deviceId] },
    });
    const list = ['007', { number: 'AB12 CDE', until: '2031-12-31', owner: 'A. Example' }];
    const { payload } = await ask({ payload: list });
    should(payload).containDeep([
      { ok: true, result: { family: 'LicensePlates', counts: { added: 2 } } },
      { ok: true, result: { family: 'VehiclePlate', counts: { added: 2 } } },
    ]);
    should(gate.plates.plates.map(({ number }) => number)).eql(['007', 'AB12 CDE']);
    should(gate.plates.plates[1]?.until).equal('2031-12-31 23:59:59');
    should(yard.plates.plates[1]?.until).equal('2031/12/31 23:59:59');
    await yard.close();
    const caught = await fail({ payload: ['007'] });
    should(caught.error?.message).containEql('yard (127.0.0.1');
    should(caught.result).containDeep([{ ok: true, result: { counts: { removed: 1, unchanged: 1 } } }, { ok: false }]);
  });

  it('tells which plates are in where the device dies half-way', async () => {
    const api = await startApi();
    await startFlow({ device: { port: api.port } });
    await ask({ action: 'plates-groups' });
    api.faults.diesAfter = 4;
    const plates = Array.from({ length: 500 }, (_each, index) => `DEMO${index}`);
    const caught = await fail({ action: 'plates-add', payload: plates });
    const { result } = caught.result as {
      result: { counts: Record<string, number>; plates: { number: string; outcome: string }[] };
    };
    const added = result.plates.filter(({ outcome }) => outcome === 'added').map(({ number }) => number);
    should(added).eql(api.plates.plates.map(({ number }) => number));
    should(result.counts['not-tried']).be.above(0);
  });

  it('sends a picture as a Buffer, switches outputs, moves and sets the clock', async () => {
    const api = await startApi();
    await startFlow({ device: { port: api.port } });
    const picture = await ask({ action: 'snapshot' });
    should(Buffer.isBuffer(picture.payload)).be.true();
    should(picture.fields).eql({ mimeType: 'image/jpeg', width: 320, height: 180 });
    should((await ask({ action: 'output', state: true })).payload).containEql({ on: true });
    should(api.outputs.get(1)).be.true();
    should((await ask({ action: 'output', state: 'pulse', seconds: 0.1 })).payload).containDeep({
      on: false,
      seconds: 0.1,
    });
    should(api.outputs.get(1)).be.false();
    await ask({ action: 'ptz', move: 'zoom-in' });
    should(api.ptz).equal('ZoomIn');
    await ask({ action: 'ptz-preset', item: 1 });
    should(api.ptz).equal('preset 1');
    await ask({ action: 'ptz-preset-add', payload: 'yard' });
    await ask({ action: 'ptz-cruise', item: '2' });
    should(api.cruise).equal(2);
    const clock = await ask({ action: 'set-clock', time: '2031-02-03 04:05' });
    should(clock.payload).eql({ time: '2031-02-03 04:05:00' });
    should(api.config('DateAndTime')).containEql('2031-02-03 04:05:00');
    should((await ask({ action: 'deterrent', what: 'light', state: 'on' })).payload).containEql({ sent: true });
    should((await ask({ action: 'raw', command: '/GetDeviceInfo' })).payload).containDeep({
      deviceInfo: { model: 'LPR-IP4' },
    });
    should((await ask({ action: 'raw', command: 'GetDeviceInfo', asXml: true })).payload).containEql('<deviceInfo>');
    should(
      (await ask({ action: 'raw', command: 'SetImageConfig', payload: '<image><bright>70</bright></image>' })).payload,
    ).eql({});
  });

  it('makes a camera post to the viewtron-in node, and says whether its events have come', async () => {
    const camera = new FakeCamera({
      name: 'Yard cam',
      model: 'IP4',
      mac: '02:00:5e:10:00:41',
      serial: 'DEMO00A1B2C3',
      ip: '192.0.2.41',
      manner: '2.0',
      guard: { ...credentials, scheme: 'digest' },
      live: (device, signal, clock) => device.intruded().then(() => clock.sleep(1e6, signal)),
    });
    open.push(camera);
    await camera.open();
    await startFlow({ device: { port: camera.api.port } });
    await untilListening();
    const before = await ask({ action: 'check-push' });
    should(before.payload).containEql({ verdict: 'silent' });
    should(before.payload).containDeep({
      advice: 'nothing has arrived: no slot of the device posts here; send events to this Node-RED first',
    });
    const subscribed = await ask({ action: 'subscribe', dataTypes: ['smartData', 'alarmStatus'] });
    should(subscribed.payload).containDeep({ version: 'httpPostV2', sent: true, slot: { slot: 1, events: ['ALL'] } });
    const [event] = await wait(1, 'events');
    should(event?.payload).containDeep({ category: 'intrusion', device: { name: 'Yard cam' } });
    const after = await ask({ action: 'check-push' });
    should(after.payload).containDeep({ verdict: 'events', slot: 1, mac: '02:00:5e:10:00:41' });
    should((await ask({ action: 'unsubscribe' })).payload).containEql({ sent: true });
    should(camera.posting).be.empty();
  });

  it('says what a person must type at the camera where the viewtron-in node asks who calls', async () => {
    const api = await startApi({ manner: '2.0' });
    const caller = { user: 'yard', password: 'sesame of the yard' };
    await startFlow({ device: { port: api.port }, caller });
    await untilListening();
    const { payload } = await ask({ action: 'subscribe', tryOnly: true });
    should(JSON.stringify(payload)).match(/asks callers for a user and a password/);
    should(JSON.stringify(payload)).not.containEql(caller.password);
    await helper.unload();
    await startFlow({ device: { port: api.port } });
    await untilListening();
    const anybody = (await ask({ action: 'subscribe', tryOnly: true })).payload;
    should(JSON.stringify(anybody)).not.match(/asks callers/);
  });

  it('asks other devices of the same user where that is allowed', async () => {
    const [gate, yard] = [await startApi(), await startApi({ name: 'Yard cam' })];
    await startFlow({ device: { port: gate.port, otherHosts: true } });
    should(
      (await ask({ action: 'read', what: 'device-info', host: '127.0.0.1', port: yard.port })).payload,
    ).containDeep({
      deviceInfo: { deviceName: 'Yard cam' },
    });
    should((await ask({ action: 'read', what: 'device-info' })).payload).containDeep({
      deviceInfo: { deviceName: 'Gate cam' },
    });
  });

  it('writes two changes that come at once one after the other, and loses neither', async () => {
    const api = await startApi();
    await startFlow({ device: { port: api.port } });
    send({ action: 'write', payload: { perimeter: { switch: true } } });
    send({ action: 'write', payload: { perimeter: { alarmHoldTime: 44 } } });
    await wait(2, 'out');
    should(api.config('SmartPerimeter')).match(/<switch type="boolean">true/);
    should(api.config('SmartPerimeter')).containEql('>44<');
  });

  it('stops at once when it is closed while a device is slow, and an output goes off', async () => {
    const api = await startApi();
    await startFlow({ device: { port: api.port } });
    send({ action: 'output', state: 'pulse', seconds: 600 });
    while (api.outputs.get(1) !== true) await new Promise((resolve) => setImmediate(resolve));
    await helper.unload();
    should(api.outputs.get(1)).be.false();
  });
});

describe('the Test button of viewtron-device', () => {
  afterEach(async () => {
    await helper.unload();
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  const test = async (form: object, path = 'test'): Promise<Record<string, unknown>> => {
    const reply = await (
      helper.request() as unknown as {
        post(path: string): { send(body: object): Promise<{ body: Record<string, unknown> }> };
      }
    )
      .post(`/security-events/viewtron-device/${path}`)
      .send(form);
    return reply.body;
  };

  it('tells what a device is before anything is deployed, and never its password', async () => {
    const api = await startApi({ manner: '2.0' });
    await helper.load([viewtronDevice], []);
    const report = await test({ host: '127.0.0.1', port: String(api.port), ...credentials });
    should(report).containEql({
      ok: true,
      name: 'Gate cam',
      model: 'LPR-IP4',
      apiVersion: '2.0.0',
      channels: 1,
      pushVersion: 'httpPostV2',
    });
    should(report.push).eql([]);
    const wrong = await test({ host: '127.0.0.1', port: String(api.port), user: 'admin', password: 'nope-nope' });
    should(wrong).containEql({ ok: false, code: 'wrong-password' });
    should(JSON.stringify(wrong)).not.containEql('nope-nope');
    should(api.guard.wrong).equal(1);
    should(await test({})).containEql({ ok: false, code: 'setting-invalid' });
    should(await test({ host: '127.0.0.1', port: 'x' })).containEql({ ok: false, code: 'setting-invalid' });
  });

  it('uses the password that is kept where the dialog does not know it', async () => {
    const api = await startApi({ channels: 8, manner: '1.9' });
    await startFlow({ device: { port: api.port } });
    const report = await test({ id: deviceId, host: '127.0.0.1', port: api.port, user: 'admin', password: '__PWRD__' });
    should(report).containEql({ ok: true, channels: 8, pushVersion: 'none', apiVersion: '1.x' });
  });

  it('has a neighbour that shows what the device sees and has set up, for dialogs that know neither user nor password', async () => {
    const api = await startApi({ channels: 2 });
    await startFlow({ device: { port: api.port } });
    const form = { id: deviceId, host: '127.0.0.1', port: api.port, channel: 2, password: '__PWRD__' };
    const seen = await test({ ...form, want: 'picture' }, 'view');
    should(String(seen.picture)).startWith('data:image/jpeg;base64,/9j/');
    const { areas } = await test({ ...form, want: 'areas' }, 'view');
    should(areas).be.an.Array().and.have.length(2);
    should(api.requests.map(({ url }) => url)).eql([
      '/GetSnapshot/2',
      '/GetSmartPerimeterConfig/2',
      '/GetSmartTripwireConfig/2',
    ]);
    should(await test({ ...form, host: '127.0.0.2', want: 'picture' }, 'view')).eql({
      ok: false,
      code: 'password-needed',
      error: 'type the password again: it is kept for another host',
    });
    should(await test({ ...form, password: 'nope-nope', want: 'areas' }, 'view')).containEql({ ok: false });
    should(api.requests).have.length(4);
  });

  it('is no way to send a kept password elsewhere', async () => {
    const api = await startApi();
    await startFlow({ device: { port: api.port } });
    const seen: (string | undefined)[] = [];
    const other: Server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const report = await test({ id: deviceId, host: 'localhost', port, user: 'admin', password: '__PWRD__' });
    should(report).containEql({ ok: false, code: 'password-needed' });
    const secret = Buffer.from(`admin:${credentials.password}`).toString('base64');
    should(seen.join()).not.containEql(secret);
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
  });
});
