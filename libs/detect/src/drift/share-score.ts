import { betaBinomialLogLower, betaBinomialLogMass, betaBinomialLogUpper } from '@wary/baseline/beta-binomial.js';
import { normalScore } from '@wary/baseline/normal-score.js';
import { logAddExp } from '@wary/baseline/special-functions.js';

const PRECISION_MAX = 1e6;
/** Least of either parameter: what is rare varies a lot, but one odd hour does not make every share as likely as any other. */
const PARAMETER_MIN = 0.5;

/**
 * How unusual k of n are when the share is Beta with this mean and variance, on the normal scale: the quantile of the mid-p, P(more) + ½P(as many).
 * Counts of few are too skew for a residual over its deviation, and their mid-p is nowhere more spread than the normal law (Lancaster 1961).
 */
export function shareScore(k: number, n: number, share: number, between: number): number {
  const precision = Math.max(PARAMETER_MIN / Math.min(share, 1 - share), Math.min(PRECISION_MAX, (share * (1 - share)) / Math.max(between, 1e-12) - 1));
  const [a, b] = [share * precision, (1 - share) * precision];
  const half = betaBinomialLogMass(k, n, a, b) - Math.LN2;
  const upper = k >= n ? half : logAddExp(betaBinomialLogUpper(k + 1, n, a, b), half);
  if (upper <= -Math.LN2) return normalScore(upper);
  return -normalScore(k <= 0 ? half : logAddExp(betaBinomialLogLower(k - 1, n, a, b), half));
}
