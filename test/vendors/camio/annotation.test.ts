/** Events of any vendor as annotations of Camio's video: what is sent, and what is missing where nothing can be. */
import should from 'should';
import { deviceIdOf, toPacsDevices, toPacsEvent } from '../../../src/vendors/camio/annotation';
import { receive } from '../../../src/vendors/pdk/receive';
import { makeEvent, startMs } from '../../support/events';
import { readSamples, toPost } from '../../support/samples';

const time = new Date(startMs).toISOString();
const door = { id: '14', name: 'Loading dock' };
const device = { id: '20417AC', serial: '20417AC' };

const granted = makeEvent({
  vendor: 'pdk',
  category: 'access',
  kind: 'access-granted',
  device,
  door,
  person: { id: '3107', name: 'Sam Rivera' },
});

describe('an event as an annotation', () => {
  it('has the door, the time, who it was, and what the video is to be found by', () => {
    should(toPacsEvent(granted, ['visitors'])).deepEqual({
      device_id: '20417AC/14',
      timestamp: time,
      event_type: 'Entry Unlocked',
      actor_name: 'Sam Rivera',
      actor_id: '3107',
      labels: ['pdk', 'access-granted', 'Loading dock', 'visitors'],
    });
  });

  for (const [kind, state, expected] of [
    ['access-granted', undefined, 'Entry Unlocked'],
    ['access-duress', undefined, 'Entry Unlocked'],
    ['access-denied', undefined, 'Entry Denied'],
    ['credential-unknown', undefined, 'Entry Denied'],
    ['door-forced', 'start', 'Forced Open'],
    ['door-forced', 'stop', 'Forced Open Ended'],
    ['door-propped', 'start', 'Entry Ajar'],
    ['door-propped', 'stop', 'Entry Ajar Ended'],
    ['door-open', 'start', 'Entry Opened'],
    ['door-open', 'stop', 'Entry Closed'],
    ['line-crossed', undefined, 'Line Crossed'],
  ] as const) {
    it(`is called "${expected}" for ${kind} ${state ?? ''}`, () => {
      const event = toPacsEvent({ ...granted, kind, ...(state && { state }) });
      should(event.event_type).equal(expected);
      should(event.labels).containEql(kind);
      if (state !== undefined) should(event.labels).containEql(`${kind}.${state}`);
    });
  }

  it('can be made of every PDK event', () => {
    const samples = readSamples('pdk').map(toPost);
    for (const post of samples) {
      const [event] = receive(post).events;
      const made = toPacsEvent(event);
      should(made.device_id).not.be.empty();
      should(Date.parse(String(made.timestamp))).be.above(0);
      should(JSON.stringify(made)).not.containEql('null');
    }
  });

  it('of a camera has the camera, and its channel, in the place of the door', () => {
    should(deviceIdOf(makeEvent())).equal('02:00:5e:10:00:41');
    should(deviceIdOf(makeEvent({ device: { id: 'nvr', channel: '4' } }))).equal('nvr/4');
  });

  it("may be written in Camio's own words, and is sent without nulls and blanks", () => {
    const own = {
      device_id: 12,
      timestamp: 1_930_000_123_456,
      event_type: ' Entry Unlocked ',
      actor_name: null,
      actor_email: 'sam@example.com',
      labels: ['Normal Entry', null, '', 'Normal Entry', 7],
    };
    should(toPacsEvent(own)).deepEqual({
      device_id: '12',
      timestamp: 1_930_000_123_456,
      event_type: 'Entry Unlocked',
      actor_email: 'sam@example.com',
      labels: ['Normal Entry'],
    });
    should(toPacsEvent({ device_id: 'a', timestamp: new Date(startMs), labels: 'one' })).deepEqual({
      device_id: 'a',
      timestamp: time,
      labels: ['one'],
    });
  });

  for (const [what, payload, place] of [
    ['nothing', undefined, 'payload'],
    ['a text', 'door', 'payload'],
    ['an object of something else', { temperature: 7 }, 'payload'],
    ['an event without a device', { kind: 'door-open', time }, 'payload'],
    ['an event without a time', { ...granted, time: undefined }, 'time'],
    ['a time without a zone', { device_id: 'a', timestamp: '2026-03-01T12:00:00', event_type: 'x' }, 'timestamp'],
    ['a time in seconds', { device_id: 'a', timestamp: 1_930_000_123, event_type: 'x' }, 'timestamp'],
    ['a time that is none', { device_id: 'a', timestamp: '2026-03-99T12:00:00Z', event_type: 'x' }, 'timestamp'],
    ['no time', { device_id: 'a', event_type: 'x' }, 'timestamp'],
    ['a door that is no word', { device_id: {}, timestamp: time, event_type: 'x' }, 'device_id'],
    ['nothing that describes it', { device_id: 'a', timestamp: time }, 'payload'],
  ] as const) {
    it(`cannot be made of ${what}, and says what is missing`, () => {
      should(() => toPacsEvent(payload)).throw({ code: 'annotation-incomplete', retryable: false, place });
    });
  }
});

describe('the list of doors', () => {
  it('is made of events, of doors and of pairs of id and name, each door once', () => {
    const list = [
      granted,
      granted,
      { device_id: 'roof', device_name: 'Roof' },
      { id: 7, name: 'Gate' },
      { id: '8' },
      { ...granted, door: { id: '15' } },
    ];
    should(toPacsDevices(list)).deepEqual([
      { device_id: '20417AC/14', device_name: 'Loading dock' },
      { device_id: 'roof', device_name: 'Roof' },
      { device_id: '7', device_name: 'Gate' },
      { device_id: '8', device_name: '8' },
      { device_id: '20417AC/15', device_name: '20417AC/15' },
    ]);
    should(toPacsDevices(granted)).have.length(1);
  });

  it('keeps the last name that a door had', () => {
    const list = [{ id: 'a', name: 'Old' }, { id: 'a', name: 'New' }, { id: 'a' }];
    should(toPacsDevices(list)).deepEqual([{ device_id: 'a', device_name: 'New' }]);
  });

  it('is never posted empty, and never with a door that has no id', () => {
    should(() => toPacsDevices([])).throw({ code: 'devices-empty' });
    should(() => toPacsDevices([{ id: 'a' }, { name: 'b' }])).throw({
      code: 'annotation-incomplete',
      place: 'payload[1]',
    });
    should(() => toPacsDevices('doors')).throw({ code: 'annotation-incomplete' });
  });
});
