/** What is drawn over a picture: the boxes of an event's targets, and the zone or line that fired. */
import { targetTypes, type Point, type SecurityEvent, type TargetType } from '../../src/event';

/** A box in fractions 0..1 of the picture, inside of it. */
export interface BoxMark {
  readonly type: TargetType;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A zone or line in the same fractions. */
export interface ShapeMark {
  readonly label: string;
  readonly isClosed: boolean;
  readonly points: readonly Point[];
}

export interface Marks {
  readonly boxes: readonly BoxMark[];
  readonly shapes: readonly ShapeMark[];
}

/** A crowd is no longer seen box by box. */
const boxesMax = 64;
const pointsMax = 64;
const labelLength = 40;

export const noMarks: Marks = { boxes: [], shapes: [] };

/** What was measured by something else than the picture, or holds no number, is left out or cut at the picture's edge. */
export function toMarks({ targets, rule, plate }: SecurityEvent): Marks {
  const boxes = targets.slice(0, boxesMax).flatMap(({ type, box }): readonly BoxMark[] => {
    if (box === undefined) return [];
    const [left, right] = toSpan(box.x, box.width);
    const [top, bottom] = toSpan(box.y, box.height);
    if (!(right > left && bottom > top)) return [];
    const known = targetTypes.find((each) => each === type) ?? 'unknown';
    const label = known === 'plate' && plate !== undefined ? shorten(plate.number) : known === 'unknown' ? '' : known;
    return [{ type: known, label, x: left, y: top, width: right - left, height: bottom - top }];
  });
  const points = rule?.points?.slice(0, pointsMax).map(({ x, y }) => ({ x: toFraction(x), y: toFraction(y) })) ?? [];
  if (points.length < 2 || points.some(({ x, y }) => Number.isNaN(x + y))) return { boxes, shapes: [] };
  const isClosed = rule?.shape !== 'line' && points.length > 2;
  return { boxes, shapes: [{ label: shorten(rule?.name ?? ''), isClosed, points }] };
}

/** Of two events that tell of the same picture. */
export function joinMarks(one: Marks, other: Marks): Marks {
  const shapes = [...one.shapes, ...other.shapes].map((shape) => [JSON.stringify(shape), shape] as const);
  return {
    boxes: [...one.boxes, ...other.boxes].slice(0, boxesMax),
    shapes: [...new Map(shapes).values()].slice(0, boxesMax),
  };
}

function toSpan(start: number, length: number): readonly [number, number] {
  return [toFraction(start), toFraction(start + length)];
}

/** NaN stays, and is in no span. */
function toFraction(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function shorten(text: string): string {
  return Array.from(text.slice(0, 2 * labelLength))
    .slice(0, labelLength)
    .join('');
}
