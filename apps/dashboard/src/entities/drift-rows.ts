import type { ComparisonRow, DriftRow } from '../api/types.js';

const RANK: Readonly<Record<DriftRow['zone'], number>> = { alarm: 0, warning: 1, stable: 2, learning: 3 };

/** Alarms first, then warnings; the model as a whole before its uses; then by name. */
export const byUrgency = (rows: readonly DriftRow[]): DriftRow[] =>
  [...rows].sort((a, b) => RANK[a.zone] - RANK[b.zone] || (a.use < b.use ? -1 : a.use > b.use ? 1 : 0) || a.label.localeCompare(b.label));

const APART: Readonly<Record<ComparisonRow['zone'], number>> = { apart: 0, evident: 1, even: 2, learning: 3 };

/** What is apart first, then by evidence; groups before versions, the model as a whole before its uses. */
export const byDifference = (rows: readonly ComparisonRow[]): ComparisonRow[] =>
  [...rows].sort((a, b) => APART[a.zone] - APART[b.zone] || Number(a.attribute === '') - Number(b.attribute === '') || (a.use < b.use ? -1 : a.use > b.use ? 1 : 0) || b.evidence - a.evidence || a.value.localeCompare(b.value));

/** "−14 points (−19 to −9)"; a dash before both have come together. */
export function differenceWords({ share, otherShare, low, high }: Pick<ComparisonRow, 'share' | 'otherShare' | 'low' | 'high'>): string {
  if (share === null || otherShare === null || low === null || high === null) return '–';
  const points = (value: number): string => `${value < 0 ? '−' : value > 0 ? '+' : ''}${Math.abs(100 * value).toFixed(1)}`;
  return `${points(share - otherShare)} points (${points(low)} to ${points(high)})`;
}

/** Three figures and the unit; a dash for nothing. */
export const driftValue = (value: number | null, unit: string): string => (value === null ? '–' : `${Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })}${unit === '' ? '' : ` ${unit}`}`);
