/** One plate in place of another where no command changes it: it is removed, and added as it shall be. */
import type { CallOptions } from './connection';
import type { Device } from './device';
import { DeviceError } from './failure';
import { refusal, type Plate, type PlateBook } from './plates';

/**
 * What the device does not take is put back: a date that it does not like must shut nobody out.
 *
 * @throws DeviceError that says what is in the device now; `plate-lost` where the plate may be missing
 */
export async function swapPlate(
  device: Device,
  book: PlateBook,
  before: Plate,
  after: Plate,
  options: CallOptions,
): Promise<void> {
  await book.remove(before, options);
  const failure = await put(device, book, after, options);
  if (failure === undefined) return;
  const isBack = !failure.mayHaveActed && (await put(device, book, before, options)) === undefined;
  throw isBack
    ? retell(failure, failure.code, 'the plate is in as it was before', false)
    : retell(failure, 'plate-lost', 'the plate was removed to be changed, and may be missing now', true);
}

/** What went wrong; undefined: it is in, with all that belongs to it. */
async function put(
  device: Device,
  book: PlateBook,
  plate: Plate,
  options: CallOptions,
): Promise<DeviceError | undefined> {
  try {
    const [answer] = await book.add([plate], options);
    if (answer?.errorCode !== undefined) return refusal(device, 'plates', answer);
  } catch (thrown) {
    if (thrown instanceof DeviceError) return thrown;
    throw thrown;
  }
  try {
    if (book.needsChange(plate)) await book.change(plate, plate, options);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown;
    return takeBack(book, plate, thrown, options);
  }
}

/** It is in without its dates and names: a pass without an end. */
async function takeBack(
  book: PlateBook,
  plate: Plate,
  failure: DeviceError,
  options: CallOptions,
): Promise<DeviceError> {
  try {
    await book.remove(plate, options);
    return failure;
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown;
    return retell(failure, failure.code, 'the plate may be in without its dates and names', true);
  }
}

function retell(failure: DeviceError, code: string, what: string, mayHaveActed: boolean): DeviceError {
  const { device, command, channel, errorCode, retryable, reason } = failure;
  return new DeviceError(code, `${reason}; ${what}`, {
    device,
    command,
    channel,
    errorCode,
    retryable,
    mayHaveActed,
    cause: failure,
  });
}
