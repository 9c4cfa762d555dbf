/** Lists of plates: asked for, and brought into a device. */
import {
  addPlates,
  changePlates,
  listGroups,
  listPlates,
  removePlates,
  replacePlates,
  type PlatesReport,
} from '../../../src/vendors/viewtron/device/plate-list';
import type { Action, Result, Say } from './action';
import { wrong } from './parameters';
import { readPlates } from './plate-input';

export const plateActions = {
  'plates-list': {
    async run({ device, parameters, signal }) {
      const filter = { group: parameters.text('group'), number: parameters.text('number') };
      const plates = (await listPlates(device, filter, { signal })).map(({ key: _key, ...plate }) => plate);
      return { payload: plates, summary: (say) => say('done.plates', { number: plates.length }) };
    },
  },
  'plates-groups': {
    async run({ device, signal }) {
      const groups = await listGroups(device, { signal });
      return { payload: groups, summary: (say) => say('done.groups', { number: groups.length }) };
    },
  },
  'plates-add': {
    isExclusive: true,
    run: async ({ device, parameters, signal }) =>
      toPlatesResult(
        await addPlates(device, readPlates(parameters.value('value'), parameters.text('group') ?? 'allow'), { signal }),
      ),
  },
  'plates-change': {
    isExclusive: true,
    run: async ({ device, parameters, signal }) =>
      toPlatesResult(
        await changePlates(device, readPlates(parameters.value('value'), parameters.text('group') ?? ''), { signal }),
      ),
  },
  'plates-remove': {
    isExclusive: true,
    run: async ({ device, parameters, signal }) =>
      toPlatesResult(
        await removePlates(device, readPlates(parameters.value('value'), parameters.text('group') ?? ''), { signal }),
      ),
  },
  'plates-replace': {
    isExclusive: true,
    async run({ device, parameters, signal }) {
      const value = parameters.value('value');
      // an empty list empties the device; nothing at all, or a text by mistake, must not
      if (!Array.isArray(value))
        throw wrong('value', 'must be a list of plates, as it takes the place of the whole list', value);
      const group = parameters.text('group');
      return toPlatesResult(await replacePlates(device, readPlates(value, group ?? 'allow'), group, { signal }));
    },
  },
} as const satisfies Readonly<Record<string, Action>>;

function toPlatesResult(report: PlatesReport): Result {
  return { payload: report, summary: (say) => outcomesOf(report, say) };
}

function outcomesOf({ counts }: PlatesReport, say: Say): string {
  const parts = Object.entries(counts).map(([outcome, number]) => `${number} ${say(`outcome.${outcome}`)}`);
  return parts.length === 0 ? say('done.plates', { number: 0 }) : parts.join(', ');
}
