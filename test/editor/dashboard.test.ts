/** The page of the dashboard example in a real browser, with the demo behind it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { dashboard, readFlows, startDemo, type Demo } from '../../demo/demo-run';
import { Editor } from './browser';

const examples = join(__dirname, '..', '..', 'examples');

describe('the dashboard example', function () {
  this.timeout(90_000);
  let demo: Demo;
  let browser: Editor;

  before(async () => {
    demo = await startDemo(() => undefined, true);
    browser = await Editor.launch(demo.nodeRed.url);
    browser.page.setDefaultTimeout(45_000);
    await browser.page.setViewportSize({ width: 1500, height: 1100 });
    await browser.page.goto(`${demo.nodeRed.url}/dashboard/security`);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** The text of a widget's table, once it says that. */
  async function read(table: string, wanted: RegExp): Promise<string> {
    const row = browser.page.locator(`#gatehouse-${table} tr`).filter({ hasText: wanted }).first();
    await row.waitFor();
    return row.innerText();
  }

  it('shows events of all vendors as they come', async () => {
    should(await read('events', /plate read/)).match(/\d.*plate read.*(Gate cam|Recorder)/s);
    await read('events', /stream offline|door propped/);
    await read('events', /line crossed/);
    await read('events', /access|door open/);
  });

  it('shows the picture with a box around what was seen', async () => {
    const picture = browser.page.locator('.gatehouse-picture svg');
    await picture.locator('rect').first().waitFor({ state: 'attached' });
    should(await picture.locator('image').getAttribute('href')).startWith('data:image/jpeg;base64,');
    // pictures change: all in one look
    const [size, box] = await picture.evaluate((svg) =>
      [svg, svg.querySelector('rect') ?? svg].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y, right: x + width, bottom: y + height, width, height };
      }),
    );
    should(size?.width).be.above(300);
    should(size?.height).be.above(150);
    should(box?.width).be.within(1, size?.width ?? 0);
    should(box?.x).be.aboveOrEqual((size?.x ?? 0) - 1);
    should(box?.bottom).be.belowOrEqual((size?.bottom ?? 0) + 1);
  });

  it('shows doors, devices and counts', async () => {
    should(await read('doors', /open|closed/)).match(/^\S.*(open|closed)/);
    should(await read('devices', /Gate cam/)).match(/^online/);
    await read('devices', /^offline/);
    should(await read('counts', /there now/)).match(/\d+ there now/);
    should(await read('counts', /\d+ in, \d+ out/)).match(/\d+ in, \d+ out/);
    await browser.picture('dashboard');
  });

  it('shows it all to whoever comes later, and complains of nothing', async () => {
    await browser.page.reload();
    await read('events', /./);
    await browser.page.locator('.gatehouse-picture image').waitFor();
    should(browser.complaints).be.empty();
    should(demo.nodeRed.log()).not.match(/\[error\]|unknown|Waiting for missing types/);
  });
});

describe('the examples', () => {
  it('need nothing but Node-RED, save for that one, which says so', () => {
    const isForeign = ({ type }: { readonly type: string }): boolean => type.startsWith('ui-');
    should(readFlows(0).filter(isForeign)).be.empty();
    should(readFlows(0, dashboard.folder).filter(isForeign).length).be.above(5);
    const [file = ''] = readdirSync(join(examples, dashboard.folder));
    should(readFileSync(join(examples, dashboard.folder, file), 'utf8')).containEql(`Install ${dashboard.module}`);
  });
});
