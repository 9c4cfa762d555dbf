/** The dialog's fields of a viewtron-presence node, read and checked. */
import type { NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import { targetTypes } from '../../src/event';
import { splitList } from '../../src/filter';
import { anchors } from '../../src/presence/geometry';
import { parseMinute } from '../../src/presence/schedule';
import type { PresenceSettings } from '../../src/presence/settings';
import { readShapes } from '../../src/presence/shapes';
import { readChoice, readChoices, readNumber, readText } from '../fields';

export type ViewtronPresenceDef = NodeDef & Readonly<Record<string, unknown>>;

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readPresenceSettings(def: ViewtronPresenceDef): PresenceSettings {
  const minHeight = readNumber(def.minHeight, 'smallest height', 0, 100, 0) / 100;
  const maxHeight = readNumber(def.maxHeight, 'largest height', 0, 100, 100) / 100;
  if (minHeight > maxHeight)
    throw new SetupError('setting-invalid', 'smallest height must not be above largest height', {
      place: 'smallest height',
    });
  return {
    cameras: splitList(readText(def.cameras, 'cameras')),
    targetTypes: new Set(readChoices(def.targetTypes, targetTypes, ['person', 'vehicle', 'motorcycle', 'unknown'])),
    minHeight,
    maxHeight,
    anchor: readChoice(def.anchor, 'where a target stands', anchors, 'feet'),
    aspect: readAspect(def.aspect),
    stopDelayMs: readNumber(def.stopDelay, 'gone after', 0.2, 86_400, 2) * 1000,
    movesPerSecond: readNumber(def.moves, 'movements', 0, 25, 1),
    tellsNumbers: def.numbers === true,
    shapes: readShapes(def.shapes),
    resetMinute: readMinute(def.resetAt),
    picturesPerSecond: readNumber(def.pictures, 'pictures', 0, 25, 0),
    showsScene: def.scene !== false,
  };
}

/** `16:9`, `1920x1080`, `1.78`. */
function readAspect(value: unknown): number {
  const text = readText(value, 'picture format') || '16:9';
  const [, width = '', , height = '1'] = /^(\d+(\.\d+)?)(?:\s*[:x/]\s*(\d+(?:\.\d+)?))?$/i.exec(text) ?? [];
  const aspect = Number(width) / Number(height);
  if (width !== '' && aspect >= 0.1 && aspect <= 10) return aspect;
  throw new SetupError('setting-invalid', `picture format "${text}" is not known; write 16:9 or 1920x1080`, {
    place: 'picture format',
  });
}

function readMinute(value: unknown): number | undefined {
  const text = readText(value, 'counts begin anew');
  if (text === '') return undefined;
  const minute = parseMinute(text);
  if (minute !== undefined) return minute;
  throw new SetupError('setting-invalid', `counts begin anew at "${text}", which is no time; write 00:00 to 23:59`, {
    place: 'counts begin anew',
  });
}
