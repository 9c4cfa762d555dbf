/** Boxes and zones over a picture stay inside of it, whatever a device has measured them by. */
import * as fc from 'fast-check';
import should from 'should';
import { joinMarks, noMarks, toMarks } from '../../../nodes/preview/marks';
import { targetTypes, type SecurityEvent } from '../../../src/event';
import { cases } from '../../support/cases';
import { makeEvent } from '../../support/events';

const anyNumber = fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer());
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const anyBox = fc.record({ x: anyNumber, y: anyNumber, width: anyNumber, height: anyNumber });
const anyEvent: fc.Arbitrary<SecurityEvent> = fc
  .record({
    boxes: fc.array(anyBox, { maxLength: 100 }),
    points: fc.array(fc.record({ x: anyNumber, y: anyNumber }), { maxLength: 100 }),
    type: fc.constantFrom(...targetTypes),
    name: fc.string({ maxLength: 200, unit: 'grapheme' }),
    shape: fc.constantFrom('area' as const, 'line' as const),
  })
  .map(({ boxes, points, type, name, shape }) =>
    makeEvent({
      targets: boxes.map((box) => ({ type, box })),
      rule: { name, shape, points },
      plate: { number: name },
    }),
  );

describe('the marks of a preview', () => {
  it('lie inside the picture, are few, and have short labels', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { boxes, shapes } = toMarks(event);
        should(boxes.length).be.belowOrEqual(64);
        for (const { x, y, width, height, label } of boxes) {
          should(x >= 0 && y >= 0 && width > 0 && height > 0).be.true();
          should(x + width <= 1 + 1e-12 && y + height <= 1 + 1e-12).be.true();
          should(Array.from(label).length).be.belowOrEqual(40);
        }
        for (const { points, label } of shapes) {
          should(points.length).be.within(2, 64);
          should(points.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).be.true();
          should(Array.from(label).length).be.belowOrEqual(40);
        }
      }),
      cases(100),
    );
  });

  it('are where the device says, where that is inside', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, fraction, (left, top, width, height) => {
        const box = { x: left * 0.5, y: top * 0.5, width: 0.01 + width * 0.49, height: 0.01 + height * 0.49 };
        const [mark] = toMarks(makeEvent({ targets: [{ type: 'person', box }] })).boxes;
        for (const side of ['x', 'y', 'width', 'height'] as const)
          should(mark?.[side]).be.approximately(box[side], 1e-12);
      }),
      cases(100),
    );
  });

  it('name a plate by its number, other targets by their type, and unknown ones not at all', () => {
    const box = { x: 0.1, y: 0.1, width: 0.2, height: 0.2 };
    const targets = (['plate', 'vehicle', 'unknown'] as const).map((type) => ({ type, box }));
    const { boxes } = toMarks(makeEvent({ targets: [...targets, { type: 'person' }], plate: { number: '007' } }));
    should(boxes.map(({ label }) => label)).eql(['007', 'vehicle', '']);
  });

  it('close an area and leave a line open', () => {
    const points = [0.1, 0.5, 0.9].map((x) => ({ x, y: x / 2 }));
    const closed = (shape: 'area' | 'line', count: number) =>
      toMarks(makeEvent({ rule: { shape, points: points.slice(0, count) } })).shapes.map(({ isClosed }) => isClosed);
    should([closed('area', 3), closed('line', 3), closed('line', 2), closed('area', 1)]).eql([
      [true],
      [false],
      [false],
      [],
    ]);
  });

  it('of two events of one picture are drawn together, the same zone once', () => {
    const rule = { shape: 'line' as const, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }; // prettier-ignore
    const at = (x: number): SecurityEvent =>
      makeEvent({ rule, targets: [{ type: 'person', box: { x, y: 0, width: 0.1, height: 0.1 } }] });
    const joined = joinMarks(toMarks(at(0.1)), toMarks(at(0.5)));
    should(joined.boxes.map(({ x }) => x)).eql([0.1, 0.5]);
    should(joined.shapes).have.length(1);
    should(joinMarks(noMarks, noMarks)).eql(noMarks);
  });
});
