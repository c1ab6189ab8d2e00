/** Area under the ROC curve of scores, ties counted half (Mann and Whitney 1947). */
export function areaUnderCurve(scores: ArrayLike<number>, isPositive: (index: number) => boolean): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  let positives = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to += 1;
    for (let i = from; i < to; i += 1) if (isPositive(order[i]!)) { rankSum += (from + to + 1) / 2; positives += 1; }
    from = to;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The score that a share of all scores exceeds: a budget's threshold, for which nobody needs to know a label. */
export function thresholdOf(scores: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(scores).sort();
  return sorted[Math.max(0, sorted.length - 1 - Math.floor(share * sorted.length))]!;
}

export const median = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!);
