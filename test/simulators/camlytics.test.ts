/** The fake Camlytics answers as the reference says, and its switches do what they are called. */
import should from 'should';
import { request } from 'undici';
import { cameraPassword, dock, lobby } from '../../simulators/camlytics/database';
import { CamlyticsServer, serverFaults } from '../../simulators/camlytics/server';
import { startCamlyticsSite } from '../../simulators/camlytics/site';
import { FakeClock } from '../../simulators/fake-clock';
import { Arrivals } from '../support/http-recorder';
import { createServer } from 'node:http';

interface Row {
  readonly event_id: number;
  readonly [field: string]: unknown;
}

describe('the fake Camlytics', () => {
  const clock = new FakeClock();
  let server: CamlyticsServer;
  const ask = async (path: string): Promise<Row[]> => {
    const reply = await request(`http://127.0.0.1:${server.port}/v1/json/${path}`);
    return (await reply.body.json()) as Row[];
  };
  const ids = async (query: string): Promise<readonly number[]> =>
    (await ask(`events?${query}`)).map(({ event_id }) => event_id);
  beforeEach(async () => {
    server = await CamlyticsServer.open({ clock });
    for (const type of ['Sabotage', 'ObjectAppear', 'ObjectAppear', 'TripwireCrossed', 'ObjectDisappear']) {
      server.database.add({
        type,
        channel: type === 'Sabotage' ? dock : lobby,
        ruleName: type === 'TripwireCrossed' ? 'Enter' : '',
      });
    }
  });
  afterEach(() => server.close());

  it('has events in the form of the reference', async () => {
    const [, , , event] = await ask('events');
    should(event).deepEqual({
      channel_id: lobby,
      channel_name: null,
      event_id: 4,
      object_id: '-1',
      origin: 'Unknown',
      recording_path: '',
      rule_id: 'd1a0a7de-52a1-4f0c-8a0e-6e2f5c7b9044',
      rule_name: 'Enter',
      snapshot_path: '',
      time: '2031-02-03T04:05:06.0000000',
      timestamp: '0',
      type: 'TripwireCrossed',
      video_file_name: '',
      video_file_time: '',
    });
  });

  it('selects, orders and limits by id', async () => {
    should(await ids('limit=2&order=DESC&timeout=5')).deepEqual([5, 4]);
    should(await ids('limit=2')).deepEqual([1, 2]);
    should(await ids('sinceId=2&untilId=4')).deepEqual([3, 4]);
    should(await ids(`channelId=${dock}`)).deepEqual([1]);
    server.behaviour = { ...server.behaviour, sinceId: 'inclusive' };
    should(await ids('sinceId=4&order=ASC')).deepEqual([4, 5]);
    server.behaviour = { ...server.behaviour, sinceId: 'ignored', mostEvents: 3 };
    should(await ids('sinceId=4&order=ASC')).deepEqual([1, 2, 3]);
  });

  it('counts by rule and by type', async () => {
    should(await ask('events/totals/type?origin=Unknown')).containDeep([
      { channel_id: lobby, type: 'ObjectAppear', type_count: 2 },
    ]);
    should(await ask(`events/totals/rule?channelId=${lobby}`)).containDeep([
      { rule_name: 'Enter', rule_count: 1 },
      { rule_id: '-1', rule_count: 3 },
    ]);
  });

  it('tells the passwords of its cameras, as the real one does', async () => {
    should(JSON.stringify(await ask('channels'))).containEql(cameraPassword);
  });

  it('holds a request until something happens, or its time is over', async () => {
    const held = ids('sinceId=5&order=ASC&timeout=5');
    while (server.waiting === 0) await new Promise(setImmediate);
    server.database.add({ type: 'Loitering' });
    should(await held).deepEqual([6]);
    const empty = ids('sinceId=6&order=ASC&timeout=5');
    while (server.waiting === 0) await new Promise(setImmediate);
    await clock.advance(5000);
    should(await empty).deepEqual([]);
  });

  it('has a fault for each word', async () => {
    for (const fault of serverFaults) {
      server.nextFault = () => fault;
      if (fault === 'hang' || fault === 'slow') continue;
      const outcome = await ids('order=ASC').then(
        (found) => found.join(),
        () => 'failed',
      );
      if (fault !== 'shuffle') should(outcome).not.equal('1,2,3,4,5', fault);
      server.nextFault = () => undefined;
      should(await ids('order=ASC&limit=2')).deepEqual([1, 2]);
    }
  });

  it('lives by itself, and calls webhooks', async () => {
    const calls = new Arrivals<string>();
    const hook = createServer((incoming, response) => {
      calls.add(incoming.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const { port } = hook.address() as { port: number };
    const own = new FakeClock();
    const site = await startCamlyticsSite({ clock: own, webhook: `http://127.0.0.1:${port}/x?token=1` });
    await own.advance(6000);
    const types = site.server.database.events.map(({ type }) => type);
    for (const type of ['ObjectAppear', 'TripwireCrossed', 'MotionInRegionOn', 'Sabotage', 'Loitering'])
      should(types).containEql(type);
    const [first] = await calls.until(types.length);
    should(first).match(/^\/x\?token=1&event-type=ObjectAppear&event-objectId=1&/);
    await site.close();
    hook.close();
  });
});
