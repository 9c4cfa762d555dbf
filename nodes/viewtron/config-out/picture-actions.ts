/** Pictures, of now and of a moment; the clock that tells which moment. */
import { findSnapshot, setClock, takeSnapshot, type Picture } from '../../../src/vendors/viewtron/device/act';
import type { Action, Result } from './action';
import { toWallTime, writeLocal } from './wall-time';

const longestSeconds = 86_400;

export const pictureActions = {
  snapshot: {
    run: async ({ device, channel, signal }) => toPictureResult(await takeSnapshot(device, { channel, signal })),
  },
  'snapshot-at': {
    async run({ device, channel, parameters, signal }) {
      const time = toWallTime(parameters.value('time') ?? parameters.required('time'), 'start', 'time');
      const seconds = parameters.integer('seconds', 1, longestSeconds) ?? 10;
      return toPictureResult(await findSnapshot(device, time, seconds, { channel, signal }));
    },
  },
  'set-clock': {
    isExclusive: true,
    async run({ device, parameters, signal }) {
      const given = parameters.value('time');
      const isNow = given === undefined || given === '';
      const time = isNow ? writeLocal(new Date()) : toWallTime(given, 'start', 'time');
      await setClock(device, { time, timeZone: parameters.text('timeZone') }, { signal });
      return { payload: { time }, summary: (say) => say('done.clock', { time }) };
    },
  },
} as const satisfies Readonly<Record<string, Action>>;

function toPictureResult({ data, ...about }: Picture): Result {
  return {
    payload: data,
    fields: about,
    summary: (say) => say('done.picture', { kilobytes: Math.round(data.length / 1024) }),
  };
}
