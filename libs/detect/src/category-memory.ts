import type { Core, TenantCore } from './core.js';
import { HOUR_MS } from './engine-limits.js';
import { CATEGORY_VALUES, ENTITY, ENTITY_LAYOUT } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { CATEGORY_COUNT } from './features.js';
import { chunkOf, placeOf } from './slab.js';

/** New values of a category that may wait for the end of their first day. */
const NEW_PER_DAY_MAX = 8;
const DAYS_MAX = 255;

/**
 * The values a principal uses, by category: the 16 latest with the number of days each was used on. A value is known once a day
 * with it has been learned; until then it is new, and it stays new if that day comes under suspicion.
 */
export type Touched = 'known' | 'seen_today' | 'new';

/** Marks a value as used on `day`. */
export function touchCategory(core: Core, tenant: TenantCore, entity: EntityState, category: number, hash: number, day: number): Touched {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const hashes = core.entities.u32[chunk]!;
  const from = place * ENTITY_LAYOUT.u32 + ENTITY.categoryHash + category * CATEGORY_VALUES;
  for (let i = 0; i < CATEGORY_VALUES; i += 1) {
    if (hashes[from + i] !== hash) continue;
    const dayAt = place * ENTITY_LAYOUT.u16 + ENTITY.categoryDay + category * CATEGORY_VALUES + i;
    const lastDay = core.entities.u16[chunk]![dayAt]!;
    if (day > lastDay) {
      // Its last day was not closed when this one began: it is learned now, for the mark of that day goes.
      if (lastDay > entity.learnedDay && learnUse(core, entity, category, i)) adopt(tenant, entity, category, hash);
      core.entities.u16[chunk]![dayAt] = day;
    }
    const days = core.entities.u8[chunk]![place * ENTITY_LAYOUT.u8 + ENTITY.categoryDays + category * CATEGORY_VALUES + i]!;
    return days > 0 ? 'known' : 'seen_today';
  }
  insert(core, entity, category, hash, day);
  return 'new';
}

/** True when the principal used this value on a day that is learned. */
export function knowsCategory(core: Core, entity: EntityState, category: number, hash: number): boolean {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const from = place * ENTITY_LAYOUT.u32 + ENTITY.categoryHash + category * CATEGORY_VALUES;
  for (let i = 0; i < CATEGORY_VALUES; i += 1) {
    if (core.entities.u32[chunk]![from + i] !== hash) continue;
    return core.entities.u8[chunk]![place * ENTITY_LAYOUT.u8 + ENTITY.categoryDays + category * CATEGORY_VALUES + i]! > 0;
  }
  return false;
}

/** Puts a new value in the place of the one that was used longest ago; the values of the day itself keep theirs. */
function insert(core: Core, entity: EntityState, category: number, hash: number, day: number): void {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const hashes = core.entities.u32[chunk]!;
  const days = core.entities.u16[chunk]!;
  const uses = core.entities.u8[chunk]!;
  const hashAt = place * ENTITY_LAYOUT.u32 + ENTITY.categoryHash + category * CATEGORY_VALUES;
  const dayAt = place * ENTITY_LAYOUT.u16 + ENTITY.categoryDay + category * CATEGORY_VALUES;
  const usesAt = place * ENTITY_LAYOUT.u8 + ENTITY.categoryDays + category * CATEGORY_VALUES;
  let victim = -1;
  let oldest = day;
  let fresh = 0;
  for (let i = 0; i < CATEGORY_VALUES; i += 1) {
    if (hashes[hashAt + i] === 0) { if (oldest >= 0) { victim = i; oldest = -1; } continue; }
    if (days[dayAt + i]! >= day && uses[usesAt + i] === 0) fresh += 1;
    if (days[dayAt + i]! < oldest) { victim = i; oldest = days[dayAt + i]!; }
  }
  if (victim < 0 || fresh >= NEW_PER_DAY_MAX) return;
  hashes[hashAt + victim] = hash;
  days[dayAt + victim] = day;
  uses[usesAt + victim] = 0;
}

/** One day's use of a value is learned: a draw, and if it is the first, an opening. True for the first. */
function learnUse(core: Core, entity: EntityState, category: number, index: number): boolean {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const words = core.entities.u32[chunk]!;
  const at = place * ENTITY_LAYOUT.u32;
  const usesAt = place * ENTITY_LAYOUT.u8 + ENTITY.categoryDays + category * CATEGORY_VALUES + index;
  const uses = core.entities.u8[chunk]![usesAt]!;
  words[at + ENTITY.draws + category]! += 1;
  if (uses < DAYS_MAX) core.entities.u8[chunk]![usesAt] = uses + 1;
  if (uses > 0) return false;
  words[at + ENTITY.opened + category]! += 1;
  return true;
}

/** The peers hear of a value that became known. */
const adopt = ({ population }: TenantCore, entity: EntityState, category: number, hash: number): void => {
  population.hour(Math.floor(entity.watermark / HOUR_MS), entity.shard).adoptions.push(entity.node, category, hash);
};

/** Closes a day for the categories: what was used on it is learned, or, under suspicion, what was new on it is forgotten. */
export function closeCategoryDay(core: Core, tenant: TenantCore, entity: EntityState, day: number, suspicious: boolean): void {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const hashes = core.entities.u32[chunk]!;
  for (let category = 0; category < CATEGORY_COUNT; category += 1) {
    const hashAt = place * ENTITY_LAYOUT.u32 + ENTITY.categoryHash + category * CATEGORY_VALUES;
    for (let i = 0; i < CATEGORY_VALUES; i += 1) {
      const hash = hashes[hashAt + i]!;
      if (hash === 0 || core.entities.u16[chunk]![place * ENTITY_LAYOUT.u16 + ENTITY.categoryDay + category * CATEGORY_VALUES + i] !== day) continue;
      if (suspicious && core.entities.u8[chunk]![place * ENTITY_LAYOUT.u8 + ENTITY.categoryDays + category * CATEGORY_VALUES + i] === 0) { hashes[hashAt + i] = 0; continue; }
      if (learnUse(core, entity, category, i)) adopt(tenant, entity, category, hash);
    }
  }
  entity.learnedDay = Math.max(entity.learnedDay, day);
}

export const drawsOf = (core: Core, entity: EntityState, category: number): number => core.entities.u32[chunkOf(entity.row)]![placeOf(entity.row) * ENTITY_LAYOUT.u32 + ENTITY.draws + category]!;
export const openedOf = (core: Core, entity: EntityState, category: number): number => core.entities.u32[chunkOf(entity.row)]![placeOf(entity.row) * ENTITY_LAYOUT.u32 + ENTITY.opened + category]!;

/** The values of a category with the days of use, most used first. */
export function categoryValues(core: Core, entity: EntityState, category: number): Array<{ hash: number; days: number }> {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const values: Array<{ hash: number; days: number }> = [];
  for (let i = 0; i < CATEGORY_VALUES; i += 1) {
    const hash = core.entities.u32[chunk]![place * ENTITY_LAYOUT.u32 + ENTITY.categoryHash + category * CATEGORY_VALUES + i]!;
    const days = core.entities.u8[chunk]![place * ENTITY_LAYOUT.u8 + ENTITY.categoryDays + category * CATEGORY_VALUES + i]!;
    if (hash !== 0 && days > 0) values.push({ hash, days });
  }
  return values.sort((a, b) => b.days - a.days || a.hash - b.hash);
}
