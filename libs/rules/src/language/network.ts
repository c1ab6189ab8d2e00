/** An address as 128 bits; IPv4 lives in ::ffff:0:0/96, so that mapped and plain IPv4 are the same. */
export interface Network { readonly address: bigint; readonly mask: bigint }
const ALL = (1n << 128n) - 1n;
const V4 = 0xffff00000000n;

export function parseAddress(text: string): bigint | undefined {
  if (text.length > 45 || text.length < 2) return undefined;
  if (!text.includes(':')) {
    const four = parseV4(text);
    return four === undefined ? undefined : V4 | BigInt(four);
  }
  return parseV6(text);
}

function parseV4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    // No leading zeros: some readers take them for octal.
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)!;
  const tail = last.at(-1);
  if (tail !== undefined && tail.includes('.')) {
    const four = parseV4(tail);
    if (four === undefined) return undefined;
    last.splice(-1, 1, (four >>> 16).toString(16), (four & 0xffff).toString(16));
  }
  const [head, rest] = [groups[0]!, groups[1]];
  const missing = 8 - head.length - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = rest === undefined ? head : [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  let value = 0n;
  for (const group of all) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

/** `10.0.0.0/8`, `2001:db8::/32` or a single address; bits behind the prefix are ignored. */
export function parseNetwork(text: string): Network | undefined {
  const [address, prefix, more] = text.split('/');
  const parsed = parseAddress(address!);
  if (parsed === undefined || more !== undefined) return undefined;
  const bits = address!.includes(':') ? 128 : 32;
  if (prefix !== undefined && !/^[0-9]{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const mask = ALL ^ ((1n << BigInt(bits - length)) - 1n);
  return { address: parsed & mask, mask };
}

export const inNetwork = (value: string, { address, mask }: Network): boolean => {
  const parsed = parseAddress(value);
  return parsed !== undefined && (parsed & mask) === address;
};
