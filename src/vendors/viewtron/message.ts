/** What a post says, typed but still in the device's own words and units. */
import type { EncodedPicture } from '../../wire/pictures';

/** So many events or targets of one post are told: several times what a crowded picture holds. */
export const listLimit = 100;

/** As sent; absent values are absent, names trimmed, MAC in one form. */
export interface WireDevice {
  readonly name?: string;
  readonly ip?: string;
  readonly mac?: string;
  readonly serial?: string;
  readonly channel?: string;
}

/** Times as sent. `currentTime` is a number of seconds, milliseconds or microseconds; `dataTime` is wall time. */
export interface WireTime {
  readonly currentTime?: string;
  readonly dataTime?: string;
}

/** Corners in the unit of the message: ten-thousandths of the picture, or pixels. */
export interface Rect {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface WirePoint {
  readonly x: number;
  readonly y: number;
}

export interface WireScene {
  readonly picture: EncodedPicture;
  /** Declared pixels; 0 occurs although the picture is there. */
  readonly width?: number;
  readonly height?: number;
}

/** One entry of an event list (`perInfo`, `tripInfo`, `aoiInfo`, `eventInfo` ...). */
export interface WireItem {
  /** The block it was found in: `perimeter`, `tripwire`, `iveAoiEntry`, `eventInfo` ... */
  readonly block?: string;
  readonly eventId?: string;
  readonly targetId?: string;
  /** `SMART_START` and its like. */
  readonly status?: string;
  readonly alarmType?: string;
  readonly shape?: 'area' | 'line';
  /** Ten-thousandths. */
  readonly points?: readonly WirePoint[];
  /** Ten-thousandths. */
  readonly rect?: Rect;
}

export interface WireTarget {
  readonly id?: string;
  /** The device's word or number. */
  readonly type?: string;
  readonly rect?: Rect;
  readonly crop?: EncodedPicture;
  readonly person?: Attributes;
  readonly car?: Attributes;
}

export interface WirePlate extends WireTarget {
  /** Absent where there is a plate that could not be read. */
  readonly number?: string;
  /** The camera's list word. */
  readonly listWord?: string;
  readonly group?: string;
  readonly owner?: string;
  /** Percent. */
  readonly confidence?: number;
  readonly direction?: string;
  readonly color?: string;
  readonly region?: string;
  readonly carRect?: Rect;
}

export interface WireFace extends WireTarget {
  readonly attributes?: Attributes;
}

/** Words of a person, face or car, under the names the event gives them. */
export type Attributes = Readonly<Record<string, string>>;

/** Totals by direction, then by type. */
export type WireCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Envelope {
  readonly device: WireDevice;
  readonly time: WireTime;
  /** The parsed document, pictures as placeholders. */
  readonly tree: unknown;
}

export interface HeartbeatMessage extends Envelope {
  readonly what: 'heartbeat';
}

/** One element of `alarmStatusInfo`. */
export interface WireAlarm {
  readonly name: string;
  readonly id?: string;
  /** As sent. */
  readonly value: string;
  /** Absent where the value is neither yes nor no. */
  readonly active?: boolean;
}

export interface StatusMessage extends Envelope {
  readonly what: 'status';
  readonly alarms: readonly WireAlarm[];
}

export interface TrackingMessage extends Envelope {
  readonly what: 'tracking';
  readonly targets: readonly WireTarget[];
}

export interface DetectionMessage extends Envelope {
  readonly what: 'detection';
  /** `smartType` as sent. */
  readonly code?: string;
  /** Name of the root element, as sent. */
  readonly root: string;
  /** Names of the event blocks in the post, with or without items in them. */
  readonly blocks: readonly string[];
  /** Unit of the rectangles of plates and faces. */
  readonly rectUnit: 'tenThousandths' | 'pixels';
  readonly items: readonly WireItem[];
  readonly targets: readonly WireTarget[];
  /** Present in plate posts. */
  readonly plates?: readonly WirePlate[];
  /** Present in face posts. */
  readonly faces?: readonly WireFace[];
  readonly scene?: WireScene;
  readonly counts?: WireCounts;
  /** Rows of `0` and `1`. */
  readonly grid?: readonly string[];
}

/** Well-formed, and nothing that is known. */
export interface OtherMessage extends Envelope {
  readonly what: 'other';
  readonly root: string;
}

export type ViewtronMessage = HeartbeatMessage | StatusMessage | TrackingMessage | DetectionMessage | OtherMessage;
