/** The two ways in: a port of our own, and Node-RED's own web server. */
import type { NodeAPI } from 'node-red';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../src/clock';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { Listener, type ListenerState } from '../../src/http/listener';
import type { Receiver } from '../../src/http/receiver';
import { anyPath, RouteTable } from '../../src/http/routes';
import { isTree } from '../../src/wire/read';
import { createCounters, serve, type Counters } from '../../src/http/serve';

/** A detection with pictures has half a megabyte, of a large camera with several targets some. */
const bodyLimitBytes = 16 * 1024 * 1024;

export interface Door {
  readonly counters: Counters;
  /** @throws SetupError when the path cannot be had */
  add(path: string, receiver: Receiver): () => void;
  /** How a person would write where it listens: `:5050/API`. */
  describe(path: string): string;
  open(): void;
  close(): Promise<void>;
}

export interface DoorHandlers {
  readonly onState: (state: ListenerState) => void;
  readonly onRefused: (error: SecurityEventsError) => void;
}

export function createOwnDoor(host: string, port: number, handlers: DoorHandlers): Door {
  const routes = new RouteTable();
  const counters = createCounters();
  let bound = port;
  const listener = new Listener({
    ...handlers,
    host,
    port,
    routes,
    counters,
    bodyLimitBytes,
    clock: systemClock,
    onState(state) {
      if (state.is === 'listening') bound = state.port;
      handlers.onState(state);
    },
  });
  return {
    counters,
    add: (path, receiver) => routes.add(path, receiver),
    describe: (path) => `${host.includes(':') ? `[${host}]` : host}:${bound}${path === anyPath ? '/*' : path}`,
    open: () => listener.open(),
    close: () => listener.close(),
  };
}

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/**
 * One layer in the router for all paths of the listener, taken out again by its identity: what a neighbour has
 * registered for the same path is left alone.
 */
export function createRedDoor(RED: NodeAPI, handlers: DoorHandlers): Door {
  const routes = new RouteTable();
  const counters = createCounters();
  const options = { routes, counters, bodyLimitBytes, clock: systemClock, onRefused: handlers.onRefused };
  const root = RED.settings.httpNodeRoot;

  const layer: Middleware = (request, response, next) => {
    if (routes.find(request.url ?? '/').length === 0) {
      next();
      return;
    }
    // nothing but this calls the user's own middleware: the core's `http in` node does the same
    const before: unknown = RED.settings.httpNodeMiddleware;
    const chain = (Array.isArray(before) ? before : [before]).filter(isMiddleware);
    runChain(chain, request, response, next, () => serve(request, response, options));
  };

  return {
    counters,
    add(path, receiver) {
      if (path === anyPath) {
        throw new SetupError(
          'path-any',
          "on Node-RED's own web server the path * would take the editor's own requests; name a path, or use an own port",
          { place: path },
        );
      }
      return routes.add(path, receiver);
    },
    describe: (path) => `${typeof root === 'string' ? root.replace(/\/$/, '') : ''}${path}`,
    open() {
      if (root === false) {
        const error = new SetupError(
          'http-node-off',
          "Node-RED's settings switch its web server off for nodes (httpNodeRoot: false); use a port of its own",
        );
        handlers.onState({ is: 'failed', error });
        return;
      }
      RED.httpNode.use(layer);
      handlers.onState({ is: 'listening', host: '', port: 0 });
    },
    close() {
      const stack = findStack(RED.httpNode);
      for (let index = stack.length - 1; index >= 0; index--) {
        if (stack[index]?.handle === layer) stack.splice(index, 1);
      }
      return Promise.resolve();
    },
  };
}

function isMiddleware(step: unknown): step is Middleware {
  return typeof step === 'function';
}

/** The layers of an Express app's router, which its types do not show: `_router` in Express 4, `router` in 5. */
function findStack(app: object): { handle?: unknown }[] {
  const router: unknown = Reflect.get(app, '_router') ?? Reflect.get(app, 'router');
  const stack: unknown = isTree(router) || typeof router === 'function' ? Reflect.get(router, 'stack') : undefined;
  return Array.isArray(stack) ? stack : [];
}

function runChain(
  steps: readonly Middleware[],
  request: IncomingMessage,
  response: ServerResponse,
  failed: Next,
  done: () => void,
): void {
  const [step, ...rest] = steps;
  if (step === undefined) {
    done();
    return;
  }
  step(request, response, (error) => {
    if (error === undefined || error === null) runChain(rest, request, response, failed, done);
    else failed(error);
  });
}
