/** What a viewtron-config-out node can do with a device: one entry an action. */
import type { Action, Result, Task } from './action';
import { configActions } from './config-actions';
import { outputActions } from './output-actions';
import { pictureActions } from './picture-actions';
import { plateActions } from './plate-actions';
import { ptzActions } from './ptz-actions';
import { pushActions } from './push-actions';

const actions = {
  ...configActions,
  ...pushActions,
  ...plateActions,
  ...outputActions,
  ...pictureActions,
  ...ptzActions,
} as const satisfies Readonly<Record<string, Action>>;

export type ActionName = keyof typeof actions;

export const actionNames: readonly ActionName[] = Object.keys(actions).filter(isAction);

export function isAction(name: string): name is ActionName {
  return Object.hasOwn(actions, name);
}

/** Actions that several devices can be asked for at once: their plates are kept equal. */
export function isForSeveral(name: ActionName): boolean {
  return name.startsWith('plates-');
}

export async function perform(name: ActionName, task: Task): Promise<Result> {
  const action: Action = actions[name];
  if (action.isExclusive !== true) return action.run(task);
  return task.device.exclusively(() => action.run(task), task.signal);
}
