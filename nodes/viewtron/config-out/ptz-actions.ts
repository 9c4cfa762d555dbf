/** Where a camera looks: movements, presets, tours. */
import {
  addPreset,
  movePtz,
  movePtzFor,
  ptzMoves,
  runCruise,
  stopCruise,
  usePreset,
} from '../../../src/vendors/viewtron/device/act';
import type { Action } from './action';
import { wrong } from './parameters';

export const ptzActions = {
  ptz: {
    async run({ device, channel, parameters, signal }) {
      const word = parameters.text('move') ?? 'Stop';
      const move = ptzMoves.find((each) => each.toLowerCase() === word.toLowerCase().replace(/[\s_-]/g, ''));
      if (move === undefined) throw wrong('move', `must be one of ${ptzMoves.join(', ')}`, word);
      const speed = parameters.integer('speed', 1, 8);
      const seconds = parameters.number('seconds', 0, 600) ?? 0;
      const options = { channel, signal };
      if (seconds > 0 && move !== 'Stop') await movePtzFor(device, move, speed, seconds * 1000, options);
      else await movePtz(device, move, speed, options);
      return { payload: { move, seconds }, summary: () => move };
    },
  },
  'ptz-preset': {
    async run({ device, channel, parameters, signal }) {
      const id = parameters.integer('item', 1, 360);
      if (id === undefined) throw wrong('item', 'is missing: the number of the preset', undefined);
      await usePreset(device, 'goto', id, { channel, signal });
      return { payload: { preset: id }, summary: (say) => say('done.preset', { preset: id }) };
    },
  },
  'ptz-preset-add': {
    async run({ device, channel, parameters, signal }) {
      const name = parameters.required('value');
      await addPreset(device, name, { channel, signal });
      return { payload: { preset: name, added: true }, summary: (say) => say('done.preset', { preset: name }) };
    },
  },
  'ptz-preset-delete': {
    async run({ device, channel, parameters, signal }) {
      const id = parameters.integer('item', 1, 360);
      if (id === undefined) throw wrong('item', 'is missing: the number of the preset', undefined);
      await usePreset(device, 'delete', id, { channel, signal });
      return { payload: { preset: id, deleted: true }, summary: (say) => say('done.preset-deleted', { preset: id }) };
    },
  },
  'ptz-cruise': {
    async run({ device, channel, parameters, signal }) {
      const id = parameters.integer('item', 0, 64) ?? 0;
      if (id === 0) await stopCruise(device, { channel, signal });
      else await runCruise(device, id, { channel, signal });
      return {
        payload: { cruise: id },
        summary: (say) => say(id === 0 ? 'done.cruise-stopped' : 'done.cruise', { number: id }),
      };
    },
  },
} as const satisfies Readonly<Record<string, Action>>;
