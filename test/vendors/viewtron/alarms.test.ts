/** Alarm states are the elements of the status block, in every form in which they are written. */
import should from 'should';
import { receive } from '../../../src/vendors/viewtron/receive';
import { makePost, openOptions, wrapConfig } from '../../support/events';

type AlarmInShort = readonly [type: string, state: string | undefined, id: string | undefined];

function alarmsOf(content: string, attributes = ''): readonly AlarmInShort[] {
  const body = wrapConfig(`<alarmStatusInfo${attributes}>${content}</alarmStatusInfo>`);
  return receive(makePost(body), openOptions).events.map(({ type, state, alarm }) => [type, state, alarm?.id]);
}

describe('alarm states', () => {
  it('are one element, several of one name, or items in it', () => {
    should(alarmsOf('<motionAlarm id="1">true</motionAlarm>')).deepEqual([['motionAlarm', 'start', '1']]);
    should(alarmsOf('<motionAlarm id="1">false</motionAlarm><motionAlarm id="2">true</motionAlarm>')).deepEqual([
      ['motionAlarm', 'stop', '1'],
      ['motionAlarm', 'start', '2'],
    ]);
    should(alarmsOf('<perimeterAlarm><item id="3">true</item></perimeterAlarm>')).deepEqual([
      ['perimeterAlarm', 'start', '3'],
    ]);
  });

  it('are not the element that declares their type', () => {
    const list =
      '<sensorAlarmIn type="list" count="2"><itemType type="boolean"/><item id="1">false</item><item id="2">true</item></sensorAlarmIn>';
    should(alarmsOf(list)).deepEqual([
      ['sensorAlarmIn', 'stop', '1'],
      ['sensorAlarmIn', 'start', '2'],
    ]);
  });

  it('are not the attributes of the block', () => {
    should(alarmsOf('<motionAlarm>true</motionAlarm>', ' type="list" count="1"')).deepEqual([
      ['motionAlarm', 'start', undefined],
    ]);
    should(alarmsOf('<motionAlarm>false</motionAlarm>', ' enabled="true"')).deepEqual([
      ['motionAlarm', 'stop', undefined],
    ]);
  });

  it('are not stray text in the block', () => {
    should(alarmsOf('1<motionAlarm>true</motionAlarm>')).deepEqual([['motionAlarm', 'start', undefined]]);
  });

  it('are said in any letter case, in CDATA, or as digits', () => {
    for (const on of ['TRUE', 'True', '<![CDATA[true]]>', ' true ', '1']) {
      should(alarmsOf(`<motionAlarm>${on}</motionAlarm>`)).deepEqual([['motionAlarm', 'start', undefined]]);
    }
  });

  it('are without a state where the value is neither yes nor no', () => {
    const mixed =
      '<motionAlarm id="1">true</motionAlarm><temperatureAlarm type="string" id="2">high</temperatureAlarm>';
    should(alarmsOf(mixed)).deepEqual([
      ['motionAlarm', 'start', '1'],
      ['temperatureAlarm', undefined, '2'],
    ]);
    const { events } = receive(
      makePost(wrapConfig('<alarmStatusInfo><chlOfflineAlarm id="3">2</chlOfflineAlarm></alarmStatusInfo>')),
      openOptions,
    );
    should(events).have.length(1);
    should(events[0]).containDeep({ category: 'health', kind: 'channel-offline' });
    should(events[0]?.state).be.undefined();
    should(events[0]?.health).be.undefined();
    should(events[0]?.alarm).deepEqual({ name: 'chlOfflineAlarm', id: '3' });
  });

  it('are an other event where none can be read, so that no post vanishes', () => {
    for (const content of ['', '<motionAlarm/>', '<motionAlarm> </motionAlarm><sensorAlarm/>']) {
      const { events } = receive(makePost(wrapConfig(`<alarmStatusInfo>${content}</alarmStatusInfo>`)), openOptions);
      should(events.map(({ category }) => category)).deepEqual(['other']);
    }
  });
});
