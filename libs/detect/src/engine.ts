import type { Entity } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { RecentIds } from '@wary/pipeline/recent-ids.js';
import { behaviourShares } from './behaviour-weights.js';
import type { Core, DayScore } from './core.js';
import { describeEntity } from './describe-entity.js';
import { DEFAULT_ENGINE_LIMITS, type EngineLimits } from './engine-limits.js';
import { dumpEngine, restoreEngine } from './engine-state.js';
import type { EngineStats } from './engine-stats.js';
import type { EntityBaselines } from './entity-baselines.js';
import { ENTITY_BYTES, WINDOW_BYTES } from './entity-layout.js';
import { ScoringPath } from './scoring-path.js';
import { Slab } from './slab.js';
import { TenantState } from './tenant-state.js';
import { ValueNames } from './value-names.js';

export type { EngineLimits, EngineStats, EntityBaselines };

export interface DetectorSettings { readonly enabled: boolean; readonly weight: number; readonly thresholds: Readonly<Record<string, number>> }

export interface EngineOptions {
  /** False alarms a tenant accepts per day. */
  readonly budgetPerDay: number;
  readonly seed: number;
  readonly settings?: Readonly<Record<string, DetectorSettings>>;
  readonly limits?: Partial<EngineLimits>;
  /** Keep a score for each entity and closed day until `dayScores` takes it; live nobody does. */
  readonly keepDayScores?: boolean;
}

export interface Engine {
  /** In seq order; ids already seen are skipped; returns finding revisions in order. `event.flags` historical → finding.historical. */
  scoreEvents(events: readonly Event[]): Finding[];
  readonly lastSeq: number;
  /** Judges and learns every open window (end of a file for `wary detect`; never called live). */
  finish(): Finding[];
  /** Versioned; everything, `lastSeq` and the recent ids included. */
  dump(): Uint8Array;
  /** False: another version; the caller rebuilds from history. Only for a fresh engine of the same options. */
  restore(bytes: Uint8Array): boolean;
  describeEntity(tenant: string, entity: Entity): EntityBaselines | null;
  /** Closed days, for `--scores`; drained at each call. */
  dayScores(): DayScore[];
  /** Weights and switches hold for what is judged from now on; the levels of a day still sum to the budget. */
  applySettings(settings: Readonly<Record<string, DetectorSettings>>): void;
  readonly stats: EngineStats;
}

export function createEngine({ budgetPerDay, seed, settings = {}, limits: given = {}, keepDayScores = false }: EngineOptions): Engine {
  const limits: EngineLimits = { ...DEFAULT_ENGINE_LIMITS, ...given };
  const core: Core = {
    limits, entities: new Slab(ENTITY_BYTES), windows: new Slab(WINDOW_BYTES), windowOfRow: [], shares: behaviourShares(settings), out: [], seq: 0, names: new ValueNames(limits.valueNamesMax), dayScores: [], keepDayScores,
    stats: { entities: 0, entitiesEvicted: 0, lateEvents: 0, futureEvents: 0, overflow: 0, bytesEstimate: 0 },
  };
  const path = new ScoringPath(core);
  const tenants = new Map<string, TenantState>();
  let recent = new RecentIds(limits.recentIdsMax, seed);
  let lastSeq = 0;
  let current = settings;

  function tenantOf(id: string): TenantState | undefined {
    const known = tenants.get(id);
    if (known !== undefined) return known;
    if (tenants.size >= limits.tenantsMax) { core.stats.overflow += 1; return undefined; }
    const tenant = new TenantState(core, id, budgetPerDay);
    configure(tenant);
    tenants.set(id, tenant);
    return tenant;
  }

  function configure(tenant: TenantState): void {
    for (const detector of tenant.detectors) detector.configure(current[detector.analytic.id]?.thresholds ?? {});
  }

  function applySettings(next: Readonly<Record<string, DetectorSettings>>): void {
    current = next;
    core.shares = behaviourShares(next);
    path.disabled = new Set(Object.entries(next).filter(([, { enabled }]) => !enabled).map(([id]) => id));
    for (const tenant of tenants.values()) configure(tenant);
  }

  function take(): Finding[] {
    const raised = core.out;
    core.out = [];
    return raised;
  }

  applySettings(settings);
  return {
    scoreEvents(events) {
      for (const event of events) {
        if (event.seq > lastSeq) lastSeq = event.seq;
        if (!recent.add(event.tenant, event.id)) continue;
        const tenant = tenantOf(event.tenant);
        if (tenant !== undefined) path.score(tenant, event);
      }
      return take();
    },
    finish() {
      for (const tenant of tenants.values()) path.finish(tenant);
      return take();
    },
    dump: () => dumpEngine(core, tenants, recent, lastSeq),
    restore(bytes) {
      const loaded = new RecentIds(limits.recentIdsMax, seed);
      if (tenants.size > 0) throw new Error('an engine that has scored events cannot take a snapshot: its state would be a mixture');
      const seq = restoreEngine(bytes, core, loaded, (id) => tenantOf(id)!);
      if (seq === null) return false;
      recent = loaded;
      lastSeq = seq;
      return true;
    },
    describeEntity: (tenant, entity) => describeEntity(core, tenants.get(tenant), entity),
    dayScores() {
      const scores = core.dayScores.slice();
      core.dayScores.length = 0;
      return scores;
    },
    applySettings,
    get lastSeq() { return lastSeq; },
    get stats() {
      core.stats.bytesEstimate = estimateBytes(core, tenants, limits);
      return { ...core.stats, overflow: core.stats.overflow + overflowOf(core, tenants) };
    },
  };
}

/** Limits reached inside the parts. */
function overflowOf({ names }: Core, tenants: ReadonlyMap<string, TenantState>): number {
  let overflow = names.overflow;
  for (const { population, book, detectors } of tenants.values()) overflow += population.overflow + book.overflow + detectors.reduce((sum, detector) => sum + detector.overflow, 0);
  return overflow;
}

/** Slabs and tables by their sizes; objects by a rough average. */
function estimateBytes(core: Core, tenants: ReadonlyMap<string, TenantState>, limits: EngineLimits): number {
  let bytes = core.entities.bytes + core.windows.bytes + limits.recentIdsMax * 28 + core.names.size * 100;
  for (const { entities, detectors, population, book } of tenants.values()) {
    bytes += core.stats.entities * 600 + entities.coldCount * 800 + population.groups * 60_000 + book.size * 4_000;
    for (const { stateItems } of detectors) bytes += stateItems * 200;
  }
  return bytes;
}
