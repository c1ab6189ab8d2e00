import { calibratedStrength, scoreAtStrength } from '@wary/baseline/score-calibration.js';
import { magnitudeLogUpper } from '@wary/baseline/magnitude-baseline.js';
import { negativeBinomialLogUpper } from '@wary/baseline/negative-binomial.js';
import { BEHAVIOUR_COUNT, BEHAVIOUR_OF, FEATURE_LOG_SHARE, NOVELTY, OFF_HOURS } from './behaviour-weights.js';
import type { Core } from './core.js';
import { WINDOW, WINDOW_LAYOUT } from './entity-layout.js';
import type { OpenWindow } from './entity-state.js';
import { FEATURE_COUNT, FEATURES } from './features.js';
import { chunkOf, placeOf } from './slab.js';

export const isCount: readonly boolean[] = FEATURES.map(({ kind }) => kind === 'count');

/** The predictive of a feature as it stood when its window opened: mean, size – or location, scale, degrees of the logarithm. */
export interface Predicted { readonly count: boolean; a: number; b: number; c: number }

export function predictedOf(core: Core, window: OpenWindow, feature: number): Predicted {
  const floats = core.windows.f32[chunkOf(window.row)]!;
  const at = placeOf(window.row) * WINDOW_LAYOUT.f32 + WINDOW.predicted + feature * 3;
  return { count: isCount[feature]!, a: floats[at]!, b: floats[at + 1]!, c: floats[at + 2]! };
}

export function valueOf(core: Core, window: OpenWindow, feature: number): number {
  return core.windows.f64[chunkOf(window.row)]![placeOf(window.row) * WINDOW_LAYOUT.f64 + feature]!;
}

/** ln P(X ≥ value) before anything of this window was seen. Counts and sums only grow, so it is a valid p at every event. */
export function logUpper(core: Core, window: OpenWindow, feature: number, value: number): number {
  const floats = core.windows.f32[chunkOf(window.row)]!;
  const at = placeOf(window.row) * WINDOW_LAYOUT.f32 + WINDOW.predicted + feature * 3;
  if (floats[at + 2]! === 0) return 0;
  return isCount[feature]! ? negativeBinomialLogUpper(value, floats[at]!, floats[at + 1]!) : magnitudeLogUpper(value, floats[at]!, floats[at + 1]!, floats[at + 2]!);
}

/** A feature's score: −log10 of its p, Bonferroni-corrected within its behaviour. */
export const featureScore = (core: Core, window: OpenWindow, feature: number, value: number): number =>
  -logUpper(core, window, feature, value) * Math.LOG10E + FEATURE_LOG_SHARE[feature]!;

/** The strongest feature of a behaviour; 0 when nothing exceeds its screen. */
export function behaviourScore(core: Core, window: OpenWindow, behaviour: number): number {
  if (behaviour === NOVELTY) return window.noveltyScore;
  if (behaviour === OFF_HOURS) return window.offHours;
  let strongest = 0;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    if (BEHAVIOUR_OF[feature] !== behaviour || (window.exceeded & (1 << feature)) === 0) continue;
    strongest = Math.max(strongest, featureScore(core, window, feature, valueOf(core, window, feature)));
  }
  return strongest;
}

/** Calibrated strength of a score under the tails of the window's time. */
export function strengthOf(core: Core, window: OpenWindow, behaviour: number, score: number): number {
  const floats = core.windows.f32[chunkOf(window.row)]!;
  const at = placeOf(window.row) * WINDOW_LAYOUT.f32 + WINDOW.tails + behaviour * 3;
  return Math.max(0, calibratedStrength(score, floats[at]!, floats[at + 1]!, floats[at + 2]!));
}

export function scoreFor(core: Core, window: OpenWindow, behaviour: number, strength: number): number {
  const floats = core.windows.f32[chunkOf(window.row)]!;
  const at = placeOf(window.row) * WINDOW_LAYOUT.f32 + WINDOW.tails + behaviour * 3;
  return scoreAtStrength(strength, floats[at]!, floats[at + 1]!, floats[at + 2]!);
}

/** The score lies among those that were seen often enough to be ranked; beyond, the fitted tail speaks. */
export const isRanked = (core: Core, window: OpenWindow, behaviour: number, score: number): boolean =>
  score <= core.windows.f32[chunkOf(window.row)]![placeOf(window.row) * WINDOW_LAYOUT.f32 + WINDOW.tails + behaviour * 3]!;

/** Strength a behaviour must reach in this window to be raised: its share of the window's level. Infinite when it has none. */
export function wantedStrength(core: Core, window: OpenWindow, behaviour: number): number {
  const share = core.shares[window.kind * BEHAVIOUR_COUNT + behaviour]!;
  return window.level > 0 && share > 0 ? -Math.log10(window.level * share) : Number.POSITIVE_INFINITY;
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
