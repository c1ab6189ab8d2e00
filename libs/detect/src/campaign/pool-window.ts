import type { Event } from '@wary/model/event.js';
import { entityKey } from '@wary/model/entity.js';
import { BEHAVIOUR_OF } from '../behaviour-weights.js';
import type { TenantCore } from '../core.js';
import { HOUR_MS } from '../engine-limits.js';
import { WINDOW } from '../entity-layout.js';
import type { EntityState } from '../entity-state.js';
import { categoryValue, FEATURE_COUNT } from '../features.js';
import type { OpenWindow } from '../open-window.js';
import { POOLED_BEHAVIOURS, POOLED_CATEGORIES, POOLED_WINDOWS, poolKey } from './pool-cells.js';

/** A window that can be judged counts where its first event came from, by what, and for which model. */
export function poolOpened(tenant: TenantCore, window: OpenWindow, event: Event, hashes: Uint32Array): void {
  for (const category of POOLED_CATEGORIES) poolUsed(tenant, window, event, category, hashes[category]!);
}

/** A principal uses another value than in the event before: its windows count by that too. */
export function poolMoved(tenant: TenantCore, entity: EntityState, event: Event, category: number, hash: number): void {
  if (!(POOLED_CATEGORIES as readonly number[]).includes(category)) return;
  for (const kind of POOLED_WINDOWS) {
    const window = entity.currentOf(kind);
    // Of several values used in turn the first two count, once each.
    if (window !== null && event.time >= window.start && event.time < window.end && window.chunk.u32[window.f + WINDOW.pooled + 2 * POOLED_CATEGORIES.indexOf(category as never) + 1] === 0) poolUsed(tenant, window, event, category, hash);
  }
}

function poolUsed({ population }: TenantCore, window: OpenWindow, event: Event, category: number, hash: number): void {
  const place = placeOf(window);
  if (place < 0 || hash === 0 || !window.scored) return;
  const { u32 } = window.chunk;
  const at = window.f + WINDOW.pooled + 2 * POOLED_CATEGORIES.indexOf(category);
  if (u32[at] === hash || u32[at + 1] === hash) return;
  u32[u32[at] === 0 ? at : at + 1] = hash;
  population.hour(Math.floor(event.time / HOUR_MS)).pools.open(poolKey(place, category, hash), () => categoryValue(event, category));
}

/** Features have passed their first screen (`before`: those that had before): their behaviours count as unusual, once a window, by what this event has. */
export function poolFlagged(tenant: TenantCore, entity: EntityState, window: OpenWindow, event: Event, hashes: Uint32Array, before: number): void {
  const place = placeOf(window);
  const fresh = behavioursOf(window.exceeded) & ~behavioursOf(before);
  if (place < 0 || fresh === 0) return;
  const { pools } = tenant.population.hour(Math.floor(event.time / HOUR_MS));
  for (const category of POOLED_CATEGORIES) {
    const hash = hashes[category]!;
    if (hash === 0) continue;
    poolUsed(tenant, window, event, category, hash);
    const key = poolKey(place, category, hash);
    for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) if ((fresh & (1 << behaviour)) !== 0) pools.flag(key, () => categoryValue(event, category), behaviour, entityKey(entity), event.id);
  }
}

/** −1: it is not pooled. */
const placeOf = ({ kind, lane, historical }: OpenWindow): number => (lane !== 0 || historical ? -1 : POOLED_WINDOWS.indexOf(kind as (typeof POOLED_WINDOWS)[number]));

function behavioursOf(features: number): number {
  let bits = 0;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) if ((features & (1 << feature)) !== 0) bits |= 1 << BEHAVIOUR_OF[feature]!;
  return bits;
}
