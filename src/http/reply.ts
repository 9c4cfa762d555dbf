/** The reply to a request, as small as it can be. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import type { Refusal } from './body';
import type { Answer } from './receiver';

/**
 * So long is the rest of a refused body still read, and thrown away. A connection that is closed with bytes unread is
 * reset, and a sender that writes all before it reads would never see why.
 */
const lingerMs = 2000;

/** Answers after which the connection is closed. */
const lastAnswers = new WeakSet<ServerResponse>();

export function isLast(response: ServerResponse): boolean {
  return lastAnswers.has(response);
}

export function sendAnswer(response: ServerResponse, answer: Answer, refusal: Refusal | undefined, clock: Clock): void {
  if (response.headersSent || response.destroyed) return;
  const isLastOne = refusal !== undefined || answer.status >= 500;
  if (isLastOne) lastAnswers.add(response);
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': answer.body.length,
    ...refusal?.headers,
    ...(isLastOne && { Connection: 'close' }),
  });
  // who took too long already is not waited for again
  // text is joined to the head, bytes would be written beside it: some microseconds at each post
  if (!isLastOne || response.req.complete || answer.status === 408)
    response.end(answer.body.toString('latin1'), 'latin1');
  else linger(response, answer.body, clock);
}

function linger(response: ServerResponse, body: Buffer, clock: Clock): void {
  const { req: request } = response;
  const end = (): void => {
    timer.cancel();
    response.end();
  };
  const timer = clock.after(lingerMs, end);
  response.write(body);
  request.once('end', end);
  request.once('close', end);
  request.resume();
}

/** A refusal in small JSON: devices do not read it, people with curl do. */
export function problem(status: number, message: string): Answer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: message })) };
}
