/**
 * Whether an entity does more than it used to, and more day after day. Growth by a constant rate makes the logarithm of a day's value rise along a straight line from the
 * day on which it began. So each start within the last days, at each of three rates, has a likelihood ratio: of normal deviations whose mean rises so, against none.
 * The evidence is the mean over the rates and over the starts, in a window of starts (Lai 1998). Where deviations are standard normal each ratio is an e-value, and so is
 * their mean on every day: P(evidence ≥ c) ≤ 1 / c, however many starts there are yet, so that days of a short and of a long history have a place among the same ranks
 * (the sum over starts, as in the e-detectors of Shin, Ramdas & Rinaldo 2022, grows with their number). Deviations are cut from above, which takes evidence away and never gives any: what is extreme on one day is judged by that day, and bursts do not add up to growth.
 */
/** Rise of the logarithm from one working day to the next. */
export const GROWTH_RATES = [0.04, 0.08, 0.16] as const;
/** One day says no more than this many deviations, up or down. */
const UP_MAX = 2;
const DOWN_MAX = 3;
/** Days from a start on before it speaks. */
const DAYS_LEAST = 3;
/** A spread of the logarithm of half a unit is usual; so many days of it stand behind a reference of few days. */
const PRIOR_VARIANCE = 0.25;
const PRIOR_DAYS = 4;
/** Of a log likelihood ratio: beyond, nothing is gained. */
const LOG_MAX = 80;
/** Below, a ratio adds nothing that could be seen. */
const LOG_LEAST = -7;

/** Standard deviation of a day's value (a logarithm) about the mean of a reference of `n` days, shrunk to the usual one and with the mean's own doubt in it. */
export const spreadOf = (n: number, variance: number): number =>
  Math.sqrt(((Math.max(0, n - 1) * variance + PRIOR_DAYS * PRIOR_VARIANCE) / (Math.max(0, n - 1) + PRIOR_DAYS)) * (1 + 1 / Math.max(1, n)));

/** Deviations of a day's value above the reference, cut. */
export const deviationsAbove = (value: number, mean: number, spread: number): number => Math.max(-DOWN_MAX, Math.min(UP_MAX, (value - mean) / spread));

/** log10 of the evidence at the last of `deviations` (oldest first, `count` of them); −∞ while there are too few. `spread` turns a rate into deviations a day. */
export function growthDecades(deviations: ArrayLike<number>, count: number, spread: number): number {
  let total = 0;
  // Σ over the days since a start of (days + 1)·deviation, and of (days + 1)²: from the latest start backwards each is the one before and a sum more.
  let sum = 0;
  let rising = 0;
  for (let start = count - 1, days = 1; start >= 0; start -= 1, days += 1) {
    sum += deviations[start]!;
    rising += sum;
    if (days < DAYS_LEAST) continue;
    const squares = (days * (days + 1) * (2 * days + 1)) / 6;
    for (const rate of GROWTH_RATES) {
      const step = rate / spread;
      const ratio = step * rising - (step * step * squares) / 2;
      if (ratio > LOG_LEAST) total += Math.exp(Math.min(LOG_MAX, ratio));
    }
  }
  return Math.log10(total / (GROWTH_RATES.length * Math.max(1, count - DAYS_LEAST + 1)));
}
