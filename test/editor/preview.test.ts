/** The pictures under nodes, in a real browser against a real Node-RED with a simulated camera. */
import { createRequire } from 'node:module';
import type { Locator, WebSocketRoute } from 'playwright-core';
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { Camera } from '../../simulators/viewtron/camera';
import { wrapConfig } from '../support/events';
import { Editor, type FlowNode } from './browser';
import { listener, nodeId, tab, viewtronIn } from './flows';

const { hashSync } = createRequire(require.resolve('node-red'))('bcryptjs') as { hashSync: (text: string) => string };

const presenceId = '5555555555555555';
const secondTab: FlowNode = { id: '9999999999999999', type: 'tab', label: 'Other' };
const identity = { name: 'Yard cam', mac: '02:00:5e:10:00:41', serial: 'DEMO00A1B2C3', ip: '192.0.2.41' };
const box = { x1: 2000, y1: 3000, x2: 4500, y2: 9000 };

/** The editor's global, as far as tests use it. Functions given to `evaluate` run in the page. */
declare const RED: {
  readonly actions: { invoke(action: string): void };
  readonly view: { select(selection: { nodes: readonly unknown[] }): void; scale(): number };
  readonly nodes: { node(id: string): unknown };
  readonly workspaces: { show(id: string): void };
};

describe('the editor: preview', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let camera: Camera;
  /** Everything that came over the message channel about previews. */
  const heard: string[] = [];
  const channels: WebSocketRoute[] = [];
  /** Requests for pictures, and how many were under way at most. */
  const asked: string[] = [];
  let underWay = 0;
  let most = 0;

  before(async () => {
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
    await editor.page.setViewportSize({ width: 1400, height: 1000 });
    await editor.page.routeWebSocket(/\/comms$/, (channel) => {
      const server = channel.connectToServer();
      channels.push(channel);
      server.onMessage((message) => {
        if (String(message).includes('security-events/preview')) heard.push(String(message));
        channel.send(message);
      });
    });
    const isPreview = (url: string): boolean => /\/preview(\/\d+)?$/.test(url);
    editor.page.on('request', (request) => {
      if (!isPreview(request.url())) return;
      asked.push(request.url());
      underWay += 1;
      most = Math.max(most, underWay);
    });
    const settle = (request: { url(): string }): void => {
      if (isPreview(request.url())) underWay -= 1;
    };
    editor.page.on('requestfinished', settle);
    editor.page.on('requestfailed', settle);
    const at = { host: '127.0.0.1', port: Number(new URL(nodeRed.url).port), path: '/cameras' };
    camera = new Camera({ ...identity, ...at, firmware: '5.3.1', heartbeatSeconds: 0 });
  });

  after(async () => {
    await camera?.close();
    await editor?.close();
    await nodeRed?.stop();
  });

  beforeEach(() => {
    editor.complaints.length = 0;
    heard.length = 0;
    asked.length = 0;
    most = 0;
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const preview = (id = nodeId): Locator => editor.page.locator(`[id="${id}"] .security-events-preview`);
  const shown = (id = nodeId): Locator =>
    editor.page.locator(`[id="${id}"] .security-events-preview[data-state="shown"]`);
  const words = (id = nodeId): Locator => preview(id).locator('.security-events-preview-words');
  const urlOf = async (id = nodeId): Promise<string> =>
    (await shown(id).locator('image').getAttribute('href')) ?? 'none';
  const rectOf = async (locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
    const rect = await locator.boundingBox();
    if (rect === null) throw new Error('not to be seen');
    return rect;
  };
  /** It may glide to its new size, and what glides away from under the mouse cannot be clicked. */
  const untilZoomed = async (isSmaller: boolean): Promise<void> => {
    await editor.page.waitForFunction((isSmall) => {
      const image = document.querySelector('.security-events-preview image');
      const scale = RED.view.scale();
      const isThere = image !== null && Math.abs(image.getBoundingClientRect().width - 240 * scale) < 2;
      return isThere && scale < 1 === isSmall;
    }, isSmaller);
  };
  const isOpen = async (url: string): Promise<boolean> =>
    editor.page.evaluate(
      (of) =>
        fetch(of).then(
          () => true,
          () => false,
        ),
      url,
    );

  async function tick(on: boolean, section = '.viewtron-in-message'): Promise<void> {
    const dialog = await editor.edit(nodeId);
    await dialog.locator(`${section} > summary`).click();
    await dialog.getByLabel('Show the last picture under the node').setChecked(on);
    await editor.picture('preview-dialog');
    await editor.done();
  }

  it('shows nothing until it is ticked; then what the camera saw, with its boxes, from the next event on', async () => {
    await editor.open([tab, listener(), viewtronIn()]);
    await camera.intruded({ box });
    should(await preview().count()).equal(0);
    should(asked).eql([]);
    should((await fetch(`${nodeRed.url}/security-events/viewtron-in/${nodeId}/preview`)).status).equal(404);

    await tick(true);
    should(await words().textContent()).equal('Deploy to see pictures here');
    should((await editor.deploy()).find(({ id }) => id === nodeId)).containEql({ preview: true });
    await editor.page.getByText('No picture yet').waitFor();
    should(heard).eql([]);
    await editor.picture('preview-waiting');

    await camera.intruded({ box });
    await shown().waitFor();
    const picture = await rectOf(shown().locator('image'));
    const node = await rectOf(editor.page.locator(`[id="${nodeId}"] rect.red-ui-flow-node`));
    should(picture.width).be.approximately(240, 1);
    should(picture.x).be.approximately(node.x, 1);
    should(picture.y).be.above(node.y + node.height + 15);
    const mark = await rectOf(shown().locator('rect.security-events-preview-mark'));
    const inner = { x: mark.x + 0.75, y: mark.y + 0.75, width: mark.width - 1.5, height: mark.height - 1.5 };
    should((inner.x - picture.x) / picture.width).be.approximately(0.2, 0.02);
    should((inner.y - picture.y) / picture.height).be.approximately(0.3, 0.02);
    should(inner.width / picture.width).be.approximately(0.25, 0.02);
    should(inner.height / picture.height).be.approximately(0.6, 0.02);
    should(await shown().locator('.security-events-preview-label').allTextContents()).containEql('person');
    should(await shown().locator('polygon.security-events-preview-mark').count()).equal(1);
    // as much of it as fits: the time beside it has a digit more at ten o'clock
    should(await words().textContent()).match(/^area-intruded start/);
    should(await urlOf()).startWith(`blob:${nodeRed.url}/`);
    await editor.picture('preview-shown');
  });

  it('tells over the message channel only that there is a new one', async () => {
    await editor.open([tab, listener(), viewtronIn({ preview: true })]);
    await camera.intruded({ box });
    await shown().waitFor();
    const told = heard.flatMap((text) => JSON.parse(text) as { topic: string; data: object }[]);
    const own = told.filter(({ topic }) => topic === 'security-events/preview');
    should(own.length).be.aboveOrEqual(1);
    for (const { data } of own) should(Object.keys(data)).eql(['id', 'seq']);
    const reply = await fetch(`${nodeRed.url}/security-events/viewtron-in/${nodeId}/preview`);
    const { seq } = (await reply.json()) as { seq: number };
    should(own.at(-1)?.data).eql({ id: nodeId, seq });
  });

  it('moves and grows with its node, lets clicks through, and goes when it is switched off', async () => {
    await editor.open([tab, listener(), viewtronIn({ preview: true })]);
    await camera.intruded({ box });
    await shown().waitFor();
    const before = await rectOf(shown().locator('image'));
    const node = await rectOf(editor.page.locator(`[id="${nodeId}"] rect.red-ui-flow-node`));
    const { mouse } = editor.page;
    await mouse.move(node.x + 60, node.y + 15);
    await mouse.down();
    await mouse.move(node.x + 100, node.y + 40, { steps: 4 });
    await mouse.move(node.x + 160, node.y + 75, { steps: 4 });
    await mouse.up();
    const moved = await rectOf(shown().locator('image'));
    should(moved.x - before.x).be.approximately(100, 20);
    should(moved.y - before.y).be.approximately(60, 20);
    const under = await editor.page.evaluate(
      ([x = 0, y = 0]) => document.elementFromPoint(x, y)?.closest('.security-events-preview') === null,
      [moved.x + 20, moved.y + 20],
    );
    should(under).be.true();
    await editor.page.evaluate(() => RED.actions.invoke('core:zoom-out'));
    await untilZoomed(true);
    await editor.page.evaluate(() => RED.actions.invoke('core:zoom-reset'));
    await untilZoomed(false);
    const url = await urlOf();
    await tick(false);
    await preview().waitFor({ state: 'detached' });
    should(await isOpen(url)).be.false();
    await editor.undo();
    await shown().waitFor();
    await tick(false);
    await editor.deploy();
    should((await fetch(`${nodeRed.url}/security-events/viewtron-in/${nodeId}/preview`)).status).equal(404);
  });

  it('goes with a node that is deleted or in another flow, and keeps no picture of it; comes back with it', async () => {
    await editor.open([tab, secondTab, listener(), viewtronIn({ preview: true })]);
    await camera.intruded({ box });
    await shown().waitFor();
    const first = await urlOf();
    await editor.page.evaluate((id) => RED.view.select({ nodes: [RED.nodes.node(id)] }), nodeId);
    await editor.page.evaluate(() => RED.actions.invoke('core:delete-selection'));
    await preview().waitFor({ state: 'detached' });
    should(await isOpen(first)).be.false();
    await editor.undo();
    await shown().waitFor();

    const second = await urlOf();
    await editor.page.evaluate((id) => RED.workspaces.show(id), secondTab.id);
    await preview().waitFor({ state: 'detached' });
    should(await isOpen(second)).be.false();
    asked.length = 0;
    await camera.intruded({ box });
    should(asked).eql([]);
    await editor.page.evaluate((id) => RED.workspaces.show(id), tab.id);
    await shown().waitFor();
    should(asked).have.length(2);
  });

  it('stays through a Deploy, and fetches after a reconnect what was said meanwhile', async () => {
    await editor.open([tab, listener(), viewtronIn({ preview: true })]);
    await camera.intruded({ box });
    await shown().waitFor();
    const first = await urlOf();
    await editor.restartFlows();
    const path = `${nodeRed.url}/security-events/viewtron-in/${nodeId}/preview`;
    should((await fetch(path)).status).equal(200);
    should(await urlOf()).equal(first);

    const count = channels.length;
    await channels.at(-1)?.close({ code: 1001, reason: 'gone' });
    await camera.intruded({ box: { ...box, x1: 5000, x2: 8000 } });
    await editor.page.waitForFunction(
      (url) => document.querySelector('.security-events-preview image')?.getAttribute('href') !== url,
      first,
    );
    should(channels.length).be.above(count);
    should(await isOpen(first)).be.false();
  });

  it('says so where a picture cannot be shown, and shows the next one', async () => {
    await editor.open([tab, listener(), viewtronIn({ preview: true })]);
    const size = Buffer.from('ffd8ffc0001108003c00500301220002110003110100', 'hex');
    const data = Buffer.concat([size, Buffer.from('<script>alert(1)</script>'.repeat(20))]).toString('base64');
    const body = wrapConfig(
      `<smartType>PEA</smartType><mac>${identity.mac}</mac><deviceName>Yard</deviceName><currentTime>${Date.now()}000</currentTime>
      <perimeter><perInfo><item><eventId>1</eventId><targetId>7</targetId><status>SMART_START</status></item></perInfo></perimeter>
      <sourceDataInfo><sourceBase64Length>${data.length}</sourceBase64Length><sourceBase64Data><![CDATA[${data}]]></sourceBase64Data></sourceDataInfo>`,
    );
    await fetch(`${nodeRed.url}/cameras`, { method: 'POST', headers: { 'content-type': 'application/xml' }, body });
    await editor.page.getByText('This picture cannot be shown').waitFor();
    await editor.picture('preview-unfit');
    await camera.intruded({ box });
    await shown().waitFor();
  });

  it('is read in light and in dark', async () => {
    await editor.open([tab, listener(), viewtronIn({ preview: true })]);
    await camera.intruded({ box });
    await shown().waitFor();
    const look = (): Promise<{ words: string; time: string; wanted: string }> =>
      editor.page.evaluate(() => {
        const probe = document.createElement('span');
        probe.style.color = 'var(--red-ui-secondary-text-color)';
        document.body.append(probe);
        const wanted = getComputedStyle(probe).color;
        probe.remove();
        const [fill = '', time = ''] = ['words', 'time'].map(
          (part) => getComputedStyle(document.querySelector(`.security-events-preview-${part}`) ?? document.body).fill,
        );
        return { words: fill, time, wanted };
      });
    for (const isDark of [false, true]) {
      await editor.page.evaluate((on) => document.documentElement.classList.toggle('nr-theme-dark', on), isDark);
      const { words: fill, time, wanted } = await look();
      should([fill, time]).eql([wanted, wanted]);
      await editor.picture(isDark ? 'preview-dark' : 'preview-light');
    }
    await editor.page.evaluate(() => document.documentElement.classList.remove('nr-theme-dark'));
  });

  it('shows the drawing of viewtron-presence, also where it sends no pictures', async () => {
    const presence: FlowNode = {
      id: presenceId,
      type: 'viewtron-presence',
      z: tab.id,
      name: '',
      preview: true,
      x: 480,
      y: 200,
      wires: [[], [], [], [], []],
    };
    await editor.open([tab, listener(), viewtronIn({ wires: [[presenceId]] }), presence]);
    await camera.intruded({ box });
    await shown(presenceId).waitFor();
    const picture = await rectOf(shown(presenceId).locator('image'));
    should(picture.height).be.approximately(135, 1);
    should(await preview().count()).equal(0);
    await editor.picture('preview-presence');
  });

  it('fetches a few at a time, and only those that can be seen', async () => {
    const nodes = Array.from({ length: 16 }, (_, index) => ({
      ...viewtronIn({ preview: true }),
      id: `33333333333333${String(10 + index)}`,
      x: index < 8 ? 140 + 250 * (index % 3) : 3500,
      y: 80 + 200 * Math.floor((index % 8) / 3),
    }));
    await editor.open([tab, listener(), ...nodes]);
    await camera.intruded({ box });
    for (const { id } of nodes.slice(0, 8)) await shown(id).waitFor();
    should(most).be.belowOrEqual(3);
    for (const { id } of nodes.slice(8)) {
      should(await shown(id).count()).equal(0);
      should(asked.filter((url) => url.includes(id))).eql([]);
    }
    await editor.picture('preview-many');
    await editor.page.evaluate(() => document.querySelector('#red-ui-workspace-chart')?.scrollTo(3000, 0));
    for (const { id } of nodes.slice(8)) await shown(id).waitFor();
    should(most).be.belowOrEqual(3);
  });
});

describe('the editor: preview, with users and a root of its own', () => {
  let nodeRed: NodeRed;
  let editor: Editor;
  let camera: Camera;

  before(async () => {
    const users = [{ username: 'guard', password: hashSync('of the gate'), permissions: '*' }];
    nodeRed = await startNodeRed({
      flows: [tab, listener(), viewtronIn({ preview: true })],
      settings: { adminAuth: { type: 'credentials', users }, httpAdminRoot: '/admin/red' },
    });
    editor = await Editor.launch(`${nodeRed.url}/admin/red`);
    const at = { host: '127.0.0.1', port: Number(new URL(nodeRed.url).port), path: '/cameras' };
    camera = new Camera({ ...identity, ...at, firmware: '5.3.1', heartbeatSeconds: 0 });
  });

  after(async () => {
    await camera?.close();
    await editor?.close();
    await nodeRed?.stop();
  });

  it('is fetched by whoever has logged in, and says so where a token no longer counts', async () => {
    const { page } = editor;
    await page.goto(editor.url);
    await page.locator('#node-dialog-login-username').fill('guard');
    await page.locator('#node-dialog-login-password').fill('of the gate');
    await page.locator('#node-dialog-login-submit').click();
    await page.getByText('No picture yet').waitFor();
    await camera.intruded({ box });
    const image = page.locator('.security-events-preview[data-state="shown"] image');
    await image.waitFor();
    const picture = await image.getAttribute('href');
    should(picture).startWith(`blob:${nodeRed.url}/`);
    await editor.picture('preview-logged-in');

    await page.route(/\/preview$/, (route) => route.fulfill({ status: 401, body: 'Unauthorized' }));
    await camera.intruded({ box });
    await page.getByText('You may not see this picture').waitFor();
    await page.unroute(/\/preview$/);
    await camera.intruded({ box });
    await image.waitFor();
    should(editor.complaints).eql([]);
  });
});
