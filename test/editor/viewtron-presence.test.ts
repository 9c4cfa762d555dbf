/** The dialog of viewtron-presence, in a real browser against a real Node-RED: drawing zones, lines and spots with the mouse. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { DeviceApi } from '../../simulators/viewtron/api/device-api';
import { makeJpeg } from '../support/events';
import { Editor, type FlowNode } from './browser';
import { listener, tab, viewtronIn } from './flows';

const presenceId = '5555555555555555';
const injectId = '6666666666666666';

interface Shape {
  readonly shape: string;
  readonly id: string;
  readonly name: string;
  readonly camera: string;
  readonly points: readonly (readonly [number, number])[];
  readonly [more: string]: unknown;
}

function presence(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    stopDelay: 2,
    shapes: [],
    cameras: '',
    targetTypes: ['person', 'vehicle', 'motorcycle', 'unknown'],
    minHeight: '',
    maxHeight: '',
    anchor: 'feet',
    aspect: '16:9',
    numbers: false,
    moves: 1,
    resetAt: '',
    pictures: 0,
    scene: true,
    preview: false,
    wires: [[], [], [], [], []],
    ...settings,
    id: presenceId,
    type: 'viewtron-presence',
    z: tab.id,
    x: 420,
    y: 200,
  };
}

describe('the editor: viewtron-presence', () => {
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async () => {
    nodeRed = await startNodeRed();
    editor = await Editor.launch(nodeRed.url);
    await editor.page.setViewportSize({ width: 1400, height: 1100 });
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

  const stage = () => editor.page.locator('.viewtron-presence-stage svg');
  const button = (name: string) =>
    editor.page.locator('.viewtron-presence-dialog').getByRole('button', { name, exact: true });
  const label = (name: string) => editor.page.locator('.viewtron-presence-dialog').getByLabel(name, { exact: true });

  /** Where a point of the picture is on the page. */
  async function at(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await stage().boundingBox();
    if (box === null) throw new Error('no stage to be seen');
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }

  /** Opens the dialog, and waits until it has come to rest: it slides in. */
  async function open(): Promise<void> {
    await editor.edit(presenceId);
    let before = '';
    for (let now = await look(); now !== before; now = await look()) {
      before = now;
      await editor.page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
    }
  }

  async function look(): Promise<string> {
    return JSON.stringify(await stage().boundingBox());
  }

  async function click(x: number, y: number): Promise<void> {
    const place = await at(x, y);
    await editor.page.mouse.click(place.x, place.y);
  }

  async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const [start, end] = [await at(...from), await at(...to)];
    await editor.page.mouse.move(start.x, start.y);
    await editor.page.mouse.down();
    await editor.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await editor.page.mouse.move(end.x, end.y, { steps: 4 });
    await editor.page.mouse.up();
  }

  async function deployedShapes(): Promise<readonly Shape[]> {
    const node = (await editor.deploy()).find(({ type }) => type === 'viewtron-presence');
    return node?.shapes as readonly Shape[];
  }

  /** The mouse goes by pixels: within a hundredth of the picture it is there. */
  function shouldBeAt(points: Shape['points'] | undefined, expected: Shape['points']): void {
    should(points).have.length(expected.length);
    points?.forEach(([x, y], index) => {
      should(x).be.approximately(expected[index]?.[0] ?? NaN, 0.01);
      should(y).be.approximately(expected[index]?.[1] ?? NaN, 0.01);
    });
  }

  it('is dragged from the palette, and deployed with the settings of a new node', async () => {
    await editor.open([tab]);
    const id = await editor.dragOut('viewtron-presence');
    await editor.edit(id);
    await editor.picture('viewtron-presence-new');
    await editor.done();
    const node = (await editor.deploy()).find(({ type }) => type === 'viewtron-presence');
    const { x: _x, y: _y, ...expected } = presence();
    const { x: _atX, y: _atY, ...rest } = node as FlowNode & { x: number; y: number };
    should(rest).eql({ ...expected, id });
    should(await editor.faultsOf('viewtron-presence')).eql([]);
  });

  it('draws a zone, a line and a spot, keeps them through Done and Deploy, and changes them again', async () => {
    await editor.open([tab, presence()]);
    await open();
    await button('Zone').click();
    for (const [x, y] of [
      [0.2, 0.3],
      [0.6, 0.3],
      [0.6, 0.8],
      [0.2, 0.8],
    ] as const)
      await click(x, y);
    await editor.picture('viewtron-presence-drawing');
    await click(0.2, 0.3);
    await editor.type(label('Name').last(), 'Yard <gate>');
    await editor.type(label('Loitering'), '30');
    await button('Line').click();
    await click(0.7, 0.9);
    await click(0.7, 0.2);
    await label('Wrong way').selectOption('out');
    await button('Spot').click();
    await click(0.9, 0.5);
    await editor.picture('viewtron-presence-drawn');
    await editor.done();

    const drawn = await deployedShapes();
    should(drawn.map(({ shape, name }) => [shape, name])).eql([
      ['zone', 'Yard <gate>'],
      ['line', 'Line 1'],
      ['spot', 'Spot 1'],
    ]);
    shouldBeAt(drawn[0]?.points, [
      [0.2, 0.3],
      [0.6, 0.3],
      [0.6, 0.8],
      [0.2, 0.8],
    ]);
    shouldBeAt(drawn[1]?.points, [
      [0.7, 0.9],
      [0.7, 0.2],
    ]);
    shouldBeAt(drawn[2]?.points, [[0.9, 0.5]]);
    should(drawn[0]).containEql({ loiter: '30', camera: '' });
    should(drawn[1]).containEql({ forbidden: 'out' });
    should(new Set(drawn.map(({ id }) => id)).size).equal(3);

    await open();
    should(await stage().locator('text').allTextContents()).eql(['Yard <gate>', 'in', 'Line 1', 'Spot 1']);
    await drag([0.6, 0.8], [0.65, 0.95]);
    await drag([0.4, 0.3], [0.4, 0.1]);
    await editor.page.getByRole('button', { name: 'Line 1' }).first().click();
    await button('Turn in and out round').click();
    await drag([0.9, 0.5], [0.95, 0.6]);
    await editor.picture('viewtron-presence-changed');
    await editor.done();

    const changed = await deployedShapes();
    shouldBeAt(changed[0]?.points, [
      [0.2, 0.3],
      [0.4, 0.1],
      [0.6, 0.3],
      [0.65, 0.95],
      [0.2, 0.8],
    ]);
    shouldBeAt(changed[1]?.points, [
      [0.7, 0.2],
      [0.7, 0.9],
    ]);
    shouldBeAt(changed[2]?.points, [[0.95, 0.6]]);
    should(changed.map(({ id }) => id)).eql(drawn.map(({ id }) => id));
  });

  it('moves a whole zone, takes a corner away, removes a shape, and throws all of that away on Cancel', async () => {
    const zone = {
      shape: 'zone',
      id: 'a',
      name: 'Yard',
      camera: '',
      points: [
        [0.2, 0.3],
        [0.6, 0.3],
        [0.6, 0.8],
        [0.2, 0.8],
      ],
    };
    const spot = { shape: 'spot', id: 'b', name: 'Car', camera: '', points: [[0.9, 0.5]] };
    await editor.open([tab, presence({ shapes: [zone, spot] })]);
    await open();
    await drag([0.3, 0.4], [0.4, 0.5]);
    await editor.page.keyboard.down('Shift');
    await click(0.7, 0.4);
    await editor.page.keyboard.up('Shift');
    await editor.page.getByRole('button', { name: 'Remove: Car' }).click();
    await editor.cancel();
    should(await editor.isDirty()).be.false();
    await open();
    should(await label('Points').inputValue()).equal('0.2 0.3, 0.6 0.3, 0.6 0.8, 0.2 0.8');
    await drag([0.3, 0.4], [0.4, 0.5]);
    await editor.page.keyboard.down('Shift');
    await click(0.7, 0.4);
    await editor.page.keyboard.up('Shift');
    await editor.page.getByRole('button', { name: 'Remove: Car' }).click();
    await editor.done();
    should(await editor.isDirty()).be.true();
    const shapes = await deployedShapes();
    should(shapes).have.length(1);
    shouldBeAt(shapes[0]?.points, [
      [0.3, 0.4],
      [0.7, 0.9],
      [0.3, 0.9],
    ]);
  });

  it('takes points that are typed, says what is wrong with others, and keeps the last that were right', async () => {
    const line = {
      shape: 'line',
      id: 'a',
      name: 'Door',
      camera: '',
      points: [
        [0.5, 0.9],
        [0.5, 0.1],
      ],
    };
    await editor.open([tab, presence({ shapes: [line] })]);
    await open();
    for (const [text, fault] of [
      ['0.5 0.9', /A line needs 2 points/],
      ['0.5 0.9, 1.5 0.1', /from 0 to 1/],
      ['0.5 0.9, 0.5 0.9', /must not begin where it ends/],
      ['here, there', /pairs of numbers/],
    ] as const) {
      await editor.type(label('Points'), text);
      should(await editor.page.locator('#viewtron-presence-points ~ .viewtron-presence-error').textContent()).match(
        fault,
      );
    }
    await editor.picture('viewtron-presence-fault');
    await editor.type(label('Points'), '0.25 1, 0.25 0');
    should(await label('Points').getAttribute('class')).not.match(/input-error/);
    await editor.type(label('Points'), 'nothing');
    await editor.done();
    should((await deployedShapes())[0]?.points).eql([
      [0.25, 1],
      [0.25, 0],
    ]);
  });

  it('stops drawing with Escape, takes a corner back with Backspace, and closes with Enter', async () => {
    await editor.open([tab, presence()]);
    await open();
    await button('Zone').click();
    await click(0.2, 0.2);
    await editor.page.keyboard.press('Escape');
    await button('Zone').click();
    for (const [x, y] of [
      [0.2, 0.2],
      [0.5, 0.2],
      [0.9, 0.9],
    ] as const)
      await click(x, y);
    await editor.page.keyboard.press('Backspace');
    await click(0.5, 0.8);
    await editor.page.keyboard.press('Enter');
    await editor.done();
    const shapes = await deployedShapes();
    should(shapes).have.length(1);
    shouldBeAt(shapes[0]?.points, [
      [0.2, 0.2],
      [0.5, 0.2],
      [0.5, 0.8],
    ]);
  });

  it('draws on a picture from a file, takes its format, and saves nothing of it', async () => {
    await editor.open([tab, presence()]);
    await open();
    const chosen = editor.page.waitForEvent('filechooser');
    await label('Picture behind').selectOption('file');
    await (await chosen).setFiles({ name: 'yard.jpg', mimeType: 'image/jpeg', buffer: makeJpeg(400, 300) });
    await editor.page.locator('.viewtron-presence-stage img:not([hidden])').waitFor();
    await editor.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('#node-input-aspect')?.value === '400x300',
    );
    const box = await stage().boundingBox();
    should((box?.width ?? 0) / (box?.height ?? 1)).be.approximately(4 / 3, 0.02);
    await editor.picture('viewtron-presence-file');
    await editor.done();
    const exported = JSON.stringify(await editor.deploy());
    should(exported).containEql('400x300');
    should(exported).not.match(/blob:|data:image|yard\.jpg/);
  });

  it('says so where a picture cannot be shown', async () => {
    await editor.open([tab, presence()]);
    await open();
    await label('Picture behind').selectOption('url');
    for (const address of ['javascript:alert(1)', `${nodeRed.url}/no-such-picture.jpg`]) {
      await editor.type(label('Address of a picture'), address);
      await button('Show').click();
      await editor.page.getByText('This picture cannot be shown').waitFor();
      await editor.page.locator('.viewtron-presence-stage img').waitFor({ state: 'hidden' });
    }
    await editor.cancel();
  });

  it("offers the camera's last scene, to whoever may read nodes", async () => {
    const data = makeJpeg(160, 90).toString('base64');
    const device = { id: '02:00:5e:10:00:41', name: 'Yard cam' };
    const event = {
      vendor: 'viewtron',
      category: 'intrusion',
      kind: 'area-entered',
      time: new Date().toISOString(),
      device,
    };
    const payload = {
      ...event,
      targets: [{ id: '7', type: 'person' }],
      images: [{ role: 'scene', data, mimeType: 'image/jpeg' }],
    };
    const inject = {
      id: injectId,
      type: 'inject',
      z: tab.id,
      x: 120,
      y: 200,
      props: [{ p: 'payload' }],
      payload: JSON.stringify(payload),
      payloadType: 'json',
      once: true,
      onceDelay: 0,
      wires: [[presenceId]],
    };
    await editor.open([tab, presence(), inject]);
    const url = `${nodeRed.url}/security-events/viewtron-presence-scenes`;
    while (((await (await fetch(url)).json()) as unknown[]).length === 0);
    const picture = await fetch(`${url}/picture?key=${encodeURIComponent(device.id)}`);
    should(picture.headers.get('content-type')).equal('image/jpeg');
    should(Buffer.from(await picture.arrayBuffer()).toString('base64')).equal(data);
    should((await fetch(`${url}/picture?key=nobody`)).status).equal(404);

    await open();
    await editor.page.locator('.viewtron-presence-stage img:not([hidden])').waitFor();
    should(await label('Picture behind').locator('option:checked').textContent()).equal('last scene: Yard cam');
    await editor.page.locator('.viewtron-presence-state summary').click();
    await editor.page.locator('.viewtron-presence-state').getByText('Yard cam').waitFor();
    await editor.picture('viewtron-presence-scene');
    await editor.cancel();
  });

  it('marks settings that cannot work, and shapes that were written by hand', async () => {
    const shapes = [
      {
        shape: 'zone',
        id: 'a',
        name: 'Yard',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ];
    const wrong = {
      shapes,
      stopDelay: '0',
      aspect: 'wide',
      resetAt: '25:00',
      moves: 'many',
      minHeight: '120',
      targetTypes: [],
    };
    await editor.open([tab, presence(wrong)]);
    const faults = (await editor.faultsOf('viewtron-presence')).join('\n');
    for (const fault of [
      /Yard: A zone needs 3 to 64 points/,
      /Gone after/,
      /picture format/,
      /06:30/,
      /Movements/,
      /Heights/,
      /at least one type/,
    ])
      should(faults).match(fault);
    await editor.open([tab, presence({ stopDelay: '${STOP_DELAY}' })]);
    should(await editor.faultsOf('viewtron-presence')).eql([]);
  });

  it('has a label for each output, and help that names every kind', async () => {
    await editor.open([tab, listener(), viewtronIn({ wires: [[presenceId]] }), presence()]);
    await open();
    const help = await editor.help();
    await help.getByRole('heading', { name: 'Zones, lines and spots' }).waitFor();
    const words = await help.locator('code').allInnerTexts();
    should(words).containDeep([
      'presence',
      'zone-presence',
      'target-arrived',
      'target-moved',
      'target-left',
      'line-crossed',
      'counts-reset',
      'loitering',
      'too-many',
      'too-fast',
      'wrong-way',
      'approaching',
    ]);
    should(await help.locator('b, i:not(.fa)').count()).equal(0);
    const ports: unknown = await editor.page.evaluate(
      `(({ _def }) => [0, 1, 2, 3, 4].map((index) => _def.outputLabels.call({ _: _def._ }, index)))(RED.nodes.node('${presenceId}'))`,
    );
    should(ports).eql(['presence', 'targets', 'crossings', 'rules', 'picture']);
    await editor.picture('viewtron-presence-help');
    await editor.cancel();
  });

  it('gives every control a name, no text without a translation, and fits a narrow tray', async () => {
    const shapes = [
      {
        shape: 'zone',
        id: 'a',
        name: 'Yard',
        camera: '',
        points: [
          [0.2, 0.3],
          [0.6, 0.3],
          [0.6, 0.8],
        ],
      },
      {
        shape: 'line',
        id: 'b',
        name: 'Door',
        camera: '',
        points: [
          [0.5, 0.9],
          [0.5, 0.1],
        ],
      },
    ];
    await editor.page.setViewportSize({ width: 830, height: 900 });
    try {
      await editor.open([tab, presence({ shapes })]);
      await open();
      const dialog = editor.page.locator('.viewtron-presence-dialog');
      for (const name of ['what', 'told', 'state'])
        await dialog.locator(`.viewtron-presence-${name} > summary`).click();
      for (const shape of ['Yard', 'Door']) {
        await dialog.locator('.viewtron-presence-pick', { hasText: shape }).click();
        for (const control of await dialog
          .locator('input:visible, select:visible, button:visible, summary:visible')
          .all()) {
          const name = await control.ariaSnapshot();
          should(name).match(/"[^"]+"|: \S|\S - \S/, `no name: ${name}`);
        }
        should(await dialog.innerText()).not.match(/viewtron-presence\.|common\.label|__/);
      }
      const [inside, outside] = await dialog.evaluate((element) => [element.scrollWidth, element.clientWidth]);
      should(inside).be.belowOrEqual(outside ?? 0);
      await editor.picture('viewtron-presence-narrow');
      await editor.cancel();
    } finally {
      await editor.page.setViewportSize({ width: 1400, height: 1100 });
    }
  });

  it('draws on a snapshot of a device, and takes over its perimeter and tripwire', async () => {
    const guard = { user: 'admin', password: 'gate-Way 7', scheme: 'basic' } as const;
    const identity = { name: 'Gate cam', model: 'LPR-IP4', mac: '02:00:5E:10:00:43', serial: 'DEMO00A1B2C4' };
    const api = await new DeviceApi({ ...identity, manner: '2.0', channels: 1, guard }).open();
    const address = {
      host: '127.0.0.1',
      port: String(api.port),
      channel: '',
      tls: false,
      selfSigned: false,
      timeout: '',
    };
    const credentials = { user: guard.user, password: guard.password };
    const device = {
      ...address,
      id: '7777777777777777',
      type: 'viewtron-device',
      name: 'yard',
      version: 1,
      credentials,
    };
    try {
      await editor.open([tab, device, presence()]);
      await open();
      const ground = label('Picture behind');
      const how = editor.page.locator('.viewtron-presence-how');
      should(await button('Take over its zones and lines').isVisible()).be.false();
      await ground.selectOption('snapshot: yard');
      await editor.page.locator('.viewtron-presence-stage img[src^="data:image/jpeg"]').waitFor();
      await button('Take over its zones and lines').click();
      await how.getByText('Taken over from the device: 2.').waitFor();
      await editor.picture('presence-device');
      await button('Take over its zones and lines').click();
      await how.getByText('Nothing new').waitFor();
      await editor.done();
      const kept = (await deployedShapes()).map(({ id: _id, ...shape }) => shape);
      should(kept).eql([
        {
          shape: 'zone',
          name: 'Perimeter 1',
          camera: '',
          points: [
            [0.15, 0.45],
            [0.85, 0.45],
            [0.95, 0.95],
            [0.05, 0.95],
          ],
        },
        {
          shape: 'line',
          name: 'Tripwire 1',
          camera: '',
          points: [
            [0.5, 0.42],
            [0.51, 0.98],
          ],
        },
      ]);
      await open();
      await api.close();
      await ground.selectOption('snapshot: yard');
      await how.getByText(/yard.*nobody answers.*ECONNREFUSED/).waitFor();
      await editor.cancel();
    } finally {
      await api.close();
    }
  });
});
