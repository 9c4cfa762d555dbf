/** One target while it is there: since when, where it went, how fast it goes, in which zones it is. */
import type { Box, Point, Target, TargetType } from '../event';
import type { Approach } from './approach';
import { anchorOf, distance, headingOf, overlap, round, toPlane } from './geometry';
import type { Passage } from './passage';
import type { PresenceSettings } from './settings';

/** Shorter steps are the trembling of a box, in widths of the picture. */
const stepLength = 0.01;
/** A path of more points loses every second one, so that a long visit costs no more than a short one. */
const pathPoints = 64;
/** Speed is that of the last second: a box trembles too much for less. */
const speedMs = 1000;
const speedLeastMs = 200;
const recentMax = 32;
/** Nobody goes so fast, in widths a second, and so far: the id was given to somebody else. */
const jumpSpeed = 3;
const jumpLength = 0.35;

interface Sample {
  readonly ms: number;
  readonly at: Point;
}

/** Times of the camera's clock, except `heardMs`. */
export interface Stay {
  sinceMs: number;
  lastMs: number;
  heardMs: number;
  /** Inside in the last position, or so near to the edge that it may as well be. */
  isInside: boolean;
  isLoitering: boolean;
  isFast: boolean;
}

export class Tracked {
  readonly id: string;
  type: TargetType;
  firstMs: number;
  lastMs: number;
  /** This machine's time: what the wait for silence is measured by. */
  heardMs: number;
  firstBox: Box | undefined;
  lastBox: Box | undefined;
  /** Names of zones, in the order of entering. */
  readonly visited = new Set<string>();
  readonly stays = new Map<string, Stay>();
  readonly passages = new Map<string, Passage>();
  readonly approaches = new Map<string, Approach>();
  readonly #settings: Pick<PresenceSettings, 'anchor' | 'aspect'>;
  #at: Point | undefined;
  #first: Point | undefined;
  #path: Point[] = [];
  #pathStep = stepLength;
  #milestone: Point | undefined;
  #length = 0;
  readonly #recent: Sample[] = [];
  #told: Sample | undefined;

  constructor(target: Target, id: string, ms: number, nowMs: number, settings: PresenceSettings) {
    this.id = id;
    this.type = target.type;
    this.firstMs = ms;
    this.lastMs = ms;
    this.heardMs = nowMs;
    this.#settings = settings;
    this.#place(target.box, ms);
    this.#told = this.#at && { ms, at: this.#at };
  }

  /** Where it stands, in the lengths of the plan; undefined while no box was given. */
  get at(): Point | undefined {
    return this.#at;
  }

  get path(): readonly Point[] {
    return this.#path;
  }

  /** How many things of it are remembered. */
  get size(): number {
    const maps = this.stays.size + this.passages.size + this.approaches.size + this.visited.size;
    return 1 + this.#path.length + this.#recent.length + maps;
  }

  see(target: Target, ms: number, nowMs: number): void {
    if (target.type !== 'unknown') this.type = target.type;
    this.lastMs = ms;
    this.heardMs = nowMs;
    this.#place(target.box, ms);
  }

  /** A late post: it was there before it was first seen. What lies between is told where there was a position. */
  precede(target: Target, ms: number): { readonly earlier: Point; readonly first: Point } | undefined {
    this.firstMs = ms;
    if (target.box === undefined) return undefined;
    const earlier = this.#toPoint(target.box);
    const first = this.#first;
    this.#first = earlier;
    this.firstBox = target.box;
    if (first === undefined) return undefined;
    this.#length += distance(earlier, first);
    // the first point is where it was seen first, and the others stand a step apart, as in `#walk`
    const [start, second] = this.#path;
    if (start !== undefined && second !== undefined && distance(start, second) < this.#pathStep) this.#path.shift();
    this.#path.unshift(earlier);
    this.#thin();
    return { earlier, first };
  }

  /** Whether somebody else has got this id: cameras count from the start again, and know no more than their numbers. */
  isOther(target: Target, ms: number): boolean {
    if (target.box === undefined || this.lastBox === undefined || this.#at === undefined) return false;
    const way = distance(this.#at, this.#toPoint(target.box));
    const seconds = (ms - this.lastMs) / 1000;
    return way > jumpLength && way > jumpSpeed * seconds && !overlap(target.box, this.lastBox);
  }

  /** Widths of the picture, without trembling. */
  get distance(): number {
    const rest = this.#at === undefined || this.#milestone === undefined ? 0 : distance(this.#milestone, this.#at);
    return this.#length + (rest < stepLength ? 0 : rest);
  }

  /** Widths a second in the last second; undefined while it was seen for less. */
  get speed(): number | undefined {
    const [from] = this.#recent;
    const to = this.#recent.at(-1);
    if (from === undefined || to === undefined || to.ms - from.ms < speedLeastMs) return undefined;
    return distance(from.at, to.at) / ((to.ms - from.ms) / 1000);
  }

  /** Degrees clockwise from up; undefined where it stands. */
  get heading(): number | undefined {
    const [from] = this.#recent;
    const to = this.#recent.at(-1);
    if (from === undefined || to === undefined || distance(from.at, to.at) < stepLength) return undefined;
    return headingOf(from.at, to.at);
  }

  /** True where it has moved since that was told last, and that is long enough ago. */
  isMoveDue(perSecond: number): boolean {
    if (perSecond === 0 || this.#at === undefined) return false;
    const told = this.#told;
    if (told !== undefined && (this.lastMs - told.ms < 1000 / perSecond || distance(told.at, this.#at) < stepLength))
      return false;
    this.#told = { ms: this.lastMs, at: this.#at };
    return true;
  }

  /** The camera's clock was set. */
  shift(ms: number): void {
    this.firstMs += ms;
    this.lastMs += ms;
    for (const stay of this.stays.values()) {
      stay.sinceMs += ms;
      stay.lastMs += ms;
    }
    if (this.#told !== undefined) this.#told = { ...this.#told, ms: this.#told.ms + ms };
    this.#recent.splice(0, this.#recent.length, ...this.#recent.map(({ ms: then, at }) => ({ ms: then + ms, at })));
  }

  toTarget(): Target {
    return { id: this.id, type: this.type, ...(this.lastBox !== undefined && { box: { ...this.lastBox } }) };
  }

  #toPoint(box: Box): Point {
    return toPlane(anchorOf(box, this.#settings.anchor), this.#settings.aspect);
  }

  #place(box: Box | undefined, ms: number): void {
    if (box === undefined) return;
    const at = this.#toPoint(box);
    this.firstBox ??= box;
    this.lastBox = box;
    this.#first ??= at;
    this.#at = at;
    this.#recent.push({ ms, at });
    // one that is older is kept, or nobody who is seen once a second would have a speed
    while (this.#recent.length > recentMax || (this.#recent[1] !== undefined && ms - this.#recent[1].ms >= speedMs))
      this.#recent.shift();
    this.#walk(at);
  }

  #walk(at: Point): void {
    this.#milestone ??= at;
    const way = distance(this.#milestone, at);
    if (way >= stepLength) {
      this.#length += way;
      this.#milestone = at;
    }
    const end = this.#path.at(-1);
    if (end !== undefined && distance(end, at) < this.#pathStep) return;
    this.#path.push(at);
    this.#thin();
  }

  /** There is one point too many at most, and then an odd number of them: the first and the last stay. */
  #thin(): void {
    if (this.#path.length <= pathPoints) return;
    this.#path = this.#path.filter((_, index) => index % 2 === 0);
    this.#pathStep *= 2;
  }

  /** For texts: rounded, so that a message does not show more than a camera knows. */
  get roundedSpeed(): number | undefined {
    const { speed } = this;
    return speed === undefined ? undefined : round(speed, 3);
  }
}
