/** Who is where, from the positions that cameras post: the cameras of one node, and the waits for silence. */
import { putLatest } from '../bound';
import type { Clock, Timer } from '../clock';
import type { Device, Image, SecurityEvent, Target } from '../event';
import { isAnyOfWithChannel } from '../filter';
import { toEvent, type Port } from './events';
import { drawPicture } from './picture';
import { msUntilMinute } from './schedule';
import type { PresenceSettings } from './settings';
import { Scene, type Tell } from './scene';

/** More cameras on one node, or one that is silent for so long, are forgotten: the longest silent first. */
const camerasMax = 500;
const forgottenAfterMs = 7 * 24 * 3_600_000;

export interface ScenePicture {
  readonly device: Device;
  readonly image: Image;
  /** ISO 8601 UTC. */
  readonly time: string;
}

/** The picture of one camera's scene as it stands. */
export interface Drawing {
  readonly svg: string;
  readonly device: Device;
  readonly time: string;
}

export interface PresenceHandlers {
  readonly onEvent: (port: Port, event: SecurityEvent) => void;
  readonly onPicture: (drawing: Drawing) => void;
  /** A camera's scene, to draw zones on. */
  readonly onScene: (picture: ScenePicture) => void;
  /** What a picture would show has changed: for whoever looks now and then. Absent: nobody does. */
  readonly onChange?: ((draw: Draw) => void) | undefined;
}

/** @param isFit whether that scene may stand behind */
export type Draw = (isFit: (image: Image) => boolean) => string;

/** Scenes kept to show them behind: each weighs half a megabyte. */
const picturesMax = 32;

/** What outlives a Deploy of the node. */
export class PresenceMemory {
  readonly scenes = new Map<string, Scene>();
  /** The last scene of a camera, where pictures are to show it. */
  readonly pictures = new Map<string, Image>();
  /** Told so far. */
  readonly told: Record<Port, number> = { presence: 0, targets: 0, crossings: 0, rules: 0 };
  taken = 0;
  passedOver = 0;
  /** Of the node that stands now: scenes outlive the one before. */
  readonly handlers: { tell: Tell } = { tell: () => undefined };

  /** How many things are remembered. */
  get size(): number {
    let size = this.pictures.size;
    for (const scene of this.scenes.values()) size += scene.size;
    return size;
  }
}

export class Presence {
  readonly #settings: PresenceSettings;
  readonly #memory: PresenceMemory;
  readonly #clock: Clock;
  readonly #handlers: PresenceHandlers;
  readonly #drawn = new Map<string, { atMs: number; timer: Timer | undefined }>();
  #timer: Timer | undefined;
  #resetTimer: Timer | undefined;
  #serial = 0;
  #hasBegun = false;
  #isPaused = true;

  constructor(settings: PresenceSettings, memory: PresenceMemory, clock: Clock, handlers: PresenceHandlers) {
    this.#settings = settings;
    this.#memory = memory;
    this.#clock = clock;
    this.#handlers = handlers;
    memory.handlers.tell = (told, source) => {
      memory.told[told.port] += 1;
      this.#serial += 1;
      handlers.onEvent(told.port, toEvent(told, source, clock.now(), this.#serial));
    };
    if (!this.#keepsScenes) memory.pictures.clear();
  }

  /** How many are there now, before all cameras. */
  get number(): number {
    let number = 0;
    for (const scene of this.#memory.scenes.values()) number += scene.number;
    return number;
  }

  /** Takes an event of any node: tracking, and detections that say which target it is. Others change nothing. */
  take(event: SecurityEvent): void {
    this.#begin();
    if (!this.#isWanted(event.device)) return;
    const key = keyOf(event.device, event.vendor);
    this.#keepScene(key, event);
    const targets = event.targets.filter((target) => this.#isTarget(target));
    if (targets.length === 0) return;
    const nowMs = this.#clock.now();
    let scene = this.#memory.scenes.get(key);
    if (scene === undefined) {
      const { handlers } = this.#memory;
      scene = new Scene(event, nowMs, this.#settings, (told, source) => handlers.tell(told, source));
    }
    // those that were heard last stand last
    this.#memory.scenes.delete(key);
    this.#memory.scenes.set(key, scene);
    this.#forget(nowMs);
    const before = scene.passedOver;
    scene.take(event, targets, nowMs);
    this.#memory.taken += 1;
    this.#memory.passedOver += scene.passedOver - before;
    this.#draw(key, scene);
    this.#awaitSilence();
  }

  /** @param line name or id of the line whose counts begin anew; undefined: those of all */
  reset(line?: string): void {
    this.#begin();
    for (const [key, scene] of this.#memory.scenes) {
      scene.reset(line, this.#clock.now());
      this.#draw(key, scene);
    }
  }

  /** Begins, or goes on after a pause: whoever was there has as long as ever to be heard again. */
  resume(): void {
    this.#begin();
    this.#isPaused = false;
    for (const scene of this.#memory.scenes.values()) scene.forgive(this.#clock.now());
    this.#awaitSilence();
  }

  /** Nobody is let go from now on: while nodes restart, positions wait to be delivered. May be called twice. */
  pause(): void {
    this.#isPaused = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** What a dialog shows. */
  get cameras(): readonly Scene[] {
    return [...this.#memory.scenes.values()];
  }

  close(): void {
    this.pause();
    this.#resetTimer?.cancel();
    for (const { timer } of this.#drawn.values()) timer?.cancel();
  }

  /** Scenes of the time before learn the settings of now, and may have something to tell: there must be somebody to hear it. */
  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    for (const scene of this.#memory.scenes.values()) scene.use(this.#settings);
    this.#awaitReset();
  }

  #isWanted(device: Device): boolean {
    return this.#settings.cameras.length === 0 || isAnyOfWithChannel(device, this.#settings.cameras);
  }

  #isTarget({ id, type, box }: Target): boolean {
    if (id === undefined || !this.#settings.targetTypes.has(type)) return false;
    const { minHeight, maxHeight } = this.#settings;
    return box === undefined || (box.height >= minHeight && box.height <= maxHeight);
  }

  /** One timer for all: it rings when somebody may have been silent for too long, and then for the next. */
  #awaitSilence(): void {
    if (this.#timer !== undefined || this.#isPaused) return;
    let dueMs = Infinity;
    for (const scene of this.#memory.scenes.values()) dueMs = Math.min(dueMs, scene.dueMs ?? Infinity);
    if (dueMs === Infinity) return;
    this.#timer = this.#clock.after(Math.max(1, dueMs - this.#clock.now()), () => {
      this.#timer = undefined;
      const nowMs = this.#clock.now();
      for (const [key, scene] of this.#memory.scenes) {
        if ((scene.dueMs ?? Infinity) > nowMs) continue;
        scene.tick(nowMs);
        this.#draw(key, scene);
      }
      this.#awaitSilence();
    });
  }

  /** @param fromMs after the time that was waited for last: a timer may ring a moment early */
  #awaitReset(fromMs = this.#clock.now()): void {
    const { resetMinute } = this.#settings;
    if (resetMinute === undefined) return;
    const dueMs = fromMs + msUntilMinute(resetMinute, fromMs);
    this.#resetTimer = this.#clock.after(Math.max(1, dueMs - this.#clock.now()), () => {
      this.reset();
      this.#awaitReset(Math.max(dueMs, this.#clock.now()));
    });
  }

  #keepScene(key: string, event: SecurityEvent): void {
    const image = event.images.find(({ role }) => role === 'scene');
    if (image === undefined) return;
    this.#handlers.onScene({ device: event.device, image, time: event.time });
    const { pictures } = this.#memory;
    if (!this.#keepsScenes) return;
    putLatest(pictures, key, image, picturesMax);
  }

  get #keepsScenes(): boolean {
    const { showsScene, picturesPerSecond } = this.#settings;
    return showsScene && (picturesPerSecond > 0 || this.#handlers.onChange !== undefined);
  }

  #draw(key: string, scene: Scene): void {
    const { picturesPerSecond, aspect } = this.#settings;
    this.#handlers.onChange?.((isFit) => {
      const image = this.#memory.pictures.get(key);
      return drawPicture(scene, aspect, image !== undefined && isFit(image) ? image : undefined);
    });
    if (picturesPerSecond === 0) return;
    const nowMs = this.#clock.now();
    const drawn = this.#drawn.get(key) ?? { atMs: -Infinity, timer: undefined };
    this.#drawn.set(key, drawn);
    if (drawn.timer !== undefined) return;
    const waitMs = drawn.atMs + 1000 / picturesPerSecond - nowMs;
    const send = (): void => {
      drawn.atMs = this.#clock.now();
      drawn.timer = undefined;
      const { device } = scene.source;
      const svg = drawPicture(scene, aspect, this.#memory.pictures.get(key));
      this.#handlers.onPicture({ svg, device: { ...device }, time: new Date(drawn.atMs).toISOString() });
    };
    if (waitMs <= 0) send();
    else drawn.timer = this.#clock.after(waitMs, send);
  }

  #forget(nowMs: number): void {
    for (const [key, scene] of this.#memory.scenes) {
      if (nowMs - scene.heardMs < forgottenAfterMs && this.#memory.scenes.size <= camerasMax) return;
      // whoever was still there is let go, so that what was switched on is switched off
      scene.tick(Infinity);
      this.#memory.scenes.delete(key);
      this.#memory.pictures.delete(key);
      this.#drawn.get(key)?.timer?.cancel();
      this.#drawn.delete(key);
    }
  }
}

function keyOf({ id, channel }: Device, vendor: string): string {
  return `${vendor} ${id} ${channel ?? ''}`;
}
