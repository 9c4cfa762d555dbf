/** Zones, lines and spots that a user drew or typed, read and checked. */
import { SetupError } from '../errors';
import type { Point } from '../event';
import { isTree, type Tree } from '../wire/read';
import { areaOf, distance } from './geometry';

export type Direction = 'in' | 'out';

interface Drawn {
  /** Stays when the name or the points change: counts hang on it. */
  readonly id: string;
  readonly name: string;
  /** Name, address, MAC or serial number of the camera in whose picture it was drawn; empty: in every camera's. */
  readonly camera: string;
  readonly points: readonly Point[];
}

export interface Zone extends Drawn {
  readonly loiterSeconds: number | undefined;
  readonly most: number | undefined;
  /** Widths of the picture a second. */
  readonly fastest: number | undefined;
}

/** In is to the right hand of somebody who goes from the first point to the second. */
export interface Line extends Drawn {
  /** The direction in which nobody may go. */
  readonly forbidden: Direction | undefined;
}

/** What targets may come towards. */
export type Spot = Drawn;

export interface Shapes {
  readonly zones: readonly Zone[];
  readonly lines: readonly Line[];
  readonly spots: readonly Spot[];
}

export const noShapes: Shapes = { zones: [], lines: [], spots: [] };

/** More on one picture cannot be told apart, and each costs time with every position. */
export const shapesMax = 64;
const pointsMax = 64;
const corners = { zone: 3, line: 2, spot: 1 } as const;
type Kind = keyof typeof corners;

/**
 * The list as the dialog saves it: `[{shape: 'zone', id, name, camera, points: [[0.1, 0.5], ...], loiter, most, fastest}]`,
 * lines with `forbidden`. Points are fractions 0..1; what is empty does not count.
 *
 * @throws SetupError `setting-invalid` that names the shape and what is wrong with it
 */
export function readShapes(value: unknown): Shapes {
  if (value === undefined || value === null || value === '') return noShapes;
  if (!Array.isArray(value)) throw setupError('shapes', `must be a list, not ${typeof value}`);
  if (value.length > shapesMax) throw setupError('shapes', `are ${value.length}; at most ${shapesMax} are possible`);
  const zones: Zone[] = [];
  const lines: Line[] = [];
  const spots: Spot[] = [];
  const ids = new Set<string>();
  value.forEach((entry: unknown, index) => {
    const tree: Tree = isTree(entry) ? entry : {};
    const kind = readKind(tree.shape, index);
    const name = readWord(tree.name) || `${kind} ${index + 1}`;
    const place = `${kind} "${name}"`;
    const id = readWord(tree.id) || `${kind}-${index + 1}`;
    if (ids.has(id)) throw setupError(place, `has the id ${id} of another one`);
    ids.add(id);
    const drawn: Drawn = { id, name, camera: readWord(tree.camera), points: readPoints(tree.points, place, kind) };
    if (kind === 'spot') spots.push(drawn);
    if (kind === 'line') lines.push({ ...drawn, forbidden: readForbidden(tree.forbidden, place) });
    if (kind === 'zone') {
      const percent = readLimit(tree.fastest, place, 'too fast', 0.1, 10_000);
      zones.push({
        ...drawn,
        loiterSeconds: readLimit(tree.loiter, place, 'loitering', 0.1, 86_400),
        most: readLimit(tree.most, place, 'too many', 0, 10_000),
        fastest: percent === undefined ? undefined : percent / 100,
      });
    }
  });
  return { zones, lines, spots };
}

function readKind(value: unknown, index: number): Kind {
  if (value === 'zone' || value === 'line' || value === 'spot') return value;
  throw setupError(`shape ${index + 1}`, `must be a zone, a line or a spot, not ${JSON.stringify(value)}`);
}

function readPoints(value: unknown, place: string, kind: Kind): readonly Point[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const least = corners[kind];
  const most = kind === 'zone' ? pointsMax : least;
  if (list.length < least || list.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw setupError(place, `has ${list.length} points; it needs ${wanted}`);
  }
  const points = list.map((pair) => readPoint(pair, place));
  const [first, second] = points;
  if (kind === 'line' && first !== undefined && second !== undefined && distance(first, second) < 0.001)
    throw setupError(place, 'begins where it ends; its two points must lie apart');
  if (kind === 'zone' && areaOf(points) < 1e-6)
    throw setupError(place, 'has no area; its points must not lie in one line');
  return points;
}

function readPoint(value: unknown, place: string): Point {
  const [x, y]: readonly unknown[] = Array.isArray(value) ? value : isTree(value) ? [value.x, value.y] : [];
  const isFraction = (number: unknown): number is number => typeof number === 'number' && number >= 0 && number <= 1;
  if (isFraction(x) && isFraction(y)) return { x, y };
  throw setupError(place, `has the point ${JSON.stringify(value)}; x and y must be from 0 to 1`);
}

function readForbidden(value: unknown, place: string): Direction | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (value === 'in' || value === 'out') return value;
  throw setupError(place, `forbids ${JSON.stringify(value)}; it may forbid "in" or "out"`);
}

function readLimit(value: unknown, place: string, what: string, min: number, max: number): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw setupError(place, `"${what}" must be a number from ${min} to ${max}, not ${JSON.stringify(value)}`);
}

function readWord(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function setupError(place: string, fault: string): SetupError {
  return new SetupError('setting-invalid', `${place} ${fault}`, { place });
}
