import { TAIL_NUMBERS } from '@wary/baseline/score-calibration.js';
import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { NOTE_KINDS } from './detector.js';
import { CATEGORY_COUNT, FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { Layout } from './slab.js';

/** Values of a category that a principal remembers: the latest. */
export const CATEGORY_VALUES = 16;
export const CATEGORY_CELLS = CATEGORY_COUNT * CATEGORY_VALUES;
/** Resources that need no look at the counters: they were counted a moment ago. A power of two. */
export const RECENT_RESOURCES = 8;
/** Machines that a principal remembers: those used latest. */
export const MACHINE_SLOTS = 4;
/** Acts that a principal remembers: those done latest. */
export const ACT_SLOTS = 32;
/** Tallies that a principal remembers (tally/), behind its acts. */
export const TALLY_SLOTS = 12;
export const ALL_SLOTS: number = ACT_SLOTS + TALLY_SLOTS;
/** Days whose values the reference of growth has not learned yet, and features that may grow. */
export const GROWTH_DAYS = 8;
export const GROWTH_FEATURES = 6;
/** Days in which growth may have begun. */
export const GROWTH_STARTS = 16;
/** Closed windows kept for the chart of a finding. */
export const HISTORY_WINDOWS = 6;
/** Longer ids of first events than this lie outside the records. */
export const FIRST_ID_BYTES = 47;
/** Distinct things counted exactly; beyond, HyperLogLog. */
export const DISTINCT_EXACT = 24;

const hot = new Layout();
/**
 * What every event touches of a window: 128 bytes. Those of an entity's three present windows lie at the beginning of its own record,
 * beside each other; those of an older window that is still open, in the window's record. Places as below, from where it begins.
 */
export const HOT = {
  // f64
  start: hot.f64(), end: hot.f64(), lastTime: hot.f64(), values: hot.f64(FEATURE_COUNT),
  /** f32: the value up to which nothing can have crossed. */
  screen: hot.f32(FEATURE_COUNT),
  /** u32: bits of features beyond their first screen. u8: flags, highest criticality, kind, lane. */
  exceeded: hot.u32(), flags: hot.u8(), criticality: hot.u8(), kind: hot.u8(), lane: hot.u8(),
} as const;
export const HOT_BYTES = hot.bytes;
/** Bits of a window's flags; `watched`: something in it is unusual or raised, so that its latest events are kept. */
export const WINDOW_FLAG = { scored: 1, historical: 2, leaving: 4, watched: 8 } as const;

const entity = new Layout();
/** Record of an entity. Places are in elements of the view they are named for. */
export const ENTITY = {
  /** The hot parts of its present windows, by kind. */
  hot: entity.space(HOT_BYTES * WINDOW_COUNT),
  // f64: newest event; end of the window that closes first; what detectors keep of the principal (a time and a word each)
  watermark: entity.f64(), nextEnd: entity.f64(), noteTime: entity.f64(NOTE_KINDS), noteWord: entity.u32(NOTE_KINDS),
  // u32: category hashes of the latest event and its day
  latest: entity.u32(CATEGORY_COUNT), latestDay: entity.u32(),
  /** u32: the latest resources, all of which its present 5 minutes have counted; u8: where the next goes. */
  recentResources: entity.u32(RECENT_RESOURCES), recentNext: entity.u8(),
  // u8: state that the people feed told; whether its group is of the register
  status: entity.u8(), declared: entity.u8(),
  // u32: active hours of the week in all
  weekTotal: entity.u32(),
  /** u32: behaviour group, and the one it has been nearer to (0 none); u8: for so many days. */
  peerGroup: entity.u32(), peerCandidate: entity.u32(), peerCandidateDays: entity.u8(),
  // f64
  lagWatermark: entity.f64(), since: entity.f64(), suspectFrom: entity.f64(), suspectTo: entity.f64(), windowsLearned: entity.f64(), learnedDay: entity.f64(),
  // f64: when its baselines began anew (0: never), and until when it is in the state that the people feed told. u8: why they did
  splitAt: entity.f64(), statusUntil: entity.f64(), splitCause: entity.u8(),
  /** f32: n, mean, variance by window and feature; then the largest value learned. */
  moments: entity.line().f32(WINDOW_COUNT * FEATURE_COUNT * 3), largest: entity.f32(WINDOW_COUNT * FEATURE_COUNT),
  /** u32: hashes of category values; draws and openings by category. */
  categoryHash: entity.line().u32(CATEGORY_CELLS), draws: entity.u32(CATEGORY_COUNT), opened: entity.u32(CATEGORY_COUNT),
  /** u16: day a category value was last used. u8: days it was used on before; active hours of the week. */
  categoryDay: entity.line().u16(CATEGORY_CELLS), categoryDays: entity.line().u8(CATEGORY_CELLS), week: entity.line().u8(WEEK_HOURS),
  /**
   * Acts, then tallies, which are remembered alike. u32: hash, today (days since the epoch, 0 none), days learned, day of what was told. f32: discounted days of presence, mean and variance of the count beyond
   * the first, slow evidence; acts taken up lately; what was told. u16: days learned when it was learned last, today's count. u8: the place looked at last.
   */
  actHash: entity.line().u32(ALL_SLOTS), actDay: entity.u32(), actDays: entity.u32(), actToldDay: entity.u32(), actTaken: entity.f32(), actTold: entity.f32(),
  actKnown: entity.f32(ALL_SLOTS), actMean: entity.f32(ALL_SLOTS), actVariance: entity.f32(ALL_SLOTS), actSlow: entity.f32(ALL_SLOTS),
  actIndex: entity.u16(ALL_SLOTS), actCount: entity.u16(ALL_SLOTS), actLatest: entity.u8(),
  /** u32: hashes of machines. u16: the day each was used first and last (since the epoch). */
  machineHash: entity.u32(MACHINE_SLOTS), machineFirst: entity.u16(MACHINE_SLOTS), machineLast: entity.u16(MACHINE_SLOTS),
  /**
   * Growth over days (growth.ts). f32: days of the reference; mean and variance of the logarithm by feature; the most evidence lately. u32: days seen; day of the most; days judged since the evidence began anew. u8:
   * the latest days, in tenths of the logarithm, which the reference does not know yet; and the deviations of the days judged last, in 32nds, with a sign.
   */
  growthDays: entity.line().f32(), growthMean: entity.f32(GROWTH_FEATURES), growthVariance: entity.f32(GROWTH_FEATURES), growthRecord: entity.f32(),
  growthSeen: entity.u32(), growthRecordDay: entity.u32(), growthJudged: entity.u32(), growthRing: entity.u8(GROWTH_DAYS * GROWTH_FEATURES), growthDeviations: entity.u8(GROWTH_STARTS * GROWTH_FEATURES),
  /**
   * Past windows. u32: starts in 5-minute units, by kind. f32: values by kind, window and feature. u16: predictions (two, as upper halves
   * of floats), for all but the shortest, whose last six lie so close together that what was predicted is what is.
   */
  historyStart: entity.line().u32(WINDOW_COUNT * HISTORY_WINDOWS),
  historyValue: entity.line().f32(WINDOW_COUNT * HISTORY_WINDOWS * FEATURE_COUNT), historyPredicted: entity.line().u16((WINDOW_COUNT - 1) * HISTORY_WINDOWS * FEATURE_COUNT * 2),
} as const;
export const ENTITY_BYTES = entity.bytes;

const window = new Layout();
/** Record of an open window: its hot part, unless the entity's record holds it, then what is read rarely. */
export const WINDOW = {
  hot: window.space(HOT_BYTES),
  // f64
  level: window.f64(), idleHour: window.f64(), offHours: window.f64(), noveltyScore: window.f64(), growth: window.f64(), dayScore: window.f64(), dayEvidence: window.f64(),
  /** f32: ln p of the newest thing by category. */
  novelty: window.f32(CATEGORY_COUNT),
  /** u8: number of distinct resources; local hour of the week in which it began; which of the features grew most. */
  distinctCount: window.u8(), weekCell: window.u8(), growthPlace: window.u8(),
  /** u32: hashes of distinct resources. */
  distinct: window.u32(DISTINCT_EXACT),
  /** f32: what was predicted when it opened (mean, size, 1 or location, scale, degrees by feature); the tails of its time (five numbers by behaviour). */
  predicted: window.f32(FEATURE_COUNT * 3), tails: window.f32(BEHAVIOUR_COUNT * TAIL_NUMBERS),
  /** u32: hash of the newest thing by category. */
  newest: window.u32(CATEGORY_COUNT),
  /** u32: what it was counted by among those that have something in common (network, client, model): the first and the latest value of each. */
  pooled: window.u32(6),
  /** u8: id of the first event, a byte a character, where it is short and ASCII (as ids are); how long it is. */
  firstIdLength: window.u8(), firstId: window.u8(FIRST_ID_BYTES),
} as const;
export const WINDOW_BYTES = window.bytes;
