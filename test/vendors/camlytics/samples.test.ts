/** Every shape that the reference shows gives the events that it lets expect, and so do posts that are odd. */
import Ajv from 'ajv';
import should from 'should';
import schema from '../../../src/event.schema.json';
import { standardDirections, toEvent } from '../../../src/vendors/camlytics/events';
import { receive } from '../../../src/vendors/camlytics/receive';
import { decodeEvents } from '../../../src/vendors/camlytics/wire';
import { defaultOptions, readSamples, toGolden, toPost, type Sample } from '../../support/samples';
import type { SecurityEvent } from '../../../src/event';

const validate = new Ajv({ allErrors: true }).compile(schema);

function check(sample: Sample, events: readonly SecurityEvent[]): void {
  should(events.map(toGolden)).deepEqual(sample.events);
  for (const event of events) {
    validate(JSON.parse(JSON.stringify(event)));
    should(validate.errors).be.null();
  }
}

describe('the webhooks of Camlytics', () => {
  for (const sample of readSamples('camlytics')) {
    it(`${sample.name}: ${sample.about}`, () => {
      const options = { ...defaultOptions, ...sample.options };
      const { events, error } = receive(toPost(sample), options);
      should(error).be.undefined();
      check(sample, events);
      should(receive(toPost(sample), options).events.map(({ id }) => id)).deepEqual(events.map(({ id }) => id));
      should(new Set(events.map(({ id }) => id)).size).equal(events.length);
      // what else is in the address may be a secret
      should(JSON.stringify(events)).not.containEql('secret-of-the-address');
    });
  }
});

describe('the pages of the REST API of Camlytics', () => {
  for (const sample of readSamples('camlytics-poll')) {
    it(`${sample.name}: ${sample.about}`, () => {
      const { events: messages, faults, length } = decodeEvents(sample.body);
      should(faults).be.empty();
      should(length).equal(messages.length);
      const receivedAt = Date.parse(sample.receivedAt);
      const timeZone = sample.options?.timeZone ?? '';
      const events = messages.map((message) =>
        toEvent(message, { timeZone, receivedAt, directions: standardDirections }),
      );
      check(sample, events);
      should(new Set(events.map(({ id }) => id)).size).equal(events.length);
    });
  }
});
