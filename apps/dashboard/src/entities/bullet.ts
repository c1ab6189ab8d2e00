import type { BaselineRow } from '../api/types.js';

export interface BulletMarks { readonly low: number; readonly high: number; readonly expected: number; readonly current: number | null; readonly outside: boolean }

/** Places on a line of 100: the band fills two thirds, what lies beyond is squeezed into the rest. */
export function bullet({ low, high, expected, current }: Pick<BaselineRow, 'low' | 'high' | 'expected' | 'current'>): BulletMarks {
  const top = Math.max(high, 1e-9);
  const place = (value: number): number => {
    const ratio = Math.max(0, value) / top;
    return ratio <= 1 ? (ratio * 200) / 3 : 200 / 3 + (100 / 3) * (1 - 1 / ratio);
  };
  return { low: place(low), high: place(high), expected: place(expected), current: current === null ? null : place(current), outside: current !== null && (current > high || current < low) };
}
