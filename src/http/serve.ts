/** One request, from its first byte to its answer: what both doors, the own port and Node-RED's, do alike. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import { toError, TransportError, type SecurityEventsError } from '../errors';
import { addressOf, readBody, type Refusal } from './body';
import type { Answer, Post, Receiver } from './receiver';
import { splitTarget, type RouteTable } from './routes';

export interface ServeOptions {
  readonly routes: RouteTable;
  readonly clock: Clock;
  /** A longer body is refused while it is read, not after. */
  readonly bodyLimitBytes: number;
  /** What was refused, by reason; added to as it happens. */
  readonly counters: Counters;
  /** A request that no receiver is told of: its path is nobody's. */
  readonly onRefused: (error: SecurityEventsError) => void;
}

export interface Counters {
  accepted: number;
  bytes: number;
  readonly refused: Record<string, number>;
}

export function createCounters(): Counters {
  return { accepted: 0, bytes: 0, refused: {} };
}

export function countRefused(counters: Counters, reason: string): void {
  counters.refused[reason] = (counters.refused[reason] ?? 0) + 1;
}

/** Reads the request, answers when its last byte is in, then delivers it. Never throws. */
export function serve(request: IncomingMessage, response: ServerResponse, options: ServeOptions): void {
  const { routes, counters } = options;
  const target = request.url ?? '/';
  const { path, query } = splitTarget(target);
  const address = addressOf(request.socket);
  // a Deploy may come while the body does: whoever has the path at the end is the one to tell
  const findReceivers = (): readonly Receiver[] => {
    const found = routes.find(target);
    return found.length > 0 ? found : receivers;
  };
  const receivers = routes.find(target);
  // a peer that resets the connection while it is answered is no fault of ours
  response.on('error', () => countRefused(counters, 'answer-not-read'));

  const refuse = ({ status, error }: Refusal): void => {
    countRefused(counters, error.code);
    for (const receiver of findReceivers()) tell(receiver, error);
    if (status === undefined) return;
    sendAnswer(response, problem(status, error.message), true);
    request.resume();
  };

  if (receivers.length === 0) {
    const message = `no node listens on ${path}, which ${address} called; give the device the path of a node`;
    const error = new TransportError('path-unknown', message, { address, place: path });
    refuse({ status: 404, error });
    options.onRefused(error);
    return;
  }
  const obstacle = findObstacle(request, address);
  if (obstacle !== undefined) {
    refuse({ status: 415, error: obstacle });
    return;
  }

  const finish = (body: Buffer): void => {
    const receivedAt = options.clock.now();
    const post: Post = {
      method: request.method ?? 'POST',
      path,
      query,
      headers: request.headers,
      body,
      address,
      receivedAt,
    };
    const takers = findReceivers();
    counters.accepted += 1;
    counters.bytes += body.length;
    try {
      sendAnswer(response, takers[0]?.answer(post) ?? problem(503, 'nobody is there to answer'), false);
    } catch (thrown) {
      sendAnswer(response, problem(500, toError(thrown).message), true);
    }
    for (const taker of takers) deliver(post, taker);
  };
  readBody(request, options.bodyLimitBytes, finish, refuse);
}

/** Bodies that could be read, but not as the device meant them. */
function findObstacle(request: IncomingMessage, address: string): SecurityEventsError | undefined {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    const message = `${address} sent a body compressed with ${encoding}; send it plain`;
    return new TransportError('body-compressed', message, { address });
  }
  // `_body` is the mark of a body parser that has read the stream; an empty `body` alone says nothing
  if (request.readableEnded || Reflect.get(request, '_body') === true) {
    const type = request.headers['content-type'] ?? 'no content type';
    const message =
      `Node-RED had parsed the body of ${address} (${type}) before this node could read it; let the device send XML, ` +
      'or use a listener with a port of its own';
    return new TransportError('body-taken', message, { address });
  }
  return undefined;
}

/** A receiver promises not to throw; a broken promise must not take Node-RED down. */
function deliver(post: Post, receiver: Receiver): void {
  try {
    receiver.deliver(post);
  } catch (thrown) {
    const cause = toError(thrown);
    tell(receiver, new TransportError('delivery-failed', `a post could not be delivered: ${cause.message}`, { cause }));
  }
}

function tell(receiver: Receiver, error: SecurityEventsError): void {
  try {
    receiver.refused(error);
  } catch {
    // it has thrown where it was told that it throws: there is nobody left to tell
  }
}

function sendAnswer(response: ServerResponse, answer: Answer, closes: boolean): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': answer.body.length,
    ...(closes && { Connection: 'close' }),
  });
  response.end(answer.body);
}

/** A refusal in small JSON: devices do not read it, people with curl do. */
function problem(status: number, message: string): Answer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: message })) };
}
