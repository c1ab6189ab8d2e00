import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { CATEGORY_COUNT, FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import type { SlabLayout } from './slab.js';

/** Values of a category that a principal remembers: the latest. */
export const CATEGORY_VALUES = 16;
export const CATEGORY_CELLS = CATEGORY_COUNT * CATEGORY_VALUES;
/** Closed windows kept for the chart of a finding. */
export const HISTORY_WINDOWS = 8;
/** Ids of the latest events of an entity, from which a finding takes its most telling ones. */
export const RECENT_EVENTS = 8;
/** Distinct things counted exactly; beyond, HyperLogLog. */
export const DISTINCT_EXACT = 24;

/** Row of an entity. Offsets are in elements of the array they are named after. */
export const ENTITY = {
  /** f32: n, mean, variance by window and feature; then the largest value learned. */
  moments: 0, largest: WINDOW_COUNT * FEATURE_COUNT * 3,
  /** u32: hashes of category values; draws and openings by category; start of past windows in 5-minute units; history rows + 1. */
  categoryHash: 0, draws: CATEGORY_CELLS, opened: CATEGORY_CELLS + CATEGORY_COUNT,
  historyStart: CATEGORY_CELLS + 2 * CATEGORY_COUNT, historyRow: CATEGORY_CELLS + 2 * CATEGORY_COUNT + WINDOW_COUNT * HISTORY_WINDOWS,
  /** u16: day a category value was last used. */
  categoryDay: 0,
  /** u8: earlier days a category value was used on; active hours of the week; features of the latest events, as bits. */
  categoryDays: 0, week: CATEGORY_CELLS, recentMarks: CATEGORY_CELLS + WEEK_HOURS,
  /** f64: times of the latest events. */
  recentTimes: 0,
} as const;
export const ENTITY_LAYOUT: SlabLayout = {
  f64: RECENT_EVENTS, f32: WINDOW_COUNT * FEATURE_COUNT * 4, u32: ENTITY.historyRow + WINDOW_COUNT * FEATURE_COUNT, u16: CATEGORY_CELLS,
  u8: CATEGORY_CELLS + WEEK_HOURS + RECENT_EVENTS,
};

/** Row of an open window. */
export const WINDOW = {
  /** f64: the features' values. */
  values: 0,
  /** f32: what was predicted when it opened (mean, size, – or location, scale, degrees by feature); the value up to which nothing can have
   * crossed; the fitted tails of its time (start, logMass, scale by behaviour); ln p of the newest thing by category. */
  predicted: 0, screen: FEATURE_COUNT * 3, tails: FEATURE_COUNT * 4, novelty: FEATURE_COUNT * 4 + BEHAVIOUR_COUNT * 3,
  /** u32: hashes of distinct resources; of the newest thing by category. */
  distinct: 0, newest: DISTINCT_EXACT,
} as const;
export const WINDOW_LAYOUT: SlabLayout = {
  f64: FEATURE_COUNT, f32: WINDOW.novelty + CATEGORY_COUNT, u32: DISTINCT_EXACT + CATEGORY_COUNT, u16: 0, u8: 0,
};

/** Row of one feature's past windows: value and the two numbers of its prediction, for each. */
export const HISTORY_LAYOUT: SlabLayout = { f64: 0, f32: HISTORY_WINDOWS * 3, u32: 0, u16: 0, u8: 0 };
