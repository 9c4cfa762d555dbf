/** The fake camera posts in the order and at the rates measured on real ones. */
import { XMLValidator } from 'fast-xml-parser';
import { decode } from 'jpeg-js';
import should from 'should';
import { FakeClock } from '../../simulators/fake-clock';
import { Camera, type CameraOptions, type WalkScript } from '../../simulators/viewtron/camera';
import { cameraWeights, noWeights } from '../../simulators/viewtron/view';
import { RecordingServer, until, type Recorded } from './recording-server';

const identity = {
  name: 'Yard cam',
  mac: '02:00:5e:10:00:41',
  serial: 'DEMO00A1B2C3',
  ip: '192.0.2.41',
  firmware: '5.1.4',
  utcOffsetMinutes: 0,
} as const;
const small = { scene: { width: 160, height: 90 }, weights: noWeights };
const walk: WalkScript = {
  type: 'person',
  rule: 'perimeter',
  seconds: 5,
  path: [
    { x: 1000, y: 6000 },
    { x: 9000, y: 6000 },
  ],
};

describe('simulated camera', () => {
  const clock = new FakeClock();
  let server: RecordingServer;
  let camera: Camera;
  let startMs = 0;

  function start(options: Partial<CameraOptions> = {}): void {
    startMs = clock.now();
    camera = new Camera({ ...server.address, ...identity, ...small, heartbeatSeconds: 0, clock, ...options });
  }

  const pass = (ms: number): Promise<void> => clock.advance(ms, () => camera.idle());
  const timesOf = (posts: readonly Recorded[]): number[] => posts.map(({ atMs }) => Math.round(atMs - startMs));

  beforeEach(async () => {
    server = await RecordingServer.start(() => clock.now());
  });

  afterEach(async () => {
    await camera.close();
    await until(() => server.openSockets === 0);
    should(clock.sleeping).equal(0);
    await server.close();
  });

  it('tracks seven times a second from the first moment until the target leaves', async () => {
    start();
    const walked = camera.walk(walk);
    await pass(20_000);
    await walked;
    const tracking = server.find('<traject ');
    should(tracking.length).equal(35);
    should(timesOf(tracking).slice(0, 3)).deepEqual([0, 143, 286]);
    should(timesOf(tracking).at(-1)).be.within(4800, 5000);
    should(server.connections).equal(1);
    const lefts = tracking.map(({ text }) => Number(/<x1[^>]*>(\d+)/.exec(text)?.[1]));
    should(lefts[0]).equal(550);
    should(lefts.every((left, position) => position === 0 || left > (lefts[position - 1] ?? 0))).equal(true);
  });

  it('sends smart data twice, then the alarm, and takes the alarm back when the hold time has run out', async () => {
    start();
    void camera.walk(walk);
    await pass(20_000);
    should(timesOf(server.find('<smartType', 'PEA<', '<perimeter>'))).deepEqual([460, 1460]);
    should(timesOf(server.find('<perimeterAlarm', '>true<'))).deepEqual([640]);
    should(timesOf(server.find('<perimeterAlarm', '>false<'))).deepEqual([15_500]);
    should(server.find('SMART_START</status>').length).equal(1);
    should(server.find('SMART_PROCEDURE</status>').length).equal(1);
  });

  it('spans two visits with one pair of alarms', async () => {
    start();
    void camera.walk(walk);
    await pass(14_000);
    void camera.walk(walk);
    await pass(30_000);
    should(timesOf(server.find('<perimeterAlarm'))).deepEqual([640, 29_500]);
    const ids = server.find('<smartType').map(({ text }) => /<targetId type="uint32">(\d+)/.exec(text)?.[1]);
    should(new Set(ids).size).equal(2);
  });

  it('tracks two targets in one post', async () => {
    start();
    void camera.walk(walk);
    await pass(2000);
    void camera.walk({ ...walk, type: 'car', rule: 'tripwire' });
    await pass(6000);
    should(server.find('<traject type="list" count="2">').length).be.within(20, 22);
    should(server.find('<tripwire>').length).equal(2);
  });

  it('sends posts as large as real ones, with pictures that decode', async () => {
    start({ scene: { width: 1280, height: 720 }, weights: cameraWeights });
    void camera.walk(walk);
    await pass(500);
    const [post] = server.find('<smartType');
    should(post?.body.length).be.within(511_000, 527_000);
    const pictures = [...(post?.text.matchAll(/<\w+Base64Data[^>]*><!\[CDATA\[([^\]]*)/g) ?? [])].map(([, text = '']) =>
      decode(Buffer.from(text, 'base64')),
    );
    should(pictures.map(({ width, height }) => [width, height])).deepEqual([
      [1280, 720],
      [336, 448],
    ]);
  });

  it('reads plates: one post about 795 KB large from firmware 5.3.1', async () => {
    start({ firmware: '5.3.1', weights: cameraWeights });
    const read = camera.readPlate({ number: 'AB12 CDE', list: 'whiteList', direction: 'away', confidence: 97.5 });
    await pass(1000);
    await read;
    const [post] = server.find('VEHICE</smartType>');
    should(post?.body.length).be.within(760_000, 830_000);
    should(post?.text).match(/<!\[CDATA\[AB12 CDE\]\]>[^]*away<[^]*whiteList<[^]*count="9750"/);
    should(timesOf(server.find('<vehiceAlarm', '>true<'))).deepEqual([180]);
  });

  it('sends only what is subscribed', async () => {
    start({ subscribe: { alarmStatus: false, traject: false, sourceImage: false, targetImage: false } });
    void camera.walk(walk);
    void camera.readPlate({ number: '7' });
    await pass(20_000);
    should(server.posts.length).equal(3);
    should(server.find('Base64Data').length).equal(0);
    should(server.find('<vehicleListType').length).equal(0);
  });

  it('writes well-formed XML for everything it sees, and the same again from the same seed', async () => {
    const runs: string[][] = [];
    for (const seed of [7, 7, 8]) {
      const before = server.posts.length;
      start({ seed });
      void camera.lineCrossed({ type: 'car' });
      void camera.intruded();
      void camera.regionEntered();
      void camera.regionLeft();
      void camera.metadataSeen({ type: 'motor' });
      void camera.lineCounted('enter');
      void camera.faceSeen();
      void camera.motion();
      await pass(12_000);
      await camera.close();
      const texts = server.posts.slice(before).map(({ text }) => text);
      should(texts.filter((text) => XMLValidator.validate(text) !== true)).deepEqual([]);
      runs.push(texts.map((text) => text.replaceAll(/<(currentTime|dataTime|source\w+)[ >][^]*?<\/\1>/g, '')));
    }
    // Eight events, and a pair of alarms for line, area, face and motion.
    should(runs[0]?.length).equal(16);
    // Compared as one text each: a difference would print pictures.
    const [first, same, other] = runs.map((texts) => texts.join('\n'));
    should(first === same).equal(true);
    should(first === other).equal(false);
  });

  it('beats with an empty body on 5.1.4 and a bare document on 5.3.1', async () => {
    start({ heartbeatSeconds: 30 });
    await pass(90_000);
    should(timesOf(server.posts)).deepEqual([0, 30_000, 60_000, 90_000]);
    should(server.posts.map(({ text }) => text)).deepEqual(['', '', '', '']);
    should(server.posts[0]?.headers['accept-encoding']).equal('gzip, deflate');
    await camera.close();
    start({ firmware: '5.3.1', heartbeatSeconds: 30 });
    await pass(0);
    should(server.posts.at(-1)?.text).startWith('<config version="1.7"');
  });

  it('beats with a DeviceInfo document where it is set to', async () => {
    start({ heartbeat: 'device-info', heartbeatSeconds: 30 });
    await pass(30_000);
    should(server.find('<DeviceInfo>', '<DeviceName>Yard cam<', '<macAddress>02:00:5e:10:00:41<').length).equal(2);
  });

  it('goes on while the server is away', async () => {
    const failures: (string | undefined)[] = [];
    start({ onPost: ({ error }) => failures.push(error) });
    const { port } = server.address;
    await server.close();
    void camera.motion();
    await pass(11_000);
    should(failures.length).equal(3);
    should(failures[0]).match(/ECONNREFUSED/);
    server = await RecordingServer.start(() => clock.now(), port);
    void camera.motion();
    await pass(1000);
    should(server.posts.length).equal(2);
  });

  describe('with a fault', () => {
    it('silent: has no heartbeats, but events', async () => {
      start({ heartbeatSeconds: 30, fault: 'silent' });
      await pass(20_000);
      void camera.motion();
      await pass(40_000);
      should(server.posts.filter(({ text }) => text === '').length).equal(0);
      should(server.find('MOTION</smartType>').length).equal(1);
      camera.fault = undefined;
      await pass(30_000);
      should(server.posts.filter(({ text }) => text === '').length).equal(1);
    });

    it('rubbish: sends what is no post', async () => {
      start();
      camera.fault = 'rubbish';
      for (let count = 0; count < 8; count++) void camera.motion();
      await pass(0);
      should(server.posts.length).equal(8);
      should(server.find('MOTION</smartType>', '</config>').length).equal(0);
    });

    it('cut: never finishes a body, and is healthy when told', async () => {
      start();
      camera.fault = 'cut';
      void camera.motion();
      await pass(0);
      await until(() => server.broken > 0);
      should(server.posts.length).equal(0);
      camera.fault = undefined;
      void camera.motion();
      await pass(0);
      should(server.posts.length).equal(1);
    });

    it('truncate: leaves the end of the document out', async () => {
      start();
      camera.fault = 'truncate';
      void camera.motion();
      await pass(0);
      await until(() => server.posts.length > 0);
      should(XMLValidator.validate(server.posts[0]?.text ?? '')).not.equal(true);
    });

    it('resend: sends every post twice', async () => {
      start();
      camera.fault = 'resend';
      void camera.motion();
      await pass(100);
      should(server.posts.length).equal(2);
      should(server.posts[0]?.body.equals(server.posts[1]?.body ?? Buffer.alloc(0))).equal(true);
    });

    it('deaf: posts without ever reading a reply', async () => {
      const statuses: number[] = [];
      start({ onPost: ({ status }) => statuses.push(status) });
      camera.fault = 'deaf';
      void camera.walk(walk);
      await pass(6000);
      await until(() => server.posts.length === 38);
      should(new Set(statuses)).deepEqual(new Set([0]));
    });

    it('slow: takes ten pauses of 300 ms for a body', async () => {
      start();
      camera.fault = 'slow';
      void camera.motion();
      await until(() => clock.sleeping === 3);
      // The alarm's delay, the time limit of the reply, the pause before the next piece.
      for (let piece = 1; piece <= 10; piece++) {
        should(server.posts.length).equal(0);
        await clock.advance(300);
        if (piece < 10) await until(() => clock.sleeping >= 2);
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => server.posts.length === 1);
    });
  });
});
