/** The picture of a scene: what is on it, that it is whole, and that no name gets out of its text. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import should from 'should';
import { makeEvent, makeJpeg, startMs } from '../support/events';
import { shapesOf, toTargets, tracking, Watch } from './watch';

const yard = {
  name: 'Yard',
  points: [
    [0.3, 0],
    [0.7, 0],
    [0.7, 1],
    [0.3, 1],
  ],
} as const;
const door = {
  name: 'Door',
  points: [
    [0.5, 0.8],
    [0.5, 0.2],
  ],
} as const;
const car = { name: 'Car', points: [[0.9, 0.5]] } as const;

function textsOf(svg: string): readonly string[] {
  should(XMLValidator.validate(svg)).be.true();
  const parsed = new XMLParser({ parseTagValue: false, htmlEntities: true }).parse(svg) as { svg: { text: string[] } };
  return parsed.svg.text;
}

describe('the picture of a scene', () => {
  it('has zones and lines with their numbers, targets with their stay and trail', () => {
    const watch = new Watch({ shapes: shapesOf(yard, door, car), picturesPerSecond: 1 });
    watch.walk(5, { id: 7, from: [0.35, 0.5], to: [0.65, 0.5] });
    const svg = watch.pictures.at(-1)?.svg ?? '';
    should(textsOf(svg)).deepEqual(['Yard: 1', 'Door: in 1, out 0', 'Car', 'person 7 · 4 s', 'Yard cam: 1']);
    should(svg).match(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 1600 900"/);
    should(svg).match(/<polyline points="560,450 /);
    should(svg).not.match(/<image|NaN|undefined/);
    watch.clock.advance(5000);
    should(textsOf(watch.pictures.at(-1)?.svg ?? '')).deepEqual(['Yard: 0', 'Door: in 1, out 0', 'Car', 'Yard cam: 0']);
    should(watch.clock.running).equal(0);
  });

  it('comes at most as often as is set, and once more when all is still', () => {
    const watch = new Watch({ picturesPerSecond: 2 });
    watch.walk(10, { id: 7, from: [0.1, 0.5], to: [0.9, 0.5] });
    should(watch.pictures.length).be.within(19, 22);
    const times = watch.pictures.map(({ time }) => Date.parse(time));
    times.forEach((ms, index) => index > 0 && should(ms - (times[index - 1] ?? 0)).be.aboveOrEqual(499));
    watch.clock.advance(60_000);
    should(watch.pictures.length).be.within(20, 24);
  });

  it('shows the last scene behind where that is wanted', () => {
    const data = makeJpeg(16, 9);
    for (const [showsScene, form] of [
      [true, data],
      [true, data.toString('base64')],
      [true, `data:image/jpeg;base64,${data.toString('base64')}`],
      [false, data],
    ] as const) {
      const watch = new Watch({ picturesPerSecond: 1, showsScene });
      const images = [{ role: 'scene' as const, data: form, mimeType: 'image/jpeg' }];
      watch.presence.take(makeEvent({ images, targets: toTargets([[7, 0.5, 0.5]]) }));
      const href = `<image href="data:image/jpeg;base64,${data.toString('base64')}"`;
      should(watch.pictures[0]?.svg.includes(href)).equal(showsScene);
      should(watch.scenes).have.length(1);
      should(watch.memory.pictures.size).equal(showsScene ? 1 : 0);
    }
  });

  it('holds names as text, whatever they are', () => {
    const nasty = '"><script>alert(1)</script><a x=\'&amp;\u0000\u0007\ud800';
    const watch = new Watch({ picturesPerSecond: 1, shapes: shapesOf({ ...yard, id: 'z', name: nasty }) });
    const targets = [{ ...toTargets([[1, 0.5, 0.5]])[0], id: nasty, type: 'person' as const }];
    const images = [{ role: 'scene' as const, data: '"/><script>', mimeType: 'image/jpeg' }];
    const device = { id: nasty, name: nasty };
    watch.presence.take(tracking(startMs, targets, { device, images }));
    const svg = watch.pictures[0]?.svg ?? '';
    should(svg).not.match(/<script|<a |alert\(1\)<\/script/);
    should(textsOf(svg)[0]).startWith('"><script>');
    // oxlint-disable-next-line no-control-regex
    should(svg).not.match(/[\u0000-\u0008]/);
  });
});
