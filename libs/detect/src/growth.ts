import { deviationsAbove, growthDecades, spreadOf } from '@wary/baseline/growth-model.js';
import { DAY_MS } from './engine-limits.js';
import { ENTITY, GROWTH_DAYS, GROWTH_STARTS } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { BYTES, DOWNLOADS, REQUESTS, RESOURCES, ROWS, TOKENS } from './features.js';
import type { OpenWindow } from './open-window.js';
import { valueOf } from './window-score.js';

/** What may grow from day to day. */
export const GROWING: readonly number[] = [REQUESTS, DOWNLOADS, BYTES, RESOURCES, TOKENS, ROWS];
/** Deviations are kept in 32nds, as signed bytes. */
const DEVIATION_UNIT = 32;
/** Days of reference before anything is said, and most that it weighs: then the oldest fade. */
const REFERENCE_MIN = 8;
const REFERENCE_MAX = 60;
/** A day enters the reference no higher than this many deviations above it (the growth cap). */
const CLIP_DEVIATIONS = 2;
/** Logarithms are kept in tenths. */
const TENTHS = 10;
/** What was the most lately counts as such for about so many days; a day says something only beyond it. */
const RECORD_DAYS = 30;
/** In every stretch there is a day with this much. */
const USUAL_DECADES = 0.5;

const tenthsOf = (value: number): number => Math.min(255, Math.round(TENTHS * Math.log1p(Math.max(0, value))));

/** Working days are held against working days: at a weekend nothing is said and nothing learned. 1970-01-01 was a Thursday. */
const isWeekend = (start: number): boolean => (Math.floor(start / DAY_MS) + 3) % 7 >= 5;

const deviations = new Float64Array(GROWTH_STARTS);

/** Deviations of a value of today, as they are kept. */
function deviationUnits({ chunk, f }: EntityState, place: number, tenths: number): number {
  const { f32 } = chunk;
  const spread = spreadOf(f32[f + ENTITY.growthDays]!, f32[f + ENTITY.growthVariance + place]!);
  return Math.round(DEVIATION_UNIT * deviationsAbove(tenths / TENTHS, f32[f + ENTITY.growthMean + place]!, spread));
}

/** Decades of evidence that a feature has grown, were this its value today. */
export function growthOf(entity: EntityState, place: number, value: number): number {
  const { chunk, f, b } = entity;
  const { f32, u8 } = chunk;
  const n = f32[f + ENTITY.growthDays]!;
  if (n < REFERENCE_MIN) return 0;
  const judged = chunk.u32[f + ENTITY.growthJudged]!;
  const before = Math.min(judged, GROWTH_STARTS - 1);
  for (let day = 0; day < before; day += 1) deviations[day] = ((u8[b + ENTITY.growthDeviations + ((judged - before + day) % GROWTH_STARTS) * GROWING.length + place]! << 24) >> 24) / DEVIATION_UNIT;
  deviations[before] = deviationUnits(entity, place, tenthsOf(value)) / DEVIATION_UNIT;
  return Math.max(0, growthDecades(deviations, before + 1, spreadOf(n, f32[f + ENTITY.growthVariance + place]!)));
}

/** Most evidence of the last weeks, faded. */
export const recordOn = ({ chunk, f }: EntityState, day: number): number => chunk.f32[f + ENTITY.growthRecord]! * Math.exp(-(day - chunk.u32[f + ENTITY.growthRecordDay]!) / RECORD_DAYS);

/** Evidence at the end of a day, of the feature that grew most; 0 on days that are no news. Ranks of such scores make a p of it. */
export function growthScore(entity: EntityState, window: OpenWindow): { readonly score: number; readonly place: number; /** Before it is asked whether that is news. */ readonly most: number } {
  let score = 0;
  let place = 0;
  if (isWeekend(window.start)) return { score, place, most: 0 };
  for (let each = 0; each < GROWING.length; each += 1) {
    const decades = growthOf(entity, each, valueOf(window, GROWING[each]!));
    if (decades > score) { score = decades; place = each; }
  }
  return score < Math.max(USUAL_DECADES, recordOn(entity, Math.floor(window.start / DAY_MS))) ? { score: 0, place, most: score } : { score, place, most: score };
}

/** The largest value of a feature today with which its evidence stays below `quiet`; −1: there is none. By search over what is kept of a value. */
export function quietValue(entity: EntityState, place: number, value: number, quiet: number): number {
  for (let tenths = tenthsOf(value); tenths >= 0; tenths -= 1) {
    const largest = Math.floor(Math.expm1((tenths + 0.5) / TENTHS) * (1 - 1e-9));
    if (growthOf(entity, place, largest) < quiet) return Math.min(value, largest);
  }
  return -1;
}

/** What the reference expects of a feature on a day. */
export const usualOf = ({ chunk, f }: EntityState, place: number): number => Math.expm1(chunk.f32[f + ENTITY.growthMean + place]!);

/** Learns a day that is over, with the most evidence it had: its deviations now, its values when `GROWTH_DAYS` more have passed. After a finding the evidence begins anew. */
export function learnGrowth(entity: EntityState, window: OpenWindow, most: number, raised: boolean): void {
  const { start } = window;
  if (isWeekend(start)) return;
  const { chunk, f, b } = entity;
  const { f32, u32, u8 } = chunk;
  const day = Math.floor(start / DAY_MS);
  const n = f32[f + ENTITY.growthDays]!;
  const seen = u32[f + ENTITY.growthSeen]!;
  const ring = b + ENTITY.growthRing + (seen % GROWTH_DAYS) * GROWING.length;
  const judged = u32[f + ENTITY.growthJudged]!;
  for (let place = 0; place < GROWING.length; place += 1) {
    const tenths = tenthsOf(valueOf(window, GROWING[place]!));
    const mean = f32[f + ENTITY.growthMean + place]!;
    const variance = f32[f + ENTITY.growthVariance + place]!;
    if (n >= REFERENCE_MIN) u8[b + ENTITY.growthDeviations + (judged % GROWTH_STARTS) * GROWING.length + place] = deviationUnits(entity, place, tenths) & 0xff;
    if (seen >= GROWTH_DAYS) {
      const cap = n < REFERENCE_MIN ? Number.POSITIVE_INFINITY : mean + CLIP_DEVIATIONS * Math.sqrt(variance + 0.25 / (1 + n));
      const value = Math.min(u8[ring + place]! / TENTHS, cap);
      const next = Math.min(n, REFERENCE_MAX) + 1;
      const delta = value - mean;
      const moved = mean + delta / next;
      f32[f + ENTITY.growthVariance + place] = next < 2 ? 0 : ((next - 1) * variance + delta * (value - moved)) / next;
      f32[f + ENTITY.growthMean + place] = moved;
    }
    u8[ring + place] = tenths;
  }
  if (seen >= GROWTH_DAYS) f32[f + ENTITY.growthDays] = Math.min(n, REFERENCE_MAX) + 1;
  u32[f + ENTITY.growthSeen] = seen + 1;
  u32[f + ENTITY.growthJudged] = raised ? 0 : n >= REFERENCE_MIN ? judged + 1 : judged;
  const record = recordOn(entity, day);
  if (most >= record) {
    f32[f + ENTITY.growthRecord] = most;
    u32[f + ENTITY.growthRecordDay] = day;
  }
}
/** Forgets the reference and all evidence: what is usual now is learned from the beginning, and for the first sixteen working days nothing is said. */
export function forgetGrowth({ chunk, f, b }: EntityState): void {
  chunk.u32.fill(0, f + ENTITY.growthDays, f + ENTITY.growthJudged + 1);
  chunk.u8.fill(0, b + ENTITY.growthRing, b + ENTITY.growthRing + GROWTH_DAYS * GROWING.length);
  chunk.u8.fill(0, b + ENTITY.growthDeviations, b + ENTITY.growthDeviations + GROWTH_STARTS * GROWING.length);
}
