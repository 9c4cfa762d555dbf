/** Reads and writes configurations, and sends any other command by its name. */
import { configNames, findConfig, type ConfigName } from '../../../src/vendors/viewtron/device/commands';
import { writeConfig } from '../../../src/vendors/viewtron/device/device';
import { readChildren } from '../../../src/vendors/viewtron/device/values';
import { writeOptions, type Action, type Result, type Say, type Task } from './action';
import { wrong, type Parameters } from './parameters';

export const configActions = {
  read: { run: read },
  write: { run: write, isExclusive: true },
  raw: { run: callRaw },
} as const satisfies Readonly<Record<string, Action>>;

/** @throws SetupError `parameter-invalid` with the names that there are */
function readWhat(parameters: Parameters): ConfigName {
  const name = parameters.required('what');
  const found = findConfig(name);
  if (found !== undefined) return found;
  throw wrong('what', `must be one of ${configNames.join(', ')}`, name);
}

async function read({ device, channel, parameters, def, signal }: Task): Promise<Result> {
  const name = readWhat(parameters);
  const { config, fields } = await device.read(name, { channel, signal, fractions: def.fractions === true });
  return { payload: config, fields, summary: (say) => say('done.read', { what: say(`what.${name}`) }) };
}

async function write(task: Task): Promise<Result> {
  const { device, parameters } = task;
  const name = parameters.text('what') === undefined ? undefined : readWhat(parameters);
  const result = await device.write(parameters.value('value'), writeOptions(task), name);
  const { changes, sent, unconfirmed } = result;
  const summary = (say: Say): string => {
    if (unconfirmed.length > 0) return say('done.not-kept', { number: unconfirmed.length });
    if (changes.length === 0) return say('done.nothing-to-change');
    return say(sent ? 'done.changes' : 'done.to-change', { number: changes.length });
  };
  return { payload: result, summary };
}

async function callRaw({ device, parameters, def, signal }: Task): Promise<Result> {
  const text = parameters.required('command').replace(/^\//, '');
  const [command = '', ...rest] = text.split('/');
  if (!/^[A-Za-z]\w*$/.test(command))
    throw wrong('command', 'must be a name such as GetDeviceInfo or PtzControl/1/Stop', text);
  const value = parameters.value('value');
  const body = toBody(value);
  const own = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : undefined;
  const action = rest.length === 0 ? undefined : rest.join('/');
  const method = def.method === 'GET' ? 'GET' : 'POST';
  const answer = await device.call(
    {
      command,
      channel: own ?? parameters.integer('channel', 1, 1024),
      action,
      method,
      ...(body !== undefined && method === 'POST' && { body }),
    },
    { signal },
  );
  const { document, picture } = answer;
  if (picture !== undefined) return { payload: picture, summary: () => command };
  if (document === undefined) return { payload: {}, summary: () => command };
  if (def.asXml === true) return { payload: document.text, summary: () => command };
  return {
    payload: readChildren(document, document.root, '', { fractions: def.fractions === true }),
    summary: () => command,
  };
}

/** A whole document is sent as it is; what has no root of its own gets the usual one. Messages that just come by are none. */
function toBody(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.trim().startsWith('<')) return undefined;
  return /^\s*(<\?xml|<config[\s>]|<\w+Info[\s>])/.test(value) ? value : writeConfig('1.0', value);
}
