/** The dialog of security-listener, opened from the node that uses it. */
import should from 'should';

import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { Editor } from './browser';
import { listener, listenerId, nodeId, tab, viewtronIn } from './flows';

describe('the editor: security-listener', () => {
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

  beforeEach(async () => {
    editor.complaints.length = 0;
    await editor.open([tab, listener(), viewtronIn()]);
    await open();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const dialog = () => editor.page.locator('.security-listener-dialog');
  const port = () => editor.page.locator('#node-config-input-port');
  const address = () => editor.page.locator('#node-config-input-host');
  const door = (name: string) => editor.page.getByRole('radio', { name });
  const url = () => dialog().locator('.security-listener-address');

  async function open(): Promise<void> {
    await editor.edit(nodeId);
    await editor.page.locator('#node-input-btn-listener-edit').click();
    await dialog().waitFor();
  }

  async function close(button: 'ok' | 'cancel'): Promise<void> {
    await editor.page.locator(`#node-config-dialog-${button}`).click();
    await dialog().waitFor({ state: 'detached' });
    await editor.cancel();
  }

  async function isWrong(property: string): Promise<boolean> {
    return /\binput-error\b/.test(
      (await editor.page.locator(`#node-config-input-${property}`).getAttribute('class')) ?? '',
    );
  }

  it('shows port and address for a port of its own only, and the address for the device', async () => {
    should(await port().isVisible()).be.false();
    should(await dialog().getByText('httpNodeAuth').isVisible()).be.true();
    should(await url().textContent()).match(/^http:\/\/<this machine>:\d+$/);
    await editor.picture('security-listener-nodered');
    await door('A port of its own').check();
    should(await port().isVisible()).be.true();
    should(await dialog().getByText('httpNodeAuth').isVisible()).be.false();
    await editor.type(port(), '15051');
    should(await url().textContent()).equal('http://<this machine>:15051');
    await editor.type(address(), '2001:db8::7');
    should(await url().textContent()).equal('http://[2001:db8::7]:15051');
    await editor.picture('security-listener-own');
  });

  it('says what is wrong with port and address, of a port of its own only', async () => {
    await door('A port of its own').check();
    for (const wrong of ['', '0', '65536', '80a', '-1', '5050.5']) {
      await editor.type(port(), wrong);
      should(await isWrong('port')).be.true(`"${wrong}" is taken`);
    }
    for (const right of ['1', '65535', '${CAMERA_PORT}']) {
      await editor.type(port(), right);
      should(await isWrong('port')).be.false(`"${right}" is refused`);
    }
    for (const [host, wrong] of [
      ['http://192.0.2.7', true],
      ['192.0.2.7/API', true],
      ['192.0.2.7', false],
      ['::', false],
      ['', false],
    ] as const) {
      await editor.type(address(), host);
      should(await isWrong('host')).equal(wrong, host);
    }
    await editor.type(port(), 'no port');
    should(await isWrong('port')).be.true();
    await door("Node-RED's own web server").check();
    should(await isWrong('port')).be.false();
  });

  it('keeps every setting through Update, reopening and Deploy', async () => {
    await editor.type(editor.page.getByLabel('Name', { exact: true }).last(), 'Camera network');
    await door('A port of its own').check();
    await editor.type(port(), ' 15052 ');
    await editor.type(address(), ' 127.0.0.1 ');
    await close('ok');
    await open();
    should(await port().inputValue()).equal('15052');
    should(await door('A port of its own').isChecked()).be.true();
    await close('cancel');
    const flows = await editor.deploy();
    should(flows.find(({ id }) => id === listenerId)).containEql({
      name: 'Camera network',
      version: 1,
      door: 'own',
      host: '127.0.0.1',
      port: '15052',
    });
  });

  it('changes nothing on Cancel', async () => {
    await door('A port of its own').check();
    await editor.type(port(), '15053');
    await close('cancel');
    should(await editor.isDirty()).be.false();
    await open();
    should(await door("Node-RED's own web server").isChecked()).be.true();
  });

  it('gives every control a name, and no text without a translation', async () => {
    await door('A port of its own').check();
    for (const name of ['Port', 'Address']) await dialog().getByRole('textbox', { name, exact: true }).waitFor();
    await dialog().getByRole('group', { name: 'Devices deliver to' }).waitFor();
    should(await dialog().innerText()).not.match(/security-listener\.|common\.label/);
  });

  it('has help', async () => {
    await (await editor.help()).getByRole('heading', { name: 'A port of its own' }).waitFor();
  });
});
