/** PDK subscriptions from a flow, through a real Node-RED against the fake cloud: one Deploy makes both agree. */
import should from 'should';
import { rmSync } from 'node:fs';
import { createUserDir, findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { PdkCloud } from '../../simulators/pdk/cloud';
import { standardClient, standardOrganizations } from '../../simulators/pdk/cloud-options';
import { Arrivals } from '../support/http-recorder';
import { untilListening, writeFlow } from '../support/runtime';

interface Payload {
  readonly operation?: string;
  readonly subscriptions?: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

/** What nodes send and show, whole. */
interface Told {
  readonly sent?: { readonly node: string; readonly msg: { readonly topic: string; readonly payload: Payload } };
  readonly status?: { readonly id: string; readonly status: { readonly fill: string; readonly text: string } };
}

const settingsCode = `
const { hooks, events } = require(require.resolve('@node-red/util', { paths: [process.argv[1]] }));
hooks.add('onSend.pdk-test', (sent) => {
  // what a flow asks for is its own affair: what comes out is looked at
  for (const { source, msg } of sent) if (source.node.type !== 'inject') process.send({ sent: { node: source.node.id, msg } });
});
events.on('node-status', (status) => process.send({ status }));
`;

const tabId = 'c000000000000001';
const listenerId = 'a000000000000001';
const accountId = 'a0000000000000cc';
const wrongAccountId = 'a0000000000000cd';
const webhookId = 'b0000000000000aa';
const managerId = 'b0000000000000bb';
const injectId = 'd0000000000000aa';
const sinkId = 'd000000000000002';
const catchId = 'd000000000000001';
const secret = 'webhook-secret-of-this-test-4471';
const givenSecret = 'secret-given-by-a-message-9080';
const basicPassword = 'p4ssw0rd-of-this-test-2216';
const wrongClientSecret = 'client-secret-that-is-wrong';
const publicUrl = 'https://doors.example.com';
const organization = standardOrganizations[1]?.id ?? '';
const panel = '10A0002';
const place = { x: 100, y: 100 };

describe('PDK subscriptions in Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let cloud: PdkCloud;
  let port: number;
  const told = new Arrivals<Told>();
  const reports: string[] = [];
  const secretsSeen = new Set([secret, givenSecret, basicPassword, standardClient.secret, wrongClientSecret]);

  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await told.until(told.items.length + 1);
  };
  const sent = (node = managerId) => told.items.flatMap((each) => (each.sent?.node === node ? [each.sent.msg] : []));
  const errors = () => sent(catchId);
  const statuses = () => told.items.flatMap(({ status }) => (status?.id === managerId ? [status.status] : []));

  const account = (id: string, clientSecret: string, settings: object = {}): object => ({
    id,
    type: 'pdk-account',
    version: 1,
    baseUrl: cloud.url,
    organization,
    ...settings,
    credentials: { clientId: standardClient.id, clientSecret },
  });
  const flow = (manager: object = {}, webhook: object = {}): readonly object[] => [
    ...writeFlow({ door: 'own', port }, { path: '/cameras' }),
    account(accountId, standardClient.secret),
    account(wrongAccountId, wrongClientSecret),
    {
      id: webhookId,
      type: 'pdk-webhook-in',
      z: tabId,
      ...place,
      version: 1,
      listener: listenerId,
      path: '/pdk/7f3a',
      topics: 'door.request.*',
      credentials: { secret },
      wires: [[sinkId]],
      ...webhook,
    },
    {
      id: managerId,
      type: 'pdk-hook-manager',
      z: tabId,
      ...place,
      version: 1,
      account: accountId,
      operation: 'msg',
      webhook: [webhookId],
      publicUrl,
      subscription: 'Doors of the test',
      wires: [[sinkId]],
      ...manager,
    },
    { id: injectId, type: 'inject', z: tabId, ...place, props: [], repeat: '', once: false, wires: [[managerId]] },
  ];
  const ask = async (operation: string, payload: object = {}): Promise<Payload> => {
    const [before, failed] = [sent().length, errors().length];
    const props = [
      { p: 'operation', v: operation, vt: 'str' },
      { p: 'payload', v: JSON.stringify(payload), vt: 'json' },
    ];
    const response = await fetch(`${nodeRed.url}/inject/${injectId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ __user_inject_props__: props }),
    });
    should(response.status).equal(200);
    await until(() => sent().length > before || errors().length > failed);
    const answer = sent()[before] ?? errors()[failed];
    should(answer?.topic).equal(sent().length > before ? `pdk/hooks/${operation}` : 'pdk/error');
    return answer?.payload ?? {};
  };
  const report = async (): Promise<Record<string, unknown>> => {
    const text = await (await fetch(`${nodeRed.url}/security-events/pdk-hook-manager/${managerId}/report`)).text();
    reports.push(text);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const enter = (id: string): Promise<void> =>
    cloud.emit(panel, { topic: 'door.request.allowed', panelId: panel, id, body: { doorId: 7 } });
  const events = () => sent(webhookId).map(({ payload }) => payload);

  before(async () => {
    port = await findFreePort(0);
    cloud = await PdkCloud.start({ reach: (url) => url.replace(publicUrl, `http://127.0.0.1:${port}`) });
    nodeRed = await startNodeRed({ settingsCode, onTold: (each) => told.add(each as Told) });
  });
  after(async () => {
    await nodeRed?.stop();
    await cloud?.close();
  });

  it('are made by one Deploy, and events come in, signed', async () => {
    await nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await untilListening(nodeRed);
    await until(() => sent().length > 0);
    should(sent()[0]).have.property('topic', 'pdk/hooks/ensure');
    should(sent()[0]?.payload).have.properties({ operation: 'ensure', organization, unwanted: [] });
    should(sent()[0]?.payload.subscriptions).have.length(1);
    should(sent()[0]?.payload.subscriptions?.[0]).have.properties({
      outcome: 'created',
      family: 'panel',
      warnings: [],
    });
    const [hook] = cloud.hooks;
    should(hook?.fields).have.properties({
      url: 'https://doors.example.com/pdk/7f3a',
      secret,
      name: 'Doors of the test',
      scope: 'ou',
      authentication: { type: 'None' },
    });
    should(hook?.fields.events).have.length(6);
    await enter('1');
    await until(() => events().length > 0);
    should(events()[0]).have.properties({ kind: 'access-granted', signature: 'current' });
    await until(() => statuses().some(({ text }) => text === 'created'));
  });

  it('are left alone by the next Deploy', async () => {
    const before = sent().length;
    await nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await until(() => sent().length > before);
    should(sent().at(-1)?.payload.subscriptions?.[0]?.outcome).equal('unchanged');
    should(cloud.count('update') + cloud.count('delete')).equal(0);
    await until(() => statuses().at(-1)?.text === 'as wanted');
  });

  it('follow the webhook node when only that is deployed: other topics, user and password', async () => {
    const before = sent().length;
    const credentials = { secret, user: 'pdk', password: basicPassword };
    const changed = { topics: 'door.request.allowed, permission.*', credentials };
    await nodeRed.deploy(flow({ ensureOnDeploy: true }, changed), 'nodes');
    await until(() => sent().length > before);
    const { subscriptions } = sent().at(-1)?.payload ?? {};
    should(subscriptions?.map(({ outcome, name, changes }) => [outcome, name, changes])).deepEqual([
      [
        'updated',
        'Doors of the test',
        ['authentication.type', 'authentication.user', 'events', 'authentication.password'],
      ],
      ['created', 'Doors of the test (organization)', []],
    ]);
    await enter('2');
    await until(() => events().length > 1);
    should(cloud.deliveries.at(-1)?.status).equal(200);
  });

  it('lose no event while the secret is rotated, and it stays rotated through Deploys', async () => {
    const answer = await ask('rotate');
    should(answer.subscriptions?.map(({ changes }) => changes)).deepEqual([['secret'], ['secret']]);
    const next = String(cloud.hooks[0]?.fields.secret);
    secretsSeen.add(next);
    should(next).not.equal(secret);
    should(cloud.hooks[1]?.fields.secret).equal(next);
    await enter('3');
    // one that PDK's cloud had signed before it knew the new one
    const [hook] = cloud.hooks;
    const late = cloud.plant(organization, { ...hook?.fields, secret, name: 'as PDK was before' });
    if (hook) hook.active = false;
    await enter('4');
    if (hook) hook.active = true;
    cloud.uproot(late.id);
    await until(() => events().length > 3);
    should(events().map(({ signature }) => signature)).deepEqual(['current', 'current', 'current', 'previous']);
    should(cloud.deliveries.map(({ status }) => status)).deepEqual([200, 200, 200, 200]);
    // a second one would drive the first out too early
    should(await ask('rotate')).have.properties({ code: 'rotation-under-way', retryable: false });
    const ensured = await ask('ensure');
    should(ensured.subscriptions?.map(({ outcome }) => outcome)).deepEqual(['unchanged', 'unchanged']);
  });

  it('are listed, read, changed, watched and deleted by messages', async () => {
    const { subscriptions = [] } = await ask('list');
    should(subscriptions).have.length(2);
    should(subscriptions[0]).have.properties({ hasSecret: true, active: true, family: 'panel' });
    const id = String(subscriptions[0]?.id);
    should((await ask('get', { id })).subscriptions?.[0]).have.properties({
      id,
      authentication: { type: 'Basic', user: 'pdk' },
    });

    const made = await ask('create', {
      name: 'by message',
      url: 'https://elsewhere.example.com/x',
      topics: 'door.alarm.*',
      secret: givenSecret,
      authentication: { type: 'None' },
    });
    const other = String(made.subscriptions?.[0]?.id);
    should(cloud.hooks.find((hook) => hook.id === other)?.fields.secret).equal(givenSecret);
    should((await ask('update', { id: other, active: false })).subscriptions?.[0]).have.properties({ active: false });

    const before = sent().length;
    const asking = (): Promise<Response> =>
      fetch(`${nodeRed.url}/inject/${injectId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ __user_inject_props__: [{ p: 'operation', v: 'watch', vt: 'str' }] }),
      });
    const lists = cloud.count('list');
    await asking();
    await cloud.arrived('list', lists + 1);
    await until(() => statuses().at(-1)?.text === '2 of 3 active');
    await enter('5');
    await asking();
    await until(() => sent().length > before);
    should(sent()[before]).have.property('topic', 'pdk/hooks/watch');
    should(sent()[before]?.payload).have.properties({ id, what: ['odometer'] });

    should(await ask('delete', { id: other })).have.properties({ id: other, wasThere: true });
    should(await ask('delete', { id: other })).have.properties({ id: other, wasThere: false });
  });

  it('fail with an error for Catch nodes: what, why, what to do, and whether again', async () => {
    cloud.fail('list', 'forbidden');
    const forbidden = await ask('ensure');
    should(forbidden).have.properties({
      code: 'pdk-forbidden',
      status: 403,
      retryable: false,
      serverMessage: 'must have direct access to the specified organization',
    });
    should(forbidden.message).match(/give the permission .* directly on that organization/);
    cloud.fail('create', 'refused');
    const refused = await ask('create', {
      name: 'x',
      url: 'https://x.example.com/',
      secret: givenSecret,
      topics: ['ou.created'],
      scope: 'ou',
    });
    should(refused).have.properties({ code: 'pdk-refused', status: 400 });
    for (const [payload, at] of [
      [{ url: 'http://x.example.com/' }, 'url'],
      [{ secret: 7 }, 'msg.payload.secret'],
      [{ scope: 'this' }, 'msg.payload.scope'],
      [{ secret: '' }, 'secret'],
      [{ expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    ] as const) {
      const requests = cloud.requests.length;
      should(await ask('ensure', payload)).have.properties({
        code: at === 'secret' ? 'secret-missing' : 'setting-invalid',
        place: at,
      });
      should(cloud.requests).have.length(requests);
    }
    should(await ask('get')).have.properties({ place: 'id' });
    should(await ask('explode')).have.properties({ place: 'msg.operation' });
    await report();
  });

  it('say in red what is wrong with account, webhook node and settings', async () => {
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ account: wrongAccountId, ensureOnDeploy: true }, /client id or client secret is wrong/],
      [{ account: '', ensureOnDeploy: true }, /no account/],
      [{ webhook: ['ffffffffffffffff'], ensureOnDeploy: true }, /no webhook node/],
      [{ publicUrl: '', ensureOnDeploy: true }, /public address: give/],
      [{ secrecyLevel: '9' }, /secrecy level must be a number from 0 to 2/],
    ];
    for (const [settings, text] of cases) {
      const before = told.items.length;
      await nodeRed.deploy(flow(settings));
      await until(() =>
        told.items
          .slice(before)
          .some(
            ({ status }) => status?.id === managerId && status.status.fill === 'red' && text.test(status.status.text),
          ),
      );
      await until(() =>
        told.items
          .slice(before)
          .some((each) => each.sent?.node === catchId && text.test(String(each.sent.msg.payload.message))),
      );
    }
  });

  it('are watched one by one, as the last message says', async () => {
    await nodeRed.deploy(flow());
    const [first, second] = cloud.hooks;
    const watch = async (id: unknown): Promise<void> => {
      const props = [
        { p: 'operation', v: 'watch', vt: 'str' },
        { p: 'payload', v: JSON.stringify({ id }), vt: 'json' },
      ];
      await fetch(`${nodeRed.url}/inject/${injectId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ __user_inject_props__: props }),
      });
      await cloud.arrived('list', lists + 1);
      lists += 1;
    };
    let lists = cloud.count('list');
    await watch(first?.id);
    await watch(second?.id);
    const before = sent().length;
    if (second) second.odometer += 1;
    if (first) first.odometer += 1;
    await watch(second?.id);
    await until(() => sent().length > before);
    should(sent()[before]?.payload).have.properties({ id: second?.id, what: ['odometer'] });
  });

  it('are left to the manager that made them by another one for the same webhook node', async () => {
    const answers = sent().length;
    await nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await until(() => sent().length > answers);
    const before = JSON.stringify(cloud.hooks.map(({ id, fields }) => [id, fields]));
    const other = 'b0000000000000bc';
    const [...nodes] = flow({ ensureOnDeploy: true });
    const manager = nodes.find((node) => 'id' in node && node.id === managerId);
    nodes.push({ ...manager, id: other, subscription: 'Of another manager' });
    for (const outcome of ['created', 'unchanged']) {
      const count = sent(other).length;
      const own = sent().length;
      await nodeRed.deploy(nodes);
      await until(() => sent(other).length > count && sent().length > own);
      should(sent(other).at(-1)?.payload.subscriptions?.[0]?.outcome).equal(outcome);
      should(sent().at(-1)?.payload.subscriptions?.[0]?.outcome).equal('unchanged');
    }
    should(JSON.stringify(cloud.hooks.slice(0, -1).map(({ id, fields }) => [id, fields]))).equal(before);
    cloud.uproot(String(sent(other).at(-1)?.payload.subscriptions?.[0]?.id));
  });

  it('are told as missing while the webhook node is disabled, and kept when it is enabled again', async () => {
    const before = JSON.stringify(cloud.hooks.map(({ id, fields }) => [id, fields]));
    await nodeRed.deploy(flow({ ensureOnDeploy: true }, { d: true }));
    await until(() => statuses().at(-1)?.text.startsWith('no webhook node') === true);
    should(JSON.stringify(cloud.hooks.map(({ id, fields }) => [id, fields]))).equal(before);
    const count = sent().length;
    await nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await until(() => sent().length > count);
    should(sent().at(-1)?.payload.subscriptions?.[0]?.outcome).equal('unchanged');
  });

  it('are not two where Deploys follow one another faster than PDK answers', async () => {
    for (const hook of cloud.hooks.splice(0)) cloud.uproot(hook.id);
    cloud.fail('create', 'hang-after');
    const creates = cloud.count('create');
    await nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await cloud.arrived('create', creates + 1);
    const count = sent().length;
    const again = nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await again;
    await nodeRed.deploy(flow({ ensureOnDeploy: true }));
    await until(() => sent().length > count);
    should(cloud.hooks).have.length(1);
    should(cloud.count('create')).equal(creates + 1);
  });

  it('are asked for by many messages at once, without a word of Node.js about leaks', async () => {
    const count = sent().length;
    const props = [{ p: 'operation', v: 'ensure', vt: 'str' }];
    const asking = (): Promise<Response> =>
      fetch(`${nodeRed.url}/inject/${injectId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ __user_inject_props__: props }),
      });
    await Promise.all(Array.from({ length: 30 }, asking));
    await until(() => sent().length >= count + 30);
    should(nodeRed.log()).not.containEql('MaxListenersExceededWarning');
  });

  it('end at once when the node is closed with a call under way', async () => {
    await nodeRed.deploy(flow());
    const lists = cloud.count('list');
    cloud.fail('list', 'hang');
    // its Catch node is closed with it: nobody hears the error
    void ask('list');
    await cloud.arrived('list', lists + 1);
    await nodeRed.deploy(flow({ subscription: 'another' }));
    should(nodeRed.log()).not.containEql('Close timed out');
  });

  it('are left where they are when the node is deleted', async () => {
    const before = cloud.hooks.length;
    await nodeRed.deploy(writeFlow({ door: 'own', port }, { path: '/cameras' }));
    should(cloud.hooks).have.length(before);
    should(
      cloud.requests.some(({ operation, path }) => operation === 'delete' && path.endsWith(cloud.hooks[0]?.id ?? '?')),
    ).be.false();
  });

  it('never tell a secret: in no message, error, status, report, log or exported flow', async () => {
    await nodeRed.deploy(flow());
    await report();
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    const all = [JSON.stringify(told.items), reports.join(), flows, nodeRed.log()];
    should(all.join('').length).be.above(10_000);
    should(secretsSeen.size).equal(6);
    for (const word of [...secretsSeen, 'id-token-']) {
      for (const form of [word, Buffer.from(word).toString('base64').replace(/=+$/, '')]) {
        should(all.some((text) => text.includes(form))).be.false(`a secret of ${word.length} characters was told`);
      }
    }
  });
});

describe('PDK subscriptions after a restart of Node-RED', function () {
  this.timeout(60_000);

  it('are found again by their ids, whatever a person has called them, with the secret that they were given last', async () => {
    const userDir = createUserDir();
    const cloud = await PdkCloud.start();
    const webhook = { id: webhookId, type: 'pdk-webhook-in', z: tabId, ...place, listener: listenerId, path: '/pdk/1' };
    const manager = {
      id: managerId,
      type: 'pdk-hook-manager',
      z: tabId,
      ...place,
      account: accountId,
      operation: 'rotate',
    };
    const flows = [
      ...writeFlow({ door: 'nodered' }, { path: '/cameras' }),
      { id: accountId, type: 'pdk-account', baseUrl: cloud.url, organization },
      { ...webhook, topics: 'door.request.*', wires: [[sinkId]] },
      { ...manager, webhook: [webhookId], publicUrl, ensureOnDeploy: true, wires: [[sinkId]] },
      { id: injectId, type: 'inject', z: tabId, ...place, props: [], repeat: '', once: false, wires: [[managerId]] },
    ];
    const credentials = {
      [accountId]: { clientId: standardClient.id, clientSecret: standardClient.secret },
      [webhookId]: { secret },
    };
    const start = () => startNodeRed({ flows, credentials, userDir });

    let nodeRed = await start();
    await cloud.arrived('create', 1);
    // the answer comes after the request
    const [hook] = cloud.hooks;
    const report = async (): Promise<{ ids: string[]; lastAnswer?: { operation: string } }> =>
      (await (await fetch(`${nodeRed.url}/security-events/pdk-hook-manager/${managerId}/report`)).json()) as never;
    while ((await report()).ids[0] !== hook?.id);
    await fetch(`${nodeRed.url}/inject/${injectId}`, { method: 'POST' });
    while ((await report()).lastAnswer?.operation !== 'rotate');
    const next = hook?.fields.secret;
    should(next).be.a.String().and.not.equal(secret);
    await nodeRed.stop();

    if (hook) hook.fields = { ...hook.fields, name: 'called otherwise', url: 'https://moved.example.com/' };
    nodeRed = await start();
    await cloud.arrived('update', 2);
    while ((await report()).lastAnswer?.operation !== 'ensure');
    should(cloud.hooks).have.length(1);
    should(hook?.fields).have.properties({ name: 'Node-RED', url: `${publicUrl}/pdk/1`, secret: next });
    await nodeRed.stop();
    await cloud.close();
    rmSync(userDir, { recursive: true, force: true });
  });
});

describe('the look of the account dialog', function () {
  this.timeout(30_000);
  let nodeRed: NodeRed;
  let cloud: PdkCloud;
  before(async () => {
    cloud = await PdkCloud.start();
    nodeRed = await startNodeRed();
  });
  after(async () => {
    await nodeRed?.stop();
    await cloud?.close();
  });
  const look = async (fields: object): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${nodeRed.url}/security-events/pdk-account/look`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    return { status: response.status, text: await response.text() };
  };
  const typed = () => ({ baseUrl: cloud.url, clientId: standardClient.id, clientSecret: standardClient.secret });

  it('works before the first Deploy, with what was typed, and echoes no secret', async () => {
    const { status, text } = await look({ ...typed(), organization: 'mine' });
    should(status).equal(200);
    should(JSON.parse(text)).have.propertyByPath('organization', 'name').equal('Example Dealer');
    should(text).not.containEql(standardClient.secret);
    should(JSON.parse((await look({ ...typed(), organization })).text))
      .have.propertyByPath('organization', 'panels')
      .length(2);
  });

  it('says what is wrong', async () => {
    for (const [fields, message] of [
      [{ clientSecret: wrongClientSecret }, /client id or client secret is wrong/],
      [{ clientId: '' }, /client id: give/],
      [{ baseUrl: 'http://accounts.example.com' }, /must begin with https/],
      [{ organization: 'nowhere' }, /PDK answers 404/],
      [{ clientSecret: '${PDK_SECRET}' }, /known to the server only/],
      [{ baseUrl: 'http://127.0.0.1:1' }, /cannot be reached/],
    ] as const) {
      const { status, text } = await look({ ...typed(), ...fields });
      should(status).equal(422);
      should((JSON.parse(text) as { error: string }).error).match(message);
      should(text).not.containEql(wrongClientSecret);
    }
    for (const body of [[], { baseUrl: 7 }, {}]) should((await look(body)).status).equal(422);
  });

  it('uses the stored secret for the account that it was given for, and for no other server', async () => {
    const account = { id: accountId, type: 'pdk-account', version: 1, baseUrl: cloud.url, organization: 'mine' };
    const credentials = { clientId: standardClient.id, clientSecret: standardClient.secret };
    await nodeRed.deploy([
      { id: tabId, type: 'tab', label: 'test' },
      { ...account, credentials },
      {
        id: managerId,
        type: 'pdk-hook-manager',
        z: tabId,
        ...place,
        account: accountId,
        operation: 'list',
        wires: [[]],
      },
    ]);
    const kept = { ...typed(), clientSecret: '__PWRD__' };
    should((await look({ id: accountId, ...kept })).status).equal(200);
    should((await look({ id: accountId, baseUrl: `${cloud.url}/` })).status).equal(200);
    const thief = await PdkCloud.start();
    const tries = [
      { id: accountId, ...kept, baseUrl: thief.url },
      { id: accountId, baseUrl: thief.url },
      { id: accountId, ...kept, clientId: 'another' },
      { ...kept, id: 'ffffffffffffffff' },
    ];
    for (const fields of tries) {
      const { status, text } = await look(fields);
      should(status).equal(422);
      should(text).match(/give the client secret again/);
    }
    should(thief.requests).be.empty();
    await thief.close();
  });
});

describe('the look of the account dialog under a login', function () {
  this.timeout(30_000);
  it('is for those who may change accounts', async () => {
    const nodeRed = await startNodeRed({ settings: { adminAuth: { type: 'credentials', users: [] } } });
    const response = await fetch(`${nodeRed.url}/security-events/pdk-account/look`, { method: 'POST' });
    should(response.status).equal(401);
    await nodeRed.stop();
  });
});
