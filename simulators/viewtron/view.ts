/** What a device's pictures show and weigh: overview with all targets and the time, and one crop a target. */
import type { Size } from '../geometry';
import { drawCrop, drawPlate, drawScene, type Color, type Figure, type FigureKind, type Picture } from '../picture';
import type { Random } from '../random';

/** Bytes of the JPEG files, from the sizes of whole posts in 1.4. */
export interface PictureWeights {
  readonly scene: number;
  readonly plateScene: number;
  readonly crop: number;
  readonly face: number;
  readonly plate: number;
}

export const cameraWeights: PictureWeights = {
  scene: 312_000,
  plateScene: 576_000,
  crop: 68_000,
  face: 18_000,
  plate: 4_000,
};

export const recorderWeights: PictureWeights = {
  scene: 325_000,
  plateScene: 466_000,
  crop: 68_000,
  face: 18_000,
  plate: 2_000,
};

/** For tests that care about neither: as small as the drawing compresses. */
export const noWeights: PictureWeights = { scene: 0, plateScene: 0, crop: 0, face: 0, plate: 0 };

export interface ViewOptions {
  readonly caption: string;
  readonly scene?: Size;
  readonly weights: PictureWeights;
}

const sceneSize: Size = { width: 1280, height: 720 };
const cropSizes: Readonly<Record<FigureKind, Size>> = {
  person: { width: 336, height: 448 },
  car: { width: 448, height: 336 },
  motor: { width: 336, height: 336 },
  face: { width: 184, height: 184 },
};
const colors: readonly [Color, ...Color[]] = [
  [196, 60, 48],
  [52, 92, 168],
  [70, 132, 84],
  [214, 168, 60],
  [150, 150, 156],
];

export class View {
  readonly size: Size;
  readonly #caption: string;
  readonly #weights: PictureWeights;

  constructor(options: ViewOptions) {
    this.size = options.scene ?? sceneSize;
    this.#caption = options.caption;
    this.#weights = options.weights;
  }

  drawScene(timeMs: number, figures: readonly Figure[], weightBytes = this.#weights.scene): Picture {
    const time = new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
    return drawScene({ ...this.size, figures, weightBytes, caption: `${this.#caption} ${time}` });
  }

  /** A plate overview weighs more: these cameras have the larger sensor. */
  drawPlateScene(timeMs: number, car: Omit<Figure, 'kind'>): Picture {
    return this.drawScene(timeMs, [{ kind: 'car', ...car }], this.#weights.plateScene);
  }

  drawCrop(kind: FigureKind, color: Color): Picture {
    const weightBytes = kind === 'face' ? this.#weights.face : this.#weights.crop;
    return drawCrop({ kind, color, weightBytes, ...cropSizes[kind] });
  }

  drawPlate(text: string, size: Size): Picture {
    return drawPlate({ text, ...size, weightBytes: this.#weights.plate });
  }
}

export function pickColor(random: Random): Color {
  return random.pick(colors);
}
