import type { RecentIds } from '@wary/pipeline/recent-ids.js';
import type { Core, DayScore } from './core.js';
import type { EngineStats } from './engine-stats.js';
import { dumpEntities, loadEntities, type EntitiesState } from './entity-dump.js';
import type { SlabState } from './slab.js';
import { decodeState, encodeState } from './state-codec.js';
import type { TenantState } from './tenant-state.js';
import type { ValueNamesState } from './value-names.js';

/** Raised when the layout of anything below changes; a snapshot of another version is rebuilt from history. */
export const ENGINE_STATE_VERSION = 2;

interface TenantDump { id: string; ledger: unknown; population: unknown; entities: EntitiesState; book: unknown; detectors: [string, unknown][] }
interface EngineDump {
  lastSeq: number; recent: { high: Uint32Array; low: Uint32Array }; stats: EngineStats; names: ValueNamesState; dayScores: DayScore[];
  entities: SlabState; windows: SlabState; tenants: TenantDump[];
}

export function dumpEngine(core: Core, tenants: ReadonlyMap<string, TenantState>, recent: RecentIds, lastSeq: number): Uint8Array {
  const state: EngineDump = {
    lastSeq, recent: recent.dump(), stats: core.stats, names: core.names.dump(), dayScores: core.dayScores,
    entities: core.entities.dump(), windows: core.windows.dump(),
    tenants: [...tenants.values()].map(({ id, ledger, population, entities, book, detectors }) => ({
      id, ledger: ledger.dump(), population: population.dump(), entities: dumpEntities(entities.shards, entities.cold), book: book.dump(),
      detectors: detectors.map((detector): [string, unknown] => [detector.analytic.id, detector.dump()]),
    })),
  };
  return encodeState(ENGINE_STATE_VERSION, state);
}

/** The last sequence scored, or null when the bytes are of another version. */
export function restoreEngine(bytes: Uint8Array, core: Core, recent: RecentIds, tenantOf: (id: string) => TenantState): number | null {
  const state = decodeState(ENGINE_STATE_VERSION, bytes) as EngineDump | null;
  if (state === null) return null;
  recent.load(state.recent);
  Object.assign(core.stats, state.stats);
  core.names.load(state.names);
  core.dayScores.push(...state.dayScores);
  core.entities.load(state.entities);
  core.windows.load(state.windows);
  for (const dump of state.tenants) {
    const tenant = tenantOf(dump.id);
    tenant.ledger.load(dump.ledger);
    tenant.population.load(dump.population);
    loadEntities(core, dump.entities, tenant.entities.cold, (entity) => tenant.adopt(entity));
    tenant.book.load(dump.book);
    const byId = new Map(dump.detectors);
    for (const detector of tenant.detectors) if (byId.has(detector.analytic.id)) detector.load(byId.get(detector.analytic.id));
  }
  return state.lastSeq;
}
