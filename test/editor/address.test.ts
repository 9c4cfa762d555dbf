/** The address to paste and the test event, in each dialog that receives: in a real browser against a real Node-RED. */
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { Editor, type FlowNode } from './browser';
import { debug, debugId, listener, listenerId, nodeId, tab, viewtronIn } from './flows';

/** The part of the editor's global that functions given to `evaluate` use. */
declare const RED: { settings: { httpNodeRoot: string } };

interface Receiving {
  readonly type: string;
  readonly path: string;
  /** The vendor calls from the internet. */
  readonly isCloud: boolean;
  /** A step that nobody should miss. */
  readonly step: RegExp;
  readonly settings: Readonly<Record<string, unknown>>;
  /** In the result of the test event. */
  readonly event: RegExp;
}

const receiving: readonly Receiving[] = [
  {
    type: 'viewtron-in',
    path: '/cameras',
    isCloud: false,
    step: /reboot a camera/,
    settings: viewtronIn(),
    event: /TEST123/,
  },
  {
    type: 'pdk-webhook-in',
    path: '/pdk/door',
    isCloud: true,
    step: /pdk hook manager/,
    settings: { path: '/pdk/door', topics: '*', acceptUnsigned: true },
    event: /Test door/,
  },
  {
    type: 'camlytics-webhook-in',
    path: '/camlytics/door',
    isCloud: false,
    step: /webhook field of each event type/,
    settings: { path: '/camlytics/door' },
    event: /Test channel/,
  },
  {
    type: 'camio-callback-in',
    path: '/camio/door',
    isCloud: true,
    step: /camio\.com\/domains/,
    settings: { path: '/camio/door', acceptAnyone: true },
    event: /Test camera/,
  },
];

function nodeOf({ type, settings }: Receiving): FlowNode {
  const node = { name: '', version: 1, wires: [[debugId('tests')]], ...settings };
  return { ...node, listener: listenerId, id: nodeId, type, z: tab.id, x: 200, y: 200, wires: [[debugId('tests')]] };
}

describe('the editor: the address to paste', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let port: string;

  before(async () => {
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
    ({ port } = new URL(nodeRed.url));
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
  });
  beforeEach(async () => {
    editor.complaints.length = 0;
    await editor.haveAddresses();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
    // the way that a person chose last is offered first, as long as the page lives
    await editor.leave();
  });

  const url = () => editor.page.locator('.security-events-url');
  const ways = () => editor.page.getByLabel('Reached by');
  const shows = (text: string): Promise<void> => editor.page.getByText(text, { exact: true }).first().waitFor();

  /** What is on the clipboard, pasted as a person would. */
  async function pasted(): Promise<string> {
    const name = editor.page.locator('#node-input-name');
    await name.fill('');
    await name.press('ControlOrMeta+v');
    return name.inputValue();
  }

  async function open(node: Receiving, settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await editor.open([tab, listener(settings), nodeOf(node), debug('tests', 0)]);
    await editor.edit(nodeId);
  }

  for (const node of receiving) {
    const { type, path, isCloud, step, event } = node;

    it(`${type} offers the machine's addresses, copies what it shows, and tells what to do at the vendor's`, async () => {
      await open(node);
      await shows(`http://192.0.2.10:${port}${path}`);
      should(await ways().locator('option').allTextContents()).eql(['192.0.2.10 (eth0)', '2001:db8::10 (eth0)']);
      await ways().selectOption('2001:db8::10 (eth0)');
      should(await url().textContent()).equal(`http://[2001:db8::10]:${port}${path}`);
      const note = editor.page.locator('.security-events-way-note');
      should(await note.isVisible()).equal(isCloud);
      // plain http gives a page no clipboard but on this machine itself
      await editor.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
      await url().locator('xpath=following-sibling::button').click();
      should(await pasted()).equal(`http://[2001:db8::10]:${port}${path}`);
      await editor.page.locator(`.${type}-setup > summary`).click();
      should(await editor.page.locator(`.${type}-setup li`).allTextContents()).matchAny(step);
      await editor.picture(`${type}-address`, editor.page.locator('.red-ui-tray').last());
      await editor.cancel();
      should(await editor.isDirty()).be.false();
    });

    it(`${type} shows the listener's public address first, and sends a test event with one click`, async () => {
      await open(node, { publicUrl: 'https://site.example.com/cams/' });
      await shows(`https://site.example.com/cams${path}`);
      should(await editor.page.locator('.security-events-way-note').isVisible()).be.false();
      await editor.page.locator(`.${type}-state > summary`).click();
      await editor.page.getByRole('button', { name: 'Send a test event' }).click();
      const result = editor.page.locator('.security-events-tested');
      await result.getByText('Sent').waitFor();
      should(await result.textContent()).match(event);
      should(await result.getAttribute('class')).not.match(/security-events-bad/);
      await editor.picture(`${type}-tested`, editor.page.locator('.red-ui-tray').last());
      await editor.cancel();
    });
  }

  const [viewtron] = receiving;
  if (viewtron === undefined) throw new Error('no dialog');

  it('gives the parts that a camera asks for', async () => {
    await open(viewtron, { door: 'own', port: '15050', host: '127.0.0.1', publicUrl: '' });
    await shows('http://127.0.0.1:15050/cameras');
    await shows('Only programs on this machine can call that. For devices, choose one of its other addresses.');
    await editor.cancel();
    await open(viewtron, { door: 'own', port: String(await findFreePort(0)), publicUrl: 'https://[2001:db8::5]/x' });
    await editor.page.locator('.viewtron-in-setup > summary').click();
    const parts = await editor.page.locator('.security-events-parts code').allTextContents();
    should(parts).eql(['HTTPS', '[2001:db8::5]', '443', '/x/cameras']);
    await editor.cancel();
  });

  it('takes https, the root of the nodes and a container into account', async () => {
    await editor.haveAddresses({ isContainer: true, https: true, host: '' });
    await open(viewtron);
    await shows(`https://192.0.2.10:${port}/cameras`);
    await editor.page.getByText('This Node-RED runs in a container').waitFor();
    await editor.cancel();
    await editor.page.evaluate(() => {
      RED.settings.httpNodeRoot = '/api/';
    });
    await editor.edit(nodeId);
    await shows(`https://192.0.2.10:${port}/api/cameras`);
    await editor.cancel();
  });

  it('takes the usual port where a flow written by hand names none', async () => {
    // disabled, so that no port is opened
    await editor.open([tab, { id: listenerId, type: 'security-listener', name: '', d: true }, nodeOf(viewtron)]);
    await editor.edit(nodeId);
    await shows('http://192.0.2.10:5050/cameras');
    should(await editor.page.locator('#node-input-listener option:checked').textContent()).match(/^:5050\b/);
    await editor.cancel();
  });

  it('says so where there is no network to be reached by, and where addresses cannot be asked for', async () => {
    await editor.haveAddresses({ addresses: [] });
    await open(viewtron);
    await shows(`http://<this machine>:${port}/cameras`);
    await editor.cancel();
    const path = '**/security-events/security-listener/addresses';
    await editor.haveAddresses(null);
    await editor.page.route(path, (route) => route.fulfill({ status: 401, body: '' }));
    await editor.edit(nodeId);
    await shows(`http://<this machine>:${port}/cameras`);
    await editor.cancel();
  });

  it('asks for a Deploy before a test event, and says why a node drops one', async () => {
    await editor.open([tab, listener()]);
    await editor.edit(await editor.dragOut('viewtron-in'));
    await editor.page.locator('.viewtron-in-state > summary').click();
    await editor.page.getByRole('button', { name: 'Send a test event' }).click();
    await editor.page.getByText('Deploy first: the test goes through the running node.').waitFor();
    await editor.cancel();
    await open({ ...viewtron, settings: viewtronIn({ cameras: 'Gate cam' }) });
    await editor.page.locator('.viewtron-in-state > summary').click();
    await editor.page.getByRole('button', { name: 'Send a test event' }).click();
    await editor.page.getByText('The settings of this node drop it: camera').waitFor();
    await editor.cancel();
  });

  it('tests a listener before it is deployed, and keeps its public address', async () => {
    await open(viewtron);
    await editor.openConfig('listener');
    const dialog = editor.page.locator('.security-listener-dialog');
    await dialog.waitFor();
    await editor.page.getByRole('radio', { name: 'A port of its own' }).check();
    await editor.type(editor.page.getByLabel('Port', { exact: true }), String(await findFreePort(0)));
    const test = dialog.getByRole('button', { name: 'Test' });
    await test.click();
    await dialog.getByText('The port can be opened.').waitFor();
    await dialog.getByText('Your browser, at 127.0.0.1, would be let in by its address.').waitFor();
    await editor.picture('security-listener-tested', editor.page.locator('.red-ui-tray').last());
    await dialog.locator('.security-listener-access > summary').click();
    await editor.type(editor.page.getByLabel('Allowed'), '192.0.2.0/24');
    await test.click();
    await dialog.getByText('would not be let in').waitFor();

    const field = editor.page.getByLabel('Public address');
    await editor.type(field, 'site.example.com');
    should(await field.getAttribute('class')).match(/input-error/);
    await editor.type(field, 'https://site.example.com/cams');
    should(await field.getAttribute('class')).not.match(/input-error/);
    await editor.closeConfig('ok');
    await shows('https://site.example.com/cams/cameras');
    await editor.done();
    const made = (await editor.deploy()).find(({ id }) => id === listenerId);
    should(made).containEql({ publicUrl: 'https://site.example.com/cams', allow: '192.0.2.0/24' });
  });
});
