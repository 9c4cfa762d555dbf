/** Each of the 70 topics gives the event that the reference lets expect, and so do posts that are odd. */
import Ajv from 'ajv';
import should from 'should';
import schema from '../../../src/event.schema.json';
import { topicGroups } from '../../../src/vendors/pdk/catalogue';
import { receive } from '../../../src/vendors/pdk/receive';
import { readSamples, toGolden, toPost } from '../../support/samples';

const validate = new Ajv({ allErrors: true }).compile(schema);
const topics = topicGroups.flatMap((group) => group.topics.map(([topic]) => topic));

describe('the PDK samples', () => {
  const samples = readSamples('pdk');

  it('cover all 70 topics', () => {
    const told = samples.flatMap(({ events }) => events ?? []).map(({ type }) => type);
    should(topics).have.length(70);
    should(new Set(topics).size).equal(70);
    should(topics.filter((topic) => !told.includes(topic))).be.empty();
  });

  for (const sample of samples) {
    it(`${sample.name}: ${sample.about}`, () => {
      const { events, error } = receive(toPost(sample));
      should(error).be.undefined();
      should(events.map(toGolden)).deepEqual(sample.events);
      for (const event of events) {
        validate(JSON.parse(JSON.stringify(event)));
        should(validate.errors).be.null();
      }
      should(receive(toPost(sample)).events[0]?.id).equal(events[0]?.id);
    });
  }

  it('are all different events', () => {
    const ids = samples.map((sample) => receive(toPost(sample)).events[0]?.id);
    should(new Set(ids).size).equal(samples.length);
  });

  it('give events that share nothing, so that a flow may change its own', () => {
    for (const sample of samples) {
      const post = toPost(sample);
      const [one, two] = [receive(post).events[0], receive(post).events[0]];
      should(one).deepEqual(two);
      should(one?.raw).not.equal(two?.raw);
    }
  });
});
