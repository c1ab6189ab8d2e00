import { ACTOR_TYPES } from '@wary/model/entity.js';
import type { ColdEntity } from './cold-entity.js';
import type { Core } from './core.js';
import { EntityState, type SuspendedWindow, type Told } from './entity-state.js';
import { OpenWindow, type Raised } from './open-window.js';
import { NODE_OF_KIND } from './population.js';

/** Of a window: what only some have. The numbers are in the slab. */
interface WindowExtra { firstId: string; lastId: string; telling: string[]; registers: Uint8Array | null; raised: Raised[] | null }

/** Entities by columns: a hundred thousand of them are a few arrays, not a forest of objects. Their numbers are in the slab. */
export interface EntitiesState {
  types: Uint8Array; ids: string[]; notes: [number, unknown[]][]; idleHours: Float64Array; groups: string[]; shards: Uint8Array; rows: Uint32Array; nodes: Uint32Array; joined: Uint8Array;
  suspended: [number, SuspendedWindow[]][]; told: [number, Told[]][];
  /** Rows of the open windows in order, and how many belong to each entity. */
  windowRows: Uint32Array; windowCounts: Uint32Array; /** Kind + 1 of present windows. */ current: Uint8Array; extras: [number, WindowExtra][];
  cold: [number, [string, ColdEntity][]][];
}

export function dumpEntities(shards: readonly (readonly EntityState[])[], cold: readonly Map<string, ColdEntity>[]): EntitiesState {
  const entities = shards.flat();
  const windows = entities.flatMap((entity) => [...entity.windows, ...entity.lagWindows]);
  const owners = new Map(entities.flatMap((entity) => entity.windows.map((window): [OpenWindow, EntityState] => [window, entity])));
  return {
    types: Uint8Array.from(entities, ({ type }) => NODE_OF_KIND[type]), ids: entities.map(({ id }) => id), groups: entities.map(({ group }) => group),
    shards: Uint8Array.from(entities, ({ shard }) => shard), rows: Uint32Array.from(entities, ({ row }) => row), nodes: Uint32Array.from(entities, ({ node }) => node), joined: Uint8Array.from(entities, ({ joined }) => Number(joined)),
    notes: entities.flatMap(({ notes }, index): [number, unknown[]][] => (notes.length > 0 ? [[index, notes]] : [])), idleHours: Float64Array.from(entities, ({ idleHour }) => idleHour),
    suspended: entities.flatMap(({ suspended }, index): [number, SuspendedWindow[]][] => (suspended.length > 0 ? [[index, suspended]] : [])),
    told: entities.flatMap(({ told }, index): [number, Told[]][] => (told.length > 0 ? [[index, told]] : [])),
    windowRows: Uint32Array.from(windows, ({ row }) => row), windowCounts: Uint32Array.from(entities, (entity) => entity.windows.length + entity.lagWindows.length), current: Uint8Array.from(windows, (window) => (owners.get(window)?.currentOf(window.kind) === window ? window.kind + 1 : 0)),
    extras: windows.filter(hasExtra).map(({ row, firstId, lastId, telling, registers, raised }) => [row, { firstId, lastId, telling, registers, raised }]),
    cold: cold.flatMap((shard, index): [number, [string, ColdEntity][]][] => (shard.size > 0 ? [[index, [...shard]]] : [])),
  };
}

const hasExtra = ({ firstId, telling, registers, raised }: OpenWindow): boolean => firstId !== '' || telling.length > 0 || registers !== null || raised !== null;

/** Gives the entities in the order they were dumped in, shard by shard. The slabs must be loaded already. */
export function loadEntities(core: Core, state: EntitiesState, cold: readonly Map<string, ColdEntity>[], adopt: (entity: EntityState) => void): void {
  const extras = new Map(state.extras);
  const suspended = new Map(state.suspended);
  const notes = new Map(state.notes);
  const told = new Map(state.told);
  let next = 0;
  state.ids.forEach((id, index) => {
    const entity = new EntityState(core.entities, state.rows[index]!, ACTOR_TYPES[state.types[index]!]!, id, state.shards[index]!, state.nodes[index]!, state.groups[index]!);
    entity.joined = state.joined[index] === 1;
    entity.suspended = suspended.get(index) ?? entity.suspended;
    entity.notes = notes.get(index) ?? entity.notes;
    entity.told = told.get(index) ?? entity.told;
    entity.idleHour = state.idleHours[index]!;
    for (const end = next + state.windowCounts[index]!; next < end; next += 1) {
      const row = state.windowRows[next]!;
      const window = new OpenWindow(core.windows, row);
      Object.assign(window, extras.get(row));
      core.windowOfRow[row] = window;
      const present = state.current[next]!;
      if (present > 0) entity.adoptCurrent(present - 1, window);
      entity.addWindow(window);
    }
    adopt(entity);
  });
  for (const [shard, entries] of state.cold) for (const [key, entity] of entries) cold[shard]!.set(key, entity);
}
