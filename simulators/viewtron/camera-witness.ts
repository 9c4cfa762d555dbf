/** Puts what a camera sees into words and pictures: one body for every kind of smart data. */
import { fullScale, type Box } from '../geometry';
import { findPlateBox, type Color, type Figure, type Picture } from '../picture';
import type { CameraOptions, DataType, PlateScript } from './camera-options';
import { defaultWire, defaultZone } from './camera-options';
import type { Device } from './device';
import type { CameraIdentity, TargetStatus, TargetType } from './identity';
import { writeFace, writeMotion, writeOldPlate, writePlate, type CameraPost, type TrackedTarget } from './posts';
import { rules, type Rule } from './smart-data';
import { carBoxes, vehicles } from './vehicles';
import { cameraWeights, pickColor, View } from './view';

/** Crop of the older plate post, as observed on a camera (5.3). */
const oldPlateSize = { width: 176, height: 100 };

export class CameraWitness {
  readonly identity: CameraIdentity;
  readonly #options: CameraOptions;
  readonly #device: Device;
  readonly #view: View;
  readonly #counts = { enter: { person: 0, car: 0, bike: 0 }, leave: { person: 0, car: 0, bike: 0 } };
  #lastVehicleId = 0;

  constructor(options: CameraOptions, device: Device) {
    const { name, mac, serial, ip, number = 1, scene } = options;
    this.identity = { name, mac, serial, ip, number };
    this.#options = options;
    this.#device = device;
    this.#view = new View({ caption: name, weights: options.weights ?? cameraWeights, ...(scene && { scene }) });
  }

  describe(): CameraPost {
    const { clock, uptimeMs } = this.#device;
    return { camera: this.identity, firmware: this.#options.firmware, timeMs: clock.now(), uptimeMs };
  }

  subscribes(type: DataType): boolean {
    return this.#options.subscribe?.[type] ?? true;
  }

  count(direction: 'enter' | 'leave', type: TargetType): void {
    this.#counts[direction][type === 'motor' ? 'bike' : type] += 1;
  }

  writeSmartData(rule: Rule, target: TrackedTarget, status: TargetStatus, color: Color): string {
    const { zone = defaultZone, wire = defaultWire } = this.#options;
    const { write, eventIdOffset } = rules[rule];
    const sighting = {
      ...this.describe(),
      ...this.#counts,
      target,
      status,
      zone,
      wire,
      source: this.#drawScene([{ kind: target.type, box: target.box, color }]),
      crop: this.subscribes('targetImage') ? this.#view.drawCrop(target.type, color) : undefined,
    };
    return write(sighting, target.targetId + eventIdOffset);
  }

  writeFace(targetId: number, box: Box): string {
    const color = pickColor(this.#device.random);
    const picture = this.subscribes('targetImage') ? this.#view.drawCrop('face', color) : undefined;
    const targets = [{ targetId, type: 'person' as const, box, ...(picture && { picture }) }];
    return writeFace({ ...this.describe(), targets, source: this.#drawScene([{ kind: 'face', box, color }]) });
  }

  writeMotion(): string {
    return writeMotion({ ...this.describe(), source: this.#drawScene([]) });
  }

  writePlate({ number, list, direction = 'approach', confidence }: PlateScript): string {
    const { random } = this.#device;
    const post = this.describe();
    const car = carBoxes[direction];
    const plateBox = findPlateBox(car);
    const color = pickColor(random);
    const overview = this.subscribes('sourceImage')
      ? this.#view.drawPlateScene(post.timeMs, { box: car, color, plate: number })
      : undefined;
    if (post.firmware === '5.1.4') {
      return writeOldPlate({ ...post, number, list, overview, crop: this.#drawPlate(number, oldPlateSize) });
    }
    const { size } = this.#view;
    const cropSize = {
      width: Math.round(((plateBox.x2 - plateBox.x1) / fullScale) * size.width),
      height: Math.round(((plateBox.y2 - plateBox.y1) / fullScale) * size.height),
    };
    this.#lastVehicleId += 1;
    return writePlate({
      ...post,
      number,
      list,
      direction,
      plateBox,
      overview,
      overviewSize: size,
      confidence: confidence ?? random.between(8200, 9950) / 100,
      vehicleId: this.#lastVehicleId,
      vehicle: random.pick(vehicles),
      crop: this.#drawPlate(number, cropSize),
    });
  }

  #drawPlate(text: string, size: { readonly width: number; readonly height: number }): Picture | undefined {
    return this.subscribes('targetImage') ? this.#view.drawPlate(text, size) : undefined;
  }

  #drawScene(figures: readonly Figure[]): Picture | undefined {
    return this.subscribes('sourceImage') ? this.#view.drawScene(this.#device.clock.now(), figures) : undefined;
  }
}
