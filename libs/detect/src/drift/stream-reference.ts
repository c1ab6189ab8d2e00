import type { StreamSums } from './drift-cells.js';
import { createSpread, learnScore, spreadOf, type SpreadState } from './rhythm-spread.js';
import { shareScore } from './share-score.js';

const DAY_HOURS = 24;
/** Hours of working days, then hours of weekends (UTC). */
const CLASSES = 2 * DAY_HOURS;
/** Memory in hours with values, about two months of office hours and six weeks around the clock. */
const MEMORY_HOURS = 1_000;
const SPREAD_HOURS = 500;
/** Values in an hour at which it counts for half a whole hour. */
const HALF_HOUR_VALUES = 5;
/** An hour of the day is believed to be like the others by this many hours, and remembers as many of its own. */
const CLASS_PRIOR_HOURS = 3;
const CLASS_MEMORY_HOURS = 12;
const CLASS_DOUBT_HOURS_MAX = 20;
/** What neighbouring hours are believed to have to do with each other, and by how many hours. */
const CORRELATION_PRIOR = 0.3;
const PRIOR_HOURS = 20;
const CORRELATION_MAX = 0.9;
const GAP_HOURS_MAX = 16;
/** Student's t with so many degrees of freedom stands for tails that are heavier than a normal law's. */
const TAIL_DF = 8;
const SCORE_CLIP = 4;
const CLIP_SQUARED = SCORE_CLIP * SCORE_CLIP;
/** Scores of the first hours say little. */
const SCORED_HOURS = 12;
/** Below this variance of a count its exact law is asked. */
const EXACT_VARIANCE = 50;
const SHARE_MIN = 1e-4;
/** Hours that must be learned before a stream is judged, and the days they must span. */
const KNOWN_HOURS = 60;
const KNOWN_SPAN_HOURS = 7 * DAY_HOURS;

export interface ReferenceState {
  first: number; last: number;
  /** Weight of the hours learned. */
  hours: number;
  mean: number;
  /** Variance of values within an hour; of hourly means beyond that; how scores vary over hours and days. */
  within: number; withinWeight: number; between: number;
  spread: SpreadState;
  /** Sums of products and squares of neighbouring hours. */
  product: number; square: number; before: number;
  /** Offsets of the hours of working days and weekends, and their weights. */
  offsets: Float32Array; weights: Float32Array;
}

export const createReference = (): ReferenceState => ({
  first: Number.NaN, last: Number.NaN, hours: 0, mean: 0, within: 0, withinWeight: 0, between: 0, spread: createSpread(), product: 0, square: 0, before: 0,
  offsets: new Float32Array(CLASSES), weights: new Float32Array(CLASSES),
});

/** An hour as it compares with what was expected of it. */
export interface HourScore {
  /** The same before it is divided by how scores vary over hours and days. */
  readonly raw: number;
  /** About standard normal while nothing changes, and nearly independent of the hours before. */
  readonly score: number;
  /** Sum of its values without the offset of the hour of the day. */
  readonly level: number;
}

export const isKnownReference = ({ first, last, hours }: ReferenceState): boolean => hours >= KNOWN_HOURS && last - first >= KNOWN_SPAN_HOURS;
const classOf = (hour: number): number => { const day = Math.floor(hour / DAY_HOURS); return (((day + 3) % 7) + 7) % 7 >= 5 ? DAY_HOURS + (hour - day * DAY_HOURS) : hour - day * DAY_HOURS; };

/** Standard deviation of single values; the scale of an effect. `isShare`: the binomial's, for its variance follows from the mean. */
export function valueDeviation({ mean, within, hours }: ReferenceState, isShare: boolean, floor: number): number {
  const share = Math.max(0, Math.min(1, (mean * hours + 0.5) / (hours + 1)));
  return Math.sqrt(Math.max(floor, isShare ? share * (1 - share) : within));
}

/** What an hour of a stream is compared by. */
export interface StreamKind { readonly isShare: boolean; readonly floor: number }
interface Compared { readonly residual: number; /** Of the mean of so many values, without what hours differ by. */ readonly single: number; readonly variance: number; /** The residual on the scale of a standard normal, or of Student's t. */ readonly z: number; readonly isNormal: boolean }

function compare(state: ReferenceState, hour: number, { n, sum }: StreamSums, { isShare, floor }: StreamKind): Compared {
  const usual = state.mean + state.offsets[classOf(hour)]!;
  const residual = sum / n - usual;
  const single = valueDeviation(state, isShare, floor) ** 2 / n;
  const learned = 1 + 1 / Math.max(1, state.hours);
  const variance = (single + state.between) * learned;
  if (!isShare || n * n * single > EXACT_VARIANCE) return { residual, single, variance, z: residual / Math.sqrt(variance), isNormal: false };
  const share = Math.max(SHARE_MIN, Math.min(1 - SHARE_MIN, (usual * state.hours + 0.5 * SHARE_MIN) / (state.hours + 0.5)));
  return { residual, single, variance, z: shareScore(sum, n, share, state.between + (share * (1 - share)) / Math.max(1, state.hours * n)), isNormal: true };
}

/** On the normal scale: Student's t by Wallace (1959). */
const toNormal = (z: number): number => Math.sign(z) * Math.sqrt(TAIL_DF * Math.log1p((z * z) / TAIL_DF));
const clip = (z: number): number => Math.max(-SCORE_CLIP, Math.min(SCORE_CLIP, z));

function innovationOf(state: ReferenceState, hour: number, { z, isNormal }: Compared): number {
  const gap = Math.max(1, hour - state.last);
  const link = Number.isNaN(state.last) || gap > GAP_HOURS_MAX ? 0 : correlationOf(state) ** gap;
  const innovation = (z - link * state.before) / Math.sqrt(1 - link * link);
  return isNormal ? innovation : toNormal(innovation);
}

/**
 * An hour against what was expected of it: the residual of its mean, over its hour of the day, divided by what it varies by (values within hours,
 * hours among themselves; of few counts the beta-binomial mid-p), made an innovation of a first-order autoregression, and divided by how
 * much sums of scores over hours and days vary more than they should.
 */
export function scoreHour(state: ReferenceState, hour: number, sums: StreamSums, kind: StreamKind): HourScore {
  const innovation = innovationOf(state, hour, compare(state, hour, sums, kind));
  return { raw: innovation, score: innovation / spreadOf(state.spread), level: sums.sum - sums.n * state.offsets[classOf(hour)]! };
}

const correlationOf = ({ product, square }: ReferenceState): number => Math.max(0, Math.min(CORRELATION_MAX, (product + CORRELATION_PRIOR * PRIOR_HOURS) / (square + PRIOR_HOURS)));

/** Learns an hour, after it was scored. */
export function learnHour(state: ReferenceState, hour: number, sums: StreamSums, kind: StreamKind): void {
  const { n, sum, squares } = sums;
  if (Number.isNaN(state.first)) { state.first = hour; state.mean = sum / n; }
  const compared = compare(state, hour, sums, kind);
  const { residual, single, variance } = compared;
  const at = classOf(hour);
  const weight = n / (n + HALF_HOUR_VALUES);
  if (state.hours >= 3) {
    const square = state.hours < KNOWN_HOURS ? residual * residual : Math.min(residual * residual, CLIP_SQUARED * variance);
    state.between = Math.max(0, state.between + (square - single - state.between) * (weight / Math.min(state.hours, SPREAD_HOURS)));
    if (state.hours >= SCORED_HOURS) learnScore(state.spread, innovationOf(state, hour, compared));
  }
  const z = clip(compared.z);
  if (hour - state.last <= 2) {
    const keep = 1 - weight / SPREAD_HOURS;
    state.product = state.product * keep + weight * z * state.before;
    state.square = state.square * keep + weight * z * z;
  }
  state.before = z;
  if (n > 1) {
    state.withinWeight = Math.min(state.withinWeight + n - 1, 50 * SPREAD_HOURS);
    state.within += ((squares - (sum * sum) / n) / (n - 1) - state.within) * ((n - 1) / state.withinWeight);
  }
  state.hours = Math.min(state.hours + weight, MEMORY_HOURS);
  state.mean += (residual * weight) / state.hours;
  // An offset is believed as far as hours differ by more than their values do.
  const prior = CLASS_PRIOR_HOURS + Math.min(CLASS_DOUBT_HOURS_MAX, single / (state.between + single / CLASS_DOUBT_HOURS_MAX));
  const own = Math.min(state.weights[at]! + weight, CLASS_MEMORY_HOURS);
  state.weights[at] = own;
  state.offsets[at]! += ((sum / n - state.mean - state.offsets[at]!) * weight) / (own + prior);
  state.last = hour;
}

/** An hour that is under suspicion teaches nothing but that it has passed. */
export function passHour(state: ReferenceState, hour: number, sums: StreamSums, kind: StreamKind): void {
  state.before = clip(compare(state, hour, sums, kind).z);
  state.last = hour;
}

/** The new normal: rhythm and spread stay, the level moves. */
export function moveReference(state: ReferenceState, mean: number): void {
  state.mean = mean;
  state.before = 0;
  state.hours = Math.min(state.hours, KNOWN_HOURS);
}
