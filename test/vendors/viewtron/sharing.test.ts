/** Nodes that share a path get events of their own: what a flow does to one changes no other. */
import should from 'should';
import type { SecurityEvent } from '../../../src/event';
import { receive } from '../../../src/vendors/viewtron/receive';
import { makeJpeg, makePost, wrapConfig } from '../../support/events';
import { defaultOptions, readSamples, toPost } from '../../support/samples';

/** Every object and array in an event, but not the bytes of pictures. */
function collect(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || found.has(value)) return found;
  found.add(value);
  for (const inner of Object.values(value)) collect(inner, found);
  return found;
}

/** Does to an event the worst that a Function node can do. */
function ruin(event: SecurityEvent): void {
  for (const object of collect(event)) {
    if (Object.isFrozen(object)) throw new Error(`frozen: ${JSON.stringify(object)}`);
    if (Array.isArray(object)) object.length = 0;
    for (const key of Object.keys(object)) Reflect.deleteProperty(object, key);
    Reflect.set(object, 'ruined', true);
  }
}

describe('the events of two nodes on one path', () => {
  for (const sample of readSamples('viewtron')) {
    if (sample.error !== undefined) continue;
    it(`share nothing that can be changed: ${sample.name}`, () => {
      const post = toPost(sample);
      const options = { ...defaultOptions, ...sample.options };
      const first = receive(post, options).events;
      const second = receive(post, options).events;
      should(second).deepEqual(first);
      const before = JSON.stringify(second);
      first.forEach(ruin);
      should(JSON.stringify(second)).equal(before);
      should(JSON.stringify(receive(post, options).events)).equal(before);
      // read anew, with what is told again of earlier posts
      should(JSON.stringify(receive({ ...post, body: Buffer.from(post.body) }, options).events)).equal(before);
    });
  }
});

describe('the events of one post', () => {
  for (const sample of readSamples('viewtron')) {
    if ((sample.events?.length ?? 0) < 2) continue;
    it(`share nothing that can be changed: ${sample.name}`, () => {
      const [first, ...rest] = receive(toPost(sample), { ...defaultOptions, ...sample.options }).events;
      const before = JSON.stringify(rest);
      if (first !== undefined) ruin(first);
      should(JSON.stringify(rest)).equal(before);
    });
  }
});

describe('the bytes of a picture', () => {
  it('are decoded once and shared, as the wires of Node-RED share them', () => {
    const picture = makeJpeg(32, 24);
    const post = makePost(
      wrapConfig(
        `<smartType>MOTION</smartType><sourceDataInfo><sourceBase64Data>${picture.toString('base64')}</sourceBase64Data></sourceDataInfo>`,
      ),
    );
    const [first, second] = [0, 1].map(() => receive(post, defaultOptions).events[0]?.images[0]?.data);
    should(first).deepEqual(picture);
    should(second).equal(first);
  });
});
