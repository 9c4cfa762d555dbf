/** Alarm status posts: small, no pictures, one `true` and one `false` a cycle (3.2, 6.1). */
import type { CameraIdentity, RecorderIdentity } from '../identity';
import { cameraDeclaration, namespace, recorderDeclaration, writeCdata, writeMicroseconds } from './xml';

/** Mind the letter case: `VFDAlarm` from cameras, `vfdAlarm` from recorders. */
export type CameraAlarmField =
  | 'motionAlarm'
  | 'sensorAlarm'
  | 'perimeterAlarm'
  | 'tripwireAlarm'
  | 'VFDAlarm'
  | 'vehiceAlarm'
  | 'oscAlarm'
  | 'clarityAbnormal'
  | 'colorAbnormal'
  | 'sceneChange';

export type RecorderAlarmField = 'motionAlarm' | 'perimeterAlarm' | 'passlineAlarm' | 'vfdAlarm' | 'chlOfflineAlarm';

/** The device's date format setting: `2031-02-03 04:05:06` or `02-03-2031 04:05:06 PM`. */
export type DateFormat = 'year-first' | 'month-first' | 'day-first';

export interface CameraAlarmStatus {
  readonly camera: CameraIdentity;
  readonly timeMs: number;
  /** Local time minus UTC; the text itself carries no zone. */
  readonly utcOffsetMinutes: number;
  readonly dateFormat?: DateFormat;
  readonly field: CameraAlarmField;
  readonly on: boolean;
  /** Rule, channel or sensor number. */
  readonly id?: number;
}

export interface RecorderAlarmStatus {
  readonly recorder: RecorderIdentity;
  readonly channel: number;
  readonly timeMs: number;
  readonly field: RecorderAlarmField;
  readonly on: boolean;
  /** Number of the rule on the camera of this channel. */
  readonly rule?: number;
}

export function writeCameraAlarmStatus(status: CameraAlarmStatus): string {
  const { camera, field, on, id = 1 } = status;
  const localTime = writeLocalTime(status.timeMs, status.utcOffsetMinutes, status.dateFormat);
  return `${cameraDeclaration}<config version="1.7" xmlns="${namespace}">
    <alarmStatusInfo>
        <${field} type="boolean" id="${id}">${on}</${field}>
    </alarmStatusInfo>
    <dataTime>${writeCdata(localTime)}</dataTime>
    <deviceInfo>
        <deviceName>${writeCdata(camera.name)}</deviceName>
        <deviceNo.>${writeCdata(String(camera.number ?? 1))}</deviceNo.>
        <sn>${writeCdata(camera.serial)}</sn>
        <ipAddress>${writeCdata(camera.ip)}</ipAddress>
        <macAddress>${writeCdata(camera.mac)}</macAddress>
    </deviceInfo>
</config>
`;
}

export function writeRecorderAlarmStatus(status: RecorderAlarmStatus): string {
  const { recorder, field, on, rule = 1 } = status;
  // Status posts know whole seconds only: the last six digits are 0.
  const wholeSecondMs = Math.floor(status.timeMs / 1000) * 1000;
  return `${recorderDeclaration}<config version="2.0.0" xmlns="${namespace}">
    <messageType>alarmStatus</messageType>
    <deviceInfo>
        <deviceName>${writeCdata(recorder.name)}</deviceName>
        <ip>${writeCdata(recorder.ip)}</ip>
        <mac>${writeCdata(recorder.mac)}</mac>
        <channelId>${status.channel}</channelId>
    </deviceInfo>
    <currentTime>${writeMicroseconds(wholeSecondMs)}</currentTime>
    <alarmStatusInfo>
        <${field}><item id="${rule}">${on}</item>
        </${field}>
    </alarmStatusInfo>
</config>
`;
}

export function writeLocalTime(timeMs: number, utcOffsetMinutes: number, format: DateFormat = 'year-first'): string {
  const local = new Date(timeMs + utcOffsetMinutes * 60_000).toISOString();
  const [year, month, day] = [local.slice(0, 4), local.slice(5, 7), local.slice(8, 10)];
  const clock = local.slice(11, 19);
  if (format === 'year-first') return `${year}-${month}-${day} ${clock}`;
  const hour = Number(clock.slice(0, 2));
  const twelve = `${String(hour % 12 || 12).padStart(2, '0')}${clock.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
  return format === 'month-first' ? `${month}-${day}-${year} ${twelve}` : `${day}-${month}-${year} ${twelve}`;
}
