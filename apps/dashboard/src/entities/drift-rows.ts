import type { DriftRow } from '../api/types.js';

const RANK: Readonly<Record<DriftRow['zone'], number>> = { alarm: 0, warning: 1, stable: 2, learning: 3 };

/** Alarms first, then warnings; the model as a whole before its uses; then by name. */
export const byUrgency = (rows: readonly DriftRow[]): DriftRow[] =>
  [...rows].sort((a, b) => RANK[a.zone] - RANK[b.zone] || (a.use < b.use ? -1 : a.use > b.use ? 1 : 0) || a.label.localeCompare(b.label));

/** Three figures and the unit; a dash for nothing. */
export const driftValue = (value: number | null, unit: string): string => (value === null ? '–' : `${Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })}${unit === '' ? '' : ` ${unit}`}`);
