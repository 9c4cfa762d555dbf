/** The push subscription: slots, what is left alone, and a fake camera that really posts afterwards. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { FakeCamera } from '../../../../simulators/viewtron/api/fake-camera';
import { systemClock } from '../../../../src/clock';
import { Device } from '../../../../src/vendors/viewtron/device/device';
import {
  readPush,
  subscribe,
  unsubscribe,
  type Subscription,
  type Target,
} from '../../../../src/vendors/viewtron/device/push';
import { credentials, failureOf, startFake, stopFakes } from './fake';

const target: Target = { protocol: 'http', host: '192.0.2.10', port: 5050, path: '/API' };
const wanted: Subscription = {
  target,
  events: ['PERIMETER'],
  dataTypes: ['smartData', 'traject'],
  heartbeatSeconds: 60,
};

describe('the push subscription of a camera', () => {
  afterEach(stopFakes);

  for (const manner of ['2.0', '2.1'] as const) {
    it(`is written to a free slot of a ${manner} camera, and the other slots stay`, async () => {
      const { api, device } = await startFake({ manner });
      const other = {
        target: { ...target, host: '192.0.2.99' },
        events: ['ALL'],
        dataTypes: ['alarmStatus'],
        heartbeatSeconds: 30,
      };
      should((await subscribe(device, other)).slot.slot).equal(1);
      const before = api.push.slots[0];
      const { slot, sent, changes, notes } = await subscribe(device, wanted);
      should([slot.slot, slot.url, sent]).eql([2, 'http://192.0.2.10:5050/API', true]);
      should(api.push.slots).have.length(3);
      should(api.push.slots[0]).eql(before);
      should(api.push.slots[1]).containEql({
        isOn: true,
        host: '192.0.2.10',
        types: ['smartData', 'traject'],
        events: ['PERIMETER'],
        seconds: 60,
      });
      should(changes.length).be.above(3);
      should(notes.join()).match(/Smart track data.*reboot it once/s);
      const body = api.requests.findLast(({ command }) => command === 'SetHttpPostConfig')?.body;
      should(body).not.containEql('type="boolean"');
      should(body).containEql(manner === '2.1' ? '<subDataType' : '<subscribeDateType');

      const again = await subscribe(device, wanted);
      should([again.slot.slot, again.sent, again.notes]).eql([2, false, []]);
      const { slots, version } = await readPush(device);
      should([version, slots.map(({ isOn }) => isOn)]).eql(['httpPostV2', [true, true, false]]);
      should(slots[1]).eql({
        slot: 2,
        isOn: true,
        url: 'http://192.0.2.10:5050/API',
        events: ['PERIMETER'],
        dataTypes: ['smartData', 'traject'],
        heartbeatSeconds: 60,
      });

      should((await unsubscribe(device, target)).map(({ path, after }) => [path, after])).eql([
        ['httpPostV2.postUrlConf.urlList[1].switch', false],
      ]);
      should(api.push.slots.map(({ isOn }) => isOn)).eql([true, false, false]);
    });
  }

  it('takes no slot from another server unless it is told to', async () => {
    const { api, device } = await startFake({ manner: '2.0' });
    for (const host of ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
      await subscribe(device, { ...wanted, target: { ...target, host } });
    const full = await failureOf(subscribe(device, wanted));
    should(full.code).equal('no-slot');
    should(full.message).containEql('all slots are taken: 1 by http://192.0.2.1:5050/API');
    should((await failureOf(subscribe(device, { ...wanted, slot: 3 }))).message).containEql(
      'slot 3 posts to http://192.0.2.3:5050/API',
    );
    should((await failureOf(subscribe(device, { ...wanted, slot: 4 }))).message).containEql('choose 1 to 3');
    await subscribe(device, { ...wanted, slot: 3, takeOver: true });
    should(api.push.slots.map(({ host }) => host)).eql(['192.0.2.1', '192.0.2.2', '192.0.2.10']);
  });

  it('keeps how the camera says who it is, but tells nothing of that to another server', async () => {
    const { api, device } = await startFake({ manner: '2.0' });
    await subscribe(device, wanted);
    api.push.slots = api.push.slots.map((slot) => (slot.id === 1 ? { ...slot, authentication: 'basic' } : slot));
    await subscribe(device, { ...wanted, events: ['ALL'] });
    should(api.push.slots[0]).containEql({ events: ['ALL'], authentication: 'basic' });
    await subscribe(device, { ...wanted, target: { ...target, host: '192.0.2.77' }, slot: 1, takeOver: true });
    should(api.push.slots[0]).containEql({ host: '192.0.2.77', authentication: 'none' });
  });

  it('refuses a heartbeat beyond what cameras take, before anything is sent', async () => {
    const { api, device } = await startFake({ manner: '2.0' });
    const error = await failureOf(subscribe(device, { ...wanted, heartbeatSeconds: 10 }));
    should(error.message).match(/keepaliveTimeval is 10; the device takes 30 to 120 \(s\)/);
    should(api.requests.some(({ command }) => command === 'SetHttpPostConfig')).be.false();
  });

  it('has one slot on older firmware', async () => {
    const { api, device } = await startFake({ manner: '1.9' });
    const { version, notes } = await subscribe(device, wanted);
    should(version).equal('httpPost');
    should(notes.join()).containEql('cannot send smart track data');
    should(api.push.old).containEql({ isOn: true, host: '192.0.2.10', port: 5050, path: '/API', seconds: 60 });
    const body = api.requests.at(-2)?.body ?? '';
    should(body).not.match(/protocolType|onlineStatus|type=/);
    const other = await failureOf(subscribe(device, { ...wanted, target: { ...target, host: '192.0.2.77' } }));
    should(other.message).containEql('the only slot posts to http://192.0.2.10:5050/API');
  });

  it('is not there on a recorder, which is said with the cure', async () => {
    const { device } = await startFake({ channels: 4 });
    const error = await failureOf(subscribe(device, wanted));
    should(error.code).equal('push-unsupported');
    should(error.message).containEql('recorders are set up in their web page');
  });

  it('makes the fake camera post, and stop again', async () => {
    const posts: string[] = [];
    let notify: () => void = () => undefined;
    const server: Server = createServer((request, response) => {
      posts.push(`${request.method} ${request.url}`);
      request.resume();
      response.end('<?xml version="1.0"?><config status="success"/>');
      notify();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const camera = new FakeCamera({
      name: 'Yard cam',
      model: 'IP4',
      mac: '02:00:5e:10:00:41',
      serial: 'DEMO00A1B2C3',
      ip: '192.0.2.41',
      manner: '2.0',
      guard: { ...credentials, scheme: 'basic' },
      live: (device, signal, clock) => device.motion().then(() => clock.sleep(1e6, signal)),
    });
    await camera.open();
    const device = new Device(
      {
        name: '',
        host: '127.0.0.1',
        port: camera.api.port,
        isTls: false,
        acceptsAnyCertificate: false,
        credentials,
        timeoutMs: 5000,
      },
      systemClock,
    );
    const here: Target = { protocol: 'http', host: '127.0.0.1', port, path: '/gate' };
    await subscribe(device, { ...wanted, target: here });
    while (posts.length < 2) await new Promise<void>((resolve) => (notify = resolve));
    should(posts[0]).equal('POST /gate');
    should(camera.posting).have.length(1);
    await unsubscribe(device, here);
    should(camera.posting).be.empty();
    await device.close();
    await camera.close();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });
});
