/** What walks, drives and looks into the fake cameras: a person, a car, a two-wheeler, a face, a plate. */
import { drawText, fillArea, fillEllipse, measureText, type Area, type Canvas, type Color } from './canvas';

export type FigureKind = 'person' | 'car' | 'motor' | 'face';

const skin: Color = [226, 182, 148];
const dark: Color = [38, 40, 46];
const glass: Color = [150, 190, 210];
const white: Color = [245, 245, 240];

const painters: Readonly<Record<FigureKind, (canvas: Canvas, area: Area, color: Color) => void>> = {
  person: drawPerson,
  car: drawCar,
  motor: drawMotor,
  face: drawFace,
};

export function drawFigure(canvas: Canvas, kind: FigureKind, area: Area, color: Color): void {
  painters[kind](canvas, area, color);
}

/** A white plate with dark characters and a border; the characters are as large as the plate allows. */
export function drawNumberPlate(canvas: Canvas, area: Area, text: string): void {
  const border = Math.max(1, Math.round(area.height / 16));
  fillArea(canvas, area, dark);
  fillArea(canvas, shrink(area, border), white);
  const inner = shrink(area, border * 2);
  const unit = measureText(text, 1);
  const scale = Math.max(1, Math.floor(Math.min(inner.width / Math.max(1, unit.width), inner.height / unit.height)));
  const size = measureText(text, scale);
  const x = Math.round(area.x + (area.width - size.width) / 2);
  const y = Math.round(area.y + (area.height - size.height) / 2);
  drawText(canvas, text, x, y, scale, dark);
}

function drawPerson(canvas: Canvas, area: Area, color: Color): void {
  fillEllipse(canvas, part(area, 0.3, 0, 0.4, 0.18), skin);
  fillArea(canvas, part(area, 0.2, 0.19, 0.6, 0.38), color);
  fillArea(canvas, part(area, 0.02, 0.2, 0.14, 0.34), color);
  fillArea(canvas, part(area, 0.84, 0.2, 0.14, 0.34), color);
  fillArea(canvas, part(area, 0.22, 0.57, 0.24, 0.43), dark);
  fillArea(canvas, part(area, 0.54, 0.57, 0.24, 0.43), dark);
}

function drawCar(canvas: Canvas, area: Area, color: Color): void {
  fillArea(canvas, part(area, 0.2, 0, 0.6, 0.45), color);
  fillArea(canvas, part(area, 0.25, 0.08, 0.22, 0.32), glass);
  fillArea(canvas, part(area, 0.53, 0.08, 0.22, 0.32), glass);
  fillArea(canvas, part(area, 0, 0.42, 1, 0.4), color);
  fillEllipse(canvas, part(area, 0.1, 0.65, 0.22, 0.35), dark);
  fillEllipse(canvas, part(area, 0.68, 0.65, 0.22, 0.35), dark);
}

function drawMotor(canvas: Canvas, area: Area, color: Color): void {
  drawPerson(canvas, part(area, 0.25, 0, 0.5, 0.75), color);
  fillArea(canvas, part(area, 0.1, 0.6, 0.8, 0.12), color);
  fillEllipse(canvas, part(area, 0, 0.65, 0.35, 0.35), dark);
  fillEllipse(canvas, part(area, 0.65, 0.65, 0.35, 0.35), dark);
}

function drawFace(canvas: Canvas, area: Area, color: Color): void {
  fillEllipse(canvas, part(area, 0.12, 0.02, 0.76, 0.6), color);
  fillEllipse(canvas, part(area, 0.18, 0.12, 0.64, 0.82), skin);
  fillEllipse(canvas, part(area, 0.32, 0.42, 0.1, 0.08), dark);
  fillEllipse(canvas, part(area, 0.58, 0.42, 0.1, 0.08), dark);
  fillArea(canvas, part(area, 0.4, 0.74, 0.2, 0.03), dark);
}

function part(area: Area, x: number, y: number, width: number, height: number): Area {
  return {
    x: area.x + area.width * x,
    y: area.y + area.height * y,
    width: area.width * width,
    height: area.height * height,
  };
}

function shrink(area: Area, by: number): Area {
  return { x: area.x + by, y: area.y + by, width: area.width - 2 * by, height: area.height - 2 * by };
}
