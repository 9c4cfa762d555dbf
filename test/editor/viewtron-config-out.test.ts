/** The dialogs of viewtron-device and viewtron-config-out, in a real browser against a real Node-RED and a fake device. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { DeviceApi } from '../../simulators/viewtron/api/device-api';
import { Editor, type FlowNode } from './browser';
import { listener, nodeId, tab, viewtronIn } from './flows';

const deviceId = '6666666666666661';
const secondId = '6666666666666662';
const outId = '7777777777777777';
const secret = 'gate-Way 7';

describe('the editor: viewtron-config-out', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let api: DeviceApi;

  const device = (settings: Readonly<Record<string, unknown>> = {}): FlowNode => ({
    name: 'gate cam',
    version: 1,
    host: '127.0.0.1',
    port: String(api.port),
    tls: false,
    selfSigned: false,
    channel: '',
    timeout: '',
    otherHosts: false,
    credentials: { user: 'admin', password: secret },
    ...settings,
    id: deviceId,
    type: 'viewtron-device',
  });

  /** As a flow written by hand has it: what is left out is as in a new node. */
  const out = (settings: Readonly<Record<string, unknown>> = {}): FlowNode => ({
    name: '',
    device: deviceId,
    action: 'read',
    wires: [[]],
    ...settings,
    id: outId,
    type: 'viewtron-config-out',
    z: tab.id,
    x: 300,
    y: 200,
  });

  before(async () => {
    api = await new DeviceApi({
      name: 'Gate cam',
      model: 'LPR-IP4',
      mac: '02:00:5E:10:00:43',
      serial: 'DEMO00A1B2C4',
      manner: '2.0',
      channels: 1,
      guard: { user: 'admin', password: secret, scheme: 'basic' },
    }).open();
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
  });

  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
    await api?.close();
  });

  beforeEach(() => {
    editor.complaints.length = 0;
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('config-out-failed');
    should(editor.complaints).eql([]);
  });

  const dialog = () => editor.page.locator('.viewtron-config-out-dialog');
  const visible = async (): Promise<readonly (string | null)[]> => {
    const rows = await dialog().locator('[data-field]:visible').all();
    return Promise.all(rows.map((row) => row.getAttribute('data-field')));
  };
  const deployed = async (): Promise<FlowNode> => {
    const node = (await editor.deploy()).find(({ type }) => type === 'viewtron-config-out');
    should.exist(node);
    return node as FlowNode;
  };

  it('makes a device on the way, tests it before it is deployed, and keeps its password out of every flow', async () => {
    await editor.open([tab]);
    const id = await editor.dragOut('viewtron-config-out');
    await editor.edit(id);
    const { page } = editor;
    await editor.openConfig('device', 'add');
    const own = page.locator('.viewtron-device-dialog');
    await editor.type(own.getByLabel('Name', { exact: true }), 'gate cam');
    await editor.type(own.getByLabel('Host', { exact: true }), ' 127.0.0.1 ');
    await editor.type(own.getByLabel('Port', { exact: true }), String(api.port));
    await editor.type(own.getByLabel('User', { exact: true }), 'admin');
    await editor.type(own.getByLabel('Password', { exact: true }), 'not the one');
    await own.getByRole('button', { name: 'Test' }).click();
    await own.getByText('wrong user or password', { exact: false }).waitFor();
    should(await own.textContent()).not.containEql('not the one');
    await editor.picture('viewtron-device-wrong');
    await editor.type(own.getByLabel('Password', { exact: true }), secret);
    await own.getByRole('button', { name: 'Test' }).click();
    await own.getByText('LPR-IP4', { exact: true }).waitFor();
    should(await own.locator('.viewtron-device-result').textContent()).match(/Gate cam.*5\.1\.4.*2\.0\.0.*nobody yet/s);
    await editor.picture('viewtron-device-tested');
    await editor.closeConfig('ok');
    await editor.picture('viewtron-config-out-new');
    await editor.done();
    should(await editor.faultsOf('viewtron-config-out')).eql([]);
    should(await deployed()).containEql({ action: 'read', what: 'device-info', whatType: 'choice' });
    should(JSON.stringify(await editor.deployed())).not.containEql(secret);
    should(await editor.exported()).not.containEql(secret);
  });

  it('tests a deployed device with the password that the dialog does not know', async () => {
    await editor.open([tab, device(), out()]);
    await editor.edit(outId);
    await editor.openConfig('device');
    const own = editor.page.locator('.viewtron-device-dialog');
    await own.getByRole('button', { name: 'Test' }).click();
    await own.getByText('LPR-IP4', { exact: true }).waitFor();
    await editor.closeConfig('cancel');
    await editor.cancel();
  });

  it('shows the fields that suit each action, and no other', async () => {
    await editor.open([tab, listener(), viewtronIn(), device(), { ...device({ name: 'yard' }), id: secondId }, out()]);
    await editor.edit(outId);
    const action = editor.page.locator('#node-input-action');
    const expected: Readonly<Record<string, readonly string[]>> = {
      read: ['what', 'channel', 'fractions'],
      write: ['what', 'value', 'channel', 'fractions', 'tryOnly', 'confirm'],
      raw: ['value', 'command', 'channel', 'method', 'asXml'],
      subscribe: ['receiver', 'dataTypes', 'events', 'heartbeat', 'slot', 'address', 'tryOnly', 'takeOver'],
      'plates-add': ['value', 'group', 'others'],
      'plates-list': ['group', 'number', 'others'],
      output: ['state', 'seconds', 'channel'],
      snapshot: ['channel', 'preview'],
      ptz: ['seconds', 'move', 'speed', 'channel'],
      'set-clock': ['time', 'timeZone'],
      '': ['preview'],
    };
    for (const [name, fields] of Object.entries(expected)) {
      await action.selectOption(name);
      should(await visible()).eql(fields);
      await editor.picture(`viewtron-config-out-${name || 'from-message'}`);
    }
    const preview = editor.page.getByLabel('Show the last picture under the node');
    await preview.check();
    await action.selectOption('read');
    await action.selectOption('snapshot');
    should(await preview.isChecked()).be.false();
    await editor.cancel();
    should(await editor.isDirty()).be.false();
  });

  it('keeps what was chosen through Done, reopening and Deploy', async () => {
    await editor.open([tab, listener(), viewtronIn(), device(), { ...device({ name: 'yard' }), id: secondId }, out()]);
    await editor.edit(outId);
    const { page } = editor;
    await page.locator('#node-input-action').selectOption('subscribe');
    should(await page.locator('#node-input-receiver').inputValue()).equal(nodeId);
    await dialog().getByLabel('Original picture').check();
    await dialog().getByLabel('Alarm status').uncheck();
    await editor.type(dialog().getByLabel('Heartbeat'), '90');
    await dialog().getByLabel('Take the slot').check();
    await editor.done();
    should(await deployed()).containDeep({
      action: 'subscribe',
      receiver: nodeId,
      dataTypes: ['smartData', 'targetImage', 'sourceImage', 'traject'],
      heartbeat: '90',
      takeOver: true,
      others: [],
      valueType: 'msg',
    });
    await editor.edit(outId);
    should(await dialog().getByLabel('Original picture').isChecked()).be.true();
    await page.locator('#node-input-action').selectOption('plates-replace');
    await dialog().getByLabel('yard').check();
    await editor.done();
    should(await deployed()).containDeep({ action: 'plates-replace', others: [secondId] });
    // a configuration that can only be read is no choice for a write
    await editor.edit(outId);
    await page.locator('#node-input-action').selectOption('write');
    await editor.done();
    should(await deployed()).containDeep({ action: 'write', what: 'perimeter', whatType: 'choice' });
  });

  it('marks what cannot work, and says why', async () => {
    await editor.open([
      tab,
      device({ host: 'http://x/', port: '0' }),
      out({ action: 'subscribe', receiver: '', heartbeat: '5' }),
    ]);
    const faults = (await editor.faultsOf('viewtron-config-out')).join('\n');
    should(faults).match(/choose a viewtron in node/);
    should(faults).match(/Heartbeat: 30 to 120 seconds/);
    const own = (await editor.faultsOfNode(deviceId)).join('\n');
    should(own).match(/Host: an address or a name/);
    should(own).match(/Port: a number from 1 to 65535/);
    await editor.open([
      tab,
      device({ host: '${CAMERA}', port: '${PORT}' }),
      out({ action: 'raw', command: '', commandType: 'str' }),
    ]);
    should(await editor.faultsOfNode(deviceId)).eql([]);
    should((await editor.faultsOf('viewtron-config-out')).join()).match(/Command: a name such as GetDeviceInfo/);
    await editor.open([tab, device(), out({ action: 'write', value: '{', valueType: 'json' })]);
    should((await editor.faultsOf('viewtron-config-out')).join()).match(/no valid JSON/);
  });

  it('opens a node of a flow written by hand without changing it, and is undone', async () => {
    await editor.open([tab, device(), out({ action: 'snapshot' })]);
    await editor.edit(outId);
    await editor.picture('viewtron-config-out-by-hand');
    await editor.done();
    should(await editor.faultsOf('viewtron-config-out')).eql([]);
  });

  it('has help that names every action, and every message property that the node sends', async () => {
    await editor.open([tab, device(), out()]);
    await editor.edit(outId);
    const actions = await editor.page
      .locator('#node-input-action option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('value')));
    const help = await editor.help();
    const text = (await help.last().textContent()) ?? '';
    for (const name of actions) if (name) should(text).containEql(name);
    for (const name of ['msg.failure', 'msg.result', 'fields', 'device']) should(text).containEql(name);
    await editor.picture('viewtron-config-out-help');
    await editor.cancel();
  });

  it('says below the node what was done', async () => {
    await editor.open([
      tab,
      device(),
      {
        id: '8888888888888881',
        type: 'inject',
        z: tab.id,
        x: 100,
        y: 100,
        props: [],
        repeat: '',
        once: true,
        onceDelay: 0.1,
        wires: [[outId]],
      },
      out({ action: 'read', what: 'disks', whatType: 'choice', wires: [[]] }),
    ]);
    await editor.page.locator('.red-ui-flow-node-status-label', { hasText: 'disks read' }).waitFor();
  });

  it('tells an error in the debug sidebar with device, command, reason and cure', async () => {
    const place = { z: tab.id, x: 100, y: 100 };
    await editor.open([
      tab,
      device({ credentials: { user: 'admin', password: 'wrong' } }),
      {
        id: '8888888888888881',
        type: 'inject',
        ...place,
        props: [],
        repeat: '',
        once: true,
        onceDelay: 0.1,
        wires: [[outId]],
      },
      out({ action: 'read', what: 'disks', whatType: 'choice' }),
      { id: '8888888888888882', type: 'catch', ...place, y: 300, scope: null, wires: [['8888888888888883']] },
      {
        id: '8888888888888883',
        type: 'debug',
        ...place,
        x: 400,
        y: 300,
        active: true,
        tosidebar: true,
        complete: 'error.message',
        targetType: 'msg',
        wires: [],
      },
    ]);
    await editor.page.evaluate("RED.sidebar.show('debug')");
    await editor.restartFlows();
    const message = editor.page.locator('.red-ui-debug-msg').filter({ hasText: 'GetDiskInfo' }).first();
    await message.waitFor();
    should(await message.textContent()).match(/gate cam \(127\.0\.0\.1:\d+\): GetDiskInfo: wrong user or password/);
    await editor.page.locator('.red-ui-flow-node-status-label', { hasText: 'wrong password' }).waitFor();
    await editor.picture('viewtron-config-out-error');
    api.guard.wrong = 0;
  });

  it('tells each kind of trouble in the debug sidebar in words of its own', async () => {
    const start = (port = 0): Promise<DeviceApi> => new DeviceApi({ ...api.options, port }).open();
    const [locked, dying] = [await start(), await start()];
    locked.guard.isLocked = true;
    dying.faults.diesAfter = 0;
    const devices: Readonly<Record<string, FlowNode>> = {
      host: { ...device({ name: 'wrong host', host: 'no-such-camera.invalid' }), id: 'aaaaaaaaaaaaaaa1' },
      locked: { ...device({ name: 'locked', port: String(locked.port) }), id: 'aaaaaaaaaaaaaaa2' },
      dying: { ...device({ name: 'rebooting', port: String(dying.port) }), id: 'aaaaaaaaaaaaaaa3' },
      well: { ...device({ name: 'well' }), id: 'aaaaaaaaaaaaaaa4' },
    };
    const read = { action: 'read', what: 'disks', whatType: 'choice' };
    const troubles: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
      ['host', read, /GetDiskInfo: nobody knows the name/],
      ['locked', read, /GetDiskInfo: the user is locked after wrong passwords/],
      [
        'dying',
        { action: 'output', state: 'on', stateType: 'choice' },
        /ManualAlarmOut: (the connection broke|nobody answers)/,
      ],
      [
        'well',
        { ...read, what: 'perimeter', channel: '9', channelType: 'num' },
        /GetSmartPerimeterConfig, channel 9: channel error/,
      ],
      ['well', { action: 'raw', command: 'GetNothing', commandType: 'str' }, /GetNothing: invalid request \(code 1/],
    ];
    const place = { z: tab.id, x: 100 };
    const calls = troubles.map(([key, settings], index) => ({
      ...out({ ...settings, name: `trouble ${index}`, device: devices[key]?.id, wires: [[]] }),
      id: `bbbbbbbbbbbbbbb${index}`,
      y: 60 * index + 60,
    }));
    await editor.open([
      tab,
      ...Object.values(devices),
      ...calls,
      { id: '8888888888888882', type: 'catch', ...place, y: 400, scope: null, wires: [['8888888888888883']] },
      {
        id: '8888888888888883',
        type: 'debug',
        ...place,
        x: 400,
        y: 400,
        active: true,
        tosidebar: true,
        // the sidebar shows the beginning of a long text
        complete: '$substring($substringAfter(error.message, "): "), 0, 70)',
        targetType: 'jsonata',
        wires: [],
      },
      {
        id: '8888888888888881',
        type: 'inject',
        ...place,
        y: 30,
        props: [],
        repeat: '',
        once: true,
        onceDelay: 0.1,
        wires: [calls.map(({ id }) => id)],
      },
    ]);
    await editor.page.evaluate("RED.sidebar.show('debug')");
    locked.requests.length = 0;
    if (dying.faults.diesAfter <= 0 && dying.requests.length > 0) await dying.open();
    await editor.restartFlows();
    for (const [, , words] of troubles) {
      await editor.page.locator('.red-ui-debug-msg').filter({ hasText: words }).first().waitFor();
    }
    await editor.picture('viewtron-config-out-troubles');
    await Promise.all([locked.close(), dying.close()]);
  });
});
