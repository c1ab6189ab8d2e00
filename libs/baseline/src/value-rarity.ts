/** Cells over the asinh of three deviations: fine near the mean, a decade wide far out. */
const CELLS = 60;
const REACH = 6;
const SHARPNESS = 3;
/** Mass of a cell that nobody has been in, and of all before there is data. */
const UNSEEN = 0.3;
const PRIOR = 10;

/** How rare a value is, whether high, low or between the usual ones. */
export interface ValueRarity { n: number; readonly cells: number[] }

export const createValueRarity = (): ValueRarity => ({ n: 0, cells: new Array<number>(CELLS).fill(0) });

/** −ln of the share of earlier values in the cell and half of those beside it; then learns the value. `deviations` from the running mean. */
export function raritySurprise(rarity: ValueRarity, deviations: number): number {
  const { cells } = rarity;
  const cell = Math.max(1, Math.min(CELLS - 2, Math.floor(((Math.asinh(deviations * SHARPNESS) + REACH) / (2 * REACH)) * CELLS)));
  const near = UNSEEN + cells[cell]! + 0.5 * (cells[cell - 1]! + cells[cell + 1]!);
  cells[cell]! += 1;
  rarity.n += 1;
  return Math.log((rarity.n + PRIOR) / near);
}
