/** Camlytics in a real Node-RED: polled, killed and started again, asked by messages, called by webhooks, and no secret told. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import should from 'should';
import { findFreePort, packageName, startNodeRed, type NodeRed } from '../../demo/node-red';
import { cameraLogin, cameraPassword, dock, lobby } from '../../simulators/camlytics/database';
import { CamlyticsServer } from '../../simulators/camlytics/server';
import type { SecurityEvent } from '../../src/event';
import { connect, destroyClients, head, post } from '../support/http-client';
import { Arrivals } from '../support/http-recorder';
import { untilListening, writeFlow } from '../support/runtime';

/** What nodes send and show, whole. */
interface Told {
  readonly sent?: { readonly node: string; readonly type: string; readonly port: number; readonly msg: Message };
  readonly status?: { readonly id: string; readonly status: { readonly fill: string; readonly text: string } };
}

interface Message {
  readonly topic: string;
  readonly payload: SecurityEvent & { readonly code?: string };
  readonly replay?: boolean;
  readonly error?: { readonly message: string; readonly code: string };
}

/** Node-RED's own file is what was started, so its parts are found from there. */
const settingsCode = `
const { hooks, events } = require(require.resolve('@node-red/util', { paths: [process.argv[1]] }));
hooks.add('onSend.camlytics-test', (sent) => {
  for (const { source, msg: { topic, payload, replay, error } } of sent) {
    const msg = { topic, payload, replay, error };
    process.send({ sent: { node: source.node.id, type: source.node.type, port: source.port, msg } });
  }
});
events.on('node-status', (status) => process.send({ status }));
process.on('message', (told) => { if (told.kill) process.kill(process.pid, 'SIGKILL'); });
`;
const tabId = 'c000000000000001';
const listenerId = 'a000000000000001';
const sinkId = 'd000000000000002';
const serverId = 'a00000000000c001';
const pollId = 'b00000000000c001';
const hookId = 'b00000000000c002';
const askId = 'b00000000000c003';
const headerValue = 'header-value-of-the-test';

describe('Camlytics in Node-RED', function () {
  this.timeout(60_000);
  let userDir: string;
  let camlytics: CamlyticsServer;
  let nodeRed: NodeRed;
  let port: number;
  const told = new Arrivals<Told>();
  const sent = (node: string, output = 0): readonly Message[] =>
    told.items.flatMap((each) => (each.sent?.node === node && each.sent.port === output ? [each.sent.msg] : []));
  const caught = (): readonly Message[] =>
    told.items.flatMap((each) => (each.sent?.type === 'catch' ? [each.sent.msg] : []));
  const statuses = (node: string): readonly { fill: string; text: string }[] =>
    told.items.flatMap(({ status }) => (status?.id === node ? [status.status] : []));
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await told.until(told.items.length + 1);
  };
  const numberOf = ({ payload }: Message): number => (payload.raw as { event_id: number }).event_id;
  const numbers = (): readonly number[] =>
    sent(pollId)
      .filter(({ payload, replay }) => payload.category !== 'health' && replay !== true)
      .map(numberOf);
  const add = (count: number): void => {
    for (let added = 0; added < count; added++) camlytics.database.add({ type: 'ObjectAppear', channel: lobby });
  };
  const until1 = (last: number): Promise<void> => until(() => numbers().includes(last));

  const flow = (settings: object = {}, own: object = {}): readonly object[] => [
    ...writeFlow({ door: 'own', port }, { path: '/cameras' }),
    {
      id: serverId,
      type: 'camlytics-server',
      version: 1,
      host: '127.0.0.1',
      port: String(camlytics.port),
      timeZone: 'UTC',
      ...own,
    },
    {
      id: pollId,
      type: 'camlytics-poll',
      z: tabId,
      x: 100,
      y: 100,
      version: 1,
      server: serverId,
      start: 'all',
      ...settings,
      wires: [[sinkId], [sinkId]],
    },
    // what a person injects
    {
      id: askId,
      type: 'http in',
      z: tabId,
      x: 100,
      y: 100,
      url: '/ask',
      method: 'post',
      wires: [['b00000000000c004', pollId]],
    },
    { id: 'b00000000000c004', type: 'http response', z: tabId, x: 100, y: 100, statusCode: '200', wires: [] },
    {
      id: hookId,
      type: 'camlytics-webhook-in',
      z: tabId,
      x: 100,
      y: 100,
      version: 1,
      listener: listenerId,
      path: '/camlytics/door',
      timeZone: 'UTC',
      headerName: 'X-Door',
      credentials: { headerValue },
      wires: [[sinkId]],
    },
  ];
  const start = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    nodeRed = await startNodeRed({
      userDir,
      settingsCode,
      settings,
      flows: flow(),
      onTold: (each) => told.add(each as Told),
    });
    await untilListening(nodeRed);
  };
  const ask = async (asked: string | object): Promise<void> => {
    const payload = typeof asked === 'string' ? { command: asked } : asked;
    await fetch(`${nodeRed.url}/ask`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(payload),
    });
  };
  const onDisk = { contextStorage: { default: { module: 'localfilesystem', config: { cache: false } } } };

  before(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'gatehouse-camlytics-'));
    const link = join(userDir, 'node_modules', packageName);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(__dirname, '..', '..'), link, 'junction');
    writeFileSync(
      join(userDir, 'package.json'),
      JSON.stringify({ name: 'run', private: true, dependencies: { [packageName]: '*' } }),
    );
    camlytics = await CamlyticsServer.open();
    port = await findFreePort(0);
    add(250);
    await start(onDisk);
  });
  after(async () => {
    destroyClients();
    await nodeRed?.stop();
    await camlytics?.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  const expectAll = (last: number): void => {
    should(numbers()).deepEqual(Array.from({ length: last }, (_, index) => index + 1));
  };

  it('is told from the beginning, with the names of channels, and says that it is up to date', async () => {
    await until1(250);
    expectAll(250);
    should(sent(pollId)[0]?.payload.device).deepEqual({ id: lobby, name: 'Lobby' });
    should(sent(pollId)[0]?.topic).equal('camlytics/object');
    await until(() => statuses(pollId).at(-1)?.fill === 'green');
  });

  it('tells an event that happens while its request is held', async () => {
    add(1);
    await until1(251);
  });

  it('goes on through a Deploy without a loss or a repetition', async () => {
    add(3);
    await nodeRed.deploy(flow());
    await nodeRed.deploy(flow({ health: false }));
    add(3);
    await until1(257);
    expectAll(257);
    should(camlytics.most).equal(1);
  });

  it('goes on where it stopped after Node-RED was killed in a burst of events: none is lost', async () => {
    add(200);
    nodeRed.tell({ kill: true });
    add(200);
    await nodeRed.stop();
    add(200);
    await start(onDisk);
    await until1(857);
    const first = [...new Set(numbers())];
    should(first).deepEqual(Array.from({ length: 857 }, (_, index) => index + 1));
    // what had been sent but not yet been kept may come again, as the same event
    should(numbers().length - 857).be.belowOrEqual(200);
    const ids = new Map(sent(pollId).map((message) => [numberOf(message), message.payload.id]));
    for (const message of sent(pollId)) should(message.payload.id).equal(ids.get(numberOf(message)));
  });

  it('goes on where it stopped after an orderly restart: none is lost, and none comes again', async () => {
    const before = numbers().length;
    await nodeRed.stop();
    add(50);
    await start({ contextStorage: { default: { module: 'localfilesystem' } } });
    await until1(907);
    should(numbers().slice(before)).deepEqual(Array.from({ length: 50 }, (_, index) => 858 + index));
  });

  it('is asked for its channels, and tells no password', async () => {
    await ask('channels');
    await until(() => sent(pollId, 1).length > 0);
    const { topic, payload } = sent(pollId, 1)[0] ?? {};
    should(topic).equal('camlytics/channels');
    should(payload).deepEqual([
      {
        id: lobby,
        name: 'Lobby',
        type: 'Onvif',
        uri: 'http://192.0.2.20/onvif/device_service',
        streamUri: 'rtsp://192.0.2.20:554/h264/ch1/main',
        profile: 'MainStream',
      },
      { id: dock, name: 'Dock', type: 'File', uri: 'http://localhost/', streamUri: 'C:\\Videos\\Dock.mp4' },
    ]);
  });

  it('is asked for its totals', async () => {
    camlytics.database.add({ type: 'TripwireCrossed', ruleName: 'Enter', origin: 'Pedestrian', channel: dock });
    await ask({ command: 'totals', channel: 'Dock', origin: 'Pedestrian', since: Date.now() - 3_600_000 });
    await until(() => sent(pollId, 1).length > 1);
    const totals: unknown = sent(pollId, 1)[1]?.payload ?? {};
    const { rule, type } = totals as { rule: object[]; type: object[] };
    should(rule).have.length(1);
    should(rule[0]).have.properties({ channelId: dock, channelName: 'Dock', ruleName: 'Enter', count: 1 });
    should(type).deepEqual([
      { channelId: dock, channelName: 'Dock', type: 'TripwireCrossed', kind: 'line-crossed', count: 1 },
    ]);
  });

  it('is asked for a replay by number and by time', async () => {
    const replayed = (): readonly Message[] => sent(pollId).filter(({ replay }) => replay === true);
    // a replay ends where polling is: the event of the totals must have come
    await until1(908);
    await ask({ command: 'replay', sinceId: 900 });
    await until(() => sent(pollId, 1).length > 2);
    should(replayed().map(numberOf)).deepEqual([901, 902, 903, 904, 905, 906, 907, 908]);
    should(sent(pollId, 1)[2]?.payload).deepEqual({ command: 'replay', events: 8, sent: 8 });
    const time = sent(pollId).find((message) => numberOf(message) === 908)?.payload.time;
    await ask({ command: 'replay', since: time });
    await until(() => sent(pollId, 1).length > 3);
    should(replayed().slice(8).map(numberOf)).deepEqual([908]);
  });

  it('is paused and goes on', async () => {
    await ask('pause');
    await until(() => statuses(pollId).at(-1)?.text.endsWith('paused') === true);
    add(2);
    await ask('resume');
    await until1(910);
  });

  it('refuses what it does not understand, in words', async () => {
    const before = caught().length;
    await ask({ command: 'dance' });
    await until(() => caught().length > before);
    should(caught().at(-1)?.error?.message).match(/"dance" is not known/);
    await ask({ command: 'totals', channel: 'Nowhere' });
    await until(() => caught().length > before + 1);
    should(caught().at(-1)?.error).have.property('code', 'channel-unknown');
  });

  it('is missed, once, and is back', async () => {
    await nodeRed.deploy(flow());
    await until(() => statuses(pollId).at(-1)?.fill === 'green');
    const before = caught().length;
    const health = (): readonly Message[] => sent(pollId).filter(({ payload }) => payload.category === 'health');
    await camlytics.close();
    await until(() => health().length === 1);
    should(health()[0]?.payload).have.properties({ kind: 'device-offline', state: 'start' });
    await until(() => statuses(pollId).at(-1)?.fill === 'red');
    should(
      caught()
        .slice(before)
        .map(({ error }) => error?.code),
    ).matchEach(/^(server-unreachable|connection-lost)$/);
    should(caught()).have.length(before + 1);
    should(caught().at(-1)?.error?.message).match(/is Camlytics running|was closed or restarted/);
    await camlytics.open();
    await until(() => health().length === 2);
    should(health()[1]?.payload).have.properties({ kind: 'device-offline', state: 'stop' });
    should(caught()).have.length(before + 1);
  });

  it('is filtered by kind, object, channel and rule, and names its directions', async () => {
    const before = sent(pollId).length;
    await nodeRed.deploy(
      flow({
        kinds: ['line-crossed'],
        targetTypes: ['person'],
        channels: 'dock',
        rules: '*ntrada, Salida',
        rulesIn: '*entrada',
        rulesOut: 'Salida',
      }),
    );
    const crossing = {
      type: 'TripwireCrossed',
      channel: dock,
      origin: 'Pedestrian',
      objectId: '1',
      ruleName: 'Entrada',
    };
    for (const change of [
      {},
      { type: 'Loitering' },
      { origin: 'Vehicle' },
      { channel: lobby },
      { ruleName: 'Enter' },
      { ruleName: 'Salida' },
    ]) {
      camlytics.database.add({ ...crossing, ...change });
    }
    await until(() => sent(pollId).length >= before + 2);
    should(
      sent(pollId)
        .slice(before)
        .map(({ payload }) => payload.rule?.direction),
    ).deepEqual(['in', 'out']);
    const report = (await (
      await fetch(`${nodeRed.url}/security-events/camlytics-poll/${pollId}/report`)
    ).json()) as object;
    should(report).have.properties({ server: `http://127.0.0.1:${camlytics.port}/v1/json`, state: 'live' });
    should((report as { dropped: object }).dropped).have.properties({ kind: 1, 'target type': 1, channel: 1, rule: 1 });
  });

  it('passes over what is too old, and says how many that were', async () => {
    await nodeRed.deploy(flow({ maxAgeMinutes: '60' }));
    await until(() => statuses(pollId).at(-1)?.fill === 'green');
    await ask('pause');
    await until(() => statuses(pollId).at(-1)?.text.endsWith('paused') === true);
    const last = camlytics.database.lastId;
    for (let old = 0; old < 5; old++)
      camlytics.database.add({ type: 'ObjectAppear', time: '2020-01-01T00:00:00.0000000' });
    add(1);
    await ask('resume');
    await until1(last + 6);
    await until(() => sent(pollId).at(-1)?.payload.kind === 'events-skipped');
    should(sent(pollId).at(-1)?.payload.raw).deepEqual({ skipped: 5, olderThanMinutes: 60 });
    should(numbers().filter((number) => number > last)).deepEqual([last + 6]);
  });

  it('calls by GET and by POST, and the events are those of a poll', async () => {
    const query = `event-type=TripwireCrossed&event-objectId=3&event-channelId=${lobby}&event-channelName=Lobby&event-time=2026-03-18T09%3A14%3A11.0210000&event-ruleName=Enter&event-origin=Pedestrian`;
    const door = { 'X-Door': headerValue };
    const get = await connect(port)
      .send(head(`GET /camlytics/door?token=own?${query}`, undefined, door))
      .reply();
    should([get.status, get.body]).deepEqual([200, '{"result":"success"}']);
    const body = JSON.stringify({
      event_type: 'TripwireCrossed',
      event_time: '2026-03-18T09:14:12Z',
      channel_id: lobby,
      rule_name: 'Exit',
      object_id: 3,
    });
    should(
      (
        await connect(port)
          .send(post(body, door, '/camlytics/door'))
          .reply()
      ).status,
    ).equal(200);
    should(
      (
        await connect(port)
          .send(post(body, door, '/camlytics/door'))
          .reply()
      ).status,
    ).equal(200);
    await until(() => sent(hookId).length === 2);
    should(sent(hookId).map(({ payload }) => [payload.kind, payload.rule?.direction, payload.time])).deepEqual([
      ['line-crossed', 'in', '2026-03-18T09:14:11.021Z'],
      ['line-crossed', 'out', '2026-03-18T09:14:12.000Z'],
    ]);
    should(
      (
        await connect(port)
          .send(head(`GET /camlytics/door?${query}`))
          .reply()
      ).status,
    ).equal(401);
    should(
      (
        await connect(port)
          .send(head(`GET /camlytics/door`, undefined, door))
          .reply()
      ).status,
    ).equal(200);
    const before = caught().length;
    should(
      (
        await connect(port)
          .send(post('{"event_type":', door, '/camlytics/door'))
          .reply()
      ).status,
    ).equal(400);
    await until(() =>
      caught()
        .slice(before)
        .some(({ error }) => error?.code === 'json-malformed'),
    );
    const report = (await (
      await fetch(`${nodeRed.url}/security-events/camlytics-webhook-in/${hookId}/report`)
    ).json()) as object;
    should(report).have.properties({ posts: 4, sent: 2, dropped: { duplicate: 1 } });
    should(report).have.property('channels').with.length(1);
  });

  it('is tested from a dialog that was never deployed', async () => {
    const ask1 = async (path: string, fields: object): Promise<Record<string, unknown>> => {
      const url = `${nodeRed.url}/security-events/camlytics-server/${path}`;
      const reply = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(fields),
      });
      return (await reply.json()) as Record<string, unknown>;
    };
    const here = { scheme: 'http', host: '127.0.0.1', port: String(camlytics.port), basePath: '/v1/json' };
    const found = await ask1('test', here);
    should(found).have.properties({ api: 'v1', sinceId: 'known' });
    should(found).have.property('newest').with.property('id', camlytics.database.lastId);
    should((found.channels as { name: string }[]).map(({ name }) => name)).deepEqual(['Lobby', 'Dock']);
    should((await ask1('channels', here)).channels).deepEqual(found.channels);
    should((await ask1('test', { ...here, basePath: '/v2' })).error).match(
      /404; this is not the REST API of Camlytics/,
    );
    should((await ask1('test', { ...here, host: 'http://x' })).error).match(/host must be a name/);
    should((await ask1('test', { ...here, port: String(await findFreePort(0)) })).error).match(/is Camlytics running/);
    camlytics.behaviour = { ...camlytics.behaviour, sinceId: 'refused' };
    should((await ask1('test', here)).sinceId).equal('unknown');
    for (const answer of [found]) should(JSON.stringify(answer)).not.containEql(cameraPassword);
  });

  it('says what is wrong with a server that is not there, or cannot be', async () => {
    const before = caught().length;
    await nodeRed.deploy(flow({ server: 'nothing' }));
    await until(() => caught().length > before);
    should(caught().at(-1)?.error?.code).equal('server-missing');
    await nodeRed.deploy(flow({}, { timeZone: 'Mars' }));
    await until(() => caught().length > before + 1);
    should(caught().at(-1)?.error?.message).match(/time zone "Mars" is not known/);
  });

  it('tells no secret: in no message, error, status, report, log or exported flow', async () => {
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    const all = [JSON.stringify(told.items), flows, nodeRed.log()].join('');
    should(all.length).be.above(100_000);
    for (const secret of [cameraPassword, cameraLogin, headerValue]) {
      for (const form of [secret, Buffer.from(secret).toString('base64')]) should(all).not.containEql(form);
    }
  });
});
