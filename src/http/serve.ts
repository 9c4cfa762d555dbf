/** One request, from its first byte to its answer: what both doors, the own port and Node-RED's, do alike. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import { toError, TransportError, type SecurityEventsError } from '../errors';
import { admit, findObstacle } from './admission';
import { addressOf, readBody, type Refusal } from './body';
import type { Hold } from './hold';
import type { Ledger } from './ledger';
import type { InFlight, Limits } from './limits';
import type { Answer, Post, Receiver } from './receiver';
import { problem, sendAnswer } from './reply';
import { splitTarget, type Route, type RouteTable } from './routes';

export interface ServeOptions {
  readonly routes: RouteTable;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly inFlight: InFlight;
  readonly hold: Hold;
  /** A request of nobody's path; the function that comes back is given what its body holds. */
  readonly onStranger: (request: IncomingMessage, error: SecurityEventsError) => (part: Buffer) => void;
  /** Somebody who may not call a path of ours. */
  readonly onIntruder: (error: SecurityEventsError) => void;
}

/** Reads the request, answers when its last byte is in, then delivers it. Never throws. */
export function serve(request: IncomingMessage, response: ServerResponse, options: ServeOptions): void {
  const { routes, hold, clock } = options;
  const target = request.url ?? '/';
  const { path, query } = splitTarget(target);
  const found = routes.find(target);

  const respond = (answer: Answer, refusal?: Refusal): void => sendAnswer(response, answer, refusal, clock);
  const send = (refusal: Refusal): void => {
    if (refusal.status === undefined) return;
    // who may not come in is not told what would let him in
    const message = isIntrusion(refusal) ? 'not allowed' : refusal.error.message;
    respond(problem(refusal.status, message), refusal);
  };
  /** A request of a path that is ours. */
  const refuse = (refusal: Refusal, takers: readonly Route[], address: string): void => {
    for (const ledger of ledgersOf(takers)) {
      const more = ledger.refuse(request, address, refusal.error, clock.now());
      if (refusal.body !== undefined) more(refusal.body);
      else request.on('data', more);
    }
    if (isIntrusion(refusal)) options.onIntruder(refusal.error);
    else
      for (const { receiver } of routes.find(target).filter((route) => takers.includes(route)))
        tell(receiver, refusal.error);
    send(refusal);
  };
  const refuseStranger = (body?: Buffer): void => {
    const address = addressOf(request.socket);
    const message = `no node listens on ${path}, which ${address} called; give the device the path of a node`;
    const error = new TransportError('path-unknown', message, { address, place: path });
    const more = options.onStranger(request, error);
    if (body !== undefined) more(body);
    else request.on('data', more);
    send({ status: 404, error });
  };
  // a peer that resets the connection while it is answered is no fault of ours
  response.on('error', () => {
    for (const ledger of ledgersOf(routes.find(target))) ledger.count('answer-not-read');
  });

  // nodes that restart cannot be asked, but the rules that they had decide who may wait for them
  const returning = routes.findReturning(target);
  const candidates = returning.length === 0 ? found : [...found, ...returning];
  if (candidates.length === 0) return refuseStranger();
  const early = admit(request, candidates);
  if (early.refusal !== undefined) return refuse(early.refusal, early.routes, early.address);
  const obstacle = findObstacle(request, early.address);
  if (obstacle !== undefined) return refuse({ status: 415, error: obstacle }, early.routes, early.address);
  if (found.length === 0 && !hold.isHolding) return refuse(restarting(early.address), early.routes, early.address);

  const take = (body: Buffer, receivedAt: number, wasHeld: boolean): void => {
    const present = routes.find(target);
    if (present.length === 0) {
      const left = routes.findReturning(target);
      if (left.length > 0) refuse({ ...restarting(early.address), body }, left, early.address);
      else refuseStranger(body);
      return;
    }
    // a Deploy may have come meanwhile: whoever has the path now decides
    const late = present === candidates ? early : admit(request, present);
    if (late.refusal !== undefined) return refuse({ ...late.refusal, body }, late.routes, late.address);
    const { method = 'POST', headers } = request;
    const post: Post = { method, path, query, headers, body, address: late.address, receivedAt };
    // of several takers one that understands the post is enough
    const answers = late.routes.map((taker) => answerOf(taker, post));
    const answer = answers.find(({ status }) => status < 400) ?? answers[0];
    const isTaken = answer !== undefined && answer.status < 400;
    for (const ledger of ledgersOf(late.routes)) {
      if (isTaken) ledger.accept(post);
      if (wasHeld) ledger.held += 1;
    }
    respond(answer ?? problem(503, 'nobody is there to answer'));
    late.routes.forEach((taker, index) => deliver(post, taker, answers[index]));
  };
  const finish = (body: Buffer): void => {
    const receivedAt = clock.now();
    if (!hold.isHolding) return take(body, receivedAt, false);
    if (hold.keep(early.address, body.length, () => take(body, receivedAt, true))) return;
    const message = `more came while nodes restarted than is held; ${early.address} may try again`;
    const error = new TransportError('hold-full', message, { address: early.address });
    refuse({ status: 503, error, headers: { 'Retry-After': '2' }, body }, early.routes, early.address);
  };
  const bytes = Math.max(...early.routes.map(({ rules }) => rules.bodyBytes));
  const bounds = { bytes, ms: options.limits.bodyMs, inFlight: options.inFlight, clock };
  readBody(request, early.address, bounds, finish, (refusal) => refuse(refusal, early.routes, early.address));
}

/** Nodes of one path may have several listeners, on one port. */
function ledgersOf(routes: readonly Route[]): Iterable<Ledger> {
  const [only] = routes;
  return routes.length === 1 && only !== undefined
    ? [only.rules.ledger]
    : new Set(routes.map(({ rules }) => rules.ledger));
}

function restarting(address: string): Refusal {
  const error = new TransportError('restarting', 'the node of this path is restarting; try again', { address });
  return { status: 503, error, headers: { 'Retry-After': '2' } };
}

function isIntrusion({ status }: Refusal): boolean {
  return status === 401 || status === 403;
}

function answerOf({ receiver }: Route, post: Post): Answer {
  try {
    return receiver.answer(post);
  } catch (thrown) {
    return problem(500, toError(thrown).message);
  }
}

/** A receiver promises not to throw; a broken promise must not take Node-RED down. */
function deliver(post: Post, { receiver, rules }: Route, answer: Answer | undefined): void {
  try {
    const delivery = receiver.deliver(post);
    rules.ledger.duplicates += delivery?.duplicates ?? 0;
    const error = delivery?.error ?? explainRefusal(post, answer);
    if (error !== undefined) rules.ledger.unread(post, error);
  } catch (thrown) {
    const cause = toError(thrown);
    tell(receiver, new TransportError('delivery-failed', `a post could not be delivered: ${cause.message}`, { cause }));
  }
}

/** Whoever refuses a post should say why; where he does not, the ledger counts it all the same. */
function explainRefusal({ address }: Post, answer: Answer | undefined): SecurityEventsError | undefined {
  if (answer === undefined || answer.status < 400) return undefined;
  return new TransportError('post-refused', `a post of ${address} was answered ${answer.status}`, { address });
}

function tell(receiver: Receiver, error: SecurityEventsError): void {
  try {
    receiver.refused(error);
  } catch {
    // it has thrown where it was told that it throws: there is nobody left to tell
  }
}
