/** The dialogs of camio-event-out and its account, in a real browser against a real Node-RED and a simulated Camio. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { PacsApi } from '../../simulators/camio/pacs-api';
import { Editor, type FlowNode } from './browser';
import { nodeId, tab } from './flows';

const accountId = '5555555555555555';
const token = 'sesame-token-1';

function eventOut(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  const defaults = { name: '', version: 1, account: accountId, action: 'events', labels: '', wires: [[]] };
  return { ...defaults, ...settings, id: nodeId, type: 'camio-event-out', z: tab.id, x: 200, y: 200 };
}

describe('the editor: camio-event-out', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let api: PacsApi;

  before(async () => {
    api = await PacsApi.start({ token });
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
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const account = (settings: Readonly<Record<string, unknown>> = {}): FlowNode => {
    const defaults = { name: 'site', version: 1, url: api.url, devicesName: 'devices', eventsName: 'events' };
    return { ...defaults, timeoutSeconds: 15, ...settings, id: accountId, type: 'camio-account' };
  };
  const field = (property: string) => editor.page.locator(`#node-input-${property}`);
  const accountField = (property: string) => editor.page.locator(`#node-config-input-${property}`);
  const dialog = () => editor.page.locator('.camio-account-dialog');
  const note = () => dialog().locator('.camio-account-test p');
  const isWrong = async (property: string) =>
    /\binput-error\b/.test((await accountField(property).getAttribute('class')) ?? '');
  async function editAccount(): Promise<void> {
    await editor.edit(nodeId);
    await editor.openConfig('account');
  }
  async function update(): Promise<void> {
    await editor.closeConfig('ok');
  }

  it('is dragged from the palette, gets the only account, and says what it posts', async () => {
    await editor.open([tab, account()]);
    const one = await editor.dragOut('camio-event-out');
    await editor.edit(one);
    should(await field('account').inputValue()).equal(accountId);
    const hint = editor.page.locator('.camio-event-out-hint');
    should(await hint.textContent()).match(/an event of any node of this package/);
    await editor.type(field('labels'), ' visitors, north wing ');
    await editor.picture('camio-event-out');
    await field('action').selectOption('devices');
    should(await hint.textContent()).match(/whole list of doors/);
    should(await field('labels').isVisible()).be.false();
    await field('action').selectOption('events');
    await editor.done();
    const node = (await editor.deploy()).find(({ type }) => type === 'camio-event-out');
    const { id: _id, x: _x, y: _y, ...expected } = eventOut({ labels: 'visitors, north wing' });
    const { id, x, y, ...saved } = node as FlowNode;
    should([id, typeof x, typeof y]).eql([one, 'number', 'number']);
    should(saved).eql(expected);
    should(await editor.faultsOf('camio-event-out')).eql([]);
  });

  it('tries a token before the first Deploy, and keeps it in no export', async () => {
    await editor.open([tab, account({ url: 'https://incoming.integrations.camio.com/pacs' }), eventOut()]);
    await editAccount();
    should(await isWrong('token')).be.true();
    await editor.type(accountField('url'), `${api.url}/`);
    await editor.type(accountField('token'), 'sesame-wrong');
    should(await isWrong('token')).be.false();
    await dialog().getByRole('button', { name: 'Test' }).click();
    await note().getByText('the token is wrong or has expired').waitFor();
    await editor.picture('camio-account-wrong');
    await editor.type(accountField('token'), token);
    await dialog().getByRole('button', { name: 'Test' }).click();
    await note().getByText('It works: Camio has 0 doors.').waitFor();
    await editor.picture('camio-account');
    await update();
    await editor.done();
    await editor.deploy();

    await editAccount();
    should(await accountField('token').inputValue()).equal('__PWRD__');
    await dialog().getByRole('button', { name: 'Test' }).click();
    await note().getByText('It works').waitFor();
    // the token that is kept goes to no other server
    await editor.type(accountField('url'), api.url.replace('127.0.0.1', 'localhost'));
    await dialog().getByRole('button', { name: 'Test' }).click();
    await note().getByText('give the token again').waitFor();
    await editor.closeConfig('cancel');
    await editor.cancel();
    should(JSON.stringify(await editor.deployed())).not.match(/sesame/);
    should(await editor.exported()).not.match(/sesame|credentials/);
  });

  it('says what is wrong with a field', async () => {
    await editor.open([
      tab,
      account({ url: 'http://camio.example/pacs', timeoutSeconds: 'soon' }),
      eventOut({ action: 'all' }),
    ]);
    should(await editor.faultsOf('camio-event-out')).matchAny(/Post: choose/);
    await editor.open([tab, account({ url: 'http://camio.example/pacs', timeoutSeconds: 'soon' }), eventOut()]);
    await editAccount();
    for (const property of ['url', 'timeoutSeconds', 'token']) should(await isWrong(property)).be.true(property);
    await editor.type(accountField('url'), '');
    await editor.type(accountField('timeoutSeconds'), '30');
    await editor.type(accountField('token'), token);
    for (const property of ['url', 'timeoutSeconds', 'token']) should(await isWrong(property)).be.false(property);
    await update();
    await editor.done();
    const saved = (await editor.deploy()).find(({ type }) => type === 'camio-account');
    should(saved).containEql({ url: 'https://incoming.integrations.camio.com/pacs', timeoutSeconds: '30' });
  });
});
