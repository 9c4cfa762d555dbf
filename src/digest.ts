import { hash } from 'node:crypto';

/** 43 letters that stand for a text or bytes: the same for the same, and never met again for others. */
export function digest(what: string | Buffer): string {
  return hash('sha256', what, 'base64url');
}
