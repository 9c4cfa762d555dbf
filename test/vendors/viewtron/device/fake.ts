/** A fake device and the client that calls it, with clocks of the test. */
import { Device } from '../../../../src/vendors/viewtron/device/device';
import type { DeviceAddress } from '../../../../src/vendors/viewtron/device/connection';
import { systemClock, type Clock } from '../../../../src/clock';
import { DeviceApi, type DeviceApiOptions } from '../../../../simulators/viewtron/api/device-api';
import type { Manner } from '../../../../simulators/viewtron/api/documents';

export const credentials = { user: 'admin', password: 'gate-Way 7' };
export const manners: readonly Manner[] = ['1.9', '2.0', '2.1'];

const open: { api: DeviceApi; devices: Device[] }[] = [];

export interface Fake {
  readonly api: DeviceApi;
  readonly device: Device;
  /** Another client of the same device. */
  connect(address?: Partial<DeviceAddress>, clock?: Clock): Device;
}

export async function startFake(
  options: Partial<DeviceApiOptions> = {},
  address: Partial<DeviceAddress> = {},
  clock?: Clock,
): Promise<Fake> {
  const api = new DeviceApi({
    name: 'Gate cam',
    model: 'LPR-IP4',
    mac: '02:00:5E:10:00:43',
    serial: 'DEMO00A1B2C4',
    manner: '2.0',
    channels: 1,
    guard: { ...credentials, scheme: 'basic' },
    ...options,
  });
  await api.open();
  const devices: Device[] = [];
  open.push({ api, devices });
  const connect = (own: Partial<DeviceAddress> = {}, ownClock: Clock = systemClock): Device => {
    const device = new Device(
      {
        name: 'gate',
        host: '127.0.0.1',
        port: api.port,
        isTls: options.tls !== undefined,
        acceptsAnyCertificate: false,
        credentials,
        timeoutMs: 10_000,
        ...own,
      },
      ownClock,
      () => 0.5,
    );
    devices.push(device);
    return device;
  };
  return { api, device: connect(address, clock), connect };
}

/** For `afterEach`. */
export async function stopFakes(): Promise<void> {
  for (const { api, devices } of open.splice(0)) {
    await Promise.all(devices.map((device) => device.close()));
    await api.close();
  }
}

/** What was thrown; the test fails where nothing was. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (thrown) {
    return thrown as Error & Record<string, unknown>;
  }
  throw new Error('it was expected to fail');
}
