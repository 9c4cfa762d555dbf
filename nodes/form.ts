/** What an open dialog asks before anything is deployed: its fields, and what stands for those that it was never told. */
import { isTree } from '../src/wire/read';

/** What the editor has in place of a secret. */
const keptSecret = '__PWRD__';

/** Whether a person has typed that secret: else it is the one that is kept, or none. */
export function isTypedSecret(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== keptSecret;
}

export function isKeptSecret(value: unknown): boolean {
  return value === keptSecret;
}

/** The fields, with what Node-RED puts in for `${NAME}` when it starts a node. */
export function readForm(body: unknown): Readonly<Record<string, unknown>> {
  const fields = isTree(body) ? body : {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const variable = typeof value === 'string' ? /^\$[{(](\w+)[)}]$/.exec(value.trim())?.[1] : undefined;
      return [name, variable === undefined ? value : (process.env[variable] ?? value)];
    }),
  );
}
