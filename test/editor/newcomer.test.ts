/** A newcomer's way to the first event of each vendor: in a real browser, with each click counted. */
import type { Locator } from 'playwright-core';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { writeHookCall, writeStreamIncident } from '../../simulators/camio/callbacks';
import { callBack } from '../../simulators/camio/sender';
import { CamlyticsServer } from '../../simulators/camlytics/server';
import { callWebhook, type WebhookCall } from '../../simulators/camlytics/site';
import { deliver } from '../../simulators/pdk/sender';
import { drawScene } from '../../simulators/picture';
import { Camera } from '../../simulators/viewtron/camera';
import { Editor } from './browser';
import { tab } from './flows';

/** The editor's global, as far as tests use it. Functions given to `evaluate` run in the page. */
declare const RED: {
  readonly nodes: { getType(type: string): { readonly defaults: Readonly<Record<string, { value: unknown }>> } };
};

const mostClicks = 12;
/** Two drags, a wire, a double click, Copy, Done, Deploy: if there were fewer, not all were counted. */
const leastClicks = 7;
const secret = 'token open sesame';

interface Path {
  readonly type: string;
  readonly tells: string;
  /** What is done in the dialog beside the listener; the button that copies the address, where it is not the usual one. */
  readonly fill?: (dialog: Locator, editor: Editor) => Promise<Locator | void>;
  /** As the vendor does, to the address that was copied; resolves with the status of the answer, where it is told. */
  readonly send: (address: string) => Promise<number | void>;
  /** In the words under the node. */
  readonly event: RegExp;
  readonly topic: string;
  readonly hasPicture: boolean;
}

/** A secret is pasted, after a click on its field. */
async function giveSecret(field: Locator, editor: Editor): Promise<void> {
  await field.click();
  await editor.type(field, secret);
}

const paths: readonly Path[] = [
  {
    type: 'viewtron-in',
    tells: 'an intrusion with its picture',
    async fill(dialog) {
      await dialog.locator('.viewtron-in-message > summary').click();
      await dialog.getByLabel('Show the last picture under the node').check();
    },
    async send(address) {
      const { hostname: host, port, pathname: path } = new URL(address);
      const identity = { name: 'Yard cam', mac: '02:00:5e:10:00:41', serial: 'DEMO00A1B2C3', ip: '192.0.2.41' };
      const camera = new Camera({
        ...identity,
        host,
        port: Number(port),
        path,
        firmware: '5.3.1',
        heartbeatSeconds: 0,
      });
      await camera.intruded();
      await camera.close();
    },
    event: /Yard cam/,
    topic: 'viewtron/intrusion',
    hasPicture: true,
  },
  {
    type: 'pdk-webhook-in',
    tells: 'a door that was opened by a card',
    fill: (dialog, editor) => giveSecret(dialog.locator('#node-input-secret'), editor),
    async send(url) {
      const message = {
        id: 'c27a4b52-9a38-4b0e-8b3e-2f5f1d1f6a10',
        body: { doorId: 1, personId: 101, requestFactor: 'CARD_OR_PIN' },
        metadata: { occurred: Date.now(), doorName: 'Main entrance' },
        panelId: '1070000',
        topic: 'door.request.allowed',
      };
      return (await deliver(message, { url, secret }))?.status;
    },
    event: /Main entrance/,
    topic: 'pdk/access',
    hasPicture: false,
  },
  {
    type: 'camlytics-webhook-in',
    tells: 'a line that was crossed',
    async send(address) {
      const server = await CamlyticsServer.open();
      const event = server.database.add({
        type: 'TripwireCrossed',
        origin: 'Pedestrian',
        objectId: '7',
        ruleName: 'Enter',
      });
      const { status } = await new Promise<WebhookCall>((done) => callWebhook(address, event, server, done));
      await server.close();
      return status;
    },
    event: /Lobby/,
    topic: 'camlytics/intrusion',
    hasPicture: false,
  },
  {
    type: 'camio-callback-in',
    tells: 'a stream in trouble',
    fill: (dialog, editor) => giveSecret(dialog.locator('#node-input-headerValue'), editor),
    async send(url) {
      const counters = { stream_changed_offline_count: 1 };
      const incident = { id: 'incident-1', atMs: Date.now(), camera: 'Dock East', ip: '192.0.2.44', counters };
      const headers = { 'Content-Type': 'application/json', Authorization: secret };
      return (await callBack(writeStreamIncident(incident), { url, headers })).status;
    },
    event: /Dock East/,
    topic: 'camio/health',
    hasPicture: false,
  },
  {
    type: 'camio-callback-in',
    tells: 'a video of a hook with its pictures',
    async fill(dialog) {
      const hooks = dialog.locator('.camio-callback-in-hooks');
      await hooks.locator('> summary').click();
      await hooks.getByLabel('Show the last picture under the node').check();
      return hooks.getByRole('button', { name: 'Copy' });
    },
    async send(url) {
      const figures = [{ kind: 'person', box: { x1: 4000, y1: 3500, x2: 4900, y2: 8500 } }] as const;
      const scene = drawScene({ width: 640, height: 360, caption: 'Dock East', figures });
      const call = writeHookCall('Dock East', 'hook-1', [{ ...scene, atMs: Date.now() }]);
      return (await callBack(call, { url, headers: { 'Content-Type': 'application/json' } })).status;
    },
    event: /Dock East/,
    topic: 'camio/object',
    hasPicture: true,
  },
];

describe('the editor: a newcomer', () => {
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async () => {
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await countClicks();
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
  });
  beforeEach(async () => {
    // with the page go its clicks, and the messages in its sidebar
    await editor.leave();
    editor.complaints.length = 0;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  /**
   * In the page itself, whoever moves the mouse: each press of a button, so a drag and a double click are one. A field that is
   * changed without having been pressed counts too, for the click that a person needs to get there.
   */
  async function countClicks(): Promise<void> {
    await editor.page.addInitScript(() => {
      const counted = Object.assign(window, { clicks: 0 });
      let pressed: EventTarget | null = null;
      for (const kind of ['mousedown', 'input']) {
        addEventListener(
          kind,
          (event) => {
            const { target } = event;
            const label = pressed instanceof Element ? pressed.closest('label') : null;
            const isPressed = target === pressed || (label !== null && label.control === target);
            if (event instanceof MouseEvent ? event.detail > 1 : isPressed) return;
            pressed = target;
            counted.clicks += 1;
          },
          true,
        );
      }
    });
  }
  const clicks = (): Promise<number> => editor.page.evaluate(() => (window as unknown as { clicks: number }).clicks);

  /** Stands in for 5050, which a test cannot have for itself. */
  async function offerFreePort(): Promise<void> {
    const port = String(await findFreePort(0));
    await editor.page.evaluate((value) => {
      const setting = RED.nodes.getType('security-listener').defaults.port;
      if (setting) setting.value = value;
    }, port);
  }

  /** What the Copy button put there, as it is called from this machine. */
  async function copied(shown: string): Promise<string> {
    const text = await editor.page.evaluate(() => navigator.clipboard.readText());
    should(text).equal(shown);
    const address = new URL(text);
    address.hostname = '127.0.0.1';
    return address.href;
  }

  for (const { type, tells, fill, send, event, topic, hasPicture } of paths) {
    const shot = `newcomer-${type}${hasPicture ? '-picture' : ''}`;

    it(`${type} tells of ${tells} after ${mostClicks} clicks at most`, async function () {
      await editor.open([tab]);
      await offerFreePort();
      should(await clicks()).equal(0);

      const id = await editor.dragOut(type, { right: -150 });
      const debugId = await editor.dragOut('debug', { right: 150 });
      await editor.wire(id, debugId);
      const dialog = await editor.edit(id);
      await editor.openConfig('listener', 'add');
      await editor.closeConfig('ok');
      const usual = editor.page.locator('.security-events-where .security-events-copy');
      const copy = (await fill?.(dialog, editor)) ?? usual;
      const shown = copy.locator('xpath=preceding-sibling::code');
      await shown.filter({ hasText: '192.0.2.10' }).waitFor();
      await copy.click();
      const address = await copied((await shown.textContent()) ?? '');
      await editor.picture(`${shot}-dialog`);
      await editor.done();
      await editor.deploy();
      const status = editor.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`);
      await status.filter({ hasText: new URL(address).port }).waitFor();

      should((await send(address)) ?? 200).equal(200);
      await status.filter({ hasText: event }).waitFor();
      // from Node-RED 5 on it is open from the beginning
      const sidebar = editor.page.locator('#red-ui-tab-debug-link-button');
      if ((await sidebar.count()) > 0) await sidebar.click();
      await editor.page.locator('.red-ui-debug-msg').filter({ hasText: topic }).first().waitFor();
      if (hasPicture)
        await editor.page.locator(`[id="${id}"] .security-events-preview[data-state="shown"] image`).waitFor();
      await editor.picture(shot);

      should(await editor.faultsOf(type)).eql([]);
      const number = await clicks();
      if (this.test) this.test.title += `: ${number}`;
      should(number).be.within(leastClicks, mostClicks);
    });
  }
});
