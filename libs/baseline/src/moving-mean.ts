/** Mean of the last `size` values, or of fewer at first. */
export interface MovingMean { readonly values: number[]; next: number; filled: number; sum: number }

export const createMovingMean = (size: number): MovingMean => ({ values: new Array<number>(size).fill(0), next: 0, filled: 0, sum: 0 });

export function addToMean(mean: MovingMean, value: number): number {
  const { values } = mean;
  mean.sum += value - values[mean.next]!;
  values[mean.next] = value;
  mean.next += 1;
  if (mean.filled < values.length) mean.filled += 1;
  if (mean.next === values.length) {
    mean.next = 0;
    // A running sum gathers rounding errors; once a round it is made anew.
    mean.sum = 0;
    for (const each of values) mean.sum += each;
  }
  return mean.sum / mean.filled;
}
