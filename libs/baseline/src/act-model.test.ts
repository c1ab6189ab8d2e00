import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { absentEvidence, addEvidence, fadeEvidence, presenceLogP, presentEvidence } from './act-model.js';

describe('presence of an act', () => {
  it('is rarer the longer it was not done, and never impossible', () => {
    const p = [0, 10, 100, 1_000].map((days) => Math.exp(presenceLogP(0, days, 0, 0)));
    for (let i = 1; i < p.length; i += 1) expect(p[i]!).toBeLessThan(p[i - 1]!);
    expect(p[3]!).toBeGreaterThan(1 / 4_000);
  });

  it('follows its own history, and without one its peers', () => {
    expect(Math.exp(presenceLogP(90, 100, 0, 0))).toBeCloseTo(0.9, 1);
    expect(Math.exp(presenceLogP(0, 0, 0, 0.4))).toBeGreaterThan(Math.exp(presenceLogP(0, 0, 0, 0.01)) + 0.3);
    // A long history outweighs what peers do.
    expect(Math.exp(presenceLogP(0, 150, 0, 1))).toBeLessThan(0.02);
  });

  it('is likelier for who takes up new acts often, and no likelier once it is known', () => {
    expect(presenceLogP(0, 100, 10, 0)).toBeGreaterThan(presenceLogP(0, 100, 0, 0) + 2);
    expect(presenceLogP(5, 100, 10, 0)).toBe(presenceLogP(5, 100, 0, 0));
  });
});

describe('slow evidence', () => {
  it('has an expectation of at most one while the predictive holds', () => {
    for (const p of [0.003, 0.02, 0.1, 0.3, 0.6, 0.89, 0.95]) {
      // Once done, the count's p is uniform at best: E[½ + ¼·p^(−½)] = 1.
      let count = 0;
      for (let i = 0; i < 100_000; i += 1) count += presentEvidence(p, Math.log((i + 0.5) / 100_000)) / 100_000;
      expect(p * count + (1 - p) * absentEvidence(p)).toBeLessThanOrEqual(1.000_1);
    }
  });

  it('keeps its run length on days in which nothing changes, and rises within weeks when something does', () => {
    const random = new SeededRandom(7);
    const rate = 0.05;
    const reached = (days: number, share: number): number => {
      let sum = 0;
      for (let day = 1; day <= days; day += 1) {
        sum = addEvidence(sum, random.next() < share ? presentEvidence(rate, 0) : absentEvidence(rate));
        if (sum >= 10_000) return day;
      }
      return Number.POSITIVE_INFINITY;
    };
    // P(reached within n days) ≤ n / 10,000: of 200 runs of 500 days at most 10 are to be expected, 25 is five deviations more.
    expect(Array.from({ length: 200 }, () => reached(500, rate)).filter(Number.isFinite).length).toBeLessThanOrEqual(25);
    expect(Array.from({ length: 50 }, () => reached(60, 0.6)).filter(Number.isFinite).length).toBeGreaterThanOrEqual(48);
  });

  it('fades over days without the act as it would day by day', () => {
    const each = absentEvidence(0.2);
    let sum = 500;
    for (let day = 0; day < 9; day += 1) sum = addEvidence(sum, each);
    expect(fadeEvidence(500, each, 9)).toBeCloseTo(sum, 6);
    expect(fadeEvidence(3, 1, 4)).toBe(7);
    expect(fadeEvidence(3, each, 0)).toBe(3);
  });
});
