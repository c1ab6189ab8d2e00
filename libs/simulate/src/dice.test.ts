import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice, hashKey, ulid } from './dice.js';

const draws = (key: string, count: number): number[] => {
  const dice = new Dice(key);
  return Array.from({ length: count }, () => dice.next());
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('Dice', () => {
  it('gives the same sequence for the same key and another one for another', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
      expect(draws(a, 8)).toEqual(draws(a, 8));
      if (a !== b) expect(draws(a, 8)).not.toEqual(draws(b, 8));
    }));
  });

  it('is even over tenths, also across neighbouring keys', () => {
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 20_000; i += 1) counts[Math.floor(new Dice(`1/person/${i}`).next() * 10)] += 1;
    // Each count is binomial(20000, 0.1): sd 42; five of them is chance 6e-7 a side.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(215);
  });

  it('draws from the distributions it names', () => {
    const dice = new Dice('moments');
    const many = (draw: () => number): number[] => Array.from({ length: 40_000 }, draw);
    expect(mean(many(() => dice.normal()))).toBeCloseTo(0, 1);
    expect(mean(many(() => dice.exponential(5)))).toBeCloseTo(5, 0);
    expect(mean(many(() => dice.poisson(2.2)))).toBeCloseTo(2.2, 1);
    expect(mean(many(() => dice.poisson(90)))).toBeCloseTo(90, 0);
    expect(many(() => dice.logNormal(7, 0.5)).sort((a, b) => a - b)[20_000]).toBeCloseTo(7, 0);
  });

  it('keeps every draw inside its bounds', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.5, max: 2.5, noNaN: true }).filter((x) => Math.abs(x - 1) > 0.01), (seed, count, exponent) => {
      const dice = new Dice(String(seed));
      const rank = dice.zipf(count, exponent);
      expect(Number.isInteger(rank) && rank >= 0 && rank < count).toBe(true);
      const whole = dice.whole(-3, count);
      expect(whole >= -3 && whole <= count).toBe(true);
      expect(new Set(dice.sample(Array.from({ length: count }, (_, i) => i), 5)).size).toBe(Math.min(5, count));
    }));
  });

  it('prefers low ranks', () => {
    const dice = new Dice('zipf');
    const ranks = Array.from({ length: 5_000 }, () => dice.zipf(100, 1.1));
    expect(ranks.filter((rank) => rank === 0).length).toBeGreaterThan(5 * ranks.filter((rank) => rank === 20).length);
  });
});

describe('ulid', () => {
  it('has 26 characters that sort by time', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e9 }), (time, later) => {
      const dice = new Dice('ids');
      const first = ulid(time, dice);
      expect(first).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
      expect(first < ulid(time + later, dice)).toBe(true);
    }));
  });

  it('hashes neighbouring keys apart', () => {
    expect(new Set(Array.from({ length: 50_000 }, (_, i) => hashKey(`k/${i}`))).size).toBeGreaterThan(49_990);
  });
});
