/** PDK webhooks through a real Node-RED at its default settings, on both doors: all vectors, every refusal, no secret told. */
import { createHmac } from 'node:crypto';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import type { SecurityEvent } from '../../src/event';
import { connect, destroyClients, head, post } from '../support/http-client';
import { Arrivals } from '../support/http-recorder';
import { untilListening, writeFlow } from '../support/runtime';
import { accepted, refused, vectors } from '../vendors/pdk/vectors';

/** What nodes send and show, whole. */
interface Told {
  readonly sent?: { readonly node: string; readonly type: string; readonly msg: Message };
  readonly status?: { readonly id: string; readonly status: { readonly fill: string; readonly text: string } };
}

interface Message {
  readonly topic: string;
  readonly payload: SecurityEvent & { readonly code?: string; readonly excerpt?: string };
  readonly error?: { readonly message: string };
}

/** Node-RED's own file is what was started, so its parts are found from there. */
const settingsCode = `
const { hooks, events } = require(require.resolve('@node-red/util', { paths: [process.argv[1]] }));
hooks.add('onSend.pdk-test', (sent) => {
  for (const { source, msg } of sent) process.send({ sent: { node: source.node.id, type: source.node.type, msg } });
});
events.on('node-status', (status) => process.send({ status }));
`;

const tabId = 'c000000000000001';
const listenerId = 'a000000000000001';
const sinkId = 'd000000000000002';
const [standard] = vectors;
if (standard === undefined) throw new Error('there are no vectors');
const newSecret = 'the-new-secret-4471';
const password = 'basic-password-5520';
const allSecrets = [...new Set(vectors.map(({ secret }) => secret)), newSecret, password];

const sign = (body: string | Buffer, secret: string): string => createHmac('sha1', secret).update(body).digest('hex');
const idOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16);

function webhookIn(name: string, credentials: object | undefined, settings: object = {}): object {
  const node = { id: idOf(name), type: 'pdk-webhook-in', z: tabId, version: 1, listener: listenerId, name };
  return { ...node, path: `/pdk/${name}`, ...settings, ...(credentials && { credentials }), wires: [[sinkId]] };
}

for (const door of ['own', 'nodered'] as const) {
  describe(`PDK webhooks in Node-RED, ${door === 'own' ? 'on a port of their own' : "on Node-RED's own web server"}`, function () {
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

    const flow = (settings: object = {}, credentials: object = {}): readonly object[] => [
      ...writeFlow({ door, port: door === 'own' ? port : 5050 }, { path: '/cameras' }),
      ...vectors.map(({ id, secret }) => webhookIn(id, { secret })),
      webhookIn('refuse', { secret: standard.secret }),
      webhookIn('closed', {}),
      webhookIn('unsigned', {}, { acceptUnsigned: true }),
      webhookIn('basic', { secret: standard.secret, user: 'pdk', password }),
      webhookIn('rotate', { secret: standard.secret, ...credentials }, settings),
      webhookIn('choosy', { secret: standard.secret }, { topics: 'door.alarm.*', staleMinutes: 0 }),
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

    const send = (name: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
      connect(port)
        .send(post(body, { 'Content-Type': 'application/json', ...headers }, `/pdk/${name}`))
        .reply();
    const sendSigned = (name: string, body: string, secret = standard.secret) =>
      send(name, body, { 'X-PDK-SIGNATURE': sign(body, secret) });
    const report = async (type: string, id: string): Promise<Record<string, unknown>> =>
      (await (await fetch(`${nodeRed.url}/security-events/${type}/${id}/report`)).json()) as Record<string, unknown>;

    for (const { id, what, body, sha1, status } of vectors) {
      it(`take ${id}, ${what}, and answer ${status}`, async () => {
        const before = errors().length;
        const header = Number(id.slice(1)) % 2 === 0 ? 'X_PDK_SIGNATURE' : 'X-PDK-SIGNATURE';
        should((await send(id, body, { [header]: sha1 })).status).equal(status);
        if (status === 400) {
          await until(() => errors().length > before);
          should(errors().at(-1)?.payload.code).equal('json-empty');
          return;
        }
        await until(() => sent(id).length > 0);
        should(sent(id)).have.length(1);
        should(sent(id)[0]?.payload).have.properties({ vendor: 'pdk', signature: 'current' });
        should((await send(id, body, { [header]: sha1 })).status).equal(200);
      });
    }

    for (const [why, signature] of refused) {
      it(`refuse ${why}`, async () => {
        const reply = await send(
          'refuse',
          standard.body,
          signature === undefined ? {} : { 'X-PDK-SIGNATURE': signature },
        );
        should(reply.status).equal(401);
        should(reply.body).equal('{"error":"not allowed"}');
      });
    }

    it('refuse two headers that agree, in two lines, and two spellings that differ', async () => {
      const lines = [`X-PDK-SIGNATURE: ${standard.sha1}`, `x-pdk-signature: ${standard.sha1}`];
      const headOf = (extra: readonly string[]): string =>
        head('POST /pdk/refuse', standard.body.length).replace(/\r\n$/, `${extra.join('\r\n')}\r\n\r\n`);
      should((await connect(port).send(headOf(lines), standard.body).reply()).status).equal(401);
      const spellings = [`X-PDK-SIGNATURE: ${standard.sha1}`, `X_PDK_SIGNATURE: ${'0'.repeat(40)}`];
      should((await connect(port).send(headOf(spellings), standard.body).reply()).status).equal(401);
    });

    it('refuse other methods, compressed bodies, what is too large, what is no JSON and what is no event', async () => {
      const signed = { 'X-PDK-SIGNATURE': standard.sha1 };
      const get = await connect(port).send(head('GET /pdk/refuse')).reply();
      should([get.status, get.headers.allow]).deepEqual([405, 'POST']);
      should((await send('refuse', standard.body, { ...signed, 'Content-Encoding': 'gzip' })).status).equal(415);
      const large = Buffer.alloc(1024 * 1024 + 1, ' ');
      should((await send('refuse', large, { 'X-PDK-SIGNATURE': sign(large, standard.secret) })).status).equal(413);
      should((await sendSigned('refuse', '{"topic":')).status).equal(400);
      should((await sendSigned('refuse', '[]')).status).equal(400);
      should((await sendSigned('refuse', '{"id":"x"}')).status).equal(400);
      should(sent('refuse')).be.empty();
    });

    it('count all of that as refused, in the node and in the listener, and none as accepted', async () => {
      const { sent: events, refused: reasons } = await report('pdk-webhook-in', idOf('refuse'));
      should(events).equal(0);
      should(reasons).have.properties({
        'signature-missing': 1,
        'pdk-no-object': 1,
        'pdk-no-topic': 1,
        'body-too-large': 1,
      });
      const { accepted: taken, refused: all } = await report('security-listener', listenerId);
      // each vector but the empty body was taken twice
      should(taken).equal(2 * (vectors.length - 1));
      should(all).have.properties(reasons as object);
      const { code, excerpt } = errors().find(({ payload }) => payload.code === 'pdk-no-topic')?.payload ?? {};
      should([code, excerpt]).deepEqual(['pdk-no-topic', '{"id":"x"}']);
      should(errors().filter(({ payload }) => payload.code === 'signature-missing')).have.length(1);
    });

    for (const signature of accepted) {
      it(`take "${signature}"`, async () => {
        should((await send('refuse', standard.body, { X_PDK_SIGNATURE: signature })).status).equal(200);
        await until(() => sent('refuse').length === 1);
      });
    }

    it('give an event once, through a Deploy too', async () => {
      should(sent('refuse')).have.length(1);
      await nodeRed.deploy(flow());
      should((await send('refuse', standard.body, { 'X-PDK-SIGNATURE': standard.sha1 })).status).equal(200);
      await sendSigned('refuse', '{"topic":"the.next"}');
      await until(() => sent('refuse').length > 1);
      should(sent('refuse').map(({ payload }) => payload.type)).deepEqual(['door.request.allowed', 'the.next']);
      should((await report('pdk-webhook-in', idOf('refuse'))).dropped).deepEqual({ duplicate: 2 });
    });

    it('are neither lost nor given twice by a Deploy in their middle', async () => {
      const before = sent('refuse').length;
      const deploying = nodeRed.deploy(flow());
      const ids = Array.from({ length: 40 }, (_, index) => `in-the-middle-${index}`);
      const replies = await Promise.all(
        ids.map((id) => sendSigned('refuse', `{"topic":"door.alarm.forced","panelId":"1A","id":"${id}"}`)),
      );
      await deploying;
      should(replies.map(({ status }) => status)).deepEqual(ids.map(() => 200));
      await until(() => sent('refuse').length >= before + ids.length);
      const events = sent('refuse').slice(before);
      should(events.map(({ payload }) => (payload.raw as { id: string }).id).toSorted()).deepEqual(ids.toSorted());
    });

    it('mark what is late', () => {
      should(sent('S01')[0]?.payload.stale).be.true();
      should(sent('S13')[0]?.payload).not.have.property('stale');
    });

    it('are all refused without a secret, and the node says so', async () => {
      const empty = createHmac('sha1', '').update(standard.body).digest('hex');
      for (const headers of [{}, { 'X-PDK-SIGNATURE': empty }, { 'X-PDK-SIGNATURE': standard.sha1 }]) {
        should((await send('closed', standard.body, headers)).status).equal(401);
      }
      should(sent('closed')).be.empty();
      should(statuses('closed').at(-1)).have.properties({ fill: 'red', text: 'no secret: everything is refused' });
      should(errors().some(({ payload }) => payload.code === 'secret-missing')).be.true();
    });

    it('are taken unsigned where a person has said so, and the node says that it is insecure', async () => {
      should((await send('unsigned', standard.body)).status).equal(200);
      await until(() => sent('unsigned').length > 0);
      should(sent('unsigned')[0]?.payload.signature).equal('none');
      await until(() => statuses('unsigned').some(({ text }) => text.startsWith('insecure · access-granted')));
      should(statuses('unsigned').every(({ fill }) => fill !== 'green')).be.true();
    });

    it('need user and password where those are set, and the signature too', async () => {
      const signed = { 'X-PDK-SIGNATURE': standard.sha1 };
      const basic = { Authorization: `Basic ${Buffer.from(`pdk:${password}`).toString('base64')}` };
      const stranger = await send('basic', standard.body, signed);
      should(stranger.status).equal(401);
      should(stranger.headers['www-authenticate']).match(/^Basic realm=/);
      should((await send('basic', standard.body, basic)).status).equal(401);
      should((await send('basic', standard.body, { ...basic, ...signed })).status).equal(200);
      await until(() => sent('basic').length === 1);
    });

    it('pass with a topic that is wanted, and are answered 200 without one', async () => {
      should((await send('choosy', standard.body, { 'X-PDK-SIGNATURE': standard.sha1 })).status).equal(200);
      await sendSigned(
        'choosy',
        '{"topic":"device.alarm.forced","cloudNodeSN":"1A","id":"1","metadata":{"occurred":1646921051104}}',
      );
      await until(() => sent('choosy').length > 0);
      should(sent('choosy').map(({ topic }) => topic)).deepEqual(['pdk/alarm']);
      should(sent('choosy')[0]?.payload).not.have.property('stale');
    });

    it('lose nothing while the secret is changed, and say which it was', async () => {
      const event = (id: string): string => `{"topic":"door.alarm.forced","panelId":"1A","id":"${id}"}`;
      await sendSigned('rotate', event('1'));
      await nodeRed.deploy(flow({}, { secret: newSecret, previousSecret: standard.secret }));
      should((await sendSigned('rotate', event('2'))).status).equal(200);
      should((await sendSigned('rotate', event('3'), newSecret)).status).equal(200);
      await nodeRed.deploy(flow({}, { secret: newSecret, previousSecret: '' }));
      should((await sendSigned('rotate', event('4'))).status).equal(401);
      should((await sendSigned('rotate', event('5'), newSecret)).status).equal(200);
      await until(() => sent('rotate').length === 4);
      should(sent('rotate').map(({ payload }) => payload.signature)).deepEqual([
        'current',
        'previous',
        'current',
        'current',
      ]);
    });

    it('never tell a secret: in no message, error, status, report, log or exported flow', async () => {
      const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
      const reports = [await report('security-listener', listenerId)];
      for (const name of ['refuse', 'rotate', 'closed', 'basic', 'S17'])
        reports.push(await report('pdk-webhook-in', idOf(name)));
      const all = [JSON.stringify(told.items), JSON.stringify(reports), flows, nodeRed.log()];
      should(all.join('').length).be.above(10_000);
      for (const secret of allSecrets) {
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')]) {
          should(all.some((text) => text.includes(form))).be.false(`a secret of ${secret.length} characters was told`);
        }
      }
    });
  });
}
