/** The drawn pictures are real JPEGs of the size and weight asked for. */
import { decode } from 'jpeg-js';
import should from 'should';
import { drawCrop, drawPlate, drawScene, type Picture } from '../../simulators/picture';

function pixelAt(picture: Picture, x: number, y: number): number[] {
  const { data, width } = decode(picture.jpeg);
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
}

describe('simulated pictures', () => {
  it('draws a scene of the size asked for', () => {
    const picture = drawScene({ width: 320, height: 200, caption: 'YARD 12:00' });
    const { width, height } = decode(picture.jpeg);
    should([width, height]).deepEqual([320, 200]);
    should(picture.jpeg.subarray(0, 3).toString('hex')).equal('ffd8ff');
  });

  it('puts the target where its box is', () => {
    const box = { x1: 2500, y1: 5000, x2: 5000, y2: 10_000 };
    const size = { width: 320, height: 200 };
    const [red = 0, green = 0] = pixelAt(
      drawScene({ ...size, figures: [{ kind: 'person', box, color: [250, 0, 0] }] }),
      120,
      135,
    );
    should(red).be.above(200);
    should(green).be.below(60);
    const [redWithout = 0] = pixelAt(drawScene(size), 120, 135);
    should(redWithout).be.below(140);
  });

  it('draws dark characters on a white plate with a border', () => {
    const picture = drawPlate({ text: 'AB12 CDE', width: 176, height: 100 });
    const { data, width, height } = decode(picture.jpeg);
    should([width, height]).deepEqual([176, 100]);
    const shades = Array.from({ length: width }, (_, x) => data[(50 * width + x) * 4] ?? 0);
    should(shades.filter((shade) => shade > 200).length).be.above(60);
    should(shades.filter((shade) => shade < 90).length).be.above(20);
    should(shades[0]).be.below(90);
  });

  for (const kind of ['person', 'car', 'motor', 'face'] as const) {
    it(`draws the crop of a ${kind}`, () => {
      const { width, height } = decode(drawCrop({ kind, width: 184, height: 184 }).jpeg);
      should([width, height]).deepEqual([184, 184]);
    });
  }

  it('reaches the weight asked for and still decodes', () => {
    const picture = drawScene({ width: 320, height: 200, weightBytes: 300_000 });
    should(picture.jpeg.length).be.within(299_990, 300_000);
    should(decode(picture.jpeg).width).equal(320);
  });

  it('draws a crop once and then repeats it', () => {
    const options = { kind: 'face', width: 100, height: 100 } as const;
    should(drawCrop(options)).equal(drawCrop(options));
  });
});
