/** Events of PDK's doors as labels of Camio's video, through a real Node-RED and a simulated Camio; no token told anywhere. */
import { createHmac } from 'node:crypto';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { PacsApi } from '../../simulators/camio/pacs-api';
import { Arrivals } from '../support/http-recorder';
import { untilListening, writeFlow } from '../support/runtime';

interface Told {
  readonly sent?: { readonly node: string; readonly type: string; readonly msg: Message };
  readonly status?: { readonly id: string; readonly status: { readonly fill: string; readonly text: string } };
}

interface Message {
  readonly topic?: string;
  readonly kept?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What `http in` sends holds its request, which cannot be told to another process. */
const settingsCode = `
const { hooks, events } = require(require.resolve('@node-red/util', { paths: [process.argv[1]] }));
hooks.add('onSend.camio-test', (sent) => {
  for (const { source, msg } of sent) if (source.node.type !== 'http in') process.send({ sent: { node: source.node.id, type: source.node.type, msg } });
});
events.on('node-status', (status) => process.send({ status }));
`;

const tabId = 'c000000000000001';
const listenerId = 'a000000000000001';
const sinkId = 'd000000000000002';
const accountId = 'a000000000000002';
const token = 'token-of-this-test-9931';
const secret = 'pdk-secret-of-this-test';
const place = { x: 100, y: 100 };
const idOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16);

describe('camio-event-out in Node-RED', function () {
  this.timeout(60_000);
  let api: PacsApi;
  let nodeRed: NodeRed;
  let port: number;
  const told = new Arrivals<Told>();
  const sent = (name: string): readonly Message[] =>
    told.items.flatMap((each) => (each.sent?.node === idOf(name) ? [each.sent.msg] : []));
  const errors = (): readonly Message[] =>
    told.items.flatMap((each) => (each.sent?.type === 'catch' ? [each.sent.msg] : []));
  const statuses = (name: string): readonly { fill: string; text: string }[] =>
    told.items.flatMap(({ status }) => (status?.id === idOf(name) ? [status.status] : []));
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await told.until(told.items.length + 1);
  };

  const account = (id: string, more: object = {}, credentials: object = { token }): object => {
    return { id, type: 'camio-account', version: 1, url: api.url, ...more, credentials };
  };
  const out = (name: string, more: object = {}): object => {
    const own = { id: idOf(name), type: 'camio-event-out', z: tabId, version: 1, name, account: accountId };
    return { ...own, ...place, ...more, wires: [[sinkId]] };
  };
  /** A web page's way into the flow: what is posted there comes out as it is. */
  const door = (name: string): readonly object[] => [
    {
      id: idOf(`in ${name}`),
      type: 'http in',
      z: tabId,
      ...place,
      url: `/in/${name}`,
      method: 'post',
      wires: [[idOf(`a ${name}`), idOf(`r ${name}`)]],
    },
    { id: idOf(`r ${name}`), type: 'http response', z: tabId, ...place, statusCode: '200', wires: [] },
    {
      id: idOf(`a ${name}`),
      type: 'change',
      z: tabId,
      ...place,
      rules: [
        { t: 'set', p: 'action', pt: 'msg', to: 'payload.action', tot: 'msg' },
        { t: 'set', p: 'kept', pt: 'msg', to: 'kept', tot: 'str' },
        { t: 'set', p: 'labels', pt: 'msg', to: 'payload.more', tot: 'msg' },
        { t: 'delete', p: 'req', pt: 'msg' },
        { t: 'delete', p: 'res', pt: 'msg' },
        { t: 'set', p: 'payload', pt: 'msg', to: 'payload.what', tot: 'msg' },
      ],
      wires: [[idOf(name)]],
    },
  ];
  const inject = (name: string, what: unknown, more: object = {}) =>
    fetch(`${nodeRed.url}/in/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ what, ...more }),
    });

  before(async () => {
    api = await PacsApi.start({ token });
    port = await findFreePort(0);
    nodeRed = await startNodeRed({ settingsCode, onTold: (each) => told.add(each as Told) });
    const names = ['main', 'any', 'doors', 'wrong', 'nobody'];
    const other = 'a000000000000003';
    await nodeRed.deploy([
      ...writeFlow({ port }, { path: '/cameras' }),
      {
        id: idOf('pdk'),
        type: 'pdk-webhook-in',
        z: tabId,
        version: 1,
        listener: listenerId,
        path: '/pdk',
        topics: 'door.*',
        ...place,
        credentials: { secret },
        wires: [[idOf('main')]],
      },
      account(accountId),
      account(other, {}, { token: 'token-that-is-wrong' }),
      out('main', { labels: 'north wing, visitors' }),
      out('any', { action: 'msg' }),
      out('doors', { action: 'devices' }),
      out('wrong', { account: other }),
      out('nobody', { account: '' }),
      ...names.flatMap(door),
    ]);
    await untilListening(nodeRed);
  });
  after(async () => {
    await nodeRed?.stop();
    await api?.close();
  });

  it("makes a label of an event of PDK's door", async () => {
    const body = JSON.stringify({
      id: 'e1',
      topic: 'door.request.allowed',
      panelId: '1070000',
      body: { doorId: 3, personId: 101 },
      metadata: { occurred: 1_772_366_341_507, doorName: 'Warehouse', personName: 'Sam Rivera' },
    });
    const signature = createHmac('sha1', secret).update(body).digest('hex');
    const reply = await fetch(`http://127.0.0.1:${port}/pdk`, {
      method: 'POST',
      headers: { 'x-pdk-signature': signature },
      body,
    });
    should(reply.status).equal(200);
    await until(() => sent('main').length === 1);
    const expected = {
      device_id: '1070000/3',
      timestamp: '2026-03-01T11:59:01.507Z',
      event_type: 'Entry Unlocked',
      actor_name: 'Sam Rivera',
      actor_id: '101',
      labels: ['pdk', 'access-granted', 'Warehouse', 'north wing', 'visitors'],
    };
    should(api.events).deepEqual([expected]);
    should(sent('main')[0]).have.properties({ topic: 'pdk/access', payload: { status: 200, posted: [expected] } });
    await until(() => statuses('main').some(({ text }) => text === 'Entry Unlocked · Sam Rivera · 1070000/3'));
  });

  it("takes Camio's own words, several at once, and more labels with the message", async () => {
    const events = ['a', 'b'].map((device_id) => ({
      device_id,
      timestamp: 1_772_366_341_507,
      event_type: 'Entry Ajar',
    }));
    await inject('main', events, { more: ['fire drill'] });
    await until(() => sent('main').length === 2);
    should(api.events.slice(1).map(({ device_id: id, labels }) => [id, labels])).deepEqual(
      ['a', 'b'].map((id) => [id, ['north wing', 'visitors', 'fire drill']]),
    );
    should(sent('main')[1]?.kept).equal('kept');
  });

  it('posts the list of doors, where the node or the message says so', async () => {
    const list = [
      { id: 'a', name: 'Dock' },
      { device_id: 'b', device_name: 'Roof' },
    ];
    await inject('doors', list);
    await until(() => sent('doors').length === 1);
    should(api.devices).deepEqual([
      { device_id: 'a', device_name: 'Dock' },
      { device_id: 'b', device_name: 'Roof' },
    ]);
    await inject('any', [{ id: 'c' }], { action: 'devices' });
    await until(() => sent('any').length === 1);
    should(api.devices).deepEqual([{ device_id: 'c', device_name: 'c' }]);
    await until(() => statuses('doors').some(({ text }) => text === '2 doors'));
  });

  it('posts what is whole, and says which of several events was not', async () => {
    const before = [api.events.length, errors().length] as const;
    await inject('main', [{ device_id: 'good', timestamp: '2026-03-01T12:00:00Z' }, { device_id: 'bad' }]);
    await until(() => errors().length > before[1] && sent('main').length === 3);
    should(api.events.length).equal(before[0] + 1);
    should(errors().at(-1)?.payload).have.properties({ code: 'annotation-incomplete', place: 'payload[1]' });
  });

  it('says what is wrong in an error that can be caught, and goes on', async () => {
    const cases: readonly (readonly [name: string, what: unknown, more: object, code: string])[] = [
      ['main', 'door open', {}, 'annotation-incomplete'],
      ['main', [], {}, 'payload-invalid'],
      ['main', Array.from({ length: 501 }, () => ({})), {}, 'payload-invalid'],
      ['doors', [], {}, 'devices-empty'],
      ['any', {}, {}, 'action-unknown'],
      ['any', {}, { action: 'delete' }, 'action-unknown'],
      ['nobody', {}, {}, 'account-missing'],
      ['wrong', { device_id: 'a', timestamp: 1_772_366_341_507, event_type: 'x' }, {}, 'token-refused'],
    ];
    for (const [name, what, more, code] of cases) {
      const before = errors().length;
      await inject(name, what, more);
      await until(() => errors().length > before);
      const [error] = errors().slice(before);
      should(error).have.properties({ topic: 'camio/error', kept: 'kept' });
      should(error?.payload).have.properties({ code, retryable: false, input: what });
    }
    await until(() =>
      statuses('wrong').some(({ fill, text }) => fill === 'red' && text.includes('Camio answered 401')),
    );
  });

  it('tries again where the connection breaks', async () => {
    const before = sent('main').length;
    api.failNext('reset');
    await inject('main', { device_id: 'again', timestamp: 1_772_366_341_507 });
    await until(() => sent('main').length > before);
    should(api.events.at(-1)?.device_id).equal('again');
  });

  it('does not hold up a Deploy while Camio says nothing', async () => {
    api.fault = 'silent';
    const before = api.requests.length;
    await inject('main', { device_id: 'lost', timestamp: 1_772_366_341_507 });
    await api.until(before + 1);
    await nodeRed.deploy([]);
    should(nodeRed.log()).not.containEql('Close timed out');
    api.fault = undefined;
  });

  describe('the Test of its account', () => {
    const test = async (fields: object): Promise<readonly [number, Record<string, unknown>]> => {
      const response = await fetch(`${nodeRed.url}/security-events/camio-account/test`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      return [response.status, (await response.json()) as Record<string, unknown>];
    };

    it('works before there is any', async () => {
      should(await test({ url: api.url, token })).deepEqual([200, { by: 'list', devices: 1 }]);
      const [status, { code, error }] = await test({ url: api.url, token: 'not-it-8812' });
      should([status, code]).deepEqual([422, 'token-refused']);
      should(error).not.containEql('not-it-8812');
      should(await test({ url: 'http://192.0.2.1/pacs', token })).containDeep([422, { code: 'setting-invalid' }]);
      should(await test({ url: api.url, token: '${CAMIO}' })).containDeep([422, { code: 'setting-invalid' }]);
      should(await test({})).containDeep([422, { code: 'setting-invalid' }]);
    });

    it('uses the token that is stored, but tells it to no other server', async () => {
      await nodeRed.deploy([account(accountId)]);
      const kept = { id: accountId, token: '__PWRD__' };
      should(await test({ ...kept, url: `${api.url}/` })).deepEqual([200, { by: 'list', devices: 1 }]);
      const [status, { error }] = await test({ ...kept, url: api.url.replace('127.0.0.1', 'localhost') });
      should(status).equal(422);
      should(error).match(/give the token again/);
    });
  });

  describe('in the end', () => {
    it('has told no token: in no message, error, status, log or exported flow', async () => {
      const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
      const all = [JSON.stringify(told.items), flows, nodeRed.log()];
      should(all.join('').length).be.above(5000);
      for (const each of [token, 'token-that-is-wrong', secret]) {
        should(all.some((text) => text.includes(each))).be.false();
      }
    });
  });
});
