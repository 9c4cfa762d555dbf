/** A fake Viewtron camera: heartbeats, targets that walk through its picture, plates, and every fault on a switch. */
import type { Fault } from '../faults';
import { boxAround, locate, type Box } from '../geometry';
import { AlarmHold } from './alarm-hold';
import {
  targetSizes,
  type CameraOptions,
  type HeartbeatForm,
  type PlateScript,
  type StillTarget,
  type WalkScript,
} from './camera-options';
import { CameraWitness } from './camera-witness';
import { Device } from './device';
import type { CameraIdentity, TargetStatus, TargetType } from './identity';
import {
  writeCameraAlarmStatus,
  writeCameraKeepalive,
  writeDeviceInfoHeartbeat,
  writeEmptyHeartbeat,
  writeTraject,
  type CameraAlarmField,
  type TrackedTarget,
} from './posts';
import { rules, type Rule } from './smart-data';
import { Tracker } from './tracker';
import { pickColor } from './view';

export type { CameraOptions, PlateScript, StillTarget, WalkScript } from './camera-options';

/** Measured on firmware 5.1.4.0 with all data types on (1.4). */
const firstSmartDataMs = 460;
const secondSmartDataMs = firstSmartDataMs + 1000;
const alarmAfterSmartDataMs = 180;

const defaultHeartbeatSeconds = 30;
const heartbeats: Readonly<Record<HeartbeatForm, (camera: CameraIdentity) => string>> = {
  empty: writeEmptyHeartbeat,
  'device-info': writeDeviceInfoHeartbeat,
  keepalive: writeCameraKeepalive,
};
const faceBox = boxAround({ x: 5000, y: 4000 }, { width: 1400, height: 2500 });

export class Camera {
  readonly #options: CameraOptions;
  readonly #device: Device;
  readonly #witness: CameraWitness;
  readonly #tracker: Tracker;
  readonly #alarms = new Map<CameraAlarmField, AlarmHold>();
  #lastTargetId: number;

  constructor(options: CameraOptions) {
    this.#options = options;
    const { heartbeat = options.firmware === '5.1.4' ? 'empty' : 'keepalive' } = options;
    this.#device = new Device(options, {
      name: options.name,
      heartbeatSeconds: defaultHeartbeatSeconds,
      keepAlive: true,
      headers: { 'Accept-Encoding': 'gzip, deflate' },
      writeHeartbeat: () => heartbeats[heartbeat](options),
    });
    this.#witness = new CameraWitness(options, this.#device);
    this.#tracker = new Tracker(this.#device, (targets) => writeTraject({ ...this.#witness.describe(), targets }));
    this.#lastTargetId = this.#device.random.between(1000, 4000);
  }

  /** May be changed at any time; undefined = healthy. */
  get fault(): Fault | undefined {
    return this.#device.fault;
  }

  set fault(fault: Fault | undefined) {
    this.#device.fault = fault;
  }

  /** A target comes in, walks its path and leaves. Resolves when it has left; `false` of its alarm follows by itself. */
  walk(script: WalkScript): Promise<void> {
    const startMs = this.#device.clock.now();
    const leaveMs = script.seconds * 1000;
    const alarmMs = firstSmartDataMs + alarmAfterSmartDataMs;
    const targetId = this.#nextTargetId();
    const color = pickColor(this.#device.random);
    const look = (): TrackedTarget => {
      const place = locate(script.path, (this.#device.clock.now() - startMs) / leaveMs);
      return { targetId, type: script.type, box: boxAround(place, script.size ?? targetSizes[script.type]) };
    };
    const { kind, alarm: field } = rules[script.rule];
    const alarm = this.#findAlarm(field);
    const see = (status: TargetStatus): void =>
      this.#sendSmartData(kind, () => this.#witness.writeSmartData(script.rule, look(), status, color));
    const noticed = [
      { atMs: firstSmartDataMs, act: () => see('SMART_START') },
      { atMs: alarmMs, act: () => alarm?.raise() },
      { atMs: Math.max(leaveMs, alarmMs), act: () => alarm?.release() },
    ];
    return this.#play(startMs, [
      { atMs: 0, act: () => this.#witness.subscribes('traject') && this.#tracker.add(targetId, look) },
      ...(leaveMs >= firstSmartDataMs ? noticed : []),
      ...(leaveMs >= secondSmartDataMs ? [{ atMs: secondSmartDataMs, act: () => see('SMART_PROCEDURE') }] : []),
      { atMs: leaveMs, act: () => this.#tracker.remove(targetId) },
    ]);
  }

  readPlate(plate: PlateScript): Promise<void> {
    return this.#report('VEHICE', 'vehiceAlarm', () => this.#witness.writePlate(plate));
  }

  faceSeen(box: Box = faceBox): Promise<void> {
    return this.#report('VFD', 'VFDAlarm', () => this.#witness.writeFace(this.#nextTargetId(), box));
  }

  motion(): Promise<void> {
    return this.#report('MOTION', 'motionAlarm', () => this.#witness.writeMotion());
  }

  lineCrossed(target: StillTarget = {}): Promise<void> {
    return this.#sight('tripwire', target);
  }

  intruded(target: StillTarget = {}): Promise<void> {
    return this.#sight('perimeter', target);
  }

  regionEntered(target: StillTarget = {}): Promise<void> {
    return this.#sight('entry', target);
  }

  regionLeft(target: StillTarget = {}): Promise<void> {
    return this.#sight('exit', target);
  }

  metadataSeen(target: StillTarget = {}): Promise<void> {
    return this.#sight('metadata', target);
  }

  lineCounted(direction: 'enter' | 'leave', type: TargetType = 'person'): Promise<void> {
    this.#witness.count(direction, type);
    return this.#sight('count', { type });
  }

  /** Resolves when no post waits for its reply. */
  idle(): Promise<void> {
    return this.#device.idle();
  }

  /** May be called twice; resolves when every socket is closed and nothing runs any more. */
  close(): Promise<void> {
    return this.#device.close();
  }

  /** One post of a rule, without tracking around it. */
  #sight(rule: Rule, { type = 'person', box }: StillTarget): Promise<void> {
    const place = boxAround({ x: 5000, y: 6800 }, targetSizes[type]);
    const target: TrackedTarget = { targetId: this.#nextTargetId(), type, box: box ?? place };
    const color = pickColor(this.#device.random);
    const { kind, alarm } = rules[rule];
    return this.#report(kind, alarm, () => this.#witness.writeSmartData(rule, target, 'SMART_START', color));
  }

  /** The detection, and its alarm behind it as it comes behind smart data. */
  #report(kind: string, field: CameraAlarmField | undefined, write: () => string): Promise<void> {
    const alarm = this.#findAlarm(field);
    return this.#play(this.#device.clock.now(), [
      { atMs: 0, act: () => this.#sendSmartData(kind, write) },
      { atMs: alarmAfterSmartDataMs, act: () => alarm?.raise() },
      { atMs: alarmAfterSmartDataMs, act: () => alarm?.release() },
    ]);
  }

  #sendSmartData(kind: string, write: () => string): void {
    if (this.#witness.subscribes('smartData')) void this.#device.post(kind, write());
  }

  #play(startMs: number, steps: readonly { readonly atMs: number; act(): unknown }[]): Promise<void> {
    const { clock, signal } = this.#device;
    return this.#device.perform(async () => {
      for (const step of steps.toSorted((one, other) => one.atMs - other.atMs)) {
        const waitMs = startMs + step.atMs - clock.now();
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        step.act();
      }
      await this.#device.idle();
    });
  }

  #findAlarm(field: CameraAlarmField | undefined): AlarmHold | undefined {
    if (field === undefined || !this.#witness.subscribes('alarmStatus')) return undefined;
    const alarm = this.#alarms.get(field) ?? new AlarmHold(this.#device, (on) => this.#sendAlarmStatus(field, on));
    this.#alarms.set(field, alarm);
    return alarm;
  }

  #sendAlarmStatus(field: CameraAlarmField, on: boolean): void {
    const timeMs = this.#device.clock.now();
    const { utcOffsetMinutes = -new Date(timeMs).getTimezoneOffset(), dateFormat = 'year-first' } = this.#options;
    const { identity } = this.#witness;
    const status = { camera: identity, timeMs, utcOffsetMinutes, dateFormat, field, on };
    void this.#device.post(`${field} ${on}`, writeCameraAlarmStatus(status));
  }

  #nextTargetId(): number {
    this.#lastTargetId += 1;
    return this.#lastTargetId;
  }
}
