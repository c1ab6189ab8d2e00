import { isPublicIpv4, isPublicIpv6, mappedIpv4, parseIpv4, parseIpv6 } from '@wary/model/ip.js';

/** Words of 32 bits: one for IPv4, four for IPv6. */
export interface Address { readonly family: 4 | 6; readonly words: readonly number[] }

/** A literal address; an IPv4 one inside ::ffff:0:0/96 counts as the IPv4 one, because that is where the connection goes. */
export function parseAddress(text: string): Address | null {
  const v4 = parseIpv4(text);
  if (v4 >= 0) return { family: 4, words: [v4] };
  const words = new Uint32Array(4);
  if (!parseIpv6(text, words)) return null;
  const mapped = mappedIpv4(words);
  return mapped >= 0 ? { family: 4, words: [mapped] } : { family: 6, words: [...words] };
}

export function sameNetwork(network: Address, address: Address, prefixBits: number): boolean {
  if (network.family !== address.family) return false;
  for (let word = 0, left = prefixBits; left > 0; word += 1, left -= 32) {
    const mask = left >= 32 ? 0xffffffff : (0xffffffff << (32 - left)) >>> 0;
    if (((network.words[word]! ^ address.words[word]!) & mask) >>> 0 !== 0) return false;
  }
  return true;
}

const IETF_PROTOCOLS: Address = { family: 6, words: [0x20010000, 0, 0, 0] };
const SIX_TO_FOUR: Address = { family: 6, words: [0x20020000, 0, 0, 0] };

/**
 * Where a stranger's URL may lead: globally reachable unicast (IANA special-purpose registries, RFC 6890). Of IPv6 that excludes, beyond what
 * is outside 2000::/3 (NAT64 64:ff9b::/96 among it), 6to4 2002::/16 and 2001::/23 with Teredo: they carry an IPv4 address of anybody's choice.
 */
export function isPublicAddress(address: Address): boolean {
  if (address.family === 4) return isPublicIpv4(address.words[0]!);
  if (sameNetwork(SIX_TO_FOUR, address, 16) || sameNetwork(IETF_PROTOCOLS, address, 23)) return false;
  return isPublicIpv6(Uint32Array.from(address.words));
}
