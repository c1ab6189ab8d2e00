/** Whole hours of scores in a block: a part of a day, about a day, a few days. */
const BLOCKS = [6, 24, 72] as const;
const MEMORY_BLOCKS = 40;
/** Blocks' worth of belief that scores are independent. */
const PRIOR_BLOCKS = 4;
/** A score further out teaches as if it were there. */
const CLIP = 4;

/** Sums of scores over blocks of hours, and how much they vary. */
export interface SpreadState { readonly sums: Float64Array; readonly filled: Float64Array; readonly ratios: Float64Array; readonly counts: Float64Array }
export const createSpread = (): SpreadState => ({ sums: new Float64Array(BLOCKS.length), filled: new Float64Array(BLOCKS.length), ratios: new Float64Array(BLOCKS.length).fill(1), counts: new Float64Array(BLOCKS.length) });

export const copySpread = ({ sums, filled, ratios, counts }: SpreadState): SpreadState => ({ sums: sums.slice(), filled: filled.slice(), ratios: ratios.slice(), counts: counts.slice() });

/** Learns a raw score. */
export function learnScore({ sums, filled, ratios, counts }: SpreadState, score: number): void {
  BLOCKS.forEach((size, at) => {
    sums[at]! += Math.max(-CLIP, Math.min(CLIP, score));
    filled[at]! += 1;
    if (filled[at]! < size) return;
    const known = Math.min(MEMORY_BLOCKS, counts[at]! + 1);
    counts[at] = known;
    ratios[at]! += (sums[at]! ** 2 / size - ratios[at]!) / (known + PRIOR_BLOCKS);
    sums[at] = 0;
    filled[at] = 0;
  });
}

/**
 * By how much scores must be divided for sums over hours and days to vary as those of independent scores would: the largest variance ratio of
 * the block sizes (Lo & MacKinlay 1988). Work that lasts for hours, or weeks unlike each other, would pass for drift without it.
 */
export const spreadOf = ({ ratios }: SpreadState): number => Math.sqrt(Math.max(1, ...ratios));
