/** What nodes see of a viewtron-device node, and how its fields are read. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import type { Device } from '../../src/vendors/viewtron/device/device';
import { isTree } from '../../src/wire/read';
import { findNode } from '../adapter';
import { readInteger, readNumber, readText, readVerbatim } from '../fields';

export type DeviceDef = NodeDef & Readonly<Record<string, unknown>>;

export interface DeviceSettings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly acceptsAnyCertificate: boolean;
  readonly timeoutMs: number;
  /** Undefined: the only one of a camera. */
  readonly channel: number | undefined;
  readonly credentials: { readonly user: string; readonly password: string };
  /** Whether messages may name another host, which then gets the same user and password. */
  readonly takesOtherHosts: boolean;
}

/** What nodes see of a device. */
export interface DeviceNode extends Node<{ user: unknown; password: unknown }> {
  /**
   * The device, or another one with the same settings.
   *
   * @throws SetupError where the settings cannot work
   */
  open(host?: string, port?: number): Device;
  channel: number | undefined;
}

/** @throws SetupError `setting-invalid` that names the field */
export function readDeviceSettings(def: Readonly<Record<string, unknown>>, credentials: unknown): DeviceSettings {
  const secrets = isTree(credentials) ? credentials : {};
  const isTls = def.tls === true;
  const host = readText(def.host, 'host').replace(/^\[(.*)\]$/, '$1');
  if (host === '' || /[\s/?#@\\]/.test(host)) {
    const message = `host must be an address or a name such as 192.0.2.43, without http:// and paths; it is "${host}"`;
    throw new SetupError('setting-invalid', message, { place: 'host' });
  }
  const channel = readInteger(def.channel, 'channel', 0, 1024, 0);
  return {
    name: readText(def.name, 'name'),
    host,
    port: readInteger(def.port, 'port', 1, 65_535, isTls ? 443 : 80),
    isTls,
    acceptsAnyCertificate: def.selfSigned === true,
    timeoutMs: readNumber(def.timeout, 'time for an answer', 0.5, 300, 10) * 1000,
    channel: channel === 0 ? undefined : channel,
    credentials: { user: readText(secrets.user, 'user'), password: readVerbatim(secrets.password, 'password') },
    takesOtherHosts: def.otherHosts === true,
  };
}

/**
 * The device of that id.
 *
 * @throws SetupError `device-missing`
 */
export function findDevice(RED: NodeAPI, id: string): DeviceNode {
  const node = findNode(RED, id);
  if (node !== undefined && isDevice(node)) return node;
  const message = 'no device: open the node and choose one, or enable the one it has';
  throw new SetupError('device-missing', message, { place: 'device' });
}

function isDevice(node: object): node is DeviceNode {
  return 'open' in node && 'channel' in node;
}
