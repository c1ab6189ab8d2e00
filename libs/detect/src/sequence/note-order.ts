import type { Event } from '@wary/model/event.js';
import type { TenantCore } from '../core.js';
import { ENTITY } from '../entity-layout.js';
import type { EntityState } from '../entity-state.js';
import type { OpenWindow } from '../open-window.js';
import { OrderDay } from './order-day.js';
import { OrderMemory } from './order-memory.js';
import { orderDecades, pairKey, START } from './order-model.js';

/** After a pause a sequence begins anew. */
const PAUSE_MS = 3_600_000;
/** Who keeps no order says much every day: a day says something only beyond what the days before have, the most of which fades by a thirtieth a day. */
const RECORD_KEPT = 29 / 30;
const HUNDREDTHS = 100;
const RECORD_MAX = 65_535;
const recordOf = ({ chunk, h }: EntityState): number => chunk.u16[h + ENTITY.orderRecord]!;
const NOTHING_KNOWN = { countOf: () => 0 };

/** Takes the act of an event into the order of its day; true when the day has become more unusual by it. What comes late has no place in the order. */
export function noteOrder(tenant: TenantCore, entity: EntityState, window: OpenWindow, { time }: Event, act: number): boolean {
  const day = (window.order ??= new OrderDay(recordOf(entity) / HUNDREDTHS));
  if (time < day.lastTime) return false;
  if (time - day.lastTime > PAUSE_MS) day.before = day.earlier = START;
  day.lastTime = time;
  if (act === day.before) return false;
  return day.take(act, (earlier, before) => (window.scored ? orderDecades(entity.order ?? NOTHING_KNOWN, tenant.population.view(entity.node).node.orders, earlier, before, act) : 0));
}

/** A day that is over teaches its order to the entity and its peers; under suspicion each step once to the entity, so that a new habit is known after some days, and nothing to the peers. */
export function closeOrderDay(tenant: TenantCore, entity: EntityState, day: OrderDay | null, suspicious: boolean): void {
  if (day === null) return;
  entity.order ??= new OrderMemory();
  entity.chunk.u16[entity.h + ENTITY.orderRecord] = Math.min(RECORD_MAX, Math.max(Math.floor(recordOf(entity) * RECORD_KEPT), Math.floor(day.most * HUNDREDTHS)));
  const { log } = tenant.population;
  for (const [key, count] of day.counts()) {
    entity.order.add(key, suspicious ? 1 : count);
    if (!suspicious) log.addOrder(entity.shard, entity.node, key, count);
  }
}

/** What an entity does most often after an act, of those that its memory of acts holds; null when nothing is known. */
export function usualAfter({ order }: EntityState, before: number, acts: Iterable<number>): number | null {
  let usual: number | null = null;
  let most = 0;
  for (const act of acts) {
    const count = order?.countOf(pairKey(before, act)) ?? 0;
    if (count > most) { most = count; usual = act; }
  }
  return usual;
}
