/**
 * Special functions in log space: a tail of 1e-300 is a number like any other here, and 1e-30000 too.
 * Sources: Lanczos approximation with g = 7, n = 9 (Godfrey 2001); continued fraction of the incomplete beta
 * function, DLMF 8.17.22, evaluated by the modified Lentz algorithm (Thompson & Barnett 1986).
 */

const LANCZOS_G = 7;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;
const HALF_LOG_2PI = 0.9189385332046727;
/** Above this the Stirling series (DLMF 5.11.1) is exact to double precision and cheaper. */
const STIRLING_FROM = 15;

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x >= STIRLING_FROM) {
    const inverse = 1 / x;
    const square = inverse * inverse;
    return (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI
      + inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  }
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const shifted = x - 1;
  let sum: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i += 1) sum += LANCZOS[i]! / (shifted + i);
  const base = shifted + LANCZOS_G + 0.5;
  return HALF_LOG_2PI + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** ln(Γ(z) / Stirling(z)), the remainder of the Stirling series, z ≥ 15. */
function stirlingRemainder(z: number): number {
  const inverse = 1 / z;
  const square = inverse * inverse;
  return inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680))));
}

/** ln B(a, b). For a large argument the difference of two large ln Γ is taken apart, so that no digits are lost. */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < STIRLING_FROM) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const sum = a + b;
  // ln Γ(large) − ln Γ(large + small), from Stirling with log1p where it cancels.
  const difference = -(large - 0.5) * Math.log1p(small / large) - small * Math.log(sum) + small + stirlingRemainder(large) - stirlingRemainder(sum);
  return logGamma(small) + difference;
}

/** ln(1 − e^x) for x < 0, without cancellation at either end (Mächler 2012). */
export const log1mExp = (x: number): number => (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x)));

/** ln(e^a + e^b). */
export function logAddExp(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

const TINY = 1e-300;
const ITERATIONS_MAX = 20_000;

function betaContinuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < TINY ? TINY : d);
  let result = d;
  for (let m = 1; m <= ITERATIONS_MAX; m += 1) {
    const m2 = 2 * m;
    let term = (m * (b - m) * x) / ((a + m2 - 1) * (a + m2));
    d = 1 + term * d;
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    c = 1 + term / c;
    if (Math.abs(c) < TINY) c = TINY;
    result *= d * c;
    term = (-(a + m) * (a + b + m) * x) / ((a + m2) * (a + m2 + 1));
    d = 1 + term * d;
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    c = 1 + term / c;
    if (Math.abs(c) < TINY) c = TINY;
    const factor = d * c;
    result *= factor;
    if (Math.abs(factor - 1) < 1e-14) break;
  }
  return result;
}

/**
 * ln I_x(a, b), the regularised incomplete beta function, a, b > 0.
 * `logX` and `log1mX` are ln x and ln(1 − x), handed over because the caller knows them without cancellation.
 */
export function logIncompleteBeta(x: number, a: number, b: number, logX = Math.log(x), log1mX = Math.log1p(-x)): number {
  if (!(x > 0)) return -Infinity;
  if (x >= 1) return 0;
  const front = a * logX + b * log1mX - logBeta(a, b);
  if (x < (a + 1) / (a + b + 2)) return Math.min(0, front - Math.log(a) + Math.log(betaContinuedFraction(x, a, b)));
  const complement = front - Math.log(b) + Math.log(betaContinuedFraction(1 - x, b, a));
  return complement >= 0 ? -Infinity : log1mExp(complement);
}
