/** What all nodes say to Node-RED in the same way: status, errors, reports, closing. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock, type Clock, type Timer } from '../src/clock';
import { SecurityEventsError, SetupError, toError } from '../src/errors';
import type { Post } from '../src/http/receiver';
import { restartOf, type RestartWatcher } from './restart';

export interface Status {
  readonly fill: 'red' | 'green' | 'yellow' | 'blue' | 'grey';
  readonly shape: 'ring' | 'dot';
  readonly text: string;
}

/** Every status is pushed to every open editor, so a node speaks once a second and the last word counts. */
const statusEveryMs = 1000;

export type Raise = (error: Error, message?: NodeMessage) => void;

/** A node's two voices. */
export interface Voice {
  /** Shows a status, at most one a second: only what is shown is worked out. */
  show(describe: () => Status): void;
  /** Raises an error where a Catch node can hear it: with a message object. */
  raise: Raise;
  close(): void;
}

/**
 * Neither voice speaks before the flow's Catch and Status nodes stand: a wrong setting or a port in use is known earlier
 * than that, and would be told to nobody.
 */
export function createVoice(RED: NodeAPI, node: Node, clock: Clock = systemClock): Voice {
  const whenStarted = createGateway(RED);
  let waiting: (() => Status) | undefined;
  let shown = '';
  let timer: Timer | undefined;
  let isClosed = false;

  const speak = (describe: () => Status): void => {
    const status = describe();
    const words = JSON.stringify(status);
    if (words !== shown) node.status({ ...status });
    shown = words;
    timer = clock.after(statusEveryMs, () => {
      timer = undefined;
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) speak(next);
    });
  };
  return {
    show(describe) {
      whenStarted.run(() => {
        if (isClosed) return;
        if (timer === undefined) speak(describe);
        else waiting = describe;
      });
    },
    raise(error, message = {}) {
      whenStarted.run(() => node.error(error, message));
    },
    close() {
      isClosed = true;
      whenStarted.close();
      timer?.cancel();
    },
  };
}

interface Gateway {
  run(action: () => void): void;
  close(): void;
}

/** Keeps actions until the flows have started, then lets everything through. */
function createGateway(RED: NodeAPI): Gateway {
  const restart = restartOf(RED);
  const waiting: (() => void)[] = [];
  const watcher: RestartWatcher = {
    begin: () => undefined,
    end() {
      restart.leave(watcher);
      isOpen = true;
      for (const action of waiting.splice(0)) action();
    },
  };
  let isOpen = !restart.isUnderWay;
  if (!isOpen) restart.watch(watcher);
  return {
    run(action) {
      if (isOpen) action();
      else waiting.push(action);
    },
    close: () => restart.leave(watcher),
  };
}

/** Closes with explicit `(removed, done)`: Node-RED does not wait for a handler that declares neither. */
export function onClose(node: Node, close: (removed: boolean) => Promise<void> | void): void {
  node.on('close', (removed: boolean, done: (error?: Error) => void) => {
    const settle = async (): Promise<void> => {
      try {
        await close(removed);
        done();
      } catch (thrown) {
        done(toError(thrown));
      }
    };
    void settle();
  });
}

/** Whether a node that was closed as removed is there still: Node-RED says the same of one that was only disabled. */
export function isDisabled(RED: NodeAPI, id: string): boolean {
  let isThere = false;
  RED.nodes.eachNode((def) => {
    isThere ||= def.id === id;
  });
  return isThere;
}

/** The node of that id; undefined where it was not chosen, is disabled, or is just being deployed: the types say none of it. */
export function findNode(RED: NodeAPI, id: string): Node | undefined {
  const node: Node | null | undefined = id === '' ? undefined : RED.nodes.getNode(id);
  return node ?? undefined;
}

/**
 * Lets a type's dialogs ask what its running nodes have seen: `security-events/<type>/<id>/report`, for those who may read
 * its nodes. To be called at load, not in a node's constructor: a node that was never deployed must get an answer too.
 */
export function offerReport(RED: NodeAPI, type: string, find: (id: string) => object | undefined): void {
  RED.httpAdmin.get(
    `/security-events/${type}/:id/report`,
    RED.auth.needsPermission(`${type}.read`),
    (request, response) => {
      const report = find(String(request.params.id));
      if (report === undefined) response.status(404).json({ error: 'not deployed' });
      else response.json(report);
    },
  );
}

/** What stopped a node from starting, whatever was thrown. */
export function toSetupError(thrown: unknown): SecurityEventsError {
  if (thrown instanceof SecurityEventsError) return thrown;
  const cause = toError(thrown);
  return new SetupError('start-failed', `the node could not start: ${cause.message}`, { cause });
}

/** The last event and the last error, for people who ask why nothing arrives. */
export interface LastWords {
  event?: { readonly time: string; readonly summary: string };
  error?: { readonly time: string; readonly message: string };
}

/**
 * What a Catch node gets beside `msg.error`. The path is not told: who knows it can knock.
 *
 * @param excerpt that of the listener, which knows what must not be shown
 */
export function toErrorPayload(
  error: SecurityEventsError,
  post?: Post,
  excerpt?: (bytes: Buffer) => string,
): Record<string, unknown> {
  const { code, message, retryable, place, address } = error;
  return {
    code,
    message,
    retryable,
    place,
    address: post?.address ?? address,
    ...(post && {
      bytes: post.body.length,
      excerpt: excerpt?.(post.body),
    }),
  };
}
