/**
 * The layers of an Express app, which its types do not show: looked at, put in at a place, and taken out by identity.
 * Node-RED 4.1 and 5 use Express 4, where they are in `_router.stack`; Express 5 has `router`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isTree } from '../../src/wire/read';
import { pathOf } from '../../src/http/routes';

export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

interface App {
  use(middleware: Middleware): unknown;
}

/** The app at whose front every request arrives. */
export function rootOf(app: App): App {
  let root = app;
  for (let parent: unknown = app; isApp(parent); parent = Reflect.get(parent, 'parent')) root = parent;
  return root;
}

/** Where the app is mounted, as the whole path below its root. */
export function mountOf(app: object): string {
  const path: unknown = Reflect.get(app, 'path');
  const mount: unknown = typeof path === 'function' ? Reflect.apply(path, app, []) : '';
  return typeof mount === 'string' && mount !== '' ? mount : '/';
}

/**
 * Puts a layer in front of everything but Express's own first ones, which make `response.status` and its like: other
 * routes, those with wildcards too, come after it whatever the order in which nodes start.
 */
export function insertLayer(app: App, middleware: Middleware): void {
  app.use(middleware);
  const stack = stackOf(app);
  const at = stack.findIndex((layer) => layer.handle === middleware);
  const [layer] = at === -1 ? [] : stack.splice(at, 1);
  if (layer === undefined) return;
  const first = stack.findIndex(({ name }) => name === 'expressInit');
  stack.splice(first + 1, 0, layer);
}

/** Takes out that layer and no other, however often it is there. */
export function removeLayer(app: object, middleware: Middleware): void {
  const stack = stackOf(app);
  for (let index = stack.length - 1; index >= 0; index--) {
    if (stack[index]?.handle === middleware) stack.splice(index, 1);
  }
}

/** The first of the methods for which the app has a route of exactly that path; Express cares neither for case nor for a last slash. */
export function findRoute(app: object, path: string, methods: readonly string[]): string | undefined {
  const wanted = pathOf(path);
  for (const { route } of stackOf(app)) {
    if (!isTree(route)) continue;
    const paths: readonly unknown[] = Array.isArray(route.path) ? route.path : [route.path];
    if (!paths.some((each) => typeof each === 'string' && pathOf(each) === wanted)) continue;
    const taken = isTree(route.methods) ? route.methods : {};
    // `_all`: what Express writes for `app.all`
    const method = methods.find((each) => taken['_all'] === true || taken[each.toLowerCase()] === true);
    if (method !== undefined) return method;
  }
  return undefined;
}

interface Layer {
  readonly name?: unknown;
  readonly handle?: unknown;
  readonly route?: unknown;
}

function stackOf(app: object): Layer[] {
  const router: unknown = Reflect.get(app, '_router') ?? readRouter(app);
  const stack: unknown = typeof router === 'function' || isTree(router) ? Reflect.get(router, 'stack') : undefined;
  return Array.isArray(stack) ? stack : [];
}

/** Express 4 throws where somebody asks for `router`. */
function readRouter(app: object): unknown {
  try {
    return Reflect.get(app, 'router');
  } catch {
    return undefined;
  }
}

function isApp(value: unknown): value is App {
  return typeof value === 'function' && 'use' in value;
}
