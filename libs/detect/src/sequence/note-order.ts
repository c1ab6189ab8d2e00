import type { Event } from '@wary/model/event.js';
import type { TenantCore } from '../core.js';
import { ENTITY } from '../entity-layout.js';
import type { EntityState } from '../entity-state.js';
import type { OpenWindow } from '../open-window.js';
import { OrderDay, type StepJudge } from './order-day.js';
import { OrderMemory } from './order-memory.js';
import { orderDecades, pairKey, START, type OrderCounts } from './order-model.js';
import { StepCounts } from './step-counts.js';

/** After a pause a sequence begins anew. */
const PAUSE_MS = 3_600_000;
/** Who keeps no order says much every day: a day says something only beyond what the days before have, the most of which fades by a thirtieth a day. */
const RECORD_KEPT = 29 / 30;
const HUNDREDTHS = 100;
const RECORD_MAX = 65_535;
const recordOf = ({ chunk, h }: EntityState): number => chunk.u16[h + ENTITY.orderRecord]!;
const NOTHING_KNOWN: OrderCounts = { countOf: () => 0 };
const learned = new StepCounts();

/** What an entity and its peers know of orders; one object for all, pointed at whose turn it is. */
class Judge implements StepJudge {
  own: OrderCounts = NOTHING_KNOWN;
  peers: OrderCounts = NOTHING_KNOWN;
  isSilent = false;

  decadesOf(earlier: number, before: number, act: number): number {
    return this.isSilent ? 0 : orderDecades(this.own, this.peers, earlier, before, act);
  }
}
const judge = new Judge();

/** Takes the act of an event into the order of its day; true when the day has become more unusual by it. What comes late has no place in the order. */
export function noteOrder(tenant: TenantCore, entity: EntityState, window: OpenWindow, { time }: Event, act: number): boolean {
  const day = (window.order ??= OrderDay.begin(recordOf(entity) / HUNDREDTHS));
  if (time < day.lastTime) return false;
  if (time - day.lastTime > PAUSE_MS) day.before = day.earlier = START;
  day.lastTime = time;
  if (act === day.before) return false;
  judge.own = entity.order ?? NOTHING_KNOWN;
  judge.peers = tenant.population.view(entity.node).node.orders;
  judge.isSilent = !window.scored;
  return day.take(act, judge);
}

/** A day that is over teaches its order to the entity and its peers; under suspicion each step once to the entity, so that a new habit is known after some days, and nothing to the peers. */
export function closeOrderDay(tenant: TenantCore, entity: EntityState, day: OrderDay | null, suspicious: boolean): void {
  if (day === null) return;
  entity.order ??= new OrderMemory();
  entity.chunk.u16[entity.h + ENTITY.orderRecord] = Math.min(RECORD_MAX, Math.max(Math.floor(recordOf(entity) * RECORD_KEPT), Math.floor(day.most * HUNDREDTHS)));
  const { log } = tenant.population;
  day.countInto(learned.clear());
  for (let at = 0; at < learned.size; at += 1) {
    const key = learned.keys[at]!;
    const count = learned.counts[at]!;
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
