/** The failures of the core. The first question each answers: can trying again help? */

export interface ErrorFields {
  /** What went wrong underneath. */
  readonly cause?: unknown;
  /** Where in the input: an element, an offset, a line. */
  readonly place?: string;
  /** Who sent it. */
  readonly address?: string;
}

/** A message quotes what is wrong, and that may be a text without an end: its beginning and the cure behind it are kept. */
const longestMessage = 600;
const keptOfEnd = 200;

function shorten(message: string): string {
  if (message.length <= longestMessage) return message;
  return `${message.slice(0, longestMessage - keptOfEnd - 3)} … ${message.slice(-keptOfEnd)}`;
}

/** The parent of every failure that the core raises on purpose. */
export class SecurityEventsError extends Error {
  /** Stable, kebab-case: what a flow switches on (`msg.error.code`). */
  readonly code: string;
  readonly retryable: boolean;
  readonly place: string | undefined;
  readonly address: string | undefined;

  constructor(code: string, retryable: boolean, message: string, fields: ErrorFields = {}) {
    super(shorten(message), fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = retryable;
    this.place = fields.place;
    this.address = fields.address;
  }

  /** The message alone: Node-RED shows this text to the person at the camera, who has no use for a class name. */
  override toString(): string {
    return this.message;
  }
}

/** Bytes that are not what the vendor's format says. The same bytes fail again. */
export class WireError extends SecurityEventsError {
  constructor(code: string, message: string, fields: ErrorFields = {}) {
    super(code, false, message, fields);
  }
}

/** A request that did not arrive whole. The device may send it again. */
export class TransportError extends SecurityEventsError {
  constructor(code: string, message: string, fields: ErrorFields = {}) {
    super(code, true, message, fields);
  }
}

/** A setting that cannot work: only a person can mend it, except where `retryable` says so. */
export class SetupError extends SecurityEventsError {
  constructor(code: string, message: string, fields: ErrorFields & { readonly retryable?: boolean } = {}) {
    super(code, fields.retryable ?? false, message, fields);
  }
}

/** Makes an Error of whatever was thrown. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  try {
    return new Error(String(thrown));
  } catch {
    return new Error('something without a text was thrown');
  }
}
