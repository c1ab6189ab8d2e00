import { addToBlocks, blockSum, createDriftBlocks, LEVELS, type DriftBlocks } from './drift-blocks.js';
import { createDriftSpread, createSpreadFactors, learnSpread, measureSpread, spreadFactor, type DriftSpread } from './drift-spread.js';

export const DRIFT_VERSION = 3;
/** Silent before it has seen this many, and after each drift again: the new normal is learned from values that did not take part in the decision. */
export const DRIFT_WARM_UP = 400;
/** Each drift makes the time of learning four times as long, up to this, and every so many quiet values halve it: what changes all the time has a rhythm that must be learned. */
const WARM_UP_FACTOR = 4;
const WARM_UP_MAX = 12_800;
const QUIET_VALUES = 10_000;
/** In a time of learning that is longer than the first only this is said: a change within so many values, at so many times the level. */
const SUDDEN_VALUES = 128;
const SUDDEN_LEVELS = 4;
/** Values that must stand before a supposed change. */
const REFERENCE_MIN = 100;
/** A value further from the mean than this many standard deviations counts as if it were there, so that one outlier is no drift. */
const CLIP_DEVIATIONS = 5;

/**
 * A change n values ago is believed when the log likelihood ratio of "changed there" against "never changed" exceeds a level. Windows of n values
 * come anew about every n values, so a level that falls with ln n spends the false alarms evenly over how long ago the change was. It falls faster, for large
 * changes are found at once anyway, and is lowest for those that show within about `MEANT_VALUES`; beyond them it rises again, for a
 * change that small can wait and a long season looks like it. Constants by simulation: docs/quality.md.
 */
const LEAST = 8.5;
const MEANT_VALUES = 400;
const LEVEL_BEFORE = 2.5;
const LEVEL_BEYOND = 0.8;
/** Values other than 0 and 1 have a variance that is estimated too: one more parameter. */
const LEVEL_FOR_VARIANCE = 0.5;
/** From here to the alarm it is a warning. */
const WARNING_SHARE = 0.7;
const Z2_MIN = (2 / 3) * WARNING_SHARE * LEAST;

/** Plain and serialisable (JSON). */
export interface DriftState {
  readonly version: number;
  /** Subtracted from every value, so that a large mean costs no digits. */
  origin: number;
  /** Values to be learned before the next decision. */
  warmUp: number;
  n: number; sum: number; squares: number; binary: boolean;
  blocks: DriftBlocks;
  readonly spread: DriftSpread;
}
/** Where the stream stands. `evidence` is the log likelihood ratio over its threshold; the change began `ago` values back and went from the mean `before` to `after`. */
export interface DriftSignal { readonly zone: 'learning' | 'stable' | 'warning' | 'drift'; readonly evidence: number; readonly ago: number; readonly before: number; readonly after: number }
/** Room for one scan's figures; nothing in it outlives the call. */
const FACTORS = createSpreadFactors();
const LEARNING: DriftSignal = { zone: 'learning', evidence: 0, ago: 0, before: 0, after: 0 };

export const createDriftState = (): DriftState => ({
  version: DRIFT_VERSION, origin: 0, warmUp: DRIFT_WARM_UP, n: 0, sum: 0, squares: 0, binary: true, blocks: createDriftBlocks(), spread: createDriftSpread(),
});

const NOTHING: DriftSignal = { zone: 'stable', evidence: 0, ago: 0, before: 0, after: 0 };

/**
 * Takes one value and says whether the stream has changed: the generalised likelihood ratio over all places of the change (Page 1954, Lorden 1971;
 * windows by exponential histogram as in ADWIN, Bifet & Gavaldà 2007), exact binomial for 0 and 1, Gaussian with unknown variance otherwise.
 * O(log n) memory. Seasons and autocorrelation make the means of blocks vary more than independent values would: each block size has its own
 * measured factor, by which the evidence is divided, so that a swing that was there before is no drift.
 */
export function updateDrift(state: DriftState, value: number): DriftSignal {
  if (value !== 0 && value !== 1) state.binary = false;
  if (state.spread.count[0] === 0 && !state.binary) state.origin = value;
  const x = clip(state, value - state.origin);
  state.n += 1;
  state.sum += x;
  state.squares += x * x;
  learnSpread(state.spread, x);
  addToBlocks(state.blocks, x);
  if (state.n < DRIFT_WARM_UP) return LEARNING;
  const learning = state.n < state.warmUp;
  if (!learning && state.n % QUIET_VALUES === 0) state.warmUp = Math.max(DRIFT_WARM_UP, state.warmUp / 2);
  const found = learning ? scan(state, SUDDEN_LEVELS, SUDDEN_VALUES) : scan(state, 1, Number.POSITIVE_INFINITY);
  if (found.zone === 'drift') forget(state);
  else if (learning) return LEARNING;
  return found;
}

function clip(state: DriftState, x: number): number {
  if (state.binary || state.n < 30) return x;
  const mean = state.sum / state.n;
  const reach = CLIP_DEVIATIONS * Math.sqrt(varianceOf(state));
  return Math.max(mean - reach, Math.min(mean + reach, x));
}

function varianceOf({ n, sum, squares, binary }: DriftState): number {
  const mean = sum / n;
  return Math.max(1e-12, binary ? mean * (1 - mean) : squares / n - mean * mean);
}

const levelAt = (ago: number): number => LEAST + (ago < MEANT_VALUES ? LEVEL_BEFORE * Math.log(MEANT_VALUES / ago) : LEVEL_BEYOND * Math.log(ago / MEANT_VALUES));

/** The strongest change of the last `reach` values, at so many times the level. */
function scan(state: DriftState, levels: number, reach: number): DriftSignal {
  const { n, sum, blocks, binary, spread } = state;
  const mean = sum / n;
  const variance = varianceOf(state);
  let best = NOTHING;
  let ago = 0;
  let after = 0;
  let isMeasured = false;
  for (let level = 0; level < LEVELS; level += 1) {
    const size = 2 ** level;
    // A place 2^i values wide moves by less than a tenth in half as many steps.
    const isDue = level < 2 || (n & ((size >> 1) - 1)) === 0;
    for (let index = blocks.counts[level]! - 1; index >= 0; index -= 1) {
      ago += size;
      after += blockSum(blocks, level, index);
      if (!isDue) continue;
      const before = n - ago;
      if (before < REFERENCE_MIN || ago > reach) return best;
      // Most places differ by less than any threshold asks: no logarithm for those. (The exact ratio is less than three times the Gaussian one.)
      const z2 = (after / ago - (sum - after) / before) ** 2 / (variance * (1 / ago + 1 / before));
      if (z2 < Z2_MIN) continue;
      const ratio = binary ? binomialRatio(sum - after, before, after, ago, mean) : gaussianRatio(z2, n);
      const threshold = levels * (levelAt(ago) + (binary ? 0 : LEVEL_FOR_VARIANCE));
      let evidence = ratio / threshold;
      if (evidence <= best.evidence || evidence < WARNING_SHARE) continue;
      // Both sides vary more than independent values would, each by the factor of its length.
      if (!isMeasured) measureSpread(spread, variance, FACTORS);
      isMeasured = true;
      evidence /= (spreadFactor(FACTORS, ago) / ago + spreadFactor(FACTORS, before) / before) / (1 / ago + 1 / before);
      if (evidence <= best.evidence || evidence < WARNING_SHARE) continue;
      best = { zone: evidence > 1 ? 'drift' : 'warning', evidence, ago, before: state.origin + (sum - after) / before, after: state.origin + after / ago };
      if (evidence > 1) return best;
    }
  }
  return best;
}

/** Log likelihood ratio of two rates against one (half the G statistic). */
const binomialRatio = (s0: number, n0: number, s1: number, n1: number, mean: number): number => part(s1, mean * n1) + part(n1 - s1, (1 - mean) * n1) + part(s0, mean * n0) + part(n0 - s0, (1 - mean) * n0);
const part = (seen: number, expected: number): number => (seen <= 0 ? 0 : seen * Math.log(seen / expected));

/** Of two means against one with a common unknown variance: n/2 · ln(total over within sum of squares). */
const gaussianRatio = (z2: number, n: number): number => (n / 2) * Math.log1p(z2 / Math.max(1, n - 2 - z2));

/** Learns the new normal afresh: the values that decided are a biased sample of it. How much blocks vary stays. */
function forget(state: DriftState): void {
  Object.assign(state, { n: 0, sum: 0, squares: 0, warmUp: Math.min(WARM_UP_MAX, WARM_UP_FACTOR * state.warmUp), blocks: createDriftBlocks() });
}
