import { ActDay } from './act-day.js';
import { CountedRegisters } from '@wary/baseline/hyper-log-log.js';
import { ACTOR_TYPES } from '@wary/model/entity.js';
import type { ColdEntity } from './cold-entity.js';
import type { Core } from './core.js';
import { EntityState, type SuspendedWindow, type Told } from './entity-state.js';
import { OpenWindow, type Raised } from './open-window.js';
import { OrderDay } from './sequence/order-day.js';
import { OrderMemory } from './sequence/order-memory.js';
import { NODE_OF_KIND } from './population.js';

/** Of a window: what only some have. Its numbers are in the slab. */
interface WindowExtra { acts: unknown[] | null; order: unknown[] | null; lastId: string; telling: string[]; registers: Uint8Array | null; raised: Raised[] | null }

/** Entities by columns: a hundred thousand of them are a few arrays, not a forest of objects. Their numbers are in the slab. */
export interface EntitiesState {
  types: Uint8Array; ids: string[]; groups: string[]; shards: Uint8Array; rows: Uint32Array; nodes: Uint32Array; joined: Uint8Array; idleHours: Float64Array;
  /** What only some entities have, by their index. */
  notes: [number, unknown[]][]; orders: [number, Uint32Array][]; suspended: [number, SuspendedWindow[]][]; told: [number, Told[]][];
  /** Of each entity how many windows; of each window its row, its kind + 1 if it is a present one, and its first event. */
  windowCounts: Uint32Array; windowRows: Uint32Array; present: Uint8Array; firstIds: string[];
  /** By row. */
  extras: [number, WindowExtra][];
  cold: [number, [string, ColdEntity][]][];
}

export function dumpEntities(shards: readonly (readonly EntityState[])[], cold: readonly Map<string, ColdEntity>[]): EntitiesState {
  const entities = shards.flat();
  const windowCounts = Uint32Array.from(entities, ({ windows, lagWindows }) => windows.length + lagWindows.length);
  const windows = windowCounts.reduce((sum, count) => sum + count, 0);
  const state: EntitiesState = {
    types: Uint8Array.from(entities, ({ type }) => NODE_OF_KIND[type]), ids: entities.map(({ id }) => id), groups: entities.map(({ group }) => group),
    shards: Uint8Array.from(entities, ({ shard }) => shard), rows: Uint32Array.from(entities, ({ row }) => row), nodes: Uint32Array.from(entities, ({ node }) => node), joined: Uint8Array.from(entities, ({ joined }) => Number(joined)),
    idleHours: Float64Array.from(entities, ({ idleHour }) => idleHour), notes: [], orders: [], suspended: [], told: [],
    windowCounts, windowRows: new Uint32Array(windows), present: new Uint8Array(windows), firstIds: new Array<string>(windows), extras: [],
    cold: cold.flatMap((shard, index): [number, [string, ColdEntity][]][] => (shard.size > 0 ? [[index, [...shard]]] : [])),
  };
  let at = 0;
  entities.forEach((entity, index) => {
    if (entity.notes.length > 0) state.notes.push([index, entity.notes]);
    if (entity.order !== null) state.orders.push([index, entity.order.pack()]);
    if (entity.suspended.length > 0) state.suspended.push([index, entity.suspended]);
    if (entity.told.length > 0) state.told.push([index, entity.told]);
    for (const list of [entity.windows, entity.lagWindows]) {
      for (const window of list) {
        const { row, kind, firstId, lastId, telling, registers, raised, acts, order } = window;
        state.windowRows[at] = row;
        state.present[at] = entity.currentOf(kind) === window ? kind + 1 : 0;
        state.firstIds[at] = firstId;
        if (telling.length > 0 || registers !== null || raised !== null || acts !== null || order !== null) state.extras.push([row, { acts: acts?.dump() ?? null, order: order?.dump() ?? null, lastId, telling, registers: registers === null ? null : registers.registers, raised }]);
        at += 1;
      }
    }
  });
  return state;
}

/** Gives the entities in the order they were dumped in, shard by shard. The slabs must be loaded already. */
export function loadEntities(core: Core, state: EntitiesState, cold: readonly Map<string, ColdEntity>[], adopt: (entity: EntityState) => void): void {
  const extras = new Map(state.extras);
  const notes = new Map(state.notes);
  const orders = new Map(state.orders);
  const suspended = new Map(state.suspended);
  const told = new Map(state.told);
  let at = 0;
  state.ids.forEach((id, index) => {
    const entity = new EntityState(core.entities, state.rows[index]!, ACTOR_TYPES[state.types[index]!]!, id, state.shards[index]!, state.nodes[index]!, state.groups[index]!);
    entity.joined = state.joined[index] === 1;
    entity.idleHour = state.idleHours[index]!;
    entity.notes = notes.get(index) ?? entity.notes;
    const known = orders.get(index);
    entity.order = known === undefined ? null : new OrderMemory(known);
    entity.suspended = suspended.get(index) ?? entity.suspended;
    entity.told = told.get(index) ?? entity.told;
    for (const end = at + state.windowCounts[index]!; at < end; at += 1) {
      const row = state.windowRows[at]!;
      const window = new OpenWindow(core.windows, row);
      window.firstId = state.firstIds[at]!;
      const extra = extras.get(row);
      if (extra !== undefined) {
        const { acts, order, lastId, telling, registers, raised } = extra;
        Object.assign(window, { acts: acts === null ? null : ActDay.load(acts), order: order === null ? null : OrderDay.load(order), lastId, telling, registers: registers === null ? null : new CountedRegisters(registers), raised });
      }
      core.windowOfRow[row] = window;
      const present = state.present[at]!;
      if (present > 0) entity.adoptCurrent(present - 1, window);
      entity.addWindow(window);
    }
    adopt(entity);
  });
  for (const [shard, entries] of state.cold) for (const [key, entity] of entries) cold[shard]!.set(key, entity);
}
