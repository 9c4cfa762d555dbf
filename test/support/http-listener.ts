/** A listener on a port that the system chooses, with what it said and counted. */
import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { systemClock, type Clock } from '../../src/clock';
import type { SecurityEventsError } from '../../src/errors';
import { Access, type AccessRules } from '../../src/http/access';
import { addressOf } from '../../src/http/body';
import { Hold } from '../../src/http/hold';
import { Ledger } from '../../src/http/ledger';
import { InFlight, standardLimits, type Limits } from '../../src/http/limits';
import { Listener, type ListenerState } from '../../src/http/listener';
import { RouteTable, type Rules } from '../../src/http/routes';
import { serve, type ServeOptions } from '../../src/http/serve';
import { Arrivals, Recorder } from './http-recorder';

const megabyte = 1024 * 1024;

export interface TestListener {
  readonly port: number;
  readonly listener: Listener;
  readonly routes: RouteTable;
  /** Of `/API`; for further paths. */
  readonly rules: Rules;
  readonly ledger: Ledger;
  readonly hold: Hold;
  readonly inFlight: InFlight;
  /** Takes `/API`. */
  readonly recorder: Recorder;
  readonly states: Arrivals<ListenerState>;
  /** What the listener itself refused: strangers, intruders and rubbish. */
  readonly refused: Arrivals<SecurityEventsError>;
}

export interface TestListenerOptions {
  readonly host?: string;
  readonly port?: number;
  readonly limits?: Partial<Limits>;
  readonly access?: Partial<AccessRules>;
  readonly tls?: SecureContextOptions;
  readonly clock?: Clock;
}

const open = new Set<Listener>();

/** Rules that let everybody in. */
export function openRules(rules: Partial<Rules> = {}): Rules {
  const access = new Access({ networks: [], proxies: [] });
  return { access, bodyBytes: megabyte, ledger: new Ledger(), ...rules };
}

type Served = Omit<TestListener, 'port' | 'listener' | 'states'> & { readonly options: ServeOptions };

/** Everything that a request needs, but for a server. */
export function createServed({ limits, access, clock = systemClock }: TestListenerOptions = {}): Served {
  const all: Limits = { ...standardLimits, bodyBytes: megabyte, ...limits };
  const ledger = new Ledger();
  const rules: Rules = {
    access: new Access({ networks: [], proxies: [], ...access }),
    bodyBytes: all.bodyBytes,
    ledger,
  };
  const routes = new RouteTable();
  const recorder = new Recorder();
  routes.add('/API', recorder, rules);
  const refused = new Arrivals<SecurityEventsError>();
  const [hold, inFlight] = [new Hold(clock, all), new InFlight(all)];
  const options: ServeOptions = {
    routes,
    clock,
    limits: all,
    inFlight,
    hold,
    onStranger: (request, error) => {
      refused.add(error);
      return ledger.refuse(request, addressOf(request.socket), error, clock.now());
    },
    onIntruder: (error) => refused.add(error),
  };
  return { routes, rules, ledger, hold, inFlight, recorder, refused, options };
}

/** Made, not opened. */
export function createTestListener(options: TestListenerOptions = {}): Omit<TestListener, 'port'> {
  const { options: served, ...rest } = createServed(options);
  const states = new Arrivals<ListenerState>();
  const listener = new Listener({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    tls: options.tls,
    limits: served.limits,
    clock: served.clock,
    onRequest: (request: IncomingMessage, response: ServerResponse) => serve(request, response, served),
    onState: (state) => states.add(state),
    onRubbish: (error, address, bytes) => {
      rest.refused.add(error);
      rest.ledger.rubbish(address, error, served.clock.now(), bytes);
    },
  });
  open.add(listener);
  return { listener, states, ...rest };
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
