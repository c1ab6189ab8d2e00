import type { HistoryPoint } from '@wary/model/finding.js';

/** When the outlier is so far out that the band would be a line, the axis is compressed (asinh), and says so. */
const COMPRESS_ABOVE = 25;

export function isCompressed(history: readonly HistoryPoint[]): boolean {
  const top = Math.max(0, ...history.map(({ value }) => value));
  const band = Math.max(0, ...history.map(({ high }) => high));
  return band > 0 && top / band > COMPRESS_ABOVE;
}

const LINES_MAX = 5;

/** Grid of the compressed axis: zero and the powers of ten from the first that stands apart from it, so many that they can be read. */
export function compressedSplits(top: number): number[] {
  const decades = Math.max(0, Math.floor(Math.log10(Math.max(1, top))));
  const step = Math.max(1, Math.ceil((decades + 1) / LINES_MAX));
  const splits = [0];
  for (let decade = decades % step; decade <= decades; decade += step) splits.push(10 ** decade);
  return splits;
}

/** The chart in a sentence, for those who do not see it. */
export function bandSentence(history: readonly HistoryPoint[], amount: (value: number) => string): string {
  const outside = history.filter(({ value, low, high }) => value > high || value < low).length;
  const last = history.at(-1);
  if (!last) return 'No history';
  return `${history.length} windows, ${outside} of them outside the usual band. The last one: ${amount(last.value)} observed, ${amount(last.low)} to ${amount(last.high)} usual.`;
}
