import { ACTOR_TYPES } from '@wary/model/entity.js';
import type { ColdEntity } from './cold-entity.js';
import { SHARDS } from './engine-limits.js';
import type { EntityState, OpenWindow, Raised, SuspendedWindow } from './entity-state.js';
import { NODE_OF_KIND } from './population.js';

const ENTITY_NUMBERS = ['shard', 'row', 'node', 'since', 'watermark', 'lagWatermark', 'nextClose', 'nextLagClose', 'windowsLearned', 'learnedDay', 'suspectFrom', 'suspectTo', 'recentNext'] as const satisfies readonly (keyof EntityState)[];
const WINDOW_NUMBERS = ['row', 'kind', 'lane', 'start', 'end', 'idleHour', 'level', 'weekCell', 'exceeded', 'offHours', 'noveltyScore', 'lastTime', 'events', 'criticality', 'distinct', 'dayScore', 'dayEvidence'] as const satisfies readonly (keyof OpenWindow)[];

/** Entities and their windows by columns: a hundred thousand of them are a few arrays, not a forest of objects. */
export interface EntitiesState {
  types: Uint8Array; ids: string[]; groups: string[]; joined: Uint8Array; numbers: Float64Array; suspended: [number, SuspendedWindow[]][]; recentIds: string[][];
  windowOf: Uint32Array; windows: Float64Array; scored: Uint8Array; historical: Uint8Array; current: Uint8Array; firstIds: string[]; lastIds: string[]; hrStatus: string[];
  registers: [number, Uint8Array][]; raised: [number, Raised[]][]; cold: [number, [string, ColdEntity][]][];
}

export function dumpEntities(shards: readonly (readonly EntityState[])[], cold: readonly Map<string, ColdEntity>[]): EntitiesState {
  const entities = shards.flat();
  const windows = entities.flatMap((entity, index) => entity.windows.map((window) => ({ index, window, current: entity.current[window.kind] === window })));
  return {
    types: Uint8Array.from(entities, ({ type }) => NODE_OF_KIND[type]), ids: entities.map(({ id }) => id), groups: entities.map(({ group }) => group), joined: Uint8Array.from(entities, ({ joined }) => Number(joined)),
    numbers: columns(entities, ENTITY_NUMBERS), suspended: entities.flatMap(({ suspended }, index): [number, SuspendedWindow[]][] => (suspended.length > 0 ? [[index, suspended]] : [])),
    recentIds: entities.map(({ recentIds }) => recentIds),
    windowOf: Uint32Array.from(windows, ({ index }) => index), windows: columns(windows.map(({ window }) => window), WINDOW_NUMBERS),
    scored: Uint8Array.from(windows, ({ window }) => Number(window.scored)), historical: Uint8Array.from(windows, ({ window }) => Number(window.historical)), current: Uint8Array.from(windows, ({ current }) => Number(current)),
    firstIds: windows.map(({ window }) => window.firstId), lastIds: windows.map(({ window }) => window.lastId), hrStatus: windows.map(({ window }) => window.hrStatus),
    registers: windows.flatMap(({ window: { registers } }, index): [number, Uint8Array][] => (registers === null ? [] : [[index, registers]])),
    raised: windows.flatMap(({ window: { raised } }, index): [number, Raised[]][] => (raised === null ? [] : [[index, raised]])),
    cold: cold.flatMap((shard, index): [number, [string, ColdEntity][]][] => (shard.size > 0 ? [[index, [...shard]]] : [])),
  };
}

/** Gives the entities in the order they were dumped in, shard by shard. */
export function loadEntities(state: EntitiesState, cold: readonly Map<string, ColdEntity>[], adopt: (entity: EntityState) => void): void {
  const entities = state.ids.map((id, index) => ({
    ...row(state.numbers, index, ENTITY_NUMBERS), type: ACTOR_TYPES[state.types[index]!]!, id, group: state.groups[index]!, joined: state.joined[index] === 1,
    windows: [], current: [null, null, null], suspended: [], recentIds: state.recentIds[index]!,
  }) as unknown as EntityState);
  for (const [index, suspended] of state.suspended) (entities[index]!.suspended as SuspendedWindow[]).push(...suspended);
  const registers = new Map(state.registers);
  const raised = new Map(state.raised);
  state.windowOf.forEach((owner, index) => {
    const window = {
      ...row(state.windows, index, WINDOW_NUMBERS), scored: state.scored[index] === 1, historical: state.historical[index] === 1,
      firstId: state.firstIds[index]!, lastId: state.lastIds[index]!, hrStatus: state.hrStatus[index]!, registers: registers.get(index) ?? null, raised: raised.get(index) ?? null,
    } as unknown as OpenWindow;
    entities[owner]!.windows.push(window);
    if (state.current[index] === 1) entities[owner]!.current[window.kind] = window;
  });
  for (const entity of entities) adopt(entity);
  for (const [shard, entries] of state.cold) for (const [key, entity] of entries) cold[shard % SHARDS]!.set(key, entity);
}

function columns<T>(rows: readonly T[], names: readonly (keyof T)[]): Float64Array {
  const numbers = new Float64Array(rows.length * names.length);
  rows.forEach((item, index) => names.forEach((name, column) => { numbers[index * names.length + column] = item[name] as number; }));
  return numbers;
}

const row = (numbers: Float64Array, index: number, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, column) => [name, numbers[index * names.length + column]!]));
