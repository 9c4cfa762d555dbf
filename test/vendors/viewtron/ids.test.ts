/** An event's id survives a second delivery, and no two different events share one. */
import should from 'should';
import type { Post } from '../../../src/http/receiver';
import { receive } from '../../../src/vendors/viewtron/receive';
import { makeJpeg, makePost, openOptions, startMs, wrapConfig } from '../../support/events';
import { defaultOptions, readSamples, toPost } from '../../support/samples';

const picture = makeJpeg(32, 24).toString('base64');
const laterMs = startMs + 20_000;
const time = '<currentTime>1927857906123456</currentTime>';

function idsOf(content: string, fields: Partial<Post> = {}): readonly string[] {
  return receive(makePost(wrapConfig(content), fields), openOptions).events.map((event) => event.id);
}

function differ(one: string, other: string, fields: Partial<Post> = {}): void {
  const ids = [...idsOf(one), ...idsOf(other, fields)];
  should(new Set(ids).size).equal(ids.length);
}

function same(one: string, other = one, fields: Partial<Post> = { receivedAt: laterMs }): void {
  should(idsOf(one)).not.be.empty();
  should(idsOf(other, fields)).deepEqual(idsOf(one));
}

function intrusion(eventId: number, targetId: number, when = time, status = 'SMART_START'): string {
  return `<smartType>AOIENTRY</smartType>${when}<iveAoiEntry><aoiInfo><item><eventId>${eventId}</eventId><targetId>${targetId}</targetId><status>${status}</status></item></aoiInfo></iveAoiEntry>`;
}

function plate(number: string, when = time): string {
  return `<smartType>VEHICE</smartType>${when}<listInfo><item><vehiceId>12</vehiceId><plateNumber>${number}</plateNumber></item></listInfo>`;
}

function alarm(state: boolean, when = '<dataTime>2031-02-03 04:05:06</dataTime>', id = 1): string {
  return `<deviceInfo><macAddress>02:00:5e:10:00:41</macAddress></deviceInfo>${when}<alarmStatusInfo><motionAlarm id="${id}">${state}</motionAlarm></alarmStatusInfo>`;
}

function traject(x1: number, when = time): string {
  return `${when}<traject><item><targetId>7</targetId><rect><x1>${x1}</x1><y1>10</y1><x2>900</x2><y2>900</y2></rect></item></traject>`;
}

describe('the id of a post that is sent again', () => {
  const posts: Readonly<Record<string, string>> = {
    detection: intrusion(1, 2),
    plate: plate('007'),
    'alarm state': alarm(true),
    tracking: traject(100),
    'other message': `<news>1</news>${time}`,
  };
  for (const [what, content] of Object.entries(posts)) {
    it(`is the same: ${what}`, () => same(content));
  }

  it('is the same for every golden sample that says when it happened', () => {
    for (const sample of readSamples('viewtron')) {
      const post = toPost(sample);
      const options = { ...defaultOptions, ...sample.options };
      const { events } = receive(post, options);
      if (events.some(({ timeSource }) => timeSource === 'received')) continue;
      const ids = events.map((event) => event.id);
      const again = receive({ ...post, receivedAt: post.receivedAt + 20_000 }, options).events.map((event) => event.id);
      should(again).deepEqual(ids, sample.name);
    }
  });

  it('does not depend on what the node wants of pictures, or on its time zone', () => {
    const post = makePost(
      wrapConfig(
        `${intrusion(1, 2, '')}<sourceDataInfo><sourceBase64Data>${picture}</sourceBase64Data></sourceDataInfo>`,
      ),
    );
    const ids = (['none', 'buffer', 'base64', 'data-url'] as const).map(
      (pictures) => receive(post, { pictures, timeZone: 'Asia/Kathmandu', dateOrder: 'day-first' }).events[0]?.id,
    );
    should(new Set(ids).size).equal(1);
  });

  it('is the same from another address of a device that says its MAC', () => {
    same(alarm(true), alarm(true), { address: '198.51.100.7', receivedAt: laterMs });
  });
});

describe('the ids of different events', () => {
  it('differ by time', () => {
    differ(intrusion(1, 2), intrusion(1, 2, '<currentTime>1927857906123457</currentTime>'));
    differ(plate('007'), plate('007', '<currentTime>1927857907123456</currentTime>'));
    differ(alarm(true), alarm(true, '<dataTime>2031-02-03 04:05:07</dataTime>'));
  });

  it('differ by event, target and status', () => {
    differ(intrusion(1, 2), intrusion(1, 3));
    differ(intrusion(1, 2), intrusion(2, 2));
    differ(intrusion(1, 2), intrusion(1, 2, time, 'SMART_STOP'));
    differ(intrusion(1, 23), intrusion(12, 3));
    const listed = (id: number): string =>
      `<smartType>AOIENTRY</smartType>${time}<listInfo><item><targetId>${id}</targetId></item></listInfo>`;
    differ(listed(11), listed(12));
  });

  it('differ by plate', () => differ(plate('007'), plate('7')));

  it('differ by the state, number and name of the alarm', () => {
    differ(alarm(true), alarm(false));
    differ(alarm(true), alarm(true, undefined, 2));
    differ(alarm(true), alarm(true).replaceAll('motionAlarm', 'sensorAlarm'));
  });

  it('differ by position in tracking', () => differ(traject(100), traject(101)));

  it('differ by device and by channel', () => {
    const from = (device: string): string => `<deviceInfo>${device}</deviceInfo>${intrusion(1, 2)}`;
    differ(from('<mac>02:00:5e:10:00:41</mac>'), from('<mac>02:00:5e:10:00:42</mac>'));
    differ(
      from('<mac>02:00:5e:10:00:41</mac><channelId>1</channelId>'),
      from('<mac>02:00:5e:10:00:41</mac><channelId>2</channelId>'),
    );
    differ(intrusion(1, 2), intrusion(1, 2), { address: '192.0.2.42' });
  });

  it('differ between the kinds of post of one instant', () => {
    const ids = [intrusion(1, 2), plate('007'), traject(100), alarm(true, time)].flatMap((content) => idsOf(content));
    should(new Set(ids).size).equal(4);
  });

  it('differ within one post, also where its items have no ids', () => {
    const items = [1000, 2000]
      .map((x) => `<item><rect><x1>${x}</x1><y1>10</y1><x2>9000</x2><y2>9000</y2></rect></item>`)
      .join('');
    const ids = idsOf(`<smartType>regionIntrusion</smartType>${time}<eventInfo>${items}</eventInfo>`);
    should(ids).have.length(2);
    should(new Set(ids).size).equal(2);
  });

  it('differ between faces of one post', () => {
    const ids = idsOf(
      `<smartType>VFD</smartType>${time}<listInfo><item><age>young</age></item><item><age>old</age></item></listInfo>`,
    );
    should(new Set(ids).size).equal(2);
  });

  it('differ between two exceptions of one event of a camera', () => {
    const items = ['clarityAbnormal', 'colorAbnormal']
      .map((type) => `<item><eventId>1</eventId><alarmType>${type}</alarmType></item>`)
      .join('');
    const ids = idsOf(`<smartType>AVD</smartType>${time}<listInfo>${items}</listInfo>`);
    should(new Set(ids).size).equal(2);
  });
});

describe('the id of a post without a time', () => {
  const scene = `<sourceDataInfo><sourceBase64Data>${picture}</sourceBase64Data></sourceDataInfo>`;
  const another = `<sourceDataInfo><sourceBase64Data>${makeJpeg(32, 25).toString('base64')}</sourceBase64Data></sourceDataInfo>`;

  it('is told by the ids of its event', () => {
    same(intrusion(1, 2, ''));
    differ(intrusion(1, 2, ''), intrusion(1, 3, ''), { receivedAt: laterMs });
  });

  it('is told by its picture where it has no ids', () => {
    same(`<smartType>MOTION</smartType>${scene}`);
    differ(`<smartType>MOTION</smartType>${scene}`, `<smartType>MOTION</smartType>${another}`);
  });

  it('is one of its own each time where nothing tells it: an alarm told twice is better than one lost', () => {
    for (const content of ['<smartType>SENSOR</smartType>', alarm(true, ''), traject(100, ''), '<news>1</news>']) {
      differ(content, content, { receivedAt: laterMs });
    }
  });

  it('is one of its own where only the name of a block and a status are said', () => {
    const corners =
      '<item><point><x>1</x><y>1</y></point></item><item><point><x>9</x><y>1</y></point></item><item><point><x>9</x><y>9</y></point></item>';
    const content = `<smartType>PEA</smartType><perimeter><perInfo><item><status>SMART_START</status><boundary>${corners}</boundary></item></perInfo></perimeter>`;
    differ(content, content, { receivedAt: laterMs });
  });

  it('is one of its own for a face without an id', () => {
    const content = '<smartType>VFD</smartType><listInfo><item><age>young</age></item></listInfo>';
    differ(content, content, { receivedAt: laterMs });
  });

  it('is told by its picture for a face without an id', () => {
    const face = '<smartType>VFD</smartType><listInfo><item><age>young</age></item></listInfo>';
    same(face + scene);
    differ(face + scene, face + another, { receivedAt: laterMs });
  });

  it('is one of its own for every heartbeat', () => {
    const ids = [startMs, laterMs].flatMap((receivedAt) =>
      receive(makePost('', { receivedAt }), openOptions).events.map((event) => event.id),
    );
    should(new Set(ids).size).equal(2);
  });
});

describe('the id of a post whose time is not believed', () => {
  const times = ['0', '18445822972087551616', '1', 'now', `${(startMs - 8 * 366 * 86_400_000) * 1000}`];
  for (const digits of times) {
    const when = `<currentTime>${digits}</currentTime>`;
    it(`is that of a post without one: ${digits}`, () => {
      for (const content of [`<smartType>MOTION</smartType>${when}`, alarm(true, when), traject(100, when)]) {
        differ(content, content, { receivedAt: laterMs });
      }
      differ(alarm(true, when), alarm(false, when), { receivedAt: laterMs });
      same(intrusion(1, 2, when));
      differ(intrusion(1, 2, when), intrusion(1, 3, when));
    });
  }

  it('is told by nothing that a device writes where it has no number: zeros', () => {
    const zeros = intrusion(0, 0, '<currentTime>0</currentTime>').replace(
      '</item>',
      '<rect><x1>0</x1><y1>0</y1><x2>0</x2><y2>0</y2></rect></item>',
    );
    differ(zeros, zeros, { receivedAt: laterMs });
  });

  it('is told by the place of its target', () => {
    const at = (x: number): string =>
      `<smartType>PEA</smartType><perimeter><perInfo><item><rect><x1>${x}</x1><y1>700</y1><x2>${x + 500}</x2><y2>8100</y2></rect></item></perInfo></perimeter>`;
    same(at(1000));
    differ(at(1000), at(2000));
  });

  it('is told apart within one millisecond by what differs', () => {
    differ('<smartType>MOTION</smartType><a>1</a>', '<smartType>MOTION</smartType><a>2</a>');
  });
});

describe('the id of a post whose time has whole seconds', () => {
  const when = `<currentTime>${startMs / 1000}</currentTime>`;
  const listed = (id: number, x = 1): string =>
    `<smartType>AOIENTRY</smartType>${when}<listInfo><item><targetId>${id}</targetId><rect><x1>${x}</x1><y1>1</y1><x2>900</x2><y2>900</y2></rect></item></listInfo>`;

  it('is the same when it is sent again', () => {
    for (const content of [listed(11), alarm(true), alarm(true, when), `<smartType>MOTION</smartType>${when}`])
      same(content);
  });

  it('differs for two targets of one second, and for two places of one', () => {
    differ(listed(11), listed(12));
    differ(listed(11), listed(11, 2));
  });

  it('differs where anything in the post does', () => {
    differ(
      `<smartType>MOTION</smartType>${when}<relativeTime>1</relativeTime>`,
      `<smartType>MOTION</smartType>${when}<relativeTime>2</relativeTime>`,
    );
  });
});

describe('two alarms of one post that differ in nothing', () => {
  it('have ids of their own', () => {
    const ids = idsOf(
      `<alarmStatusInfo><motionAlarm>true</motionAlarm><motionAlarm>true</motionAlarm></alarmStatusInfo>${time}`,
    );
    should(new Set(ids).size).equal(2);
  });
});

describe('a name or an id that is longer than any', () => {
  const long = 'n'.repeat(1001);
  const read = (content: string) => receive(makePost(wrapConfig(content)), openOptions).events[0];

  it('of a device stays in raw alone: it is kept as a key, and costs as much as the post has letters', () => {
    const event = read(
      `<deviceName>${long}</deviceName><sn>${long}</sn><channelId>${long}</channelId><ip>${long}</ip>${intrusion(1, 2)}`,
    );
    should(event?.device).deepEqual({ id: '192.0.2.41', ip: '192.0.2.41' });
    should(JSON.stringify(event?.raw)).match(/n{1001}/);
    should(read(`<sn>${long.slice(1)}</sn>${intrusion(1, 2)}`)?.device).have.property('serial', long.slice(1));
  });

  it('of a target stays in raw alone', () => {
    const targets = [traject(100), plate('007'), intrusion(1, 2)].map(
      (content) => read(content.replace(/(?<=<(?:targetId|vehiceId)>)\d+/g, long))?.targets[0],
    );
    for (const target of targets) should(target).not.have.property('id');
  });
});
