import type { Moments } from './count-baseline.js';
import { studentTLogUpper } from './student-t.js';

/**
 * Magnitudes (bytes, tokens, cost) on the log scale: normal with unknown mean and variance, conjugate prior Normal–inverse-gamma,
 * so the predictive is a Student t (Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution", §3; BDA3 §3.3).
 * With discounted moments (n, mean, variance) of ln x and a prior worth `priorWindows` for the mean and `2α₀` for the variance:
 *   κ = κ₀ + n, α = α₀ + n/2, μ = (κ₀μ₀ + n m)/κ, β = β₀ + n v/2 + κ₀ n (m − μ₀)²/(2κ), t with 2α degrees, scale² = β(κ + 1)/(ακ).
 */
export interface LogStudent { location: number; scale: number; df: number }

/** α₀: the prior variance is worth four windows. */
const PRIOR_ALPHA = 2;
/** Two values that differ by less than a twentieth are the same: a constant stream must not make a 1 % change unlikely. */
const LOG_SD_MIN = 0.05;
/** Standard deviation of ln x assumed where nobody has been seen: a factor of e². */
const LOG_SD_UNKNOWN = 2;

/** Writes the predictive of ln x to `out`; df 0 when nothing is known. */
export function predictMagnitude(own: Moments, prior: Moments, priorWindows: number, out: LogStudent): void {
  const kappa0 = prior.n > 0 ? priorWindows : 0;
  const kappa = kappa0 + own.n;
  if (kappa === 0) { out.location = 0; out.scale = LOG_SD_UNKNOWN; out.df = 0; return; }
  const priorVariance = prior.n > 0 ? Math.max(prior.variance, LOG_SD_MIN * LOG_SD_MIN) : LOG_SD_UNKNOWN * LOG_SD_UNKNOWN;
  const location = (kappa0 * prior.mean + own.n * own.mean) / kappa;
  const alpha = PRIOR_ALPHA + own.n / 2;
  const gap = own.mean - prior.mean;
  // The distance to the peers' mean is between-entity spread, known to be there; it may widen the variance, but only as far as the peers' own.
  const between = kappa0 > 0 ? Math.min((kappa0 * own.n * gap * gap) / (2 * kappa), PRIOR_ALPHA * priorVariance) : 0;
  const beta = PRIOR_ALPHA * priorVariance + (own.n * Math.max(own.variance, LOG_SD_MIN * LOG_SD_MIN)) / 2 + between;
  out.location = location;
  out.scale = Math.sqrt((beta * (kappa + 1)) / (alpha * kappa));
  out.df = 2 * alpha;
}

/** ln P(X ≥ x) of a magnitude under the predictive. */
export const magnitudeLogUpper = (x: number, location: number, scale: number, df: number): number =>
  (x <= 0 ? 0 : studentTLogUpper((Math.log(x) - location) / scale, df));
