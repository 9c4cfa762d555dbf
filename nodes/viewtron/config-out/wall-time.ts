/** Times as devices take them: their own wall clock, without a zone. */
import { SetupError } from '../../../src/errors';
import { show } from './parameters';

const wallForm = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * `2031-02-03 04:05:06` of a wall time, of a moment (a Date, milliseconds, ISO 8601 with a zone; in this machine's zone),
 * or of a day: its start or its end.
 *
 * @throws SetupError `parameter-invalid`
 */
export function toWallTime(value: unknown, side: 'start' | 'end', name: string): string {
  const match = typeof value === 'string' ? wallForm.exec(value.trim()) : null;
  if (match !== null) {
    const [year = '', month = '', day = '', hour, minute, second] = match.slice(1);
    const isDay = hour === undefined;
    const clock = isDay ? (side === 'start' ? '00:00:00' : '23:59:59') : `${two(hour)}:${minute}:${second ?? '00'}`;
    const parts = [Number(year), Number(month), Number(day)] as const;
    const isReal = new Date(Date.UTC(parts[0], parts[1] - 1, parts[2])).getUTCDate() === parts[2] && parts[1] <= 12;
    if (isReal && Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60)
      return `${year}-${two(month)}-${two(day)} ${clock}`;
  } else {
    const at = value instanceof Date ? value : typeof value === 'number' ? new Date(value) : parseIso(value);
    if (at !== undefined && !Number.isNaN(at.getTime())) return writeLocal(at);
  }
  const shown = show(value);
  const message = `${name}: ${shown} is no time; write 2031-02-03, 2031-02-03 04:05:06 or 2031-02-03T04:05:06Z`;
  throw new SetupError('parameter-invalid', message, { place: name });
}

function parseIso(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/i.test(value.trim())) return undefined;
  return new Date(value.trim());
}

export function writeLocal(at: Date): string {
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function two(number: number | string): string {
  return String(number).padStart(2, '0');
}
