/** Addresses and networks as people write them: `192.0.2.41`, `192.0.2.0/24`, `2001:db8::/32`, and IPv4 in IPv6 clothes. */
import { BlockList, isIP } from 'node:net';
import { SetupError } from '../errors';

/** How IPv4 looks on a socket that takes both: `::ffff:192.0.2.41`. */
const mappedPrefix = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
/** So many bits of a mapped network stand before its IPv4 part. */
const mappedBits = 96;

/** An address without a zone (`%eth0`), and a mapped one as the IPv4 address that it is. */
export function plainAddress(address: string): string {
  if (!address.includes(':') && !address.includes('%')) return address;
  const [bare = ''] = address.split('%', 1);
  return bare.replace(mappedPrefix, '');
}

/** `::ffff:0:0/96`, however its addresses are written. */
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', mappedBits, 'ipv6');

export class Networks {
  // apart: a list that has `::/64` has all of IPv4 too, in its IPv6 clothes
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();
  readonly isEmpty: boolean;

  /**
   * @param field what the list is called, for the error
   * @throws SetupError `setting-invalid` that names the entry which is neither address nor network
   */
  constructor(entries: readonly string[], field: string) {
    this.isEmpty = entries.length === 0;
    for (const entry of entries) this.#add(entry, field);
  }

  /** Whether the address is in one of the networks. What is no address is in none. */
  has(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    if (family === 0) return false;
    if (family === 4) return this.#ipv4.check(plain, 'ipv4');
    return (mapped.check(plain, 'ipv6') ? this.#ipv4 : this.#ipv6).check(plain, 'ipv6');
  }

  #add(entry: string, field: string): void {
    const [, written = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const isMapped = isIP(written) === 6 && mapped.check(written, 'ipv6');
    const address = isMapped ? unmap(written) : plainAddress(written);
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits) - (isMapped ? mappedBits : 0);
    if (family === 0 || prefix < 0 || prefix > most) {
      const cure = 'write 192.168.1.20, 192.168.1.0/24 or fd00::/8';
      throw new SetupError('setting-invalid', `${field}: "${entry}" is no address and no network; ${cure}`, {
        place: field,
      });
    }
    if (family === 4) this.#ipv4.addSubnet(address, prefix, 'ipv4');
    else this.#ipv6.addSubnet(address, prefix, 'ipv6');
  }
}

/** A mapped address in any of its forms, `::ffff:c0a8:114` too, as the IPv4 address that it is. */
function unmap(address: string): string {
  // a URL writes its address in one form: the last two groups are the IPv4 part
  const [high = 0, low = 0] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split(':')
    .slice(-2)
    .map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
