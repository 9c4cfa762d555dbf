/** Plates as flows give them: a number, an object, a list of either, rows of a CSV file. */
import { SetupError } from '../../../src/errors';
import type { Plate } from '../../../src/vendors/viewtron/device/plates';
import { isTree } from '../../../src/wire/read';
import { toWallTime } from './wall-time';

const longestNumber = 32;
/** More would hold up everything else; no device takes as many. */
const most = 100_000;

/** Other words for a field, in lower case. */
const words: Readonly<Record<keyof Omit<Plate, 'key'>, readonly string[]>> = {
  number: ['number', 'plate', 'platenumber', 'licenseplatenumber', 'carplatenumber'],
  group: ['group', 'list', 'groupname', 'plateitemtype'],
  from: ['from', 'begin', 'begintime', 'validfrom'],
  until: ['until', 'end', 'endtime', 'validuntil', 'expires'],
  owner: ['owner', 'name', 'carowner'],
  phone: ['phone', 'telephone'],
};

/**
 * @param group for plates that name none
 * @throws SetupError `plates-invalid` that names the row
 */
export function readPlates(value: unknown, group: string): readonly Plate[] {
  const rows: readonly unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  if (rows.length > most) throw invalid(`${rows.length} plates are too many; at most ${most} at once`);
  const plates = new Map<string, Plate>();
  rows.forEach((row, index) => {
    const plate = readPlate(row, index, group);
    // what comes twice counts as it came last
    plates.set(`${plate.group.toLowerCase()} ${plate.number}`, plate);
  });
  return [...plates.values()];
}

function readPlate(row: unknown, index: number, group: string): Plate {
  const where = `plate ${index + 1}`;
  // a number of an event (`payload.plate`), or a text; a number as such would have lost its zeros
  const fields: Readonly<Record<string, unknown>> = isTree(row) ? row : { number: row };
  const find = (names: readonly string[]): unknown =>
    Object.entries(fields).find(([name]) => names.includes(name.toLowerCase().replace(/[\s_-]/g, '')))?.[1];
  const text = (name: keyof typeof words): string | undefined => {
    const found = find(words[name]);
    if (found === undefined || found === null || found === '') return undefined;
    if (typeof found !== 'string' && typeof found !== 'number') throw invalid(`${where}: ${name} must be a text`);
    const plain = String(found)
      .replace(/\p{Cc}/gu, ' ')
      .trim();
    return plain === '' ? undefined : plain;
  };
  const number = text('number');
  if (number === undefined) throw invalid(`${where} has no number; give {number: "AB12 CDE"} or a text`);
  if (number.length > longestNumber) throw invalid(`${where}: the number has more than ${longestNumber} characters`);
  const from = find(words.from);
  const until = find(words.until);
  const owner = text('owner');
  const phone = text('phone');
  return {
    number,
    group: text('group') ?? group,
    ...(isGiven(from) && { from: toWallTime(from, 'start', `${where}: from`) }),
    ...(isGiven(until) && { until: toWallTime(until, 'end', `${where}: until`) }),
    ...(owner !== undefined && { owner }),
    ...(phone !== undefined && { phone }),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function invalid(message: string): SetupError {
  return new SetupError('plates-invalid', message, { place: 'plates' });
}
