/** Draws the pictures the fake cameras send: a scene with its targets, crops of people, cars and faces, plates. */
import { fullScale, type Box, type Size } from './geometry';
import {
  copyCanvas,
  createCanvas,
  drawText,
  fillArea,
  fillSlope,
  measureText,
  type Area,
  type Canvas,
  type Color,
} from './picture/canvas';
import { drawFigure, drawNumberPlate, type FigureKind } from './picture/figures';
import { encodeJpeg } from './picture/jpeg';

export type { Color } from './picture/canvas';
export type { FigureKind } from './picture/figures';

export interface Picture extends Size {
  readonly jpeg: Buffer;
}

export interface Figure {
  readonly kind: FigureKind;
  /** 0 to 10000 of the scene. */
  readonly box: Box;
  readonly color?: Color;
  /** Text of the plate a car wears. */
  readonly plate?: string;
}

export interface SceneOptions extends Partial<Size> {
  readonly figures?: readonly Figure[];
  /** Printed top left; letters, digits, colon, hyphen, blank. */
  readonly caption?: string;
  /** Fills the file up to this many bytes, as a real sensor's grain would. */
  readonly weightBytes?: number;
}

export interface CropOptions extends Size {
  readonly kind: FigureKind;
  readonly color?: Color;
  readonly weightBytes?: number;
}

export interface PlateOptions extends Size {
  readonly text: string;
  readonly weightBytes?: number;
}

const sceneSize: Size = { width: 1280, height: 720 };
const plainColor: Color = [196, 60, 48];
const wall: Color = [190, 176, 158];
/** Crops repeat, scenes do not (their caption shows the time): only crops and backgrounds are kept. */
const keptCropsMax = 64;

const backgrounds = new Map<string, Canvas>();
const crops = new Map<string, Picture>();

export function drawScene(options: SceneOptions = {}): Picture {
  const { width, height } = { ...sceneSize, ...options };
  const canvas = copyCanvas(findBackground(width, height));
  for (const figure of options.figures ?? []) {
    const area = toPixels(figure.box, canvas);
    drawFigure(canvas, figure.kind, area, figure.color ?? plainColor);
    if (figure.plate !== undefined) drawNumberPlate(canvas, toPixels(findPlateBox(figure.box), canvas), figure.plate);
  }
  if (options.caption !== undefined) drawCaption(canvas, options.caption);
  return { width, height, jpeg: encodeJpeg(canvas, options.weightBytes) };
}

export function drawCrop(options: CropOptions): Picture {
  const { kind, width, height, color = plainColor, weightBytes } = options;
  return keep(`${kind} ${width}x${height} ${color.join()} ${weightBytes}`, () => {
    const canvas = createCanvas(width, height);
    fillSlope(canvas, { x: 0, y: 0, width, height }, [128, 138, 132], [96, 104, 92]);
    const margin = Math.round(Math.min(width, height) / 12);
    drawFigure(canvas, kind, { x: margin, y: margin, width: width - 2 * margin, height: height - 2 * margin }, color);
    return { width, height, jpeg: encodeJpeg(canvas, weightBytes) };
  });
}

export function drawPlate(options: PlateOptions): Picture {
  const { text, width, height, weightBytes } = options;
  return keep(`plate ${text} ${width}x${height} ${weightBytes}`, () => {
    const canvas = createCanvas(width, height);
    drawNumberPlate(canvas, { x: 0, y: 0, width, height }, text);
    return { width, height, jpeg: encodeJpeg(canvas, weightBytes) };
  });
}

/** Where a car in this box wears its plate. */
export function findPlateBox({ x1, y1, x2, y2 }: Box): Box {
  const left = Math.round(x1 + (x2 - x1) * 0.36);
  const top = Math.round(y1 + (y2 - y1) * 0.56);
  return { x1: left, y1: top, x2: Math.round(left + (x2 - x1) * 0.28), y2: Math.round(top + (y2 - y1) * 0.16) };
}

function findBackground(width: number, height: number): Canvas {
  const key = `${width}x${height}`;
  const kept = backgrounds.get(key);
  if (kept !== undefined) return kept;
  const canvas = createCanvas(width, height);
  drawYard(canvas);
  backgrounds.set(key, canvas);
  return canvas;
}

function drawYard(canvas: Canvas): void {
  const { width, height } = canvas;
  const horizon = Math.round(height * 0.45);
  fillSlope(canvas, { x: 0, y: 0, width, height: horizon }, [96, 148, 206], [202, 222, 236]);
  fillSlope(canvas, { x: 0, y: horizon, width, height: height - horizon }, [112, 128, 92], [74, 88, 62]);
  fillSlope(canvas, { x: 0, y: height * 0.68, width, height: height * 0.2 }, [118, 118, 120], [92, 92, 96]);
  fillArea(canvas, { x: width * 0.58, y: height * 0.2, width: width * 0.34, height: height * 0.3 }, wall);
  fillArea(canvas, { x: width * 0.56, y: height * 0.16, width: width * 0.38, height: height * 0.05 }, [120, 62, 52]);
  for (const x of [0.62, 0.7, 0.84]) {
    fillArea(canvas, { x: width * x, y: height * 0.27, width: width * 0.04, height: height * 0.08 }, [88, 116, 140]);
  }
  fillArea(canvas, { x: width * 0.77, y: height * 0.34, width: width * 0.05, height: height * 0.16 }, [86, 58, 42]);
}

function drawCaption(canvas: Canvas, caption: string): void {
  const scale = Math.max(1, Math.round(canvas.width / 400));
  const size = measureText(caption, scale);
  const margin = scale * 4;
  fillArea(
    canvas,
    { x: margin, y: margin, width: size.width + 4 * scale, height: size.height + 4 * scale },
    [20, 20, 24],
  );
  drawText(canvas, caption, margin + 2 * scale, margin + 2 * scale, scale, [240, 240, 240]);
}

function toPixels(box: Box, size: Size): Area {
  const x = (box.x1 / fullScale) * size.width;
  const y = (box.y1 / fullScale) * size.height;
  return { x, y, width: (box.x2 / fullScale) * size.width - x, height: (box.y2 / fullScale) * size.height - y };
}

function keep(key: string, draw: () => Picture): Picture {
  const kept = crops.get(key);
  if (kept !== undefined) return kept;
  const [oldest] = crops.keys();
  if (oldest !== undefined && crops.size >= keptCropsMax) crops.delete(oldest);
  const picture = draw();
  crops.set(key, picture);
  return picture;
}
