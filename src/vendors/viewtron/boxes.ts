/** Rectangles and points in the device's units to fractions of the picture (reference 5.1). */
import type { Box, Point } from '../../event';
import type { Rect, WirePoint } from './message';

/** What devices divide a picture's sides into. */
export const tenThousandths = { width: 10_000, height: 10_000 };

/**
 * The box in fractions 0..1, with 4 decimals. Undefined for "no box" (`0 0 0 0`, `1 0 1 0`) and for values outside the
 * picture, which cannot be what they seem to be.
 *
 * @param size sides of the whole picture in the rectangle's unit
 */
export function toBox(rect: Rect | undefined, size: { width: number; height: number } | undefined): Box | undefined {
  if (rect === undefined || size === undefined || size.width <= 0 || size.height <= 0) return undefined;
  const left = Math.min(rect.x1, rect.x2);
  const right = Math.max(rect.x1, rect.x2);
  const top = Math.min(rect.y1, rect.y2);
  const bottom = Math.max(rect.y1, rect.y2);
  if (left < 0 || top < 0 || right > size.width || bottom > size.height || left === right || top === bottom) {
    return undefined;
  }
  return {
    x: round(left / size.width),
    y: round(top / size.height),
    width: round(round(right / size.width) - round(left / size.width)),
    height: round(round(bottom / size.height) - round(top / size.height)),
  };
}

/** Undefined where a point lies outside the picture. */
export function toPoints(points: readonly WirePoint[] | undefined): readonly Point[] | undefined {
  if (points === undefined) return undefined;
  const isInside = points.every(({ x, y }) => x >= 0 && y >= 0 && x <= 10_000 && y <= 10_000);
  return isInside ? points.map(({ x, y }) => ({ x: round(x / 10_000), y: round(y / 10_000) })) : undefined;
}

function round(fraction: number): number {
  return Math.round(fraction * 10_000) / 10_000;
}
