import { mean as meanOf, variance as varianceOf } from 'simple-statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnMoments, predictCount, type Moments } from './count-baseline.js';
import { blendMoments } from './empirical-bayes.js';
import { magnitudeLogUpper, predictMagnitude } from './magnitude-baseline.js';
import { negativeBinomialLogUpper, sizeFromMoments } from './negative-binomial.js';

const none = (): Moments => ({ n: 0, mean: 0, variance: 0 });
const learnAll = (values: readonly number[], memory: number): Moments => {
  const moments = none();
  for (const value of values) learnMoments(moments, value, memory);
  return moments;
};

describe('discounted moments', () => {
  it('without forgetting are the mean and the variance', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }), (values) => {
      const { n, mean, variance } = learnAll(values, Number.POSITIVE_INFINITY);
      expect(n).toBe(values.length);
      expect(mean).toBeCloseTo(meanOf(values), 5);
      expect(Math.abs(variance - varianceOf(values))).toBeLessThanOrEqual(1e-6 * Math.max(1, varianceOf(values)));
    }));
  });

  it('never are surer than the memory allows, and follow a change', () => {
    const moments = learnAll([...new Array<number>(500).fill(10), ...new Array<number>(300).fill(20)], 60);
    expect(moments.n).toBeLessThanOrEqual(60);
    expect(moments.mean).toBeGreaterThan(19.5);
  });
});

describe('the predictive of a count', () => {
  const predictive = (own: Moments, peers: Moments): Moments => { const out = none(); predictCount(own, peers, 6, out); return out; };

  it('of a newcomer is what the peers do, and in time her own', () => {
    const peers = learnAll(Array.from({ length: 200 }, (_, i) => 20 + (i % 5)), 1_000);
    expect(predictive(none(), peers).mean).toBeCloseTo(22, 0);
    expect(predictive(learnAll(new Array<number>(6).fill(2), 400), peers).mean).toBeCloseTo(12, 0);
    expect(predictive(learnAll(new Array<number>(300).fill(2), 400), peers).mean).toBeLessThan(2.6);
  });

  it('is wider than Poisson where the past was bursty, and never narrower', () => {
    const steady = predictive(learnAll(Array.from({ length: 100 }, (_, i) => 9 + (i % 3)), 400), none());
    const bursty = predictive(learnAll(Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 100 : 0)), 400), none());
    expect(steady.variance).toBeGreaterThanOrEqual(steady.mean);
    expect(bursty.variance).toBeGreaterThan(10 * steady.variance);
  });

  it('does not call a burst of something rare impossible', () => {
    const never = predictive(learnAll(new Array<number>(100).fill(0), 400), none());
    const decades = -negativeBinomialLogUpper(50, never.mean, sizeFromMoments(never.mean, never.variance)) * Math.LOG10E;
    expect(decades).toBeGreaterThan(5);
    expect(decades).toBeLessThan(15);
    // Once would be nothing much: about one window in a thousand.
    expect(-negativeBinomialLogUpper(1, never.mean, sizeFromMoments(never.mean, never.variance)) * Math.LOG10E).toBeLessThan(3.5);
  });
});

describe('the predictive of a magnitude', () => {
  it('is unsure of what it has seen a few times, and surer with time', () => {
    const out = { location: 0, scale: 0, df: 0 };
    const strength = (n: number): number => {
      predictMagnitude(learnAll(Array.from({ length: n }, (_, i) => Math.log(1_000) + 0.5 * Math.sin(i)), 1e9), none(), 3, out);
      return -magnitudeLogUpper(50_000, out.location, out.scale, out.df) * Math.LOG10E;
    };
    expect(strength(3)).toBeLessThan(strength(10));
    expect(strength(10)).toBeLessThan(strength(100));
  });

  it('knows nothing where nobody has been seen', () => {
    const out = { location: 1, scale: 1, df: 1 };
    predictMagnitude(none(), none(), 3, out);
    expect(out.df).toBe(0);
  });

  it('does not make a percent unlikely because a stream was constant', () => {
    const out = { location: 0, scale: 0, df: 0 };
    predictMagnitude(learnAll(new Array<number>(300).fill(Math.log(1e6)), 400), none(), 3, out);
    expect(-magnitudeLogUpper(1.01e6, out.location, out.scale, out.df) * Math.LOG10E).toBeLessThan(0.6);
  });
});

it('the tenant speaks for a group until the group has windows of its own', () => {
  const out = none();
  const tenant = { n: 5_000, mean: 10, variance: 4 };
  blendMoments(none(), tenant, out);
  expect(out).toEqual(tenant);
  blendMoments({ n: 40, mean: 30, variance: 4 }, tenant, out);
  expect(out.mean).toBeCloseTo(20, 9);
  // Its variance is that of the mixture: the two do not agree.
  expect(out.variance).toBeCloseTo(104, 9);
  blendMoments({ n: 40_000, mean: 30, variance: 4 }, tenant, out);
  expect(out.mean).toBeCloseTo(30, 1);
});
