/** Every golden sample gives the events that the reference lets expect, and each is valid by the published schema. */
import Ajv from 'ajv';
import should from 'should';
import schema from '../../../src/event.schema.json';
import { receive } from '../../../src/vendors/viewtron/receive';
import { defaultOptions, readSamples, toGolden, toPost } from '../../support/samples';

const validate = new Ajv({ allErrors: true }).compile(schema);

describe('the Viewtron samples', () => {
  const samples = readSamples('viewtron');

  it('cover at least 45 kinds of posts', () => {
    should(samples.length).be.aboveOrEqual(45);
  });

  for (const sample of samples) {
    it(`${sample.name}: ${sample.about}`, () => {
      const { events, error } = receive(toPost(sample), { ...defaultOptions, ...sample.options });
      if (sample.error !== undefined) {
        should(error?.code).equal(sample.error);
        should(events).be.empty();
        should(error?.message).be.a.String().and.not.be.empty();
        should(error?.place).be.a.String().and.not.be.empty();
        return;
      }
      should(error).be.undefined();
      should(events.map(toGolden)).deepEqual(sample.events);
      for (const event of events) {
        validate(JSON.parse(JSON.stringify(event)));
        should(validate.errors).be.null();
      }
    });

    it(`${sample.name}: comes with the same ids a second time`, () => {
      const options = { ...defaultOptions, ...sample.options };
      const ids = receive(toPost(sample), options).events.map((event) => event.id);
      should(receive(toPost(sample), options).events.map((event) => event.id)).deepEqual(ids);
      should(new Set(ids).size).equal(ids.length);
    });
  }
});
