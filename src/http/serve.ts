/** One request, from its first byte to its answer: what both doors, the own port and Node-RED's, do alike. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import { toError, TransportError, type SecurityEventsError } from '../errors';
import type { Answer, Post, Receiver } from './receiver';
import { splitTarget, type RouteTable } from './routes';

export interface ServeOptions {
  readonly routes: RouteTable;
  readonly clock: Clock;
  /** A longer body is refused while it is read, not after. */
  readonly bodyLimitBytes: number;
  /** What was refused, by reason; added to as it happens. */
  readonly counters: Counters;
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
  const receivers = routes.find(target);
  const [first] = receivers;
  // a peer that resets the connection while it is answered is no fault of ours
  response.on('error', () => countRefused(counters, 'answer-not-read'));

  const refuse = (status: number, error: SecurityEventsError): void => {
    countRefused(counters, error.code);
    for (const receiver of receivers) receiver.refused(error);
    sendAnswer(response, problem(status, error.message), true);
    request.resume();
  };

  if (first === undefined) {
    return refuse(404, new TransportError('path-unknown', `no node listens on ${splitTarget(target).path}`));
  }
  const address = addressOf(request);
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return refuse(
      415,
      new TransportError('body-compressed', `${address} sent a body compressed with ${encoding}; send it plain`, {
        address,
      }),
    );
  }
  // `_body` is the mark of a body parser that has read the stream; an empty `body` alone says nothing
  if (request.readableEnded || Reflect.get(request, '_body') === true) {
    return refuse(
      415,
      new TransportError(
        'body-taken',
        `Node-RED had parsed the body of ${address} (${request.headers['content-type'] ?? 'no content type'}) before this ` +
          'node could read it; let the device send XML, or use a listener with a port of its own',
        { address },
      ),
    );
  }

  const finish = (body: Buffer): void => {
    const { path, query } = splitTarget(target);
    const post: Post = {
      method: request.method ?? 'POST',
      path,
      query,
      headers: request.headers,
      body,
      address,
      receivedAt: options.clock.now(),
    };
    counters.accepted += 1;
    counters.bytes += body.length;
    sendAnswer(response, first.answer(post), false);
    deliver(post, receivers);
  };
  readBody(request, options.bodyLimitBytes, finish, (status, error) => {
    if (status === undefined) {
      countRefused(counters, error.code);
      for (const receiver of receivers) receiver.refused(error);
    } else {
      refuse(status, error);
    }
  });
}

/** Collects the body; calls exactly one of the two. No status means that nobody is left to answer. */
function readBody(
  request: IncomingMessage,
  limitBytes: number,
  done: (body: Buffer) => void,
  failed: (status: number | undefined, error: SecurityEventsError) => void,
): void {
  const chunks: Buffer[] = [];
  const address = addressOf(request);
  let size = 0;
  let isSettled = false;

  const settle = (action: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    action();
  };
  const declared = request.headers['content-length'];
  const tooLarge = (): void =>
    settle(() =>
      failed(
        413,
        new TransportError(
          'body-too-large',
          `${address} sent more than ${Math.floor(limitBytes / 1024)} KB in one post`,
          { address },
        ),
      ),
    );
  const cutOff = (): void =>
    settle(() =>
      failed(
        undefined,
        new TransportError(
          'body-cut-off',
          `${address} closed the connection after ${size} of ${declared ?? 'an unknown number of'} bytes; ` +
            'the device or the network cut it off',
          { address },
        ),
      ),
    );

  if (Number(declared ?? 0) > limitBytes) return tooLarge();
  request.on('data', (chunk: Buffer) => {
    if (isSettled) return;
    size += chunk.length;
    if (size > limitBytes) return tooLarge();
    chunks.push(chunk);
  });
  request.on('end', () =>
    settle(() => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))),
  );
  request.on('error', cutOff);
  request.on('close', cutOff);
}

/** A receiver promises not to throw; a broken promise must not take Node-RED down. */
function deliver(post: Post, receivers: readonly Receiver[]): void {
  for (const receiver of receivers) {
    try {
      receiver.deliver(post);
    } catch (thrown) {
      const error = toError(thrown);
      receiver.refused(
        new TransportError('delivery-failed', `a post could not be delivered: ${error.message}`, { cause: error }),
      );
    }
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

/** The caller's address; IPv4 in IPv6 clothes (`::ffff:192.0.2.41`) is written as IPv4. */
export function addressOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '');
}
