/** Wall clocks and their zones: devices tell local time, events are in UTC. */

const [dayMs, hourMs, minuteMs, secondMs] = [86_400_000, 3_600_000, 60_000, 1000];
let lastDay = Number.NaN;
let lastDate = '';

/**
 * `2024-03-18T09:14:11.021Z`, as `toISOString` writes it, in a fifth of the time where the day is that of the call before: each
 * event has two.
 *
 * @param ms since 1970 UTC
 * @throws RangeError where no such date is
 */
export function toIso(ms: number): string {
  const whole = Math.trunc(ms);
  const day = Math.floor(whole / dayMs);
  if (day !== lastDay) [lastDate, lastDay] = [new Date(whole).toISOString().slice(0, -'09:14:11.021Z'.length), day];
  const left = whole - day * dayMs;
  const [hour, minute] = [Math.floor(left / hourMs), Math.floor((left % hourMs) / minuteMs)];
  const [second, rest] = [Math.floor((left % minuteMs) / secondMs), left % secondMs];
  return `${lastDate}${pad(hour)}:${pad(minute)}:${pad(second)}.${rest < 100 ? `0${pad(rest)}` : rest}Z`;
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

/**
 * Milliseconds since 1970 UTC when a wall clock of the zone shows `[year, month, day, hour, minute, second]`; undefined for
 * a date that is none, or a zone that is not known. An empty zone is that of this computer.
 */
export function toUtc(parts: readonly number[], zone: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  if (zone === '') return new Date(year, month - 1, day, hour, minute, second).getTime();
  const offset = findOffset(wall, zone);
  return offset === undefined ? undefined : wall - offset;
}

/** True for an IANA name that this Node.js knows, for `+02:00` and the like, and for the empty string (own zone). */
export function isTimeZone(zone: string): boolean {
  return zone === '' || findOffset(0, zone) !== undefined;
}

let lastZone = '';
let lastQuarter = Number.NaN;
let lastOffset = 0;

/**
 * Milliseconds that the zone's wall clock is ahead of UTC when it shows `wall`, written as if it were UTC; undefined for a
 * zone that is not known. Zones change on quarters of an hour only.
 */
export function findOffset(wall: number, zone: string): number | undefined {
  const fixed = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (fixed && (Number(fixed[2]) > 14 || Number(fixed[3]) > 59)) return undefined;
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000;
  const quarter = Math.floor(wall / 900_000);
  if (zone === lastZone && quarter === lastQuarter) return lastOffset;
  const clock = clockOf(zone);
  if (clock === undefined) return undefined;
  // near a change of daylight saving the first guess may be on the wrong side of it
  const guess = clock(wall);
  const offset = clock(wall - guess);
  [lastZone, lastQuarter, lastOffset] = [zone, quarter, offset];
  return offset;
}

type ZoneClock = (utcMs: number) => number;
const zoneClocks = new Map<string, ZoneClock>();

function clockOf(zone: string): ZoneClock | undefined {
  let clock = zoneClocks.get(zone);
  if (clock === undefined) {
    let format: Intl.DateTimeFormat;
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      return undefined; // no such zone
    }
    clock = (utcMs) => {
      const at: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
      for (const part of format.formatToParts(utcMs)) at[part.type] = Number(part.value);
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = at;
      return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000;
    };
    zoneClocks.set(zone, clock);
  }
  return clock;
}

/** What a wall clock of the zone shows at an instant, as `2024-03-18T09:14:11.021`. An unknown zone is taken for UTC. */
export function toWall(utcMs: number, zone: string): string {
  const offset = zone === '' ? -new Date(utcMs).getTimezoneOffset() * 60_000 : offsetAt(utcMs, zone);
  return new Date(utcMs + offset).toISOString().slice(0, -1);
}

function offsetAt(utcMs: number, zone: string): number {
  return clockOf(zone)?.(utcMs) ?? findOffset(utcMs, zone) ?? 0;
}
