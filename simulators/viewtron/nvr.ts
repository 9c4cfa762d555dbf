/** A fake Viewtron recorder: several channels, one address, its own XML, alarm status ahead of the event. */
import type { Fault } from '../faults';
import { AlarmHold } from './alarm-hold';
import { Device } from './device';
import type { TargetType } from './identity';
import type { FaceScript, NvrOptions, RecorderPlateScript } from './nvr-options';
import { NvrWitness } from './nvr-witness';
import { writeRecorderAlarmStatus, writeRecorderKeepalive, type RecorderAlarmField } from './posts';

export type { FaceScript, NvrOptions, RecorderPlateScript } from './nvr-options';

const defaultHeartbeatSeconds = 10;

/** Channels count from 1; any number is taken. */
export class Nvr {
  readonly #device: Device;
  readonly #witness: NvrWitness;
  readonly #alarms = new Map<string, AlarmHold>();
  readonly #offline = new Set<number>();

  constructor(options: NvrOptions) {
    this.#device = new Device(options, {
      name: options.name,
      heartbeatSeconds: defaultHeartbeatSeconds,
      keepAlive: options.keepAlive ?? false,
      absoluteForm: true,
      contentType: 'application/soap+xml; charset=utf-8',
      writeHeartbeat: () => writeRecorderKeepalive(options),
    });
    this.#witness = new NvrWitness(options, this.#device);
  }

  /** May be changed at any time; undefined = healthy. */
  get fault(): Fault | undefined {
    return this.#device.fault;
  }

  set fault(fault: Fault | undefined) {
    this.#device.fault = fault;
  }

  intruded(channel: number, type: TargetType = 'person'): Promise<void> {
    const write = (): string => this.#witness.writeEvent(channel, 'regionIntrusion', type);
    return this.#report(channel, 'regionIntrusion', 'perimeterAlarm', write);
  }

  /** Shares its alarm field with intrusion. */
  lineCrossed(channel: number, type: TargetType = 'person'): Promise<void> {
    const write = (): string => this.#witness.writeEvent(channel, 'lineCrossing', type);
    return this.#report(channel, 'lineCrossing', 'perimeterAlarm', write);
  }

  lineCounted(channel: number, type: TargetType = 'person'): Promise<void> {
    const write = (): string => this.#witness.writeEvent(channel, 'targetCountingByLine', type);
    return this.#report(channel, 'targetCountingByLine', 'passlineAlarm', write);
  }

  /** Shares its alarm field with counting by line. */
  areaCounted(channel: number, type: TargetType = 'person'): Promise<void> {
    const write = (): string => this.#witness.writeEvent(channel, 'targetCountingByArea', type);
    return this.#report(channel, 'targetCountingByArea', 'passlineAlarm', write);
  }

  /** No alarm status comes with metadata. */
  metadataSeen(channel: number, type: TargetType = 'person'): Promise<void> {
    const write = (): string => this.#witness.writeEvent(channel, 'videoMetadata', type);
    return this.#report(channel, 'videoMetadata', undefined, write);
  }

  faceSeen(channel: number, face: FaceScript = {}): Promise<void> {
    return this.#report(channel, 'videoFaceDetect', 'vfdAlarm', () => this.#witness.writeFace(channel, face));
  }

  /** No alarm status comes with a plate. */
  readPlate(channel: number, plate: RecorderPlateScript): Promise<void> {
    return this.#report(channel, 'vehicle', undefined, () => this.#witness.writePlate(channel, plate));
  }

  /** A camera is lost or back; a lost one has no events. */
  channelOffline(channel: number, offline: boolean): Promise<void> {
    if (offline) this.#offline.add(channel);
    else this.#offline.delete(channel);
    return this.#sendAlarmStatus(channel, 'chlOfflineAlarm', offline);
  }

  /** Resolves when no post waits for its reply. */
  idle(): Promise<void> {
    return this.#device.idle();
  }

  /** May be called twice; resolves when every socket is closed and nothing runs any more. */
  close(): Promise<void> {
    return this.#device.close();
  }

  /** Always the status first, then the event (1.4). */
  async #report(
    channel: number,
    word: string,
    field: RecorderAlarmField | undefined,
    write: () => string,
  ): Promise<void> {
    if (this.#offline.has(channel)) return;
    const alarm = field === undefined ? undefined : this.#findAlarm(channel, field);
    alarm?.raise();
    const sent = this.#device.post(word, write());
    alarm?.release();
    await sent;
  }

  #findAlarm(channel: number, field: RecorderAlarmField): AlarmHold {
    const key = `${channel} ${field}`;
    const report = (on: boolean): void => void this.#sendAlarmStatus(channel, field, on);
    const alarm = this.#alarms.get(key) ?? new AlarmHold(this.#device, report);
    this.#alarms.set(key, alarm);
    return alarm;
  }

  #sendAlarmStatus(channel: number, field: RecorderAlarmField, on: boolean): Promise<void> {
    const status = { ...this.#witness.describe(channel), field, on };
    return this.#device.post(`${field} ${on}`, writeRecorderAlarmStatus(status));
  }
}
