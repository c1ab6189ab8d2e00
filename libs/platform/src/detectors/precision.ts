/** Alerts of a detector that people have judged. */
export interface Judged { readonly confirmed: number; readonly judged: number }
/** By detector id, from the verdicts; the workflow's store gives it. */
export type PrecisionSource = (tenant: string) => Promise<Readonly<Record<string, Judged>>>;

export interface Precision extends Judged { readonly value: number; readonly low: number; readonly high: number }

const Z_95 = 1.959964;

/** Share of confirmed alerts with its 95 % interval (Wilson 1927, score interval), which also means something for few of them. */
export function precisionOf({ confirmed, judged }: Judged): Precision | null {
  if (judged === 0) return null;
  const value = confirmed / judged;
  const z2 = Z_95 * Z_95;
  const centre = (value + z2 / (2 * judged)) / (1 + z2 / judged);
  const half = (Z_95 / (1 + z2 / judged)) * Math.sqrt((value * (1 - value)) / judged + z2 / (4 * judged * judged));
  return { confirmed, judged, value, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
