/** Who takes a request: the routes of its path that let the caller in, and in a form that they can read. */
import type { IncomingMessage } from 'node:http';
import { TransportError, type SecurityEventsError } from '../errors';
import type { Refusal } from './body';
import type { Receiver } from './receiver';
import type { Route } from './routes';

/** Those who take a request, and who sent it. */
export interface Admission {
  /** Those that let it in; where none does, the one that says why. */
  readonly routes: readonly Route[];
  readonly address: string;
  /** Why it may not come in. */
  readonly refusal?: Refusal;
}

/** Those of the routes that let this request in; where none does, the refusal of the first. */
export function admit(request: IncomingMessage, routes: readonly Route[]): Admission {
  let refused: Admission | undefined;
  const admitted: Route[] = [];
  let address = '';
  for (const route of routes) {
    const { access } = route.rules;
    const caller = access.callerOf(request);
    const refusal = access.check(request, caller) ?? checkMethod(request, route.receiver, caller);
    if (refusal !== undefined) {
      refused ??= { refusal, routes: [route], address: caller };
      continue;
    }
    if (admitted.length === 0) address = caller;
    admitted.push(route);
  }
  if (admitted.length === 0 && refused !== undefined) return refused;
  return { routes: admitted.length === routes.length ? routes : admitted, address };
}

function checkMethod(request: IncomingMessage, receiver: Receiver, address: string): Refusal | undefined {
  const { method = '' } = request;
  if (receiver.methods.includes(method)) return undefined;
  const allowed = receiver.methods.join(', ');
  const message = `${address} came with ${method}, and this path takes ${allowed}`;
  const error = new TransportError('method-not-allowed', message, { address });
  return { status: 405, error, headers: { Allow: allowed } };
}

/** Bodies that could be read, but not as the device meant them. */
export function findObstacle(request: IncomingMessage, address: string): SecurityEventsError | undefined {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    const message = `${address} sent a body compressed with ${encoding}; send it plain`;
    return new TransportError('body-compressed', message, { address });
  }
  const transfer = request.headers['transfer-encoding']?.trim().toLowerCase() ?? '';
  if (transfer !== '' && transfer !== 'chunked') {
    const message = `${address} sent a body transferred as ${transfer}; send it plain or chunked`;
    return new TransportError('body-compressed', message, { address });
  }
  // `_body` is the mark of a body parser that has read the stream; an empty `body` alone says nothing
  if (request.readableEnded || Reflect.get(request, '_body') === true) {
    const type = request.headers['content-type'] ?? 'no content type';
    const message =
      `the body of ${address} (${type}) had been parsed before this node could read it, by middleware of Node-RED's ` +
      'settings; take that out, or use a listener with a port of its own';
    return new TransportError('body-taken', message, { address });
  }
  return undefined;
}
