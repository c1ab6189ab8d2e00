import { calibratedStrength, scoreAtStrength, TAIL_NUMBERS } from '@wary/baseline/score-calibration.js';
import { magnitudeLogUpper } from '@wary/baseline/magnitude-baseline.js';
import { negativeBinomialLogUpper } from '@wary/baseline/negative-binomial.js';
import { BEHAVIOUR_COUNT, BEHAVIOUR_OF, FEATURE_LOG_SHARE, ACTIVITY, GROWTH, NOVELTY, OFF_HOURS, SEQUENCE } from './behaviour-weights.js';
import { isTallied, scoreOfTallies } from './tally/note-tallies.js';
import type { Core } from './core.js';
import { HOT, WINDOW } from './entity-layout.js';
import { FEATURE_COUNT, FEATURES } from './features.js';
import type { OpenWindow } from './open-window.js';

export const isCount: readonly boolean[] = FEATURES.map(({ kind }) => kind === 'count');

/** The predictive of a feature as it stood when its window opened: mean, size, 1 – or location, scale, degrees of the logarithm; c 0: not judged. */
export interface Predicted { readonly count: boolean; readonly a: number; readonly b: number; readonly c: number }

export function predictedOf({ chunk, f }: OpenWindow, feature: number): Predicted {
  const at = f + WINDOW.predicted + feature * 3;
  return { count: isCount[feature]!, a: chunk.f32[at]!, b: chunk.f32[at + 1]!, c: chunk.f32[at + 2]! };
}

export const valueOf = ({ hot, hd }: OpenWindow, feature: number): number => hot.f64[hd + HOT.values + feature]!;

/** ln P(X ≥ value) before anything of this window was seen. Counts and sums only grow, so it is a valid p at every event. */
export function logUpper({ chunk, f }: OpenWindow, feature: number, value: number): number {
  const at = f + WINDOW.predicted + feature * 3;
  const { f32 } = chunk;
  if (f32[at + 2]! === 0) return 0;
  return isCount[feature]! ? negativeBinomialLogUpper(value, f32[at]!, f32[at + 1]!) : magnitudeLogUpper(value, f32[at]!, f32[at + 1]!, f32[at + 2]!);
}

/** A feature's score: −log10 of its p, Bonferroni-corrected within its behaviour. */
export const featureScore = (window: OpenWindow, feature: number, value: number): number =>
  -logUpper(window, feature, value) * Math.LOG10E + FEATURE_LOG_SHARE[feature]!;

/** The strongest feature of a behaviour; 0 when nothing exceeds its screen. */
export function behaviourScore(window: OpenWindow, behaviour: number): number {
  if (behaviour === NOVELTY) return window.noveltyScore;
  if (behaviour === OFF_HOURS) return window.offHours;
  if (behaviour === ACTIVITY) return window.acts?.score ?? 0;
  if (behaviour === SEQUENCE) return window.order?.score ?? 0;
  if (behaviour === GROWTH) return window.growth;
  if (isTallied(behaviour)) return window.tally === null ? 0 : scoreOfTallies(window.tally, behaviour);
  const { exceeded } = window;
  let strongest = 0;
  for (let feature = 0; exceeded >>> feature !== 0 && feature < FEATURE_COUNT; feature += 1) {
    if (BEHAVIOUR_OF[feature] === behaviour && (exceeded & (1 << feature)) !== 0) strongest = Math.max(strongest, featureScore(window, feature, valueOf(window, feature)));
  }
  return strongest;
}

/** Calibrated strength of a score under the tails of the window's time. */
export function strengthOf({ chunk, f }: OpenWindow, behaviour: number, score: number): number {
  const at = f + WINDOW.tails + behaviour * TAIL_NUMBERS;
  return Math.max(0, calibratedStrength(score, chunk.f32, at));
}

export function scoreFor({ chunk, f }: OpenWindow, behaviour: number, strength: number): number {
  const at = f + WINDOW.tails + behaviour * TAIL_NUMBERS;
  return scoreAtStrength(strength, chunk.f32, at);
}

/** The score lies among those that were seen often enough to be ranked; beyond, the fitted tail speaks. */
export const isRanked = ({ chunk, f }: OpenWindow, behaviour: number, score: number): boolean => score <= chunk.f32[f + WINDOW.tails + behaviour * TAIL_NUMBERS + 2]!;

/** Strength a behaviour must reach in this window to be raised: its share of the window's level. Infinite when it has none. */
export function wantedStrength(core: Core, window: OpenWindow, behaviour: number): number {
  const share = core.shares[window.kind * BEHAVIOUR_COUNT + behaviour]!;
  const { level } = window;
  return level > 0 && share > 0 ? -Math.log10(level * share) : Number.POSITIVE_INFINITY;
}

/**
 * A value below which a count whose ln p is `logP` at `value` cannot have reached `wanted`. For a negative binomial
 * S(x+1)/S(x) is at least the smallest ratio of consecutive masses from x on, (j+r)/(j+1)·q, so ln p falls by at most its logarithm a step.
 */
export function nextCountCheck(value: number, logP: number, wanted: number, mean: number, size: number): number {
  const q = mean / (mean + size);
  const reach = Math.max(1, Math.floor(value * 0.1));
  const at = size >= 1 ? value + reach : value;
  const ratio = Math.min(q * ((at + size) / (at + 1)), 1 - 1e-12);
  return value + Math.max(1, Math.min(reach, Math.ceil((logP - wanted) / -Math.log(ratio))));
}

/** The same for a magnitude: the hazard of Student's t at t is at most that of the normal, which is below t + 1. */
export function nextMagnitudeCheck(value: number, logP: number, wanted: number, location: number, scale: number): number {
  const t = Math.max(1, (Math.log(value) - location) / scale);
  const next = Math.sqrt((t + 1) ** 2 + 2 * (logP - wanted)) - 1;
  return Math.exp(location + scale * next) * (1 - 1e-6);
}
