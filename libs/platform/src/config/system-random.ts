import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '@wary/ports/clock.port.js';

export const systemClock: Clock = { now: () => Date.now() };

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function crockford(value: number, chars: number): string {
  let text = '';
  for (let rest = value, i = 0; i < chars; i += 1, rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32]! + text;
  return text;
}

/** Secure randomness; ids are ULIDs (48 bits of time, 80 random bits, Crockford base32), so they sort by creation. */
export function createSystemRandom(clock: Clock): Random {
  return {
    next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    id() {
      const bytes = randomBytes(10);
      return crockford(clock.now(), 10) + crockford(bytes.readUIntBE(0, 5), 8) + crockford(bytes.readUIntBE(5, 5), 8);
    },
  };
}
