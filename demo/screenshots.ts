/** Makes the pictures of the README from the running demo, in a real browser. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startDemo } from './demo-run';

const folder = join(__dirname, '..', 'docs');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  let events = 0;
  let enough: () => void = () => undefined;
  const seenEnough = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const demo = await startDemo(() => {
    events += 1;
    if (events > 60) enough();
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...flags, '--disable-component-update', '--disable-sync'],
  });
  const editor = await browser.newPage({ viewport: { width: 1400, height: 820 } });
  await editor.goto(`${demo.nodeRed.url}/#flow/5e0c0a7e11571000`);
  await editor.locator('.red-ui-flow-node').first().waitFor();
  await editor.evaluate("RED.sidebar.show('debug')");
  await seenEnough;
  await editor.locator('.red-ui-debug-msg').nth(6).waitFor();
  await editor.screenshot({ path: join(folder, 'editor.png') });

  const page = await browser.newPage({ viewport: { width: 1200, height: 640 } });
  await page.goto(`${demo.nodeRed.url}/camera-events`);
  await page.locator('figure').nth(5).waitFor();
  await page.screenshot({ path: join(folder, 'pictures.png') });
  await browser.close();
  await demo.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
