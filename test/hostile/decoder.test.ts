/** Single posts that were found to confuse the decoder. */
import should from 'should';
import { findForbidden, receiveAndJudge } from './judge';

function config(content: string): Buffer {
  return Buffer.from(`<config version="1.7" xmlns="http://www.ipc.com/ver10">${content}</config>`);
}

/** The smallest bytes that begin as a JPEG and say a size. */
function jpegOfSize(width: number, height: number): string {
  const frame = Buffer.from('ffd8ffe000020000ffc0001108000000000300', 'hex').subarray(0, 6);
  const header = Buffer.alloc(19);
  header.write('ffc00011080000000003', 'hex');
  header.writeUInt16BE(height, 5);
  header.writeUInt16BE(width, 7);
  return Buffer.concat([frame, header]).toString('base64');
}

describe('the Viewtron decoder', () => {
  for (const root of [':', 'a:', '_:']) {
    it(`takes <${root}> as the name of a root without an empty type`, () => {
      receiveAndJudge(Buffer.from(`<${root}><a>1</a></${root}>`));
    });
  }

  for (const [name, value] of [
    ['enterPersonCount', '1.5'],
    ['leaveCarCount', '0.25'],
    ['existBikeCount', '-3.5'],
  ] as const) {
    it(`takes ${name} ${value} without an event that the schema refuses`, () => {
      receiveAndJudge(config(`<smartType>TRAFFIC</smartType><traffic><${name}>${value}</${name}></traffic>`));
    });
  }

  for (const [width, height] of [
    [0, 10],
    [10, 0],
    [0, 0],
  ] as const) {
    it(`takes a JPEG of ${width} x ${height} pixels without an image that the schema refuses`, () => {
      const body = config(
        `<smartType>PEA</smartType><sourceDataInfo><sourceBase64Data>${jpegOfSize(width, height)}</sourceBase64Data></sourceDataInfo>`,
      );
      const { events } = receiveAndJudge(body, { pictures: 'buffer' });
      should(events[0]?.images).have.length(1);
    });
  }

  it('takes an attribute of the alarm block for no alarm', () => {
    const { events } = receiveAndJudge(
      config(
        '<alarmStatusInfo type="list" count="1"><motionAlarm type="boolean" id="1">true</motionAlarm></alarmStatusInfo>',
      ),
    );
    should(events.map(({ alarm }) => alarm?.name)).deepEqual(['motionAlarm']);
  });

  it('takes text of the alarm block for no alarm', () => {
    const { events } = receiveAndJudge(config('<alarmStatusInfo>1<motionAlarm>true</motionAlarm></alarmStatusInfo>'));
    should(events.map(({ alarm }) => alarm?.name)).deepEqual(['motionAlarm']);
  });

  it('shows a picture once, where its own text is the name that another picture was given', () => {
    const photo = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(600)]).toString('base64');
    const body = config(
      `<smartType>VSD</smartType><sourceDataInfo><sourceBase64Data>${photo}</sourceBase64Data></sourceDataInfo>` +
        '<targetListInfo><item><targetId>1</targetId><targetImageData><targetBase64Data>#picture:0</targetBase64Data>' +
        '</targetImageData></item></targetListInfo>',
    );
    const { events } = receiveAndJudge(body, { pictures: 'buffer' });
    should(events[0]?.images.map(({ role }) => role)).deepEqual(['scene']);
  });

  for (const body of ['\0', '\x02\x03', '\x1a']) {
    it(`takes ${JSON.stringify(body)} for no heartbeat`, () => {
      should(receiveAndJudge(Buffer.from(body)).error?.code).equal('xml-not-xml');
    });
  }

  for (const body of ['', ' ', '\r\n', '\t \r\n']) {
    it(`takes ${JSON.stringify(body)} for a heartbeat`, () => {
      should(receiveAndJudge(Buffer.from(body)).events[0]?.category).equal('heartbeat');
    });
  }

  const nasty = ['__proto__', 'constructor', 'prototype', 'x:__proto__', 'x:constructor'];
  for (const name of nasty) {
    for (const [about, body] of [
      ['root', `<${name}><polluted>1</polluted></${name}>`],
      ['element', `<config><${name}><polluted>1</polluted></${name}></config>`],
      ['empty element', `<config><a/><${name}/></config>`],
      ['element of an unknown block', `<config><smartType>PEA</smartType><b><${name}>1</${name}></b></config>`],
    ] as const) {
      it(`refuses ${name} as the name of a ${about}`, () => {
        const { error, events } = receiveAndJudge(Buffer.from(body));
        should(error?.code).equal('xml-bad-name');
        should(events).be.empty();
        should(Reflect.get({}, 'polluted')).be.undefined();
      });
    }

    it(`passes ${name} as the name of an attribute on under no name that harms`, () => {
      const { events, error } = receiveAndJudge(
        Buffer.from(`<config ${name}="1"><a ${name}="polluted">1</a></config>`),
      );
      should(events.length > 0 || error !== undefined).equal(true);
      should(findForbidden(events)).be.undefined();
    });
  }

  for (const name of [
    'toString',
    'valueOf',
    'hasOwnProperty',
    'toJSON',
    'then',
    'length',
    'isPrototypeOf',
    '__defineGetter__',
  ]) {
    it(`takes <${name}> as one more element`, () => {
      const { events } = receiveAndJudge(config(`<${name}>1</${name}><smartType>${name}</smartType>`));
      should(events).have.length(1);
      should(events[0]?.category).equal('other');
    });
  }

  for (const [about, text] of [
    ['a control character', '&#1;'],
    ['half a letter', '&#xD800;'],
    ['a number beyond all letters', '&#1114112;'],
    ['a number of many digits', `&#${'9'.repeat(50)};`],
    ['an entity that nobody declared', '&nothing;'],
  ] as const) {
    it(`does not throw for ${about}`, () => {
      receiveAndJudge(config(`<deviceName>${text}</deviceName>`));
    });
  }
});
