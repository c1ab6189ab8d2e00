/** FNV-1a over UTF-16 units with the murmur3 finaliser: spreads neighbouring keys ("person/7/20781", "person/7/20782") apart. */
export function hashKey(key: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < key.length; i += 1) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Seeded randomness (sfc32, Chris Doty-Humphrey's PractRand; passes BigCrush). Every actor and day has dice of its own, named by a key,
 * so that any stretch of the simulation can be made without what came before it.
 */
export class Dice {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(key: string) {
    this.a = hashKey(key, 0x9e3779b9) | 0;
    this.b = hashKey(key, 0x243f6a88) | 0;
    this.c = hashKey(key, 0xb7e15162) | 0;
    for (let i = 0; i < 12; i += 1) this.bits();
  }

  /** 32 random bits, unsigned. */
  bits(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.bits() / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Whole number in [low, high]. */
  whole(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** By weight: `[['a', 3], ['b', 1]]` gives a three times as often. */
  weighted<T>(items: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const [, weight] of items) total += weight;
    let left = this.next() * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return items[items.length - 1]![0];
  }

  /** `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    for (let i = 0; i < Math.min(count, rest.length); i += 1) {
      const j = this.whole(i, rest.length - 1);
      [rest[i], rest[j]] = [rest[j]!, rest[i]!];
    }
    return rest.slice(0, count);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Poisson by counting exponential gaps; above 60 by the normal approximation, which is near enough there. */
  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }

  /** Rank in [0, count) with P(rank) falling as rank^-exponent (bounded Pareto, inverted); exponent must not be 1. */
  zipf(count: number, exponent: number): number {
    const power = 1 - exponent;
    const x = Math.pow((Math.pow(count + 1, power) - 1) * this.next() + 1, 1 / power);
    return Math.min(count - 1, Math.floor(x) - 1);
  }

  /** Letters and digits of `alphabet`. */
  text(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += alphabet[Math.floor(this.next() * alphabet.length)]!;
    return text;
  }
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** A ULID: 48 bits of time, 80 of randomness, in Crockford's base 32 (https://github.com/ulid/spec). */
export function ulid(timeMs: number, dice: Dice): string {
  let text = '';
  for (let i = 0, rest = timeMs; i < 10; i += 1, rest = Math.floor(rest / 32)) text = CROCKFORD[rest % 32]! + text;
  for (let word = 0; word < 4; word += 1) {
    const bits = dice.bits();
    for (let shift = 0; shift < 20; shift += 5) text += CROCKFORD[(bits >>> shift) & 31]!;
  }
  return text;
}
