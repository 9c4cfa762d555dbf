/** The vendor's words and what they mean here (reference 3.4-3.18, 6.1). */
import type { Category, PlateList, TargetType } from '../../event';

export interface Meaning {
  readonly category: Category;
  readonly kind: string;
}

const meanings = new Map<string, Meaning>();

function define(category: Category, kind: string, ...words: readonly string[]): void {
  for (const word of words) meanings.set(word.toLowerCase(), { category, kind });
}

define('plate', 'plate-read', 'VEHICE', 'VEHICLE');
define('face', 'face-detected', 'VFD', 'videoFaceDetect', 'faceDetection');
define('face', 'face-matched', 'VFD_MATCH');
define('intrusion', 'area-intruded', 'PERIMETER', 'regionIntrusion');
define('intrusion', 'line-crossed', 'TRIPWIRE', 'lineCrossing');
define('intrusion', 'perimeter-or-line', 'PEA');
define('intrusion', 'area-entered', 'AOIENTRY', 'AOI_ENTRY', 'regionEntrance', 'regionEntry');
define('intrusion', 'area-left', 'AOILEAVE', 'AOI_LEAVE', 'regionExiting', 'regionExit');
define('intrusion', 'loitering', 'LOITER', 'LOITERING', 'loiterDetection');
define('intrusion', 'illegal-parking', 'PVD', 'illegalParking');
define('intrusion', 'people-intrusion', 'IPD');
define('counting', 'line-counted', 'PASSLINECOUNT', 'targetCountingByLine');
define('counting', 'area-counted', 'TRAFFIC', 'targetCountingByArea');
define('counting', 'people-counted', 'CPC');
define('counting', 'crowd-density', 'CDD');
define('counting', 'crowd-gathering', 'CROWDGATHERING');
define('object', 'object-detected', 'VSD', 'videoMetadata');
define('object', 'object-left-or-missing', 'OSC');
define('object', 'object-falling', 'FALLING');
define('object', 'two-wheeler-detected', 'EA');
define('motion', 'motion-detected', 'MOTION');
define('motion', 'smart-motion-detected', 'SMD');
define('tamper', 'video-exception', 'AVD');
define('alarm', 'alarm-input', 'SENSOR');
define('alarm', 'sound-abnormal', 'ASD');
define('alarm', 'fire-detected', 'FIRE');
define('alarm', 'temperature-alarm', 'TEMPERATURE');

const alarmMeanings = new Map<string, Meaning>();

function defineAlarm(category: Category, kind: string, ...names: readonly string[]): void {
  for (const name of names) alarmMeanings.set(name.toLowerCase(), { category, kind });
}

defineAlarm('alarm', 'motion-alarm', 'motionAlarm');
defineAlarm('alarm', 'alarm-input', 'sensorAlarm', 'sensorAlarmIn');
defineAlarm('alarm', 'perimeter-alarm', 'perimeterAlarm');
defineAlarm('alarm', 'line-alarm', 'tripwireAlarm');
defineAlarm('alarm', 'counting-alarm', 'passlineAlarm');
defineAlarm('alarm', 'face-alarm', 'vfdAlarm');
defineAlarm('alarm', 'plate-alarm', 'vehiceAlarm', 'vehicleAlarm');
defineAlarm('alarm', 'area-entry-alarm', 'aoiEntryAlarm');
defineAlarm('alarm', 'area-exit-alarm', 'aoiLeaveAlarm');
defineAlarm('alarm', 'object-alarm', 'oscAlarm');
defineAlarm('alarm', 'people-count-alarm', 'CPCAlarm');
defineAlarm('alarm', 'crowd-alarm', 'CDDAlarm');
defineAlarm('alarm', 'people-intrusion-alarm', 'IPDAlarm');
defineAlarm('health', 'channel-offline', 'chlOfflineAlarm');
defineAlarm('tamper', 'image-blurred', 'clarityAbnormal');
defineAlarm('tamper', 'color-cast', 'colorAbnormal');
defineAlarm('tamper', 'scene-changed', 'sceneChange');

const targetTypes = new Map<string, TargetType>([
  ['1', 'person'],
  ['person', 'person'],
  ['2', 'vehicle'],
  ['car', 'vehicle'],
  ['vehicle', 'vehicle'],
  ['4', 'motorcycle'],
  ['motor', 'motorcycle'],
  ['motorcycle', 'motorcycle'],
  ['bike', 'motorcycle'],
  ['nonmotor', 'motorcycle'],
  ['face', 'face'],
  ['plate', 'plate'],
]);

const plateListWords = new Map<string, PlateList>([
  ['whitelist', 'allow'],
  ['blacklist', 'block'],
  ['temporarylist', 'temporary'],
  ['strangerlist', 'stranger'],
]);

/** Meaning of a `smartType` in any letter case; undefined for a word that is not known. */
export function meaningOf(code: string): Meaning | undefined {
  return meanings.get(code.toLowerCase());
}

/** Meaning of an element of `alarmStatusInfo`; an unknown one is an alarm all the same. */
export function meaningOfAlarm(name: string): Meaning {
  return alarmMeanings.get(name.toLowerCase()) ?? { category: 'alarm', kind: 'alarm' };
}

/** `1` and `person`, `2` and `car`, `4` and `motor` are the same three things (reference 3.3, 9.4). */
export function targetTypeOf(word: string | undefined): TargetType {
  return targetTypes.get(word?.toLowerCase() ?? '') ?? 'unknown';
}

export function plateListOf(word: string | undefined): PlateList | undefined {
  return word === undefined ? undefined : plateListWords.get(word.toLowerCase());
}

/** `SMART_START` opens and `SMART_STOP` ends an event; `SMART_PROCEDURE` and `SMART_NONE` do neither (reference 3.3). */
export function stateOf(status: string | undefined): 'start' | 'stop' | undefined {
  const word = status?.toUpperCase();
  if (word === 'SMART_START') return 'start';
  return word === 'SMART_STOP' ? 'stop' : undefined;
}
