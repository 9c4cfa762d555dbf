/** The zones and lines that are set up in a device for its own alarms (reference 7.9). */
import type { Point } from '../../../event';
import { isTree, type Tree } from '../../../wire/read';
import type { ConfigName } from './commands';
import type { Device, DeviceOptions } from './device';
import { DeviceError, isUnknownCommand } from './failure';

export interface Area {
  readonly source: 'perimeter' | 'tripwire';
  /** From 1, in the device's own order. */
  readonly number: number;
  /**
   * Fractions 0..1 of the picture: three or more of a perimeter's zone, two of a tripwire. Where the tripwire raises its alarm
   * in one direction only, who goes that way comes to the right hand of somebody who goes from the first point to the second.
   */
  readonly points: readonly Point[];
}

/**
 * Asks for both configurations, one after the other; a device may have only one of them.
 *
 * @throws DeviceError `unknown-command` or its like where it has neither; whatever else is wrong with a call ends it at once
 */
export async function readAreas(device: Device, options: DeviceOptions = {}): Promise<readonly Area[]> {
  const perimeter = await readBlock(device, 'perimeter', options);
  const tripwire = await readBlock(device, 'tripwire', options);
  if (perimeter instanceof DeviceError && tripwire instanceof DeviceError) throw perimeter;
  return [...toZones(perimeter), ...toLines(tripwire)];
}

async function readBlock(device: Device, name: ConfigName, options: DeviceOptions): Promise<unknown> {
  try {
    return (await device.read(name, { ...options, fractions: true })).config[name];
  } catch (thrown) {
    if (isUnknownCommand(thrown)) return thrown;
    throw thrown;
  }
}

function toZones(perimeter: unknown): readonly Area[] {
  return listOf(perimeter, 'regionInfo').flatMap((region, index) => {
    const points = listOf(region, 'pointGroup').flatMap(toPoint);
    return countPlaces(points) < 3 ? [] : [{ source: 'perimeter', number: index + 1, points } as const];
  });
}

function toLines(tripwire: unknown): readonly Area[] {
  return listOf(tripwire, 'lineInfo').flatMap((line, index) => {
    const tree: Tree = isTree(line) ? line : {};
    const points = [tree.startPoint, tree.endPoint].flatMap(toPoint);
    const [start, end] = points;
    if (start === undefined || end === undefined || countPlaces(points) < 2) return [];
    const turned = isAgainst(start, end, tree.direction);
    return [{ source: 'tripwire', number: index + 1, points: turned ? [end, start] : points } as const];
  });
}

/** `rightortop`: from left to right, or from bottom to top; `leftorbotton` is spelled so, and means the opposite. */
function isAgainst(start: Point, end: Point, direction: unknown): boolean {
  if (direction !== 'rightortop' && direction !== 'leftorbotton') return false;
  const right = { x: start.y - end.y, y: end.x - start.x };
  const isRightOrTop = Math.abs(right.x) >= Math.abs(right.y) ? right.x > 0 : right.y < 0;
  return isRightOrTop !== (direction === 'rightortop');
}

function toPoint(value: unknown): readonly Point[] {
  const { X: x, Y: y }: Tree = isTree(value) ? value : {};
  const isFraction = (number: unknown): number is number => typeof number === 'number' && number >= 0 && number <= 1;
  return isFraction(x) && isFraction(y) ? [{ x, y }] : [];
}

/** Cameras fill up what is not set with points that are all the same. */
function countPlaces(points: readonly Point[]): number {
  return new Set(points.map(({ x, y }) => `${x} ${y}`)).size;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = isTree(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}
