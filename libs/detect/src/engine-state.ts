import type { RecentIds } from '@wary/pipeline/recent-ids.js';
import type { Partition } from './closed-hour.js';
import type { Core, DayScore } from './core.js';
import type { EngineStats } from './engine-stats.js';
import { EntitySnapshot, readEntities } from './entity-snapshot.js';
import type { EntityTableState } from './entity-table.js';
import { decodeState, encodeState } from './state-codec.js';
import type { TenantState } from './tenant-state.js';
import type { ValueNamesState } from './value-names.js';

/** Raised when the layout of anything below changes; a snapshot of another version is rebuilt from history. */
export const ENGINE_STATE_VERSION = 11;
/** Before the state without its entities: mark, and its length in bytes. Behind it, from the next multiple of eight on, hours, groups and the records of the entities. */
const MAGIC = 0x59524145;
const HEADER_BYTES = 16;

interface TenantDump { id: string; ledger: unknown; population: unknown; gate: unknown; entities: EntityTableState; idle: [number, Uint32Array][]; book: unknown; watch: unknown; drift: unknown; campaigns: unknown; detectors: [string, unknown][]; rules: unknown }
interface EngineDump {
  partition: Partition | null; lastSeq: number; recent: { high: Uint32Array; low: Uint32Array }; stats: EngineStats; names: ValueNamesState; dayScores: DayScore[];
  records: number; tenants: TenantDump[];
}

/** The state of one sequence number, put together in steps while the engine goes on. */
export interface EngineSnapshot {
  readonly lastSeq: number;
  /** Writes up to so many entities more; true when the snapshot is whole. */
  step(entitiesMax: number): boolean;
  /** All of it, in order, once it is whole. */
  parts(): readonly Uint8Array[];
  /** It is not wanted any more: the engine stops writing to it. */
  abandon(): void;
}

export function takeSnapshot(core: Core, tenants: ReadonlyMap<string, TenantState>, recent: RecentIds, lastSeq: number): EngineSnapshot {
  const all = [...tenants.values()];
  const entities = new EntitySnapshot(all);
  const state: EngineDump = {
    partition: core.partition, lastSeq, recent: recent.dump(), stats: { ...core.stats, bytesEstimate: 0 }, names: core.names.dump(), dayScores: core.dayScores, records: entities.records,
    tenants: all.map((tenant) => ({
      id: tenant.id, ledger: tenant.ledger.dump(), population: tenant.population.dump(), gate: tenant.gate?.dump() ?? null, entities: tenant.entities.dump(), idle: tenant.dumpIdle(), book: tenant.book.dump(), watch: tenant.watch.dump(), drift: tenant.drift.dump(), campaigns: tenant.campaigns.dump(),
      detectors: tenant.detectors.map((detector): [string, unknown] => [detector.analytic.id, detector.dump()]), rules: tenant.rules?.dump() ?? null,
    })),
  };
  const root = encodeState(ENGINE_STATE_VERSION, state);
  const head = new Uint8Array(HEADER_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, root.length, true);
  return {
    lastSeq,
    step: (entitiesMax) => entities.step(entitiesMax),
    parts: () => [head, root, new Uint8Array(align(root.length) - root.length), ...entities.parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))],
    abandon: () => { entities.abandon(); },
  };
}

/** The same at once, in one piece. */
export function dumpEngine(core: Core, tenants: ReadonlyMap<string, TenantState>, recent: RecentIds, lastSeq: number): Uint8Array {
  const snapshot = takeSnapshot(core, tenants, recent, lastSeq);
  snapshot.step(Number.POSITIVE_INFINITY);
  const parts = snapshot.parts();
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The last sequence scored, or null when the bytes are of another version. */
export function restoreEngine(given: Uint8Array, core: Core, recent: RecentIds, tenantOf: (id: string) => TenantState): number | null {
  if (given.length < HEADER_BYTES) return null;
  // The records are read as words, which must lie on a multiple of their size.
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return null;
  const rootLength = view.getUint32(4, true);
  if (HEADER_BYTES + rootLength > bytes.length) return null;
  const state = decodeState(ENGINE_STATE_VERSION, bytes.subarray(HEADER_BYTES, HEADER_BYTES + rootLength)) as EngineDump | null;
  if (state === null) return null;
  // What lies in a partition of another stream, or of another number of them, is of no use here.
  if (state.partition?.index !== core.partition?.index || state.partition?.count !== core.partition?.count) return null;
  recent.load(state.recent);
  Object.assign(core.stats, state.stats);
  core.names.load(state.names);
  core.dayScores.push(...state.dayScores);
  const known = state.tenants.map((dump) => {
    const tenant = tenantOf(dump.id);
    tenant.ledger.load(dump.ledger);
    tenant.population.load(dump.population);
    tenant.gate?.load(dump.gate);
    tenant.entities.load(dump.entities);
    tenant.loadIdle(dump.idle);
    tenant.book.load(dump.book);
    tenant.watch.load(dump.watch);
    tenant.drift.load(dump.drift);
    tenant.campaigns.load(dump.campaigns);
    const byId = new Map(dump.detectors);
    for (const detector of tenant.detectors) if (byId.has(detector.analytic.id)) detector.load(byId.get(detector.analytic.id));
    if (dump.rules !== null) tenant.rules?.load(dump.rules);
    return tenant;
  });
  const from = HEADER_BYTES + align(rootLength);
  readEntities(new Uint32Array(bytes.buffer, bytes.byteOffset + from, Math.floor((bytes.length - from) / 4)), state.records, known);
  return state.lastSeq;
}

const align = (offset: number): number => (offset + 7) & ~7;
