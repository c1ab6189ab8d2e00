/** Whole percents that sum to 100 exactly (largest remainder), so that what is shown adds up; nothing shared gives zeros. */
export function wholePercents(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + Math.max(0, share), 0);
  if (!(total > 0)) return shares.map(() => 0);
  const exact = shares.map((share) => (Math.max(0, share) / total) * 100);
  const floors = exact.map(Math.floor);
  const missing = 100 - floors.reduce((sum, value) => sum + value, 0);
  const order = exact.map((value, index) => ({ index, rest: value - floors[index]! })).sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order.slice(0, missing)) floors[index]! += 1;
  return floors;
}
