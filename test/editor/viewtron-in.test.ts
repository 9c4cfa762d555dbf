/** The dialog of viewtron-in, in a real browser against a real Node-RED. */
import should from 'should';

import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { Editor, type FlowNode } from './browser';
import { debug, debugId, listener, listenerId, nodeId, tab, viewtronIn } from './flows';

describe('the editor: viewtron-in', () => {
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

  beforeEach(() => {
    editor.complaints.length = 0;
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  function field(property: string) {
    return editor.page.locator(`#node-input-${property}`);
  }

  async function section(name: string): Promise<void> {
    const details = editor.page.locator(`.viewtron-in-${name}`);
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  }

  const dialog = () => editor.page.locator('.viewtron-in-dialog');
  const isWrong = async (property: string) =>
    /\binput-error\b/.test((await field(property).getAttribute('class')) ?? '');

  async function deployedNode(): Promise<FlowNode> {
    const node = (await editor.deploy()).find(({ type }) => type === 'viewtron-in');
    should.exist(node);
    return node as FlowNode;
  }

  it('is dragged from the palette, takes the only listener by itself, and is deployed with the settings of a new node', async () => {
    await editor.open([tab, listener()]);
    should(await editor.palette('viewtron-in').textContent()).match(/viewtron\s+in/);
    const id = await editor.dragOut('viewtron-in');
    await editor.picture('viewtron-in-palette');
    await editor.edit(id);
    should(await field('listener').inputValue()).equal(listenerId);
    await editor.picture('viewtron-in-new');
    await editor.done();

    const { x, y, z, ...node } = await deployedNode();
    should([typeof x, typeof y, z]).eql(['number', 'number', tab.id]);
    const { x: _x, y: _y, z: _z, ...expected } = viewtronIn({ path: '/API', allow: '', headerName: '' });
    should(node).eql({ ...expected, id });
  });

  it('makes a listener on the way, and shows the address that the device needs', async () => {
    await editor.open([tab]);
    const id = await editor.dragOut('viewtron-in');
    await editor.edit(id);
    should(await isWrong('listener')).be.true();
    await editor.openConfig('listener', 'add');
    await editor.type(editor.page.getByLabel('Port', { exact: true }), '15050');
    await editor.closeConfig('ok');
    await editor.page.locator('#node-input-listener:not(.input-error)').waitFor();
    await dialog().getByText('http://192.0.2.10:15050/API', { exact: true }).waitFor();
    await editor.done();

    const flows = await editor.deploy();
    const made = flows.find(({ type }) => type === 'security-listener');
    should(made).containEql({ door: 'own', port: '15050', host: '' });
    should(flows.find(({ type }) => type === 'viewtron-in')).containEql({ listener: made?.id });
  });

  it('keeps every setting through Done, reopening and Deploy', async () => {
    await editor.open([tab, listener(), viewtronIn()]);
    await editor.edit(nodeId);
    const { page } = editor;
    await editor.type(page.getByLabel('Name', { exact: true }), 'Gate cameras');
    await editor.type(page.getByLabel('Path', { exact: true }), ' /gate ');
    await page.getByLabel('Faces').uncheck();
    await page.getByLabel('Anything else').uncheck();
    await page.getByLabel('Alarm states').uncheck();
    await page.getByLabel('Heartbeats', { exact: true }).check();
    await editor.type(page.getByLabel('At most'), '0.5');
    await page.getByLabel('Motorcycles').uncheck();
    await editor.type(page.getByLabel('Cameras'), 'Gate cam, 192.0.2.60#4');
    await section('plates');
    await editor.type(page.getByLabel('Lists'), 'allow, Family');
    await editor.type(page.getByLabel('Confidence'), '80');
    await page.getByLabel('Direction').selectOption('approach');
    await section('message');
    await page.getByLabel('Pictures').selectOption('data-url');
    await section('device');
    await editor.type(page.getByLabel('Time zone'), 'America/New_York');
    await page.getByLabel('Dates').selectOption('day-first');
    await editor.type(page.getByLabel('Silent after'), '0');
    await editor.type(page.getByLabel('Drop repeats'), '0');
    await editor.done();
    should(await editor.faultsOf('viewtron-in')).eql([]);

    await editor.edit(nodeId);
    should(await page.getByLabel('Path', { exact: true }).inputValue()).equal('/gate');
    should(await page.getByLabel('Faces').isChecked()).be.false();
    should(await page.getByLabel('License plates').isChecked()).be.true();
    should(await page.getByLabel('Motorcycles').isChecked()).be.false();
    should(await page.getByLabel('Lists').isVisible()).be.true();
    should(await page.getByLabel('Lists').inputValue()).equal('allow, Family');
    await editor.picture('viewtron-in-filled');
    await editor.done();

    const node = await deployedNode();
    should(node).containEql({
      name: 'Gate cameras',
      path: '/gate',
      categories: ['plate', 'intrusion', 'counting', 'object', 'motion', 'tamper', 'alarm', 'health'],
      alarmStates: false,
      heartbeats: true,
      tracking: 'rate',
      trackingRate: '0.5',
      targetTypes: ['person', 'vehicle', 'unknown'],
      cameras: 'Gate cam, 192.0.2.60#4',
      plateLists: 'allow, Family',
      minConfidence: '80',
      direction: 'approach',
      pictures: 'data-url',
      timeZone: 'America/New_York',
      dateOrder: 'day-first',
      watchMisses: '0',
      dedupeSeconds: '0',
      split: false,
      outputCategories: [],
      outputs: 1,
    });
  });

  it('changes nothing on Cancel, and nothing on Done when nothing was changed', async () => {
    const present = { allow: '', headerName: '', split: true, outputCategories: allByDefault, outputs: 11 };
    const flows = [tab, listener(), viewtronIn(present)];
    await editor.open(flows);
    await editor.edit(nodeId);
    await editor.type(editor.page.getByLabel('Path', { exact: true }), '/elsewhere');
    await editor.page.getByLabel('License plates').uncheck();
    await editor.cancel();
    should(await editor.isDirty()).be.false();
    await editor.edit(nodeId);
    should(await editor.page.getByLabel('License plates').isChecked()).be.true();
    await editor.done();
    should(await editor.isDirty()).be.false();
  });

  it('says what is wrong with a field, and opens the section that holds it', async () => {
    const wrong = {
      trackingRate: '50',
      minConfidence: '101',
      timeZone: 'Mars/Olympus',
      watchMisses: '1.5',
      dedupeSeconds: 'x',
    };
    await editor.open([tab, listener(), viewtronIn({ ...wrong, path: 'gate', targetTypes: [] })]);
    const faults = (await editor.faultsOf('viewtron-in')).join('\n');
    for (const word of [
      'Path',
      'Tracking',
      'kind of target',
      'Confidence',
      'Time zone',
      'Silent after',
      'Drop repeats',
    ]) {
      should(faults).containEql(word);
    }
    await editor.edit(nodeId);
    for (const property of [...Object.keys(wrong), 'path', 'targetTypes']) {
      should(await isWrong(property)).be.true(`${property} is not marked`);
    }
    for (const property of ['minConfidence', 'timeZone']) await field(property).waitFor();
    await editor.picture('viewtron-in-wrong');

    await editor.type(field('trackingRate'), '25');
    await editor.type(field('minConfidence'), '${CONFIDENCE}');
    await editor.type(field('timeZone'), '-05:00');
    await editor.type(field('watchMisses'), '0');
    await editor.type(field('dedupeSeconds'), '${WINDOW}');
    await editor.type(field('path'), '/gate');
    await editor.page.getByLabel('People').check();
    await editor.done();
    should(await editor.faultsOf('viewtron-in')).eql([]);
  });

  it('asks of the tracking rate only when it counts, and of plates only when they pass', async () => {
    await editor.open([tab, listener(), viewtronIn({ trackingRate: '99' })]);
    await editor.edit(nodeId);
    should(await isWrong('trackingRate')).be.true();
    await editor.page.getByLabel('Tracking', { exact: true }).selectOption('all');
    should(await isWrong('trackingRate')).be.false();
    should(await field('trackingRate').isVisible()).be.false();
    should(await editor.page.locator('.viewtron-in-plates').isVisible()).be.true();
    await editor.page.getByLabel('License plates').uncheck();
    should(await editor.page.locator('.viewtron-in-plates').isVisible()).be.false();
  });

  it('wants at least one kind of event', async () => {
    const nothing = { categories: [], alarmStates: false, tracking: 'none', watchMisses: 0 };
    await editor.open([tab, listener(), viewtronIn(nothing)]);
    await editor.edit(nodeId);
    should(await isWrong('categories')).be.true();
    should(await dialog().getByText('Choose at least one kind of event').isVisible()).be.true();
    await editor.page.getByLabel('Heartbeats', { exact: true }).check();
    should(await isWrong('categories')).be.false();
  });

  it('knows the paths that cannot work on the web server that the editor uses too', async () => {
    await editor.open([tab, listener(), viewtronIn({ path: '*' })]);
    should(await editor.faultsOf('viewtron-in')).matchAny(/port of its own/);
    await editor.edit(nodeId);
    for (const [path, wrong] of [
      ['/flows', true],
      ['/Settings/x', true],
      ['/flowsensor', false],
      ['/API?x=1', true],
      ['*', true],
      ['/API', false],
    ] as const) {
      await editor.type(field('path'), path);
      should(await isWrong('path')).equal(wrong, path);
    }
    await editor.openConfig('listener');
    await editor.page.getByRole('radio', { name: 'A port of its own' }).check();
    await editor.closeConfig('ok');
    for (const path of ['/flows', '*']) {
      await editor.type(field('path'), path);
      should(await isWrong('path')).be.false(path);
    }
  });

  describe('who may call', () => {
    const rules = () => dialog().locator('.viewtron-in-access .security-events-now');

    it('is as the listener where nothing is set, and is told without a secret where something is', async () => {
      await editor.open([tab, listener(), viewtronIn()]);
      await editor.edit(nodeId);
      should(await rules().textContent()).equal('as the listener');
      await section('access');
      await editor.type(field('allow'), '192.0.2.41\n192.0.2.42');
      await editor.type(field('user'), 'camera');
      await editor.type(field('password'), 'open sesame');
      await editor.type(field('headerName'), 'X-Api-Key');
      await editor.type(field('headerValue'), 'sesame too');
      await editor.picture('viewtron-in-access');
      should(await rules().textContent()).equal('192.0.2.41, 192.0.2.42 · user camera · header X-Api-Key');
      should(await dialog().innerText()).not.containEql('sesame');
      await editor.cancel();
    });

    it('says what is wrong with each field, and how to mend it', async () => {
      await editor.open([tab, listener(), viewtronIn({ allow: 'cameras', headerName: 'X-Api-Key:' })]);
      should(await editor.faultsOf('viewtron-in')).matchAny(/Allowed: "cameras" is no address/);
      should(await editor.faultsOf('viewtron-in')).matchAny(/Secret header: letters, digits/);
      await editor.edit(nodeId);
      await field('allow').waitFor();
      should(await isWrong('allow')).be.true();
      await editor.type(field('allow'), '192.0.2.0/24, 2001:db8::/32');
      should(await isWrong('allow')).be.false();
      await editor.type(field('headerName'), 'X-Api-Key');
      should([await isWrong('headerName'), await isWrong('headerValue')]).eql([true, true]);
      await editor.type(field('headerValue'), '${KEY}');
      should([await isWrong('headerName'), await isWrong('headerValue')]).eql([false, false]);
      await editor.type(field('password'), 'x');
      should([await isWrong('user'), await isWrong('password')]).eql([true, false]);
      await editor.type(field('user'), '${CAMERA_USER}');
      should([await isWrong('user'), await isWrong('password')]).eql([false, false]);
      await editor.done();
      should(await editor.faultsOf('viewtron-in')).eql([]);
    });

    it('is kept through Done, Deploy and reopening, counts in place of the rule of the listener, and is in no export', async () => {
      await editor.open([tab, listener({ allow: '192.0.2.0/24' }), viewtronIn()]);
      const post = (authorization?: string) =>
        fetch(`${nodeRed.url}/cameras`, {
          method: 'POST',
          body: '<config version="1.7"/>',
          headers: { 'content-type': 'application/xml', ...(authorization && { authorization }) },
        });
      should((await post()).status).equal(403);
      await editor.edit(nodeId);
      await section('access');
      await editor.type(field('allow'), ' 127.0.0.0/8 ');
      await editor.type(field('user'), ' camera ');
      await editor.type(field('password'), 'open sesame');
      await editor.done();
      should(await deployedNode()).containEql({ allow: '127.0.0.0/8', headerName: '' });
      // a Deploy is answered before it is done: until then the rules of before count
      let status = 403;
      while (status === 403) ({ status } = await post());
      should(status).equal(401);
      const right = `Basic ${Buffer.from('camera:open sesame').toString('base64')}`;
      should((await post(right)).status).equal(200);

      await editor.edit(nodeId);
      should(await rules().textContent()).equal('127.0.0.0/8 · user camera');
      await section('access');
      should(await field('password').inputValue()).equal('__PWRD__');
      should([await isWrong('user'), await isWrong('password')]).eql([false, false]);
      await editor.done();
      should(await editor.isDirty()).be.false();
      should(JSON.stringify(await editor.deployed())).not.match(/sesame|camera"/);
      should(await editor.exported())
        .match(/127\.0\.0\.0/)
        .and.not.match(/sesame|credentials/);
    });

    it('of a flow that was saved before is nothing, and stays so', async () => {
      await editor.open([tab, listener(), viewtronIn()]);
      should(await editor.faultsOf('viewtron-in')).eql([]);
      await editor.edit(nodeId);
      await editor.done();
      should(await editor.deploy()).containDeep([{ ...viewtronIn(), allow: '', headerName: '' }]);
    });
  });

  describe('with an output for each kind of event', () => {
    const flows = [
      tab,
      listener(),
      viewtronIn({
        categories: ['plate', 'face', 'motion'],
        alarmStates: false,
        tracking: 'none',
        watchMisses: 0,
        split: true,
        outputCategories: ['plate', 'face', 'motion'],
        outputs: 3,
        wires: [[debugId('plate')], [debugId('face')], [debugId('motion')]],
      }),
      debug('plate', 0),
      debug('face', 1),
      debug('motion', 2),
    ];

    /** Which kind goes to which debug node. */
    function wiring(node: FlowNode): Readonly<Record<string, readonly string[]>> {
      const wires = node.wires as readonly (readonly string[])[];
      const kinds = node.outputCategories as readonly string[];
      should(node.outputs).equal(kinds.length);
      const names = new Map(['plate', 'face', 'motion'].map((name) => [debugId(name), name]));
      return Object.fromEntries(
        kinds.map((kind, port) => [kind, (wires[port] ?? []).map((id) => names.get(id) ?? id)]),
      );
    }

    it('moves the wires with their kind when one is added in the middle', async () => {
      await editor.open(flows);
      await editor.edit(nodeId);
      await editor.page.getByLabel('Counting').check();
      await editor.page.getByLabel('Alarm states').check();
      await editor.done();
      const node = await deployedNode();
      should(node.outputCategories).eql(['plate', 'face', 'counting', 'motion', 'alarm']);
      should(wiring(node)).eql({ plate: ['plate'], face: ['face'], counting: [], motion: ['motion'], alarm: [] });
    });

    it('takes away only the wires of a kind that is removed, and brings them back on undo', async () => {
      await editor.open(flows);
      await editor.edit(nodeId);
      await editor.page.getByLabel('License plates').uncheck();
      await editor.page.getByLabel('Objects').check();
      await editor.done();
      should(wiring(await deployedNode())).eql({ face: ['face'], object: [], motion: ['motion'] });
      await editor.undo();
      should(wiring(await deployedNode())).eql({ plate: ['plate'], face: ['face'], motion: ['motion'] });
    });

    it('keeps the wires that were there when one output becomes many, and those of the first when many become one', async () => {
      const [, , node, ...rest] = flows;
      const one = { ...node, split: false, outputCategories: [], outputs: 1, wires: [[debugId('plate')]] };
      await editor.open([tab, listener(), one as FlowNode, ...rest]);
      await editor.edit(nodeId);
      await section('message');
      await editor.page.getByLabel('One for each kind').check();
      should(await dialog().locator('.viewtron-in-ports li').allTextContents()).eql([
        'License plates',
        'Faces',
        'Motion',
      ]);
      should(await dialog().getByText('stay on the first').isVisible()).be.true();
      await editor.picture('viewtron-in-outputs');
      await editor.done();
      should(wiring(await deployedNode())).eql({ plate: ['plate'], face: [], motion: [] });

      await editor.edit(nodeId);
      await section('message');
      await editor.page.getByLabel('One for each kind').uncheck();
      await editor.done();
      should(await deployedNode()).containEql({ outputs: 1, outputCategories: [], wires: [[debugId('plate')]] });
    });

    it('labels each output', async () => {
      await editor.open(flows);
      await editor.page.locator(`[id="${nodeId}"] .red-ui-flow-port-output`).nth(1).hover();
      await editor.page.locator('.red-ui-flow-port-tooltip').getByText('Faces').waitFor();
      await editor.picture('viewtron-in-split');
    });
  });

  describe('the state', () => {
    it('says to deploy first', async () => {
      await editor.open([tab, listener()]);
      await editor.edit(await editor.dragOut('viewtron-in'));
      await section('state');
      await dialog().getByText('Deploy first').waitFor();
    });

    it('is read from the running node', async () => {
      await editor.open([tab, listener(), viewtronIn()]);
      await editor.edit(nodeId);
      await section('state');
      await dialog().getByText('Posts received').waitFor();
      await dialog().getByText('No device has called yet').waitFor();
    });

    it('shows what devices call themselves as text only', async () => {
      const now = Date.now();
      const hostile = '<img src=x onerror="throw new Error(name)">';
      await editor.page.route('**/security-events/viewtron-in/*/report', (route) =>
        route.fulfill({
          json: {
            listening: ':5050/API',
            now: new Date(now).toISOString(),
            posts: 1234,
            events: 1200,
            sent: 1000,
            dropped: { 'tracking rate': 190, duplicate: 10 },
            errors: 1,
            lastError: { time: new Date(now - 65_000).toISOString(), message: `cut off in ${hostile}` },
            lastEvent: { time: new Date(now - 5000).toISOString(), summary: `${hostile} · allow` },
            devices: [
              {
                id: '02:00:5e:10:00:41',
                name: hostile,
                ip: '192.0.2.41',
                lastSeen: new Date(now - 5000).toISOString(),
                silent: false,
              },
              { id: '192.0.2.60', ip: '192.0.2.60', lastSeen: new Date(now - 7_300_000).toISOString(), silent: true },
            ],
          },
        }),
      );
      try {
        await editor.open([tab, listener(), viewtronIn()]);
        await editor.edit(nodeId);
        await section('state');
        await dialog().getByText('tracking rate 190 · duplicate 10').waitFor();
        await dialog().getByText('1 minute ago').waitFor();
        should(await dialog().locator('tbody tr').allTextContents()).eql([
          `${hostile}192.0.2.41 · 02:00:5e:10:00:415 seconds ago`,
          '192.0.2.60192.0.2.602 hours ago · silent',
        ]);
        should(await dialog().locator('img').count()).equal(0);
        await editor.page.locator('.security-events-refresh').scrollIntoViewIfNeeded();
        await editor.picture('viewtron-in-state');
      } finally {
        await editor.page.unroute('**/security-events/viewtron-in/*/report');
      }
    });
  });

  it('gives every control a name, and no text without a translation', async () => {
    await editor.open([tab, listener(), viewtronIn()]);
    await editor.edit(nodeId);
    for (const name of ['plates', 'message', 'device', 'access', 'state']) await section(name);
    const controls = dialog().locator('input:visible, select:visible, button:visible, summary:visible');
    for (const control of await controls.all()) {
      const name = await control.ariaSnapshot();
      should(name).match(/"[^"]+"|: \S|\S - \S/, `no name: ${name}`);
    }
    should(await dialog().innerText()).not.match(/viewtron-in\.|common\.label/);
  });

  it('fits a narrow tray', async () => {
    await editor.page.setViewportSize({ width: 830, height: 900 });
    try {
      await editor.open([tab, listener(), viewtronIn({ split: true, outputCategories: allByDefault, outputs: 11 })]);
      await editor.edit(nodeId);
      for (const name of ['plates', 'message', 'device', 'access', 'state']) await section(name);
      const [inside, outside] = await dialog().evaluate((element) => [element.scrollWidth, element.clientWidth]);
      should(inside).be.belowOrEqual(outside ?? 0);
      const tray = await editor.page.locator('.red-ui-tray').boundingBox();
      const form = await dialog().boundingBox();
      should(tray?.width).be.belowOrEqual(500);
      should(form?.x).be.aboveOrEqual(tray?.x ?? 0);
      should((form?.x ?? 0) + (form?.width ?? 0)).be.belowOrEqual((tray?.x ?? 0) + (tray?.width ?? 0));
      await editor.picture('viewtron-in-narrow');
    } finally {
      await editor.page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it('has help that names every field of a message', async () => {
    await editor.open([tab, listener(), viewtronIn()]);
    await editor.edit(nodeId);
    const help = await editor.help();
    await help.getByRole('heading', { name: 'Coming from viewtron-camera' }).waitFor();
    const fields = await help.locator('dl').first().locator('dt').allInnerTexts();
    const named = fields.map((text) => text.split(/\s/)[0]?.replace('payload.', ''));
    should(named).containDeep(['topic', ...messageFields]);
    should(await help.locator('b, i:not(.fa)').count()).equal(0);
    await editor.picture('viewtron-in-help');
  });
});

/** What passes with the settings of a new node, in the order of the outputs. */
const allByDefault = [
  'plate',
  'face',
  'intrusion',
  'counting',
  'object',
  'track',
  'motion',
  'tamper',
  'alarm',
  'health',
  'other',
];

const messageFields = [
  'id',
  'vendor',
  'category',
  'kind',
  'type',
  'state',
  'time',
  'timeSource',
  'receivedAt',
  'device',
  'targets',
  'rule',
  'plate',
  'vehicle',
  'face',
  'person',
  'counts',
  'motion',
  'alarm',
  'health',
  'images',
  'raw',
];
