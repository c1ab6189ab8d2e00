import { log1mExp, logIncompleteBeta } from './special-functions.js';

/**
 * ln P(T ≥ t) for Student's t with `df` degrees of freedom: ½ I_z(df/2, ½) with z = df/(df + t²) for t > 0 (DLMF 8.17, A&S 26.7.1).
 * ln z and ln(1 − z) are formed apart, so that |t| of 1e150 still has a tail.
 */
export function studentTLogUpper(t: number, df: number): number {
  if (t === 0) return -Math.LN2;
  const ratio = (Math.abs(t) / Math.sqrt(df)) ** 2;
  const logZ = ratio === Infinity ? Math.log(df) - 2 * Math.log(Math.abs(t)) : -Math.log1p(ratio);
  const log1mZ = ratio === Infinity ? 0 : -Math.log1p(1 / ratio);
  const z = Math.exp(logZ);
  const half = z === 0 ? tinyArgument(logZ, df) : logIncompleteBeta(z, df / 2, 0.5, logZ, log1mZ) - Math.LN2;
  return t > 0 ? half : log1mExp(Math.min(half, -Math.LN2));
}

/** Leading term of the series of I_z for z → 0: z^a / (a B(a, ½)). */
function tinyArgument(logZ: number, df: number): number {
  const a = df / 2;
  return a * logZ + logIncompleteBeta(1e-12, a, 0.5) - a * Math.log(1e-12) - Math.LN2;
}

/** Quantile for 0.5 < probability < 1, by bisection on the tail; df of 0.2 and up. */
export function studentTQuantile(probability: number, df: number): number {
  const target = Math.log(1 - probability);
  let high = 1;
  while (studentTLogUpper(high, df) > target && high < 1e100) high *= 2;
  let low = 0;
  for (let step = 0; step < 80 && high - low > 1e-12 * high; step += 1) {
    const middle = (low + high) / 2;
    if (studentTLogUpper(middle, df) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
