/** A fake Viewtron recorder: several channels, one address, its own XML, alarm status ahead of the event. */
import type { Fault } from '../faults';
import { boxAround, type Line, type Point, type Size } from '../geometry';
import type { Picture } from '../picture';
import { AlarmHold } from './alarm-hold';
import { Device, type DeviceOptions } from './device';
import type { RecorderIdentity, TargetType } from './identity';
import { targetSizes } from './camera-options';
import {
  writeLineCrossing,
  writeRecorderAlarmStatus,
  writeRecorderFace,
  writeRecorderKeepalive,
  writeRecorderPlate,
  writeRegionIntrusion,
  writeTargetCountingByLine,
  type RecorderAlarmField,
  type RecorderEvent,
  type RecorderFaceEvent,
  type RecorderPost,
} from './posts';
import { carBoxes, vehicles } from './vehicles';
import { pickColor, recorderWeights, View, type PictureWeights } from './view';

export interface NvrOptions extends DeviceOptions, RecorderIdentity {
  readonly channels?: number;
  /** "Connection" of the recorder's web page: one connection a post unless switched on. */
  readonly keepAlive?: boolean;
  /** "Attaching Image" of the recorder's web page. */
  readonly images?: 'both' | 'original' | 'target' | 'none';
  readonly scene?: Size;
  readonly weights?: PictureWeights;
}

export interface RecorderPlateScript {
  readonly number: string;
  /** Group of the recorder's database; absent = the plate is in none. */
  readonly group?: string | undefined;
  readonly owner?: string | undefined;
  /** When it was read; a negative time comes out as the 20 digits seen once (section 4). */
  readonly timeMs?: number;
}

export type FaceScript = Partial<Pick<RecorderFaceEvent, 'age' | 'sex' | 'glasses' | 'mask'>>;

const defaultHeartbeatSeconds = 10;
const zone: readonly Point[] = [
  { x: 1500, y: 4200 },
  { x: 8600, y: 4300 },
  { x: 9400, y: 9600 },
  { x: 600, y: 9500 },
];
const wire: Line = { start: { x: 3500, y: 4100 }, end: { x: 3600, y: 9700 } };
const plateSize: Size = { width: 128, height: 64 };
const plateBox = { x1: 1000, y1: 500, x2: 1000 + plateSize.width, y2: 500 + plateSize.height };
/** Two thirds of the side of the crop (184 pixels). */
const faceSidePixels = 122;
const faceBox = { x1: 600, y1: 150, x2: 600 + faceSidePixels, y2: 150 + faceSidePixels };
const eventIdOffsets = { regionIntrusion: 200, lineCrossing: 100, targetCountingByLine: 600 } as const;

export class Nvr {
  readonly channels: number;
  readonly #options: NvrOptions;
  readonly #device: Device;
  readonly #view: View;
  readonly #alarms = new Map<string, AlarmHold>();
  readonly #offline = new Set<number>();
  #lastTargetId: number;

  constructor(options: NvrOptions) {
    const { name, channels = 4, keepAlive = false, scene } = options;
    this.channels = channels;
    this.#options = options;
    this.#device = new Device(options, {
      name,
      heartbeatSeconds: defaultHeartbeatSeconds,
      keepAlive,
      absoluteForm: true,
      contentType: 'application/soap+xml; charset=utf-8',
      writeHeartbeat: () => writeRecorderKeepalive(options),
    });
    this.#view = new View({ caption: name, weights: options.weights ?? recorderWeights, ...(scene && { scene }) });
    this.#lastTargetId = this.#device.random.between(100, 900);
  }

  /** May be changed at any time; undefined = healthy. */
  get fault(): Fault | undefined {
    return this.#device.fault;
  }

  set fault(fault: Fault | undefined) {
    this.#device.fault = fault;
  }

  intruded(channel: number, type: TargetType = 'person'): Promise<void> {
    return this.#report(channel, 'regionIntrusion', 'perimeterAlarm', () => {
      const event = this.#describeEvent(channel, type, 'regionIntrusion');
      return writeRegionIntrusion({ ...event, boundary: zone, box: findBox(type) });
    });
  }

  /** Shares its alarm field with intrusion. */
  lineCrossed(channel: number, type: TargetType = 'person'): Promise<void> {
    return this.#report(channel, 'lineCrossing', 'perimeterAlarm', () => {
      const event = this.#describeEvent(channel, type, 'lineCrossing');
      return writeLineCrossing({ ...event, wire, box: findBox(type) });
    });
  }

  lineCounted(channel: number, type: TargetType = 'person'): Promise<void> {
    return this.#report(channel, 'targetCountingByLine', 'passlineAlarm', () =>
      writeTargetCountingByLine({ ...this.#describeEvent(channel, type, 'targetCountingByLine'), wire }),
    );
  }

  faceSeen(channel: number, face: FaceScript = {}): Promise<void> {
    return this.#report(channel, 'videoFaceDetect', 'vfdAlarm', () => {
      const { random } = this.#device;
      const color = pickColor(random);
      return writeRecorderFace({
        ...this.#describe(channel),
        targetId: this.#nextTargetId(),
        faceBox,
        age: random.pick(['young', 'middleAged', 'elderly']),
        sex: random.pick(['male', 'female']),
        glasses: random.pick(['yes', 'no', 'unknown']),
        mask: 'no',
        ...face,
        source: this.#drawSource(() => this.#view.drawScene(this.#device.clock.now(), [])),
        target: this.#drawTarget(() => this.#view.drawCrop('face', color)),
      });
    });
  }

  /** No alarm status comes with a plate. */
  readPlate(channel: number, plate: RecorderPlateScript): Promise<void> {
    return this.#report(channel, 'vehicle', undefined, () => {
      const { random, clock } = this.#device;
      const car = { box: carBoxes.approach, color: pickColor(random), plate: plate.number };
      return writeRecorderPlate({
        ...this.#describe(channel),
        timeMs: plate.timeMs ?? clock.now(),
        targetId: this.#nextTargetId(),
        number: plate.number,
        group: plate.group,
        owner: plate.owner,
        plateBox,
        vehicle: random.pick(vehicles),
        source: this.#drawSource(() => this.#view.drawPlateScene(clock.now(), car)),
        target: this.#drawTarget(() => this.#view.drawPlate(plate.number, plateSize)),
      });
    });
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
    const status = { ...this.#describe(channel), field, on };
    return this.#device.post(`${field} ${on}`, writeRecorderAlarmStatus(status));
  }

  #describe(channel: number): RecorderPost {
    return { recorder: this.#options, channel, timeMs: this.#device.clock.now() };
  }

  #describeEvent(channel: number, type: TargetType, word: keyof typeof eventIdOffsets): RecorderEvent {
    const post = this.#describe(channel);
    const targetId = this.#nextTargetId();
    const color = pickColor(this.#device.random);
    const figures = [{ kind: type, box: findBox(type), color }];
    return {
      ...post,
      ...{ type, targetId, eventId: targetId + eventIdOffsets[word] },
      source: this.#drawSource(() => this.#view.drawScene(post.timeMs, figures)),
      target: this.#drawTarget(() => this.#view.drawCrop(type, color)),
    };
  }

  #drawSource(draw: () => Picture): Picture | undefined {
    const { images = 'both' } = this.#options;
    return images === 'both' || images === 'original' ? draw() : undefined;
  }

  #drawTarget(draw: () => Picture): Picture | undefined {
    const { images = 'both' } = this.#options;
    return images === 'both' || images === 'target' ? draw() : undefined;
  }

  #nextTargetId(): number {
    this.#lastTargetId += 1;
    return this.#lastTargetId;
  }
}

function findBox(type: TargetType) {
  return boxAround({ x: 4200, y: 6900 }, targetSizes[type]);
}
