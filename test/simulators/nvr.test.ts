/** The fake recorder speaks as recorders do: absolute targets, its own XML, status ahead of the event. */
import { XMLValidator } from 'fast-xml-parser';
import { decode } from 'jpeg-js';
import should from 'should';
import { FakeClock } from '../../simulators/fake-clock';
import { Nvr, type NvrOptions } from '../../simulators/viewtron/nvr';
import { noWeights, recorderWeights } from '../../simulators/viewtron/view';
import { RecordingServer, until } from './recording-server';

const small = { scene: { width: 160, height: 90 }, weights: noWeights };

describe('simulated recorder', () => {
  const clock = new FakeClock();
  let server: RecordingServer;
  let nvr: Nvr;

  function start(options: Partial<NvrOptions> = {}): void {
    const identity = { name: 'Recorder', mac: '02:00:5E:10:00:60', ip: '192.0.2.60' };
    nvr = new Nvr({ ...server.address, ...identity, ...small, heartbeatSeconds: 0, clock, ...options });
  }

  const pass = (ms: number): Promise<void> => clock.advance(ms, () => nvr.idle());
  const kinds = (): string[] =>
    server.posts.map(({ text }) => /<smartType>(\w+)<|<(\w+Alarm)>/.exec(text)?.slice(1).find(Boolean) ?? 'keepalive');

  beforeEach(async () => {
    server = await RecordingServer.start(() => clock.now());
  });

  afterEach(async () => {
    await nvr.close();
    await until(() => server.openSockets === 0);
    should(clock.sleeping).equal(0);
    await server.close();
  });

  it('posts to an absolute target, as SOAP, on a connection of its own each time', async () => {
    start({ heartbeatSeconds: 10 });
    await pass(20_000);
    const { host, port } = server.address;
    should(server.posts.map(({ url }) => url)).deepEqual(Array(3).fill(`http://${host}:${port}/API`));
    should(server.posts[0]?.headers['content-type']).equal('application/soap+xml; charset=utf-8');
    should(server.posts[0]?.headers.connection).equal('close');
    should(server.posts[0]?.text).match(/version="2\.0\.0"[^]*keepalive/);
    should(server.connections).equal(3);
  });

  it('sends the alarm ahead of each event, and takes it back after the hold time', async () => {
    start();
    await nvr.intruded(2);
    await nvr.faceSeen(1, { sex: 'female' });
    await nvr.lineCounted(4);
    await nvr.lineCrossed(3, 'car');
    await nvr.readPlate(3, { number: 'AB12 CDE', group: 'Residents' });
    const together = 'perimeterAlarm regionIntrusion vfdAlarm videoFaceDetect passlineAlarm targetCountingByLine';
    should(kinds()).deepEqual([...together.split(' '), 'perimeterAlarm', 'lineCrossing', 'vehicle']);
    await pass(11_000);
    should(server.find('>false</item>').length).equal(4);
    should(server.posts.filter(({ text }) => XMLValidator.validate(text) !== true)).deepEqual([]);
  });

  it('counts by area with the alarm of counting, and sends metadata without any', async () => {
    start();
    await nvr.areaCounted(1, 'car');
    await nvr.metadataSeen(2, 'motor');
    should(kinds()).deepEqual(['passlineAlarm', 'targetCountingByArea', 'videoMetadata']);
    should(server.find('targetCountingByArea', '<boundary>area<', '<targetType>car<').length).equal(1);
    should(server.find('videoMetadata', '<channelId>2<', '<targetType>motor<').length).equal(1);
    await pass(11_000);
    should(server.find('>false</item>').length).equal(1);
  });

  it('sends posts as large as real ones, with pictures that decode', async () => {
    start({ scene: { width: 1280, height: 720 }, weights: recorderWeights });
    await nvr.intruded(1);
    await nvr.readPlate(1, { number: 'AB12 CDE' });
    const [intrusion] = server.find('regionIntrusion');
    const [plate] = server.find('licensePlateListInfo');
    should(intrusion?.body.length).be.within(518_000, 536_000);
    should(plate?.body.length).be.within(610_000, 640_000);
    const [, crop = ''] = /<targetBase64Data>([^<]*)/.exec(plate?.text ?? '') ?? [];
    const { width, height } = decode(Buffer.from(crop, 'base64'));
    should([width, height]).deepEqual([128, 64]);
  });

  for (const [images, source, target] of [
    ['both', 1, 1],
    ['original', 1, 0],
    ['target', 0, 1],
    ['none', 0, 0],
  ] as const) {
    it(`attaches images as set: ${images}`, async () => {
      start({ images });
      await nvr.intruded(1);
      should(server.find('<sourceDataInfo>').length).equal(source);
      should(server.find('<targetImageData>').length).equal(target);
      should(server.find('<targetType>person<').length).equal(1);
    });
  }

  it('has no events from a channel that is offline', async () => {
    start();
    await nvr.channelOffline(4, true);
    await nvr.lineCounted(4);
    await nvr.channelOffline(4, false);
    await nvr.lineCounted(4);
    should(kinds()).deepEqual(['chlOfflineAlarm', 'chlOfflineAlarm', 'passlineAlarm', 'targetCountingByLine']);
    should(server.find('<channelId>4<', 'chlOfflineAlarm', '>true<').length).equal(1);
  });

  it('keeps its connection when set to', async () => {
    start({ keepAlive: true });
    await nvr.intruded(1);
    await nvr.intruded(2);
    should(server.connections).equal(1);
  });

  it('sends every post twice when its fault is to resend', async () => {
    start();
    nvr.fault = 'resend';
    await nvr.readPlate(1, { number: '007' });
    should(server.posts.length).equal(2);
    should(server.connections).equal(2);
  });
});
