/** The dialog of security-listener, opened from the node that uses it. */
import { request } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import should from 'should';

import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { Editor } from './browser';
import { listener, listenerId, nodeId, tab, tls, tlsId, viewtronIn } from './flows';
import texts from '../../nodes/listener/locales/en-US/security-listener.json';

describe('the editor: security-listener', () => {
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

  beforeEach(async () => {
    editor.complaints.length = 0;
    await editor.open([tab, listener(), viewtronIn()]);
    await open();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return editor.picture('failed');
    should(editor.complaints).eql([]);
  });

  const dialog = () => editor.page.locator('.security-listener-dialog');
  const port = () => editor.page.locator('#node-config-input-port');
  const address = () => editor.page.locator('#node-config-input-host');
  const door = (name: string) => editor.page.getByRole('radio', { name });
  const url = () => dialog().locator('.security-events-address');

  async function open(): Promise<void> {
    await editor.edit(nodeId);
    await editor.openConfig('listener');
  }

  async function close(button: 'ok' | 'cancel'): Promise<void> {
    await editor.closeConfig(button);
    await editor.cancel();
  }

  const field = (property: string) => editor.page.locator(`#node-config-input-${property}`);
  const now = (name: string) => dialog().locator(`.security-listener-${name} .security-events-now`).textContent();

  const requests = () => dialog().locator('.security-events-requests > li');

  async function section(name: string): Promise<void> {
    const details = dialog().locator(`.security-listener-${name}`);
    if ((await details.getAttribute('open')) === null) await details.locator('summary').first().click();
  }

  async function start(...flows: Parameters<Editor['open']>[0]): Promise<void> {
    await editor.open(flows);
    await open();
  }

  const deployedListener = async () => (await editor.deploy()).find(({ id }) => id === listenerId) ?? {};

  /** As rude as a stranger may be: `fetch` would write this target otherwise. */
  function call(
    target: string,
    options: { method?: string; body?: string; authorization?: string } = {},
  ): Promise<number> {
    const { method = 'POST', body = '', authorization } = options;
    const headers = {
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(body),
      ...(authorization !== undefined && { authorization }),
    };
    return new Promise((resolve, reject) => {
      const { hostname, port: ownPort } = new URL(nodeRed.url);
      const sent = request({ hostname, port: ownPort, method, path: target, headers, agent: false }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      sent.once('error', reject).end(body);
    });
  }

  async function isWrong(property: string): Promise<boolean> {
    return /\binput-error\b/.test(
      (await editor.page.locator(`#node-config-input-${property}`).getAttribute('class')) ?? '',
    );
  }

  it('shows port and address for a port of its own only, and the address for the device', async () => {
    should(await port().isVisible()).be.false();
    should(await dialog().getByText('httpNodeAuth').isVisible()).be.true();
    should(await url().textContent()).match(/^http:\/\/192.0.2.10:\d+$/);
    await editor.picture('security-listener-nodered');
    await door('A port of its own').check();
    should(await port().isVisible()).be.true();
    should(await dialog().getByText('httpNodeAuth').isVisible()).be.false();
    await editor.type(port(), '15051');
    should(await url().textContent()).equal('http://192.0.2.10:15051');
    await editor.type(address(), '2001:db8::7');
    should(await url().textContent()).equal('http://[2001:db8::7]:15051');
    await editor.picture('security-listener-own');
  });

  it('says what is wrong with port and address, of a port of its own only', async () => {
    await door('A port of its own').check();
    for (const wrong of ['', '0', '65536', '80a', '-1', '5050.5']) {
      await editor.type(port(), wrong);
      should(await isWrong('port')).be.true(`"${wrong}" is taken`);
    }
    for (const right of ['1', '65535', '${CAMERA_PORT}']) {
      await editor.type(port(), right);
      should(await isWrong('port')).be.false(`"${right}" is refused`);
    }
    for (const [host, wrong] of [
      ['http://192.0.2.7', true],
      ['192.0.2.7/API', true],
      ['192.0.2.7', false],
      ['::', false],
      ['', false],
    ] as const) {
      await editor.type(address(), host);
      should(await isWrong('host')).equal(wrong, host);
    }
    await editor.type(port(), 'no port');
    should(await isWrong('port')).be.true();
    await door("Node-RED's own web server").check();
    should(await isWrong('port')).be.false();
  });

  it('keeps every setting through Update, reopening and Deploy', async () => {
    await editor.type(editor.page.getByLabel('Name', { exact: true }).last(), 'Camera network');
    await door('A port of its own').check();
    await editor.type(port(), ' 15052 ');
    await editor.type(address(), ' 127.0.0.1 ');
    await close('ok');
    await open();
    should(await port().inputValue()).equal('15052');
    should(await door('A port of its own').isChecked()).be.true();
    await close('cancel');
    const flows = await editor.deploy();
    should(flows.find(({ id }) => id === listenerId)).containEql({
      name: 'Camera network',
      version: 1,
      door: 'own',
      host: '127.0.0.1',
      port: '15052',
    });
  });

  it('changes nothing on Cancel', async () => {
    await door('A port of its own').check();
    await editor.type(port(), '15053');
    await close('cancel');
    should(await editor.isDirty()).be.false();
    await open();
    should(await door("Node-RED's own web server").isChecked()).be.true();
  });

  it('gives every control a name, and no text without a translation', async () => {
    await door('A port of its own').check();
    for (const name of ['access', 'limits', 'state']) await section(name);
    for (const name of ['Port', 'Address']) await dialog().getByRole('textbox', { name, exact: true }).waitFor();
    await dialog().getByRole('combobox', { name: 'TLS' }).waitFor();
    await dialog().getByRole('group', { name: 'Devices deliver to' }).waitFor();
    const controls = dialog().locator(
      'input:visible, textarea:visible, select:visible, button:visible, summary:visible',
    );
    for (const control of await controls.all()) {
      const name = await control.ariaSnapshot();
      should(name).match(/"[^"]+"|: \S|\S - \S/, `no name: ${name}`);
    }
    should(await dialog().innerText()).not.match(/security-listener\.|common\.label/);
  });

  it('fits a narrow tray', async () => {
    await editor.page.setViewportSize({ width: 830, height: 1400 });
    try {
      await start(tab, listener({ allow: '2001:db8:1:2:3:4:5:6/128\n'.repeat(4) }), viewtronIn());
      await door('A port of its own').check();
      const target = `/cameras?${'x'.repeat(900)}<b>`;
      should(await call(target, { body: 'y'.repeat(900) })).equal(403);
      for (const name of ['access', 'limits', 'state']) await section(name);
      await dialog().getByText('the last 20').waitFor();
      await requests().locator('summary').click();
      const [inside, outside] = await dialog().evaluate((element) => [element.scrollWidth, element.clientWidth]);
      should(inside).be.belowOrEqual(outside ?? 0);
      const tray = await editor.page.locator('.red-ui-tray').last().boundingBox();
      const form = await dialog().boundingBox();
      should(tray?.width).be.belowOrEqual(500);
      should((form?.x ?? 0) + (form?.width ?? 0)).be.belowOrEqual((tray?.x ?? 0) + (tray?.width ?? 0));
      await editor.picture('security-listener-narrow');
    } finally {
      await editor.page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it('has help in the order of the style guide', async () => {
    const help = await editor.help();
    await help.getByRole('heading', { name: 'A port of its own' }).waitFor();
    for (const name of ['HTTPS', 'Who may call', 'Limits', 'During a Deploy', 'What a refused request is answered']) {
      await help.getByRole('heading', { name, exact: true }).waitFor();
    }
    should(await help.locator('h3').allInnerTexts()).eql(['Details', 'References']);
    should(await help.locator('b, i:not(.fa)').count()).equal(0);
    await editor.picture('security-listener-help');
  });

  describe('TLS', () => {
    it('is asked for a port of its own only, and makes the addresses shown begin with https', async () => {
      await start(tab, tls, listener({ host: '127.0.0.1', port: '15061' }), viewtronIn());
      should(await field('tls').isVisible()).be.false();
      await door('A port of its own').check();
      should(await url().textContent()).equal('http://127.0.0.1:15061');
      await field('tls').selectOption(tlsId);
      should(await url().textContent()).equal('https://127.0.0.1:15061');
      await editor.picture('security-listener-tls');
      await door("Node-RED's own web server").check();
      should(await url().textContent()).match(/^http:/);
      await door('A port of its own').check();
      await editor.closeConfig('ok');
      await editor.page.getByText('https://127.0.0.1:15061/cameras', { exact: true }).waitFor();
      await editor.cancel();
      should(await deployedListener()).containEql({ door: 'own', tls: tlsId });
    });

    it('may be none', async () => {
      await start(tab, tls, listener({ tls: tlsId }), viewtronIn());
      await door('A port of its own').check();
      await field('tls').selectOption('_ADD_');
      should(await url().textContent()).match(/^http:/);
      await door("Node-RED's own web server").check();
      await close('ok');
      should(await deployedListener()).containEql({ tls: '' });
    });
  });

  describe('who may call', () => {
    it('takes addresses and networks, of both families, and names the entry that is neither', async () => {
      await section('access');
      for (const property of ['allow', 'proxies']) {
        for (const right of [
          '',
          '192.168.1.20',
          '192.168.1.0/24, 10.0.0.0/8;fd00::/8\n2001:db8::7',
          '0.0.0.0/0',
          '::/0',
          '::1',
          '::ffff:192.0.2.0/120',
          'fe80::1%eth0',
          '${NETWORKS}',
        ]) {
          await editor.type(field(property), right);
          should(await isWrong(property)).be.false(`"${right}" is refused as ${property}`);
        }
        for (const wrong of [
          'cameras',
          '192.168.1',
          '192.168.1.256',
          '192.168.01.2',
          '192.168.1.0/33',
          '192.168.1.0/',
          '192.168.1.1-9',
          '192.168.1.1 192.168.1.2',
          '2001:db8::/129',
          '2001:db8:::1',
          '::ffff:192.0.2.0/24',
          'http://192.168.1.1',
          '192.168.1.1:80',
          '192.168.1.1, ${OTHERS}',
        ]) {
          await editor.type(field(property), wrong);
          should(await isWrong(property)).be.true(`"${wrong}" is taken as ${property}`);
        }
        await editor.type(field(property), '');
      }
      const hostile = '192.168.1.1, <img src=x onerror="throw new Error(1)">';
      await editor.open([tab, listener({ allow: hostile, proxies: 'proxy' }), viewtronIn()]);
      const faults = await editor.faultsOfNode(listenerId);
      should(faults).matchAny(/^Allowed: "\?img\?src/);
      should(faults).matchAny(/^Trusted proxies: "proxy" is no address and no network. write 192/);
      await open();
      should(await field('allow').isVisible()).be.true();
      await field('allow').hover();
      await editor.page.locator('.red-ui-popover').getByText('is no address').waitFor();
      await editor.picture('security-listener-wrong');
      should(await editor.page.locator('.red-ui-popover img').count()).equal(0);
    });

    it('wants a user and a password, a header and its value, or neither', async () => {
      await section('access');
      const pairs = async () =>
        Promise.all(['user', 'password', 'headerName', 'headerValue'].map((property) => isWrong(property)));
      await editor.type(field('user'), 'camera');
      should(await pairs()).eql([false, true, false, false]);
      await editor.type(field('password'), 'open sesame');
      should(await pairs()).eql([false, false, false, false]);
      await editor.type(field('user'), '');
      should(await pairs()).eql([true, false, false, false]);
      await editor.type(field('user'), 'a:b');
      should(await pairs()).eql([true, false, false, false]);
      await editor.type(field('user'), '${CAMERA_USER}');
      await editor.type(field('headerValue'), 'sesame too');
      should(await pairs()).eql([false, false, true, false]);
      for (const wrong of ['X Api Key', 'X-Api-Key:', 'Schlüssel', 'a"b', 'x/y']) {
        await editor.type(field('headerName'), wrong);
        should(await isWrong('headerName')).be.true(`"${wrong}" is taken`);
      }
      for (const right of ['Authorization', 'x-api-key', 'X_Api.Key~1', '${HEADER}']) {
        await editor.type(field('headerName'), right);
        should(await isWrong('headerName')).be.false(`"${right}" is refused`);
      }
      await editor.type(field('headerName'), 'X-Api-Key');
      await editor.type(field('headerValue'), '');
      should(await pairs()).eql([false, false, true, true]);
      await field('headerValue').hover();
      await editor.page.locator('.red-ui-popover').getByText('give what the secret header must hold').waitFor();
      await close('ok');
      should(await editor.faultsOfNode(listenerId)).matchAny(/Its value/);
    });

    it('keeps secrets through Update, reopening and Deploy, uses them, and gives them to no export', async () => {
      should(await now('access')).equal('everybody');
      await section('access');
      await editor.type(field('allow'), ' 127.0.0.0/8\n::1 ');
      await editor.type(field('user'), ' camera ');
      await editor.type(field('password'), 'open sesame');
      await editor.type(field('headerName'), ' X-Api-Key ');
      await editor.type(field('headerValue'), 'sesame too');
      await editor.type(field('proxies'), '192.0.2.1');
      await editor.picture('security-listener-access');
      should(await now('access')).equal('127.0.0.0/8, ::1 · user camera · header X-Api-Key · behind a proxy');
      await close('ok');
      await open();
      should(await field('user').inputValue()).equal('camera');
      should(await now('access')).not.containEql('sesame');
      await close('cancel');
      should(await editor.exported())
        .match(/X-Api-Key/)
        .and.not.match(/sesame|"camera"/);

      const rules = { allow: '127.0.0.0/8\n::1', headerName: 'X-Api-Key', proxies: '192.0.2.1' };
      should(await deployedListener()).containEql(rules);
      should(JSON.stringify(await editor.deployed())).not.match(/sesame|"camera"/);
      should(await call('/cameras')).equal(401);

      await open();
      for (const property of ['password', 'headerValue']) should(await field(property).inputValue()).equal('__PWRD__');
      should(await now('access')).containEql('user camera');
      for (const property of ['user', 'password', 'headerName', 'headerValue']) {
        should(await isWrong(property)).be.false(property);
      }
      await close('ok');
      should(await editor.isDirty()).be.false();

      // what was not touched stays, and what is cleared goes
      await open();
      await section('access');
      await editor.type(field('headerName'), '');
      should(await isWrong('headerName')).be.true();
      await editor.type(field('headerValue'), '');
      should(await isWrong('headerName')).be.false();
      await close('ok');
      should(await deployedListener()).containEql({ headerName: '' });
      const right = `Basic ${Buffer.from('camera:open sesame').toString('base64')}`;
      should(await call('/cameras')).equal(401);
      should(await call('/cameras', { authorization: right, body: '<config version="1.7"/>' })).equal(200);
    });
  });

  describe('limits', () => {
    const ranges = {
      bodyMb: ['0.01', '256', '0.001', '257'],
      inFlightMb: ['16', '4096', '0.5', '4097'],
      bodySeconds: ['1', '3600', '0', '3601'],
      headSeconds: ['1', '600', '0.5', '601'],
      connections: ['1', '100000', '0', '100001'],
      holdSeconds: ['0', '60', '-1', '61'],
      holdMb: ['0', '4096', 'much', '4097'],
    } as const;

    it('have ranges, whole numbers where nothing else can be meant, and defaults where nothing is given', async () => {
      await door('A port of its own').check();
      await section('limits');
      await editor.picture('security-listener-limits');
      for (const [property, [least, most, under, over]] of Object.entries(ranges)) {
        const usual = await field(property).inputValue();
        should(await field(property).getAttribute('placeholder')).equal(usual);
        // so that the largest post is never more than all
        if (property === 'bodyMb') await editor.type(field('inFlightMb'), '4096');
        for (const right of [least, most, '', '${LIMIT}']) {
          await editor.type(field(property), right);
          should(await isWrong(property)).be.false(`"${right}" is refused as ${property}`);
        }
        for (const wrong of [under, over, '1e1', '1,5', '-1']) {
          await editor.type(field(property), wrong);
          should(await isWrong(property)).be.true(`"${wrong}" is taken as ${property}`);
        }
        await editor.type(field(property), usual);
        if (property === 'bodyMb') await editor.type(field('inFlightMb'), '128');
      }
      await editor.type(field('connections'), '1.5');
      should(await isWrong('connections')).be.true();
      await field('connections').hover();
      await editor.page.locator('.red-ui-popover').getByText('Connections: a whole number from 1 to 100000').waitFor();
    });

    it('want all posts together to be no less than one', async () => {
      await section('limits');
      await editor.type(field('bodyMb'), '200');
      should([await isWrong('bodyMb'), await isWrong('inFlightMb')]).eql([false, true]);
      await editor.type(field('inFlightMb'), '');
      should(await isWrong('inFlightMb')).be.true('the default is less than 200');
      await editor.type(field('inFlightMb'), '${ALL}');
      should(await isWrong('inFlightMb')).be.false();
      await editor.type(field('inFlightMb'), '200');
      should(await isWrong('inFlightMb')).be.false();
      await editor.type(field('bodyMb'), '${ONE}');
      should(await isWrong('inFlightMb')).be.false();
    });

    it("that Node-RED's own server has itself are not asked there, and cannot stand in the way", async () => {
      await section('limits');
      for (const property of ['headSeconds', 'connections']) should(await field(property).isVisible()).be.false();
      should(await field('bodyMb').isVisible()).be.true();
      await door('A port of its own').check();
      await editor.type(field('connections'), 'many');
      await editor.type(field('headSeconds'), '30');
      should(await isWrong('connections')).be.true();
      await door("Node-RED's own web server").check();
      should(await isWrong('connections')).be.false();
      await close('ok');
      should(await editor.faultsOfNode(listenerId)).eql([]);
      should(await deployedListener()).containEql({ connections: '1000', headSeconds: '30' });
    });

    it('are kept through Update, reopening and Deploy, and told in short', async () => {
      await door('A port of its own').check();
      await editor.type(port(), '15062');
      should(await now('limits')).equal('standard');
      await section('limits');
      await editor.type(field('bodyMb'), ' 32 ');
      should(await now('limits')).equal('Largest post 32 MB');
      await editor.type(field('holdSeconds'), '0');
      await editor.type(field('connections'), '${CONNECTIONS}');
      should(await now('limits')).equal('3 changed');
      await close('ok');
      await open();
      should(await field('bodyMb').inputValue()).equal('32');
      await close('cancel');
      should(await deployedListener()).containEql({
        bodyMb: '32',
        holdSeconds: '0',
        connections: '${CONNECTIONS}',
        headSeconds: '20',
      });
    });
  });

  it('opens and saves a flow of before rules and limits, and changes nothing that it means', async () => {
    should(await editor.faultsOfNode(listenerId)).eql([]);
    should(await dialog().locator('.input-error').count()).equal(0);
    should([await now('access'), await now('limits')]).eql(['everybody', 'standard']);
    await close('cancel');
    should(await editor.isDirty()).be.false();
    await open();
    await close('ok');
    should(await deployedListener()).eql({
      ...listener(),
      tls: '',
      publicUrl: '',
      allow: '',
      headerName: '',
      proxies: '',
      bodyMb: '16',
      inFlightMb: '128',
      bodySeconds: '120',
      headSeconds: '20',
      connections: '1000',
      holdSeconds: '10',
      holdMb: '64',
    });
    should(await call('/cameras', { body: '<config version="1.7"/>' })).equal(200);

    const empty = { allow: '', headerName: '', proxies: '', tls: '', bodyMb: '', inFlightMb: '', bodySeconds: '' };
    await editor.open([
      tab,
      listener({ ...empty, headSeconds: '', connections: '', holdSeconds: '', holdMb: '' }),
      viewtronIn(),
    ]);
    should(await editor.faultsOfNode(listenerId)).eql([]);
  });

  describe('why nothing arrives', () => {
    it('says to deploy first', async () => {
      await close('cancel');
      await editor.edit(nodeId);
      await editor.openConfig('listener', 'add');
      await section('state');
      await dialog().getByText('Deploy first').waitFor();
      await close('cancel');
    });

    it('shows what came, who called, and what was refused, as text only', async () => {
      const fresh = { ...listener(), id: '5555555555555555' };
      const node = viewtronIn({ listener: fresh.id, path: '/gate' });
      await editor.open([tab, fresh, node]);
      await open();
      await section('state');
      await dialog().getByText('No request has come yet').waitFor();
      await editor.picture('security-listener-state-empty');

      const hostile = '<img src=x onerror="throw new Error(name)"><script>throw new Error(name)</script>';
      should(await call('/gate?<img/src=x/onerror=fetch(1)>', { method: 'DELETE', body: hostile })).equal(405);
      should(await call('/gate', { body: hostile })).equal(200);
      await dialog().locator('.security-events-refresh').click();
      await dialog().getByText('method not allowed 1').waitFor();
      should(await dialog().locator('dl').innerText()).match(/Node-RED's own port/);
      should(await dialog().locator('tbody tr td').allTextContents()).containDeep(['/gate', '127.0.0.1']);
      should(await requests().count()).equal(2);
      const refused = requests().last();
      should(await refused.locator('code').textContent()).equal('DELETE /gate?<img/src=x/onerror=fetch(1)>');
      should(await refused.locator('small').textContent()).match(/^127\.0\.0\.1 · \d+ seconds? ago$/);
      should(await refused.locator('p').textContent()).match(/takes POST/);
      should(await refused.locator('pre').isVisible()).be.false();
      await refused.locator('summary').click();
      should(await refused.locator('pre').textContent()).equal(hostile);
      should(await requests().first().locator('code').textContent()).equal('POST /gate');
      should(await dialog().locator('img, script, td *, code *, pre *').count()).equal(0);
      await editor.picture('security-listener-state-live');
    });

    it('has a text for every reason there is, and shows others as they are', async () => {
      const codes = new Set(['too-many-connections', 'too-many-requests', 'answer-not-read', 'middleware-failed']);
      const src = join(__dirname, '../../src');
      for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts')) continue;
        const source = readFileSync(join(src, file), 'utf8');
        const made = /(?:new (?:Wire|Transport)Error|\brefuse)\(\s*'([a-z0-9-]+)'|'(json-[a-z-]+)'/g;
        for (const [, code = '', named = code] of source.matchAll(made)) codes.add(named);
      }
      // told to the node, which raises it; the listener does not count it
      codes.delete('delivery-failed');
      const reasons: Readonly<Record<string, string>> = texts['security-listener'].reason;
      should(Object.keys(reasons).toSorted()).eql([...codes].toSorted());

      const report = '**/security-events/security-listener/*/report';
      const time = Date.now();
      const at = (seconds: number): string => new Date(time - seconds * 1000).toISOString();
      const row = (seconds: number, method: string, target: string, reason: string, message: string, excerpt = '') => ({
        time: at(seconds),
        method,
        target,
        address: '192.0.2.99',
        reason,
        message,
        excerpt,
      });
      await editor.page.route(report, (route) =>
        route.fulfill({
          json: {
            listening: ':5050',
            state: 'failed',
            error: 'port 5050 is in use by another program; stop that or choose another port',
            now: at(0),
            accepted: 12_345,
            bytes: 5_368_709_120,
            held: 7,
            duplicates: 3,
            refused: { 'user-wrong': 4, 'path-unknown': 1200, 'made-up-code': 1 },
            callers: [
              { path: '/API', address: '192.0.2.41', time: at(190) },
              {
                path: '/a/very/long/path/of/a/device/that/somebody/has/named/with/care',
                address: '2001:db8::41',
                time: at(7300),
              },
            ],
            requests: [
              row(12, 'POST', '/API', 'user-wrong', '192.0.2.99 sent a wrong user or password', '<config>…</config>'),
              row(
                190,
                'GET',
                '/',
                'path-unknown',
                'no node listens on /, which 192.0.2.99 called; give the device the path of a node',
              ),
              row(
                90_000,
                '',
                '',
                'request-not-http',
                '192.0.2.99 sent what is no HTTP request (Parse Error)',
                '\u0016\u0003\u0001',
              ),
            ],
          },
        }),
      );
      try {
        await section('state');
        await dialog().getByText('made-up-code 1').waitFor();
        const list = await dialog().locator('dl').innerText();
        should(list)
          .match(/port 5050 is in use/)
          .and.match(/12,345 \(5 GB\)/);
        should(list).match(/user or password missing or wrong 4 · no node of that path 1,200/);
        should(await dialog().locator('tbody tr').first().innerText()).match(/3 minutes ago/);
        should(await requests().locator('code').allTextContents()).eql(['POST /API', 'GET /', 'no HTTP request']);
        should(await requests().last().innerText()).match(/1 day ago/);
        await requests().first().locator('summary').click();
        await dialog().locator('.security-events-refresh').scrollIntoViewIfNeeded();
        await editor.picture('security-listener-state');
      } finally {
        await editor.page.unroute(report);
      }
    });

    it('says so when it cannot be read', async () => {
      const report = '**/security-events/security-listener/*/report';
      await editor.page.route(report, (route) => route.fulfill({ status: 401, body: '' }));
      try {
        await section('state');
        await dialog().getByText('could not be read (401)').waitFor();
      } finally {
        await editor.page.unroute(report);
      }
    });
  });
});
