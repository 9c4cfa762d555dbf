/** A picture of a scene for whoever looks now and then: drawn when asked for, and nothing kept where nobody does. */
import should from 'should';
import type { Image } from '../../src/event';
import { Presence, PresenceMemory, type Draw } from '../../src/presence/presence';
import { FakeClock } from '../support/fake-clock';
import { makeJpeg, startMs } from '../support/events';
import { openSettings, toTargets, tracking } from './watch';

const image: Image = { role: 'scene', data: makeJpeg(16, 9), mimeType: 'image/jpeg' };

function watch(memory: PresenceMemory, onChange?: (draw: Draw) => void): Presence {
  return new Presence({ ...openSettings, picturesPerSecond: 0, showsScene: true }, memory, new FakeClock(startMs), {
    onEvent: () => undefined,
    onPicture: () => should.fail('picture', 'none', 'no picture was wanted', 'is'),
    onScene: () => undefined,
    onChange,
  });
}

const seen = tracking(startMs, toTargets([[7, 0.5, 0.5]]), { images: [image] });

describe('a scene that is looked at', () => {
  it('is drawn as it stands when somebody looks, before the scene where that may be shown', () => {
    const drawings: Draw[] = [];
    const presence = watch(new PresenceMemory(), (draw) => void drawings.push(draw));
    presence.take(seen);
    presence.take(tracking(startMs + 100, toTargets([[8, 0.2, 0.2]])));
    should(drawings).have.length(2);
    should(drawings[0]?.(() => true)).match(/person 7 .*person 8 /).and.match(/<image href="data:image\/jpeg;base64,/); // prettier-ignore
    should(drawings[0]?.(() => false))
      .match(/person 7 /)
      .and.not.match(/<image/);
  });

  it('keeps no picture where nobody looks, and none when nobody looks any more', () => {
    const memory = new PresenceMemory();
    watch(memory).take(seen);
    should(memory.pictures.size).equal(0);
    watch(memory, () => undefined).take(seen);
    should(memory.pictures.size).equal(1);
    watch(memory);
    should(memory.pictures.size).equal(0);
  });
});
