/** What an action needs to know: typed fields of the dialog, or properties of the message. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { SetupError } from '../../../src/errors';
import { isTree } from '../../../src/wire/read';

/** Fields of the dialog, each with its type beside it: `what` and `whatType`. */
export const parameterNames = [
  'what',
  'channel',
  'value',
  'command',
  'group',
  'number',
  'state',
  'seconds',
  'time',
  'timeZone',
  'item',
  'move',
  'speed',
  'slot',
  'address',
] as const;

export type ParameterName = (typeof parameterNames)[number];

/** With the names that a message has for them; `value` is the payload. */
export class Parameters {
  readonly #values: ReadonlyMap<ParameterName, unknown>;

  constructor(values: ReadonlyMap<ParameterName, unknown>) {
    this.#values = values;
  }

  /** @throws SetupError `parameter-invalid` where it could not be read */
  value(name: ParameterName): unknown {
    const value = this.#values.get(name);
    if (value instanceof SetupError) throw value;
    return value;
  }

  /** Trimmed; undefined where nothing was given. */
  text(name: ParameterName): string | undefined {
    const value = this.value(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const text = String(value).trim();
      return text === '' ? undefined : text;
    }
    throw wrong(name, 'must be a text', value);
  }

  required(name: ParameterName): string {
    const text = this.text(name);
    if (text === undefined) throw wrong(name, 'is missing', undefined);
    return text;
  }

  /** @throws SetupError `parameter-invalid` that names the field and what it may be */
  number(name: ParameterName, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (Number.isFinite(number) && number >= least && number <= most) return number;
    throw wrong(name, `must be a number from ${least} to ${most}`, text);
  }

  integer(name: ParameterName, least: number, most: number): number | undefined {
    const number = this.number(name, least, most);
    if (number === undefined || Number.isInteger(number)) return number;
    throw wrong(name, 'must be a whole number', number);
  }
}

export function wrong(name: string, fault: string, value: unknown): SetupError {
  const given = value === undefined ? '' : `, not ${show(value)}`;
  return new SetupError('parameter-invalid', `${name}: ${fault}${given}`, { place: name });
}

/** As a person may see it; what JSON cannot tell is named by its type. */
export function show(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 80);
}

/** From the dialog's typed fields. A field that was left empty is not given. */
export async function readFields(
  RED: NodeAPI,
  node: Node,
  def: Readonly<Record<string, unknown>>,
  message: NodeMessage,
): Promise<Parameters> {
  const values = new Map<ParameterName, unknown>();
  // a flow written by hand may not have it
  if (def.value === undefined) values.set('value', message.payload);
  for (const name of parameterNames) {
    const value = def[name];
    if (value === undefined) continue;
    const type = def[`${name}Type`];
    if (typeof type !== 'string' || (value === '' && type !== 'date')) {
      if (typeof type !== 'string' && value !== '') values.set(name, value);
      continue;
    }
    // a field that the action does not need may hold what it likes
    values.set(name, await evaluate(RED, node, name, typeof value === 'string' ? value : show(value), type, message));
  }
  return new Parameters(values);
}

/** From the message alone: what its action needs has the names of the dialog's fields. */
export function readMessage(message: NodeMessage): Parameters {
  const properties: Readonly<Record<string, unknown>> = isTree(message) ? message : {};
  const values = new Map<ParameterName, unknown>(
    parameterNames.map((name) => [name, name === 'value' ? properties.payload : properties[name]]),
  );
  return new Parameters(values);
}

function evaluate(
  RED: NodeAPI,
  node: Node,
  name: string,
  value: string,
  type: string,
  message: NodeMessage,
): Promise<unknown> {
  return new Promise((resolve) => {
    try {
      // the callback form alone reaches context stores that answer later
      RED.util.evaluateNodeProperty(value, type, node, message, (error: Error | null, found: unknown) => {
        if (error === null) resolve(found);
        else resolve(wrong(name, `cannot be read as ${type} (${error.message.slice(0, 80)})`, undefined));
      });
    } catch {
      resolve(wrong(name, `is no ${type}`, undefined));
    }
  });
}
