import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { CATEGORY_COUNT, FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { Layout } from './slab.js';

/** Values of a category that a principal remembers: the latest. */
export const CATEGORY_VALUES = 16;
export const CATEGORY_CELLS = CATEGORY_COUNT * CATEGORY_VALUES;
/** Closed windows kept for the chart of a finding. */
export const HISTORY_WINDOWS = 6;
/** Distinct things counted exactly; beyond, HyperLogLog. */
export const DISTINCT_EXACT = 24;

const entity = new Layout();
/** Record of an entity: what every event touches first. Places are in elements of the view they are named for. */
export const ENTITY = {
  // f64
  watermark: entity.f64(), lagWatermark: entity.f64(),
  // u32: category hashes of the latest event and its day
  latest: entity.u32(CATEGORY_COUNT), latestDay: entity.u32(),
  // f64
  since: entity.f64(), suspectFrom: entity.f64(), suspectTo: entity.f64(), windowsLearned: entity.f64(), learnedDay: entity.f64(),
  // u32: active hours of the week in all
  weekTotal: entity.u32(),
  /** f32: n, mean, variance by window and feature; then the largest value learned. */
  moments: entity.line().f32(WINDOW_COUNT * FEATURE_COUNT * 3), largest: entity.f32(WINDOW_COUNT * FEATURE_COUNT),
  /** u32: hashes of category values; draws and openings by category. */
  categoryHash: entity.line().u32(CATEGORY_CELLS), draws: entity.u32(CATEGORY_COUNT), opened: entity.u32(CATEGORY_COUNT),
  /** u16: day a category value was last used. u8: days it was used on before; active hours of the week. */
  categoryDay: entity.line().u16(CATEGORY_CELLS), categoryDays: entity.line().u8(CATEGORY_CELLS), week: entity.line().u8(WEEK_HOURS),
  /** Past windows. u32: starts in 5-minute units, by kind. f32: values and u16: predictions (two, as upper halves of floats), by kind, window and feature. */
  historyStart: entity.line().u32(WINDOW_COUNT * HISTORY_WINDOWS),
  historyValue: entity.line().f32(WINDOW_COUNT * HISTORY_WINDOWS * FEATURE_COUNT), historyPredicted: entity.line().u16(WINDOW_COUNT * HISTORY_WINDOWS * FEATURE_COUNT * 2),
} as const;
export const ENTITY_BYTES = entity.bytes;

const window = new Layout();
/** Record of an open window. The first two cache lines are all that an ordinary event touches, with the third for what is distinct. */
export const WINDOW = {
  // f64
  start: window.f64(), end: window.f64(), values: window.f64(FEATURE_COUNT),
  /** f32: the value up to which nothing can have crossed. */
  screen: window.f32(FEATURE_COUNT),
  // u32, u8
  exceeded: window.u32(), events: window.u32(), distinctCount: window.u8(), criticality: window.u8(), kind: window.u8(), lane: window.u8(), flags: window.u8(), weekCell: window.u8(),
  /** u32: hashes of distinct resources. */
  distinct: window.line().u32(DISTINCT_EXACT),
  // f64
  lastTime: window.f64(), level: window.line().f64(), idleHour: window.f64(), offHours: window.f64(), noveltyScore: window.f64(), dayScore: window.f64(), dayEvidence: window.f64(),
  /** f32: what was predicted when it opened (mean, size, 1 or location, scale, degrees by feature); the fitted tails of its time (start, logMass, scale by behaviour). */
  predicted: window.f32(FEATURE_COUNT * 3), tails: window.f32(BEHAVIOUR_COUNT * 3),
  /** f32: ln p of the newest thing by category; u32: its hash. */
  novelty: window.f32(CATEGORY_COUNT), newest: window.u32(CATEGORY_COUNT),
} as const;
export const WINDOW_BYTES = window.bytes;

/** Bits of a window's flags. */
export const WINDOW_FLAG = { scored: 1, historical: 2, leaving: 4 } as const;
