/** The dialogs of pdk-hook-manager and pdk-account, in a real browser against a real Node-RED and the fake cloud. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { PdkCloud } from '../../simulators/pdk/cloud';
import { standardClient, standardOrganizations } from '../../simulators/pdk/cloud-options';
import { Editor, type FlowNode } from './browser';
import { listener, listenerId, nodeId, tab } from './flows';

const accountId = '5555555555555555';
const webhookId = '6666666666666666';
const [dealer, warehouse] = standardOrganizations.map(({ id }) => id);

/** As a new node is saved. */
function manager(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    account: accountId,
    operation: 'ensure',
    webhook: [],
    ensureOnDeploy: false,
    publicUrl: '',
    url: '',
    topics: '',
    subscription: 'Node-RED',
    scope: 'ou',
    panels: '',
    active: true,
    sslVerification: true,
    secrecyLevel: '1',
    expiresAt: '',
    hookId: '',
    watchSeconds: 300,
    graceHours: 24,
    wires: [[]],
    ...settings,
    id: nodeId,
    type: 'pdk-hook-manager',
    z: tab.id,
    x: 200,
    y: 200,
  };
}

function webhookIn(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  const credentials = { secret: 'sesame of the webhook node' };
  const standard = {
    name: 'Doors',
    version: 1,
    listener: listenerId,
    path: '/pdk/of-the-test',
    topics: 'door.request.*',
  };
  const rest = { staleMinutes: 5, acceptUnsigned: false, allow: '', headerName: '', wires: [[]], x: 200, y: 300 };
  return { ...standard, ...rest, credentials, ...settings, id: webhookId, type: 'pdk-webhook-in', z: tab.id };
}

describe('the editor: pdk-hook-manager and pdk-account', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let cloud: PdkCloud;

  before(async () => {
    cloud = await PdkCloud.start();
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
    await cloud?.close();
  });
  beforeEach(() => {
    editor.complaints.length = 0;
    cloud.hooks.length = 0;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const field = (property: string) => editor.page.locator(`#node-input-${property}`);
  const accountField = (property: string) => editor.page.locator(`#node-config-input-${property}`);
  const dialog = () => editor.page.locator('.pdk-hook-manager-dialog');
  const accountDialog = () => editor.page.locator('.pdk-account-dialog');
  const testNote = () => accountDialog().locator('.pdk-account-test p');
  const webhookChoice = () => editor.page.locator('#pdk-hook-manager-webhook');
  const summary = (name: string) => dialog().locator(`.pdk-hook-manager-${name} > summary .security-events-now`);
  const isWrong = async (property: string, at = field) =>
    /\binput-error\b/.test((await at(property).getAttribute('class')) ?? '');

  const account = (settings: Readonly<Record<string, unknown>> = {}): FlowNode => ({
    name: 'PDK',
    version: 1,
    baseUrl: cloud.url,
    organization: warehouse,
    credentials: { clientId: standardClient.id, clientSecret: standardClient.secret },
    ...settings,
    id: accountId,
    type: 'pdk-account',
  });
  async function section(name: string): Promise<void> {
    const details = dialog().locator(`.pdk-hook-manager-${name}`);
    if ((await details.getAttribute('open')) === null) await details.locator('> summary').click();
  }
  async function deployedOf(type: string): Promise<FlowNode> {
    const node = (await editor.deploy()).find((each) => each.type === type);
    should.exist(node);
    return node as FlowNode;
  }
  const test = () => accountDialog().getByRole('button', { name: 'Test' }).click();

  it('sets up account, organization and panels before the first Deploy, by Test and by looking up', async () => {
    await editor.open([tab, listener()]);
    await editor.edit(await editor.dragOut('pdk-hook-manager'));
    await editor.openConfig('account', 'add');
    should(await accountField('baseUrl').inputValue()).equal('https://accounts.pdk.io');
    should(await accountField('organization').inputValue()).equal('mine');
    await editor.type(accountField('baseUrl'), cloud.url);
    await editor.type(accountField('clientId'), standardClient.id);
    await editor.type(accountField('clientSecret'), 'wrong sesame');
    await test();
    await testNote()
      .getByText(/client id or client secret is wrong/)
      .waitFor();
    await editor.picture('pdk-account-wrong');
    await editor.type(accountField('clientSecret'), standardClient.secret);
    await test();
    await testNote().getByText('It works: Example Dealer. Panels: 1. Organizations below it: 2.').waitFor();
    const found = editor.page.locator('.pdk-account-organizations');
    should(await found.locator('label').allTextContents()).eql([
      `Example Dealer ${dealer}`,
      `Example Warehouse ${warehouse}`,
      `Example Clinic ${standardOrganizations[2]?.id}`,
    ]);
    // "mine" is the organization that the account belongs to
    should(await found.getByLabel('Example Dealer').isChecked()).be.true();
    await found.getByLabel('Example Warehouse').check();
    should(await accountField('organization').inputValue()).equal(warehouse);
    await editor.picture('pdk-account-works');
    should(await accountDialog().innerText()).not.containEql(standardClient.secret);
    await editor.closeConfig('ok');

    await section('what');
    await field('scope').selectOption('panels');
    await dialog().getByRole('button', { name: 'Look up' }).click();
    await dialog().getByText('Gate house (10A0003)').waitFor();
    should(await dialog().locator('.pdk-hook-manager-panels label').allInnerTexts()).eql([
      'Main building (10A0002) online',
      'Gate house (10A0003) offline',
    ]);
    await dialog().getByText('Gate house (10A0003)').click();
    await editor.type(field('panels'), `${await field('panels').inputValue()}, 99Z`);
    await dialog().getByText('Main building (10A0002)').click();
    should(await field('panels').inputValue()).equal('10A0003, 99Z, 10A0002');
    await dialog().getByText('Gate house (10A0003)').click();
    should(await field('panels').inputValue()).equal('99Z, 10A0002');
    await editor.picture('pdk-hook-manager-panels');

    await editor.type(field('url'), 'https://doors.example.com/x');
    await editor.type(field('topics'), 'door.request.*');
    await editor.type(field('secret'), 'sesame by hand');
    await editor.done();
    const flows = await editor.deploy();
    const saved = flows.find(({ type }) => type === 'pdk-hook-manager') ?? manager();
    const savedAccount = flows.find(({ type }) => type === 'pdk-account');
    const { id: _id, x: _x, y: _y, ...rest } = saved;
    const {
      id: _id2,
      x: _x2,
      y: _y2,
      ...expected
    } = manager({
      account: savedAccount?.id,
      url: 'https://doors.example.com/x',
      topics: 'door.request.*',
      scope: 'panels',
      panels: '99Z, 10A0002',
    });
    should(rest).eql(expected);
    should(savedAccount).have.properties({ name: '', version: 1, baseUrl: cloud.url, organization: warehouse });
    should(await editor.exported()).not.match(/sesame|simulated-client|credentials/);
    should(await editor.faultsOf('pdk-hook-manager')).eql([]);
  });

  it('tests and looks up after the Deploy, with the secret that only Node-RED knows', async () => {
    await editor.open([tab, listener(), account(), manager({ scope: 'panels', panels: '10A0002' })]);
    await editor.edit(nodeId);
    await section('what');
    await dialog().getByRole('button', { name: 'Look up' }).click();
    await dialog().getByText('Gate house (10A0003)').waitFor();
    should(await dialog().getByRole('checkbox', { name: '(10A0002)' }).isChecked()).be.true();
    await editor.openConfig('account');
    should(await accountField('clientSecret').inputValue()).equal('__PWRD__');
    await test();
    await testNote()
      .getByText(/It works: Example Warehouse. Panels: 2/)
      .waitFor();
    await editor.type(accountField('baseUrl'), 'https://elsewhere.example.com');
    await test();
    await testNote()
      .getByText(/give the client secret again/)
      .waitFor();
    await editor.closeConfig('cancel');
    await editor.cancel();
    should(await editor.isDirty()).be.false();
  });

  it('links to a webhook node, shows the whole address, and one Deploy makes the subscription', async () => {
    await editor.open([tab, listener(), account(), webhookIn(), manager()]);
    await editor.edit(nodeId);
    should(await dialog().locator('.pdk-hook-manager-by-hand').isVisible()).be.true();
    should(await isWrong('url')).be.true();
    await webhookChoice().selectOption(webhookId);
    should(await dialog().locator('.pdk-hook-manager-by-hand').isVisible()).be.false();
    should(await isWrong('publicUrl')).be.true();
    await editor.type(field('publicUrl'), 'https://doors.example.com/');
    should(await isWrong('publicUrl')).be.false();
    should(await dialog().locator('.security-events-address').textContent()).equal(
      'https://doors.example.com/pdk/of-the-test',
    );
    await field('ensureOnDeploy').check();
    const made = cloud.count('create');
    await editor.picture('pdk-hook-manager-linked');
    await editor.done();
    should(await deployedOf('pdk-hook-manager')).containEql({
      webhook: [webhookId],
      publicUrl: 'https://doors.example.com/',
      ensureOnDeploy: true,
    });
    await cloud.arrived('create', made + 1);
    const [hook] = cloud.hooks;
    should(hook?.fields).have.properties({
      url: 'https://doors.example.com/pdk/of-the-test',
      secret: 'sesame of the webhook node',
    });

    await editor.page.locator('.red-ui-flow-node-status-label', { hasText: 'created' }).waitFor();
    await editor.edit(nodeId);
    should(await webhookChoice().inputValue()).equal(webhookId);
    await section('state');
    const report = dialog().locator('.security-events-report');
    await report.getByText(hook?.id ?? '').waitFor();
    should(await report.innerText()).match(/Last done\s+created \(ensure, \d+ seconds? ago\)/);
    await editor.picture('pdk-hook-manager-state');
    await editor.done();
    should(await editor.isDirty()).be.false();
  });

  it('follows its webhook node when both are copied, and says when it is gone', async () => {
    const linked = { webhook: [webhookId], publicUrl: 'https://doors.example.com' };
    await editor.open([tab, listener(), account(), manager(linked)]);
    should(await editor.faultsOf('pdk-hook-manager')).matchAny(/Webhook node: the chosen one is not there/);
    await editor.edit(nodeId);
    should(await webhookChoice().locator('option:checked').textContent()).equal(`not there any more: ${webhookId}`);
    await editor.cancel();
    await editor.open([tab, listener(), account(), webhookIn(), manager(linked)]);
    should(await editor.faultsOf('pdk-hook-manager')).eql([]);
  });

  it('shows for each operation what counts for it', async () => {
    await editor.open([tab, listener(), account(), webhookIn(), manager()]);
    await editor.edit(nodeId);
    const shown = async (): Promise<string> => {
      const names = ['whole', 'by-hand', 'what', 'one', 'watch'];
      const visible = await Promise.all(
        names.map((name) => dialog().locator(`.pdk-hook-manager-${name}`).first().isVisible()),
      );
      return names.filter((_name, index) => visible[index]).join(' ');
    };
    for (const [operation, expected] of [
      ['ensure', 'whole by-hand what'],
      ['list', ''],
      ['get', 'one'],
      ['create', 'whole by-hand what'],
      ['update', 'one'],
      ['delete', 'one'],
      ['rotate', 'whole by-hand what'],
      ['watch', 'one watch'],
      ['msg', 'whole by-hand what one watch'],
    ] as const) {
      await field('operation').selectOption(operation);
      should(await shown()).equal(expected, operation);
      should((await dialog().locator('.pdk-hook-manager-about').textContent())?.length).be.above(20);
    }
    should(await isWrong('url')).be.false();
    await editor.picture('pdk-hook-manager-msg');
    await editor.cancel();
  });

  it('says what is wrong with a field, and how to mend it', async () => {
    const wrong = {
      url: 'http://doors',
      topics: ' , ',
      subscription: 'x'.repeat(71),
      scope: 'panels',
      expiresAt: 'soon',
      watchSeconds: '1',
      graceHours: 'x',
    };
    await editor.open([tab, listener(), account({ baseUrl: 'pdk.io', organization: 'a b' }), manager(wrong)]);
    const faults = await editor.faultsOf('pdk-hook-manager');
    for (const text of [/Url: give/, /Topics: choose/, /Name at PDK: 70/, /Panels: name/, /Expires at: a time/]) {
      should(faults).matchAny(text);
    }
    should(await editor.faultsOfNode(accountId))
      .matchAny(/Base URL: https/)
      .and.matchAny(/Organization: an id/);
    await editor.edit(nodeId);
    await editor.type(field('user'), 'pdk');
    should(await isWrong('password')).be.true();
    await editor.type(field('password'), 'sesame');
    should(await isWrong('password')).be.false();
    await editor.type(field('user'), 'a:b');
    should(await isWrong('user')).be.true();
    await editor.type(field('user'), '');
    await editor.type(field('password'), '');
    for (const [property, text] of [
      ['url', 'https://doors.example.com/x'],
      ['topics', 'door.*'],
      ['subscription', 'Doors'],
      ['panels', '1A'],
      ['expiresAt', '2041-02-03T04:05:06Z'],
    ] as const) {
      should(await isWrong(property)).be.true(property);
      await editor.type(field(property), text);
    }
    should(await summary('what').textContent()).equal('Doors · panels: 1');
    await editor.picture('pdk-hook-manager-by-hand');
    await editor.done();
    // the account is wrong still
    should(await editor.faultsOf('pdk-hook-manager')).eql(['account']);
  });

  it('puts right what does not count, because nobody can see it', async () => {
    await editor.open([tab, listener(), account(), manager({ operation: 'list', watchSeconds: '1', graceHours: 'x' })]);
    should(await editor.faultsOf('pdk-hook-manager')).eql([]);
    await editor.edit(nodeId);
    await editor.done();
    should(await deployedOf('pdk-hook-manager')).containEql({ watchSeconds: '300', graceHours: '24' });
  });

  it('has help that names what goes in and comes out', async () => {
    await editor.open([tab, listener(), account(), manager()]);
    await editor.edit(nodeId);
    const help = await (await editor.help()).last().innerText();
    for (const word of [
      'payload.topics',
      'payload.subscriptions',
      'payload.unwanted',
      'odometer',
      'What ensure does',
      'A new secret',
    ]) {
      should(help).containEql(word);
    }
    await editor.cancel();
  });
});
