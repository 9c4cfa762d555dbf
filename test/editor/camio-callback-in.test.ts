/** The dialog of camio-callback-in, in a real browser against a real Node-RED. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { groups } from '../../src/vendors/camio/catalogue';
import { Editor, type FlowNode } from './browser';
import { listener, listenerId, nodeId, tab } from './flows';

/** As a new node is saved. */
function callbackIn(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    listener: listenerId,
    path: '/camio',
    headerName: 'Authorization',
    groups: [...groups],
    quietMinutes: 30,
    onlyChanges: false,
    preview: false,
    pictures: 'buffer',
    timeZone: '',
    acceptAnyone: false,
    allow: '',
    wires: [[]],
    ...settings,
    id: nodeId,
    type: 'camio-callback-in',
    z: tab.id,
    x: 200,
    y: 200,
  };
}

describe('the editor: camio-callback-in', () => {
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async () => {
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
  });
  beforeEach(() => {
    editor.complaints.length = 0;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const field = (property: string) => editor.page.locator(`#node-input-${property}`);
  const dialog = () => editor.page.locator('.camio-callback-in-dialog');
  const isWrong = async (property: string) =>
    /\binput-error\b/.test((await field(property).getAttribute('class')) ?? '');
  const summary = (name: string) => dialog().locator(`.camio-callback-in-${name} > summary .security-events-now`);
  const tick = (name: string) => dialog().getByLabel(name, { exact: true });

  async function section(name: string): Promise<void> {
    const details = dialog().locator(`.camio-callback-in-${name}`);
    if ((await details.getAttribute('open')) === null) await details.locator('> summary').click();
  }
  async function deployedNode(): Promise<FlowNode> {
    const node = (await editor.deploy()).find(({ type }) => type === 'camio-callback-in');
    should.exist(node);
    return node as FlowNode;
  }

  it('is dragged from the palette, and wants a secret', async () => {
    await editor.open([tab, listener()]);
    const one = await editor.dragOut('camio-callback-in');
    await editor.edit(one);
    should(await field('listener').inputValue()).equal(listenerId);
    should(await field('path').inputValue()).equal('/camio');
    should(await field('headerName').inputValue()).equal('Authorization');
    await field('headerValue').and(editor.page.locator('.input-error')).waitFor();
    await editor.picture('camio-callback-in-new');
    await editor.type(field('headerValue'), 'token open sesame');
    should(await isWrong('headerValue')).be.false();
    should(await isWrong('headerName')).be.false();
    await editor.done();
    const { id, x, y, ...node } = await deployedNode();
    should([id, typeof x, typeof y]).eql([one, 'number', 'number']);
    const { id: _id, x: _x, y: _y, ...expected } = callbackIn();
    should(node).eql(expected);
    should(await editor.faultsOf('camio-callback-in')).eql([]);
  });

  it('shows where it listens, and the address of hooks', async () => {
    await editor.open([tab, listener(), callbackIn()]);
    await editor.edit(nodeId);
    const here = `http://192.0.2.10:${new URL(nodeRed.url).port}/camio`;
    await dialog().getByText(here, { exact: true }).waitFor();
    await section('hooks');
    const shown = dialog().locator('.camio-callback-in-hook-address');
    should(await shown.textContent()).equal('');
    await dialog().getByRole('button', { name: 'Make one' }).click();
    const key = await field('hookKey').inputValue();
    should(key).match(/^[0-9a-f]{24}$/);
    should(await shown.textContent()).equal(`${here}/${key}`);
    should(
      await dialog().locator('.camio-callback-in-hooks').getByRole('button', { name: 'Copy' }).isVisible(),
    ).be.true();
    await editor.picture('camio-callback-in-hooks');
    await dialog().getByRole('button', { name: 'Make one' }).click();
    should(await field('hookKey').inputValue()).not.equal(key);
    await editor.cancel();
  });

  it('makes a secret path for whoever ticks the preview, but in place of none, and not by being opened', async () => {
    await editor.open([tab, listener(), callbackIn({ preview: true })]);
    await editor.edit(nodeId);
    await section('hooks');
    should(await field('hookKey').inputValue()).equal('');
    should(
      await dialog().locator('.camio-callback-in-hooks').getByRole('button', { name: 'Copy' }).isVisible(),
    ).be.false();
    const preview = tick('Show the last picture under the node');
    await preview.uncheck();
    should(await field('hookKey').inputValue()).equal('');
    await preview.check();
    const key = await field('hookKey').inputValue();
    should(key).match(/^[0-9a-f]{24}$/);
    await preview.uncheck();
    await preview.check();
    should(await field('hookKey').inputValue()).equal(key);
    await editor.done();
    await editor.edit(nodeId);
    should(await field('hookKey').inputValue()).equal(key);
    await editor.cancel();
  });

  it('keeps every setting through Done, Deploy and reopening, and no secret in an export', async () => {
    await editor.open([tab, listener(), callbackIn()]);
    await editor.edit(nodeId);
    await editor.type(field('name'), 'Camio');
    await editor.type(field('path'), ' /camio/site ');
    await editor.type(field('headerName'), ' X-Camio ');
    await editor.type(field('headerValue'), ' sesame one ');
    await tick('Cameras changed').uncheck();
    await tick('Anything else').uncheck();
    await editor.type(field('quietMinutes'), '45');
    await tick('Only when a fault begins and ends').check();
    await section('hooks');
    await editor.type(field('hookKey'), ' sesame-sesame-sesame ');
    await field('pictures').selectOption('data-url');
    await editor.type(field('timeZone'), 'Europe/Berlin');
    await section('access');
    await editor.type(field('allow'), '127.0.0.0/8');
    await editor.done();
    const expected = {
      name: 'Camio',
      path: '/camio/site',
      headerName: 'X-Camio',
      groups: ['incident', 'pacs', 'video', 'zone', 'device', 'hook'],
      quietMinutes: '45',
      onlyChanges: true,
      pictures: 'data-url',
      timeZone: 'Europe/Berlin',
      allow: '127.0.0.0/8',
    };
    should(await deployedNode()).containEql(expected);

    const post = (path: string, headers: Readonly<Record<string, string>>) =>
      fetch(`${nodeRed.url}/camio/site${path}`, { method: 'POST', body: '{"id":"1","type":"x.y"}', headers });
    // HTTP itself takes the blanks off the ends of a value, and so does whoever reads the field
    should((await post('', { 'x-camio': 'sesame one' })).status).equal(200);
    should((await post('/sesame-sesame-sesame', {})).status).equal(200);

    await editor.edit(nodeId);
    should(await field('headerValue').inputValue()).equal('__PWRD__');
    should(await field('hookKey').inputValue()).equal('sesame-sesame-sesame');
    should(await summary('hooks').textContent()).equal('taken · Data URL, for a dashboard');
    should(await summary('access').textContent()).equal('127.0.0.0/8');
    await editor.done();
    should(await editor.isDirty()).be.false();
    should(JSON.stringify(await editor.deployed())).not.match(/sesame/);
    should(await editor.exported()).not.match(/sesame|credentials/);
  });

  it('says what is wrong with a field, and how to mend it', async () => {
    await editor.open([
      tab,
      listener(),
      callbackIn({ path: 'camio', groups: [], quietMinutes: 'soon', timeZone: 'Berlin', allow: 'camio.com' }),
    ]);
    const faults = await editor.faultsOf('camio-callback-in');
    for (const fault of [
      /Path: begins/,
      /Events: choose/,
      /Fault over after/,
      /Time zone: write/,
      /"camio.com" is no address/,
    ]) {
      should(faults).matchAny(fault);
    }
    await editor.edit(nodeId);
    for (const property of ['path', 'groups', 'quietMinutes', 'timeZone', 'allow', 'headerValue'])
      should(await isWrong(property)).be.true(property);
    await editor.picture('camio-callback-in-wrong');
    await editor.type(field('path'), '/camio');
    await tick('Incidents').check();
    await editor.type(field('quietMinutes'), '0');
    await editor.type(field('timeZone'), '');
    await editor.type(field('allow'), '');
    await section('hooks');
    await editor.type(field('hookKey'), 'short');
    should(await isWrong('hookKey')).be.true();
    await editor.type(field('hookKey'), '');
    await section('access');
    await field('acceptAnyone').check();
    for (const property of ['path', 'groups', 'quietMinutes', 'timeZone', 'allow', 'headerValue', 'hookKey'])
      should(await isWrong(property)).be.false(property);
    should(await summary('access').textContent()).equal('insecure');
    await editor.done();
    should(await editor.faultsOf('camio-callback-in')).eql([]);
    should(await deployedNode()).containEql({ acceptAnyone: true, groups: ['incident'] });
  });

  it('wants no secret of its own where the listener asks for a header, or where only hooks are taken', async () => {
    await editor.open([tab, listener({ headerName: 'X-Site' }), callbackIn({ headerName: '' })]);
    await editor.edit(nodeId);
    should(await isWrong('headerValue')).be.false();
    await editor.cancel();
    await editor.open([tab, listener(), callbackIn({ headerName: '' })]);
    await editor.edit(nodeId);
    should(await isWrong('headerValue')).be.true();
    await section('hooks');
    await dialog().getByRole('button', { name: 'Make one' }).click();
    should(await isWrong('headerValue')).be.false();
    await editor.cancel();
  });

  it('shows what came, what was refused and which faults go on', async () => {
    await editor.open([tab, listener(), callbackIn({ acceptAnyone: true })]);
    await editor.edit(nodeId);
    await section('state');
    await dialog().getByText('Camio has not called yet.', { exact: false }).waitFor();
    const post = (body: string) => fetch(`${nodeRed.url}/camio`, { method: 'POST', body });
    const incident = { camera_name: '<b>Dock</b>', counter_events: { movies_discarded_count: { value: 1234 } } };
    await post(JSON.stringify({ id: '1', type: 'incident.created', data: { object: { incident } } }));
    await post('<script>');
    await post('');
    await dialog().getByRole('button', { name: 'Refresh' }).click();
    const report = dialog().locator('.security-events-report');
    await report.getByText('movies_discarded_count: 1,234').waitFor();
    should(await report.innerText())
      .match(/Messages sent\s+1/)
      .and.match(/Dropped\s+without content 1/)
      .and.match(/Refused\s+no JSON 1/)
      .and.match(/<b>Dock<\/b>/);
    await report.scrollIntoViewIfNeeded();
    await editor.picture('camio-callback-in-state');
    await editor.cancel();
  });

  it('has help that names what is in a message', async () => {
    await editor.open([tab, listener(), callbackIn()]);
    await editor.edit(nodeId);
    const help = await (await editor.help()).last().innerText();
    for (const word of [
      'payload.incident',
      'payload.labels',
      'payload.part',
      'camio.com/domains',
      'video-matched',
      'quiet',
    ]) {
      should(help).containEql(word);
    }
    await editor.cancel();
  });
});
