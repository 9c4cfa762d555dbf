/** What dialogs ask of a device; for its Test button: what is there, what it can do, and where it posts to. */
import { systemClock } from '../../src/clock';
import { SecurityEventsError, toError } from '../../src/errors';
import { Device } from '../../src/vendors/viewtron/device/device';
import { DeviceError } from '../../src/vendors/viewtron/device/failure';
import { readPush } from '../../src/vendors/viewtron/device/push';
import { readDeviceSettings, type DeviceSettings } from './device-node';

/** A person waits for it. */
const longestMs = 8000;

export async function testDevice(
  fields: Readonly<Record<string, unknown>>,
  credentials: Readonly<Record<string, unknown>>,
): Promise<object> {
  return askDevice(fields, credentials, async (device) => {
    const { name, model, firmware, apiVersion, mac, serial, commands, info } = await device.abilities();
    return {
      name,
      model,
      firmware,
      apiVersion: apiVersion ?? '1.x',
      mac,
      serial,
      commands: commands?.size,
      channels: await countChannels(device, info),
      ...(await describePush(device)),
    };
  });
}

/** Asks a device that may never have been deployed; what is wrong becomes a part of the answer, in words. */
export async function askDevice(
  fields: Readonly<Record<string, unknown>>,
  credentials: Readonly<Record<string, unknown>>,
  ask: (device: Device, settings: DeviceSettings) => Promise<object>,
): Promise<object> {
  let device: Device | undefined;
  try {
    const settings = readDeviceSettings(fields, credentials);
    device = new Device({ ...settings, timeoutMs: Math.min(settings.timeoutMs, longestMs) }, systemClock);
    return { ok: true, ...(await ask(device, settings)) };
  } catch (thrown) {
    const error = toError(thrown);
    return { ok: false, error: error.message, code: error instanceof SecurityEventsError ? error.code : 'failed' };
  } finally {
    await device?.close();
  }
}

/** Cameras say 9 of themselves; the list of channels tells better where there is one. */
async function countChannels(device: Device, info: Readonly<Record<string, unknown>>): Promise<unknown> {
  try {
    const [list] = Object.values((await device.read('channels')).config);
    return Array.isArray(list) ? list.length : 1;
  } catch (thrown) {
    if (isMissing(thrown)) return info.deviceDescription === 'IPCamera' ? 1 : (info.chlMaxCount ?? 1);
    throw thrown;
  }
}

async function describePush(device: Device): Promise<object> {
  try {
    const { version, slots } = await readPush(device);
    return { pushVersion: version, push: slots.filter(({ isOn }) => isOn).map(({ url }) => url) };
  } catch (thrown) {
    if (isMissing(thrown)) return { pushVersion: 'none' };
    throw thrown;
  }
}

/** It is there and was understood; it has no such command, or this user may not use it. */
function isMissing(thrown: unknown): boolean {
  return thrown instanceof DeviceError && !thrown.retryable && thrown.code !== 'wrong-password';
}
