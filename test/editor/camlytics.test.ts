/** The dialogs of the Camlytics nodes, in a real browser against a real Node-RED and a fake Camlytics. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { cameraPassword, dock, lobby } from '../../simulators/camlytics/database';
import { CamlyticsServer } from '../../simulators/camlytics/server';
import { Editor, type FlowNode } from './browser';
import { listener, listenerId, nodeId, tab } from './flows';

const serverId = '6666666666666666';
const kinds = [
  'line-crossed',
  'tailgating',
  'loitering',
  'crowd-gathering',
  'area-entered',
  'area-left',
  'object-present',
  'motion-detected',
  'camera-obstructed',
  'metric',
  'unknown',
];
const filter = {
  kinds,
  targetTypes: ['person', 'vehicle', 'unknown'],
  channels: '',
  rules: '',
  rulesIn: 'Enter',
  rulesOut: 'Exit',
};

/** As new nodes are saved. */
function poll(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    server: serverId,
    start: 'resume',
    ...filter,
    store: '',
    maxAgeMinutes: '',
    waitSeconds: 20,
    pageSize: 100,
    health: true,
    wires: [[], []],
    ...settings,
    id: nodeId,
    type: 'camlytics-poll',
    z: tab.id,
    x: 200,
    y: 200,
  };
}

function webhookIn(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    listener: listenerId,
    path: '/camlytics/door-of-the-test',
    ...filter,
    timeZone: '',
    dedupeSeconds: 5,
    allow: '',
    headerName: '',
    wires: [[]],
    ...settings,
    id: nodeId,
    type: 'camlytics-webhook-in',
    z: tab.id,
    x: 200,
    y: 200,
  };
}

describe('the editor: Camlytics', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let camlytics: CamlyticsServer;
  const server = (settings: Readonly<Record<string, unknown>> = {}): FlowNode => ({
    name: '',
    version: 1,
    host: '127.0.0.1',
    port: String(camlytics.port),
    scheme: 'http',
    basePath: '/v1/json',
    timeZone: '',
    ...settings,
    id: serverId,
    type: 'camlytics-server',
  });

  before(async () => {
    camlytics = await CamlyticsServer.open();
    camlytics.database.add({ type: 'Sabotage', channel: dock });
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
    await camlytics?.close();
  });
  beforeEach(() => {
    editor.complaints.length = 0;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const field = (property: string) => editor.page.locator(`#node-input-${property}`);
  const config = (property: string) => editor.page.locator(`#node-config-input-${property}`);
  const dialog = (type: string) => editor.page.locator(`.${type}-dialog`);
  const isWrong = async (property: string) =>
    /\binput-error\b/.test((await field(property).getAttribute('class')) ?? '');
  const summary = (type: string, name: string) =>
    dialog(type).locator(`.${type}-${name} > summary .security-events-now`);
  async function section(type: string, name: string): Promise<void> {
    const details = dialog(type).locator(`.${type}-${name}`);
    if ((await details.getAttribute('open')) === null) await details.locator('> summary').click();
  }
  async function deployedNode(type: string): Promise<FlowNode> {
    const node = (await editor.deploy()).find((each) => each.type === type);
    should.exist(node);
    return node as FlowNode;
  }

  it('camlytics-poll is dragged from the palette, takes the only server, and is saved as it is described', async () => {
    await editor.open([tab, server(), poll()].slice(0, 2).concat({ ...poll(), id: '7777777777777777' }));
    const one = await editor.dragOut('camlytics-poll');
    await editor.edit(one);
    should(await field('server').inputValue()).equal(serverId);
    await editor.picture('camlytics-poll-new');
    await editor.done();
    const saved = (await editor.deploy()).find(({ id }) => id === one);
    should.exist(saved);
    const { id: _id, x: _x, y: _y, ...node } = saved as FlowNode;
    const { id: _own, x: _ownX, y: _ownY, ...expected } = poll();
    should(node).eql(expected);
    should(await editor.faultsOf('camlytics-poll')).eql([]);
  });

  it('camlytics-poll: opening and closing changes nothing', async () => {
    await editor.open([tab, server(), poll({ channels: 'Lobby', kinds: ['line-crossed'], store: 'file' })]);
    await editor.edit(nodeId);
    await editor.done();
    should(await editor.isDirty()).be.false();
  });

  it('camlytics-poll: lists the channels before the first Deploy, and takes those that are ticked', async () => {
    await editor.open([tab, server(), poll()]);
    await editor.edit(nodeId);
    await dialog('camlytics-poll').locator('.camlytics-poll-list').click();
    const list = dialog('camlytics-poll').locator('.camlytics-list');
    await list.getByText(lobby).waitFor();
    await list.getByLabel('Dock').check();
    await list.getByLabel('Lobby').check();
    should(await field('channels').inputValue()).equal('Dock, Lobby');
    await list.getByLabel('Dock').uncheck();
    should(await field('channels').inputValue()).equal('Lobby');
    should(await summary('camlytics-poll', 'what').textContent()).equal('everything · Lobby');
    await editor.picture('camlytics-poll-channels');
    await editor.done();
    should((await deployedNode('camlytics-poll')).channels).equal('Lobby');
  });

  it('camlytics-poll: says what is wrong, and opens the section where it is', async () => {
    await editor.open([tab, server(), poll({ waitSeconds: 90 })]);
    await editor.edit(nodeId);
    await field('waitSeconds').and(editor.page.locator('.input-error:visible')).waitFor();
    await editor.type(field('waitSeconds'), '10');
    should(await isWrong('waitSeconds')).be.false();
    for (const [property, wrong, right] of [
      ['pageSize', '0', '50'],
      ['maxAgeMinutes', '-1', '60'],
    ] as const) {
      await editor.type(field(property), wrong);
      should(await isWrong(property)).be.true();
      await editor.type(field(property), right);
      should(await isWrong(property)).be.false();
    }
    for (const kind of ['Line crossed', 'Tailgating']) {
      await dialog('camlytics-poll').getByLabel(kind, { exact: true }).uncheck();
    }
    should(await summary('camlytics-poll', 'what').textContent()).equal(`${kinds.length - 2} kinds`);
    await field('start').selectOption('all');
    should(await dialog('camlytics-poll').locator('.camlytics-poll-start').textContent()).match(/oldest event/);
    await section('camlytics-poll', 'direction');
    await editor.type(field('rulesIn'), ' Entrada ');
    await editor.picture('camlytics-poll-sections');
    await editor.done();
    should(await deployedNode('camlytics-poll')).have.properties({
      waitSeconds: '10',
      pageSize: '50',
      maxAgeMinutes: '60',
      start: 'all',
      rulesIn: 'Entrada',
      kinds: kinds.slice(2),
    });
  });

  it('camlytics-poll: without a kind nothing would pass, and that is said', async () => {
    await editor.open([tab, server(), poll({ kinds: ['line-crossed'] })]);
    await editor.edit(nodeId);
    await dialog('camlytics-poll').getByLabel('Line crossed', { exact: true }).uncheck();
    await dialog('camlytics-poll').getByText('Kinds: choose at least one').waitFor();
    await editor.cancel();
  });

  it('camlytics-poll: shows how it goes', async () => {
    await editor.open([tab, server({ timeZone: 'UTC' }), poll({ start: 'all' })]);
    await editor.edit(nodeId);
    await section('camlytics-poll', 'state');
    const state = dialog('camlytics-poll').locator('.camlytics-poll-state');
    await state.getByText(`http://127.0.0.1:${camlytics.port}/v1/json`).waitFor();
    await editor.picture('camlytics-poll-state');
    should(await state.textContent()).not.containEql(cameraPassword);
    await editor.cancel();
  });

  it('camlytics-poll: a type that is not deployed says so, and help names what a message may ask', async () => {
    await editor.open([tab, server()]);
    await editor.edit(await editor.dragOut('camlytics-poll'));
    await section('camlytics-poll', 'state');
    await dialog('camlytics-poll').locator('.security-events-note').getByText(/eploy/).waitFor();
    const help = await editor.help();
    await help.getByText('payload.sinceId').waitFor();
    await editor.cancel();
  });

  async function editServer(): Promise<void> {
    await editor.edit(nodeId);
    await editor.openConfig('server');
  }

  it('camlytics-server: tests what is in the fields, and names channels and API', async () => {
    await editor.open([tab, server({ port: '1' }), poll()]);
    await editServer();
    const report = dialog('camlytics-server').locator('.security-events-report');
    await dialog('camlytics-server').locator('.camlytics-server-test').click();
    await report.getByText('is Camlytics running').waitFor();
    await editor.type(config('port'), String(camlytics.port));
    await dialog('camlytics-server').locator('.camlytics-server-test').click();
    await report.getByText('Channels: 2').waitFor();
    await report.getByText('v1 · can be asked for what is new').waitFor();
    await editor.picture('camlytics-server-test');
    should(await report.textContent()).not.containEql(cameraPassword);
    should(await dialog('camlytics-server').locator('.camlytics-server-plain').isVisible()).be.false();
    await editor.type(config('host'), '192.0.2.9');
    should(await dialog('camlytics-server').locator('.camlytics-server-plain').isVisible()).be.true();
    for (const [property, wrong, right] of [
      ['host', 'http://pc', 'pc.example'],
      ['port', '99999', '48462'],
      ['basePath', '/v1 json', '/v1/json'],
      ['timeZone', 'Mars', 'Europe/Berlin'],
    ] as const) {
      await editor.type(config(property), wrong);
      should(await config(property).getAttribute('class')).match(/input-error/);
      await editor.type(config(property), right);
      should((await config(property).getAttribute('class')) ?? '').not.match(/input-error/);
    }
    await editor.picture('camlytics-server');
    await editor.closeConfig('ok');
    await editor.done();
    should(await deployedNode('camlytics-server')).have.properties({ host: 'pc.example', timeZone: 'Europe/Berlin' });
  });

  it('camlytics-webhook-in: has a path that nobody guesses, and shows the address for Camlytics', async () => {
    await editor.open([tab, listener()]);
    const one = await editor.dragOut('camlytics-webhook-in');
    await editor.edit(one);
    const path = await field('path').inputValue();
    should(path).match(/^\/camlytics\/[0-9a-f]{24}$/);
    should(await dialog('camlytics-webhook-in').locator('.security-events-address').textContent()).endWith(path);
    await editor.picture('camlytics-webhook-in-new');
    await editor.done();
    const { id: _id, x: _x, y: _y, ...node } = await deployedNode('camlytics-webhook-in');
    const { id: _own, x: _ownX, y: _ownY, ...expected } = webhookIn({ path });
    should(node).eql(expected);
  });

  it('camlytics-webhook-in: checks its fields, keeps its secret, and shows what came', async () => {
    await editor.open([tab, listener(), webhookIn({ timeZone: 'Mars' })]);
    await editor.edit(nodeId);
    await field('timeZone').and(editor.page.locator('.input-error:visible')).waitFor();
    await editor.type(field('timeZone'), 'UTC');
    await editor.type(field('path'), 'x');
    should(await isWrong('path')).be.true();
    await editor.type(field('path'), '/camlytics/door-of-the-test');
    await section('camlytics-webhook-in', 'access');
    await editor.type(field('headerName'), 'X-Door');
    should(await isWrong('headerValue')).be.true();
    await editor.type(field('headerValue'), 'open sesame');
    should(await isWrong('headerValue')).be.false();
    should(await summary('camlytics-webhook-in', 'device').textContent()).equal('UTC');
    await editor.done();
    await deployedNode('camlytics-webhook-in');
    should(await editor.exported()).not.containEql('open sesame');
    const called = await fetch(
      `${nodeRed.url}/camlytics/door-of-the-test?event-type=Sabotage&event-channelId=c-1&event-channelName=Lobby`,
      {
        headers: { 'X-Door': 'open sesame' },
      },
    );
    should(called.status).equal(200);
    await editor.edit(nodeId);
    await section('camlytics-webhook-in', 'state');
    await dialog('camlytics-webhook-in').locator('.camlytics-webhook-in-state').getByText('c-1').waitFor();
    await editor.picture('camlytics-webhook-in-state');
    await editor.cancel();
  });
});
