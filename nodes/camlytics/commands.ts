/** What a message may ask a camlytics-poll node for. */
import { SetupError } from '../../src/errors';
import { isTree } from '../../src/wire/read';

export type Command =
  | { readonly is: 'poll' | 'pause' | 'resume' | 'channels' }
  | {
      readonly is: 'totals';
      readonly by: readonly ('rule' | 'type')[];
      /** Name or id. */
      readonly channel: string | undefined;
      readonly sinceMs: number | undefined;
      readonly untilMs: number | undefined;
      readonly origin: string | undefined;
    }
  | { readonly is: 'replay'; readonly sinceId: number | undefined; readonly sinceMs: number | undefined };

const plain = ['poll', 'pause', 'resume', 'channels'] as const;
const cure = 'msg.payload must be poll, pause, resume, channels or totals, or an object with a command';

/** @throws SetupError `command-unknown`, `command-invalid` */
export function readCommand(payload: unknown): Command {
  const fields = isTree(payload) ? payload : { command: payload };
  const word = typeof fields.command === 'string' ? fields.command.trim().toLowerCase() : '';
  const found = plain.find((each) => each === word);
  if (found !== undefined) return { is: found };
  if (word === 'totals') {
    return {
      is: 'totals',
      by: readBy(fields.by),
      channel: readWord(fields.channel, 'channel'),
      sinceMs: readInstant(fields.since, 'since'),
      untilMs: readInstant(fields.until, 'until'),
      origin: readWord(fields.origin, 'origin'),
    };
  }
  if (word === 'replay') return readReplay(fields);
  throw new SetupError(
    'command-unknown',
    `${word === '' ? 'no command' : `the command "${word.slice(0, 40)}" is not known`}: ${cure}`,
    {
      place: 'msg.payload',
    },
  );
}

function readReplay(fields: Readonly<Record<string, unknown>>): Command {
  const sinceMs = readInstant(fields.since, 'since');
  const { sinceId } = fields;
  const id = typeof sinceId === 'string' && /^\d+$/.test(sinceId.trim()) ? Number(sinceId) : sinceId;
  if (id !== undefined && !(typeof id === 'number' && Number.isSafeInteger(id) && id >= 0)) {
    throw invalid('sinceId must be the whole number of an event');
  }
  if (id === undefined && sinceMs === undefined) throw invalid('replay needs sinceId, or since with a time');
  return { is: 'replay', sinceId: id, sinceMs };
}

function readBy(value: unknown): readonly ('rule' | 'type')[] {
  if (value === undefined) return ['rule', 'type'];
  if (value === 'rule' || value === 'type') return [value];
  throw invalid('by must be rule or type');
}

function readWord(value: unknown, field: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw invalid(`${field} must be a text`);
}

/** ISO 8601, or milliseconds since 1970. */
function readInstant(value: unknown, field: string): number | undefined {
  if (value === undefined || value === '') return undefined;
  const ms =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'number'
        ? value
        : Date.parse(typeof value === 'string' ? value : '');
  if (Number.isFinite(ms) && Math.abs(ms) < 8e15) return ms;
  throw invalid(`${field} must be a time such as 2026-03-18T09:00:00Z, or milliseconds since 1970`);
}

function invalid(message: string): SetupError {
  return new SetupError('command-invalid', message, { place: 'msg.payload' });
}
