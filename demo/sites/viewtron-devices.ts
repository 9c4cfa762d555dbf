import { DeviceApi } from '../../simulators/viewtron/api/device-api';
import { FakeCamera } from '../../simulators/viewtron/api/fake-camera';
import type { PrepareSite } from './site';

/** Anybody may call them: an example holds no password. */
const guard = { user: '', password: '', scheme: 'basic' } as const;

const gateCamera = {
  name: 'Gate cam',
  model: 'LPR-IP4',
  mac: '02:00:5e:10:00:43',
  serial: 'DEMO00A1B2C4',
  manner: '2.1',
  channels: 1,
  guard,
} as const;

const yardCamera = {
  name: 'Yard cam',
  model: 'IP4',
  mac: '02:00:5e:10:00:41',
  serial: 'DEMO00A1B2C3',
  ip: '192.0.2.41',
  manner: '2.0',
  guard,
} as const;

/** The devices that the examples call, at a gate and in a yard; the second posts where it is told to. */
export const prepareViewtronDevices: PrepareSite = async () => {
  const [gate, yard] = await Promise.all([new DeviceApi(gateCamera).open(), new FakeCamera(yardCamera).open()]);
  const places = new Map([
    ['192.0.2.43', gate.port],
    ['192.0.2.41', yard.api.port],
  ]);
  /** Rows of a table that name a host and its port. */
  const relocate = (table: string): string =>
    [...places].reduce((text, [host, port]) => text.replaceAll(`${host},80`, `127.0.0.1,${port}`), table);
  return {
    settingsOf({ type, host = '', template }) {
      if (type === 'template' && template !== undefined) return { template: relocate(template) };
      const port = type === 'viewtron-device' ? places.get(host) : undefined;
      return port === undefined ? {} : { host: '127.0.0.1', port: String(port) };
    },
    trouble(random) {
      for (const { faults } of [gate, yard.api]) faults.busy = random?.between(0, 3) ?? 0;
    },
    async close() {
      await Promise.all([gate.close(), yard.close()]);
    },
  };
};
