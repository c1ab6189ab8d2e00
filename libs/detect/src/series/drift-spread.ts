/** Block sizes 1, 2, 4 … 32,768. */
const SIZES = 16;
/** Blocks over which the level and the spread of a size are remembered. */
const LEVEL_BLOCKS = 128;
const SPREAD_BLOCKS = 512;
/** Blocks' worth of belief that values are independent. */
const INDEPENDENT_PRIOR = 8;
/** Standard errors. */
const CAUTION = 1.5;

/**
 * How much means of consecutive blocks vary, by block size: `size × (block mean − its level)²`, which is the variance of one value where values are
 * independent and much more where there are seasons or long memory. It outlives a drift, for the rhythm of a stream does.
 */
export interface DriftSpread { readonly pending: number[]; readonly isPending: number[]; readonly level: number[]; readonly spread: number[]; readonly count: number[] }

const zeros = (): number[] => new Array<number>(SIZES).fill(0);
export const createDriftSpread = (): DriftSpread => ({ pending: zeros(), isPending: zeros(), level: zeros(), spread: zeros(), count: zeros() });

export function learnSpread(state: DriftSpread, value: number): void {
  let sum = value;
  for (let k = 0, size = 1; k < SIZES; k += 1, size *= 2) {
    const mean = sum / size;
    const count = (state.count[k]! += 1);
    if (count > 1) {
      const square = size * (mean - state.level[k]!) ** 2;
      state.spread[k]! += (square - state.spread[k]!) / Math.min(count - 1, SPREAD_BLOCKS);
    }
    state.level[k]! += (mean - state.level[k]!) / Math.min(count, LEVEL_BLOCKS);
    if (state.isPending[k] === 0) {
      state.isPending[k] = 1;
      state.pending[k] = sum;
      return;
    }
    state.isPending[k] = 0;
    sum += state.pending[k]!;
  }
}

/** By how much the mean of `size` values varies more than `variance / size`; at least 1. The larger of the two block sizes around it, for under a season the factor grows with size. */
export function spreadFactor(state: DriftSpread, size: number, variance: number): number {
  const k = Math.min(SIZES - 2, 31 - Math.clz32(size));
  return Math.max(1, factorOf(state, k, variance), factorOf(state, k + 1, variance));
}

function factorOf(state: DriftSpread, k: number, variance: number): number {
  const seen = Math.min(state.count[k]!, SPREAD_BLOCKS);
  const ratio = (INDEPENDENT_PRIOR + (seen * state.spread[k]!) / variance) / (INDEPENDENT_PRIOR + seen);
  // Of independent values the ratio scatters by √(2/n): only what is beyond that is believed, or half of all streams would be seen late.
  return ratio / (1 + CAUTION * Math.sqrt(2 / (INDEPENDENT_PRIOR + seen)));
}

/** After a drift blocks vary around the new level. */
export function moveSpread(state: DriftSpread, level: number): void {
  state.level.fill(level);
}
