/** A little site that lives by itself: a gate with plates, a yard with visitors, a recorder with four channels. */
import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock';
import type { Exchange } from '../connection';
import type { Fault } from '../faults';
import { Camera } from './camera';
import type { PlateScript, WalkScript } from './camera-options';
import type { PostRecord } from './device';
import { Nvr, type RecorderPlateScript } from './nvr';

export interface SiteOptions {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
  readonly secure?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly seed?: number;
  readonly fault?: Fault | undefined;
  readonly signal?: AbortSignal;
  readonly onPost?: (record: PostRecord) => void;
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface Site {
  readonly gate: Camera;
  readonly yard: Camera;
  readonly recorder: Nvr;
  /** The same fault for all three; undefined = healthy. */
  setFault(fault: Fault | undefined): void;
  /** May be called twice. */
  close(): Promise<void>;
}

type Turns<T> = readonly [T, ...T[]];

const gateIdentity = {
  name: 'Gate cam',
  firmware: '5.3.1',
  mac: '02:00:5e:10:00:43',
  serial: 'DEMO00A1B2C4',
  ip: '192.0.2.43',
  number: 1,
} as const;

const yardIdentity = {
  name: 'Yard cam',
  firmware: '5.1.4',
  mac: '02:00:5e:10:00:41',
  serial: 'DEMO00A1B2C3',
  ip: '192.0.2.41',
  number: 2,
} as const;

const recorderIdentity = { name: 'Recorder', mac: '02:00:5E:10:00:60', ip: '192.0.2.60' } as const;

const plates: Turns<PlateScript> = [
  { number: 'AB12 CDE', list: 'whiteList', direction: 'approach' },
  { number: 'GATE 77', direction: 'approach' },
  { number: 'AB12 CDE', list: 'whiteList', direction: 'away' },
  { number: 'NO-GO 13', list: 'blackList', direction: 'approach' },
  { number: '007', list: 'temporaryList', direction: 'approach' },
  { number: '12E34', direction: 'away' },
];

const walks: Turns<WalkScript> = [
  {
    type: 'person',
    rule: 'perimeter',
    seconds: 5,
    path: [
      { x: 300, y: 6600 },
      { x: 4800, y: 7200 },
      { x: 9700, y: 6500 },
    ],
  },
  {
    type: 'car',
    rule: 'tripwire',
    seconds: 4,
    path: [
      { x: 9900, y: 7400 },
      { x: 300, y: 7800 },
    ],
  },
];

/** Comes, stands about for twenty seconds, and goes. */
const loiterer: WalkScript = {
  type: 'person',
  rule: 'perimeter',
  seconds: 24,
  path: [
    { x: 300, y: 7000 },
    ...Array.from({ length: 10 }, (_, turn) => ({ x: turn % 2 === 0 ? 3300 : 3600, y: 7100 })),
    { x: 300, y: 7000 },
  ],
};

const recorderPlates: Turns<RecorderPlateScript> = [
  { number: 'AB12 CDE', group: 'Residents', owner: 'A. Example' },
  { number: 'POST 501', group: 'Deliveries' },
  { number: 'GATE 77' },
];

const channels = { faces: 1, intrusion: 2, plates: 3, door: 4 } as const;
const channelLostMs = 12_000;

/** Runs until closed, or until `signal` aborts. Every kind of event has come once within 5 s. */
export function startSite(options: SiteOptions): Site {
  const { signal: outside, seed = 1, ...wire } = options;
  const clock = options.clock ?? systemClock;
  const ended = new AbortController();
  const signal = outside === undefined ? ended.signal : AbortSignal.any([ended.signal, outside]);
  // One listener for each life of the site; that many are no leak.
  setMaxListeners(0, signal);
  const gate = new Camera({ ...wire, ...gateIdentity, clock, seed });
  const yard = new Camera({ ...wire, ...yardIdentity, clock, seed: seed + 1 });
  const recorder = new Nvr({ ...wire, ...recorderIdentity, clock, seed: seed + 2 });
  const devices = [gate, yard, recorder];

  const repeat = async (firstMs: number, everyMs: number, act: (turn: number) => unknown): Promise<void> => {
    await clock.sleep(firstMs, signal);
    for (let turn = 0; ; turn++) {
      act(turn);
      await clock.sleep(everyMs, signal);
    }
  };
  const close = async (): Promise<void> => {
    ended.abort(new Error('The site was closed.'));
    await Promise.all([...devices.map((device) => device.close()), running]);
  };
  const lives = [
    repeat(400, 6000, (turn) => gate.readPlate(takeTurn(plates, turn))),
    repeat(800, 8000, (turn) => yard.walk(takeTurn(walks, turn))),
    // Once early, so that the first seconds show a line crossing too, and two targets at a time.
    once(2600, () => yard.walk(walks[1] ?? walks[0])),
    repeat(5200, 60_000, () => yard.walk(loiterer)),
    repeat(3600, 45_000, () => yard.motion()),
    repeat(1200, 9000, () => recorder.faceSeen(channels.faces)),
    repeat(2000, 13_000, (turn) => recorder.intruded(channels.intrusion, turn % 3 === 2 ? 'car' : 'person')),
    repeat(3000, 15_000, (turn) => recorder.readPlate(channels.plates, takeTurn(recorderPlates, turn))),
    repeat(3800, 11_000, () => recorder.lineCounted(channels.door)),
    repeat(4600, 60_000, () => recorder.channelOffline(channels.door, true)),
    repeat(4600 + channelLostMs, 60_000, () => recorder.channelOffline(channels.door, false)),
  ];
  const running = Promise.all(lives.map((life) => endQuietly(life)));
  signal.addEventListener('abort', () => void close(), { once: true });
  if (signal.aborted) void close();
  return {
    gate,
    yard,
    recorder,
    close,
    setFault: (fault) => {
      for (const device of devices) device.fault = fault;
    },
  };

  async function once(afterMs: number, act: () => unknown): Promise<void> {
    await clock.sleep(afterMs, signal);
    act();
  }

  async function endQuietly(life: Promise<void>): Promise<void> {
    try {
      await life;
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
  }
}

function takeTurn<T>(list: Turns<T>, turn: number): T {
  return list[turn % list.length] ?? list[0];
}
