/** The dialog of pdk-webhook-in, in a real browser against a real Node-RED. */
import { createHmac } from 'node:crypto';
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { topicGroups } from '../../src/vendors/pdk/catalogue';
import { Editor, type FlowNode } from './browser';
import { listener, listenerId, nodeId, tab } from './flows';

/** As a new node is saved. */
function webhookIn(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    listener: listenerId,
    path: '/pdk/door-of-the-test',
    topics: '*',
    staleMinutes: 5,
    acceptUnsigned: false,
    allow: '',
    headerName: '',
    wires: [[]],
    ...settings,
    id: nodeId,
    type: 'pdk-webhook-in',
    z: tab.id,
    x: 200,
    y: 200,
  };
}

describe('the editor: pdk-webhook-in', () => {
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
  const dialog = () => editor.page.locator('.pdk-webhook-in-dialog');
  const isWrong = async (property: string) =>
    /\binput-error\b/.test((await field(property).getAttribute('class')) ?? '');
  const summary = (name: string) => dialog().locator(`.pdk-webhook-in-${name} > summary .security-events-now`);
  const tick = (name: string) => dialog().locator('.pdk-webhook-in-tree').getByLabel(name, { exact: true });
  const topic = (name: string) => dialog().locator(`.pdk-webhook-in-tree input[value="${name}"]`);
  const search = () => dialog().locator('.pdk-webhook-in-search');

  async function section(name: string): Promise<void> {
    const details = dialog().locator(`.pdk-webhook-in-${name}`);
    if ((await details.getAttribute('open')) === null) await details.locator('> summary').click();
  }
  async function openGroup(name: string): Promise<void> {
    await tick(name).locator('xpath=..').locator('span').click();
  }
  async function edit(): Promise<void> {
    await editor.edit(nodeId);
    await dialog().locator('.pdk-webhook-in-tree code').first().waitFor({ state: 'attached' });
  }
  async function deployedNode(): Promise<FlowNode> {
    const node = (await editor.deploy()).find(({ type }) => type === 'pdk-webhook-in');
    should.exist(node);
    return node as FlowNode;
  }

  it('is dragged from the palette with a path that nobody guesses, and wants a secret', async () => {
    await editor.open([tab, listener()]);
    const one = await editor.dragOut('pdk-webhook-in');
    await editor.edit(one);
    const path = await field('path').inputValue();
    should(path).match(/^\/pdk\/[0-9a-f]{24}$/);
    should(await field('listener').inputValue()).equal(listenerId);
    await field('secret').and(editor.page.locator('.input-error')).waitFor();
    await editor.picture('pdk-webhook-in-new');
    await editor.type(field('secret'), 'open sesame');
    should(await isWrong('secret')).be.false();
    await editor.done();
    const { id, x, y, ...node } = await deployedNode();
    should([id, typeof x, typeof y]).eql([one, 'number', 'number']);
    const { id: _id, x: _x, y: _y, ...expected } = webhookIn({ path });
    should(node).eql(expected);
    should(await editor.faultsOf('pdk-webhook-in')).eql([]);
  });

  it('gives each node a path of its own', async () => {
    await editor.open([tab, listener()]);
    const first = await editor.dragOut('pdk-webhook-in');
    await editor.edit(first);
    const path = await field('path').inputValue();
    await editor.cancel();
    await editor.open([tab, listener()]);
    await editor.edit(await editor.dragOut('pdk-webhook-in'));
    should(await field('path').inputValue()).not.equal(path);
    await editor.cancel();
  });

  it('shows where it listens, and what PDK needs', async () => {
    await editor.open([tab, listener(), webhookIn()]);
    await edit();
    const port = new URL(nodeRed.url).port;
    await dialog().getByText(`http://192.0.2.10:${port}/pdk/door-of-the-test`, { exact: true }).waitFor();
    await dialog()
      .getByText(/public address of your proxy/)
      .waitFor();
    await editor.cancel();
  });

  it('keeps every setting through Done, Deploy and reopening, and no secret in an export', async () => {
    await editor.open([tab, listener(), webhookIn()]);
    await edit();
    await editor.type(field('name'), 'Doors');
    await editor.type(field('path'), ' /pdk/other ');
    await editor.type(field('topics'), ' door.request.*, panel.disconnected ');
    await editor.type(field('staleMinutes'), '30');
    await editor.type(field('secret'), '  sesame one  ');
    await section('trust');
    await editor.type(field('previousSecret'), 'sesame two');
    await section('access');
    await editor.type(field('allow'), '127.0.0.0/8');
    await editor.type(field('user'), ' pdk ');
    await editor.type(field('password'), 'sesame three');
    should(await dialog().innerText()).not.containEql('sesame');
    await editor.done();
    const expected = {
      name: 'Doors',
      path: '/pdk/other',
      topics: 'door.request.*, panel.disconnected',
      staleMinutes: '30',
      allow: '127.0.0.0/8',
    };
    should(await deployedNode()).containEql(expected);

    const body = '{"topic":"door.request.allowed","panelId":"1A","id":"1"}';
    const post = (secret: string) =>
      fetch(`${nodeRed.url}/pdk/other`, {
        method: 'POST',
        body,
        headers: {
          authorization: `Basic ${Buffer.from('pdk:sesame three').toString('base64')}`,
          'x-pdk-signature': createHmac('sha1', secret).update(body).digest('hex'),
        },
      });
    should((await post('  sesame one  ')).status).equal(200);
    should((await post('sesame two')).status).equal(200);
    should((await post('sesame one')).status).equal(401);

    await edit();
    should(await field('secret').inputValue()).equal('__PWRD__');
    should(await summary('trust').textContent()).equal('two secrets · signed events only');
    should(await summary('access').textContent()).equal('127.0.0.0/8 · user pdk');
    await section('trust');
    await section('access');
    await field('headerValue').scrollIntoViewIfNeeded();
    await editor.picture('pdk-webhook-in-trust');
    await editor.done();
    should(await editor.isDirty()).be.false();
    should(JSON.stringify(await editor.deployed())).not.match(/sesame/);
    should(await editor.exported()).not.match(/sesame|credentials/);
  });

  it('says what is wrong with a field, and how to mend it', async () => {
    await editor.open([
      tab,
      listener(),
      webhookIn({ path: 'pdk', topics: ' , ', staleMinutes: 'soon', allow: 'pdk.io' }),
    ]);
    const faults = await editor.faultsOf('pdk-webhook-in');
    for (const fault of [
      /Path: begins with/,
      /Topics: choose/,
      /Late after: minutes/,
      /Allowed: "pdk.io" is no address/,
    ]) {
      should(faults).matchAny(fault);
    }
    await edit();
    for (const property of ['path', 'topics', 'staleMinutes', 'allow', 'secret'])
      should(await isWrong(property)).be.true(property);
    await editor.type(field('path'), '/pdk/x');
    await editor.type(field('topics'), '*');
    await editor.type(field('staleMinutes'), '0');
    await editor.type(field('allow'), '');
    await editor.type(field('secret'), 'x'.repeat(256));
    should(await isWrong('secret')).be.true();
    await editor.type(field('secret'), '');
    await section('trust');
    await field('acceptUnsigned').check();
    for (const property of ['path', 'topics', 'staleMinutes', 'allow', 'secret'])
      should(await isWrong(property)).be.false(property);
    should(await summary('trust').textContent()).equal('insecure');
    await editor.done();
    should(await editor.faultsOf('pdk-webhook-in')).eql([]);
    should(await deployedNode()).containEql({ acceptUnsigned: true });
  });

  describe('the tree of topics', () => {
    it('shows all 70 by family and group, each with its meaning', async () => {
      await editor.open([tab, listener(), webhookIn()]);
      await edit();
      const shown = await dialog()
        .locator('.pdk-webhook-in-tree label')
        .evaluateAll((labels) =>
          labels.map((label) =>
            Array.from(label.children)
              .slice(1)
              .map((part) => part.textContent),
          ),
        );
      const expected = topicGroups.flatMap(({ topics }) => topics.map(([name, , , , meaning]) => [name, meaning]));
      should(shown).have.length(70);
      should(shown).eql(expected);
      for (const name of ['Panel events', 'Organization events', 'Door alarms', 'Permissions']) {
        should(await tick(name).isChecked()).be.true(name);
      }
      await openGroup('Door alarms');
      await editor.picture('pdk-webhook-in-topics');
      await editor.cancel();
    });

    it('ticks single topics, groups and families, and writes what that means', async () => {
      await editor.open([tab, listener(), webhookIn({ topics: 'door.request.*' })]);
      await edit();
      await openGroup('Access decisions');
      should(await topic('door.request.duress').isChecked()).be.true();
      should(await topic('door.input.virtualread').isChecked()).be.false();
      should(await tick('Access decisions').evaluate((input: HTMLInputElement) => input.indeterminate)).be.true();

      await topic('door.input.virtualread').check();
      should(await field('topics').inputValue()).equal('door.request.*, door.input.virtualread');
      should(await tick('Access decisions').isChecked()).be.true();

      // what a pattern stands for is written out when one of it goes
      await topic('door.request.found').uncheck();
      const left = 'allowed denied duress multiallowed unknown'.split(' ').map((word) => `door.request.${word}`);
      should(await field('topics').inputValue()).equal(['door.input.virtualread', ...left].join(', '));

      await tick('Access decisions').check();
      await tick('Access decisions').uncheck();
      should(await field('topics').inputValue()).equal('');
      should(await isWrong('topics')).be.true();
      await tick('Organization events').check();
      should((await field('topics').inputValue()).split(', ')).have.length(10);
      should(await isWrong('topics')).be.false();
      should(await summary('what').textContent()).equal('10 topics and patterns');
      await editor.cancel();
    });

    it('follows what is written', async () => {
      await editor.open([tab, listener(), webhookIn()]);
      await edit();
      await editor.type(field('topics'), '*.forced*, panel.c*');
      await openGroup('Door alarms');
      should(await topic('door.alarm.forced.cleared').isChecked()).be.true();
      should(await topic('door.alarm.propped.on').isChecked()).be.false();
      await editor.cancel();
    });

    it('is searched by topic and by meaning', async () => {
      await editor.open([tab, listener(), webhookIn()]);
      await edit();
      await editor.type(search(), 'Duress');
      should(await dialog().locator('.pdk-webhook-in-tree label:visible code').allTextContents()).eql([
        'door.request.duress',
      ]);
      await editor.type(search(), 'comloss');
      should(await dialog().locator('.pdk-webhook-in-tree label:visible').count()).equal(2);
      await editor.picture('pdk-webhook-in-search');
      await editor.type(search(), 'no such thing');
      await dialog().getByText('No topic and no meaning has that in it.').waitFor();
      await editor.type(search(), '');
      should(await dialog().locator('.pdk-webhook-in-tree details:visible').count()).equal(14);
      should(await field('topics').inputValue()).equal('*');
      await editor.cancel();
      should(await editor.isDirty()).be.false();
    });
  });

  it('shows what came and what was refused', async () => {
    await editor.open([tab, listener(), webhookIn({ acceptUnsigned: true })]);
    await fetch(`${nodeRed.url}/pdk/door-of-the-test`, {
      method: 'POST',
      body: '{"topic":"panel.disconnected","panelId":"1070000","timestamp":"2031-02-03T04:05:06Z"}',
    });
    await fetch(`${nodeRed.url}/pdk/door-of-the-test`, { method: 'POST', body: '<script>' });
    await edit();
    await section('state');
    const report = dialog().locator('.security-events-report');
    await report.getByText('panel-offline start · 1070000', { exact: false }).waitFor();
    should(await report.innerText())
      .match(/Messages sent\s+1/)
      .and.match(/Refused\s+no JSON 1/)
      .and.match(/1070000\s+no\s/);
    await dialog().locator('.security-events-refresh').scrollIntoViewIfNeeded();
    await editor.picture('pdk-webhook-in-state');
    await editor.cancel();
  });

  it('has help that names every topic word of the message', async () => {
    await editor.open([tab, listener(), webhookIn()]);
    await edit();
    const help = await (await editor.help()).last().innerText();
    for (const word of [
      'payload.door',
      'payload.person',
      'payload.signature',
      'payload.stale',
      'Changing the secret',
      'nginx',
    ]) {
      should(help).containEql(word);
    }
    await editor.cancel();
  });
});
