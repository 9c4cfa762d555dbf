/** One camera's scene as a picture: SVG, so that it is small, sharp at any size, and shown by every browser. */
import type { Image, Point, TargetType } from '../event';
import { fromPlane, round, toPlane } from './geometry';
import type { Scene } from './scene';
import type { Tracked } from './tracked';

/** The picture's width in its own units; strokes and letters are measured by it. */
const width = 1600;
const colors: Readonly<Record<TargetType, string>> = {
  person: '#7fd67f',
  vehicle: '#6fb7ff',
  motorcycle: '#d79bff',
  face: '#ffd36b',
  plate: '#ffd36b',
  unknown: '#d0d0d0',
};

/** In the picture's own units. */
export function pictureSize(aspect: number): { readonly width: number; readonly height: number } {
  return { width, height: Math.round(width / aspect) };
}

/** @param image scene behind; where it is none, the ground is dark */
export function drawPicture(scene: Scene, aspect: number, image?: Image): string {
  const { height } = pictureSize(aspect);
  const { plan, targets } = scene;
  const at = (point: Point): string => `${round(point.x * width, 1)},${round(point.y * height, 1)}`;
  const parts: string[] = [];

  const href = image && toHref(image);
  if (href !== undefined)
    parts.push(`<image href="${href}" width="${width}" height="${height}" preserveAspectRatio="none"/>`);
  for (const { zone } of plan.zones) {
    const number = scene.numberIn(zone);
    parts.push(
      `<polygon points="${zone.points.map(at).join(' ')}" fill="#f3b567" fill-opacity="${number > 0 ? 0.3 : 0.1}" stroke="#f3b567" stroke-width="3"/>`,
      writeText(topOf(zone.points), `${zone.name}: ${number}`, '#f3b567', at),
    );
  }
  for (const { line, segment } of plan.lines) {
    const { in: entered, out: left } = scene.tallyOf(line).crossing;
    const [start, end] = line.points;
    if (start === undefined || end === undefined) continue;
    const middle = middleOf([start, end]);
    // to the right hand of the line's way: that is in
    const along = { x: segment.end.x - segment.start.x, y: segment.end.y - segment.start.y };
    const length = Math.hypot(along.x, along.y);
    const center = toPlane(middle, aspect);
    const tip = fromPlane({ x: center.x - (along.y / length) * 0.03, y: center.y + (along.x / length) * 0.03 }, aspect);
    parts.push(
      `<path d="M${at(start)} L${at(end)}" stroke="#ff8a80" stroke-width="4" fill="none"/>`,
      `<path d="M${at(middle)} L${at(tip)}" stroke="#ff8a80" stroke-width="4" fill="none" marker-end="url(#in)"/>`,
      writeText(start, `${line.name}: in ${entered}, out ${left}`, '#ff8a80', at),
    );
  }
  for (const { spot } of plan.spots) {
    const [point] = spot.points;
    if (point === undefined) continue;
    parts.push(
      `<circle cx="${round(point.x * width, 1)}" cy="${round(point.y * height, 1)}" r="10" fill="none" stroke="#fff176" stroke-width="4"/>`,
      writeText(point, spot.name, '#fff176', at),
    );
  }
  for (const tracked of targets) parts.push(...drawTarget(tracked, aspect, at, height));

  const { name, id, channel } = scene.source.device;
  const caption = `${name ?? id}${channel === undefined ? '' : ` #${channel}`}: ${targets.length}`;
  // cameras write their own name and time above
  parts.push(writeText({ x: 0.01, y: 0.98 }, caption, '#ffffff', at, 44));
  const marker = `<marker id="in" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="5" markerHeight="5" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#ff8a80"/></marker>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif"><defs>${marker}</defs><rect width="${width}" height="${height}" fill="#14171a"/>${parts.join('')}</svg>`;
}

function drawTarget(tracked: Tracked, aspect: number, at: (point: Point) => string, height: number): readonly string[] {
  const color = colors[tracked.type];
  const parts: string[] = [];
  if (tracked.path.length > 1) {
    const trail = tracked.path.map((point) => at(fromPlane(point, aspect))).join(' ');
    parts.push(`<polyline points="${trail}" fill="none" stroke="${color}" stroke-opacity="0.6" stroke-width="4"/>`);
  }
  const box = tracked.lastBox;
  if (box === undefined) return parts;
  const sides = [box.x * width, box.y * height, box.width * width, box.height * height].map((side) => round(side, 1));
  parts.push(
    `<rect x="${sides[0]}" y="${sides[1]}" width="${sides[2]}" height="${sides[3]}" fill="none" stroke="${color}" stroke-width="4"/>`,
  );
  const seconds = Math.floor((tracked.lastMs - tracked.firstMs) / 1000);
  parts.push(writeText(box, `${tracked.type} ${tracked.id} · ${seconds} s`, color, at));
  return parts;
}

/** A little above the point, with a dark rim that can be read on any scene. */
function writeText(point: Point, text: string, color: string, at: (point: Point) => string, size = 36): string {
  const [x, y] = at(point).split(',').map(Number);
  const shown = Array.from(text).slice(0, 60).join('');
  const top = Math.max(size, (y ?? 0) - 6);
  return `<text x="${x}" y="${top}" font-size="${size}" fill="${color}" stroke="#14171a" stroke-width="5" paint-order="stroke">${escape(shown)}</text>`;
}

/** Where a zone begins, a little inside of it mostly. */
function topOf(points: readonly Point[]): Point {
  const [first = { x: 0, y: 0 }] = points.toSorted((one, other) => one.y - other.y || one.x - other.x);
  return { x: first.x + 0.005, y: first.y + 0.05 };
}

function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((total, point) => ({ x: total.x + point.x, y: total.y + point.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** Names come from cameras and from people: none may end the text it stands in, or hold what XML refuses. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** A scene is shown many times before the next one comes. */
const hrefs = new WeakMap<Image, string>();

/** The bytes of an image as they stand in a page; undefined for what is no picture. */
function toHref(image: Image): string | undefined {
  const known = hrefs.get(image);
  if (known !== undefined) return known;
  const { data, mimeType } = image;
  if (!/^image\/(jpeg|png|gif|webp)$/.test(mimeType)) return undefined;
  const base64 =
    typeof data === 'string' ? data.replace(/^data:[^,]*,/, '').replace(/\s/g, '') : data.toString('base64');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  const href = `data:${mimeType};base64,${base64}`;
  hrefs.set(image, href);
  return href;
}
