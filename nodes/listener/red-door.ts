/**
 * Node-RED's own web server as a door. Its editor's API parses JSON and forms before any node sees them, so a layer in
 * front of everything marks our requests as not to be parsed; a second one, behind Node-RED's own checks, serves them.
 */
import type { NodeAPI } from 'node-red';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../src/clock';
import { SetupError, toError, type SecurityEventsError } from '../../src/errors';
import { problem, sendAnswer } from '../../src/http/reply';
import { anyPath, pathOf } from '../../src/http/routes';
import { serve } from '../../src/http/serve';
import { findRoute, insertLayer, mountOf, removeLayer, rootOf, type Middleware } from './express-layers';
import { restartOf } from '../restart';
import { SharedDoor, type Claim, type Holder, type Transport, type TransportOptions } from './shared-door';

/** First parts of the paths that the editor and its API take where they share a root with the nodes. */
const editorPaths = new Set(
  'auth comms context credentials debug diagnostics flow flows icons inject library locales nodes plugins red resources settings theme types vendor'.split(
    ' ',
  ),
);

const doors = new WeakMap<object, SharedDoor>();

/** @throws SetupError `http-node-off` where Node-RED's settings give nodes no web server */
export function claimRedDoor(RED: NodeAPI, holder: Holder): Claim {
  if (RED.settings.httpNodeRoot === false) {
    throw new SetupError(
      'http-node-off',
      "Node-RED's settings switch its web server off for nodes (httpNodeRoot: false); use a port of its own",
    );
  }
  const app = RED.httpNode;
  let door = doors.get(app);
  if (door === undefined) {
    door = new SharedDoor(
      holder.limits,
      systemClock,
      restartOf(RED),
      (options) => createTransport(RED, options),
      () => void doors.delete(app),
    );
    doors.set(app, door);
  }
  return door.claim(holder);
}

function createTransport(RED: NodeAPI, options: TransportOptions): Transport {
  const app = RED.httpNode;
  const root = rootOf(app);
  const mount = pathOf(mountOf(app)).replace(/^\/$/, '');
  const { routes } = options;
  const ours = new WeakSet<IncomingMessage>();
  /** Paths of which another node has taken requests before us. */
  const yielded = new Set<string>();
  const isOurs = (request: IncomingMessage, path: string): boolean => {
    if (routes.find(path).length === 0 && routes.findReturning(path).length === 0) return false;
    // also while a Deploy has taken the neighbour's route away for a moment
    if (yielded.has(pathOf(path))) return false;
    // the core's own answer to a browser that asks across origins
    if (request.method === 'OPTIONS' && RED.settings.httpNodeCors !== undefined) return false;
    return findRoute(app, path, [request.method ?? '']) === undefined;
  };

  const mark: Middleware = (request, _response, next) => {
    const path = pathOf(request.url ?? '/');
    const below = belowMount(path, mount);
    if (below !== undefined && isOurs(request, below)) {
      ours.add(request);
      // what body parsers look at: this one has been parsed, they say, and leave the bytes alone
      Reflect.set(request, '_body', true);
    }
    next();
  };
  const take: Middleware = (request, response, next) => {
    if (ours.delete(request)) Reflect.deleteProperty(request, '_body');
    // without the mark its bytes may be gone, and is then refused: a wrong body is worse than none
    else if (!isOurs(request, request.url ?? '/')) return next();
    // nothing but this calls the user's own middleware: the core's `http in` node does the same
    const before: unknown = RED.settings.httpNodeMiddleware;
    const chain = (Array.isArray(before) ? before : [before]).filter(isMiddleware);
    runChain(
      chain,
      request,
      response,
      () => serve(request, response, options),
      (thrown) => {
        const cause = toError(thrown);
        const message = `the middleware of Node-RED's settings (httpNodeMiddleware) failed: ${cause.message}`;
        const error = new SetupError('middleware-failed', message, { cause });
        request.on('data', options.onStranger(request, error));
        sendAnswer(response, problem(500, 'a setting of this server failed'), { status: 500, error }, systemClock);
      },
    );
  };

  return {
    describe: (path) => `${mount}${path}`,
    urlPath: (path) => `${mount}${path}`,
    limit: () => undefined,
    open() {
      insertLayer(root, mark);
      insertLayer(app, take);
      options.onState({ is: 'listening', host: '', port: 0 });
    },
    close() {
      removeLayer(root, mark);
      removeLayer(app, take);
      return Promise.resolve();
    },
    check(path) {
      if (path === anyPath) {
        throw new SetupError(
          'path-any',
          "on Node-RED's own web server the path * would take the editor's own requests; name a path, or use an own port",
          { place: path },
        );
      }
      if (isEditorPath(RED, `${mount}${pathOf(path)}`)) {
        const message = `the path ${path} is one of Node-RED's own; give the node another path`;
        throw new SetupError('path-of-editor', message, { place: path });
      }
    },
    findConflict(path, methods) {
      const conflict = findNeighbour(app, path, methods);
      if (conflict === undefined) yielded.delete(pathOf(path));
      else yielded.add(pathOf(path));
      return conflict;
    },
  };
}

/** What is left of a path for an app mounted there, as Express cuts it: of two slashes after the mount one goes, too. */
function belowMount(path: string, mount: string): string | undefined {
  if (mount === '') return path;
  if (path === mount) return '/';
  return path.startsWith(`${mount}/`) ? path.slice(mount.length).replace(/^\/\//, '/') : undefined;
}

function findNeighbour(app: object, path: string, methods: readonly string[]): SecurityEventsError | undefined {
  const method = findRoute(app, path, methods);
  if (method === undefined) return undefined;
  return new SetupError(
    'path-taken',
    `${method} ${path} belongs to another node already, such as http in; give one of the two another path`,
    { place: path, retryable: true },
  );
}

/** Taking such a path would lock people out of their own editor. */
function isEditorPath(RED: NodeAPI, path: string): boolean {
  const { httpAdminRoot } = RED.settings;
  if (typeof httpAdminRoot !== 'string') return false;
  const above = pathOf(httpAdminRoot).replace(/^\/$/, '');
  if (path !== above && !path.startsWith(`${above}/`)) return false;
  const below = path.slice(above.length);
  const [, first = ''] = below.split('/', 2);
  return editorPaths.has(first) || findRoute(RED.httpAdmin, below, ['POST', 'PUT']) !== undefined;
}

function isMiddleware(step: unknown): step is Middleware {
  return typeof step === 'function';
}

/** Each step in a net of its own: what throws after another has waited is caught by nobody else, and would end Node-RED. */
function runChain(
  steps: readonly Middleware[],
  request: IncomingMessage,
  response: ServerResponse,
  done: () => void,
  failed: (thrown: unknown) => void,
): void {
  const [step, ...rest] = steps;
  if (step === undefined) {
    done();
    return;
  }
  const goOn = (error?: unknown): void => {
    if (error === undefined || error === null) runChain(rest, request, response, done, failed);
    else failed(error);
  };
  try {
    const outcome: unknown = step(request, response, goOn);
    if (outcome instanceof Promise) outcome.catch(failed);
  } catch (thrown) {
    failed(thrown);
  }
}
