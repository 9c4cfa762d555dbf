/** A domain at Camio that lives by itself: streams in trouble, doors without a camera, changes, and videos that a hook wants. */
import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock';
import type { Exchange } from '../connection';
import { drawScene } from '../picture';
import { createRandom } from '../random';
import {
  makeUuid,
  placements,
  writeChange,
  writeDoorEvents,
  writeHookCall,
  writeQueueIncident,
  writeStreamIncident,
} from './callbacks';
import { callBack, type Callback, type CallbackFault, type Endpoint } from './sender';

export interface DomainOptions extends Endpoint {
  /** `callback_url` of a hook; none: there is no hook. */
  readonly hookUrl?: string | undefined;
  readonly clock?: Clock;
  readonly seed?: number;
  readonly fault?: CallbackFault | undefined;
  /** How often an incident that goes on is told; at Camio perhaps every quarter of an hour. */
  readonly incidentEveryMs?: number;
  readonly onCallback?: (what: string, callback: Callback) => void;
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface Domain {
  /** May be changed at any time; holds for what is sent from then on. */
  fault: CallbackFault | undefined;
  /** Resolves when all that has happened so far was sent. */
  idle(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

const changes = [
  'camera.created',
  'zone.created',
  'zone.updated',
  'camera.updated',
  'hook.created',
  'zone.deleted',
  'hook.deleted',
  'camera.deleted',
  'device.deleted',
] as const;
const doorLabels = ['entry.ajar.started', 'entry.ajar.ended', 'entry.unlocked', 'Forced Open'] as const;
const picture = { width: 640, height: 360 } as const;

/** Each type has come once within 5 s, but for changes, which come in turns. */
export function startDomain(options: DomainOptions): Domain {
  const { clock = systemClock, seed = 1, incidentEveryMs = 20_000, hookUrl, onCallback, onExchange } = options;
  const random = createRandom(seed);
  const ended = new AbortController();
  const { signal } = ended;
  setMaxListeners(0, signal);
  let last: Promise<void> = Promise.resolve();

  const tell = async (what: string, content: object, to: Endpoint): Promise<void> => {
    if (signal.aborted) return;
    const callback = await callBack(content, to, { fault: domain.fault, clock, signal, onExchange });
    onCallback?.(what, callback);
  };
  const send = (what: string, content: object, to: Endpoint = options): void => {
    last = last.then(() => tell(what, content, to));
  };
  const id = (): string => makeUuid(random);
  /** Incidents never clear: this one is told for three rounds, and then never again. */
  const incident = (turn: number): void => {
    const isDock = turn % 6 < 3;
    const counters = isDock
      ? { stream_changed_offline_count: 1, movies_discarded_count: 1 + (turn % 6) }
      : { segmentation_process_restart_count: 20 + turn };
    const camera = isDock ? { camera: 'Dock East', ip: '192.0.2.44' } : { camera: 'Front Entrance' };
    send('incident.created', writeStreamIncident({ id: id(), atMs: clock.now(), ...camera, counters }));
  };
  const queue = (turn: number): void => {
    const separator = turn % 2 === 0 ? '_' : '.';
    const length = 900 + 100 * (turn % 5);
    send(
      'incident.created',
      writeQueueIncident({ id: id(), atMs: clock.now(), mac: '02005e10ab41', length, separator }),
    );
  };
  const doors = (turn: number): void => {
    const serial = Math.floor(clock.now() / 1000);
    const label = doorLabels[turn % doorLabels.length] ?? doorLabels[0];
    const first = { reader: 1, name: 'Rooftop Reader 1', label, serial };
    const records = turn % 3 === 2 ? [first, { ...first, serial: serial + 1 }] : [first];
    const server = turn % 2 === 0 ? 'object' : 'metadata';
    send('pacs.events.created', writeDoorEvents(id(), clock.now(), records, server));
  };
  const change = (turn: number): void => {
    const type = changes[turn % changes.length] ?? changes[0];
    send(type, writeChange(id(), type, 'Dock East', placements[turn % placements.length]));
  };
  const video = (turn: number): void => {
    if (hookUrl === undefined) return;
    const images = [0, 1].map((at) => {
      const x = 2000 + 800 * ((turn + at) % 6);
      const figures = [{ kind: 'person', box: { x1: x, y1: 3500, x2: x + 900, y2: 8500 } }] as const;
      return { ...drawScene({ ...picture, caption: 'Dock East', figures }), atMs: clock.now() + at * 3000 };
    });
    send('hook', writeHookCall('Dock East', id(), images), {
      url: hookUrl,
      headers: { 'Content-Type': 'application/json' },
    });
  };

  const repeat = async (firstMs: number, everyMs: number, act: (turn: number) => void): Promise<void> => {
    try {
      await clock.sleep(firstMs, signal);
      for (let turn = 0; ; turn++) {
        act(turn);
        await clock.sleep(everyMs, signal);
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  };
  const domain: Domain = {
    fault: options.fault,
    idle: () => last,
    async close() {
      ended.abort(new Error('The domain was closed.'));
      await Promise.all([running, last]);
    },
  };
  const running = Promise.all([
    repeat(500, incidentEveryMs, incident),
    repeat(1500, 2 * incidentEveryMs, queue),
    repeat(1000, 11_000, doors),
    repeat(2000, 13_000, change),
    repeat(3000, 17_000, video),
  ]);
  return domain;
}
