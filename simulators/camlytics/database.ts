/** What a Camlytics has stored: channels, rules and events, one sequence of ids for all of them. */
import type { Clock } from '../clock';

export interface SimChannel {
  readonly channel_id: string;
  readonly name: string;
  readonly login: string | null;
  readonly password: string | null;
  readonly profile_name: string;
  readonly profile_token: string;
  readonly stream_uri: string;
  readonly type: string;
  readonly uri: string;
}

export interface StoredEvent {
  readonly id: number;
  readonly channel: string;
  readonly type: string;
  readonly origin: string;
  readonly objectId: string;
  readonly ruleId: string;
  readonly ruleName: string;
  /** Wall clock of the PC. */
  readonly time: string;
  readonly timestamp: string;
}

export type NewEvent = Partial<Omit<StoredEvent, 'id' | 'timestamp'>> & { readonly type: string };

export const lobby = '5a1c0e9d-7b62-4f3e-8d0c-3f6f0f4f8a11';
export const dock = '0c6f3d53-3f0d-4f7b-9c9f-9a6a3f5f2b77';
export const cameraPassword = 'camera-password-of-the-simulator';
export const cameraLogin = 'camera-login-of-the-simulator';

export const standardChannels: readonly SimChannel[] = [
  {
    channel_id: lobby,
    name: 'Lobby',
    login: cameraLogin,
    password: cameraPassword,
    profile_name: 'MainStream',
    profile_token: 'Profile_1',
    stream_uri: `rtsp://${cameraLogin}:${cameraPassword}@192.0.2.20:554/h264/ch1/main`,
    type: 'Onvif',
    uri: 'http://192.0.2.20/onvif/device_service',
  },
  {
    channel_id: dock,
    name: 'Dock',
    login: null,
    password: null,
    profile_name: 'none',
    profile_token: '',
    stream_uri: 'C:\\Videos\\Dock.mp4',
    type: 'File',
    uri: 'http://localhost/',
  },
];

const line = 'd1a0a7de-52a1-4f0c-8a0e-6e2f5c7b9044';
const zone = '7be2c1f0-9a53-4d18-b6a7-1f0e2d3c4b5a';
/** Kinds that a line raises; a zone raises the others that have a rule. */
const ofLines = ['TripwireCrossed', 'Tailgating'];

export class Database {
  readonly events: StoredEvent[] = [];
  channels: readonly SimChannel[] = standardChannels;
  /** The PC's clock against the true one: set it back, and later events have earlier times. */
  clockErrorMs = 0;
  /** Zone of the PC. */
  offsetMinutes = 0;
  readonly #clock: Clock;
  #startedMs: number;
  #lastId: number;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, lastId = 0) {
    this.#clock = clock;
    this.#startedMs = clock.now();
    this.#lastId = lastId;
  }

  /** The id of the newest event that was ever stored. */
  get lastId(): number {
    return this.#lastId;
  }

  add(event: NewEvent): StoredEvent {
    const { type, ruleName = '' } = event;
    this.#lastId += 1;
    const stored = {
      channel: lobby,
      origin: 'Unknown',
      objectId: '-1',
      ruleId: ruleName === '' ? '-1' : ofLines.includes(type) ? line : zone,
      ruleName,
      time: this.#now(),
      ...event,
      id: this.#lastId,
      timestamp: String((this.#clock.now() - this.#startedMs) / 1000),
    };
    this.events.push(stored);
    for (const wake of this.#waiting) wake();
    return stored;
  }

  /** All events go, and ids begin again. */
  reset(): void {
    this.events.length = 0;
    this.#lastId = 0;
    this.#startedMs = this.#clock.now();
  }

  /** Events older than the id go; the ids of those to come are higher all the same. */
  purge(belowId: number): void {
    this.events.splice(
      0,
      this.events.findIndex(({ id }) => id >= belowId),
    );
  }

  /** Calls back whenever an event is stored, until the function that comes back is called. */
  watch(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => void this.#waiting.delete(wake);
  }

  /** `2024-03-18T09:14:11.0210000`: seven digits, and no zone. */
  #now(): string {
    const wall = this.#clock.now() + this.clockErrorMs + this.offsetMinutes * 60_000;
    return `${new Date(wall).toISOString().slice(0, -1)}0000`;
  }
}
