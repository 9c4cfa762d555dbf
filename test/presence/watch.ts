/** A presence node's core with a clock that a test turns, and everything that it tells. */
import type { SecurityEvent, Target, TargetType } from '../../src/event';
import { targetTypes } from '../../src/event';
import type { Port } from '../../src/presence/events';
import { Presence, PresenceMemory, type Drawing, type ScenePicture } from '../../src/presence/presence';
import type { PresenceSettings } from '../../src/presence/settings';
import { noShapes, readShapes } from '../../src/presence/shapes';
import { makeEvent, startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';

export const openSettings: PresenceSettings = {
  cameras: [],
  targetTypes: new Set(targetTypes),
  minHeight: 0,
  maxHeight: 1,
  anchor: 'middle',
  aspect: 16 / 9,
  stopDelayMs: 2000,
  movesPerSecond: 0,
  tellsNumbers: false,
  shapes: noShapes,
  resetMinute: undefined,
  picturesPerSecond: 0,
  showsScene: false,
};

/** Who is where: id, middle of the box as fractions, and what may be said beside. */
export type Seen = readonly [id: number | string, x: number, y: number, type?: TargetType];

export function toTargets(seen: readonly Seen[], width = 0.06, height = 0.12): readonly Target[] {
  return seen.map(([id, x, y, type = 'person']) => ({
    id: String(id),
    type,
    box: { x: Math.max(0, x - width / 2), y: Math.max(0, y - height / 2), width, height },
  }));
}

export function tracking(ms: number, targets: readonly Target[], fields: Partial<SecurityEvent> = {}): SecurityEvent {
  const time = new Date(ms).toISOString();
  return makeEvent({ category: 'track', kind: 'target-tracked', type: 'traject', time, targets, ...fields });
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly [more: string]: unknown;
}

export function shapesOf(...list: readonly Line[]): PresenceSettings['shapes'] {
  return readShapes(
    list.map((shape) => ({ shape: ['', 'spot', 'line'][shape.points.length] ?? 'zone', id: shape.name, ...shape })),
  );
}

export class Watch {
  readonly clock = new FakeClock(startMs);
  readonly told: { readonly port: Port; readonly event: SecurityEvent }[] = [];
  readonly pictures: Drawing[] = [];
  readonly scenes: ScenePicture[] = [];
  readonly memory: PresenceMemory;
  readonly settings: PresenceSettings;
  presence: Presence;

  constructor(settings: Partial<PresenceSettings> = {}, memory = new PresenceMemory()) {
    this.memory = memory;
    this.settings = { ...openSettings, ...settings };
    this.presence = this.#create(this.settings);
  }

  /** A Deploy of this node: closed, and opened again with the same memory. */
  redeploy(settings: Partial<PresenceSettings> = {}): void {
    this.presence.close();
    this.presence = this.#create({ ...this.settings, ...settings });
  }

  #create(settings: PresenceSettings): Presence {
    const presence = new Presence(settings, this.memory, this.clock, {
      onEvent: (port, event) => void this.told.push({ port, event }),
      onPicture: (drawing) => void this.pictures.push(drawing),
      onScene: (picture) => void this.scenes.push(picture),
    });
    presence.resume();
    return presence;
  }

  /** A post that comes at once; the clock stays. */
  post(...seen: readonly Seen[]): void {
    this.presence.take(tracking(this.clock.now(), toTargets(seen)));
  }

  /** Posts seven times a second for so long, each target on its way from one place to the other. */
  walk(
    seconds: number,
    ...ways: readonly {
      id: number | string;
      from: readonly [number, number];
      to: readonly [number, number];
      type?: TargetType;
    }[]
  ): void {
    const count = Math.round(seconds * 7);
    for (let step = 0; step <= count; step++) {
      const part = step / count;
      this.post(
        ...ways.map(({ id, from, to, type = 'person' }): Seen => {
          const [x, y] = [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
          return [id, x, y, type];
        }),
      );
      this.clock.advance(1000 / 7);
    }
  }

  /** Kinds with states, in the order of telling, of one output or of all. */
  kinds(port?: Port): readonly string[] {
    return this.told
      .filter((each) => port === undefined || each.port === port)
      .map(({ event }) => (event.state === undefined ? event.kind : `${event.kind} ${event.state}`));
  }

  events(kind: string, state?: 'start' | 'stop'): readonly SecurityEvent[] {
    return this.told
      .filter(({ event }) => event.kind === kind && (state === undefined || event.state === state))
      .map(({ event }) => event);
  }
}
