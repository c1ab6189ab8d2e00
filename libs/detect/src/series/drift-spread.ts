/** Block sizes 1, 2, 4 … 32,768. */
const SIZES = 16;
/** Pairs of blocks over which a size is remembered. */
const PAIRS_MEMORY = 512;
/** Pairs' worth of belief that values are independent. */
const INDEPENDENT_PRIOR = 5;

/**
 * How much means of blocks vary, by block size (Haar wavelet variance, Percival 1995): for each block and the one before it `size × (difference of
 * their means)² / 2`, which is the variance of one value where values are independent and much more where a rhythm of about that length goes up and
 * down. `sum` adds them up, `largest` is left out of it: a change of level is one large difference at each size, a rhythm is many, so a drift
 * does not excuse itself. It outlives a drift, for the rhythm of a stream does.
 */
export interface DriftSpread { readonly pending: number[]; readonly isPending: number[]; readonly sum: number[]; readonly largest: number[]; readonly count: number[] }

/** Of the latest block of a size: there is none; it waits for its second half, with which it becomes one of the next size; it was that half. */
const NONE = 0;
const FIRST = 1;
const SECOND = 2;

const zeros = (): number[] => new Array<number>(SIZES).fill(0);
export const createDriftSpread = (): DriftSpread => ({ pending: zeros(), isPending: zeros(), sum: zeros(), largest: zeros(), count: zeros() });

export function learnSpread({ pending, isPending, sum, largest, count }: DriftSpread, value: number): void {
  let block = value;
  for (let k = 0, size = 1; k < SIZES; k += 1, size *= 2) {
    const before = pending[k]!;
    const place = isPending[k]!;
    pending[k] = block;
    if (place !== NONE) {
      const square = (block - before) ** 2 / (2 * size);
      count[k]! += 1;
      const keep = count[k]! > PAIRS_MEMORY ? 1 - 1 / PAIRS_MEMORY : 1;
      sum[k] = sum[k]! * keep + square;
      largest[k] = Math.max(largest[k]! * keep, square);
    }
    isPending[k] = place === FIRST ? SECOND : FIRST;
    if (place !== FIRST) return;
    block += before;
  }
}

/** Beyond independent values, by block size: what the means of blocks of this size vary more, and the most that any size up to this one leaves behind, times its size. */
export interface SpreadFactors { readonly excess: Float64Array; readonly behind: Float64Array }

export const createSpreadFactors = (): SpreadFactors => ({ excess: new Float64Array(SIZES), behind: new Float64Array(SIZES) });

/** Adds up the scales: means of `size` values vary by every difference of blocks at least as long, each half as much as the one before. */
export function measureSpread({ sum, largest, count }: DriftSpread, variance: number, out: SpreadFactors): void {
  let factor = 1;
  for (let k = SIZES - 1; k >= 0; k -= 1) {
    const pairs = Math.max(0, Math.min(count[k]!, PAIRS_MEMORY) - 1);
    factor = (factor + (INDEPENDENT_PRIOR + (sum[k]! - largest[k]!) / variance) / (INDEPENDENT_PRIOR + pairs)) / 2;
    out.excess[k] = Math.max(0, factor - 1);
  }
  for (let k = 0; k < SIZES; k += 1) out.behind[k] = Math.max(k === 0 ? 0 : out.behind[k - 1]!, out.excess[k]! * 2 ** k);
}

/**
 * By how much the mean of `size` values varies more than `variance / size`; at least 1. Beyond its own length a rhythm falls off with
 * 1/size only between whole periods, which blocks of 2^k may just be, so that shorter sizes bound it from below.
 */
export function spreadFactor({ excess, behind }: SpreadFactors, size: number): number {
  const k = Math.min(SIZES - 2, 31 - Math.clz32(size));
  return 1 + Math.max(excess[k + 1]!, behind[k]! / size);
}
