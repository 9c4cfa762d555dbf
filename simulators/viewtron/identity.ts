/** Who a device says it is, and what it says it sees. */

export interface CameraIdentity {
  readonly name: string;
  readonly mac: string;
  readonly serial: string;
  readonly ip: string;
  /** The number a user gave it; travels in status posts only. */
  readonly number?: number;
}

export interface RecorderIdentity {
  readonly name: string;
  readonly mac: string;
  readonly ip: string;
}

export type TargetType = 'person' | 'car' | 'motor';

export type TargetStatus = 'SMART_START' | 'SMART_PROCEDURE' | 'SMART_STOP' | 'SMART_NONE';

export type PlateList = 'whiteList' | 'blackList' | 'temporaryList';

export type Firmware = '5.1.4' | '5.3.1';

export interface VehicleAttributes {
  readonly color: string;
  readonly type: string;
  readonly brand: string;
  readonly model: string;
}
