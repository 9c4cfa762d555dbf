/** Puts what a recorder's channels see into words and pictures: one body for every kind of event. */
import { boxAround, fullScale, type Box, type Line, type Point, type Size } from '../geometry';
import { findPlateBox, type Picture } from '../picture';
import { targetSizes } from './camera-options';
import type { Device } from './device';
import type { TargetType } from './identity';
import type { FaceScript, NvrOptions, RecorderPlateScript } from './nvr-options';
import {
  writeLineCrossing,
  writeRecorderFace,
  writeRecorderPlate,
  writeRegionIntrusion,
  writeTargetCountingByArea,
  writeTargetCountingByLine,
  writeVideoMetadata,
  type RecorderAreaEvent,
  type RecorderLineEvent,
  type RecorderPost,
} from './posts';
import { carBoxes, vehicles } from './vehicles';
import { pickColor, recorderWeights, View } from './view';

export type RecorderRule =
  'regionIntrusion' | 'lineCrossing' | 'targetCountingByLine' | 'targetCountingByArea' | 'videoMetadata';

const zone: readonly Point[] = [
  { x: 1500, y: 4200 },
  { x: 8600, y: 4300 },
  { x: 9400, y: 9600 },
  { x: 600, y: 9500 },
];
const wire: Line = { start: { x: 3500, y: 4100 }, end: { x: 3600, y: 9700 } };
const targetMiddle: Point = { x: 4200, y: 6900 };
const plateSize: Size = { width: 128, height: 64 };
/** Two thirds of the side of the crop (184 pixels). */
const faceSidePixels = 122;
const faceBox: Box = { x1: 600, y1: 150, x2: 600 + faceSidePixels, y2: 150 + faceSidePixels };

/** Recorders pass the ids of their cameras on, with the same distance between event and target (3.3). */
const rules = {
  lineCrossing: { eventIdOffset: 100, write: writeLineCrossing },
  regionIntrusion: { eventIdOffset: 200, write: writeRegionIntrusion },
  targetCountingByLine: { eventIdOffset: 600, write: writeTargetCountingByLine },
  targetCountingByArea: { eventIdOffset: 700, write: writeTargetCountingByArea },
  videoMetadata: { eventIdOffset: 1000, write: writeVideoMetadata },
} as const satisfies Readonly<
  Record<RecorderRule, { eventIdOffset: number; write: (event: RecorderAreaEvent & RecorderLineEvent) => string }>
>;

export class NvrWitness {
  readonly #options: NvrOptions;
  readonly #device: Device;
  readonly #view: View;
  #lastTargetId: number;

  constructor(options: NvrOptions, device: Device) {
    const { name, scene, weights = recorderWeights } = options;
    this.#options = options;
    this.#device = device;
    this.#view = new View({ caption: name, weights, ...(scene && { scene }) });
    this.#lastTargetId = device.random.between(100, 900);
  }

  describe(channel: number): RecorderPost {
    return { recorder: this.#options, channel, timeMs: this.#device.clock.now() };
  }

  writeEvent(channel: number, rule: RecorderRule, type: TargetType): string {
    const { eventIdOffset, write } = rules[rule];
    const post = this.describe(channel);
    const targetId = this.#nextTargetId();
    const box = boxAround(targetMiddle, targetSizes[type]);
    const color = pickColor(this.#device.random);
    return write({
      ...post,
      type,
      targetId,
      eventId: targetId + eventIdOffset,
      box,
      wire,
      boundary: zone,
      source: this.#drawSource(() => this.#view.drawScene(post.timeMs, [{ kind: type, box, color }])),
      target: this.#drawTarget(() => this.#view.drawCrop(type, color)),
    });
  }

  writeFace(channel: number, face: FaceScript): string {
    const { random } = this.#device;
    const post = this.describe(channel);
    const color = pickColor(random);
    return writeRecorderFace({
      ...post,
      targetId: this.#nextTargetId(),
      faceBox,
      age: random.pick(['young', 'middleAged', 'elderly']),
      sex: random.pick(['male', 'female']),
      glasses: random.pick(['yes', 'no', 'unknown']),
      mask: 'no',
      ...face,
      source: this.#drawSource(() =>
        this.#view.drawScene(post.timeMs, [{ kind: 'face', box: this.#toShare(faceBox), color }]),
      ),
      target: this.#drawTarget(() => this.#view.drawCrop('face', color)),
    });
  }

  writePlate(channel: number, plate: RecorderPlateScript): string {
    const { random, clock } = this.#device;
    const car = { box: carBoxes.approach, color: pickColor(random), plate: plate.number };
    return writeRecorderPlate({
      ...this.describe(channel),
      timeMs: plate.timeMs ?? clock.now(),
      targetId: this.#nextTargetId(),
      number: plate.number,
      group: plate.group,
      owner: plate.owner,
      plateBox: this.#toPixels(findPlateBox(car.box)),
      vehicle: random.pick(vehicles),
      source: this.#drawSource(() => this.#view.drawPlateScene(clock.now(), car)),
      target: this.#drawTarget(() => this.#view.drawPlate(plate.number, plateSize)),
    });
  }

  /** Face boxes are sent in pixels; the drawing counts to 10000. */
  #toShare({ x1, y1, x2, y2 }: Box): Box {
    const { width, height } = this.#view.size;
    const share = (pixels: number, all: number): number => (pixels / all) * fullScale;
    return { x1: share(x1, width), y1: share(y1, height), x2: share(x2, width), y2: share(y2, height) };
  }

  /** Plate boxes too. */
  #toPixels({ x1, y1, x2, y2 }: Box): Box {
    const { width, height } = this.#view.size;
    const pixels = (share: number, all: number): number => Math.round((share / fullScale) * all);
    return { x1: pixels(x1, width), y1: pixels(y1, height), x2: pixels(x2, width), y2: pixels(y2, height) };
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
