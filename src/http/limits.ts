/** What a listener may cost: sizes, times and numbers, all of which its dialog sets. */

export interface Limits {
  /** Of one body. */
  readonly bodyBytes: number;
  /** Of all bodies that are being read at one moment. */
  readonly inFlightBytes: number;
  /** For the head of a request. Own port only: Node-RED's own server has its own. */
  readonly headersMs: number;
  /** For the body of a request. */
  readonly bodyMs: number;
  /** Open at one moment. Own port only. */
  readonly connections: number;
  /** How long requests wait for nodes that restart. */
  readonly holdMs: number;
  /** How much may wait. */
  readonly holdBytes: number;
}

const megabyte = 1024 * 1024;

export const standardLimits: Limits = {
  // a detection with pictures has half a megabyte, of a large camera with several targets some
  bodyBytes: 16 * megabyte,
  inFlightBytes: 128 * megabyte,
  headersMs: 20_000,
  bodyMs: 120_000,
  // a site has tens of devices; more than this is no site
  connections: 1000,
  holdMs: 10_000,
  holdBytes: 64 * megabyte,
};

/** Where listeners share a door, what one of them allows is allowed. */
export function widest(all: readonly Limits[]): Limits {
  const largest = (pick: (limits: Limits) => number): number => Math.max(...all.map(pick));
  if (all.length === 0) return standardLimits;
  return {
    bodyBytes: largest((limits) => limits.bodyBytes),
    inFlightBytes: largest((limits) => limits.inFlightBytes),
    headersMs: largest((limits) => limits.headersMs),
    bodyMs: largest((limits) => limits.bodyMs),
    connections: largest((limits) => limits.connections),
    holdMs: largest((limits) => limits.holdMs),
    holdBytes: largest((limits) => limits.holdBytes),
  };
}

/** Bytes of bodies that are being read; one caller has at most half of them, so that none can shut out the others. */
export class InFlight {
  #limitBytes: number;
  #shareBytes: number;
  #used = 0;
  readonly #byCaller = new Map<string, number>();

  constructor(limits: Limits) {
    [this.#limitBytes, this.#shareBytes] = shares(limits);
  }

  set limits(limits: Limits) {
    [this.#limitBytes, this.#shareBytes] = shares(limits);
  }

  get usedBytes(): number {
    return this.#used;
  }

  /** False where there is no room; nothing is taken then. */
  take(caller: string, bytes: number): boolean {
    const own = (this.#byCaller.get(caller) ?? 0) + bytes;
    if (this.#used + bytes > this.#limitBytes || own > this.#shareBytes) return false;
    this.#used += bytes;
    this.#byCaller.set(caller, own);
    return true;
  }

  give(caller: string, bytes: number): void {
    const left = (this.#byCaller.get(caller) ?? 0) - bytes;
    this.#used -= bytes;
    if (left > 0) this.#byCaller.set(caller, left);
    else this.#byCaller.delete(caller);
  }
}

/** All, and one caller's: room for one whole body there must be. */
function shares({ inFlightBytes, bodyBytes }: Limits): [number, number] {
  return [inFlightBytes, Math.min(inFlightBytes, Math.max(inFlightBytes / 2, bodyBytes))];
}
