/** What a device is told to do, as bytes and in what the fake device then has done. */
import should from 'should';
import {
  addPreset,
  findSnapshot,
  listPresets,
  listVirtualAlarms,
  movePtz,
  movePtzFor,
  pulseOutput,
  runCruise,
  setClock,
  setOutput,
  stopCruise,
  switchDeterrent,
  takeSnapshot,
  triggerVirtualAlarm,
  usePreset,
} from '../../../../src/vendors/viewtron/device/act';
import { FakeClock } from '../../../support/fake-clock';
import { failureOf, manners, startFake, stopFakes } from './fake';

const head = '<?xml version="1.0" encoding="utf-8"?>';
const space = 'xmlns="http://www.ipc.com/ver10"';

describe('an action of a device', () => {
  afterEach(stopFakes);

  for (const manner of manners) {
    it(`switches the output of a ${manner} device on and off`, async () => {
      const { api, device } = await startFake({ manner });
      await setOutput(device, true);
      should(api.outputs.get(1)).be.true();
      should(api.requests[0]).containEql({
        url: '/ManualAlarmOut',
        body: `${head}<config version="1.0" ${space}><action><status>true</status></action></config>`,
      });
      await setOutput(device, false, { channel: 1 });
      should(api.requests[1]?.url).equal('/ManualAlarmOut/1');
      should(api.outputs.get(1)).be.false();
    });

    it(`takes a picture with a ${manner} device, now and of a moment`, async () => {
      const { api, device } = await startFake({ manner });
      const now = await takeSnapshot(device);
      should(now).containEql({ mimeType: 'image/jpeg', width: 320, height: 180 });
      const then = await findSnapshot(device, '2031-02-03 04:05:06', 10);
      should(then).containEql({ mimeType: 'image/jpeg', width: 160, height: 90 });
      should(Buffer.isBuffer(then.data)).be.true();
      should(api.requests[1]?.body).containEql(
        '<search><time><![CDATA[2031-02-03 04:05:06]]></time><length>10</length></search>',
      );
    });

    it(`sets the clock of a ${manner} device and leaves its zone and its server`, async () => {
      const { api, device } = await startFake({ manner });
      await setClock(device, { time: '2031-07-08 09:10:11' });
      const { config } = await device.read('date-and-time');
      should(config).containDeep({
        time: {
          timezoneInfo: { timeZone: 'EST5EDT4,M3.2.0/2,M11.1.0/2' },
          synchronizeInfo: { type: 'manually', ntpServer: 'pool.example.com', currentTime: '2031-07-08 09:10:11' },
        },
      });
      should(api.requests[1]?.body).containEql('<timezoneInfo><timeZone>');
    });
  }

  it('switches an output off again after a while', async () => {
    const clock = new FakeClock(Date.UTC(2031, 1, 3));
    const { api, device } = await startFake({}, {}, clock);
    const isSet = watchTimers(clock);
    const pulse = pulseOutput(device, 3000);
    await until(() => isSet(3000));
    clock.advance(2999);
    should(api.outputs.get(1)).be.true();
    clock.advance(1);
    await pulse;
    should(api.outputs.get(1)).be.false();
  });

  it('switches an output off at once where the device is closed meanwhile', async () => {
    const { api, device } = await startFake();
    const pulse = failureOf(pulseOutput(device, 600_000));
    await until(() => api.outputs.get(1) === true);
    await device.close();
    should((await pulse).code).equal('closed');
    should(api.outputs.get(1)).be.false();
  });

  it('triggers a virtual alarm of a recorder by GET, and finds their ids', async () => {
    const { api, device } = await startFake({ channels: 4 });
    should(await listVirtualAlarms(device)).eql([17]);
    await triggerVirtualAlarm(device, 17);
    should(api.virtualAlarms).eql([17]);
    should(api.requests.at(-1)).containEql({ method: 'GET', url: '/TriggerVirtualAlarm/17', body: '' });
    const { device: camera } = await startFake();
    should((await failureOf(triggerVirtualAlarm(camera, 17))).code).equal('invalid-request');
  });

  it('moves, stops, and moves for a while', async () => {
    const clock = new FakeClock(Date.UTC(2031, 1, 3));
    const { api, device } = await startFake({}, {}, clock);
    await movePtz(device, 'LeftUp', 7, { channel: 1 });
    should(api.requests[0]).containEql({
      url: '/PtzControl/1/LeftUp',
      body: `${head}<actionInfo version="1.0" ${space}><speed>7</speed></actionInfo>`,
    });
    const isSet = watchTimers(clock);
    const moved = movePtzFor(device, 'ZoomIn', undefined, 500);
    await until(() => isSet(500));
    should(api.ptz).equal('ZoomIn');
    clock.advance(500);
    await moved;
    should(api.ptz).equal('Stop');
    should((await failureOf(movePtz(device, 'Up', 9))).code).equal('value-refused');
  });

  it('keeps presets and cruises', async () => {
    const { api, device } = await startFake();
    await addPreset(device, 'yard');
    should(api.requests[0]?.body).equal(
      `${head}<presetInfo version="1.0" ${space}><name><![CDATA[yard]]></name></presetInfo>`,
    );
    should(await listPresets(device)).eql([
      { id: 1, name: 'gate' },
      { id: 2, name: 'yard' },
    ]);
    await usePreset(device, 'goto', 2);
    should(api.ptz).equal('preset 2');
    await usePreset(device, 'delete', 2);
    should((await failureOf(usePreset(device, 'goto', 2))).code).equal('out-of-range');
    await runCruise(device, 3);
    should(api.cruise).equal(3);
    await stopCruise(device);
    should(api.cruise).be.undefined();
    should((await failureOf(addPreset(device, 'much too long a name'))).code).equal('value-refused');
  });

  it('switches siren and light', async () => {
    const { api, device } = await startFake();
    should((await switchDeterrent(device, 'sound', true)).sent).be.true();
    should(api.config('AudioAlarmOut')).containEql('<switch type="boolean">true');
    should((await switchDeterrent(device, 'light', true, { tryOnly: true })).sent).be.false();
    should(api.config('WhiteLightAlarmOut')).containEql('<switch type="boolean">false');
  });
});

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

/** Tells whether a timer of so many milliseconds has been set: the deadline of a call is one, too. */
function watchTimers(clock: FakeClock): (ms: number) => boolean {
  const set: number[] = [];
  const after = clock.after.bind(clock);
  clock.after = (ms, action) => {
    set.push(ms);
    return after(ms, action);
  };
  return (ms) => set.includes(ms);
}
