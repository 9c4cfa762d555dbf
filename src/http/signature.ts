/** HMAC signatures over the raw bytes of a post: made and checked here, for every vendor that signs. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type HashName = 'sha1' | 'sha256';

const hexDigits: Readonly<Record<HashName, RegExp>> = { sha1: /^[0-9a-f]{40}$/i, sha256: /^[0-9a-f]{64}$/i };

/** Whether a text can be a signature at all: hex of the right length, and nothing before or after it. */
export function isSignature(text: string, hash: HashName): boolean {
  return hexDigits[hash].test(text);
}

/** @param secret its UTF-8 bytes are the key, blanks and all */
export function sign(bytes: Buffer, secret: string, hash: HashName): string {
  return createHmac(hash, secret).update(bytes).digest('hex');
}

/**
 * Which of the secrets made the signature: its place in the list. An empty secret makes none. Every other is tried in
 * full, so that the time it takes tells neither whether one matched nor which.
 */
export function findSigner(
  bytes: Buffer,
  signature: string,
  secrets: readonly string[],
  hash: HashName,
): number | undefined {
  // Node.js decodes the hex before the first wrong digit and drops the rest: what follows must be refused before
  if (!isSignature(signature, hash)) return undefined;
  const given = Buffer.from(signature, 'hex');
  let found: number | undefined;
  secrets.forEach((secret, index) => {
    if (secret === '') return;
    const isRight = timingSafeEqual(given, createHmac(hash, secret).update(bytes).digest());
    if (isRight) found ??= index;
  });
  return found;
}
