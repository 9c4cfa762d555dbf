/** The reply to a request, as small as it can be. */
import type { ServerResponse } from 'node:http';
import type { Refusal } from './body';
import type { Answer } from './receiver';

export function sendAnswer(response: ServerResponse, answer: Answer, refusal: Refusal | undefined): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': answer.body.length,
    ...refusal?.headers,
    // what is left of a refused body is not waited for
    ...((refusal !== undefined || answer.status >= 500) && { Connection: 'close' }),
  });
  response.end(answer.body);
}

/** A refusal in small JSON: devices do not read it, people with curl do. */
export function problem(status: number, message: string): Answer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: message })) };
}
