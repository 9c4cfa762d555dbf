/** What a device's answer says, or its silence: a document, a picture, or an error with its reason and cure. */
import { toError } from '../../../errors';
import type { ClientAnswer, ClientError } from '../../../http/client';
import { isJpeg } from '../../../wire/jpeg';
import { decodeText } from '../../../wire/xml';
import { attributeOfElement, parseXmlSource, type XmlSource } from '../../../wire/xml-source';
import { codeMeanings, DeviceError, toDeviceError, type FailureFields } from './failure';

export interface Call {
  readonly command: string;
  readonly channel?: number | undefined;
  /** Behind the channel: `Stop` of `PtzControl`. */
  readonly action?: string | undefined;
  readonly method?: 'GET' | 'POST';
  readonly body?: string | undefined;
  /** True where doing it twice is as good as doing it once: it is tried again where the connection broke. */
  readonly isRepeatable: boolean;
}

export interface DeviceAnswer {
  /** Absent where the answer is a picture or has no body. */
  readonly document?: XmlSource;
  readonly picture?: Buffer;
}

/** What every error of a call names, and whether a user is set at all. */
export interface CallFields extends FailureFields {
  readonly user: string;
}

const busyCode = 7;
const wrongPasswordCode = 9;

/** @throws DeviceError where the answer is a refusal, or none of a device like these */
export function readAnswer(call: Call, answer: ClientAnswer, fields: CallFields): DeviceAnswer {
  const { status, body } = answer;
  const type = answer.headers['content-type'] ?? '';
  // v1.9 answers with a key frame of the stream where it has no picture (reference 7.6)
  if (status < 300 && (isJpeg(body) || /^(image|video)\/|octet-stream/i.test(type))) return { picture: body };
  const document = parse(answer, fields);
  if (document !== undefined) {
    const failure = readFailure(document);
    if (failure?.errorCode === wrongPasswordCode) throw explainRefusal(answer, fields);
    if (failure !== undefined) throw toDeviceError(failure.errorCode, failure.said, fields);
    if (status < 300) return { document };
  }
  if (status < 300) {
    if (body.length === 0 && !call.command.startsWith('Get')) return {};
    throw new DeviceError('answer-empty', 'the answer is empty; is this a Viewtron (TVT) device', fields);
  }
  throw explainStatus(status, fields);
}

/** HTTP says no, and no document says more. */
function explainStatus(status: number, fields: CallFields): DeviceError {
  // newer firmware answers unknown commands with an empty 400 (reference 7.3)
  if (status === 400 || status === 404 || status === 405 || status === 501) {
    const cure = 'this model or firmware does not know the command; ask for supported-apis';
    return new DeviceError('unknown-command', `HTTP ${status}: ${cure}`, fields);
  }
  if (status === 403) return toDeviceError(4, `HTTP ${status}`, fields);
  if (status === 499) return toDeviceError(499, undefined, fields);
  if (status === 503 || status === 429) return toDeviceError(busyCode, `HTTP ${status}`, fields);
  if (status < 400) {
    const cure = 'the device wants to be called elsewhere; is HTTPS required there';
    return new DeviceError('redirected', `HTTP ${status}: ${cure}`, fields);
  }
  return new DeviceError('http-error', `HTTP ${status}: the device could not answer; look at its log`, {
    ...fields,
    retryable: status >= 500,
    mayHaveActed: true,
  });
}

/** Why a device does not believe user and password: `401`, or code 9 of its own. */
export function explainRefusal(answer: ClientAnswer, fields: CallFields): DeviceError {
  const document = answer.body.length === 0 ? undefined : parse(answer, fields);
  const failure = document && readFailure(document);
  const errorCode = failure?.errorCode;
  // some say with 401 that the user is locked, or that the password is too old
  const isOther = errorCode !== undefined && errorCode !== wrongPasswordCode && codeMeanings[errorCode] !== undefined;
  if (isOther) return toDeviceError(errorCode, failure?.said, fields);
  const why = fields.user === '' ? 'the device wants a user and a password' : 'wrong user or password';
  const { cure } = codeMeanings[wrongPasswordCode] ?? { cure: '' };
  return new DeviceError(
    'wrong-password',
    `${why} (${answer.status === 401 ? 'HTTP 401' : `code ${wrongPasswordCode}`}); ${cure}. Nothing more is sent to the device until then, as it locks the user after some wrong attempts`,
    { ...fields, errorCode },
  );
}

interface Called {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly timeoutMs: number;
}

/** Why no answer came. */
export function explainNoAnswer(
  call: Call,
  { code, mayHaveActed, message, cause }: ClientError,
  { host, port, isTls, timeoutMs }: Called,
  of: CallFields,
): DeviceError {
  const fields = { ...of, mayHaveActed, retryable: true, cause };
  const underneath = /\(([A-Z_0-9]+)\)/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'server-timeout': {
      const reason = `no answer within ${timeoutMs / 1000} seconds; is the device starting, or is the host wrong`;
      return new DeviceError('timeout', reason, fields);
    }
    case 'server-unreachable': {
      const why = underneath === 'ENOTFOUND' ? `nobody knows the name "${host}"` : `nobody answers at ${host}:${port}`;
      const cure = 'check host and port, and whether the device has power and is not just rebooting';
      return new DeviceError('unreachable', `${why} (${underneath}); ${cure}`, fields);
    }
    case 'certificate-refused': {
      const isPlain = isTls && /WRONG_VERSION|PACKET_LENGTH/.test(underneath);
      const cure = isPlain
        ? 'the device speaks no TLS on this port; switch TLS off or use its HTTPS port'
        : "the device signs its certificate itself; allow that in the device's settings";
      const reason = `the certificate is not believed (${underneath}); ${cure}`;
      return new DeviceError('certificate-refused', reason, { ...fields, retryable: false });
    }
    case 'answer-too-large':
      return new DeviceError('answer-too-large', 'the answer has more than 8 MB', { ...fields, retryable: false });
    default: {
      const done = mayHaveActed && !call.isRepeatable ? '; it may have been done all the same' : '';
      const why = `the connection broke before the answer${underneath === '' ? '' : ` (${underneath})`}`;
      return new DeviceError('connection-lost', `${why}; did the device reboot${done}`, fields);
    }
  }
}

/** Undefined where there is none, or where HTTP has said already that it failed. */
function parse({ status, body }: ClientAnswer, fields: CallFields): XmlSource | undefined {
  if (body.length === 0) return undefined;
  try {
    return parseXmlSource(decodeText(body).text);
  } catch (thrown) {
    if (status >= 300) return undefined;
    const start = body
      .toString('utf8', 0, 60)
      .replace(/[^\x20-\x7e]/g, ' ')
      .trim();
    const why = `the answer is no XML (${toError(thrown).message.slice(0, 120)}); it begins with "${start}"`;
    throw new DeviceError('answer-unreadable', `${why}. Is this a Viewtron (TVT) device`, { ...fields, cause: thrown });
  }
}

interface Failure {
  readonly errorCode: number | undefined;
  readonly said: string | undefined;
}

/** `status` and `errorCode` of the root element: HTTP says 200 to many failures (reference 7.3). */
function readFailure({ root }: XmlSource): Failure | undefined {
  const status = attributeOfElement(root, 'status')?.toLowerCase();
  const digits = attributeOfElement(root, 'errorCode');
  const errorCode = digits !== undefined && /^\d{1,6}$/.test(digits) ? Number(digits) : undefined;
  if (errorCode === 0 || (errorCode === undefined && status !== 'failed')) return undefined;
  return { errorCode, said: attributeOfElement(root, 'errorDesc') };
}
