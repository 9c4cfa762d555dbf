/** The fields of a node's settings, as texts of a dialog or of an environment: read with a word about what is wrong. */
import { SetupError } from '../src/errors';
import { isTimeZone } from '../src/zone';

/**
 * A number of a node's settings: a text or number, after Node-RED has put in what `${ENV}` stands for.
 *
 * @throws SetupError `setting-invalid` that names the field and what it may be
 */
export function readNumber(value: unknown, field: string, min: number, max: number, fallback?: number): number {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (text === '' && fallback !== undefined) return fallback;
  const number = Number(text);
  if (text !== '' && number >= min && number <= max) return number;
  const unset = /^\$[{(].*[})]$/.test(text) ? ` (the environment variable ${text} is not set)` : '';
  throw new SetupError('setting-invalid', `${field} must be a number from ${min} to ${max}, not "${text}"${unset}`, {
    place: field,
  });
}

/** A whole number of a node's settings. @throws SetupError as {@link readNumber} does */
export function readInteger(value: unknown, field: string, min: number, max: number, fallback?: number): number {
  const number = readNumber(value, field, min, max, fallback);
  if (Number.isInteger(number)) return number;
  throw new SetupError('setting-invalid', `${field} must be a whole number, not ${number}`, { place: field });
}

/** What Node-RED leaves of `${NAME}` where there is no such environment variable. */
const unsetVariable = /^\$[{(]\w+[)}]$/;

/** Whether a text stands for an environment variable that nobody has put in yet. */
export function isUnsetVariable(text: string): boolean {
  return unsetVariable.test(text.trim());
}

/**
 * A text of a node's settings as it is, blanks and all: they may be meant in a password. Anything else counts as empty.
 *
 * @throws SetupError `setting-invalid` where it is an environment variable that is not set
 */
export function readVerbatim(value: unknown, field: string): string {
  const text = typeof value === 'string' ? value : '';
  if (!isUnsetVariable(text)) return text;
  throw new SetupError('setting-invalid', `${field}: the environment variable ${text.trim()} is not set`, {
    place: field,
  });
}

/** A text of a node's settings, without blanks at its ends. @throws SetupError as {@link readVerbatim} does */
export function readText(value: unknown, field: string, fallback = ''): string {
  return typeof value === 'string' ? readVerbatim(value, field).trim() : fallback;
}

/** One word of a closed list. */
export function readChoice<T extends string>(value: unknown, field: string, choices: readonly T[], fallback: T): T {
  if (value === undefined || value === '') return choices.find((choice) => choice === value) ?? fallback;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new SetupError(
    'setting-invalid',
    `${field} must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`,
    {
      place: field,
    },
  );
}

/** Those words of a closed list that a setting names; unknown ones are passed over, so that older packages load newer flows. */
export function readChoices<T extends string>(
  value: unknown,
  choices: readonly T[],
  fallback: readonly T[],
): readonly T[] {
  if (!Array.isArray(value)) return fallback;
  return choices.filter((choice) => value.includes(choice));
}

/** An IANA name or an offset; empty: the server's own zone. @throws SetupError `setting-invalid` */
export function readTimeZone(value: unknown): string {
  const zone = readText(value, 'time zone');
  if (isTimeZone(zone)) return zone;
  throw new SetupError('setting-invalid', `time zone "${zone}" is not known; write Europe/Berlin or +02:00`, {
    place: 'time zone',
  });
}
