/** What happens before one camera: who is there, in which zones, and which lines they cross. */
import { isDeepStrictEqual } from 'node:util';
import type { Device, SecurityEvent, Target } from '../event';
import { Approach } from './approach';
import { countTypes, toMovement, toPresence, toRule, toSeconds, type Source, type Told } from './events';
import { distanceToEdge, isInside } from './geometry';
import { Occupancy } from './occupancy';
import { Passage } from './passage';
import { planFor, type Plan } from './plan';
import type { PresenceSettings } from './settings';
import type { Direction, Line, Zone } from './shapes';
import { Tally } from './tally';
import { Timeline } from './timeline';
import { Tracked, type Stay } from './tracked';

/** More at once are no targets but noise: who came first goes first. */
const targetsMax = 256;
/** Ids that have left are remembered so long, lest a late post brings one back. */
const leftMs = 60_000;
const leftMax = 512;
/** In widths of the picture: who was inside is inside until so far beyond the edge, because boxes tremble. */
const edge = 0.01;
/** Who was too fast is told again only after going slower than this part of the limit. */
const calm = 0.8;

export type Tell = (told: Told, source: Source) => void;

export class Scene {
  source: Source;
  heardMs: number;
  readonly #tell: (told: Told) => void;
  #settings: PresenceSettings;
  #plan: Plan;
  readonly #timeline: Timeline;
  readonly #targets = new Map<string, Tracked>();
  readonly #left = new Map<string, number>();
  readonly #all = new Occupancy();
  readonly #zones = new Map<string, Occupancy>();
  readonly #tallies = new Map<string, Tally>();
  /** Posts of another time than their neighbours. */
  passedOver = 0;

  constructor(event: SecurityEvent, nowMs: number, settings: PresenceSettings, tell: Tell) {
    // not the event itself: its pictures weigh
    this.source = { vendor: event.vendor, device: event.device, timeSource: event.timeSource };
    this.heardMs = nowMs;
    this.#settings = settings;
    this.#plan = planFor(event.device, settings);
    this.#timeline = new Timeline(Date.parse(event.time), nowMs);
    this.#tell = (told) => tell(told, this.source);
  }

  get plan(): Plan {
    return this.#plan;
  }

  get targets(): readonly Tracked[] {
    return [...this.#targets.values()];
  }

  get number(): number {
    return this.#targets.size;
  }

  /** How many things are remembered: what must not grow. */
  get size(): number {
    let size = 1 + this.#left.size + this.#zones.size + this.#tallies.size;
    for (const tracked of this.#targets.values()) size += tracked.size;
    return size;
  }

  numberIn(zone: Zone): number {
    return this.#zones.get(zone.id)?.number ?? 0;
  }

  tallyOf(line: Line): Tally {
    let tally = this.#tallies.get(line.id);
    if (tally === undefined) {
      tally = new Tally();
      this.#tallies.set(line.id, tally);
    }
    return tally;
  }

  /**
   * Settings have changed, or it has become known what the camera is called. What hangs on shapes that are gone goes, and
   * is told: a light that a zone had switched on must not stay on for ever.
   */
  use(settings: PresenceSettings, device: Device = this.source.device): void {
    const before = this.#plan;
    const plan = planFor(device, settings);
    const zones = new Set(plan.zones.map(({ zone }) => zone.id));
    for (const tracked of this.#targets.values()) {
      for (const [id, stay] of tracked.stays) if (!zones.has(id)) this.#endStay(tracked, id, stay);
    }
    this.#tellChanges(undefined);
    for (const id of this.#zones.keys()) if (!zones.has(id)) this.#zones.delete(id);
    const lines = new Set(settings.shapes.lines.map(({ id }) => id));
    for (const id of this.#tallies.keys()) if (!lines.has(id)) this.#tallies.delete(id);
    this.#settings = settings;
    this.#plan = plan;
    for (const tracked of this.#targets.values()) {
      // where targets stand to a line or a spot that was moved is found anew
      for (const { line, segment } of before.lines) {
        if (!plan.lines.some((now) => now.line.id === line.id && isDeepStrictEqual(now.segment, segment)))
          tracked.passages.delete(line.id);
      }
      for (const { spot, at } of before.spots) {
        if (!plan.spots.some((now) => now.spot.id === spot.id && isDeepStrictEqual(now.at, at)))
          tracked.approaches.delete(spot.id);
      }
      if (tracked.at === undefined) continue;
      for (const { line, segment } of plan.lines) {
        if (!tracked.passages.has(line.id)) tracked.passages.set(line.id, new Passage(segment, tracked.at));
      }
    }
  }

  take(event: SecurityEvent, targets: readonly Target[], nowMs: number): void {
    const ms = Date.parse(event.time);
    const shiftMs = this.#timeline.place(ms, nowMs);
    if (shiftMs === undefined) {
      this.passedOver += 1;
      return;
    }
    if (shiftMs !== 0) this.#shift(shiftMs);
    this.heardMs = nowMs;
    const { name, ip, mac, serial } = this.source.device;
    // what a camera does not say this time is still known
    const device = { ...this.source.device, ...event.device };
    this.source = { vendor: event.vendor, device, timeSource: event.timeSource };
    if (device.name !== name || device.ip !== ip || device.mac !== mac || device.serial !== serial)
      this.use(this.#settings, device);
    for (const target of targets) if (target.id !== undefined) this.#see(target, target.id, ms, nowMs);
    this.#forgetLeft(ms);
    this.#tellChanges(ms);
  }

  /** Lets go who has been silent for too long. */
  tick(nowMs: number): void {
    const { stopDelayMs } = this.#settings;
    for (const tracked of this.#targets.values()) {
      for (const [id, stay] of tracked.stays) if (nowMs - stay.heardMs >= stopDelayMs) this.#endStay(tracked, id, stay);
      if (nowMs - tracked.heardMs >= stopDelayMs) this.#leave(tracked);
    }
    this.#tellChanges(undefined);
  }

  /** Nothing could be heard until now: that was no silence. */
  forgive(nowMs: number): void {
    for (const tracked of this.#targets.values()) {
      tracked.heardMs = nowMs;
      for (const stay of tracked.stays.values()) stay.heardMs = nowMs;
    }
  }

  /** When the next silence will have lasted too long; undefined where nobody is. */
  get dueMs(): number | undefined {
    let heardMs = Infinity;
    for (const tracked of this.#targets.values()) {
      heardMs = Math.min(heardMs, tracked.heardMs);
      for (const stay of tracked.stays.values()) heardMs = Math.min(heardMs, stay.heardMs);
    }
    return heardMs === Infinity ? undefined : heardMs + this.#settings.stopDelayMs;
  }

  /** Tells what was counted, and begins anew. @param name name or id of a line; undefined: all */
  reset(name: string | undefined, nowMs: number): void {
    for (const { line } of this.#plan.lines) {
      if (name !== undefined && line.name !== name && line.id !== name) continue;
      const tally = this.tallyOf(line);
      this.#tell({
        port: 'crossings',
        kind: 'counts-reset',
        ms: nowMs,
        targets: [],
        rule: toRule(line),
        counts: tally.counts,
        crossing: tally.crossing,
      });
      tally.reset();
    }
  }

  #see(target: Target, id: string, ms: number, nowMs: number): void {
    const { stopDelayMs } = this.#settings;
    let known = this.#targets.get(id);
    if (known !== undefined) {
      if (ms <= known.lastMs) {
        if (ms < known.firstMs && known.firstMs - ms <= stopDelayMs && ms > (this.#left.get(id) ?? 0))
          this.#precede(known, target, ms);
        return;
      }
      if (ms - known.lastMs > stopDelayMs || known.isOther(target, ms)) {
        this.#leave(known);
        known = undefined;
      }
    } else if (ms <= (this.#left.get(id) ?? 0)) {
      return;
    }
    if (known === undefined) {
      this.#arrive(target, id, ms, nowMs);
    } else {
      known.see(target, ms, nowMs);
      this.#move(known);
    }
  }

  #arrive(target: Target, id: string, ms: number, nowMs: number): void {
    const [oldest] = this.#targets.values();
    if (this.#targets.size >= targetsMax && oldest !== undefined) this.#leave(oldest);
    const tracked = new Tracked(target, id, ms, nowMs, this.#settings);
    this.#targets.set(id, tracked);
    this.#all.enter(ms);
    const number = { number: this.#targets.size };
    this.#tellTarget(tracked, 'target-arrived', ms, { counts: this.#present(), presence: number });
    this.#move(tracked);
  }

  #leave(tracked: Tracked): void {
    for (const [id, stay] of tracked.stays) this.#endStay(tracked, id, stay);
    for (const { line, segment } of this.#plan.lines) {
      const direction = tracked.passages.get(line.id)?.end(segment);
      if (direction !== undefined) this.#cross(tracked, line, direction);
    }
    this.#targets.delete(tracked.id);
    this.#left.delete(tracked.id);
    this.#left.set(tracked.id, tracked.lastMs);
    this.#all.leave(tracked.firstMs, tracked.lastMs);
    this.#tell({
      port: 'targets',
      kind: 'target-left',
      ms: tracked.lastMs,
      targets: [tracked.toTarget()],
      movement: toMovement(tracked, this.#settings.aspect, true),
      counts: this.#present(),
      presence: { number: this.#targets.size },
    });
  }

  #precede(tracked: Tracked, target: Target, ms: number): void {
    const way = tracked.precede(target, ms);
    if (way === undefined) return;
    for (const { line, segment } of this.#plan.lines) {
      const direction = tracked.passages.get(line.id)?.precede(segment, way.earlier, way.first);
      if (direction !== undefined) this.#cross(tracked, line, direction);
    }
  }

  #move(tracked: Tracked): void {
    const { at, lastMs } = tracked;
    if (at === undefined) return;
    for (const { zone, corners } of this.#plan.zones) this.#stay(tracked, zone, corners, at);
    for (const { line, segment } of this.#plan.lines) {
      const passage = tracked.passages.get(line.id);
      const direction = passage?.move(segment, at);
      if (passage === undefined) tracked.passages.set(line.id, new Passage(segment, at));
      if (direction !== undefined) this.#cross(tracked, line, direction);
    }
    for (const { spot, at: place } of this.#plan.spots) {
      const approach = tracked.approaches.get(spot.id);
      if (approach === undefined) tracked.approaches.set(spot.id, new Approach(at));
      else if (approach.move(place, at)) this.#tellRule(tracked, 'approaching', lastMs, { rule: toRule(spot) });
    }
    if (tracked.isMoveDue(this.#settings.movesPerSecond)) this.#tellTarget(tracked, 'target-moved', lastMs, {});
  }

  #stay(tracked: Tracked, zone: Zone, corners: Plan['zones'][number]['corners'], at: { x: number; y: number }): void {
    const { lastMs: ms, heardMs } = tracked;
    let stay = tracked.stays.get(zone.id);
    const isIn = isInside(corners, at) || (stay?.isInside === true && distanceToEdge(corners, at) < edge);
    if (stay !== undefined && ms - stay.lastMs > this.#settings.stopDelayMs) {
      this.#endStay(tracked, zone.id, stay);
      stay = undefined;
    }
    if (!isIn) {
      if (stay !== undefined) stay.isInside = false;
      return;
    }
    if (stay === undefined) {
      stay = { sinceMs: ms, lastMs: ms, heardMs, isInside: true, isLoitering: false, isFast: false };
      tracked.stays.set(zone.id, stay);
      tracked.visited.add(zone.name);
      this.#occupancyOf(zone).enter(ms);
    }
    stay.lastMs = ms;
    stay.heardMs = heardMs;
    stay.isInside = true;
    this.#judge(tracked, zone, stay);
  }

  #endStay(tracked: Tracked, zoneId: string, stay: Stay): void {
    tracked.stays.delete(zoneId);
    const zone = this.#plan.zones.find((each) => each.zone.id === zoneId)?.zone;
    if (zone === undefined) return;
    this.#occupancyOf(zone).leave(stay.sinceMs, stay.lastMs);
    if (stay.isLoitering) this.#tellStay(tracked, zone, stay, 'stop');
  }

  #judge(tracked: Tracked, zone: Zone, stay: Stay): void {
    const { loiterSeconds, fastest } = zone;
    if (loiterSeconds !== undefined && !stay.isLoitering && stay.lastMs - stay.sinceMs >= loiterSeconds * 1000) {
      stay.isLoitering = true;
      this.#tellStay(tracked, zone, stay, 'start');
    }
    const { speed } = tracked;
    if (fastest === undefined || speed === undefined) return;
    if (!stay.isFast && speed > fastest) {
      stay.isFast = true;
      this.#tellRule(tracked, 'too-fast', stay.lastMs, { rule: toRule(zone) });
    }
    if (speed < fastest * calm) stay.isFast = false;
  }

  #cross(tracked: Tracked, line: Line, direction: Direction): void {
    const tally = this.tallyOf(line);
    tally.add(direction, tracked.type);
    const rule = toRule(line);
    const movement = toMovement(tracked, this.#settings.aspect, false);
    const crossing = { direction, ...tally.crossing };
    const targets = [tracked.toTarget()];
    const ms = tracked.lastMs;
    this.#tell({
      port: 'crossings',
      kind: 'line-crossed',
      ms,
      targets,
      rule,
      counts: tally.counts,
      crossing,
      movement,
    });
    if (direction === line.forbidden)
      this.#tell({
        port: 'rules',
        kind: 'wrong-way',
        ms,
        targets: [tracked.toTarget()],
        rule: toRule(line),
        crossing: { ...crossing },
        movement: toMovement(tracked, this.#settings.aspect, false),
      });
  }

  #tellTarget(tracked: Tracked, kind: string, ms: number, more: Partial<Told>): void {
    const movement = toMovement(tracked, this.#settings.aspect, kind === 'target-moved');
    this.#tell({ port: 'targets', kind, ms, targets: [tracked.toTarget()], movement, ...more });
  }

  #tellRule(tracked: Tracked, kind: string, ms: number, more: Partial<Told>): void {
    const movement = toMovement(tracked, this.#settings.aspect, false);
    this.#tell({ port: 'rules', kind, ms, targets: [tracked.toTarget()], movement, ...more });
  }

  #tellStay(tracked: Tracked, zone: Zone, stay: Stay, state: 'start' | 'stop'): void {
    const presence = { number: this.numberIn(zone), seconds: toSeconds(stay.lastMs - stay.sinceMs) };
    this.#tellRule(tracked, 'loitering', stay.lastMs, { state, rule: toRule(zone), presence });
  }

  /** @param ms time of the post; undefined: silence is what has changed it */
  #tellChanges(ms: number | undefined): void {
    const everybody = this.targets;
    const times = everybody.map(({ firstMs, lastMs }) => ({ sinceMs: firstMs, lastMs }));
    this.#tellChange(this.#all, undefined, everybody, times, ms);
    for (const { zone } of this.#plan.zones) {
      const occupancy = this.#zones.get(zone.id);
      if (occupancy === undefined) continue;
      const inside = occupancy.number === 0 ? [] : everybody.filter((tracked) => tracked.stays.has(zone.id));
      const stays = inside.flatMap((tracked) => tracked.stays.get(zone.id) ?? []);
      this.#tellChange(occupancy, zone, inside, stays, ms);
      this.#tellCrowd(occupancy, zone, inside, ms);
    }
  }

  #tellChange(
    occupancy: Occupancy,
    zone: Zone | undefined,
    inside: readonly Tracked[],
    stays: readonly { readonly sinceMs: number; readonly lastMs: number }[],
    ms: number | undefined,
  ): void {
    const change = occupancy.findChange();
    const { period } = occupancy;
    if (change !== undefined && period !== undefined && (change !== 'number' || this.#settings.tellsNumbers)) {
      const lastMs = stays.reduce((latest, stay) => Math.max(latest, stay.lastMs), period.lastMs);
      const longestMs = stays.reduce((most, stay) => Math.max(most, stay.lastMs - stay.sinceMs), period.longestMs);
      this.#tell({
        port: 'presence',
        kind: zone === undefined ? 'presence' : 'zone-presence',
        ...(change !== 'number' && { state: change }),
        ms: ms ?? lastMs + this.#settings.stopDelayMs,
        targets: inside.map((tracked) => tracked.toTarget()),
        rule: zone && toRule(zone),
        counts: { present: countTypes(inside.map(({ type }) => type)) },
        presence: toPresence(occupancy.number, period, lastMs, longestMs),
      });
    }
    occupancy.endIfEmpty();
  }

  #tellCrowd(occupancy: Occupancy, zone: Zone, inside: readonly Tracked[], ms: number | undefined): void {
    const isCrowded = zone.most !== undefined && occupancy.number > zone.most;
    if (isCrowded === occupancy.isCrowded) return;
    occupancy.isCrowded = isCrowded;
    const lastMs = inside.reduce((latest, tracked) => Math.max(latest, tracked.lastMs), this.#lastMs());
    this.#tell({
      port: 'rules',
      kind: 'too-many',
      state: isCrowded ? 'start' : 'stop',
      ms: ms ?? lastMs,
      targets: inside.map((tracked) => tracked.toTarget()),
      rule: toRule(zone),
      counts: { present: countTypes(inside.map(({ type }) => type)) },
      presence: { number: occupancy.number },
    });
  }

  #lastMs(): number {
    let latest = 0;
    for (const ms of this.#left.values()) latest = Math.max(latest, ms);
    return latest;
  }

  #present(): { present: ReturnType<typeof countTypes> } {
    return { present: countTypes([...this.#targets.values()].map(({ type }) => type)) };
  }

  #occupancyOf(zone: Zone): Occupancy {
    let occupancy = this.#zones.get(zone.id);
    if (occupancy === undefined) {
      occupancy = new Occupancy();
      this.#zones.set(zone.id, occupancy);
    }
    return occupancy;
  }

  #shift(ms: number): void {
    for (const tracked of this.#targets.values()) tracked.shift(ms);
    for (const occupancy of [this.#all, ...this.#zones.values()]) occupancy.shift(ms);
    for (const [id, leftAtMs] of this.#left) this.#left.set(id, leftAtMs + ms);
  }

  #forgetLeft(ms: number): void {
    for (const [id, leftAtMs] of this.#left) {
      if (ms - leftAtMs < leftMs && this.#left.size <= leftMax) return;
      this.#left.delete(id);
    }
  }
}
