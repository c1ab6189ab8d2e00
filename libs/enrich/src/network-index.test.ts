import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NetworkIndex } from './network-index.js';

function indexOf(...networks: string[]): NetworkIndex<string> {
  const index = new NetworkIndex<string>();
  for (const network of networks) expect(index.add(network, network), network).toBe(true);
  return index;
}

describe('networks', () => {
  test.each([
    ['10.1.2.3', '10.1.2.0/24'], ['10.1.3.3', '10.1.0.0/16'], ['10.2.0.1', '10.0.0.0/8'], ['10.1.2.77', '10.1.2.77'], ['11.0.0.1', undefined], ['9.255.255.255', undefined],
    ['::ffff:10.1.2.3', '10.1.2.0/24'], ['::ffff:a01:203', '10.1.2.0/24'], ['2a00:1450::1', '2a00:1450::/32'], ['2a00:1450:4001::1', '2a00:1450:4001::/48'], ['2a00:1451::1', undefined], ['2a00:1450:4001::1%eth0', '2a00:1450:4001::/48'],
    ['vpn.x.org', 'vpn.x.org'], ['VPN.x.org', 'vpn.x.org'], ['a.b.proxy.org', '*.proxy.org'], ['proxy.org', undefined], ['xproxy.org', undefined], ['', undefined], ['nonsense', undefined],
  ])('%s → %s', (address, expected) => {
    expect(indexOf('10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.77', '2a00:1450::/32', '2a00:1450:4001::/48', 'vpn.x.org', '*.proxy.org').find(address)).toBe(expected);
  });

  test.each(['10.0.0.0/33', '10.0.0/8', '10.0.0.256', '2a00::/129', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', '1.2.3', 'a b', '', '*.', 'x.org/24', '08.1.1.1'])('refused: %j', (network) => {
    expect(new NetworkIndex<string>().add(network, network)).toBe(false);
  });

  test('everything, and the first of two equal ones', () => {
    const index = indexOf('0.0.0.0/0', '::/0');
    expect(index.add('0.0.0.0/0', 'second')).toBe(true);
    expect(index.find('203.0.113.9')).toBe('0.0.0.0/0');
    expect(index.find('2001:db8::1')).toBe('::/0');
    expect(index.find('::ffff:1.2.3.4')).toBe('0.0.0.0/0');
  });

  test('the longest of many networks answers, as a plain search says', () => {
    const address = fc.nat({ max: 0xffffff }).map((value) => (0x0a000000 + value) >>> 0);
    const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    const network = fc.tuple(address, fc.integer({ min: 4, max: 32 })).map(([value, bits]) => ({ base: bits === 0 ? 0 : (value & (-1 << (32 - bits))) >>> 0, bits }));
    fc.assert(fc.property(fc.array(network, { maxLength: 30 }), fc.array(address, { minLength: 1, maxLength: 20 }), (networks, addresses) => {
      const index = new NetworkIndex<string>();
      for (const { base, bits } of networks) index.add(`${dotted(base)}/${bits}`, `${dotted(base)}/${bits}`);
      for (const value of [...addresses, ...networks.map(({ base }) => base)]) {
        const holding = networks.filter(({ base, bits }) => ((value & (-1 << (32 - bits))) >>> 0) === base).sort((a, b) => b.bits - a.bits)[0];
        expect(index.find(dotted(value))).toBe(holding === undefined ? undefined : `${dotted(holding.base)}/${holding.bits}`);
      }
    }), { numRuns: 150 });
  });
});
