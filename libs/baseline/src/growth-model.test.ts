import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { addGrowth, deviationsAbove, GROWTH_EFFECTS, growthDecades } from './growth-model.js';

const NOTHING = GROWTH_EFFECTS.map(() => Number.NEGATIVE_INFINITY);
/** Standard normal by twelve uniforms less six: near enough for a mean and a variance, and lighter in the tails. */
const normal = (random: SeededRandom): number => { let sum = -6; for (let i = 0; i < 12; i += 1) sum += random.next(); return sum; };

/** Days until the evidence reaches `decades`, or `days`. */
function firstDay(random: SeededRandom, shift: (day: number) => number, decades: number, days: number): number {
  let sums = NOTHING;
  for (let day = 0; day < days; day += 1) {
    const deviations = Math.max(-3, Math.min(2.5, normal(random) + shift(day)));
    sums = sums.map((sum, i) => addGrowth(sum, deviations, GROWTH_EFFECTS[i]!));
    if (growthDecades(sums) >= decades) return day;
  }
  return days;
}

describe('growth over days', () => {
  it('P(R ≥ c within n days) is at most n/c where nothing grows', () => {
    const random = new SeededRandom(5);
    const runs = 4_000;
    const days = 30;
    for (const decades of [2, 2.5]) {
      let raised = 0;
      for (let run = 0; run < runs; run += 1) if (firstDay(random, () => 0, decades, days) < days) raised += 1;
      expect(raised / runs).toBeLessThan(days / 10 ** decades);
      expect(raised).toBeGreaterThan(0);
    }
  });

  it('comes soon where there is more each day, and where there is a little more on all of them', () => {
    const random = new SeededRandom(6);
    const median = (shift: (day: number) => number): number => Array.from({ length: 201 }, () => firstDay(random, shift, 3, 200)).sort((a, b) => a - b)[100]!;
    // Five per cent more a day, with a day's spread of a quarter: 1.05^n, on the logarithm.
    expect(median((day) => (day * Math.log(1.05)) / 0.25)).toBeLessThan(14);
    expect(median(() => 1)).toBeLessThan(20);
    expect(median(() => 0.5)).toBeLessThan(60);
  });

  it('one day says no more than so much, however much it is; and few days of reference say less', () => {
    expect(deviationsAbove(1_000, 40, 1, 0.04)).toBe(2.5);
    expect(deviationsAbove(-1_000, 40, 1, 0.04)).toBe(-3);
    expect(deviationsAbove(1.5, 8, 1, 0.04)).toBeLessThan(deviationsAbove(1.5, 60, 1, 0.04));
    expect(growthDecades(NOTHING)).toBe(Number.NEGATIVE_INFINITY);
    expect(addGrowth(Number.NEGATIVE_INFINITY, 1, 1)).toBeCloseTo(0.5, 12);
  });
});
