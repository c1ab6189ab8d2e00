import { adoptionTail, newCategoryMass } from '@wary/baseline/category-model.js';
import type { Event } from '@wary/model/event.js';
import { poolMoved } from './campaign/pool-window.js';
import { drawsOf, openedOf, touchCategory } from './category-memory.js';
import type { TenantCore } from './core.js';
import { DAY_MS } from './engine-limits.js';
import { ENTITY, WINDOW } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { CATEGORY_COUNT, categoryValue, DAY, FEATURE_COUNT, REQUESTS } from './features.js';
import type { OpenWindow } from './open-window.js';

/** Categories that go together count once, by the more unusual: a place is a country and a network, a means is a model and a tool. */
export const NOVELTY_FAMILIES: readonly (readonly number[])[] = [[0], [1], [2, 3], [4], [5, 6]];
/** Adoptions from which a peer group speaks for itself; below, its kind does. */
const GROUP_ADOPTIONS_MIN = 20;
/** A new value at least this likely is no news. */
const LIKELY = 0.3;

/**
 * Looks at the categories of an event: remembers them, and gives true when something new to the principal makes the day more novel
 * than it was. How unlikely: P(new for her) by Pitman–Yor over her days of use, times the mass of what her peers have adopted
 * at most as often, times the values she uses a day (Bonferroni, as it stood when the day began).
 */
export function noteCategories(tenant: TenantCore, entity: EntityState, event: Event, hashes: Uint32Array): boolean {
  const day = Math.floor(event.time / DAY_MS);
  const { u32 } = entity.chunk;
  const latest = entity.f + ENTITY.latest;
  const sameDay = u32[entity.f + ENTITY.latestDay] === day;
  if (!sameDay) u32[entity.f + ENTITY.latestDay] = day;
  let changed = false;
  for (let category = 0; category < CATEGORY_COUNT; category += 1) {
    const hash = hashes[category]!;
    // Mostly the same as in the event before, which saves the search.
    if (hash === 0 || (sameDay && u32[latest + category] === hash)) continue;
    u32[latest + category] = hash;
    poolMoved(tenant, entity, event, category, hash);
    if (touchCategory(tenant, entity, category, hash, day) !== 'new') continue;
    tenant.names.remember(category, hash, () => categoryValue(event, category));
    const window = entity.day;
    if (window === null || !window.scored || event.time < window.start || event.time >= window.end) continue;
    const logP = newValueLogP(tenant, entity, category, hash);
    const at = window.f + WINDOW.novelty + category;
    if (logP >= window.chunk.f32[at]!) continue;
    window.chunk.f32[at] = logP;
    window.chunk.u32[window.f + WINDOW.newest + category] = hash;
    changed = true;
  }
  if (changed) entity.day!.noveltyScore = noveltyScore(entity.day!);
  return changed;
}

function newValueLogP(tenant: TenantCore, entity: EntityState, category: number, hash: number): number {
  const draws = drawsOf(entity, category);
  const days = entity.chunk.f32[entity.momentsAt(DAY * FEATURE_COUNT + REQUESTS)]!;
  const own = Math.min(1, newCategoryMass(draws, openedOf(entity, category)) * Math.max(1, days > 0 ? draws / days : 1));
  if (own >= LIKELY) return 0;
  const view = tenant.population.view(entity.node);
  let { node } = view;
  let table = node.adoptionTable(category);
  if ((table === null || table.total < GROUP_ADOPTIONS_MIN) && view.kind !== null) { node = view.kind.node; table = node.adoptionTable(category); }
  return Math.log(own) + (table === null ? 0 : Math.log(adoptionTail(node.adopters(category, hash), table)));
}

/** Sum over the families of −log10 p. Not a p itself: the ranks of such sums make it one. */
export function noveltyScore(window: OpenWindow): number {
  let sum = 0;
  for (const family of NOVELTY_FAMILIES) {
    let least = 0;
    for (const category of family) least = Math.min(least, noveltyLogP(window, category));
    sum -= least;
  }
  return sum * Math.LOG10E;
}

export const noveltyLogP = ({ chunk, f }: OpenWindow, category: number): number => chunk.f32[f + WINDOW.novelty + category]!;
export const newestOf = ({ chunk, f }: OpenWindow, category: number): number => chunk.u32[f + WINDOW.newest + category]!;
