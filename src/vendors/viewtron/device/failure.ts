/** What a device refuses, in words: the meaning of its error codes, what to do, and whether trying again can help. */
import { SecurityEventsError } from '../../../errors';

export interface CodeMeaning {
  readonly code: string;
  readonly meaning: string;
  readonly cure: string;
  readonly retryable?: boolean;
}

const firmware = 'look into the manual of its firmware, or update it';
const face = 'see the device\'s web page, "Face database"';
const audio = 'see the audio settings in the web page';

/** Reference 7.4. */
export const codeMeanings: Readonly<Record<number, CodeMeaning>> = {
  1: {
    code: 'invalid-request',
    meaning: 'invalid request',
    cure: 'this firmware does not know the command, the channel or the action; check the channel, or ask for supported-apis',
  },
  2: { code: 'invalid-xml', meaning: 'invalid XML', cure: 'check the body of the raw call' },
  3: {
    code: 'invalid-content',
    meaning: 'incomplete or out of range',
    cure: 'read the configuration and compare what it holds with what was sent',
  },
  4: { code: 'permission-denied', meaning: 'permission denied', cure: 'give the user more rights in the web page' },
  5: {
    code: 'network-limit',
    meaning: 'network limit: port in use, or this machine is on the black list of the device',
    cure: 'look at the address filter in the web page',
  },
  6: { code: 'sensor-error', meaning: 'sensor id error', cure: 'ask for alarm-inputs and use one of their ids' },
  7: {
    code: 'busy',
    meaning: 'system busy: upgrading or importing a configuration',
    cure: 'wait some minutes',
    retryable: true,
  },
  8: { code: 'password-expired', meaning: 'password expired', cure: 'set a new password in the web page' },
  9: {
    code: 'wrong-password',
    meaning: 'wrong user or password',
    cure: "correct the device's user and password, then deploy",
  },
  10: {
    code: 'user-locked',
    meaning: 'the user is locked after wrong passwords',
    cure: 'wait until the device unlocks it (usually half an hour), and look for whoever uses an old password',
    retryable: true,
  },
  11: { code: 'unsupported', meaning: 'unsupported function', cure: 'this model or firmware cannot do that' },
  12: { code: 'wrong-channel', meaning: 'channel error', cure: 'there is no such channel; ask for channels' },
  13: { code: 'storage-error', meaning: 'SD card error', cure: 'look at the card in the web page' },
  14: {
    code: 'unknown-action',
    meaning: 'action error',
    cure: 'the address has an action that the device does not know',
  },
  15: { code: 'missing-parameters', meaning: 'required parameters are missing', cure: firmware },
  16: { code: 'out-of-range', meaning: 'range error', cure: 'a value is beyond what the device takes' },
  17: { code: 'service-off', meaning: 'the service is not enabled', cure: 'switch it on in the web page' },
  18: {
    code: 'not-allowed',
    meaning: 'modification not allowed, as it would restart the system',
    cure: 'change it in the web page',
  },
  19: { code: 'over-limit', meaning: 'over specifications', cure: 'ask for fewer or smaller things at once' },
  20: { code: 'not-found', meaning: 'resources do not exist', cure: 'nothing of that name or id is in the device' },
  79: { code: 'internal-error', meaning: 'internal error', cure: 'try again, or reboot the device', retryable: true },
  80: { code: 'upgrade-error', meaning: 'upgrade error', cure: firmware },
  81: { code: 'upgrade-error', meaning: 'this version is installed already', cure: 'nothing is to be done' },
  82: { code: 'upgrade-error', meaning: 'the upgrade does not match the device', cure: firmware },
  83: { code: 'upgrade-error', meaning: 'wrong signature of the upgrade', cure: firmware },
  84: { code: 'upgrade-error', meaning: 'incompatible upgrade', cure: firmware },
  101: { code: 'audio-error', meaning: 'audio does not work', cure: audio },
  102: { code: 'audio-error', meaning: 'wrong audio parameter', cure: audio },
  103: { code: 'audio-error', meaning: 'the audio is not PCM', cure: audio },
  104: { code: 'audio-error', meaning: 'the audio is not WAVE', cure: audio },
  105: { code: 'audio-error', meaning: 'wrong sampling rate', cure: audio },
  106: { code: 'audio-error', meaning: 'the audio could not be saved', cure: audio },
  107: { code: 'audio-error', meaning: 'too many audio files', cure: audio },
  108: { code: 'audio-error', meaning: 'the audio file is too large', cure: audio },
  109: { code: 'audio-error', meaning: 'no such audio file', cure: audio },
  110: { code: 'audio-error', meaning: 'the audio alarm is active', cure: audio, retryable: true },
  111: { code: 'audio-error', meaning: 'the audio file is in use', cure: audio, retryable: true },
  150: { code: 'face-error', meaning: 'face: general error', cure: face },
  151: { code: 'face-error', meaning: 'face library full', cure: face },
  152: { code: 'face-error', meaning: 'face: picture format not supported', cure: face },
  153: { code: 'face-error', meaning: 'none or more than one face in the picture', cure: face },
  154: { code: 'face-error', meaning: 'face: picture too large', cure: face },
  155: { code: 'face-error', meaning: 'the face is in the library already', cure: face },
  156: { code: 'face-error', meaning: 'no such face', cure: face },
  157: { code: 'face-error', meaning: 'the face group exists already', cure: face },
  158: { code: 'face-error', meaning: 'too many face groups', cure: face },
  159: { code: 'face-error', meaning: 'no such face group', cure: face },
  201: { code: 'plate-error', meaning: 'plate: general error', cure: 'check the number and the group' },
  202: { code: 'plates-full', meaning: 'the plate library is full', cure: 'remove plates that are no longer needed' },
  203: { code: 'plate-exists', meaning: 'the plate is in the library already', cure: 'change it instead' },
  204: { code: 'plate-not-found', meaning: 'no such plate', cure: 'list the plates; number and group count together' },
  205: { code: 'group-exists', meaning: 'the plate group exists already', cure: 'use it' },
  206: { code: 'group-error', meaning: 'too many plate groups', cure: 'remove groups that are no longer needed' },
  207: {
    code: 'group-not-found',
    meaning: 'no such plate or plate group',
    cure: 'list plates and groups; number and group count together',
  },
  499: {
    code: 'web-login',
    meaning: 'the command belongs to the web pages and wants their login',
    cure: 'use the command without _I, or the web page',
  },
};

export interface FailureFields {
  /** The device's name and address, as a person knows it. */
  readonly device: string;
  readonly command: string;
  readonly channel?: number | undefined;
  /** The device's own number. */
  readonly errorCode?: number | undefined;
  readonly retryable?: boolean | undefined;
  /** False where the device cannot have done it. */
  readonly mayHaveActed?: boolean;
  readonly cause?: unknown;
}

/** A call that did not do what was asked. The message names device, command, reason and cure. */
export class DeviceError extends SecurityEventsError {
  readonly device: string;
  readonly command: string;
  readonly channel: number | undefined;
  readonly errorCode: number | undefined;
  readonly mayHaveActed: boolean;
  /** The reason and the cure alone. */
  readonly reason: string;

  constructor(code: string, reason: string, fields: FailureFields) {
    const { device, command, channel, retryable = false } = fields;
    const where = channel === undefined ? command : `${command}, channel ${channel}`;
    super(code, retryable, `${device}: ${where}: ${reason}. ${hope(retryable)}`, {
      place: command,
      address: device,
      ...(fields.cause !== undefined && { cause: fields.cause }),
    });
    this.device = device;
    this.command = command;
    this.channel = channel;
    this.errorCode = fields.errorCode;
    this.mayHaveActed = fields.mayHaveActed ?? false;
    this.reason = reason;
  }
}

function hope(retryable: boolean): string {
  return retryable ? 'Trying again later may help' : 'Trying again does not help by itself';
}

/** @param said what the device itself wrote, its `errorDesc` */
export function toDeviceError(
  errorCode: number | undefined,
  said: string | undefined,
  fields: FailureFields,
): DeviceError {
  const known = errorCode === undefined ? undefined : codeMeanings[errorCode];
  const number = errorCode === undefined ? 'failed without a code' : `code ${errorCode}`;
  // the meanings of some codes differ between texts (150 to 159, 207): the device's own words stand beside ours
  const quoted = said === undefined || said === '' ? '' : `, the device says "${said.slice(0, 120)}"`;
  const meaning = known === undefined ? `refused (${number}${quoted})` : `${known.meaning} (${number}${quoted})`;
  return new DeviceError(known?.code ?? 'refused', `${meaning}; ${known?.cure ?? firmware}`, {
    ...fields,
    errorCode,
    retryable: known?.retryable ?? false,
  });
}

/** Whether the device does not know the command: another name, or another way, may do. */
export function isUnknownCommand(error: unknown): boolean {
  return error instanceof DeviceError && ['invalid-request', 'unsupported', 'unknown-command'].includes(error.code);
}
