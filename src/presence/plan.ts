/** The shapes that count in one camera's picture, in the lengths that distances are measured in. */
import type { Device, Point } from '../event';
import { isAnyOfWithChannel } from '../filter';
import { toPlane, type Segment } from './geometry';
import type { PresenceSettings } from './settings';
import type { Line, Spot, Zone } from './shapes';

export interface Plan {
  readonly zones: readonly { readonly zone: Zone; readonly corners: readonly Point[] }[];
  readonly lines: readonly { readonly line: Line; readonly segment: Segment }[];
  readonly spots: readonly { readonly spot: Spot; readonly at: Point }[];
}

export function planFor(device: Device, { shapes, aspect }: PresenceSettings): Plan {
  const counts = ({ camera }: { readonly camera: string }): boolean =>
    camera === '' || isAnyOfWithChannel(device, [camera]);
  const place = (points: readonly Point[], index: number): Point => toPlane(points[index] ?? { x: 0, y: 0 }, aspect);
  return {
    zones: shapes.zones.filter(counts).map((zone) => ({
      zone,
      corners: zone.points.map((point) => toPlane(point, aspect)),
    })),
    lines: shapes.lines.filter(counts).map((line) => ({
      line,
      segment: { start: place(line.points, 0), end: place(line.points, 1) },
    })),
    spots: shapes.spots.filter(counts).map((spot) => ({ spot, at: place(spot.points, 0) })),
  };
}
