/** Scores are −log10 of a model's p; a bucket is a tenth of a decade. Beyond the last they are one. */
export const SCORE_BUCKETS = 640;
const BUCKETS_PER_DECADE = 10;
/** A true p gives exponential scores with mean log10(e); models of people are rougher, so the assumption before there is data is twice that. */
const PRIOR_SCALE = 2 * Math.LOG10E;
const PRIOR_EXCEEDANCES = 10;
const EXCEEDANCES_MIN = 20;
const EXCEEDANCE_SHARE = 0.02;
/** Below this many scores the calibration is an assumption, and says so. */
export const CALIBRATED_FROM_SCORES = 50;

export const scoreBucket = (score: number): number => Math.max(0, Math.min(SCORE_BUCKETS - 1, Math.floor(score * BUCKETS_PER_DECADE)));

/**
 * The tail of recent scores: P(S ≥ s) = 10^logMass · e^(−(s − start)/scale) for s ≥ start. `start` is the score that about one
 * in fifty exceeds. The excess over a high threshold is taken as exponential (peaks over threshold, Pickands 1975, with shape 0:
 * scores are log p, so a heavy tail of the data is already an exponential tail of the score).
 */
export interface FittedTail { n: number; start: number; logMass: number; scale: number }

/**
 * Fits the tail to bucket counts; with few scores the prior speaks. Bucket 0 (nothing unusual) never belongs to the tail: where
 * fewer than one in fifty are beyond it, the tail begins at the least of those. The scale is its upper one-sigma bound, for a false alarm costs more than a decade. `n` counts bucket 0 too.
 */
export function fitTail(buckets: ArrayLike<number> | null, n: number, out: FittedTail): void {
  const wanted = Math.max(EXCEEDANCES_MIN, n * EXCEEDANCE_SHARE);
  let exceedances = 0;
  let first = buckets === null ? 1 : SCORE_BUCKETS;
  for (let bucket = SCORE_BUCKETS - 1; buckets !== null && bucket >= 1 && exceedances < wanted; bucket -= 1) {
    if (buckets[bucket]! === 0) continue;
    exceedances += buckets[bucket]!;
    first = bucket;
  }
  if (exceedances === 0) first = 1;
  const start = first / BUCKETS_PER_DECADE;
  let excess = 0;
  for (let i = first; exceedances > 0 && i < SCORE_BUCKETS; i += 1) excess += buckets![i]! * ((i + 0.5) / BUCKETS_PER_DECADE - start);
  const weight = exceedances + PRIOR_EXCEEDANCES;
  out.n = n;
  out.start = start;
  out.logMass = Math.log10((exceedances + 1) / (n + 1));
  out.scale = ((excess + PRIOR_EXCEEDANCES * PRIOR_SCALE) / weight) * (1 + 1 / Math.sqrt(weight));
}

/**
 * Ranks may give back what a score was charged beforehand (Bonferroni over dependent features, the steps of a discrete tail), up to a
 * factor of five. Where they would be kinder to an alarm than that, the model is believed: nobody was unusual lately is no reason.
 */
export const GIVEN_BACK_MAX = 0.7;

/** −log10 of the calibrated p of a score: a rank inside the data, the fitted tail beyond. */
export function calibratedStrength(score: number, start: number, logMass: number, scale: number): number {
  if (score <= start) return Math.min(score, -logMass);
  return Math.min(score + GIVEN_BACK_MAX, -logMass + ((score - start) / scale) * Math.LOG10E);
}

/** The score whose calibrated p is `10^−strength`; inverse of `calibratedStrength`. */
export function scoreAtStrength(strength: number, start: number, logMass: number, scale: number): number {
  if (strength <= -logMass) return Math.max(start, strength);
  return Math.max(strength - GIVEN_BACK_MAX, start + ((strength + logMass) * scale) / Math.LOG10E);
}
