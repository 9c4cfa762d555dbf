/** The filter lets pass what the user chose, and names the first reason against the rest. */
import should from 'should';
import type { SecurityEvent } from '../../src/event';
import { findReason, splitList, type FilterSettings } from '../../src/filter';
import { makeEvent, openGate } from '../support/events';

function reason(event: SecurityEvent, settings: Partial<FilterSettings>): string | undefined {
  return findReason(event, { ...openGate, ...settings });
}

function plate(fields: Partial<NonNullable<SecurityEvent['plate']>> = {}): SecurityEvent {
  return makeEvent({
    category: 'plate',
    kind: 'plate-read',
    type: 'VEHICE',
    plate: { number: '007', ...fields },
    targets: [{ type: 'plate' }],
  });
}

describe('a list in a setting', () => {
  it('is split at commas, semicolons and line breaks, without what is empty', () => {
    should(splitList(' Gate cam, 192.0.2.41;;\r\n Recorder#4 ,')).deepEqual(['Gate cam', '192.0.2.41', 'Recorder#4']);
    should(splitList('')).be.empty();
    should(splitList(' , ;')).be.empty();
  });
});

describe('the category', () => {
  it('decides first', () => {
    const settings = { categories: new Set(['plate'] as const), cameras: ['nowhere'] };
    should(reason(makeEvent(), settings)).equal('category');
    should(reason(plate(), settings)).equal('camera');
  });

  it('lets nothing pass where none is chosen', () => {
    should(reason(makeEvent(), { categories: new Set() })).equal('category');
  });
});

describe('an alarm', () => {
  const detected = makeEvent({ category: 'alarm', kind: 'fire-detected', type: 'FIRE' });
  const state = makeEvent({
    category: 'alarm',
    kind: 'motion-alarm',
    type: 'motionAlarm',
    state: 'start',
    alarm: { name: 'motionAlarm', active: true },
  });

  it('that is detected is asked of the categories alone', () => {
    should(reason(detected, { alarmStates: false })).be.undefined();
    should(reason(detected, { categories: new Set(['plate'] as const) })).equal('category');
  });

  it('that starts or stops is asked of the choice for states alone', () => {
    should(reason(state, { categories: new Set() })).be.undefined();
    should(reason(state, { alarmStates: false })).equal('category');
  });

  it('of another category is asked of its own', () => {
    const tamper = { ...state, category: 'tamper', kind: 'image-blurred' } as const;
    should(reason(tamper, { alarmStates: false })).be.undefined();
    should(reason(tamper, { categories: new Set(['alarm'] as const) })).equal('category');
  });
});

describe('a silent device', () => {
  const silence = makeEvent({
    category: 'health',
    kind: 'device-offline',
    device: { id: '02:00:5e:10:00:60', name: 'Recorder' },
  });

  it('passes where silence is wanted, other health does not for that', () => {
    should(reason(silence, { categories: new Set() })).be.undefined();
    should(reason({ ...silence, kind: 'channel-offline' }, { categories: new Set() })).equal('category');
  });

  it('passes with all health where silence is not wanted on its own', () => {
    should(reason(silence, { silences: false })).be.undefined();
    should(reason(silence, { silences: false, categories: new Set(['plate'] as const) })).equal('category');
  });

  it('is wanted where one of its channels is', () => {
    should(reason(silence, { cameras: ['Recorder#4'] })).be.undefined();
    should(reason(silence, { cameras: ['Barn cam', '02:00:5e:10:00:60 # 4'] })).be.undefined();
    should(reason(silence, { cameras: ['Recorder 2#4', '#4'] })).equal('camera');
    should(reason({ ...silence, kind: 'channel-offline' }, { cameras: ['Recorder#4'] })).equal('camera');
  });
});

describe('the camera', () => {
  const device = {
    id: '02:00:5e:10:00:60',
    mac: '02:00:5e:10:00:60',
    name: 'Recorder 7',
    ip: '192.0.2.60',
    serial: 'DEMO00A1B2C3',
    channel: '4',
  };
  const event = makeEvent({ device });
  const wanted = [
    'Recorder 7',
    'RECORDER 7',
    '192.0.2.60',
    'demo00a1b2c3',
    '02:00:5e:10:00:60',
    '02-00-5E-10-00-60',
    '02005E100060',
    '0200.5e10.0060',
    'Recorder 7#4',
    'Recorder 7 # 4',
    '192.0.2.60#4',
    '02-00-5E-10-00-60#4',
  ];
  for (const camera of wanted) {
    it(`is found as ${camera}`, () => should(reason(event, { cameras: [camera] })).be.undefined());
  }

  for (const camera of [
    'Recorder',
    'Recorder 77',
    '192.0.2.6',
    '02:00:5e:10:00:6',
    'Recorder 7#5',
    'Recorder 7#40',
    'Recorder 7#',
    '#4',
    '#',
    '-',
    '.',
  ]) {
    it(`is not ${camera}`, () => should(reason(event, { cameras: [camera] })).equal('camera'));
  }

  it('is any of several, and any at all where none is named', () => {
    should(reason(event, { cameras: ['nowhere', 'Recorder 7'] })).be.undefined();
    should(reason(event, { cameras: [] })).be.undefined();
  });

  it('is of no channel where one is wanted', () => {
    const { channel: _channel, ...whole } = device;
    should(reason(makeEvent({ device: whole }), { cameras: ['Recorder 7#4'] })).equal('camera');
  });

  it('may have a # in its name, with and without a channel', () => {
    const named = makeEvent({ device: { id: 'x', name: 'Gate #2', channel: '3' } });
    should(reason(named, { cameras: ['Gate #2'] })).be.undefined();
    should(reason(named, { cameras: ['Gate #2#3'] })).be.undefined();
    should(reason(named, { cameras: ['Gate #2#2'] })).equal('camera');
    should(reason(named, { cameras: ['Gate#3'] })).equal('camera');
    should(
      reason(makeEvent({ device: { id: 'x', name: 'Gate', channel: '2' } }), { cameras: ['Gate #2'] }),
    ).be.undefined();
  });

  it('is found by its id alone', () => {
    should(reason(makeEvent({ device: { id: '192.0.2.41' } }), { cameras: ['192.0.2.41'] })).be.undefined();
  });
});

describe('the target type', () => {
  const person = makeEvent({ targets: [{ type: 'person' }] });

  it('is asked of each target: one that is wanted is enough', () => {
    const targetTypes = new Set(['person'] as const);
    should(reason(person, { targetTypes })).be.undefined();
    should(reason(makeEvent({ targets: [{ type: 'vehicle' }, { type: 'person' }] }), { targetTypes })).be.undefined();
    should(reason(makeEvent({ targets: [{ type: 'vehicle' }] }), { targetTypes })).equal('target type');
    should(reason(makeEvent({ targets: [{ type: 'unknown' }] }), { targetTypes })).equal('target type');
  });

  it('is not asked where there is no target', () => {
    should(reason(makeEvent(), { targetTypes: new Set() })).be.undefined();
  });

  for (const category of ['intrusion', 'counting', 'object', 'track', 'motion'] as const) {
    it(`is asked of ${category}`, () => {
      should(reason({ ...person, category }, { targetTypes: new Set() })).equal('target type');
    });
  }

  for (const category of [
    'face',
    'plate',
    'alarm',
    'health',
    'heartbeat',
    'tamper',
    'other',
    'access',
    'door',
    'config',
  ] as const) {
    it(`is not asked of ${category}`, () => {
      should(reason({ ...person, category }, { targetTypes: new Set() })).be.undefined();
    });
  }
});

describe('the plate list', () => {
  it('is one of the four words, in any letter case', () => {
    should(reason(plate({ list: 'allow', group: 'whiteList' }), { plateLists: ['Allow'] })).be.undefined();
    should(reason(plate({ list: 'block', group: 'blackList' }), { plateLists: ['allow'] })).equal('plate list');
  });

  it('is the name of a group, in any letter case', () => {
    should(reason(plate({ group: 'Staff' }), { plateLists: ['block', 'staff'] })).be.undefined();
    should(reason(plate({ group: 'Visitors' }), { plateLists: ['staff'] })).equal('plate list');
  });

  it('is none for a plate of no list', () => {
    should(reason(plate(), { plateLists: ['none'] })).be.undefined();
    should(reason(plate(), { plateLists: ['allow'] })).equal('plate list');
    should(reason(plate({ group: 'Staff' }), { plateLists: ['none'] })).equal('plate list');
    should(reason(plate({ list: 'allow', group: 'whiteList' }), { plateLists: ['none'] })).equal('plate list');
  });

  it('is none for a stranger too, who is on no list', () => {
    const stranger = plate({ list: 'stranger', group: 'strangerList' });
    should(reason(stranger, { plateLists: ['none'] })).be.undefined();
    should(reason(stranger, { plateLists: ['stranger'] })).be.undefined();
    should(reason(plate(), { plateLists: ['stranger'] })).equal('plate list');
  });

  it('is not asked of other categories', () => {
    should(reason(makeEvent(), { plateLists: ['allow'] })).be.undefined();
  });
});

describe('the confidence of a plate', () => {
  it('is enough from the limit on', () => {
    should(reason(plate({ confidence: 80 }), { minConfidence: 80 })).be.undefined();
    should(reason(plate({ confidence: 79.99 }), { minConfidence: 80 })).equal('confidence');
  });

  it('is not asked where the device does not say it', () => {
    should(reason(plate(), { minConfidence: 100 })).be.undefined();
  });
});

describe('the direction of a plate', () => {
  it('is the one that is wanted, and known', () => {
    should(reason(plate({ direction: 'approach' }), { direction: 'approach' })).be.undefined();
    should(reason(plate({ direction: 'away' }), { direction: 'approach' })).equal('direction');
    should(reason(plate(), { direction: 'approach' })).equal('direction');
  });

  it('is any where none is wanted', () => {
    for (const direction of ['approach', 'away'] as const)
      should(reason(plate({ direction }), { direction: '' })).be.undefined();
    should(reason(plate(), { direction: '' })).be.undefined();
  });
});

describe('a plate that could not be read', () => {
  const unread = makeEvent({ category: 'plate', kind: 'plate-unread', type: 'VEHICE' });

  it('passes where plates are not filtered', () => {
    should(reason(unread, {})).be.undefined();
  });

  it('is on no list that opens a gate', () => {
    should(reason(unread, { plateLists: ['allow'] })).equal('plate list');
  });

  it('has no direction that opens a gate', () => {
    should(reason(unread, { direction: 'approach' })).equal('direction');
  });
});
