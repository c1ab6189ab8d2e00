import type { Precision } from '@wary/model/backtest.js';

/** Alerts of a detector that people have judged. */
export interface Judged { readonly confirmed: number; readonly judged: number }
/** By detector id, from the verdicts; the workflow's store gives it. */
export type PrecisionSource = (tenant: string) => Promise<Readonly<Record<string, Judged & { readonly falsePositives: number }>>>;


const Z_95 = 1.959964;

/** A share with its 95 % interval (Wilson 1927, score interval), which also means something for few of them. `of` is at least 1. */
export function intervalOf(count: number, of: number): { readonly value: number; readonly low: number; readonly high: number } {
  const value = count / of;
  const z2 = Z_95 * Z_95;
  const centre = (value + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z_95 / (1 + z2 / of)) * Math.sqrt((value * (1 - value)) / of + z2 / (4 * of * of));
  return { value, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Share of confirmed alerts among the judged ones. */
export const precisionOf = ({ confirmed, judged }: Judged): Precision | null => (judged === 0 ? null : { confirmed, judged, ...intervalOf(confirmed, judged) });
