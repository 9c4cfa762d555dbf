/** Which of its two families of commands for plates a device has. */
import type { CallOptions } from './connection';
import type { Device } from './device';
import { isUnknownCommand } from './failure';
import { LicensePlates } from './license-plates';
import type { PlateBook } from './plates';
import { VehiclePlates } from './vehicle-plates';

/** The family that the device has, by its list of commands, else by trying (reference 7.10). */
export async function openPlateBook(device: Device, options: CallOptions = {}): Promise<PlateBook> {
  const { commands } = await device.abilities(options);
  if (commands?.has('GetLicensePlates') === true) return new LicensePlates(device);
  if (commands?.has('GetVehiclePlate') === true) return new VehiclePlates(device);
  const book = new LicensePlates(device);
  try {
    await book.groups(options);
    return book;
  } catch (thrown) {
    if (!isUnknownCommand(thrown)) throw thrown;
  }
  const old = new VehiclePlates(device);
  // asks for one plate: a device without a plate database answers so that a person sees why
  await old.page(0, 1, {}, options);
  return old;
}
