import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { deviationsAbove, growthDecades, GROWTH_RATES, spreadOf } from './growth-model.js';

const STARTS = 16;
const SPREAD = 0.3;
/** Standard normal by twelve uniforms less six: near enough for a mean and a variance, and lighter in the tails. */
const normal = (random: SeededRandom): number => { let sum = -6; for (let i = 0; i < 12; i += 1) sum += random.next(); return sum; };

/** Days until the evidence reaches `decades`, or `days`. */
function firstDay(random: SeededRandom, shift: (day: number) => number, decades: number, days: number): number {
  const latest: number[] = [];
  for (let day = 0; day < days; day += 1) {
    latest.push(deviationsAbove(normal(random) + shift(day), 0, 1));
    if (latest.length > STARTS) latest.shift();
    if (growthDecades(latest, latest.length, SPREAD) >= decades) return day;
  }
  return days;
}

/** As it is defined: each start, each rate, each day. */
function plainly(deviations: readonly number[], spread: number): number {
  let total = 0;
  for (let start = 0; start <= deviations.length - 3; start += 1) {
    for (const rate of GROWTH_RATES) {
      const ratio = deviations.slice(start).reduce((sum, deviation, i) => sum + ((i + 1) * rate * deviation) / spread - ((i + 1) * rate / spread) ** 2 / 2, 0);
      total += Math.exp(Math.min(80, ratio));
    }
  }
  return Math.log10(total / (GROWTH_RATES.length * (deviations.length - 2)));
}

describe('growth over days', () => {
  it('P(evidence ≥ c within n days) is at most n / c where nothing grows', () => {
    const random = new SeededRandom(5);
    const runs = 4_000;
    const days = 30;
    for (const decades of [1.5, 2, 2.5]) {
      let raised = 0;
      for (let run = 0; run < runs; run += 1) if (firstDay(random, () => 0, decades, days) < days) raised += 1;
      // Below the bound, since deviations are cut and days lean on each other; and not idle.
      expect(raised / runs).toBeLessThan(days / 10 ** decades);
      if (decades < 2) expect(raised).toBeGreaterThan(0);
    }
  });

  it('comes soon where there is more each day, and where there is more on all of them', () => {
    const random = new SeededRandom(6);
    const median = (shift: (day: number) => number): number => Array.from({ length: 201 }, () => firstDay(random, shift, 2.5, 200)).sort((a, b) => a - b)[100]!;
    // Five per cent more a day, with a day's spread of a quarter: 1.05^n, on the logarithm.
    expect(median((day) => (day * Math.log(1.05)) / 0.25)).toBeLessThan(14);
    expect(median(() => 1)).toBeLessThan(30);
  });

  it('is the mean over all starts and all rates', () => {
    const random = new SeededRandom(7);
    for (let run = 0; run < 200; run += 1) {
      const deviations = Array.from({ length: 1 + random.below(STARTS) }, () => deviationsAbove(normal(random) + run / 60, 0, 1));
      const spread = 0.15 + random.next();
      const expected = plainly(deviations, spread);
      if (expected > -2) expect(growthDecades(deviations, deviations.length, spread)).toBeCloseTo(expected, 2);
      else expect(growthDecades(deviations, deviations.length, spread)).toBeLessThan(-1.9);
    }
  });

  it('one day says no more than so much, however much it is; few days of reference say less, and two days nothing', () => {
    expect(deviationsAbove(1_000, 1, spreadOf(40, 0.04))).toBe(2);
    expect(deviationsAbove(-1_000, 1, spreadOf(40, 0.04))).toBe(-3);
    expect(deviationsAbove(1.3, 1, spreadOf(8, 0.04))).toBeLessThan(deviationsAbove(1.3, 1, spreadOf(60, 0.04)));
    expect(growthDecades([2, 2], 2, SPREAD)).toBe(Number.NEGATIVE_INFINITY);
  });
});
