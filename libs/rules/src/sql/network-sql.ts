import type { Network } from '../language/network.js';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const FOUR = `(?:${OCTET}\\.){3}${OCTET}`;
const GROUP = '[0-9a-fA-F]{1,4}';
/** Exactly what `parseAddress` takes: the engine's own reader takes more (leading zeros), and throws on the rest. */
export const IPV4 = `\\A${FOUR}\\z`;
export const IPV6 = `\\A(?:(?:${GROUP}:){7}${GROUP}|(?:${GROUP}:){6}${FOUR}|${Array.from({ length: 8 }, (_, head) => shortened(head)).join('|')})\\z`;

/** So many groups, `::` for at least one, and the rest, of which an IPv4 address may be the last two. */
function shortened(head: number): string {
  const tails = [...(head < 7 ? [`${GROUP}(?::${GROUP}){0,${6 - head}}`] : []), ...(head < 6 ? [`(?:${GROUP}:){0,${5 - head}}${FOUR}`] : [])];
  return `${head === 0 ? '' : `${GROUP}(?::${GROUP}){${head - 1}}`}::${tails.length === 0 ? '' : `(?:${tails.join('|')})?`}`;
}

const ALL = (1n << 128n) - 1n;
export function networkBounds({ address, mask }: Network): readonly [string, string] {
  return [hex(address), hex(address | (ALL ^ mask))];
}
/** In groups: the engine's reader of such texts. */
const hex = (value: bigint): string => value.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':');
