/** The device's times: numbers of three sizes in UTC, and wall time in three forms (reference 4). */
import { toUtc } from '../../zone';
import type { EventOptions } from '../vendor';
import type { WireTime } from './message';

/** Further from the time of receipt no clock is believed: batteries die to 1970 or 2000, firmware prints 2^64. */
const absurdAfterMs = 366 * 24 * 3_600_000;

export interface EventTime {
  /** Milliseconds since 1970 UTC. */
  readonly ms: number;
  readonly source: 'device' | 'received';
}

/** When it happened: the device's word, or the time of receipt where that is missing, unreadable or absurd. */
export function readTime(
  time: WireTime,
  receivedAtMs: number,
  options: Pick<EventOptions, 'timeZone' | 'dateOrder'>,
): EventTime {
  const number = parseDigits(time.currentTime);
  if (isBelievable(number, receivedAtMs)) return { ms: number, source: 'device' };
  const wall = parseWallTime(time.dataTime, options.timeZone, options.dateOrder);
  if (isBelievable(wall, receivedAtMs)) return { ms: wall, source: 'device' };
  return { ms: receivedAtMs, source: 'received' };
}

function isBelievable(ms: number | undefined, receivedAtMs: number): ms is number {
  return ms !== undefined && Math.abs(ms - receivedAtMs) <= absurdAfterMs;
}

/** Digits decide, not the version: 10 are seconds, 13 milliseconds, 16 microseconds; 20 digits occurred and mean nothing. */
function parseDigits(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const number = Number(text);
  if (number === 0) return undefined;
  if (number < 1e11) return number * 1000;
  if (number < 1e14) return number;
  if (number < 1e17) return Math.floor(number / 1000);
  return undefined;
}

const clockForm = String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:\s*([AP])M)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]${clockForm}$`, 'i');
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/](\d{1,2})[-/](\d{4})[ T]${clockForm}$`, 'i');

/**
 * `2031-02-03 04:05:06`, `02-03-2031 04:05:06 PM`, `03-02-2031 16:05:06`: the device's date format setting. Twelve hours
 * or twenty-four is another of its settings, so each date may come with either.
 */
function parseWallTime(
  text: string | undefined,
  zone: string,
  dateOrder: EventOptions['dateOrder'],
): number | undefined {
  if (text === undefined) return undefined;
  const startsWithYear = yearFirst.exec(text);
  const match = startsWithYear ?? yearLast.exec(text);
  if (match === null) return undefined;
  const [one = 0, two = 0, three = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const half = match[7]?.toUpperCase();
  if (half !== undefined && hour > 12) return undefined;
  // 12:xx AM is hour 0, 12:xx PM is hour 12
  const clock = [half === undefined ? hour : (hour % 12) + (half === 'P' ? 12 : 0), minute, second];
  if (startsWithYear !== null) return toUtc([one, two, three, ...clock], zone);
  const isDayFirst = one > 12 || (two <= 12 && dateOrder === 'day-first');
  return toUtc(isDayFirst ? [three, two, one, ...clock] : [three, one, two, ...clock], zone);
}
