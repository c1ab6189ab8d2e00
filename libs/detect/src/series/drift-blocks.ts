/** Blocks of one size before two are merged into one of the next: the place of a change is known to about a tenth of its age. */
export const BLOCKS_PER_LEVEL = 10;
/** Sizes 1, 2, 4 … 8,192: a change is looked for in the last 160,000 values; what is older is one block. */
export const LEVELS = 14;
const ROOM = BLOCKS_PER_LEVEL + 2;

/** Sums of consecutive values in blocks that grow with age (exponential histogram, Datar et al. 2002); level by level, the oldest first. */
export interface DriftBlocks { readonly sums: number[]; readonly counts: number[] }

export const createDriftBlocks = (): DriftBlocks => ({ sums: new Array<number>(LEVELS * ROOM).fill(0), counts: new Array<number>(LEVELS).fill(0) });

export const blockSum = (blocks: DriftBlocks, level: number, index: number): number => blocks.sums[level * ROOM + index]!;

/** Adds a value; where a level is full its two oldest blocks become one of the next. The last level forgets into the totals of the caller. */
export function addToBlocks({ sums, counts }: DriftBlocks, value: number): void {
  let carried = value;
  for (let level = 0; level < LEVELS; level += 1) {
    const from = level * ROOM;
    sums[from + counts[level]!] = carried;
    counts[level]! += 1;
    if (counts[level]! <= BLOCKS_PER_LEVEL) return;
    carried = sums[from]! + sums[from + 1]!;
    for (let i = 2; i < counts[level]!; i += 1) sums[from + i - 2] = sums[from + i]!;
    counts[level]! -= 2;
  }
}
