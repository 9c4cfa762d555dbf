/** What nodes must keep between two starts of Node-RED and no flow may hold: beside Node-RED's own settings, encrypted. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { NodeAPI } from 'node-red';
import { isTree } from '../src/wire/read';

/** One thing that is kept. */
export interface Safe<T> {
  /** Undefined where nothing is kept, or nothing that can be read: another key, another version. */
  read(): T | undefined;
  write(value: T): Promise<void>;
  forget(): Promise<void>;
}

const setting = 'securityEventsSafe';
const algorithm = 'aes-256-gcm';

/**
 * Keeps values under a name, as safe as Node-RED keeps credentials: encrypted with the same key, and in the clear where the
 * user's settings switch that off (`credentialSecret: false`).
 *
 * @param isValid whether what was read is what was meant: an older version of this package may have written it
 */
export function openSafe<T>(RED: NodeAPI, name: string, isValid: (value: unknown) => value is T): Safe<T> {
  const all = (): Readonly<Record<string, unknown>> => {
    // a test tool's runtime keeps no settings
    const kept: unknown = RED.settings.available() ? RED.settings.get(setting) : undefined;
    return isTree(kept) ? kept : {};
  };
  const store = async (next: Readonly<Record<string, unknown>>): Promise<void> => {
    if (RED.settings.available()) await RED.settings.set(setting, next);
  };
  return {
    read() {
      try {
        const value = unlock(all()[name], keyOf(RED));
        return isValid(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    write: (value) => store({ ...all(), [name]: lock(value, keyOf(RED)) }),
    async forget() {
      const { [name]: kept, ...others } = all();
      if (kept !== undefined) await store(others);
    },
  };
}

function keyOf({ settings }: NodeAPI): Buffer | undefined {
  const chosen: unknown = settings.get('credentialSecret');
  if (chosen === false) return undefined;
  const secret = typeof chosen === 'string' ? chosen : settings.get('_credentialSecret');
  return typeof secret === 'string' ? createHash('sha256').update(secret).digest() : undefined;
}

function lock(value: unknown, key: Buffer | undefined): unknown {
  if (key === undefined) return { open: value };
  const start = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, start);
  const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return { locked: Buffer.concat([start, cipher.getAuthTag(), text]).toString('base64') };
}

function unlock(kept: unknown, key: Buffer | undefined): unknown {
  if (!isTree(kept)) return undefined;
  if (typeof kept.locked !== 'string') return kept.open;
  if (key === undefined) return undefined;
  const bytes = Buffer.from(kept.locked, 'base64');
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
}
