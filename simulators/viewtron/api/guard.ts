/** Who may call a fake device: Basic or Digest (RFC 7616), and the lock after too many wrong passwords. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface GuardOptions {
  readonly user: string;
  readonly password: string;
  readonly scheme: 'basic' | 'digest';
  /** SHA-256 is what newer servers offer first. */
  readonly algorithm?: 'MD5' | 'SHA-256';
}

export type Verdict = 'welcome' | 'unknown' | 'locked';

const attemptsBeforeLock = 5;
const realm = 'IPCamera';

export class Guard {
  /** Wrong passwords so far; requests without any do not count. */
  wrong = 0;
  isLocked = false;
  /** How often a nonce may be used; firmware forgets them after a while. */
  nonceUses = Number.POSITIVE_INFINITY;
  readonly options: GuardOptions;
  #nonce = randomBytes(12).toString('hex');
  #uses = 0;

  constructor(options: GuardOptions) {
    this.options = options;
  }

  judge(method: string, uri: string, header: string | undefined): Verdict {
    if (this.isLocked) return 'locked';
    // a device without users lets everybody in
    if (this.options.user === '') return 'welcome';
    if (header === undefined) return 'unknown';
    const { scheme } = this.options;
    if (!header.toLowerCase().startsWith(scheme)) return 'unknown';
    if (scheme === 'basic') {
      const { user, password } = this.options;
      return this.#count(isSame(header.slice(6), Buffer.from(`${user}:${password}`).toString('base64')));
    }
    const fields = new Map(
      [...header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map((found) => [found[1], found[2] ?? found[3] ?? '']),
    );
    if (fields.get('nonce') !== this.#nonce || this.#uses >= this.nonceUses) return 'unknown';
    this.#uses += 1;
    const hash = (text: string): string =>
      createHash(this.options.algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const first = hash(`${this.options.user}:${realm}:${this.options.password}`);
    const second = hash(`${method}:${uri}`);
    const middle = `${this.#nonce}:${fields.get('nc')}:${fields.get('cnonce')}:${fields.get('qop')}`;
    return this.#count(
      fields.get('uri') === uri && isSame(fields.get('response') ?? '', hash(`${first}:${middle}:${second}`)),
    );
  }

  /** A new challenge. */
  challenge(): string {
    if (this.options.scheme === 'basic') return `Basic realm="${realm}"`;
    this.#nonce = randomBytes(12).toString('hex');
    this.#uses = 0;
    return `Digest realm="${realm}", nonce="${this.#nonce}", qop="auth", algorithm=${this.options.algorithm ?? 'MD5'}`;
  }

  #count(isRight: boolean): Verdict {
    if (isRight) return 'welcome';
    this.wrong += 1;
    if (this.wrong >= attemptsBeforeLock) this.isLocked = true;
    return this.isLocked ? 'locked' : 'unknown';
  }
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
