/** Points, lines and boxes as the devices count them: 0 to 10000 of the picture's width and height. */

export const fullScale = 10_000;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly start: Point;
  readonly end: Point;
}

export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The point at `fraction` (0 to 1) of a path, each leg taking the same time. */
export function locate(path: readonly Point[], fraction: number): Point {
  const legs = path.length - 1;
  const first = path[0];
  if (first === undefined) return { x: fullScale / 2, y: fullScale / 2 };
  if (legs === 0) return first;
  const position = Math.min(Math.max(fraction, 0), 1) * legs;
  const leg = Math.min(Math.floor(position), legs - 1);
  const from = path[leg] ?? first;
  const to = path[leg + 1] ?? from;
  const part = position - leg;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** The box of a target whose middle is at `middle`, cut off where the picture ends. */
export function boxAround(middle: Point, size: Size): Box {
  return {
    x1: clip(middle.x - size.width / 2),
    y1: clip(middle.y - size.height / 2),
    x2: clip(middle.x + size.width / 2),
    y2: clip(middle.y + size.height / 2),
  };
}

function clip(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), fullScale));
}
