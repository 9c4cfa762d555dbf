/** A listener on a port that the system chooses, with what it said and counted. */
import { channel } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock, type Clock } from '../../src/clock';
import type { SecurityEventsError } from '../../src/errors';
import { Listener, type ListenerState } from '../../src/http/listener';
import { RouteTable } from '../../src/http/routes';
import { createCounters, type Counters } from '../../src/http/serve';
import { Arrivals, Recorder } from './http-recorder';

export interface TestListener {
  readonly port: number;
  readonly listener: Listener;
  readonly routes: RouteTable;
  readonly counters: Counters;
  /** Takes `/API`. */
  readonly recorder: Recorder;
  readonly states: Arrivals<ListenerState>;
  /** What the listener itself refused, before it knew the path. */
  readonly refused: Arrivals<SecurityEventsError>;
}

export interface TestListenerOptions {
  readonly host?: string;
  readonly port?: number;
  readonly bodyLimitBytes?: number;
  readonly clock?: Clock;
}

const open = new Set<Listener>();

/** Made, not opened. */
export function createTestListener(options: TestListenerOptions = {}): Omit<TestListener, 'port'> {
  const routes = new RouteTable();
  const counters = createCounters();
  const recorder = new Recorder();
  const states = new Arrivals<ListenerState>();
  const refused = new Arrivals<SecurityEventsError>();
  routes.add('/API', recorder);
  const listener = new Listener({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    routes,
    counters,
    bodyLimitBytes: options.bodyLimitBytes ?? 1024 * 1024,
    clock: options.clock ?? systemClock,
    onState: (state) => states.add(state),
    onRefused: (error) => refused.add(error),
  });
  open.add(listener);
  return { listener, routes, counters, recorder, states, refused };
}

export async function openTestListener(options: TestListenerOptions = {}): Promise<TestListener> {
  const made = createTestListener(options);
  made.listener.open();
  const [, second] = await made.states.until(2);
  if (second?.is !== 'listening') throw new Error(`the listener did not open: ${JSON.stringify(second)}`);
  return { ...made, port: second.port };
}

/** For `afterEach`. */
export async function closeTestListeners(): Promise<void> {
  const listeners = [...open];
  open.clear();
  await Promise.all(listeners.map((listener) => listener.close()));
}

/** The server and the socket of the next request on that port, which the listener keeps to itself. */
export function watchNextRequest(port: number): Promise<{ readonly server: Server; readonly socket: Socket }> {
  const started = channel('http.server.request.start');
  return new Promise((resolve) => {
    const see = (message: unknown): void => {
      const { server, socket } = message as { server: Server; socket: Socket };
      if (socket.localPort !== port) return;
      started.unsubscribe(see);
      resolve({ server, socket });
    };
    started.subscribe(see);
  });
}
