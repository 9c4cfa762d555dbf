/** Answers to `401`: Basic (RFC 7617) and Digest (RFC 7616), for servers that ask who calls. */
import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface DigestRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly uri: string;
  /** How often the nonce has been used, this time included. */
  readonly count: number;
  /** Random; an argument for the test vectors. */
  readonly cnonce?: string;
}

const word = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+`;
const challengeStart = new RegExp(String.raw`^[\s,]*(${word})(?:\s+|$|(?=,))`);
const parameter = new RegExp(String.raw`^[\s,]*(${word})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))`);

/** All challenges of a header; several headers may have been joined by commas. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = header;
  while (rest.trim() !== '') {
    const pair = challenges.length > 0 ? parameter.exec(rest) : null;
    if (pair !== null) {
      const [all, name = '', quoted, plain = ''] = pair;
      const last = challenges.at(-1);
      if (last !== undefined) last.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain;
      rest = rest.slice(all.length);
      continue;
    }
    const start = challengeStart.exec(rest);
    if (start === null) break;
    challenges.push({ scheme: (start[1] ?? '').toLowerCase(), parameters: {} });
    rest = rest.slice(start[0].length);
  }
  return challenges;
}

export function writeBasic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Strongest first. */
const hashes: readonly (readonly [string, string])[] = [
  ['SHA-512-256', 'sha512-256'],
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
];

/** The strongest Digest challenge that can be answered. */
export function chooseDigest(challenges: readonly Challenge[]): Challenge | undefined {
  const usable = challenges.filter(({ scheme, parameters }) => scheme === 'digest' && parameters.nonce !== undefined);
  return hashes
    .map(([name]) => usable.find(({ parameters }) => baseOf(parameters.algorithm) === name && canAnswer(parameters)))
    .find((found) => found !== undefined);
}

/** The `Authorization` header that answers a Digest challenge from {@link chooseDigest}. */
export function writeDigest(challenge: Challenge, credentials: Credentials, request: DigestRequest): string {
  const { realm = '', nonce = '', opaque, algorithm, qop, userhash } = challenge.parameters;
  const hashName = hashes.find(([name]) => name === baseOf(algorithm))?.[1] ?? 'md5';
  const hash = (text: string): string => createHash(hashName).update(text, 'utf8').digest('hex');
  const { user, password } = credentials;
  const cnonce = request.cnonce ?? randomBytes(16).toString('hex');
  const count = request.count.toString(16).padStart(8, '0');
  const isSession = /-sess$/i.test(algorithm ?? '');
  const secret = hash(`${user}:${realm}:${password}`);
  const first = isSession ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const second = hash(`${request.method}:${request.uri}`);
  // without `qop` the server speaks RFC 2069
  const middle = qop === undefined ? nonce : `${nonce}:${count}:${cnonce}:auth`;
  const fields: (readonly [string, string])[] = [
    ['username', quote(userhash?.toLowerCase() === 'true' ? hash(`${user}:${realm}`) : user)],
    ['realm', quote(realm)],
    ['nonce', quote(nonce)],
    ['uri', quote(request.uri)],
    ['response', quote(hash(`${first}:${middle}:${second}`))],
  ];
  if (algorithm !== undefined) fields.push(['algorithm', algorithm]);
  if (opaque !== undefined) fields.push(['opaque', quote(opaque)]);
  if (qop !== undefined) fields.push(['qop', 'auth'], ['nc', count], ['cnonce', quote(cnonce)]);
  else if (isSession) fields.push(['cnonce', quote(cnonce)]);
  if (userhash?.toLowerCase() === 'true') fields.push(['userhash', 'true']);
  return `Digest ${fields.map(([name, value]) => `${name}=${value}`).join(', ')}`;
}

function baseOf(algorithm = 'MD5'): string {
  return algorithm.toUpperCase().replace(/-SESS$/, '');
}

/** `auth-int` alone would need the body's hash; no device asks for it. */
function canAnswer({ qop }: Challenge['parameters']): boolean {
  return qop === undefined || qop.split(',').some((each) => each.trim().toLowerCase() === 'auth');
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
}
