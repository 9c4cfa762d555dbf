/** The editor in a real browser, as a person uses it: drag, type, tick, Done, Deploy. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import should from 'should';

export type FlowNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** The part of the editor's global that tests ask. Functions given to `evaluate` run in the page. */
declare const RED: {
  readonly nodes: {
    dirty(isIt?: boolean): boolean;
    clear(): void;
    import(nodes: readonly object[]): void;
    version(revision: string | null): void;
    filterNodes(filter: { type: string }): readonly { id: string; valid: boolean; validationErrors: string[] }[];
    node(id: string): { validationErrors: string[] } | null;
  };
  readonly clipboard: { export(): void };
  readonly actions: { invoke(action: string): void };
  readonly comms: Readonly<
    Record<
      'subscribe' | 'unsubscribe',
      (topic: string, hear: (topic: string, told: { readonly revision: string }) => void) => void
    >
  >;
  readonly history: { clear(): void };
  readonly view: { redraw(isForced: boolean): void; select(selection: { nodes: readonly unknown[] }): void };
};

/** Said by the editor when a function of a node's definition throws; it swallows the error itself. */
const swallowed = /oneditprepare|oneditsave|oneditresize|validation error|definition error/i;

/** For everything that the editor is waited for. */
const timeoutMs = 30_000;

export class Editor {
  /** What the page complained of. Requests that fail are no complaint: the catalogue is not reachable here. */
  readonly complaints: string[] = [];

  private constructor(
    readonly url: string,
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {
    page.setDefaultTimeout(timeoutMs);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      const failedRequest = text.startsWith('Failed to load resource');
      if ((message.type() === 'error' && !failedRequest) || swallowed.test(text)) this.complaints.push(text);
    });
  }

  /** @param locale what the browser says that its user reads: the editor's language */
  static async launch(url: string, locale = 'en-US'): Promise<Editor> {
    const profile = mkdtempSync(join(tmpdir(), 'gatehouse-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      locale,
      viewport: { width: 1280, height: 900 },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    const editor = new Editor(url, page, context, profile);
    await editor.answerAddresses();
    await editor.holdStill();
    return editor;
  }

  /** What dialogs are told of the machine's addresses, whatever machine the test runs on; null: what it is. */
  async haveAddresses(told: Readonly<Record<string, unknown>> | null = {}): Promise<void> {
    const addresses = [
      { address: '192.0.2.10', family: 'IPv4', name: 'eth0' },
      { address: '2001:db8::10', family: 'IPv6', name: 'eth0' },
    ];
    const port = Number(new URL(this.url).port);
    const machine = { addresses, isContainer: false, host: '', port, https: false, adminRoot: '/', ...told };
    const tell = (answer: unknown): void => void Object.assign(window, { toldAddresses: answer });
    const answer = told && machine;
    await this.page.addInitScript(tell, answer);
    await this.page.evaluate(tell, answer);
  }

  /** In the page itself: routes of Playwright switch off the browser's cache, and each page then takes half as long again. */
  private async answerAddresses(): Promise<void> {
    await this.page.addInitScript(() => {
      const open = XMLHttpRequest.prototype.open as (...all: unknown[]) => void;
      XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, method: string, url: string, ...more: unknown[]) {
        const { toldAddresses: told } = window as { toldAddresses?: unknown };
        const isAsked = told && url.includes('security-events/security-listener/addresses');
        const answer = `data:application/json,${encodeURIComponent(JSON.stringify(told))}`;
        open.call(this, method, isAsked ? answer : url, ...(more.length ? more : [true]));
      };
    });
    await this.haveAddresses();
  }

  /** Nothing slides or fades: the tests would wait for it, and the machine draw it. */
  private async holdStill(): Promise<void> {
    await this.page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        const style = document.createElement('style');
        style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
        document.head.append(style);
        // the pages of a dashboard have none
        const { jQuery } = window as { jQuery?: { fx: { off: boolean } } };
        if (jQuery) jQuery.fx.off = true;
      });
    });
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  /** Makes these the deployed flows, with nothing left of those before, and opens the editor on them. */
  async open(flows: readonly FlowNode[]): Promise<void> {
    const isThere = await this.isAtRest();
    if (isThere) await this.page.evaluate(() => (RED.nodes.version(null), RED.nodes.clear(), RED.history.clear()));
    // secrets and counts stay as long as there is a node of that id
    await this.post([]);
    if (isThere) return this.exchange(flows);
    await this.post(flows);
    await this.page.goto(this.url);
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'attached' });
    await this.page.locator('#red-ui-workspace-tabs .red-ui-tab.active').waitFor();
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    await this.page.locator('#red-ui-header-button-deploy').waitFor();
    await this.started(await this.revision());
  }

  /** Leaves the page, for tests that have changed more of it than its flows: the next one loads it anew. */
  async leave(): Promise<void> {
    await this.page.goto('about:blank');
  }

  /** Whether the editor stands there with nothing open and nothing wrong; to load it anew takes seconds. */
  private async isAtRest(): Promise<boolean> {
    if (!this.page.url().startsWith(`${this.url}/`) || this.complaints.length > 0) return false;
    return this.page.evaluate(
      () =>
        typeof RED === 'object' &&
        !document.querySelector('.red-ui-tray, .red-ui-notification, .ui-dialog:not([style*="none"])'),
    );
  }

  /** As the editor does when another project is opened. Nodes are there before they start, so that none misses its status. */
  private async exchange(flows: readonly FlowNode[]): Promise<void> {
    await this.page.evaluate(
      (nodes) => RED.nodes.import(nodes),
      flows.map(({ credentials: _secret, ...node }) => node),
    );
    await this.post(flows);
    const revision = await this.revision();
    await this.page.evaluate((rev) => {
      RED.nodes.version(rev);
      RED.nodes.dirty(false);
      RED.view.redraw(true);
    }, revision);
    await this.started(revision);
  }

  private async revision(): Promise<string> {
    const response = await fetch(`${this.url}/flows`, { headers: { 'Node-RED-API-Version': 'v2' } });
    return ((await response.json()) as { readonly rev: string }).rev;
  }

  /** Node-RED answers a Deploy before its nodes have started, and tells open editors when they have. */
  private async started(revision: string): Promise<void> {
    await this.page.evaluate(
      (wanted) =>
        new Promise<void>((resolve) => {
          // an object: what makes JavaScript of this gives functions by themselves names, with a helper that no page has
          const ear = {
            hear(topic: string, { revision: told }: { readonly revision: string }): void {
              if (told !== wanted) return;
              RED.comms.unsubscribe(topic, ear.hear);
              resolve();
            },
          };
          // the last one is told again to whoever begins to listen
          RED.comms.subscribe('notification/runtime-deploy', ear.hear);
        }),
      revision,
    );
  }

  private async post(flows: readonly FlowNode[]): Promise<void> {
    const response = await fetch(`${this.url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(flows),
    });
    should(response.status).equal(204);
  }

  palette(type: string): Locator {
    return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  }

  /** Drags a node out of the palette with the mouse, to so far beside the middle, and returns its id. */
  async dragOut(type: string, { right = 0, down = 0 } = {}): Promise<string> {
    const source = this.palette(type);
    await source.scrollIntoViewIfNeeded();
    const from = await middle(source);
    const centre = await middle(this.page.locator('#red-ui-workspace-chart'));
    const to = { x: centre.x + right, y: centre.y + down };
    const before = await this.idsOf(type);
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(from.x + 20, from.y + 5, { steps: 3 });
    await this.page.mouse.move(to.x, to.y, { steps: 10 });
    await this.page.mouse.up();
    const added = (await this.idsOf(type)).filter((id) => !before.includes(id));
    should(added).have.length(1);
    return added[0] ?? '';
  }

  /** Drags a wire with the mouse, from a node's first output to another's input. */
  async wire(fromId: string, toId: string): Promise<void> {
    const from = await middle(this.page.locator(`[id="${fromId}"] .red-ui-flow-port-output .red-ui-flow-port`).first());
    const to = await middle(this.page.locator(`[id="${toId}"] .red-ui-flow-port-input .red-ui-flow-port`));
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(from.x + 20, from.y, { steps: 3 });
    await this.page.mouse.move(to.x, to.y, { steps: 10 });
    await this.page.mouse.up();
  }

  async idsOf(type: string): Promise<readonly string[]> {
    return this.page.evaluate((wanted) => RED.nodes.filterNodes({ type: wanted }).map((node) => node.id), type);
  }

  /** What the editor says is wrong with a node: the text of its red triangle. */
  async faultsOf(type: string): Promise<readonly string[]> {
    return this.page.evaluate(
      (wanted) => RED.nodes.filterNodes({ type: wanted }).flatMap((node) => node.validationErrors ?? []),
      type,
    );
  }

  /** The same of one node, which may be a config node. */
  async faultsOfNode(id: string): Promise<readonly string[]> {
    return this.page.evaluate((wanted) => RED.nodes.node(wanted)?.validationErrors ?? [], id);
  }

  /** What the export dialog offers to copy for all flows. */
  async exported(): Promise<string> {
    await this.page.evaluate(() => RED.clipboard.export());
    const text = this.page.locator('#red-ui-clipboard-dialog-export-text');
    await this.page.locator('#red-ui-clipboard-dialog-export-rng-full').click();
    await this.page.locator('a[href="#red-ui-clipboard-dialog-export-tab-clipboard-json"]').click();
    const flows = await text.inputValue();
    await this.page.locator('#red-ui-clipboard-dialog-cancel').click();
    await this.page.locator('#red-ui-clipboard-dialog').waitFor({ state: 'hidden' });
    return flows;
  }

  /** Opens a node's dialog by a double click. */
  async edit(id: string): Promise<Locator> {
    // the group holds the status text too, so its own middle may be beside the node
    const group = this.page.locator(`[id="${id}"]`);
    const at = await middle(group.locator('rect.red-ui-flow-node'));
    const from = await group.boundingBox();
    await group.dblclick({ position: { x: at.x - (from?.x ?? 0), y: at.y - (from?.y ?? 0) } });
    return this.opened('#node-dialog-ok');
  }

  /** Presses the button beside the field of a config node in the open dialog: the pencil, or the plus. */
  async openConfig(property: string, how: 'edit' | 'add' = 'edit'): Promise<Locator> {
    await this.page.locator(`#node-input-btn-${property}-${how}`).click();
    return this.opened('#node-config-dialog-ok');
  }

  /** A dialog that was just opened: the editor sets its focus a moment later, and would take it from who types by then. */
  private async opened(button: string): Promise<Locator> {
    const dialog = await this.built(button);
    await dialog.locator('.red-ui-tray-body :focus').waitFor({ state: 'attached' });
    return dialog;
  }

  /** The dialog with that button, once it is there whole: until then the editor drops whatever opens another. */
  private async built(button: string): Promise<Locator> {
    // the editor slides it in, by a style of its own, when it has built it
    const dialog = this.page.locator(`.red-ui-tray[style*="right: 0px"]:has(${button})`);
    await dialog.locator('form').first().waitFor();
    return dialog;
  }

  /** Closes the dialog of a config node, and waits for that of the node below. */
  async closeConfig(button: 'ok' | 'cancel'): Promise<void> {
    await this.page.locator(`#node-config-dialog-${button}`).click();
    await this.page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
    await this.built('#node-dialog-ok');
  }

  /** Types over what a field holds. The editor checks a field when a key is let go. */
  async type(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    await field.press('End');
  }

  /** Presses the book button of the open dialog and returns the help. */
  async help(): Promise<Locator> {
    await this.page.locator('.red-ui-tray').last().locator('button:has(.fa-book)').click();
    return this.page.locator('.red-ui-help');
  }

  async done(): Promise<void> {
    await this.page.locator('#node-dialog-ok').click();
    await this.trayGone();
  }

  async cancel(): Promise<void> {
    await this.page.locator('#node-dialog-cancel').click();
    await this.trayGone();
  }

  private async trayGone(): Promise<void> {
    await this.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }

  async undo(): Promise<void> {
    await this.page.evaluate(() => RED.actions.invoke('core:undo'));
  }

  async isDirty(): Promise<boolean> {
    return this.page.evaluate(() => RED.nodes.dirty());
  }

  /** Presses Deploy, past the warning about invalid nodes, and returns the flows that Node-RED then has. */
  async deploy(): Promise<readonly FlowNode[]> {
    const posted = this.page.waitForResponse(
      (response) => response.request().method() === 'POST' && new URL(response.url()).pathname === '/flows',
    );
    await this.page.locator('#red-ui-header-button-deploy').click();
    const response = await posted;
    should(response.ok()).be.true();
    await this.started(((await response.json()) as { readonly rev: string }).rev);
    await this.page.waitForFunction(() => !RED.nodes.dirty());
    return this.deployed();
  }

  /** Starts the deployed flows again, as "Restart Flows" of the Deploy menu does. */
  async restartFlows(): Promise<void> {
    const headers = { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'reload' };
    should((await fetch(`${this.url}/flows`, { method: 'POST', headers, body: '[]' })).status).equal(204);
  }

  async deployed(): Promise<readonly FlowNode[]> {
    return (await (await fetch(`${this.url}/flows`)).json()) as FlowNode[];
  }

  /** Keeps a picture where the SCREENSHOTS folder is wanted. */
  async picture(name: string, of: Locator | Page = this.page): Promise<void> {
    const folder = process.env.SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await of.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error(`not to be seen: ${of.toString()}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
