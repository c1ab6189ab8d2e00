import type { HourlyCell } from '../api/types.js';

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export const HEAT_STEPS = 6;

/** 7 × 24 sums, Monday first; cells outside of the week are left out. */
export function heatGrid(cells: readonly HourlyCell[]): number[][] {
  const grid = WEEKDAYS.map(() => Array.from({ length: 24 }, () => 0));
  for (const { weekday, hour, events } of cells) {
    const row = grid[weekday];
    if (row && hour >= 0 && hour < 24) row[hour]! += events;
  }
  return grid;
}

/** UTC hours shown on another clock: `offsetHours` east of UTC; the week is a circle. Half hours go to the nearest. */
export function shiftHours(grid: readonly (readonly number[])[], offsetHours: number): number[][] {
  const flat = grid.flat();
  const by = Math.round(offsetHours);
  const week = flat.length;
  return grid.map((row, weekday) => row.map((_, hour) => flat[(((weekday * 24 + hour - by) % week) + week) % week]!));
}

/** 0 for nothing, then five steps of the square root, so that quiet hours can be told from silent ones. */
export function heatStep(value: number, max: number): number {
  if (!(value > 0) || !(max > 0)) return 0;
  return Math.min(HEAT_STEPS - 1, Math.max(1, Math.ceil(Math.sqrt(value / max) * (HEAT_STEPS - 1))));
}

/** Each cell as a share of its grid's sum, in percent: what two groups of different size can be compared by. */
export function shares(grid: readonly (readonly number[])[]): number[][] {
  const total = grid.flat().reduce((sum, value) => sum + value, 0);
  return grid.map((row) => row.map((value) => (total > 0 ? (value / total) * 100 : 0)));
}
