/** Every configuration that the list names, in both directions, in the manner of each firmware. */
import should from 'should';
import type { Manner } from '../../../../simulators/viewtron/api/documents';
import { canWrite, configNames, findConfig, type ConfigName } from '../../../../src/vendors/viewtron/device/commands';
import { failureOf, manners, startFake, stopFakes } from './fake';

interface Way {
  /** What changes, and what `changes` then says. */
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly after: unknown;
}

/** One change for each configuration that can be written. */
const ways: Partial<Record<ConfigName, Way>> = {
  perimeter: {
    wanted: { perimeter: { objectFilter: { person: { sensitivity: 70 } } } },
    path: 'perimeter.objectFilter.person.sensitivity',
    after: 70,
  },
  tripwire: { wanted: { tripwire: { alarmHoldTime: 30 } }, path: 'tripwire.alarmHoldTime', after: 30 },
  face: { wanted: { vfd: { switch: true } }, path: 'vfd.switch', after: true },
  vehicle: { wanted: { vehicle: { plateSencitivity: 80 } }, path: 'vehicle.plateSencitivity', after: 80 },
  'license-plate': {
    wanted: { licensePlate: { direction: 'approach' } },
    path: 'licensePlate.direction',
    after: 'approach',
  },
  'area-entry': { wanted: { aoiEntry: { switch: true } }, path: 'aoiEntry.switch', after: true },
  'area-leave': { wanted: { aoiLeave: { switch: true } }, path: 'aoiLeave.switch', after: true },
  'line-count': { wanted: { passLineCount: { switch: false } }, path: 'passLineCount.switch', after: false },
  metadata: { wanted: { vsd: { switch: true } }, path: 'vsd.switch', after: true },
  loitering: { wanted: { loitering: { timeThreshold: 60 } }, path: 'loitering.timeThreshold', after: 60 },
  'illegal-parking': { wanted: { pvd: { timeThreshold: 60 } }, path: 'pvd.timeThreshold', after: 60 },
  temperature: { wanted: { measureTemperature: { switch: true } }, path: 'measureTemperature.switch', after: true },
  'left-object': { wanted: { osc: { switch: true } }, path: 'osc.switch', after: true },
  exception: { wanted: { avd: { switch: true } }, path: 'avd.switch', after: true },
  crowd: { wanted: { cdd: { switch: true } }, path: 'cdd.switch', after: true },
  'people-intrusion': { wanted: { ipd: { switch: true } }, path: 'ipd.switch', after: true },
  motion: { wanted: { motion: { sensitivity: 6 } }, path: 'motion.sensitivity', after: 6 },
  'http-post': { wanted: { httpPost: { serverPort: 5051 } }, path: 'httpPost.serverPort', after: 5051 },
  'alarm-server': {
    wanted: { alarmServer: { serverAddr: '192.0.2.9' } },
    path: 'alarmServer.serverAddr',
    after: '192.0.2.9',
  },
  'alarm-input': { wanted: { sensor: { sensorName: 'gate' } }, path: 'sensor.sensorName', after: 'gate' },
  'alarm-output': { wanted: { alarmOut: { holdTime: 5 } }, path: 'alarmOut.holdTime', after: 5 },
  'alarm-trigger': { wanted: { alarmTrigger: { snapSwitch: false } }, path: 'alarmTrigger.snapSwitch', after: false },
  sound: { wanted: { audioAlarmOut: { switch: true } }, path: 'audioAlarmOut.switch', after: true },
  light: { wanted: { whiteLightAlarmOut: { alarmHoldTime: 20 } }, path: 'whiteLightAlarmOut.alarmHoldTime', after: 20 },
  'date-and-time': {
    wanted: { time: { synchronizeInfo: { currentTime: '2031-05-06 07:08:09' } } },
    path: 'time.synchronizeInfo.currentTime',
    after: '2031-05-06 07:08:09',
  },
  image: { wanted: { image: { bright: 60 } }, path: 'image.bright', after: 60 },
  'video-streams': { wanted: { streams: [{ id: 2, frameRate: 10 }] }, path: 'streams[1].frameRate', after: 10 },
  'audio-stream': {
    wanted: { audioStream: { audioInSwitch: false } },
    path: 'audioStream.audioInSwitch',
    after: false,
  },
  osd: { wanted: { imageOsd: { channelName: { name: 'Gate' } } }, path: 'imageOsd.channelName.name', after: 'Gate' },
  'privacy-mask': { wanted: { privacyMask: [{ switch: true }] }, path: 'privacyMask[0].switch', after: true },
};

/** What a firmware does not have. */
const missing: Readonly<Record<Manner, readonly ConfigName[]>> = {
  '1.9': [
    'license-plate',
    'temperature',
    'supported-apis',
    'line-count-statistics',
    'plate-groups',
    'channels',
    'alarm-inputs',
    'alarm-outputs',
  ],
  '2.0': ['license-plate', 'plate-groups'],
  '2.1': ['vehicle'],
};

/** How a read answer of a block begins, where the shape is published. */
const shapes: Partial<Record<ConfigName, (config: object) => unknown>> = {
  perimeter: (config) =>
    should(config).containDeep({
      perimeter: {
        switch: false,
        alarmHoldTime: 20,
        objectFilter: { car: { switch: true, sensitivity: 50 } },
        regionInfo: [{ pointGroup: [{ X: 1500, Y: 4500 }] }],
      },
    }),
  tripwire: (config) =>
    should(config).eql({
      tripwire: {
        switch: false,
        alarmHoldTime: 20,
        objectFilter: { car: { switch: true, sensitivity: 50 }, person: { switch: true, sensitivity: 50 } },
        lineInfo: [{ direction: 'none', startPoint: { X: 5000, Y: 4200 }, endPoint: { X: 5100, Y: 9800 } }],
      },
    }),
  'alarm-status': (config) =>
    should(config).eql({
      alarmStatusInfo: {
        motionAlarm: [
          { id: 1, value: false },
          { id: 2, value: true },
        ],
        sensorAlarmIn: [
          { id: 1, value: false },
          { id: 2, value: false },
        ],
        perimeterAlarm: false,
        vehicleAlarm: { id: 1, value: false },
      },
    }),
  disks: (config) => should(config).containDeep({ diskInfo: [{ id: 1, totalSpace: 61_000, freeSpace: 1200 }] }),
  'line-count-statistics': (config) =>
    should(config).containDeep({ entranceCount: { person: 12, car: 3, bike: 0 }, exitCount: { person: 9 } }),
  'device-info': (config) =>
    should(config).containDeep({ deviceInfo: { deviceName: 'Gate cam', sn: 'DEMO00A1B2C4', alarmOutCount: 1 } }),
  'record-types': (config) => should(config).eql({ recTypeCaps: ['manual', 'motion'] }),
};

describe('the configurations of a device', () => {
  afterEach(stopFakes);

  it('are all tried here: those that can be written have a change', () => {
    should(configNames.filter(canWrite).toSorted()).eql(Object.keys(ways).toSorted());
    should(findConfig('GetSmartPassLineCountConfig')).equal('line-count');
    should(findConfig(' Perimeter ')).equal('perimeter');
    should(findConfig('nonsense')).be.undefined();
  });

  for (const manner of manners) {
    describe(`of firmware ${manner}`, () => {
      for (const name of configNames) {
        const way = ways[name];
        if (missing[manner].includes(name)) {
          it(`${name} is said not to be there`, async () => {
            const { device } = await startFake({ manner });
            const error = await failureOf(device.read(name));
            should(['invalid-request', 'unknown-command']).containEql(error.code);
            should(error.retryable).be.false();
          });
          continue;
        }
        it(`${name} is read${way === undefined ? '' : ', changed, and read as it was changed'}`, async () => {
          const { api, device } = await startFake({ manner });
          const read = await device.read(name);
          should(Object.keys(read.config).length).be.above(0);
          shapes[name]?.(read.config);
          if (way === undefined) return;

          const tried = await device.write(way.wanted, { tryOnly: true }, name);
          should([tried.sent, tried.changes.length]).eql([false, 1]);
          should(api.requests.some(({ command }) => command.startsWith('Set'))).be.false();

          const written = await device.write(way.wanted, {}, name);
          should(written.changes.map(({ path, after }) => ({ path, after }))).eql([
            { path: way.path, after: way.after },
          ]);
          should([written.sent, written.unconfirmed]).eql([true, []]);
          const sent = api.requests.find(({ command }) => command.startsWith('Set'));
          should(sent?.command.replace(/^Set/, 'Get')).equal(read.command);
          const version = { '1.9': '1.0', '2.0': '2.0.0', '2.1': '2.1.0' }[manner];
          should(sent?.body).startWith(
            `<?xml version="1.0" encoding="utf-8"?><config version="${version}" xmlns="http://www.ipc.com/ver10"><`,
          );
          should(sent?.body).not.containEql('<types>');
          // a second time nothing is sent
          const again = await device.write(way.wanted, {}, name);
          should([again.sent, again.changes]).eql([false, []]);
        });
      }
    });
  }

  it('go back with all that stood there, comments and attributes too', async () => {
    const { api, device } = await startFake();
    const before = api.config('SmartPerimeter').trim();
    await device.write({ perimeter: { switch: true } });
    const sent = api.requests.at(-2)?.body ?? '';
    should(sent.slice(sent.indexOf('<perimeter>'), sent.lastIndexOf('</config>'))).equal(
      before.replace('<switch type="boolean">false', '<switch type="boolean">true'),
    );
  });

  it('come with what each value may be: limits, units, enumerations, lists', async () => {
    const { device } = await startFake();
    const { fields } = await device.read('tripwire');
    should(fields['tripwire.objectFilter.person.sensitivity']).eql({
      type: 'uint32',
      unit: '%',
      min: 1,
      max: 100,
      default: '50',
    });
    should(fields['tripwire.lineInfo']).containEql({ maxCount: 4 });
    should(fields['tripwire.lineInfo[].direction']).containEql({ values: ['none', 'rightortop', 'leftorbotton'] });
    should(fields['tripwire.lineInfo[].startPoint.X']).containEql({ min: 0, max: 10_000 });
    const read = await device.read('tripwire', { fractions: true });
    should(read.config).containDeep({ tripwire: { lineInfo: [{ startPoint: { X: 0.5, Y: 0.42 } }] } });
    should(read.fields['tripwire.lineInfo[].startPoint.X']).containEql({ min: 0, max: 1 });
  });

  it('are written together only where the device takes all of it', async () => {
    const { api, device } = await startFake();
    const wanted = { perimeter: { switch: true }, tripwire: { objectFilter: { person: { sensitivity: 101 } } } };
    const error = await failureOf(device.write(wanted));
    should(error.code).equal('value-refused');
    should(error.message).containEql('tripwire.objectFilter.person.sensitivity is 101; the device takes 1 to 100 (%)');
    should(api.requests.filter(({ command }) => command.startsWith('Set'))).be.empty();
  });

  it('are told to be as before where the device says yes and keeps the old value', async () => {
    const { api, device } = await startFake();
    api.faults.isForgetful = true;
    const { sent, unconfirmed } = await device.write({ perimeter: { switch: true } });
    should(sent).be.true();
    should(unconfirmed).eql([{ path: 'perimeter.switch', before: false, after: true }]);
  });

  it('say what is wrong with a change that is none', async () => {
    const { device } = await startFake();
    for (const nothing of [undefined, null, 5, [], {}])
      should((await failureOf(device.write(nothing))).code).equal('value-refused');
    should((await failureOf(device.write({ garden: {} }))).message).containEql('"garden" is no block that is known');
    should((await failureOf(device.write({ diskInfo: {} }, {}, 'disks'))).message).containEql('disks can only be read');
  });

  it('of a recorder with v1.9 firmware have their items beside their lists', async () => {
    const { device } = await startFake({ manner: '1.9', channels: 4 });
    const channels = await device.read('channels');
    should(channels.command).equal('GetChannelList');
    should(channels.config).eql({
      channelIDList: [
        { channelStatus: 'online', value: 1 },
        { channelStatus: 'online', value: 2 },
        { channelStatus: 'online', value: 3 },
        { channelStatus: 'offline', value: 4 },
      ],
    });
    should((await device.read('alarm-inputs')).config).eql({ alarmInIDList: [1, 2] });
    should((await device.read('alarm-outputs')).config).eql({ alarmOutIDList: [1] });
  });

  for (const [manner, apiVersion] of [
    ['1.9', '1.7'],
    ['2.0', '2.0.0'],
    ['2.1', '2.1.0'],
  ] as const) {
    it(`tell version and abilities of firmware ${manner}`, async () => {
      const { api, device } = await startFake({ manner });
      const abilities = await device.abilities();
      should(abilities).containEql({ name: 'Gate cam', apiVersion, mac: '02:00:5e:10:00:43', serial: 'DEMO00A1B2C4' });
      should(abilities.commands?.has('GetSmartPerimeterConfig')).equal(manner === '1.9' ? undefined : true);
      const asked = api.requests.length;
      await device.abilities();
      should(api.requests).have.length(asked);
    });
  }
});
