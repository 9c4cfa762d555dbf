/** Which topics a node wants, and what the words of generation 2.0 mean. */
import should from 'should';
import { topicGroups } from '../../../src/vendors/pdk/catalogue';
import { createTopicFilter, meaningOf, splitByFamily, toFirstWords } from '../../../src/vendors/pdk/topics';

const topics = topicGroups.flatMap((group) => group.topics.map(([topic]) => topic));
const chosen = (...patterns: readonly string[]): readonly string[] => topics.filter(createTopicFilter(patterns));

describe('the choice of topics', () => {
  it('takes topics by name, and nothing that only begins alike', () => {
    should(chosen('door.alarm.forced')).deepEqual(['door.alarm.forced']);
    should(chosen()).be.empty();
    should(chosen('door')).be.empty();
  });

  it('takes * for anything, wherever it stands', () => {
    should(chosen('*')).deepEqual(topics);
    should(chosen('door.request.*')).have.length(6);
    should(chosen('*.created').length).equal(6);
    should(chosen('door.*.on')).deepEqual(topics.filter((topic) => /^door\..*\.on$/.test(topic)));
    should(chosen('*door*forced*')).deepEqual(['door.alarm.forced', 'door.alarm.forced.cleared']);
    should(chosen('door.alarm.forced*.cleared')).deepEqual(['door.alarm.forced.cleared']);
    should(chosen('panel.*')).have.length(5);
  });

  it('takes an unknown topic where a pattern says so', () => {
    should(createTopicFilter(['*'])('never.heard.of')).be.true();
    should(createTopicFilter(['never.*'])('never.heard.of')).be.true();
    should(createTopicFilter(['door.*'])('never.heard.of')).be.false();
  });

  it('takes the words of 2.0 for those of 1.0', () => {
    const wants = createTopicFilter(['door.request.*', 'panel.disconnected']);
    for (const topic of ['device.request.allowed', 'device.request.ecard.denied', 'cloudnode.disconnected']) {
      should(wants(topic)).be.true(topic);
    }
    should(wants('device.alarm.forced')).be.false();
  });

  it('needs no time for a pattern that was made to need it', () => {
    const start = process.cpuUsage();
    should(createTopicFilter([`${'*a'.repeat(500)}*b`])('a'.repeat(100_000))).be.false();
    should(process.cpuUsage(start).user / 1000).be.below(500);
  });
});

describe('the words of generation 2.0', () => {
  for (const [now, before] of [
    ['device.request.allowed', 'door.request.allowed'],
    ['device.created', 'notification.device.created'],
    ['holder.updated', 'notification.person.updated'],
    ['controller.alarm.comloss.on', 'endpoint.alarm.comloss.on'],
    ['cloudnode.connected', 'panel.connected'],
    ['organization.updated', 'ou.updated'],
    ['permission.created', 'permission.created'],
    ['floorgroup.activated', 'floorgroup.activated'],
  ] as const) {
    it(`${now} is ${before}`, () => {
      should(toFirstWords(now)).equal(before);
      should(meaningOf(now)).deepEqual(meaningOf(before));
      should(meaningOf(now)).not.be.undefined();
    });
  }

  it('that nobody has explained mean nothing yet', () => {
    should(meaningOf('device.brand.new')).be.undefined();
    should(meaningOf('toString')).be.undefined();
    should(meaningOf('__proto__')).be.undefined();
  });
});

describe('the topics for a subscription', () => {
  it('come by family, written out, each once', () => {
    const { panel, organization, unknown } = splitByFamily(['door.alarm.*', 'door.alarm.forced', 'panel.*']);
    should(panel).deepEqual([
      'door.alarm.forced',
      'door.alarm.forced.cleared',
      'door.alarm.propped.alloff',
      'door.alarm.propped.off',
      'door.alarm.propped.on',
      'panel.connected',
      'panel.disconnected',
    ]);
    should(organization).deepEqual(['panel.created', 'panel.deleted', 'panel.updated']);
    should(unknown).be.empty();
  });

  it('are all 70 for *', () => {
    const { panel, organization } = splitByFamily(['*']);
    should([panel.length, organization.length]).deepEqual([60, 10]);
  });

  it('name what no catalogue has, and leave patterns out that match nothing', () => {
    const { panel, organization, unknown } = splitByFamily(['door.new.topic', 'no.such.*', 'door.new.topic']);
    should([panel, organization]).deepEqual([[], []]);
    should(unknown).deepEqual(['door.new.topic']);
  });
});
