// Reference values: mpmath 1.3 with 60 digits, tails summed or integrated there; far into the tails on purpose.
import { cumulativeStdNormalProbability, poissonDistribution } from 'simple-statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaBinomialLogLower, betaBinomialLogMass, betaBinomialLogUpper } from './beta-binomial.js';
import { negativeBinomialLogLower, negativeBinomialLogMass, negativeBinomialLogUpper, negativeBinomialQuantile, sizeFromMoments } from './negative-binomial.js';
import { log1mExp, logAddExp, logBeta, logGamma, logIncompleteBeta } from './special-functions.js';
import { studentTLogUpper, studentTQuantile } from './student-t.js';

/** Relative to the value's size, absolute near zero. */
const close = (got: number, wanted: number, digits: number): void => expect(Math.abs(got - wanted)).toBeLessThan(10 ** -digits * Math.max(1, Math.abs(wanted)));

describe('special functions', () => {
  it.each([
    [1e-10, 23.025850929882735], [0.1, 2.252712651734206], [0.5, 0.57236494292470009], [1, 0], [1.5, -0.12078223763524522], [3, 0.69314718055994531],
    [14.999, 25.188546870546926], [15, 25.191221182738682], [15.001, 25.193895563868664], [100, 359.1342053695754], [1e6, 12815504.569147612], [1e15, 33538776394910669],
  ])('ln Γ(%d)', (x, wanted) => close(logGamma(x), wanted, 13));

  it.each([[0.5, 0.5, 1.1447298858494002], [1e-3, 2, 6.9067557786490535], [20, 1e9, -375.12543274172873], [1e7, 3.5, -55.212361613507001], [250, 1e5, -1750.0185868357557], [1e8, 1e8, -138629444.05681731]])(
    'ln B(%d, %d), either way around', (a, b, wanted) => { close(logBeta(a, b), wanted, 11); close(logBeta(b, a), wanted, 11); });

  it('1 − e^x and e^a + e^b keep their digits at both ends', () => {
    close(log1mExp(-1e-15), Math.log(1e-15), 12);
    close(log1mExp(-50), -Math.exp(-50), 15);
    close(logAddExp(-1e5, -1e5), -1e5 + Math.LN2, 15);
    expect(logAddExp(Number.NEGATIVE_INFINITY, 3)).toBe(3);
  });

  it('the incomplete beta function and its complement sum to one', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.05, max: 500, noNaN: true }), fc.double({ min: 0.05, max: 500, noNaN: true }), (x, a, b) => {
      close(Math.exp(logIncompleteBeta(x, a, b)) + Math.exp(logIncompleteBeta(1 - x, b, a)), 1, 11);
    }));
  });
});

describe('negative binomial', () => {
  it.each([
    [1, 0.001, 0.5, -6.9092539057295942], [50, 0.005, 0.00125, -20.211657401772157], [412, 3, 1.5, -164.46631472606263], [31, 3, 1.5, -11.239056099401196],
    [5, 4, 1e7, -0.99111378512171339], [40, 4, 1e7, -58.766423263832049], [2000, 4, 1e7, -10437.734539396906], [1_000_000, 10, 0.3, -29567.093638677363],
    [100_000, 1, 1000, -685275.30586507248], [12, 11.7, 3, -0.83735069013899078], [1, 1e-9, 1e7, -20.723265837446411], [20_000, 15_000, 80, -5.7616433305006184], [300_000, 15_000, 80, -1282.5556672010376],
  ])('ln P(X ≥ %d), mean %d, size %d', (x, mean, size, wanted) => close(negativeBinomialLogUpper(x, mean, size), wanted, 9));

  it.each([[0, 3, 1.5, -1.6479184330021645], [2, 40, 6, -9.1258764878167691], [0, 1000, 1e7, -999.95000333308335], [10, 1000, 20, -61.606775144449107], [900, 1000, 1e7, -7.2670862589789076]])(
    'ln P(X ≤ %d), mean %d, size %d', (x, mean, size, wanted) => close(negativeBinomialLogLower(x, mean, size), wanted, 9));

  it('is a Poisson when it is not over-dispersed', () => {
    const masses = poissonDistribution(4)!;
    for (let x = 0; x < 12; x += 1) close(Math.exp(negativeBinomialLogMass(x, 4, sizeFromMoments(4, 4))), masses[x]!, 6);
  });

  it('never overflows, and falls with every step into the tail', () => {
    fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), fc.double({ min: 1e-4, max: 1e7, noNaN: true }), fc.integer({ min: 0, max: 1_000_000 }), (mean, size, x) => {
      const here = negativeBinomialLogUpper(x, mean, size);
      const next = negativeBinomialLogUpper(x + 1, mean, size);
      expect(here).toBeLessThanOrEqual(0);
      expect(Number.isFinite(next)).toBe(true);
      expect(next).toBeLessThanOrEqual(here + 1e-9 * Math.abs(here));
    }));
  });

  it('its quantile is the smallest count that reaches the probability', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 5_000, noNaN: true }), fc.double({ min: 0.01, max: 1e4, noNaN: true }), fc.constantFrom(0.01, 0.5, 0.99, 0.999_999), (mean, size, probability) => {
      const x = negativeBinomialQuantile(probability, mean, size);
      expect(negativeBinomialLogUpper(x + 1, mean, size)).toBeLessThanOrEqual(Math.log(1 - probability) + 1e-12);
      if (x > 0) expect(negativeBinomialLogUpper(x, mean, size)).toBeGreaterThan(Math.log(1 - probability));
    }));
  });
});

describe('Student t', () => {
  it.each([
    [1, 4, -1.6769114931813459], [2.5, 7.3, -3.9208055930524978], [40, 4, -13.66106721128188], [40, 600, -393.74411036109846], [1e10, 5, -112.87899841388881],
    [-1.3, 9, -0.11985752054159463], [-30, 12, -5.8865909535112066e-13], [8, 1e5, -35.002883850700316], [1e150, 4, -1380.4524435077593], [0.01, 30, -0.70109115798799321],
  ])('ln P(T ≥ %d), %d degrees', (t, df, wanted) => close(studentTLogUpper(t, df), wanted, 9));

  it('is normal with many degrees', () => {
    for (const t of [0.5, 1, 2, 3]) close(Math.exp(studentTLogUpper(t, 1e6)), 1 - cumulativeStdNormalProbability(t), 3);
  });

  it('its quantile is the inverse of its tail', () => {
    fc.assert(fc.property(fc.double({ min: 0.51, max: 0.999_999, noNaN: true }), fc.double({ min: 1, max: 500, noNaN: true }), (probability, df) => {
      close(studentTLogUpper(studentTQuantile(probability, df), df), Math.log(1 - probability), 8);
    }));
  });
});

describe('beta-binomial', () => {
  it.each([
    [3, 10, 1, 9, -2.0887728691087202], [10, 10, 0.5, 20, -18.753709933159547], [50, 200, 2, 300, -46.551363647597859], [200, 200, 1, 5000, -844.17396920345575],
    [1, 500, 0.1, 50, -1.5424715528683256], [700, 1000, 30, 70, -33.472943950532764], [1000, 1000, 0.01, 1000, -1393.0199428593749],
  ])('ln P(X ≥ %d of %d), Beta(%d, %d)', (k, n, a, b, wanted) => close(betaBinomialLogUpper(k, n, a, b), wanted, 9));

  it('its masses sum to one and its two tails meet', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.05, max: 50, noNaN: true }), fc.double({ min: 0.05, max: 50, noNaN: true }), fc.integer({ min: 0, max: 60 }), (n, a, b, at) => {
      let sum = 0;
      for (let k = 0; k <= n; k += 1) sum += Math.exp(betaBinomialLogMass(k, n, a, b));
      close(sum, 1, 10);
      const k = Math.min(at, n);
      close(Math.exp(betaBinomialLogUpper(k, n, a, b)) + Math.exp(betaBinomialLogLower(k - 1, n, a, b)), 1, 10);
    }));
  });
});
