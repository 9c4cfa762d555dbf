/** Makes the pictures of the README from the running demo, in a real browser: on the installed Node-RED and on the newest one. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { install, versions } from '../test/versions/versions';
import { startDemo } from './demo-run';

const folder = join(__dirname, '..', 'docs');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** The editor with the example's flow; and beside it, where that has a name, the dialog of its node. */
async function takeEditor(
  browser: Browser,
  url: string,
  file: string,
  { isDark = false, dialog = '' } = {},
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 820 } });
  await page.goto(`${url}/#flow/5e0c0a7e11571000`);
  await page.locator('.red-ui-flow-node').first().waitFor();
  if (isDark) await page.evaluate(() => document.documentElement.classList.add('nr-theme-dark'));
  await page.evaluate("RED.sidebar.show('debug')");
  await page.locator('.red-ui-debug-msg').nth(6).waitFor();
  await page.screenshot({ path: join(folder, `${file}.png`) });
  if (dialog !== '') {
    await page.evaluate("RED.editor.edit(RED.nodes.filterNodes({ type: 'viewtron-in' })[0])");
    const tray = page.locator('.red-ui-tray[style*="right: 0px"]');
    await tray.locator('.viewtron-in-setup > summary').click();
    await tray.screenshot({ path: join(folder, `${dialog}.png`) });
  }
  await page.close();
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...flags, '--disable-component-update', '--disable-sync'],
  });
  const [newest] = versions;
  for (const version of [undefined, newest]) {
    if (version !== undefined) Object.assign(process.env, install(version));
    let events = 0;
    let enough: () => void = () => undefined;
    const seenEnough = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const demo = await startDemo(() => {
      events += 1;
      if (events > 60) enough();
    });
    await seenEnough;
    if (version === undefined) {
      await takeEditor(browser, demo.nodeRed.url, 'editor', { dialog: 'dialog' });
      const page = await browser.newPage({ viewport: { width: 1200, height: 640 } });
      await page.goto(`${demo.nodeRed.url}/camera-events`);
      await page.locator('figure').nth(5).waitFor();
      await page.screenshot({ path: join(folder, 'pictures.png') });
      await page.close();
    } else {
      await takeEditor(browser, demo.nodeRed.url, 'editor-5');
      await takeEditor(browser, demo.nodeRed.url, 'editor-5-dark', { isDark: true });
    }
    await demo.stop();
  }
  await browser.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
