import { log1mExp, logIncompleteBeta } from './special-functions.js';

/** Above this size a negative binomial is a Poisson to nine digits. */
const SIZE_MAX = 1e7;
/** A mean below this is as good as never. */
const MEAN_MIN = 1e-9;

/** Size r of the negative binomial with this mean and variance; at or below Poisson variance it is `SIZE_MAX`. */
export function sizeFromMoments(mean: number, variance: number): number {
  const excess = variance - mean;
  return excess <= (mean * mean) / SIZE_MAX ? SIZE_MAX : (mean * mean) / excess;
}

/**
 * ln P(X ≥ x) for the negative binomial with mean `mean` and size `size` (variance mean + mean²/size):
 * I_q(x, r) with q = mean / (mean + r) (DLMF 8.17.24). The predictive of Poisson counts whose rate is Gamma distributed.
 */
export function negativeBinomialLogUpper(x: number, mean: number, size: number): number {
  const count = Math.ceil(x);
  if (count <= 0) return 0;
  const m = Math.max(mean, MEAN_MIN);
  const r = Math.max(size, 1e-6);
  const q = m / (m + r);
  return logIncompleteBeta(q, count, r, -Math.log1p(r / m), -Math.log1p(m / r));
}

/** ln P(X ≤ x). */
export function negativeBinomialLogLower(x: number, mean: number, size: number): number {
  const count = Math.floor(x);
  if (count < 0) return -Infinity;
  const m = Math.max(mean, MEAN_MIN);
  const r = Math.max(size, 1e-6);
  const p = r / (m + r);
  return logIncompleteBeta(p, r, count + 1, -Math.log1p(m / r), -Math.log1p(r / m));
}

/** Smallest count whose lower tail reaches `probability`; by doubling and bisection on the exact tail. */
export function negativeBinomialQuantile(probability: number, mean: number, size: number): number {
  const target = Math.log(1 - probability);
  // P(X ≤ x) ≥ probability  ⇔  P(X ≥ x + 1) ≤ 1 − probability.
  let high = 1;
  while (negativeBinomialLogUpper(high + 1, mean, size) > target && high < 1e15) high *= 2;
  let low = -1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (negativeBinomialLogUpper(middle + 1, mean, size) <= target) high = middle;
    else low = middle;
  }
  return high;
}

/** ln P(X = x), for tests and for sums. */
export function negativeBinomialLogMass(x: number, mean: number, size: number): number {
  const upper = negativeBinomialLogUpper(x, mean, size);
  const next = negativeBinomialLogUpper(x + 1, mean, size);
  return upper + log1mExp(next - upper);
}
