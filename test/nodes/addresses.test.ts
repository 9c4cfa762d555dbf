/** The addresses of a machine as dialogs offer them: what a device can use, likeliest first. */
import type { NetworkInterfaceInfo } from 'node:os';
import should from 'should';
import { listAddresses } from '../../nodes/listener/addresses';

function info(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, netmask: '', mac: '02:00:5e:10:00:01', internal, cidr: null };
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

describe('the addresses of a machine', () => {
  it('begin with IPv4, and end with those of networks inside it', () => {
    const found = listAddresses({
      docker0: [info('172.17.0.1')],
      lo: [info('127.0.0.1', true), info('::1', true)],
      eth0: [info('2001:db8::10'), info('192.0.2.10')],
      wlan0: [info('198.51.100.7')],
    });
    should(found.map(({ address, name }) => `${address} ${name}`)).deepEqual([
      '192.0.2.10 eth0',
      '198.51.100.7 wlan0',
      '2001:db8::10 eth0',
      '172.17.0.1 docker0',
    ]);
  });

  it('leave out what no device can use, and put what was given without a router last', () => {
    const found = listAddresses({ eth0: [info('fe80::1'), info('169.254.3.4'), info('fd00::10')], eth1: undefined });
    should(found.map(({ address }) => address)).deepEqual(['fd00::10', '169.254.3.4']);
  });

  it('are none on a machine without a network', () => {
    should(listAddresses({ lo: [info('127.0.0.1', true)] })).be.empty();
  });
});
