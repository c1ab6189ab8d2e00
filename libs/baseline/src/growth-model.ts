/**
 * Whether an entity does more than it used to, day after day: an e-detector over days (Shiryaev–Roberts sums, Shin, Ramdas & Rinaldo 2022),
 * for shifts of half, one and two of its own standard deviations. Each day multiplies by the likelihood ratio of a normal mean, on the logarithm,
 * against a reference that the latest days have not entered yet; R ← (1 + R)·e sums over all days on which the shift may have begun.
 */
export const GROWTH_EFFECTS = [0.5, 1, 2] as const;
/** One day says no more than this many deviations, up or down: what is extreme on one day is judged by that day. */
const UP_MAX = 2.5;
const DOWN_MAX = 3;
/** A spread of the logarithm of half a unit is usual; so many days of it stand behind a reference of few days. */
const PRIOR_VARIANCE = 0.25;
const PRIOR_DAYS = 4;
/** Of ln R: beyond, nothing is gained. */
const LOG_MAX = 80;

/** Deviations of a day's value (a logarithm) above the reference of `n` days, with the spread shrunk to the usual one and the mean's own doubt in it. */
export function deviationsAbove(value: number, n: number, mean: number, variance: number): number {
  const spread = Math.sqrt(((Math.max(0, n - 1) * variance + PRIOR_DAYS * PRIOR_VARIANCE) / (Math.max(0, n - 1) + PRIOR_DAYS)) * (1 + 1 / Math.max(1, n)));
  return Math.max(-DOWN_MAX, Math.min(UP_MAX, (value - mean) / spread));
}

/** ln R after a day, from ln R before it (−∞: nothing). */
export const addGrowth = (logSum: number, deviations: number, effect: number): number =>
  Math.min(LOG_MAX, (logSum > 0 ? logSum + Math.log1p(Math.exp(-logSum)) : Math.log1p(Math.exp(logSum))) + effect * deviations - (effect * effect) / 2);

/** log10 of the mean over the effects, from their ln R. */
export function growthDecades(logSums: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < GROWTH_EFFECTS.length; i += 1) most = Math.max(most, logSums[i]!);
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let i = 0; i < GROWTH_EFFECTS.length; i += 1) sum += Math.exp(logSums[i]! - most);
  return (most + Math.log(sum / GROWTH_EFFECTS.length)) * Math.LOG10E;
}
