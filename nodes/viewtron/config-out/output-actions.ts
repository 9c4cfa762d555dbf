/** Outputs, virtual alarms, siren and light. */
import {
  listVirtualAlarms,
  outputFault,
  pulseOutput,
  setOutput,
  switchDeterrent,
  triggerVirtualAlarm,
} from '../../../src/vendors/viewtron/device/act';
import type { Device } from '../../../src/vendors/viewtron/device/device';
import { writeOptions, type Action, type Result, type Task } from './action';
import { wrong, type Parameters } from './parameters';

export const outputActions = {
  output: { run: switchOutput },
  'virtual-alarm': {
    async run({ device, parameters, signal }) {
      const id = parameters.integer('item', 1, 65_535);
      if (id === undefined) {
        const known = await listVirtualAlarms(device, { signal });
        const cure = known.length === 0 ? 'the device lists no virtual alarms' : `the device has ${known.join(', ')}`;
        throw wrong('item', `is missing; ${cure}`, undefined);
      }
      await triggerVirtualAlarm(device, id, { signal });
      return { payload: { id, triggered: true }, summary: (say) => say('done.virtual-alarm', { number: id }) };
    },
  },
  deterrent: {
    isExclusive: true,
    async run(task) {
      const { device, parameters } = task;
      const what = parameters.text('what') ?? 'sound';
      if (what !== 'sound' && what !== 'light') throw wrong('what', 'must be sound or light', what);
      const { isOn } = readState(parameters, false);
      const result = await switchDeterrent(device, what, isOn, writeOptions(task));
      return { payload: result, summary: (say) => say(isOn ? 'done.on' : 'done.off', { what: say(`what.${what}`) }) };
    },
  },
} as const satisfies Readonly<Record<string, Action>>;

/** On, off, or on for a while; from words, numbers and booleans of other nodes. */
function readState(parameters: Parameters, hasPulse: boolean): { readonly isOn: boolean; readonly isPulse: boolean } {
  const word = (parameters.text('state') ?? (hasPulse ? 'pulse' : 'on')).toLowerCase();
  if (['true', 'on', '1', 'open'].includes(word)) return { isOn: true, isPulse: false };
  if (['false', 'off', '0', 'close', 'closed'].includes(word)) return { isOn: false, isPulse: false };
  if (hasPulse && word === 'pulse') return { isOn: true, isPulse: true };
  throw wrong('state', `must be on, off${hasPulse ? ' or pulse' : ''}`, word);
}

async function switchOutput({ device, channel, parameters, signal }: Task): Promise<Result> {
  const { isOn, isPulse } = readState(parameters, true);
  const seconds = parameters.number('seconds', 0.1, 3600) ?? 3;
  if (isPulse) await pulseOutput(device, seconds * 1000, { channel, signal });
  else await setOutput(device, isOn, { channel, signal });
  const info = await readInfo(device, signal);
  const isRecorder = Number(info.chlMaxCount ?? 1) > 1 && info.deviceDescription !== 'IPCamera';
  const payload = { on: isOn && !isPulse, ...(isPulse && { seconds }), ...(!isRecorder && { note: outputFault }) };
  return {
    payload,
    summary: (say) => (isPulse ? say('done.pulse', { seconds }) : say(isOn ? 'done.output-on' : 'done.output-off')),
  };
}

/** The output has been switched: what else is known of the device is not worth an error. */
async function readInfo(device: Device, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await device.abilities({ signal })).info;
  } catch {
    return {};
  }
}
