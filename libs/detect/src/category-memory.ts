import type { TenantCore } from './core.js';
import { CATEGORY_VALUES, ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { CATEGORY_COUNT } from './features.js';

/** New values of a category that may wait for the end of their first day. */
const NEW_PER_DAY_MAX = 8;
const DAYS_MAX = 255;

/**
 * The values a principal uses, by category: the 16 latest with the number of days each was used on. A value is known once a day
 * with it has been learned; until then it is new, and it stays new if that day comes under suspicion.
 */
export type Touched = 'known' | 'seen_today' | 'new';

/** Marks a value as used on `day` (since the epoch). */
export function touchCategory(tenant: TenantCore, entity: EntityState, category: number, hash: number, day: number): Touched {
  const { u32, u16, u8 } = entity.chunk;
  const first = category * CATEGORY_VALUES;
  const from = entity.f + ENTITY.categoryHash + first;
  for (let i = 0; i < CATEGORY_VALUES; i += 1) {
    if (u32[from + i] !== hash) continue;
    const dayAt = entity.h + ENTITY.categoryDay + first + i;
    const lastDay = u16[dayAt]!;
    if (day > lastDay) {
      // Its last day was not closed when this one began: it is learned now, for the mark of that day goes.
      if (lastDay > entity.learnedDay && learnUse(entity, category, i)) adopt(tenant, entity, category, hash);
      u16[dayAt] = day;
    }
    return u8[entity.b + ENTITY.categoryDays + first + i]! > 0 ? 'known' : 'seen_today';
  }
  insert(entity, category, hash, day);
  return 'new';
}

/** True when the principal used this value on a day that is learned. */
export function knowsCategory({ chunk, f, b }: EntityState, category: number, hash: number): boolean {
  const first = category * CATEGORY_VALUES;
  for (let i = 0; i < CATEGORY_VALUES; i += 1) if (chunk.u32[f + ENTITY.categoryHash + first + i] === hash) return chunk.u8[b + ENTITY.categoryDays + first + i]! > 0;
  return false;
}

/** Puts a new value in the place of the one that was used longest ago; the values of the day itself keep theirs. */
function insert(entity: EntityState, category: number, hash: number, day: number): void {
  const { u32, u16, u8 } = entity.chunk;
  const hashAt = entity.f + ENTITY.categoryHash + category * CATEGORY_VALUES;
  const dayAt = entity.h + ENTITY.categoryDay + category * CATEGORY_VALUES;
  const usesAt = entity.b + ENTITY.categoryDays + category * CATEGORY_VALUES;
  let victim = -1;
  let oldest = day;
  let fresh = 0;
  for (let i = 0; i < CATEGORY_VALUES; i += 1) {
    if (u32[hashAt + i] === 0) { if (oldest >= 0) { victim = i; oldest = -1; } continue; }
    const lastDay = u16[dayAt + i]!;
    if (lastDay >= day && u8[usesAt + i] === 0) fresh += 1;
    if (lastDay < oldest) { victim = i; oldest = lastDay; }
  }
  if (victim < 0 || fresh >= NEW_PER_DAY_MAX) return;
  u32[hashAt + victim] = hash;
  u16[dayAt + victim] = day;
  u8[usesAt + victim] = 0;
}

/** One day's use of a value is learned: a draw, and if it is the first, an opening. True for the first. */
function learnUse({ chunk, f, b }: EntityState, category: number, index: number): boolean {
  const usesAt = b + ENTITY.categoryDays + category * CATEGORY_VALUES + index;
  const uses = chunk.u8[usesAt]!;
  chunk.u32[f + ENTITY.draws + category]! += 1;
  if (uses < DAYS_MAX) chunk.u8[usesAt] = uses + 1;
  if (uses > 0) return false;
  chunk.u32[f + ENTITY.opened + category]! += 1;
  return true;
}

/** The peers hear of a value that became known. */
const adopt = ({ population, names }: TenantCore, entity: EntityState, category: number, hash: number): void => {
  names.settle(category, hash);
  population.log.adopt(entity.node, category, hash);
};

/** Closes a day for the categories: what was used on it is learned, or, under suspicion, what was new on it is forgotten. */
export function closeCategoryDay(tenant: TenantCore, entity: EntityState, day: number, suspicious: boolean): void {
  const { u32, u16, u8 } = entity.chunk;
  for (let category = 0; category < CATEGORY_COUNT; category += 1) {
    const first = category * CATEGORY_VALUES;
    const hashAt = entity.f + ENTITY.categoryHash + first;
    for (let i = 0; i < CATEGORY_VALUES; i += 1) {
      const hash = u32[hashAt + i]!;
      if (hash === 0 || u16[entity.h + ENTITY.categoryDay + first + i] !== day) continue;
      if (suspicious && u8[entity.b + ENTITY.categoryDays + first + i] === 0) { u32[hashAt + i] = 0; continue; }
      if (learnUse(entity, category, i)) adopt(tenant, entity, category, hash);
    }
  }
  entity.learnedDay = Math.max(entity.learnedDay, day);
  // What the latest event had is no longer taken for seen: a forgotten value is new again.
  u32[entity.f + ENTITY.latestDay] = 0;
}

export const drawsOf = ({ chunk, f }: EntityState, category: number): number => chunk.u32[f + ENTITY.draws + category]!;
export const openedOf = ({ chunk, f }: EntityState, category: number): number => chunk.u32[f + ENTITY.opened + category]!;

/** The values of a category with the days of use, most used first. */
export function categoryValues({ chunk, f, b }: EntityState, category: number): Array<{ hash: number; days: number }> {
  const values: Array<{ hash: number; days: number }> = [];
  for (let i = category * CATEGORY_VALUES; i < (category + 1) * CATEGORY_VALUES; i += 1) {
    const hash = chunk.u32[f + ENTITY.categoryHash + i]!;
    const days = chunk.u8[b + ENTITY.categoryDays + i]!;
    if (hash !== 0 && days > 0) values.push({ hash, days });
  }
  return values.sort((one, other) => other.days - one.days || one.hash - other.hash);
}
