import { ACTIVITY_WEIGHT, BEHAVIOURS, CHANGES_WEIGHT, CONCURRENT_USE_WEIGHT, FEATURE_COUNT, FEATURES, GROWTH_WEIGHT, NOVELTY_WEIGHT, OFF_HOURS_WEIGHT, OTHER_PURPOSE_WEIGHT, REPEATS_WEIGHT, SEQUENCE_WEIGHT, WINDOW_COUNT, type BehaviourId } from './features.js';

export const BEHAVIOUR_COUNT = BEHAVIOURS.length;
export const COST_TOKENS = BEHAVIOURS.indexOf('cost_tokens');
export const NOVELTY = BEHAVIOURS.indexOf('novelty');
export const OFF_HOURS = BEHAVIOURS.indexOf('off_hours');
export const ACTIVITY = BEHAVIOURS.indexOf('activity');
export const SEQUENCE = BEHAVIOURS.indexOf('sequence');
export const GROWTH = BEHAVIOURS.indexOf('growth');
/** Novelty, acts, their order, growth and tallies are judged over a day, the time of week once an hour; the counts and sums in all three windows. */
const JUDGED_IN: Readonly<Record<BehaviourId, readonly boolean[]>> = {
  volume: [true, true, true], breadth: [true, true, true], failures: [true, true, true], cost_tokens: [true, true, true],
  novelty: [false, false, true], off_hours: [false, true, false], activity: [false, false, true], sequence: [false, false, true], growth: [false, false, true],
  repeats: [false, false, true], changes: [false, false, true], concurrent_use: [false, false, true], other_purpose: [false, false, true],
};

/** Index of the behaviour each numeric feature belongs to. */
export const BEHAVIOUR_OF: Uint8Array = Uint8Array.from(FEATURES.map(({ behaviour }) => BEHAVIOURS.indexOf(behaviour)));

/** log10 of a feature's share within its behaviour: Bonferroni inside, so that a behaviour's score is that of a p-value. */
export const FEATURE_LOG_SHARE: Float64Array = Float64Array.from(FEATURES.map(({ behaviour, weight }) => {
  const all = FEATURES.filter((other) => other.behaviour === behaviour).reduce((sum, other) => sum + other.weight, 0);
  return Math.log10(weight / all);
}));

/** Settings of the behaviours that bear on levels. */
export interface WeightSettings { readonly enabled: boolean; readonly weight: number }

/**
 * Share of a window's level that each behaviour gets (weighted Bonferroni). Weights move level from one to another;
 * for each kind of window the shares sum to one whatever the settings are. Layout: window · BEHAVIOUR_COUNT + behaviour.
 */
export function behaviourShares(settings: Readonly<Record<string, WeightSettings>>): Float64Array {
  const shares = new Float64Array(WINDOW_COUNT * BEHAVIOUR_COUNT);
  for (let window = 0; window < WINDOW_COUNT; window += 1) {
    let sum = 0;
    for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
      const id = BEHAVIOURS[behaviour]!;
      const setting = settings[id];
      if (!JUDGED_IN[id][window]! || setting?.enabled === false) continue;
      const share = defaultShare(id) * Math.max(0, setting?.weight ?? 1);
      shares[window * BEHAVIOUR_COUNT + behaviour] = share;
      sum += share;
    }
    if (sum === 0) continue;
    for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) shares[window * BEHAVIOUR_COUNT + behaviour]! /= sum;
  }
  return shares;
}

function defaultShare(id: BehaviourId): number {
  if (id === 'novelty') return NOVELTY_WEIGHT;
  if (id === 'off_hours') return OFF_HOURS_WEIGHT;
  if (id === 'activity') return ACTIVITY_WEIGHT;
  if (id === 'sequence') return SEQUENCE_WEIGHT;
  if (id === 'growth') return GROWTH_WEIGHT;
  if (id === 'repeats') return REPEATS_WEIGHT;
  if (id === 'changes') return CHANGES_WEIGHT;
  if (id === 'concurrent_use') return CONCURRENT_USE_WEIGHT;
  if (id === 'other_purpose') return OTHER_PURPOSE_WEIGHT;
  let sum = 0;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) if (FEATURES[feature]!.behaviour === id) sum += FEATURES[feature]!.weight;
  return sum;
}
