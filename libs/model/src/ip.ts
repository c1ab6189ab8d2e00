/** Addresses as numbers: no allocation on the way from text to a look-up. */

/** Unsigned 32-bit value of a dotted IPv4 address, or -1. Leading zeros are refused (they mean octal elsewhere). */
export function parseIpv4(text: string, start = 0, end = text.length): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = start; i < end; i += 1) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) {
      if (digits > 0 && octet === 0) return -1;
      octet = octet * 10 + c - 48;
      digits += 1;
      if (octet > 255) return -1;
    } else if (c === 46) {
      if (digits === 0 || dots === 3) return -1;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

/** Fills `out` with the four 32-bit words of an IPv6 address (zone ids are dropped, a dotted tail is read). False when it is none. */
export function parseIpv6(text: string, out: Uint32Array): boolean {
  const zone = text.indexOf('%');
  let end = zone < 0 ? text.length : zone;
  if (end < 2 || end > 45) return false;
  let tail = -1;
  let groupsMax = 8;
  const lastColon = text.lastIndexOf(':', end - 1);
  if (lastColon < 0) return false;
  const dot = text.indexOf('.', lastColon);
  if (dot >= 0 && dot < end) {
    tail = parseIpv4(text, lastColon + 1, end);
    if (tail < 0) return false;
    groupsMax = 6;
    // Keep the colon when it is the second of "::".
    end = lastColon > 0 && text.charCodeAt(lastColon - 1) === 58 ? lastColon + 1 : lastColon;
  }
  let count = 0;
  let gap = -1;
  let i = 0;
  if (text.charCodeAt(0) === 58) {
    if (text.charCodeAt(1) !== 58) return false;
    gap = 0;
    i = 2;
  }
  while (i < end) {
    let group = 0;
    let digits = 0;
    for (; i < end; i += 1) {
      const hex = hexValue(text.charCodeAt(i));
      if (hex < 0) break;
      group = group * 16 + hex;
      digits += 1;
    }
    if (digits === 0 || digits > 4 || count === groupsMax) return false;
    GROUPS[count] = group;
    count += 1;
    if (i === end) break;
    if (text.charCodeAt(i) !== 58) return false;
    i += 1;
    if (i < end && text.charCodeAt(i) === 58) {
      if (gap >= 0) return false;
      gap = count;
      i += 1;
    } else if (i === end) return false;
  }
  if (gap < 0 ? count !== groupsMax : count > groupsMax - 1) return false;
  out.fill(0);
  for (let g = 0; g < count; g += 1) {
    const position = gap >= 0 && g >= gap ? groupsMax - count + g : g;
    const word = position >> 1;
    out[word] = (out[word]! | (position & 1 ? GROUPS[g]! : GROUPS[g]! << 16)) >>> 0;
  }
  if (tail >= 0) out[3] = tail;
  return true;
}
const GROUPS = new Uint32Array(8);

function hexValue(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 102) return c - 87;
  if (c >= 65 && c <= 70) return c - 55;
  return -1;
}

/** The IPv4 address inside ::ffff:0:0/96, or -1. */
export const mappedIpv4 = (words: Uint32Array): number => (words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? words[3]! : -1);

const inV4 = (value: number, base: number, bits: number): boolean => value >= base && value < base + 2 ** (32 - bits);
/** Globally reachable by the IANA special-purpose registry (RFC 6890 and its updates); multicast and reserved are not. */
export function isPublicIpv4(value: number): boolean {
  if (value < 0x01000000 || value >= 0xe0000000) return false;
  switch (value >>> 24) {
    case 10: case 127: return false;
    case 100: return !inV4(value, 0x64400000, 10);
    case 169: return !inV4(value, 0xa9fe0000, 16);
    case 172: return !inV4(value, 0xac100000, 12);
    case 192: return !(inV4(value, 0xc0a80000, 16) || inV4(value, 0xc0000000, 24) || inV4(value, 0xc0000200, 24) || inV4(value, 0xc0586300, 24));
    case 198: return !(inV4(value, 0xc6120000, 15) || inV4(value, 0xc6336400, 24));
    case 203: return !inV4(value, 0xcb007100, 24);
    default: return true;
  }
}

/** Global unicast 2000::/3 without documentation (2001:db8::/32, 3fff::/20) and benchmarking (2001:2::/48). */
export function isPublicIpv6(words: Uint32Array): boolean {
  const first = words[0]!;
  if (first >>> 29 !== 1) return false;
  return first !== 0x20010db8 && first >>> 12 !== 0x3fff0 && !(first === 0x20010002 && words[1]! >>> 16 === 0);
}
