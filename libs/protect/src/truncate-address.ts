import { parseIpv4, parseIpv6 } from '@wary/model/ip.js';

const words = new Uint32Array(4);

/**
 * The network of an address: /24 of IPv4, /48 of IPv6, written as its first address. It is what the detectors compare anyway, and it names
 * a place instead of a person. What is no address comes back as it is.
 */
export function truncateAddress(ip: string): string {
  if (parseIpv4(ip) >= 0) return `${ip.slice(0, ip.lastIndexOf('.'))}.0`;
  if (!parseIpv6(ip, words)) return ip;
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return `::ffff:${(words[3]! >>> 16).toString(16)}:${((words[3]! & 0xff00) >>> 0).toString(16)}`;
  return `${(words[0]! >>> 16).toString(16)}:${(words[0]! & 0xffff).toString(16)}:${(words[1]! >>> 16).toString(16)}::`;
}
