/**
 * Points, lines and areas of a picture. Lengths are in widths of the picture, downwards too: fractions of a height would
 * make everybody who walks down the picture of a wide camera slower than those who walk across.
 */
import type { Box, Point } from '../event';

/** Which point of a box stands for the target: where it touches the ground, or its middle. */
export const anchors = ['feet', 'middle'] as const;
export type Anchor = (typeof anchors)[number];

/** @param aspect width of the picture by its height */
export function toPlane(point: Point, aspect: number): Point {
  return { x: point.x, y: point.y / aspect };
}

export function fromPlane(point: Point, aspect: number): Point {
  return { x: round(point.x), y: round(point.y * aspect) };
}

/** Fractions with 4 decimals, as boxes have. */
export function round(value: number, decimals = 4): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

export function anchorOf(box: Box, anchor: Anchor): Point {
  return { x: box.x + box.width / 2, y: anchor === 'feet' ? box.y + box.height : box.y + box.height / 2 };
}

export function distance(one: Point, other: Point): number {
  return Math.hypot(other.x - one.x, other.y - one.y);
}

/** Degrees clockwise from straight up in the picture: 90 is to the right, 180 down. */
export function headingOf(from: Point, to: Point): number {
  const degrees = (Math.atan2(to.x - from.x, from.y - to.y) * 180) / Math.PI;
  return (Math.round(degrees) + 360) % 360;
}

export interface Segment {
  readonly start: Point;
  readonly end: Point;
}

/** How far a point is beside the endless line: above 0 on the right hand of somebody who goes from its start to its end. */
export function sideOf({ start, end }: Segment, point: Point): number {
  const along = { x: end.x - start.x, y: end.y - start.y };
  return (along.x * (point.y - start.y) - along.y * (point.x - start.x)) / Math.hypot(along.x, along.y);
}

/** Whether the way from one point to another goes through the line between its ends; touching is going through once. */
export function passes(line: Segment, from: Point, to: Point): boolean {
  const before = sideOf(line, from);
  const after = sideOf(line, to);
  if (before > 0 === after > 0) return false;
  const part = before / (before - after);
  const at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  const share = shareOf(line, at);
  return share >= 0 && share <= 1;
}

/** Where the point stands along the line: 0 at its start, 1 at its end. */
function shareOf({ start, end }: Segment, point: Point): number {
  const along = { x: end.x - start.x, y: end.y - start.y };
  return ((point.x - start.x) * along.x + (point.y - start.y) * along.y) / (along.x ** 2 + along.y ** 2);
}

/** Even-odd: an area that crosses itself has holes. */
export function isInside(corners: readonly Point[], point: Point): boolean {
  let inside = false;
  let previous = corners.at(-1);
  for (const corner of corners) {
    if (previous !== undefined && corner.y > point.y !== previous.y > point.y) {
      const x = ((previous.x - corner.x) * (point.y - corner.y)) / (previous.y - corner.y) + corner.x;
      if (point.x < x) inside = !inside;
    }
    previous = corner;
  }
  return inside;
}

export function distanceToEdge(corners: readonly Point[], point: Point): number {
  let nearest = Infinity;
  let previous = corners.at(-1);
  for (const corner of corners) {
    if (previous !== undefined) nearest = Math.min(nearest, distanceToSegment(previous, corner, point));
    previous = corner;
  }
  return nearest;
}

function distanceToSegment(start: Point, end: Point, point: Point): number {
  if (start.x === end.x && start.y === end.y) return distance(start, point);
  const share = Math.min(Math.max(shareOf({ start, end }, point), 0), 1);
  return distance(point, { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share });
}

/** Twice nothing is nothing: corners on one line make no area. */
export function areaOf(corners: readonly Point[]): number {
  let twice = 0;
  let previous = corners.at(-1);
  for (const corner of corners) {
    if (previous !== undefined) twice += previous.x * corner.y - corner.x * previous.y;
    previous = corner;
  }
  return Math.abs(twice) / 2;
}

export function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
