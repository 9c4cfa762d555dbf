/** The node in a real Node-RED runtime: posts over a real port come out as messages, as the dialog says. */
import helper from 'node-red-node-test-helper';
import should from 'should';
import { readSamples, toGolden, type Sample } from '../support/samples';
import { TestFlow, type FlowSettings } from '../support/flow';

const samples = new Map(readSamples('viewtron').map((sample) => [sample.name, sample]));

function find(name: string): Sample {
  const sample = samples.get(name);
  if (sample === undefined) throw new Error(`no sample ${name}`);
  return sample;
}

function xml(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><config version="1.7" xmlns="http://www.ipc.com/ver10">${inside}</config>`;
}

/** An event that was given the time of receipt was received at another time here. */
function withoutReceipt({ time, ...event }: Record<string, unknown>): Record<string, unknown> {
  return event.timeSource === 'received' ? event : { ...event, time };
}

let serial = 0;

/** A plate of a camera, each a new one unless `id` is given. */
function plate(number: string, fields = '', id = (serial += 1)): string {
  return xml(
    `<smartType>VEHICE</smartType><mac>02:00:5e:30:00:01</mac><deviceName>Gate</deviceName><channelId>1</channelId>
    <currentTime>${Date.now()}${String(id).padStart(3, '0')}</currentTime>
    <listInfo><item><vehiceId>${id}</vehiceId><plateNumber>${number}</plateNumber>${fields}</item></listInfo>`,
  );
}

function tracked(...targets: readonly (readonly [id: number, type: string])[]): string {
  serial += 1;
  const items = targets.map(
    ([id, type]) =>
      `<item><targetId>${id}</targetId><rect><x1>1000</x1><y1>1000</y1><x2>${2000 + serial}</x2><y2>3000</y2></rect>
      <targetType>${type}</targetType></item>`,
  );
  return xml(
    `<currentTime>${Date.now()}${String(serial).padStart(3, '0')}</currentTime><mac>02:00:5e:30:00:02</mac>
    <traject type="list">${items.join('')}</traject>`,
  );
}

describe('viewtron-in', () => {
  let flow: TestFlow;
  const start = async (settings: FlowSettings = {}): Promise<TestFlow> => {
    flow = await TestFlow.start(settings);
    return flow;
  };
  afterEach(() => flow.stop());

  describe('sends every golden sample', () => {
    const realNow = Date.now;
    /** The day on which the samples are received: what a device's clock says is believed within ten years of it. */
    const sampleDayMs = Date.parse('2026-03-01T12:00:00Z');
    before(() => {
      const shiftMs = sampleDayMs - realNow();
      Date.now = () => realNow() + shiftMs;
    });
    after(() => {
      Date.now = realNow;
    });

    it('that can be read as the events of its golden file, and answers each with the success document', async () => {
      const readable = [...samples.values()].filter(({ events }) => events !== undefined);
      // a node for each: what one sample says of its device must not be known to the next
      const settings = readable.map(({ name, options }) => ({
        path: `/${name}`,
        heartbeats: true,
        tracking: 'all',
        dedupeSeconds: 0,
        watchMisses: 0,
        timeZone: 'UTC',
        ...options,
      }));
      await start({ in: settings, listener: { proxies: '127.0.0.1' } });
      for (const [index, { name, body, post, events = [] }] of readable.entries()) {
        const headers = { 'content-type': post.contentType, 'x-forwarded-for': post.address };
        const reply = await flow.post(body, { path: `/${name}`, headers });
        should(reply.status).equal(200);
        should(reply.type).equal('application/xml');
        should(reply.body).match(/<status>success<\/status>/);
        const messages = await flow.wait(events.length, `out-${index}-0`);
        const golden = messages.map(({ payload }) => toGolden(payload));
        should(golden.map(withoutReceipt)).deepEqual(events.map(withoutReceipt), name);
      }
      should(flow.received('caught')).be.empty();
    });

    it('that cannot be read as a catchable error with its code, the caller and what it sent', async () => {
      await start();
      for (const sample of samples.values()) {
        if (sample.error === undefined) continue;
        const before = flow.received('caught').length;
        should((await flow.post(sample.body)).status).equal(200);
        const caught = (await flow.wait(before + 1, 'caught'))[before];
        should(caught?.error?.code).equal(sample.error);
        should(caught?.topic).equal('viewtron/error');
        should(caught?.payload).have.properties({ address: '127.0.0.1', path: '/API', bytes: sample.body.length });
        should(caught?.error?.message).not.match(/Error:/);
      }
      should(flow.received()).be.empty();
    });
  });

  it('sets the topic to vendor and category, and nothing else beside the payload', async () => {
    await start();
    await flow.post(plate('GATE 42'));
    const [message] = await flow.wait(1);
    should(message?.topic).equal('viewtron/plate');
    should(Object.keys(message ?? {}).toSorted()).deepEqual(['_msgid', 'payload', 'topic']);
  });

  it('passes only the chosen categories', async () => {
    await start({ in: { categories: ['face'], alarmStates: false, tracking: 'none', watchMisses: 0 } });
    await flow.post(plate('GATE 42'));
    await flow.post(find('ipc-face-two').body);
    const messages = await flow.wait(2);
    should(messages.map((message) => message.payload.category)).deepEqual(['face', 'face']);
  });

  it('holds heartbeats back until they are wanted', async () => {
    await start({ in: { heartbeats: true } });
    await flow.post('');
    const [message] = await flow.wait(1);
    should(message?.payload.category).equal('heartbeat');
  });

  it('filters plates by list, confidence and direction', async () => {
    await start({ in: { plateLists: 'allow, none', minConfidence: '80', direction: 'approach' } });
    const allow = '<vehicleListType>whiteList</vehicleListType>';
    const near = '<vehicleDirect>approach</vehicleDirect>';
    const sure = '<PlateConfidence count="9750"/>';
    await flow.post(plate('BLOCKED', `<vehicleListType>blackList</vehicleListType>${near}${sure}`));
    await flow.post(plate('UNSURE', `${allow}${near}<PlateConfidence count="6000"/>`));
    await flow.post(plate('LEAVING', `${allow}<vehicleDirect>away</vehicleDirect>${sure}`));
    await flow.post(plate('STRANGER', `${near}${sure}`));
    await flow.post(plate('FRIEND', `${allow}${near}${sure}`));
    const messages = await flow.wait(2);
    should(messages.map((message) => message.payload.plate?.number)).deepEqual(['STRANGER', 'FRIEND']);
  });

  it('takes only the cameras that are named', async () => {
    await start({ in: { cameras: 'Yard, 02-00-5E-30-00-01' } });
    await flow.post(plate('A').replace('02:00:5e:30:00:01', '02:00:5e:30:00:09'));
    await flow.post(plate('B'));
    const [message] = await flow.wait(1);
    should(message?.payload.plate?.number).equal('B');
  });

  it('drops what a device sends again, and counts it', async () => {
    await start();
    const body = plate('TWICE');
    await flow.post(body);
    await flow.post(body);
    await flow.post(plate('ONCE'));
    const messages = await flow.wait(2);
    should(messages.map((message) => message.payload.plate?.number)).deepEqual(['TWICE', 'ONCE']);
  });

  it('holds tracking to the rate of each target, and passes every position where all are wanted', async () => {
    await start({ in: [{ tracking: 'rate', trackingRate: 0.1 }, { tracking: 'all' }, { tracking: 'none' }] });
    for (let i = 0; i < 5; i++) await flow.post(tracked([7, 'person']));
    await flow.post(tracked([7, 'person'], [8, 'car']));
    await flow.post(plate('END'));
    await flow.wait(7, 'out-1-0');
    await flow.wait(3);
    const held = flow.received().map((message) => message.payload.targets.map((target) => target.id));
    should(held.slice(0, 2)).deepEqual([['7'], ['8']]);
    should(flow.received('out-2-0').map((message) => message.payload.category)).deepEqual(['plate']);
  });

  it('drops targets of a type that is not wanted from tracking', async () => {
    await start({ in: { tracking: 'all', targetTypes: ['vehicle'] } });
    await flow.post(tracked([1, 'person']));
    await flow.post(tracked([1, 'person'], [2, 'car']));
    const [message] = await flow.wait(1);
    should(message?.payload.targets.map((target) => target.type)).deepEqual(['vehicle']);
  });

  it('sends each category to its own output, in the saved order', async () => {
    await start({ in: { split: true, outputCategories: ['alarm', 'plate', 'face'] } });
    await flow.post(plate('GATE 42'));
    await flow.post(find('ipc-face-two').body);
    await flow.post(find('ipc-status-start').body);
    should((await flow.wait(1, 'out-0-0'))[0]?.topic).equal('viewtron/alarm');
    should((await flow.wait(1, 'out-0-1'))[0]?.topic).equal('viewtron/plate');
    should((await flow.wait(2, 'out-0-2'))[0]?.topic).equal('viewtron/face');
  });

  it('gives pictures as it is set: Buffer, base64, data URL, none', async () => {
    await start({
      in: [{ pictures: 'buffer' }, { pictures: 'base64' }, { pictures: 'data-url' }, { pictures: 'none' }],
    });
    await flow.post(find('ipc-perimeter-large-pictures').body);
    const [bytes, base64, url, none] = await Promise.all(
      [0, 1, 2, 3].map(async (index) => (await flow.wait(1, `out-${index}-0`))[0]?.payload.images),
    );
    const data = bytes?.[0]?.data as Buffer;
    should(Buffer.isBuffer(data)).be.true();
    should(base64?.[0]?.data).equal(data.toString('base64'));
    should(url?.[0]?.data).equal(`data:image/jpeg;base64,${data.toString('base64')}`);
    should(none).be.empty();
  });

  it('previews what it saw, in messages without pictures too', async () => {
    await start({ in: [{ pictures: 'none', preview: true }] });
    const { body } = find('ipc-perimeter-large-pictures');
    await flow.post(body);
    should((await flow.wait(1))[0]?.payload.images).be.empty();
    const path = '/security-events/viewtron-in/b000000000000001/preview';
    const { body: sight } = await helper.request().get(path).expect(200);
    should(sight.picture).containEql({ type: 'image/jpeg' });
    should(sight.boxes).not.be.empty();
    const { body: picture } = await helper.request().get(`${path}/${sight.seq}`).expect('content-type', 'image/jpeg');
    should(picture.subarray(0, 3).toString('hex')).equal('ffd8ff');
  });

  it('tells dialogs which cameras and channels it has heard of, also those that it is not for', async () => {
    await start({ in: { cameras: 'somebody else' } });
    const path = '/security-events/viewtron-in-cameras';
    should((await helper.request().get(path).expect(200)).body).eql([]);
    await flow.post(plate('SEEN 1'));
    await flow.post(plate('SEEN 2'));
    await flow.post(find('nvr-area-intruded').body);
    const { body: cameras } = await helper.request().get(path).expect(200);
    should(cameras).have.length(2);
    should(cameras[0]).eql({ id: '02:00:5e:30:00:01', name: 'Gate', ip: '127.0.0.1', channel: '1' });
    should(cameras[1]).have.properties(['id', 'name', 'channel']);
  });

  it('gives two nodes on one path events of their own', async () => {
    await start({ in: [{}, {}] });
    await flow.post(plate('SHARED'));
    const [[one], [two]] = await Promise.all([flow.wait(1, 'out-0-0'), flow.wait(1, 'out-1-0')]);
    should(one?.payload).deepEqual(two?.payload);
    should(one?.payload.raw).not.equal(two?.payload.raw);
  });

  it('takes every path with *, and leaves the paths of others to them', async () => {
    await start({ in: [{ path: '*' }, { path: '/API' }] });
    await flow.post(plate('API'));
    await flow.post(plate('OLD'), { path: '/SendAlarmData' });
    should((await flow.wait(1, 'out-0-0'))[0]?.payload.plate?.number).equal('OLD');
    should((await flow.wait(1, 'out-1-0'))[0]?.payload.plate?.number).equal('API');
  });

  it('says what it listens on, then the last event, then what it dropped and why', async () => {
    await start({ in: { minConfidence: '90' } });
    const texts = async (text: string): Promise<void> => {
      await flow.until((states) => states.some((state) => state.status?.text.includes(text)), 'states');
    };
    await texts('status.listening');
    await flow.post(plate('ABC123', '<vehicleListType>whiteList</vehicleListType><PlateConfidence count="9850"/>'));
    await texts('ABC123 · allow · 99 %');
    await flow.post(plate('BAD', '<PlateConfidence count="1000"/>'));
    await texts('status.dropped');
  });

  it('reads a post whose name is not UTF-8, and says so', async () => {
    await start();
    await flow.post(Buffer.from(plate('UMLAUT').replace('Gate', 'Tür'), 'latin1'));
    const [message] = await flow.wait(1);
    should(message?.payload.device.name).equal('T\ufffdr');
    should((await flow.wait(1, 'caught'))[0]?.error?.code).equal('xml-not-utf8');
  });
});

describe('viewtron-in that cannot work', () => {
  let flow: TestFlow;
  afterEach(() => flow.stop());

  const cases: readonly (readonly [string, FlowSettings, RegExp])[] = [
    ['a path that is none', { in: { path: 'API' } }, /path must begin with \//],
    ['a time zone that does not exist', { in: { timeZone: 'Mars/Olympus' } }, /time zone "Mars\/Olympus"/],
    ['a confidence over 100', { in: { minConfidence: '150' } }, /minimum confidence must be a number from 0 to 100/],
    ['an environment variable that is not set', { in: { trackingRate: '${NOT_SET}' } }, /\$\{NOT_SET\} is not set/],
    ['no listener', { in: { listener: 'f00f00f00f00f00f' } }, /no listener/],
    ['a listener with a port that is none', { listener: { port: '99999' } }, /port must be a number from 0 to 65535/],
  ];
  for (const [what, settings, message] of cases) {
    it(`says so in red and in a catchable error: ${what}`, async () => {
      flow = await TestFlow.start({ ...settings, listener: { port: '0', ...settings.listener } });
      const [caught] = await flow.wait(1, 'caught');
      should(caught?.error?.message).match(message);
      const states = await flow.wait(1, 'states');
      should(states[0]?.status?.fill).equal('red');
      should(states[0]?.status?.text).match(message);
    });
  }
});
