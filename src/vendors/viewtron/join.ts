/** Which targets belong to which entry of an event list (reference 3.3, 3.14: the same `targetId`). */
import type { Target } from '../../event';
import { compact } from '../../wire/read';
import { tenThousandths, toBox } from './boxes';
import { targetTypeOf } from './codes';
import { sizeOfRects } from './images';
import type { ViewtronMessage, WireItem, WireTarget } from './message';

/** For each item its own target first, with what the target list says of it; targets of no item go to the first. */
export function joinTargets(
  items: readonly WireItem[],
  targets: readonly WireTarget[],
): readonly (readonly WireTarget[])[] {
  const [item] = items;
  const [target] = targets;
  // one item and one target belong together even where one of them does not say its id
  const isPair =
    items.length === 1 && targets.length === 1 && (target?.id === undefined || item?.targetId === undefined);
  if (isPair) return [joinOne(item ?? {}, targets)];

  const listed = new Map<string | undefined, readonly WireTarget[]>(items.map(({ targetId }) => [targetId, []]));
  listed.delete(undefined);
  const strangers: WireTarget[] = [];
  for (const one of targets) {
    const found = listed.get(one.id);
    if (found === undefined) strangers.push(one);
    else listed.set(one.id, [...found, one]);
  }
  return items.map((one, index) => {
    const own = listed.get(one.targetId) ?? [];
    // a second item of the same target repeats it, not all that is listed under its id
    listed.set(one.targetId, own.slice(0, 1));
    return [...joinOne(one, own), ...(index === 0 ? strangers : [])];
  });
}

function joinOne(item: WireItem, listed: readonly WireTarget[]): readonly WireTarget[] {
  if (item.targetId === undefined && item.rect === undefined) return listed;
  const [first] = listed;
  const own = compact<WireTarget>({
    id: item.targetId ?? first?.id,
    type: first?.type,
    rect: toBox(item.rect, tenThousandths) === undefined ? first?.rect : item.rect,
    crop: first?.crop,
    person: first?.person,
    car: first?.car,
  });
  return [own, ...listed.slice(1)];
}

export function toTarget(target: WireTarget, message: ViewtronMessage): Target {
  return compact<Target>({
    id: target.id,
    type: targetTypeOf(target.type),
    box: toBox(target.rect, message.what === 'detection' ? sizeOfRects(message) : tenThousandths),
  });
}
