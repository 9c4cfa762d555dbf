/** The times of Camlytics: wall time without a zone from its REST API, RFC 3339 or numbers from its webhooks (reference 7). */
import { toUtc } from '../../zone';

const dayMs = 24 * 3_600_000;
/** Camlytics is younger than that: a PC whose battery died shows an earlier year. */
const earliestMs = Date.UTC(2005, 0, 1);

const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Milliseconds since 1970 UTC; undefined where it is missing, unreadable or absurd. */
export function readTime(said: string | undefined, zone: string, receivedAt: number): number | undefined {
  if (said === undefined) return undefined;
  const ms = /^\d{10}(\d{3})?$/.test(said) ? Number(said.padEnd(13, '0')) : parse(repairSign(said), zone);
  return ms !== undefined && ms >= earliestMs && ms <= receivedAt + 366 * dayMs ? ms : undefined;
}

/** The plus of an offset that came through a query unencoded became a blank there (reference 9). */
function repairSign(text: string): string {
  return text.replace(/(\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:?\d\d)$/, '$1+$2');
}

function parse(text: string, zone: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const parts = match.slice(1, 7).map((part) => Number(part ?? 0));
  const seconds = toUtc(parts, readZone(match[8]) ?? zone);
  if (seconds === undefined) return undefined;
  return seconds + Number(`${match[7] ?? ''}000`.slice(0, 3));
}

/** `+02` and `+0200` as `+02:00`. */
function readZone(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.toUpperCase() === 'Z') return '+00:00';
  return `${text.slice(0, 3)}:${text.replace(':', '').slice(3) || '00'}`;
}
