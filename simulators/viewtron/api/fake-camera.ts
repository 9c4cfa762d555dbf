/** A fake camera with its API: what is written to its push settings makes it post, to one server for each slot that is on. */
import type { Clock } from '../../clock';
import { systemClock } from '../../clock';
import { Camera } from '../camera';
import type { DataType } from '../camera-options';
import type { PostRecord } from '../device';
import type { CameraIdentity } from '../identity';
import { DeviceApi, type DeviceApiOptions } from './device-api';
import type { PushSlot } from './push-slots';

export interface FakeCameraOptions extends Omit<DeviceApiOptions, 'channels' | 'onPushSet'>, CameraIdentity {
  readonly clock?: Clock;
  readonly seed?: number;
  readonly onPost?: (record: PostRecord) => void;
  /** What the camera sees while it posts; somebody who walks by again and again when left out. */
  readonly live?: (camera: Camera, signal: AbortSignal, clock: Clock) => Promise<void>;
}

export class FakeCamera {
  readonly api: DeviceApi;
  readonly #options: FakeCameraOptions;
  readonly #clock: Clock;
  readonly #posting = new Map<string, { readonly camera: Camera; readonly stop: () => Promise<void> }>();

  constructor(options: FakeCameraOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.api = new DeviceApi({ ...options, channels: 1, onPushSet: () => this.#follow() });
  }

  async open(): Promise<this> {
    await this.api.open();
    return this;
  }

  /** The cameras that post at the moment, one for each server. */
  get posting(): readonly Camera[] {
    return [...this.#posting.values()].map(({ camera }) => camera);
  }

  async close(): Promise<void> {
    const stops = [...this.#posting.values()].map(({ stop }) => stop());
    this.#posting.clear();
    await Promise.all([this.api.close(), ...stops]);
  }

  #follow(): void {
    const { slots, old } = this.api.push;
    const wanted = new Map(
      [...slots, old].filter(({ isOn, host }) => isOn && host !== '').map((slot) => [JSON.stringify(slot), slot]),
    );
    for (const [key, { stop }] of this.#posting) {
      if (wanted.has(key)) continue;
      this.#posting.delete(key);
      void stop();
    }
    for (const [key, slot] of wanted) if (!this.#posting.has(key)) this.#posting.set(key, this.#post(slot));
  }

  #post(slot: PushSlot): { readonly camera: Camera; readonly stop: () => Promise<void> } {
    const { name, mac, serial, ip, number, seed = 1, manner, onPost } = this.#options;
    const isOld = slot.id === 0;
    const has = (type: DataType): boolean => (isOld ? type !== 'traject' : slot.types.includes(type));
    const ended = new AbortController();
    const camera = new Camera({
      name,
      mac,
      serial,
      ip,
      ...(number !== undefined && { number }),
      firmware: manner === '2.1' ? '5.3.1' : '5.1.4',
      host: slot.host,
      port: slot.port,
      path: slot.path,
      secure: slot.protocol === 'https',
      heartbeatSeconds: slot.heartbeat ? slot.seconds : 0,
      subscribe: {
        alarmStatus: has('alarmStatus'),
        traject: has('traject'),
        smartData: has('smartData'),
        sourceImage: has('sourceImage'),
        targetImage: has('targetImage'),
      },
      clock: this.#clock,
      seed,
      ...(onPost !== undefined && { onPost }),
    });
    const live = this.#options.live ?? walkBy;
    const life = live(camera, ended.signal, this.#clock).catch((cause: unknown) => {
      if (!ended.signal.aborted) throw cause;
    });
    return {
      camera,
      stop: async () => {
        ended.abort(new Error('The slot was changed.'));
        await Promise.all([camera.close(), life]);
      },
    };
  }
}

async function walkBy(camera: Camera, signal: AbortSignal, clock: Clock): Promise<void> {
  for (;;) {
    await clock.sleep(500, signal);
    await camera.walk({
      type: 'person',
      rule: 'perimeter',
      seconds: 4,
      path: [
        { x: 300, y: 6600 },
        { x: 9700, y: 6500 },
      ],
    });
    await clock.sleep(6000, signal);
  }
}
