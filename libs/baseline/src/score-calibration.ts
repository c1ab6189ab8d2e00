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
 * Scores of bursts have heavy tails themselves: work that comes in sizes of log-normal or heavier law gives scores that grow with the size, not with its logarithm. Bursts are a few in
 * a thousand: beyond that, where no rank reaches, a generalized Pareto law of this shape stands for them (Pickands 1975), before it an exponential one, which the scores of a true p follow.
 */
export const TAIL_SHAPE = 0.25;
/** In decades. */
const HEAVY_FROM = 3;

/**
 * The tail of recent scores. Ranks speak as far as they reach: `start` is the score that about one in fifty exceeds (P = 10^−mass), `far` the one
 * that only the twenty highest do (10^−farMass); between them log P is taken as straight, and beyond falls by 1/scale a unit. From a thousandth on, or from the ranks' end where that
 * is further, P = P₀ · (1 + ξ(s − s₀)/scale)^(−1/ξ), ξ the shape: peaks over a high threshold. Fitted to the highest alone, for what bursts is a few in a thousand, and the other ninety-nine in a hundred say nothing about it.
 */
export interface FittedTail { n: number; start: number; mass: number; far: number; farMass: number; scale: number }
/** Places of a tail where tails lie side by side. */
export const TAIL_NUMBERS = 5;

/**
 * Fits the tail to bucket counts; with few scores the prior speaks. Bucket 0 (nothing unusual) never belongs to the tail: where
 * fewer than one in fifty are beyond it, the tail begins at the least of those. The scale is its upper one-sigma bound, for a false alarm costs more than a decade. `n` counts bucket 0 too.
 */
export function fitTail(buckets: ArrayLike<number> | null, n: number, out: FittedTail): void {
  const wanted = Math.max(EXCEEDANCES_MIN, n * EXCEEDANCE_SHARE);
  let exceedances = 0;
  let first = buckets === null ? 1 : SCORE_BUCKETS;
  let highest = 0;
  let farthest = first;
  for (let bucket = SCORE_BUCKETS - 1; buckets !== null && bucket >= 1 && exceedances < wanted; bucket -= 1) {
    if (buckets[bucket]! === 0) continue;
    if (exceedances < EXCEEDANCES_MIN) { highest = exceedances + buckets[bucket]!; farthest = bucket; }
    exceedances += buckets[bucket]!;
    first = bucket;
  }
  if (exceedances === 0) { first = 1; farthest = 1; }
  out.n = n;
  out.start = first / BUCKETS_PER_DECADE;
  out.mass = -Math.log10((exceedances + 1) / (n + 1));
  out.far = farthest / BUCKETS_PER_DECADE;
  out.farMass = Math.max(out.mass, -Math.log10((highest + 1) / (n + 1)));
  let excess = 0;
  for (let i = farthest; highest > 0 && i < SCORE_BUCKETS; i += 1) excess += buckets![i]! * ((i + 0.5) / BUCKETS_PER_DECADE - out.far);
  const weight = highest + PRIOR_EXCEEDANCES;
  // The mean excess of a Pareto tail is scale / (1 − ξ).
  const scale = (out.farMass >= HEAVY_FROM ? 1 - TAIL_SHAPE : 1) * ((excess + PRIOR_EXCEEDANCES * PRIOR_SCALE) / weight) * (1 + 1 / Math.sqrt(weight));
  // A tail is not thinner beyond the ranks than within them; where the highest lie in the last bucket, this alone says how wide they are apart.
  out.scale = out.farMass > out.mass ? Math.max(scale, ((out.far - out.start) / (out.farMass - out.mass)) * Math.LOG10E) : scale;
}

/**
 * A group's own ranks reach as far as it has scores; beyond them its tail runs as that of its kind does, which has seen more: P(S ≥ s | S ≥ far) is taken from there.
 * `kind` holds the five numbers of its tail at `at`. Writes to `group`.
 */
export function extendTail(group: FittedTail, kind: ArrayLike<number>, at: number): void {
  const far = kind[at + 2]!;
  const farMass = kind[at + 3]!;
  const scale = kind[at + 4]!;
  if (far <= group.far) { group.scale = Math.max(group.scale, scale); return; }
  group.farMass += farMass - rankedStrength(group.far, kind[at]!, kind[at + 1]!, far, farMass, scale);
  group.far = far;
  group.scale = scale;
}

/**
 * Ranks may give back what a score was charged beforehand (Bonferroni over dependent features, the steps of a discrete tail), up to a
 * factor of five. Where they would be kinder to an alarm than that, the model is believed: nobody was unusual lately is no reason.
 */
export const GIVEN_BACK_MAX = 0.7;

/** −log10 P(S ≥ score) by the ranks and the tail beyond them. */
function rankedStrength(score: number, start: number, mass: number, far: number, farMass: number, scale: number): number {
  if (score <= start) return Math.min(score, mass);
  if (score <= far) return mass + ((score - start) / (far - start)) * (farMass - mass);
  const light = Math.max(0, HEAVY_FROM - farMass);
  const heavy = (score - far) / scale - light * Math.LN10;
  return heavy <= 0 ? farMass + ((score - far) / scale) * Math.LOG10E : farMass + light + Math.log10(1 + TAIL_SHAPE * heavy) / TAIL_SHAPE;
}

/** −log10 of the calibrated p of a score, from the five numbers of a tail at `at`: a rank inside the data, the fitted tail beyond. */
export function calibratedStrength(score: number, tail: ArrayLike<number>, at: number): number {
  const start = tail[at]!;
  if (score <= start) return Math.min(score, tail[at + 1]!);
  return Math.min(score + GIVEN_BACK_MAX, rankedStrength(score, start, tail[at + 1]!, tail[at + 2]!, tail[at + 3]!, tail[at + 4]!));
}

/** The score whose calibrated p is `10^−strength`; inverse of `calibratedStrength`. */
export function scoreAtStrength(strength: number, tail: ArrayLike<number>, at: number): number {
  const start = tail[at]!;
  const mass = tail[at + 1]!;
  const far = tail[at + 2]!;
  const farMass = tail[at + 3]!;
  if (strength <= mass) return Math.max(start, strength);
  if (strength <= farMass && far > start) return Math.max(strength - GIVEN_BACK_MAX, start + ((strength - mass) / (farMass - mass)) * (far - start));
  const light = Math.max(0, HEAVY_FROM - farMass);
  const beyond = strength - farMass;
  const ranked = far + tail[at + 4]! * (Math.min(beyond, light) * Math.LN10 + (beyond > light ? (10 ** (TAIL_SHAPE * (beyond - light)) - 1) / TAIL_SHAPE : 0));
  return Math.max(strength - GIVEN_BACK_MAX, ranked);
}

/** Puts a tail where its five numbers lie. */
export function placeTail({ start, mass, far, farMass, scale }: FittedTail, out: Float32Array | Float64Array, at: number): void {
  out[at] = start;
  out[at + 1] = mass;
  out[at + 2] = far;
  out[at + 3] = farMass;
  out[at + 4] = scale;
}
