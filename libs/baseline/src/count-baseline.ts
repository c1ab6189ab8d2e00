/**
 * Counts in a window: Poisson given the rate, the rate Gamma distributed (Gamma–Poisson), so the predictive is a negative binomial.
 *
 * What is kept is the discounted number of windows n, their mean and their mean squared deviation. Discounting by
 * (1 − 1/memory) a window is the power-discount model of West & Harrison (1997, §10.8) and Harvey & Fernandes (1989):
 * the baseline follows a slow change and never becomes surer than `memory` windows allow.
 * Real windows are over-dispersed even around a known rate (bursts, seasons). So the variance of the predictive has three parts:
 *   Poisson noise μ  +  μ²c, c the over-dispersion, shrunk towards that of the peers  +  the uncertainty of μ itself, σ²/(n + n₀).
 * The mean is shrunk towards the peers' with the weight of n₀ windows (empirical Bayes, Robbins 1956; Gelman et al., BDA3 §2.4).
 */
export interface Moments { n: number; mean: number; variance: number }

/** Weight of the prior over-dispersion, in informative windows: a variance needs more data than a mean. */
const DISPERSION_PRIOR_WINDOWS = 8;
/** Over-dispersion assumed where nobody has been seen: a coefficient of variation of 1 beside the Poisson noise … */
const DISPERSION_UNKNOWN = 1;
/** … and bursts: who does a rare thing at all does it about this many times more (index of dispersion of a compound Poisson). */
const BURST_UNKNOWN = 4;

/** Adds a window's value; `memory` is the longest memory in windows. Mutates `into`. */
export function learnMoments(into: Moments, value: number, memory: number): void {
  const n = into.n * (1 - 1 / memory) + 1;
  const delta = value - into.mean;
  const mean = into.mean + delta / n;
  // Welford's update with weights (West 1979).
  into.variance = ((n - 1) * into.variance + delta * (value - mean)) / n;
  into.mean = mean;
  into.n = n;
}

const overDispersion = (mean: number, variance: number): number => (mean > 0 ? Math.max(0, variance - mean) / (mean * mean) : 0);

/** A thousand windows with three events in them say as much about bursts as three windows: what informs is the smaller of the two. */
const informative = (n: number, mean: number): number => Math.min(n, n * mean);

/**
 * Mean and variance of the next window's count. `own` is the entity's, `prior` its peers' (n = 0: nothing known);
 * `priorWindows` is n₀. Writes to `out`.
 */
export function predictCount(own: Moments, prior: Moments, priorWindows: number, out: Moments): void {
  const weight = prior.n > 0 ? priorWindows : 0;
  const n = own.n + weight;
  out.n = n;
  if (n === 0) { out.mean = 0; out.variance = 0; return; }
  // Half a count stands in for the rate while none has been seen, and fades as counts come: the next one must not be impossible (Jeffreys).
  const counts = own.n * own.mean + weight * prior.mean;
  const mean = (counts + 0.5 / (1 + counts)) / n;
  let dispersion = DISPERSION_UNKNOWN + BURST_UNKNOWN / mean;
  const peers = prior.n > 1 ? informative(prior.n, prior.mean) : 0;
  if (peers > 0) dispersion = shrink(overDispersion(prior.mean, prior.variance), peers, dispersion);
  const known = own.n > 1 ? informative(own.n, own.mean) : 0;
  if (known > 0) dispersion = shrink(overDispersion(own.mean, (own.variance * own.n) / (own.n - 1)), known, dispersion);
  const within = mean + mean * mean * dispersion;
  out.mean = mean;
  out.variance = within + within / n;
}

const shrink = (value: number, weight: number, towards: number): number =>
  (weight * value + DISPERSION_PRIOR_WINDOWS * towards) / (weight + DISPERSION_PRIOR_WINDOWS);
