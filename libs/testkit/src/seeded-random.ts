import type { Random } from '@wary/ports/clock.port.js';

/** A seeded generator for tests and simulations: the same seed gives the same numbers on every machine (sfc32, Doty-Humphrey 2010). */
export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private ids = 0;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b;
    this.c = 0x2545f491;
    for (let i = 0; i < 15; i += 1) this.word();
  }

  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    return ((this.word() >>> 5) * 67_108_864 + (this.word() >>> 6)) / 9_007_199_254_740_992;
  }

  id(): string {
    this.ids += 1;
    return `id-${String(this.ids).padStart(10, '0')}`;
  }

  /** Whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Box–Muller. */
  normal(mean = 0, sd = 1): number {
    return mean + sd * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(location: number, scale: number): number {
    return Math.exp(this.normal(location, scale));
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Marsaglia & Tsang (2000). */
  gamma(shape: number, scale: number): number {
    if (shape < 1) return this.gamma(shape + 1, scale) * this.next() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  }

  /** By multiplication below 30, by a gamma–binomial split above (Ahrens & Dieter 1974). */
  poisson(mean: number): number {
    let count = 0;
    let left = mean;
    while (left > 30) {
      const half = Math.floor(left * 0.875);
      const time = this.gamma(half, 1);
      if (time > left) return count + this.binomial(half - 1, left / time);
      count += half;
      left -= time;
    }
    let product = this.next();
    const limit = Math.exp(-left);
    while (product > limit) { count += 1; product *= this.next(); }
    return count;
  }

  binomial(n: number, p: number): number {
    let successes = 0;
    for (let i = 0; i < n; i += 1) if (this.next() < p) successes += 1;
    return successes;
  }

  /** Variance mean + mean²/size. */
  negativeBinomial(mean: number, size: number): number {
    return this.poisson(this.gamma(size, mean / size));
  }
}
