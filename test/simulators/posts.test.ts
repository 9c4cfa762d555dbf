/** Every post is well-formed XML and keeps the quirks of the protocol reference. */
import { XMLValidator } from 'fast-xml-parser';
import should from 'should';
import { drawCrop, drawPlate, drawScene } from '../../simulators/picture';
import * as posts from '../../simulators/viewtron/posts';

const camera = {
  name: 'Yard <&> "cam" ]]> größer',
  mac: '02:00:5e:10:00:41',
  serial: 'DEMO00A1B2C3',
  ip: '192.0.2.41',
  number: 3,
};
const recorder = { name: camera.name, mac: '02:00:5E:10:00:60', ip: '192.0.2.60' };
const timeMs = 1_930_000_123_456;
const box = { x1: 4100, y1: 700, x2: 5200, y2: 8100 };
const boundary = [
  { x: 500, y: 400 },
  { x: 9500, y: 450 },
  { x: 5000, y: 9000 },
];
const wire = { start: { x: 4000, y: 1200 }, end: { x: 4100, y: 9200 } };
const source = drawScene({ width: 320, height: 180 });
const crop = drawCrop({ kind: 'person', width: 80, height: 120 });
const plate = drawPlate({ text: 'AB12 CDE', width: 128, height: 64 });
const ids = { eventId: 3001, targetId: 2801 };
const vehicle = { color: 'blue', type: 'suv', brand: 'A&B', model: 'A&B_One' };
const seen = { ...ids, source, targets: [{ targetId: 2801, type: 'person' as const, box, picture: crop }] };
const old = { camera, firmware: '5.1.4' as const, timeMs };
const recent = { camera, firmware: '5.3.1' as const, timeMs };
const onChannel = { recorder, channel: 4, timeMs };
const recorded = { ...onChannel, ...ids, type: 'person' as const, source, target: crop };
const counts = { person: 3, car: 2, bike: 1 };
const readPlate = {
  number: 'AB12 CDE',
  list: 'whiteList' as const,
  direction: 'approach' as const,
  confidence: 97.5,
  vehicleId: 12,
  plateBox: { x1: 4000, y1: 5000, x2: 5000, y2: 5800 },
  overviewSize: { width: 2000, height: 1200 },
  overview: source,
  crop: plate,
  vehicle,
};
const status = { timeMs, utcOffsetMinutes: -300 };

const written: Readonly<Record<string, string>> = {
  'DeviceInfo heartbeat': posts.writeDeviceInfoHeartbeat(camera),
  'camera keepalive': posts.writeCameraKeepalive(camera),
  'recorder keepalive': posts.writeRecorderKeepalive(recorder),
  'camera alarm status': posts.writeCameraAlarmStatus({ ...status, camera, field: 'tripwireAlarm', on: true }),
  'recorder alarm status': posts.writeRecorderAlarmStatus({ ...onChannel, field: 'perimeterAlarm', on: true, rule: 2 }),
  'recorder channel offline': posts.writeRecorderAlarmStatus({ ...onChannel, field: 'chlOfflineAlarm', on: true }),
  traject: posts.writeTraject({ ...old, targets: [{ targetId: 2801, type: 'person', box }] }),
  'empty traject': posts.writeTraject({ ...recent, targets: [] }),
  perimeter: posts.writePerimeter({ ...old, ...seen, boundary, box }),
  'perimeter without pictures': posts.writePerimeter({ ...old, ...ids, boundary, box }),
  'tripwire with a line': posts.writeTripwire({ ...old, ...seen, wire, box }),
  'tripwire without a line': posts.writeTripwire({ ...recent, ...seen, wire, box, layout: 'item' }),
  'area entry': posts.writeAreaEntry({ ...old, ...seen, boundary, box }),
  'area exit': posts.writeAreaExit({ ...old, ...seen, boundary, box }),
  'line count': posts.writeLineCount({ ...old, ...seen, enter: counts, leave: { ...counts, person: 1 } }),
  face: posts.writeFace({ ...old, ...seen }),
  motion: posts.writeMotion({ ...old, source }),
  metadata: posts.writeMetadata({ ...old, ...seen, boundary, type: 'person', target: crop, attributes: { hat: 'no' } }),
  'metadata without pictures': posts.writeMetadata({ ...recent, ...ids, boundary, type: 'car' }),
  'old plate': posts.writeOldPlate({ ...old, ...readPlate }),
  'old plate without pictures': posts.writeOldPlate({ ...old, number: '007' }),
  plate: posts.writePlate({ ...recent, ...readPlate }),
  'plate without pictures': posts.writePlate({
    ...recent,
    ...readPlate,
    list: undefined,
    overview: undefined,
    crop: undefined,
  }),
  regionIntrusion: posts.writeRegionIntrusion({ ...recorded, boundary, box }),
  lineCrossing: posts.writeLineCrossing({ ...recorded, wire, box }),
  targetCountingByLine: posts.writeTargetCountingByLine({ ...recorded, wire }),
  targetCountingByArea: posts.writeTargetCountingByArea({ ...recorded, boundary, box }),
  'videoMetadata without pictures': posts.writeVideoMetadata({ ...onChannel, ...ids, type: 'car', boundary, box }),
  'recorder plate': posts.writeRecorderPlate({ ...recorded, ...readPlate, group: 'Residents', owner: 'A. <Example>' }),
  'recorder face': posts.writeRecorderFace({
    ...recorded,
    faceBox: box,
    age: 'young',
    sex: 'female',
    glasses: 'no',
    mask: 'unknown',
  }),
};

function find(name: string): string {
  return written[name] ?? '';
}

describe('simulated posts', () => {
  for (const [name, text] of Object.entries(written)) {
    it(`writes well-formed XML: ${name}`, () => {
      should(XMLValidator.validate(text)).equal(true);
      should(text).not.match(/undefined|NaN|\[object/);
    });
  }

  it('has one heartbeat without any body', () => {
    should(posts.writeEmptyHeartbeat()).equal('');
  });

  it('declares XML as each device does, and not at all in the keepalive of a camera', () => {
    should(find('perimeter')).startWith('<?xml version="1.0" encoding="UTF-8" ?>');
    should(find('regionIntrusion')).startWith('<?xml version="1.0" encoding="UTF-8"?>');
    should(find('camera keepalive')).startWith('<config version="1.7"');
  });

  it('wraps base64 of cameras at 76 characters, counts the breaks, and ends without one', () => {
    const [, length, data = ''] =
      /<sourceBase64Length type="uint32">(\d+)<[^]*?<sourceBase64Data type="string"><!\[CDATA\[([^\]]*)\]/.exec(
        find('perimeter'),
      ) ?? [];
    should(data.length).equal(Number(length));
    const lines = data.split('\r\n');
    should(lines.slice(0, -1).every((line) => line.length === 76)).equal(true);
    should(lines.at(-1)).match(/^[\w+/=]{4,76}$/);
    should(Buffer.from(data, 'base64').equals(source.jpeg)).equal(true);
  });

  it('leaves base64 of recorders in one line, without CDATA', () => {
    const [, length, data = ''] =
      /<sourceBase64Length>(\d+)<[^]*?<sourceBase64Data>([\w+/=]*)</.exec(find('regionIntrusion')) ?? [];
    should(data.length).equal(Number(length));
    should(Buffer.from(data, 'base64').equals(source.jpeg)).equal(true);
  });

  it('keeps the spelling of each firmware', () => {
    should(find('perimeter')).match(
      /<smartType type="openAlramObj">PEA<[^]*<subscribeOption type="subscribeRelation">/,
    );
    should(find('plate')).match(
      /<smartType type="openAlarmObj">VEHICE<[^]*<subscribeOption type="subscribeRelationV1">/,
    );
    should(find('camera alarm status')).match(/<deviceNo\.><!\[CDATA\[3\]\]><\/deviceNo\.>/);
  });

  it('has the confidence of a plate in an attribute, and no y in the box of the car', () => {
    should(find('plate')).match(/<PlateConfidence type="uint32" count="9750"\/>/);
    should(find('plate')).match(/<carRect><x type="uint32">\d+<\/x><y type="uint32"\/>/);
    should(find('plate')).match(/<PlateWidth type="uint32">200<\/PlateWidth>\n<PlateHeight type="uint32">96</);
    should(find('plate')).not.match(/sourceDataInfo/);
  });

  it('says 0x0 for the overview of a recorder plate', () => {
    should(find('recorder plate')).match(/<width>0<\/width>\s*<height>0<\/height>/);
  });

  it('puts everything of video metadata under vsd', () => {
    should(find('metadata')).match(
      /<vsd>[^]*<vsdInfo[^]*<sourceDataInfo>[^]*<targetImageData>[^]*<personAttr>[^]*<\/vsd>/,
    );
    should(find('metadata')).not.match(/listInfo/);
  });

  it('counts who is present', () => {
    should(find('line count')).match(/<existPersonCount type="uint32">2</);
  });

  it('writes times as each device does', () => {
    should(find('perimeter')).match(/<currentTime type="tint64">1930000123456000</);
    should(find('recorder alarm status')).match(/<currentTime>1930000123000000</);
    should(find('camera alarm status')).match(/<dataTime><!\[CDATA\[2031-02-27 18:08:43\]\]>/);
    should(posts.writeLocalTime(timeMs, -300, 'month-first')).equal('02-27-2031 06:08:43 PM');
    should(posts.writeLocalTime(Date.UTC(2031, 1, 3, 0, 5), 0, 'day-first')).equal('03-02-2031 12:05:00 AM');
    const lost = posts.writeRecorderPlate({ ...recorded, ...readPlate, timeMs: -921_101_622_000 });
    should(lost).match(/<currentTime>18445822972087551616</);
  });

  it('is as large as real posts without pictures', () => {
    should(find('traject').length).be.within(1400, 2000);
    should(find('perimeter without pictures').length).be.within(1700, 3000);
    should(find('camera alarm status').length).be.within(500, 760);
    should(find('recorder alarm status').length).be.within(450, 720);
    should(find('recorder keepalive').length).be.within(300, 520);
    should(find('videoMetadata without pictures').length).be.within(700, 1400);
  });
});
