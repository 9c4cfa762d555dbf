/** What a fake camera can be told: who it is, what it is subscribed to, what it sees and when. */
import type { Box, Line, Point, Size } from '../geometry';
import type { DeviceOptions } from './device';
import type { CameraIdentity, Firmware, PlateList, TargetType } from './identity';
import type { DateFormat } from './posts';
import type { Rule } from './smart-data';
import type { PictureWeights } from './view';

export type DataType = 'alarmStatus' | 'traject' | 'smartData' | 'sourceImage' | 'targetImage';

export interface CameraOptions extends DeviceOptions, CameraIdentity {
  readonly firmware: Firmware;
  /** The five data types of the subscription; all are on unless switched off here. */
  readonly subscribe?: Partial<Readonly<Record<DataType, boolean>>>;
  /** The configured area and line of its rules, 0 to 10000. */
  readonly zone?: readonly Point[];
  readonly wire?: Line;
  readonly scene?: Size;
  readonly weights?: PictureWeights;
  /** Local time minus UTC, for the times in status posts; this machine's by default. */
  readonly utcOffsetMinutes?: number;
  readonly dateFormat?: DateFormat;
  /** How it says that it lives; which firmware uses the `DeviceInfo` form is not known. By default the firmware decides. */
  readonly heartbeat?: HeartbeatForm;
}

export type HeartbeatForm = 'empty' | 'device-info' | 'keepalive';

export interface WalkScript {
  readonly type: TargetType;
  /** Where the middle of the target goes, 0 to 10000; each leg takes the same time. */
  readonly path: readonly Point[];
  readonly seconds: number;
  readonly rule: Rule;
  readonly size?: Size;
}

export interface StillTarget {
  readonly type?: TargetType;
  readonly box?: Box;
}

export interface PlateScript {
  readonly number: string;
  /** Absent = in no list. */
  readonly list?: PlateList | undefined;
  readonly direction?: 'approach' | 'away';
  /** Percent; a likely value by default. */
  readonly confidence?: number;
}

export const targetSizes: Readonly<Record<TargetType, Size>> = {
  person: { width: 900, height: 3600 },
  car: { width: 2800, height: 2600 },
  motor: { width: 1400, height: 2800 },
};

export const defaultZone: readonly Point[] = [
  { x: 1500, y: 4500 },
  { x: 8500, y: 4500 },
  { x: 9500, y: 9500 },
  { x: 500, y: 9500 },
];

export const defaultWire: Line = { start: { x: 5000, y: 4200 }, end: { x: 5100, y: 9800 } };
