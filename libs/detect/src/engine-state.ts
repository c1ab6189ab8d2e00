import type { RecentIds } from '@wary/pipeline/recent-ids.js';
import type { Partition } from './closed-hour.js';
import type { Core, DayScore } from './core.js';
import type { EngineStats } from './engine-stats.js';
import { dumpEntities, loadEntities, type EntitiesState } from './entity-dump.js';
import type { SlabState } from './slab.js';
import { decodeState, encodeState } from './state-codec.js';
import type { TenantState } from './tenant-state.js';
import type { ValueNamesState } from './value-names.js';

/** Raised when the layout of anything below changes; a snapshot of another version is rebuilt from history. */
export const ENGINE_STATE_VERSION = 9;

interface TenantDump { id: string; ledger: unknown; population: unknown; gate: unknown; entities: EntitiesState; book: unknown; watch: unknown; detectors: [string, unknown][]; rules: unknown }
interface EngineDump {
  partition: Partition | null; lastSeq: number; recent: { high: Uint32Array; low: Uint32Array }; stats: EngineStats; names: ValueNamesState; dayScores: DayScore[];
  entities: SlabState; windows: SlabState; tenants: TenantDump[];
}

export function dumpEngine(core: Core, tenants: ReadonlyMap<string, TenantState>, recent: RecentIds, lastSeq: number): Uint8Array {
  const state: EngineDump = {
    partition: core.partition, lastSeq, recent: recent.dump(), stats: core.stats, names: core.names.dump(), dayScores: core.dayScores,
    entities: core.entities.dump(), windows: core.windows.dump(),
    tenants: [...tenants.values()].map(({ id, ledger, population, gate, entities, book, watch, detectors, rules }) => ({
      id, ledger: ledger.dump(), population: population.dump(), gate: gate?.dump() ?? null, entities: dumpEntities(entities.shards, entities.cold), book: book.dump(), watch: watch.dump(),
      detectors: detectors.map((detector): [string, unknown] => [detector.analytic.id, detector.dump()]), rules: rules?.dump() ?? null,
    })),
  };
  return encodeState(ENGINE_STATE_VERSION, state);
}

/** The last sequence scored, or null when the bytes are of another version. */
export function restoreEngine(bytes: Uint8Array, core: Core, recent: RecentIds, tenantOf: (id: string) => TenantState): number | null {
  const state = decodeState(ENGINE_STATE_VERSION, bytes) as EngineDump | null;
  if (state === null) return null;
  // What lies in a partition of another stream, or of another number of them, is of no use here.
  if (state.partition?.index !== core.partition?.index || state.partition?.count !== core.partition?.count) return null;
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
    tenant.gate?.load(dump.gate);
    loadEntities(core, dump.entities, tenant.entities.cold, (entity) => tenant.adopt(entity));
    tenant.book.load(dump.book);
    tenant.watch.load(dump.watch);
    const byId = new Map(dump.detectors);
    for (const detector of tenant.detectors) if (byId.has(detector.analytic.id)) detector.load(byId.get(detector.analytic.id));
    if (dump.rules !== null) tenant.rules?.load(dump.rules);
  }
  return state.lastSeq;
}
