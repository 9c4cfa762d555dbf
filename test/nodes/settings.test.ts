/** The saved settings of a viewtron-in node, as they were meant when they were saved. */
import should from 'should';
import { readSettings, type ViewtronInSettings } from '../../nodes/viewtron/settings';
import type { SecurityEvent } from '../../src/event';
import { findReason } from '../../src/filter';
import { makeEvent } from '../support/events';

function read(fields: Readonly<Record<string, unknown>>): ViewtronInSettings {
  return readSettings({ id: 'x', type: 'viewtron-in', z: 'y', listener: 'z', name: '', ...fields });
}

const fire = makeEvent({ category: 'alarm', kind: 'fire-detected', type: 'FIRE' });
const state = makeEvent({ category: 'alarm', kind: 'motion-alarm', alarm: { name: 'motionAlarm', active: true } });
const channel = makeEvent({ category: 'health', kind: 'channel-offline' });
const silence = makeEvent({ category: 'health', kind: 'device-offline' });

function passes(event: SecurityEvent, fields: Readonly<Record<string, unknown>>): boolean {
  return findReason(event, read(fields)) === undefined;
}

describe('alarms that are detected', () => {
  it('have a tick of their own, and no other setting acts on them', () => {
    for (const alarmStates of [true, false]) {
      should(passes(fire, { categories: ['alarm'], alarmStates })).be.true();
      should(passes(fire, { categories: ['plate'], alarmStates })).be.false();
    }
  });

  it('pass where nothing was chosen', () => {
    should(passes(fire, {})).be.true();
    should(passes(fire, { alarmStates: false })).be.true();
  });
});

describe('alarm states', () => {
  it('pass by their own setting alone', () => {
    for (const categories of [['alarm'], ['plate']]) {
      should(passes(state, { categories, alarmStates: true })).be.true();
      should(passes(state, { categories, alarmStates: false })).be.false();
    }
  });
});

describe('device health', () => {
  it('that is not ticked stays away, but for silence while the node watches', () => {
    should(passes(silence, { categories: ['plate'] })).be.true();
    should(passes(channel, { categories: ['plate'] })).be.false();
    should(passes(silence, { categories: ['plate'], watchMisses: 0 })).be.false();
    should(passes(channel, { categories: ['health'], watchMisses: 0 })).be.true();
  });
});

describe('what has no output', () => {
  it('does not pass', () => {
    const split = { categories: ['alarm', 'health', 'plate'], split: true };
    for (const event of [fire, state, channel, silence]) {
      should(passes(event, { ...split, outputCategories: ['plate'] })).be.false();
      should(passes(event, { ...split, outputCategories: ['plate', 'alarm', 'health'] })).be.true();
    }
  });
});
