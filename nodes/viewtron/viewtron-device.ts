/** Config node `viewtron-device`: one camera or recorder, its connection, and who calls it. */
import type { NodeAPI } from 'node-red';
import { systemClock } from '../../src/clock';
import { SetupError, type SecurityEventsError } from '../../src/errors';
import { Device } from '../../src/vendors/viewtron/device/device';
import { onClose, toSetupError } from '../adapter';
import { isKeptSecret, readForm } from '../form';
import { readDeviceSettings, type DeviceDef, type DeviceNode, type DeviceSettings } from './device-node';
import { testDevice } from './device-test';
import { viewDevice } from './device-view';

/** Connections kept open; each costs a socket while it is used. */
const capacity = 64;

export = (RED: NodeAPI): void => {
  /** For dialogs: what the browser is never told. */
  const kept = new Map<string, { readonly host: string; readonly user: string; readonly password: string }>();

  function ViewtronDevice(this: DeviceNode, def: DeviceDef): void {
    RED.nodes.createNode(this, def);
    const devices = new Map<string, Device>();
    let settings: DeviceSettings | undefined;
    let problem: SecurityEventsError | undefined;
    try {
      settings = readDeviceSettings(def, this.credentials);
      kept.set(this.id, { host: settings.host, ...settings.credentials });
    } catch (thrown) {
      problem = toSetupError(thrown);
    }
    this.channel = settings?.channel;

    this.open = (host, port) => {
      if (settings === undefined) throw problem ?? new SetupError('device-missing', 'the device could not start');
      const isOther =
        host !== undefined && host !== '' && (host !== settings.host || (port ?? settings.port) !== settings.port);
      if (isOther && !settings.takesOtherHosts) {
        const message = `msg.host is "${host.slice(0, 60)}", but the device takes no other hosts from messages; allow that in its settings`;
        throw new SetupError('host-refused', message, { place: 'msg.host' });
      }
      // checked like the setting itself
      const address = isOther
        ? readDeviceSettings({ ...def, host, port: port ?? def.port, name: '' }, this.credentials)
        : settings;
      const key = `${address.host} ${address.port}`;
      const known = devices.get(key);
      const device = known ?? new Device(address, systemClock);
      devices.delete(key);
      devices.set(key, device);
      for (const [oldest, each] of devices) {
        if (devices.size <= capacity) break;
        if (each.connection.waiting > 0) continue;
        devices.delete(oldest);
        void each.close();
      }
      return device;
    };

    onClose(this, async (removed) => {
      if (removed) kept.delete(this.id);
      await Promise.all([...devices.values()].map((device) => device.close()));
    });
  }

  RED.nodes.registerType('viewtron-device', ViewtronDevice, {
    credentials: { user: { type: 'text' }, password: { type: 'password' } },
  });

  // devices that were never deployed are asked, too, so the form comes along; by POST, as a password may be in it
  const offer = (path: string, ask: typeof testDevice): void => {
    RED.httpAdmin.post(
      `/security-events/viewtron-device/${path}`,
      RED.auth.needsPermission('viewtron-device.write'),
      (request, response) => {
        const fields = readForm(request.body);
        const stored = kept.get(String(fields.id));
        const isKept = isKeptSecret(fields.password);
        // whoever may open the dialog must not have the password sent to a host of his own
        if (isKept && stored?.host !== fields.host) {
          const error = 'type the password again: it is kept for another host';
          response.json({ ok: false, code: 'password-needed', error });
          return;
        }
        // the dialogs of other nodes were not told the user either
        const { user, password } = isKept ? { ...stored, user: fields.user ?? stored?.user } : fields;
        void ask(fields, { user, password }).then((report) => response.json(report));
      },
    );
  };
  offer('test', testDevice);
  offer('view', viewDevice);
};
