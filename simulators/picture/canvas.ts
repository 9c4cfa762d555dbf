/** Pixels in memory and the few strokes a fake scene needs: boxes, slopes of colour, ellipses, text. */
import { findGlyph, glyphHeight, glyphWidth } from './font';

export type Color = readonly [red: number, green: number, blue: number];

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, opacity: four bytes a pixel, row by row. */
  readonly data: Buffer;
}

/** A box in pixels; may reach over the edge. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, data: Buffer.alloc(width * height * 4, 255) };
}

export function copyCanvas(canvas: Canvas): Canvas {
  return { ...canvas, data: Buffer.from(canvas.data) };
}

export function fillArea(canvas: Canvas, area: Area, color: Color): void {
  const left = Math.max(0, Math.round(area.x));
  const right = Math.min(canvas.width, Math.round(area.x + area.width));
  const bottom = Math.min(canvas.height, Math.round(area.y + area.height));
  for (let y = Math.max(0, Math.round(area.y)); y < bottom; y++) fillRow(canvas, y, left, right, color);
}

/** Top colour to bottom colour. */
export function fillSlope(canvas: Canvas, area: Area, top: Color, bottom: Color): void {
  const height = Math.max(1, Math.round(area.height));
  for (let row = 0; row < height; row++) {
    fillArea(canvas, { ...area, y: area.y + row, height: 1 }, blend(top, bottom, row / height));
  }
}

export function fillEllipse(canvas: Canvas, area: Area, color: Color): void {
  const radius = area.height / 2;
  for (let y = Math.max(0, Math.ceil(area.y)); y < Math.min(canvas.height, area.y + area.height); y++) {
    const distance = (y - area.y - radius) / radius;
    const half = (area.width / 2) * Math.sqrt(Math.max(0, 1 - distance * distance));
    const middle = area.x + area.width / 2;
    fillRow(
      canvas,
      y,
      Math.max(0, Math.round(middle - half)),
      Math.min(canvas.width, Math.round(middle + half)),
      color,
    );
  }
}

/** Writes `text` with its top left corner at x, y; one font dot is a square of `scale` pixels. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, scale: number, color: Color): void {
  for (const [position, character] of Array.from(text).entries()) {
    const left = x + position * (glyphWidth + 1) * scale;
    for (const [row, bits] of findGlyph(character).entries()) {
      for (let column = 0; column < glyphWidth; column++) {
        if ((bits & (1 << (glyphWidth - 1 - column))) === 0) continue;
        fillArea(canvas, { x: left + column * scale, y: y + row * scale, width: scale, height: scale }, color);
      }
    }
  }
}

export function measureText(text: string, scale: number): { readonly width: number; readonly height: number } {
  return { width: Math.max(0, text.length * (glyphWidth + 1) - 1) * scale, height: glyphHeight * scale };
}

function fillRow(canvas: Canvas, y: number, left: number, right: number, color: Color): void {
  for (let offset = (y * canvas.width + left) * 4, x = left; x < right; x++, offset += 4) {
    canvas.data[offset] = color[0];
    canvas.data[offset + 1] = color[1];
    canvas.data[offset + 2] = color[2];
  }
}

function blend(from: Color, to: Color, part: number): Color {
  const mix = (start: number, end: number): number => Math.round(start + (end - start) * part);
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])];
}
