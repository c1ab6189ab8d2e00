import { logAddExp, logBeta, logGamma } from './special-functions.js';

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** ln P(X = k) of n trials whose success rate is Beta(a, b) (Skellam 1948). */
export const betaBinomialLogMass = (k: number, n: number, a: number, b: number): number => logChoose(n, k) + logBeta(k + a, n - k + b) - logBeta(a, b);

/** Ratio P(X = k+1) / P(X = k). */
const step = (k: number, n: number, a: number, b: number): number => ((n - k) * (k + a)) / ((k + 1) * (n - k - 1 + b));

/** ln P(X ≥ k): sums the shorter side outward from k; stops when a term no longer counts. Predictive of a share (errors, refusals, flags). */
export function betaBinomialLogUpper(k: number, n: number, a: number, b: number): number {
  if (k <= 0) return 0;
  if (k > n) return -Infinity;
  const first = betaBinomialLogMass(k, n, a, b);
  let term = 1;
  let sum = 1;
  for (let i = k; i < n; i += 1) {
    const ratio = step(i, n, a, b);
    term *= ratio;
    sum += term;
    if (ratio < 1 && term < sum * 1e-17) break;
    if (sum > 1e250) return Math.min(0, logAddExp(first + Math.log(sum), betaBinomialLogUpper(i + 2, n, a, b)));
  }
  return Math.min(0, first + Math.log(sum));
}

/** ln P(X ≤ k). */
export const betaBinomialLogLower = (k: number, n: number, a: number, b: number): number => betaBinomialLogUpper(n - k, n, b, a);
