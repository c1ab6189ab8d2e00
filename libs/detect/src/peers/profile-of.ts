import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { ACT_SLOTS, CATEGORY_VALUES, ENTITY } from '../entity-layout.js';
import type { EntityState } from '../entity-state.js';
import { BYTES, DAY, DOWNLOADS, FEATURE_COUNT, REQUESTS, RESOURCES, TOKENS } from '../features.js';
import { NODE_OF_KIND } from '../population.js';
import { ACT_NAMES } from '../value-names.js';
import { PROFILE_ONE, PROFILE_WEEK_CELLS, type BehaviourProfile } from './behaviour-profile.js';

/** Categories that say what somebody works on and with; country, network and client say where from. */
const PROFILED_CATEGORIES = [0, 5, 6] as const;
/** Things done, by weight; beyond, the rarest are left out. */
const PROFILE_FEATURES_MAX = 24;
/** Active days that a share is of at most: what was taken up a month ago counts whole. */
const SHARE_DAYS = 30;
/** What has not been used for so many days belongs to what somebody did before. */
const FORGOTTEN_DAYS = 14;
/** Learned days from which somebody has a profile. */
const PROFILED_FROM_DAYS = 5;
const WEEKEND_FROM = 5 * 24;
/** In the order of their labels. */
const VOLUMES = [REQUESTS, DOWNLOADS, BYTES, RESOURCES, TOKENS] as const;

/** As of a day that has been learned; null while too few have. */
export function profileOf(entity: EntityState, day: number): BehaviourProfile | null {
  const { chunk, f, h, b } = entity;
  const { f32, u32, u16, u8 } = chunk;
  const days = f32[entity.momentsAt(DAY * FEATURE_COUNT + REQUESTS)]!;
  if (days < PROFILED_FROM_DAYS) return null;
  const found: [number, number][] = [];
  const take = (place: number, hash: number, share: number): void => { const weight = Math.round(Math.min(1, share) * PROFILE_ONE); if (weight > 0) found.push([place * 2 ** 32 + hash, weight]); };
  const shareDays = Math.min(SHARE_DAYS, days);
  for (const category of PROFILED_CATEGORIES) {
    for (let i = category * CATEGORY_VALUES; i < (category + 1) * CATEGORY_VALUES; i += 1) {
      const hash = u32[f + ENTITY.categoryHash + i]!;
      if (hash !== 0 && u16[h + ENTITY.categoryDay + i]! > day - FORGOTTEN_DAYS) take(category, hash, u8[b + ENTITY.categoryDays + i]! / shareDays);
    }
  }
  const learned = u32[f + ENTITY.actDays]!;
  const actDays = Math.min(SHARE_DAYS, Math.max(1, learned));
  for (let slot = 0; slot < ACT_SLOTS; slot += 1) {
    const hash = u32[f + ENTITY.actHash + slot]!;
    // Active days, not those of the calendar: a service that runs on Sundays forgets nothing in between.
    const since = (learned - u16[h + ENTITY.actIndex + slot]!) & 0xffff;
    if (hash !== 0 && since < FORGOTTEN_DAYS) take(ACT_NAMES, hash, f32[f + ENTITY.actKnown + slot]! / actDays);
  }
  found.sort(([one, weight], [other, otherWeight]) => otherWeight - weight || one - other);
  const kept = found.slice(0, PROFILE_FEATURES_MAX).sort(([one], [other]) => one - other);
  const hours = new Float64Array(PROFILE_WEEK_CELLS);
  for (let hour = 0; hour < WEEK_HOURS; hour += 1) hours[(hour < WEEKEND_FROM ? 0 : PROFILE_WEEK_CELLS / 2) + Math.floor((hour % 24) / 4)]! += u8[b + ENTITY.week + hour]!;
  const all = hours.reduce((sum, count) => sum + count, 0);
  const volumes = VOLUMES.map((feature) => {
    const mean = f32[entity.momentsAt(DAY * FEATURE_COUNT + feature) + 1]!;
    // Magnitudes are learned as logarithms.
    return Math.round(100 * (feature === BYTES || feature === TOKENS ? Math.max(0, mean) : Math.log1p(mean)));
  });
  return {
    kind: NODE_OF_KIND[entity.type], id: entity.id, day, keys: Float64Array.from(kept, ([key]) => key), weights: Uint8Array.from(kept, ([, weight]) => weight),
    week: Uint8Array.from(hours, (count) => Math.round(PROFILE_ONE * Math.sqrt(count / Math.max(1, all)))), volumes: Int32Array.from(volumes),
  };
}
