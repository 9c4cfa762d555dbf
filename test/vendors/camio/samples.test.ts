/** Every shape of the reference gives the events that it lets expect, and so do posts that are odd. */
import Ajv from 'ajv';
import should from 'should';
import schema from '../../../src/event.schema.json';
import { eventTypes } from '../../../src/vendors/camio/catalogue';
import { answer, receive } from '../../../src/vendors/camio/receive';
import { defaultOptions, readSamples, toGolden, toPost } from '../../support/samples';

const validate = new Ajv({ allErrors: true }).compile(schema);

describe('the Camio samples', () => {
  const samples = readSamples('camio');

  it('cover the eleven types', () => {
    const told = new Set(samples.flatMap(({ events }) => events ?? []).map(({ type }) => type));
    should(eventTypes).have.length(11);
    should(eventTypes.filter(({ type }) => !told.has(type))).be.empty();
  });

  for (const sample of samples) {
    it(`${sample.name}: ${sample.about}`, () => {
      const options = { ...defaultOptions, ...sample.options };
      const { events, error } = receive(toPost(sample), options);
      should(error?.code).equal(sample.error);
      should(events.map(toGolden)).deepEqual(sample.events ?? []);
      for (const event of events) {
        validate(JSON.parse(JSON.stringify(event)));
        should(validate.errors).be.null();
      }
      const isRefused = events.length === 0 && error !== undefined && error.code !== 'camio-empty';
      should(answer(toPost(sample)).status).equal(isRefused ? 400 : 200);
      // the same post again has the same ids, and all of one post are different
      should(receive(toPost(sample), options).events.map(({ id }) => id)).deepEqual(events.map(({ id }) => id));
      should(new Set(events.map(({ id }) => id)).size).equal(events.length);
    });
  }

  it('give events that share nothing, so that a flow may change its own', () => {
    for (const sample of samples) {
      const post = toPost(sample);
      const [one, two] = [receive(post, defaultOptions).events[0], receive(post, defaultOptions).events[0]];
      should(JSON.stringify(one)).equal(JSON.stringify(two));
      if (one === undefined || two === undefined) continue;
      for (const key of ['raw', 'device', 'account', 'incident', 'labels'] as const) {
        if (one[key] !== undefined) should(one[key]).not.equal(two[key]);
      }
    }
  });

  it('keep the record of an access control system untouched, and of a callback with several only its own', () => {
    for (const name of ['pacs-brivo', 'pacs-three', 'pacs-one-object']) {
      const sample = samples.find((each) => each.name === name);
      if (sample === undefined) throw new Error(name);
      const sent = JSON.parse(sample.body.toString()) as { data: { object: { events: unknown } } };
      const records = [sent.data.object.events].flat();
      const { events } = receive(toPost(sample), defaultOptions);
      should(events).have.length(records.length);
      events.forEach((event, index) => {
        const own = { ...sent, data: { object: { ...sent.data.object, events: [records[index]] } } };
        should(event.raw).deepEqual(own);
      });
    }
  });

  it('keep all that was said, without the pictures', () => {
    const sample = samples.find(({ name }) => name === 'hook-call-more');
    if (sample === undefined) throw new Error('no such sample');
    const [event] = receive(toPost(sample), defaultOptions).events;
    const sent = JSON.parse(sample.body.toString()) as { images: { image_b64?: string }[] };
    for (const image of sent.images) delete image.image_b64;
    should(event?.raw).deepEqual(sent);
  });
});
