/** What can be known to be wrong before PDK is asked. */
import should from 'should';
import { topicGroups } from '../../../../src/vendors/pdk/catalogue';
import { checkDesired } from '../../../../src/vendors/pdk/cloud/check';
import { splitTopics } from '../../../../src/vendors/pdk/cloud/families';
import type { Desired } from '../../../../src/vendors/pdk/cloud/subscription';
import { desire, startMs } from './bench';

describe('a subscription is checked before PDK is asked', () => {
  const wrong: readonly (readonly [place: string, what: string, fields: object])[] = [
    ['name', 'empty', { name: '' }],
    ['name', 'too long', { name: 'x'.repeat(71) }],
    ['url', 'no address', { url: 'doors' }],
    ['url', 'not https', { url: 'http://doors.example.com/' }],
    ['url', 'with a user', { url: 'https://a:b@doors.example.com/' }],
    ['url', 'with a fragment', { url: 'https://doors.example.com/#x' }],
    ['scope', 'a word of its own', { scope: 'this' }],
    ['scope', 'an empty list', { scope: [] }],
    ['scope', 'a list with an empty id', { scope: ['1A', ' '] }],
    ['scope', 'panels for organization topics', { scope: ['1A'], events: ['ou.created'] }],
    ['user', 'empty', { authentication: { type: 'Basic', user: '', password: 'x' } }],
    ['user', 'with a colon', { authentication: { type: 'Basic', user: 'a:b', password: 'x' } }],
    ['password', 'empty', { authentication: { type: 'Basic', user: 'a', password: '' } }],
    ['events', 'none', { events: [] }],
    ['events', 'twice the same', { events: ['ou.created', 'ou.created'] }],
    ['events', 'of both families', { events: ['panel.created', 'panel.connected'] }],
    ['secrecyLevel', 'out of range', { secrecyLevel: 3 }],
    ['expiresAt', 'no time', { expiresAt: 'tomorrow' }],
    ['expiresAt', 'a time without a zone', { expiresAt: '2032-02-03T04:05:06' }],
    ['expiresAt', 'in the past', { expiresAt: '2031-02-03T04:05:06Z' }],
    ['secret', 'empty', { secret: '' }],
    ['secret', 'too long', { secret: 'x'.repeat(256) }],
  ];
  for (const [place, what, fields] of wrong) {
    it(`${place}: ${what}`, () => {
      should(() => checkDesired(desire(fields), startMs)).throw({ code: 'setting-invalid', place, retryable: false });
    });
  }

  it('tells all that is wrong at once', () => {
    should(() => checkDesired(desire({ name: '', secrecyLevel: 9 }), startMs)).throw(/name: .*; secrecyLevel: /);
  });

  const good: readonly Partial<Desired>[] = [
    { name: 'x'.repeat(70), secret: 'x'.repeat(255) },
    { scope: ['1234ABC'] },
    { scope: 'ouRecursive', events: ['ou.created', 'panel.created'] },
    { expiresAt: '2031-02-03T06:05:07+02:00' },
    { secrecyLevel: 0 },
  ];
  for (const fields of good) {
    it(`passes ${Object.keys(fields).join(', ')}`, () => should(checkDesired(desire(fields), startMs)).be.empty());
  }

  const odd: readonly (readonly [RegExp, object])[] = [
    [/PDK may not know door\.later/, { events: ['door.request.allowed', 'door.later'] }],
    [/cannot reach localhost/, { url: 'https://localhost:1880/x' }],
    [/cannot reach 192\.168\.1\.2/, { url: 'https://192.168.1.2/x' }],
    [/cannot reach 172\.20\.0\.1/, { url: 'https://172.20.0.1/x' }],
    [/cannot reach .*fd00::1/, { url: 'https://[fd00::1]/x' }],
    [/cannot reach nodered\.local/, { url: 'https://nodered.local/x' }],
    [/it is short/, { secret: 'short' }],
  ];
  for (const [text, fields] of odd) {
    it(`warns: ${text.source}`, () => should(checkDesired(desire(fields), startMs).join()).match(text));
  }

  it('warns of a subscription without a secret', () => {
    const { secret: _secret, ...rest } = desire();
    should(checkDesired(rest, startMs).join()).match(/does not sign/);
  });
});

describe('topics and patterns', () => {
  it('come to a subscription for each family: * is two, of 60 and 10', () => {
    const split = splitTopics(['*']);
    should([split.get('panel')?.length, split.get('organization')?.length]).deepEqual([60, 10]);
    const all = topicGroups.flatMap(({ topics }) => topics.map(([topic]) => topic));
    should([...(split.get('panel') ?? []), ...(split.get('organization') ?? [])].toSorted()).deepEqual(all.toSorted());
  });

  it('are told apart by the whole topic: panel.* is of both', () => {
    const split = splitTopics(['panel.*']);
    should(split.get('panel')).deepEqual(['panel.connected', 'panel.disconnected']);
    should(split.get('organization')).deepEqual(['panel.created', 'panel.deleted', 'panel.updated']);
  });

  it('that nobody knows go with what else is there', () => {
    should([...splitTopics(['door.later'])]).deepEqual([['panel', ['door.later']]]);
    should([...splitTopics(['ou.created', 'later'])]).deepEqual([['organization', ['ou.created', 'later']]]);
  });

  it('that stand for nothing are refused', () => {
    should(() => splitTopics(['nothing.*'])).throw({ code: 'setting-invalid', place: 'events' });
  });
});
