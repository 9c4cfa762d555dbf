/** Posts of our own making, one of each vendor's usual kinds: for people who try a node before a device calls. */
import type { Post } from './http/receiver';

/** An address for documentation (RFC 5737): nobody's. */
const address = '192.0.2.1';

export interface SamplePost {
  readonly method?: string;
  readonly query?: string;
  readonly contentType: string;
  readonly body?: string;
}

/** As it would come from the listener. */
export function toPost({ method = 'POST', query = '', contentType, body = '' }: SamplePost, nowMs: number): Post {
  return {
    method,
    path: '/',
    query,
    headers: { 'content-type': contentType },
    body: Buffer.from(body),
    address,
    receivedAt: nowMs,
  };
}
