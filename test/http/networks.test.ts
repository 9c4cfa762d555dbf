/** Addresses and networks, in the forms in which people and sockets write them. */
import should from 'should';
import { SetupError } from '../../src/errors';
import { Access } from '../../src/http/access';
import { Networks, plainAddress } from '../../src/http/networks';

describe('a network', () => {
  for (const [network, inside, outside] of [
    ['192.0.2.41', '192.0.2.41', '192.0.2.42'],
    ['192.0.2.0/24', '192.0.2.255', '192.0.3.0'],
    ['192.0.2.77/24', '192.0.2.1', '192.0.1.1'],
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['0.0.0.0/0', '203.0.113.9', '2001:db8::1'],
    ['192.0.2.4/31', '192.0.2.5', '192.0.2.6'],
    ['::1', '::1', '::2'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
    ['fe80::/10', 'fe80::1%eth0', 'fec0::1'],
    ['::/0', '2001:db8::1', '192.0.2.1'],
    ['::ffff:192.0.2.41', '192.0.2.41', '192.0.2.42'],
    ['::ffff:192.0.2.0/120', '192.0.2.9', '192.0.3.9'],
    ['::ffff:c000:0229', '192.0.2.41', '192.0.2.42'],
    ['0:0:0:0:0:FFFF:c000:200/120', '192.0.2.9', '192.0.3.9'],
    ['192.0.2.0/24', '::ffff:192.0.2.9', '::ffff:192.0.3.9'],
    ['192.0.2.0/24', '::FFFF:192.0.2.9', '::ffff:c000:0309'],
    ['192.0.2.0/24', '::ffff:c000:0209', '::c000:0209'],
  ] as const) {
    it(`${network} has ${inside}, and not ${outside}`, () => {
      const networks = new Networks([network], 'allowed');
      should(networks.has(inside)).equal(true);
      should(networks.has(outside)).equal(false);
    });
  }

  for (const wrong of [
    '192.0.2',
    '192.0.2.256',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/2x',
    '2001:db8::/129',
    '::ffff:192.0.2.0/24',
    'camera',
    '192.0.2.1-192.0.2.9',
    '*',
    '/24',
  ]) {
    it(`"${wrong}" is none, and the error says what to write`, () => {
      should(() => new Networks([wrong], 'allowed addresses')).throw(SetupError, {
        code: 'setting-invalid',
        place: 'allowed addresses',
      });
      should(() => new Networks([wrong], 'allowed addresses')).throw(/write 192\.168\.1\.20, 192\.168\.1\.0\/24 or/);
    });
  }

  it('has nothing that is no address', () => {
    const networks = new Networks(['0.0.0.0/0', '::/0'], 'allowed');
    for (const text of ['', 'unknown', 'localhost', '1', '192.0.2.1:80', ' 192.0.2.1']) {
      should(networks.has(text)).equal(false);
    }
  });

  it('is written plainly where it is IPv4 in IPv6 clothes', () => {
    should(plainAddress('::ffff:192.0.2.41')).equal('192.0.2.41');
    should(plainAddress('fe80::1%eth0')).equal('fe80::1');
    should(plainAddress('2001:db8::1')).equal('2001:db8::1');
  });
});

describe('rules of access that would let nobody in, or everybody', () => {
  const open = { networks: [], proxies: [] };
  for (const [about, rules, place] of [
    ['a user without a password', { basic: { user: 'cam', password: '' } }, 'user and password'],
    ['a password without a user', { basic: { user: '', password: 'x' } }, 'user and password'],
    ['a user with a colon', { basic: { user: 'a:b', password: 'x' } }, 'user'],
    ['a header without a value', { header: { name: 'X-Key', value: '' } }, 'secret header'],
    ['a value without a header', { header: { name: '', value: 'x' } }, 'secret header'],
    ['a header that cannot be', { header: { name: 'X Key', value: 'x' } }, 'secret header'],
    ['a wrong proxy', { proxies: ['proxy'] }, 'trusted proxies'],
  ] as const) {
    it(`are refused: ${about}`, () => {
      should(() => new Access({ ...open, ...rules })).throw(SetupError, { code: 'setting-invalid', place });
    });
  }
});
