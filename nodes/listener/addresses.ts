/** Where this machine can be reached, for the dialogs that show an address to paste. */
import { existsSync } from 'node:fs';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import type { NodeAPI } from 'node-red';
import { readInteger, readText } from '../fields';

/** The port of Node-RED where its settings name none. */
export const standardRedPort = 1880;

export interface MachineAddress {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  /** Of its interface. */
  readonly name: string;
}

/** What Docker and Podman leave in every container. */
const containerMarks = ['/.dockerenv', '/run/.containerenv'];
/** Networks inside this machine: no device is in them. */
const isVirtual = /^(docker|br-|veth|virbr|vmnet|cni|podman|lxc|vEthernet)/i;

/** Those that a device could use, likeliest first: IPv4 before IPv6, and networks inside this machine last. */
export function listAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): readonly MachineAddress[] {
  const all = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos
      // a link-local address of IPv6 needs the name of the caller's own interface behind it
      .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
      .map(({ address, family }): MachineAddress => ({ address, family, name })),
  );
  const rank = ({ family, name, address }: MachineAddress): number =>
    (isVirtual.test(name) ? 4 : 0) + (address.startsWith('169.254.') ? 2 : 0) + (family === 'IPv6' ? 1 : 0);
  return all.toSorted((a, b) => rank(a) - rank(b));
}

/** `security-events/security-listener/addresses`, for those who may read listeners. Told at load: nothing need be deployed. */
export function offerAddresses(RED: NodeAPI): void {
  const canRead = RED.auth.needsPermission('security-listener.read');
  RED.httpAdmin.get('/security-events/security-listener/addresses', canRead, (_request, response) => {
    const { uiHost, uiPort, https, httpAdminRoot } = RED.settings;
    response.json({
      addresses: listAddresses(networkInterfaces()),
      isContainer: containerMarks.some((mark) => existsSync(mark)),
      host: typeof uiHost === 'string' ? readText(uiHost, 'uiHost') : '',
      port: readInteger(uiPort, 'uiPort', 0, 65_535, standardRedPort),
      https: https !== undefined,
      adminRoot: typeof httpAdminRoot === 'string' ? httpAdminRoot : '/',
    });
  });
}
