/** Camio's times: an offset without a colon, `-0000` for UTC, and times of access control systems without any zone. */
import { findOffset } from '../../zone';

/** No clock of a cloud is so far ahead; a record in local time that is taken for UTC may be 14 hours. */
const futureMs = 2 * 24 * 3600 * 1000;

const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** @param zone what a time without a zone is in: an IANA name or an offset */
export function parseTime(text: string, zone: string): number | undefined {
  const match = form.exec(text.trim());
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
  const second = Number(match[6] ?? 0);
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const offset = readOffset(match[8], wall, zone);
  return offset === undefined ? undefined : wall - offset;
}

/** The first of the texts that is a time, and one that can be. */
export function findTime(
  texts: readonly (string | undefined)[],
  zone: string,
  receivedAtMs: number,
): number | undefined {
  for (const text of texts) {
    const ms = text === undefined ? undefined : parseTime(text, zone);
    if (ms !== undefined && ms > 0 && ms <= receivedAtMs + futureMs) return ms;
  }
  return undefined;
}

function readOffset(written: string | undefined, wall: number, zone: string): number | undefined {
  if (written === undefined) return findOffset(wall, zone === '' ? '+00:00' : zone);
  if (written.toUpperCase() === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(written) ?? [];
  const total = Number(hours) * 60 + Number(minutes ?? 0);
  if (total > 14 * 60 || Number(minutes ?? 0) > 59) return undefined;
  return (sign === '-' ? -total : total) * 60_000;
}
