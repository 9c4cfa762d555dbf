/** The picker behind fields that take a list, with the cameras of a large site. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { Editor } from './browser';
import { listener, nodeId, tab, viewtronIn } from './flows';

const recorder = { id: '02:00:5e:10:00:01', name: 'Recorder', ip: '192.0.2.5' };
const twins = [
  { id: '02:00:5e:10:00:02', name: 'Gate', ip: '192.0.2.6' },
  { id: '02:00:5e:10:00:03', name: 'Gate', ip: '192.0.2.7' },
];
const cameras = [
  ...Array.from({ length: 2000 }, (_, index) => ({ ...recorder, channel: String(index + 1) })),
  { ...twins[0], channel: '1' },
  ...twins,
  { id: '02:00:5e:10:00:04', name: 'Yard, north', ip: '192.0.2.8' },
];

describe('the editor: the picker', () => {
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
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('picker-failed');
    should(editor.complaints).eql([]);
  });

  const picker = () => editor.page.locator('.viewtron-in-cameras');
  const rows = () => picker().locator('label');
  const search = () => picker().getByRole('searchbox', { name: 'Search' });
  const field = () => editor.page.locator('#node-input-cameras');

  async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await editor.open([tab, listener(), viewtronIn(settings)]);
    await editor.edit(nodeId);
    await picker().getByRole('button', { name: 'Cameras seen so far' }).click();
  }

  it('says so where no camera has called yet', async () => {
    await open();
    await picker().getByText('No camera has called').waitFor();
    should(await search().isVisible()).be.false();
    await editor.cancel();
  });

  it('draws a hundred of two thousand, finds any of them, and keeps what was typed', async () => {
    const path = '**/security-events/viewtron-in-cameras';
    await editor.page.route(path, (route) => route.fulfill({ json: cameras }));
    try {
      await open({ cameras: 'Workshop, recorder#7' });
      await rows().first().waitFor();
      should(await rows().count()).equal(100);
      await picker().getByText('... and 1903 more: search for them').waitFor();
      should(await picker().locator('strong').allTextContents()).eql(['Recorder']);
      should(await picker().getByRole('checkbox', { checked: true }).count()).equal(1);

      await search().fill('recorder 1999');
      should(await rows().allTextContents()).eql(['Recorder#1999 192.0.2.5 · 02:00:5e:10:00:01']);
      await rows().getByRole('checkbox').check();
      should(await field().inputValue()).equal('Workshop, recorder#7, Recorder#1999');
      // Enter in a search is no Done
      await search().press('Enter');
      should(await search().isVisible()).be.true();

      await search().fill('nowhere');
      await picker().getByText('Nothing is called so').waitFor();
      await search().fill('192.0.2.8');
      await rows().getByRole('checkbox').check();
      await search().fill('gate');
      should(await rows().count()).equal(2);
      await rows().nth(1).getByRole('checkbox').check();
      // a name of two cameras, and one with a comma in it, would not say which
      should(await field().inputValue()).equal('Workshop, recorder#7, Recorder#1999, 192.0.2.8, 192.0.2.7');
      await search().fill('recorder#7');
      await rows().first().getByRole('checkbox').uncheck();
      should(await field().inputValue()).equal('Workshop, Recorder#1999, 192.0.2.8, 192.0.2.7');
      await editor.type(field(), 'Workshop');
      await search().fill('1999');
      should(await rows().getByRole('checkbox').isChecked()).be.false();
      await editor.picture('picker');
      await editor.done();
      const node = (await editor.deploy()).find(({ id }) => id === nodeId);
      should(node).containEql({ cameras: 'Workshop' });
    } finally {
      await editor.page.unroute(path);
    }
  });

  it('says what is wrong where Node-RED does not tell', async () => {
    const path = '**/security-events/viewtron-in-cameras';
    await editor.page.route(path, (route) => route.fulfill({ status: 401, body: '' }));
    await open();
    await picker().getByText('Node-RED does not tell (401).').waitFor();
    await editor.page.unroute(path);
    await editor.cancel();
  });
});
