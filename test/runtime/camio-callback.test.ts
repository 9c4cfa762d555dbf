/** Camio callbacks and hooks through a real Node-RED at its default settings, on both doors; no secret told anywhere. */
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import type { SecurityEvent } from '../../src/event';
import { chunk, chunkedHeaders, connect, destroyClients, head, post } from '../support/http-client';
import { Arrivals } from '../support/http-recorder';
import { untilListening, writeFlow } from '../support/runtime';

/** What nodes send and show, whole. */
interface Told {
  readonly sent?: { readonly node: string; readonly type: string; readonly msg: Message };
  readonly status?: { readonly id: string; readonly status: { readonly fill: string; readonly text: string } };
}

interface Message {
  readonly topic: string;
  readonly payload: SecurityEvent & { readonly code?: string; readonly excerpt?: string };
}

const settingsCode = `
const { hooks, events } = require(require.resolve('@node-red/util', { paths: [process.argv[1]] }));
hooks.add('onSend.camio-test', (sent) => {
  for (const { source, msg } of sent) process.send({ sent: { node: source.node.id, type: source.node.type, msg } });
});
events.on('node-status', (status) => process.send({ status }));
`;

const tabId = 'c000000000000001';
const listenerId = 'a000000000000001';
const sinkId = 'd000000000000002';
const secret = 'token the-secret-of-this-test';
const password = 'basic-password-5520';
const hookKey = 'hook-key-of-this-test-0123456789';
const authorization = { Authorization: secret };
const idOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16);

function callbackIn(name: string, settings: object = {}, credentials: object = { headerValue: secret }): object {
  const node = { id: idOf(name), type: 'camio-callback-in', z: tabId, version: 1, listener: listenerId, name };
  const own = { path: `/camio/${name}`, headerName: 'Authorization', ...settings, credentials };
  return { ...node, x: 100, y: 100, ...own, wires: [[sinkId]] };
}

const offline = (id: string, camera = 'Dock'): string =>
  JSON.stringify({
    id,
    type: 'incident.created',
    data: {
      object: {
        user: { user_id: 'u1' },
        incident: { camera_name: camera, counter_events: { stream_changed_offline_count: { value: 1 } } },
      },
    },
  });

for (const door of ['own', 'nodered'] as const) {
  describe(`Camio callbacks in Node-RED, ${door === 'own' ? 'on a port of their own' : "on Node-RED's own web server"}`, function () {
    this.timeout(60_000);
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

    const flow = (): readonly object[] => [
      ...writeFlow({ door, port: door === 'own' ? port : 5050 }, { path: '/cameras' }),
      callbackIn('main', {}, { headerValue: secret, hookKey }),
      callbackIn('closed', {}, {}),
      callbackIn('open', { acceptAnyone: true, headerName: '' }, {}),
      callbackIn('basic', { headerName: '' }, { user: 'camio', password }),
      callbackIn('other-header', { headerName: 'X-Camio-Key' }),
      callbackIn('hooks', { headerName: '' }, { hookKey: `${hookKey}-2` }),
      callbackIn('short-key', {}, { headerValue: secret, hookKey: 'short' }),
      callbackIn('choosy', { groups: ['pacs'], pictures: 'none' }),
      callbackIn('quiet', { quietMinutes: '0.001', onlyChanges: true }),
    ];

    before(async () => {
      port = await findFreePort(0);
      nodeRed = await startNodeRed({ settingsCode, onTold: (each) => told.add(each as Told) });
      await nodeRed.deploy(flow());
      if (door === 'nodered') port = Number(new URL(nodeRed.url).port);
      await untilListening(nodeRed);
    });
    after(async () => {
      destroyClients();
      await nodeRed?.stop();
    });

    const send = (path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = authorization) =>
      connect(port)
        .send(post(body, headers, `/camio/${path}`))
        .reply();
    const report = async (type: string, id: string): Promise<Record<string, unknown>> =>
      (await (await fetch(`${nodeRed.url}/security-events/${type}/${id}/report`)).json()) as Record<string, unknown>;

    const types = [
      undefined,
      'application/json',
      'text/plain',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
      'no type/at all',
    ];
    types.forEach((type, index) => {
      it(`are read with the content type ${String(type)}`, async () => {
        const headers = { ...authorization, ...(type && { 'Content-Type': type }) };
        const reply = await send('main', offline(`type-${index}`, `camera ${index}`), headers);
        should([reply.status, reply.body]).deepEqual([200, '{"status":"ok"}']);
        await until(() => sent('main').some(({ payload }) => payload.id === `type-${index}`));
      });
    });

    for (const method of ['PUT', 'PATCH', 'DELETE', 'GET']) {
      it(`are taken with ${method}, with a body and without`, async () => {
        const body = offline(method);
        const headers = { ...authorization, 'Content-Type': 'application/json' };
        const whole = head(`${method} /camio/main`, Buffer.byteLength(body), headers) + body;
        should((await connect(port).send(whole).reply()).status).equal(200);
        await until(() => sent('main').some(({ payload }) => payload.id === method));
        const empty = await connect(port)
          .send(head(`${method} /camio/main`, undefined, authorization))
          .reply();
        should(empty.status).equal(200);
      });
    }

    it('are read in chunks, and refused compressed and too large', async () => {
      const whole = [head('POST /camio/main', undefined, { ...authorization, ...chunkedHeaders })];
      const body = offline('chunked');
      const parts = [...whole, chunk(body.slice(0, 20)), chunk(body.slice(20)), chunk()];
      should(
        (
          await connect(port)
            .send(...parts)
            .reply()
        ).status,
      ).equal(200);
      await until(() => sent('main').some(({ payload }) => payload.id === 'chunked'));
      should((await send('main', offline('gzip'), { ...authorization, 'Content-Encoding': 'gzip' })).status).equal(415);
      should((await send('main', Buffer.alloc(1024 * 1024 + 1, ' '))).status).equal(413);
    });

    it('need the whole value of the header, whose name may be in any case', async () => {
      const wrong: readonly Readonly<Record<string, string>>[] = [
        {},
        { Authorization: 'the-secret-of-this-test' },
        { Authorization: `${secret}x` },
        { Authorization: secret.slice(0, -1) },
        { Authorization: secret.toUpperCase() },
        { 'X-Authorization': secret },
      ];
      for (const headers of wrong) {
        const reply = await send('main', offline('intruder'), headers);
        should([reply.status, reply.body]).deepEqual([401, '{"error":"not allowed"}']);
      }
      should((await send('main', offline('right'), { aUTHORIZATION: secret })).status).equal(200);
      should((await send('other-header', offline('right'), { 'x-camio-key': secret })).status).equal(200);
      should((await send('other-header', offline('wrong'), authorization)).status).equal(401);
      await until(() => sent('other-header').length === 1);
      should(sent('main').some(({ payload }) => payload.id === 'intruder')).be.false();
    });

    it('may have a user and a password for their secret', async () => {
      const basic = { Authorization: `Basic ${Buffer.from(`camio:${password}`).toString('base64')}` };
      should((await send('basic', offline('a'), {})).status).equal(401);
      should((await send('basic', offline('a'), basic)).status).equal(200);
      await until(() => sent('basic').length === 1);
    });

    it('are all refused without a secret, and the node says so', async () => {
      for (const headers of [{}, authorization, { Authorization: '' }]) {
        should((await send('closed', offline('a'), headers)).status).equal(401);
      }
      should(sent('closed')).be.empty();
      await until(() => statuses('closed').some(({ text }) => text === 'no secret: everything is refused'));
      should(errors().some(({ payload }) => payload.code === 'secret-missing')).be.true();
    });

    it('are taken without one where a person has said so, and the node says that it is insecure', async () => {
      should((await send('open', offline('a'), {})).status).equal(200);
      await until(() => statuses('open').some(({ text }) => text === 'insecure · stream-offline start · Dock'));
      should(statuses('open').every(({ fill }) => fill !== 'green')).be.true();
    });

    it('are answered 400 where they cannot be read, with an error that quotes them', async () => {
      const before = errors().length;
      should((await send('main', "{'id': 'x'}")).status).equal(400);
      should((await send('main', '{"id":')).status).equal(400);
      should((await send('main', 'null')).status).equal(400);
      await until(() => errors().length >= before + 3);
      const [first] = errors().slice(before);
      should(first?.topic).equal('camio/error');
      should(first?.payload).have.properties({ code: 'json-malformed', retryable: false, excerpt: "{'id': 'x'}" });
    });

    it('give each event once, through a Deploy too, and remember which faults go on', async () => {
      const before = sent('main').length;
      await send('main', offline('once', 'Gate'));
      await until(() => sent('main').length > before);
      await nodeRed.deploy(flow());
      should((await send('main', offline('once', 'Gate'))).status).equal(200);
      await send('main', offline('again', 'Gate'));
      await until(() => sent('main').length > before + 1);
      const [first, second] = sent('main').slice(before);
      should([first?.payload.id, first?.payload.state]).deepEqual(['once', 'start']);
      should([second?.payload.id, second?.payload.state]).deepEqual(['again', undefined]);
      should(second?.payload.incident?.reports).equal(2);
      const { dropped, faults } = await report('camio-callback-in', idOf('main'));
      should((dropped as Record<string, number>).duplicate).equal(1);
      should(faults).matchAny({ device: 'Gate', counter: 'stream_changed_offline_count', reports: 2 });
      await until(() => statuses('main').some(({ text }) => text.endsWith(' at fault · stream-offline · Gate')));
    });

    it('end faults of which nothing is said any more', async () => {
      await send('quiet', offline('q1'));
      await until(() => sent('quiet').length === 2);
      should(sent('quiet').map(({ payload }) => [payload.type, payload.state])).deepEqual([
        ['incident.created', 'start'],
        ['quiet', 'stop'],
      ]);
    });

    it('give door events one by one, and nothing that is not wanted', async () => {
      await send('choosy', offline('a'));
      const events = [1, 2].map((serial_number) => ({
        serial_number,
        camio_metadata: { entry_id: '1_1', labels: ['entry.ajar.started'] },
      }));
      await send('choosy', JSON.stringify({ id: 'doors', type: 'pacs.events.created', data: { object: { events } } }));
      await until(() => sent('choosy').length === 2);
      should(sent('choosy').map(({ topic, payload }) => [topic, payload.kind, payload.part])).deepEqual(
        [0, 1].map((index) => ['camio/alarm', 'door-propped', { of: 'doors', index, count: 2 }]),
      );
    });

    describe('with hooks', () => {
      const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(900_000, 7)]);
      const hook = JSON.stringify({
        user_id: 'u1',
        camera: 'Dock',
        callback_url: 'https://camio.example/api/hooks/callback/EXAMPLE',
        images: [1, 2].map((at) => ({
          type: 'image/jpeg',
          size: [640, 480],
          timestamp: `2026-03-01T11:58:1${at}.020441`,
          image_b64: jpeg.toString('base64'),
        })),
      });

      it('take their pictures on the secret path, larger than a callback may be and without a header', async () => {
        should(hook.length).be.above(2_000_000);
        const reply = await send(`main/${hookKey}`, hook, { 'Content-Type': 'application/json' });
        should(reply.status).equal(200);
        const isVideo = ({ payload }: Message): boolean => payload.kind === 'video-matched';
        await until(() => sent('main').some(isVideo));
        const event = sent('main').find(isVideo)?.payload;
        should(event?.images.map(({ width, height }) => [width, height])).deepEqual([
          [640, 480],
          [640, 480],
        ]);
        should(event?.time).equal('2026-03-01T11:58:11.020Z');
        should(JSON.stringify(event?.raw)).containEql('callback/EXAMPLE').and.not.containEql('image_b64');
        should((await send('main', hook)).status).equal(413);
      });

      it('are not found on a path that is guessed', async () => {
        for (const key of ['', hookKey.slice(1), hookKey.slice(0, -1), 'wrong']) {
          should((await send(`main/${key === '' ? 'hooks' : key}`, hook, {})).status).equal(404);
        }
      });

      it('are taken by a node that takes nothing else, and callbacks are refused there', async () => {
        should((await send('hooks', offline('a'), {})).status).equal(401);
        should((await send(`hooks/${hookKey}-2`, hook, {})).status).equal(200);
        await until(() => sent('hooks').length === 1);
        await until(() => statuses('hooks').some(({ text }) => text === 'hooks only · video-matched · Dock'));
      });

      it('are not taken with a key that is soon guessed, and the node says why', () => {
        should(statuses('short-key').at(-1)?.text).match(/^key of hooks: 16 letters/);
        should(errors().some(({ payload }) => payload.code === 'setting-invalid')).be.true();
      });
    });

    // in a group of its own: those come last
    describe('in the end', () => {
      it('never tell a secret: in no message, error, status, report, log or exported flow', async () => {
        const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
        const reports = [await report('security-listener', listenerId)];
        for (const name of ['main', 'closed', 'open', 'hooks'])
          reports.push(await report('camio-callback-in', idOf(name)));
        const all = [JSON.stringify(told.items), JSON.stringify(reports), flows, nodeRed.log()];
        should(all.join('').length).be.above(10_000);
        for (const each of [secret, 'the-secret-of-this-test', password, hookKey]) {
          for (const form of [each, Buffer.from(each).toString('base64')]) {
            should(all.some((text) => text.includes(form))).be.false(`a secret of ${each.length} characters was told`);
          }
        }
      });
    });
  });
}

describe('Camio callbacks at a listener that asks for a header itself', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  before(async () => {
    const port = await findFreePort(0);
    nodeRed = await startNodeRed();
    const listener = { port, headerName: 'X-Site', credentials: { headerValue: secret } };
    await nodeRed.deploy([
      ...writeFlow(listener, { path: '/cameras' }),
      callbackIn('guarded', { headerName: '' }, { hookKey }),
    ]);
    await untilListening(nodeRed);
    Object.assign(this.ctx, { port });
  });
  after(async () => {
    destroyClients();
    await nodeRed?.stop();
  });

  it('need no other, and hooks need none', async () => {
    const { port } = this.ctx as unknown as { port: number };
    const send = async (path: string, headers: Readonly<Record<string, string>>): Promise<number> =>
      (
        await connect(port)
          .send(post(offline('a'), headers, `/camio/guarded${path}`))
          .reply()
      ).status;
    should(await send('', {})).equal(401);
    should(await send('', { 'X-Site': secret })).equal(200);
    should(await send(`/${hookKey}`, {})).equal(200);
  });
});
