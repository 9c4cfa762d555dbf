/** Boxes and points come out as fractions of the picture, and what cannot be one is absent. */
import * as fc from 'fast-check';
import should from 'should';
import { tenThousandths, toBox, toPoints } from '../../../src/vendors/viewtron/boxes';
import { cases } from '../../support/cases';

function box(x1: number, y1: number, x2: number, y2: number): ReturnType<typeof toBox> {
  return toBox({ x1, y1, x2, y2 }, tenThousandths);
}

describe('a box', () => {
  it('is in fractions with four decimals', () => {
    should(box(4100, 700, 5200, 8100)).deepEqual({ x: 0.41, y: 0.07, width: 0.11, height: 0.74 });
    should(box(1, 2, 4, 9)).deepEqual({ x: 0.0001, y: 0.0002, width: 0.0003, height: 0.0007 });
    should(toBox({ x1: 320, y1: 180, x2: 640, y2: 540 }, { width: 1280, height: 720 })).deepEqual({
      x: 0.25,
      y: 0.25,
      width: 0.25,
      height: 0.5,
    });
  });

  it('is the whole picture from edge to edge', () => {
    should(box(0, 0, 10_000, 10_000)).deepEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  it('takes corners in any order', () => {
    const wanted = { x: 0.1, y: 0.2, width: 0.2, height: 0.2 };
    should(box(1000, 2000, 3000, 4000)).deepEqual(wanted);
    should(box(3000, 2000, 1000, 4000)).deepEqual(wanted);
    should(box(1000, 4000, 3000, 2000)).deepEqual(wanted);
    should(box(3000, 4000, 1000, 2000)).deepEqual(wanted);
  });

  const none: readonly (readonly [string, number, number, number, number])[] = [
    ['all zeros', 0, 0, 0, 0],
    ['one, zero, one, zero', 1, 0, 1, 0],
    ['without width', 100, 100, 100, 200],
    ['without height', 100, 100, 200, 100],
    ['beyond the right edge', 100, 100, 10_001, 200],
    ['beyond the bottom', 100, 100, 200, 10_001],
    ['left of the picture', -1, 100, 200, 200],
    ['above the picture', 100, -1, 200, 200],
  ];
  for (const [what, ...corners] of none) {
    it(`is absent: ${what}`, () => should(box(...corners)).be.undefined());
  }

  it('is absent where the picture has no size', () => {
    const rect = { x1: 1, y1: 1, x2: 2, y2: 2 };
    for (const size of [undefined, { width: 0, height: 720 }, { width: 1280, height: 0 }, { width: -1, height: -1 }]) {
      should(toBox(rect, size)).be.undefined();
    }
    should(toBox(undefined, tenThousandths)).be.undefined();
  });

  it('never reaches out of the picture, for any corners in pictures of any size', () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 8000 }), height: fc.integer({ min: 1, max: 8000 }) });
    fc.assert(
      fc.property(
        size,
        fc.tuple(fc.nat(8000), fc.nat(8000), fc.nat(8000), fc.nat(8000)),
        (picture, [x1, y1, x2, y2]) => {
          const found = toBox({ x1, y1, x2, y2 }, picture);
          const isInside = Math.max(x1, x2) <= picture.width && Math.max(y1, y2) <= picture.height;
          should(found !== undefined).equal(isInside && x1 !== x2 && y1 !== y2);
          if (found === undefined) return;
          should(found.x).be.within(0, 1);
          should(found.y).be.within(0, 1);
          should(found.width).be.above(0).and.belowOrEqual(1);
          should(found.height).be.above(0).and.belowOrEqual(1);
          should(found.x).be.approximately(Math.min(x1, x2) / picture.width, 0.00005001);
          should(found.width).be.approximately(Math.abs(x1 - x2) / picture.width, 0.00010001);
          should(found.x + found.width).be.belowOrEqual(1 + 1e-9);
          should(found.y + found.height).be.belowOrEqual(1 + 1e-9);
        },
      ),
      cases(5000),
    );
  });

  it('ends at the edge in a picture 4,000 pixels wide', () => {
    const found = toBox({ x1: 1, y1: 1, x2: 4000, y2: 4000 }, { width: 4000, height: 4000 });
    should((found?.x ?? 0) + (found?.width ?? 0)).be.approximately(1, 1e-9);
  });
});

describe('points', () => {
  it('are in fractions, edges included', () => {
    should(
      toPoints([
        { x: 0, y: 10_000 },
        { x: 1234, y: 5 },
      ]),
    ).deepEqual([
      { x: 0, y: 1 },
      { x: 0.1234, y: 0.0005 },
    ]);
  });

  it('are absent as a whole where one lies outside', () => {
    for (const bad of [
      { x: -1, y: 0 },
      { x: 0, y: 10_001 },
    ]) {
      should(toPoints([{ x: 1, y: 1 }, bad])).be.undefined();
    }
    should(toPoints(undefined)).be.undefined();
  });
});
