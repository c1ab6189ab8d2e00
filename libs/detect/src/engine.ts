import type { Entity } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';

export interface DetectorSettings { readonly enabled: boolean; readonly weight: number; readonly thresholds: Readonly<Record<string, number>> }

/** Bounds of the engine's memory; what is beyond is counted in `Engine.stats`. */
export interface EngineLimits {
  /** Entities with exact state; beyond, the ones idle longest are compacted. */
  readonly hotEntitiesMax: number;
  /** Compacted entities kept; beyond, the ones idle longest are forgotten. */
  readonly coldEntitiesMax: number;
  /** Event ids remembered, so that a resend is neither scored nor learned. */
  readonly recentIdsMax: number;
}

export interface EngineOptions {
  /** False alarms a tenant accepts per day. */
  readonly budgetPerDay: number;
  readonly seed: number;
  readonly settings?: Readonly<Record<string, DetectorSettings>>;
  readonly limits?: Partial<EngineLimits>;
}

export interface EntityBaselines {
  readonly peerGroup: string;
  readonly windowsLearned: number;
  readonly since: number;
  readonly features: ReadonlyArray<{
    feature: string; label: string; window: '5m' | '1h' | '1d'; unit: string; expected: number; low: number; high: number; current: number | null; windows: number;
  }>;
  /** 168 cells of the entity's own activity, local hour of the week, Monday first. */
  readonly week: readonly number[];
  readonly categories: ReadonlyArray<{ category: string; values: ReadonlyArray<{ value: string; count: number }> }>;
}

export interface EngineStats { entities: number; entitiesEvicted: number; lateEvents: number; futureEvents: number; overflow: number; bytesEstimate: number }

export interface Engine {
  /** In seq order; ids already seen are skipped; returns finding revisions in order. `event.flags` historical → finding.historical. */
  scoreEvents(events: readonly Event[]): Finding[];
  readonly lastSeq: number;
  /** Judges and learns every open window (end of a file for `wary detect`; never called live). */
  finish(): Finding[];
  /** Versioned; everything, `lastSeq` and the recent ids included. */
  dump(): Uint8Array;
  /** False: another version; the caller rebuilds from history. */
  restore(bytes: Uint8Array): boolean;
  describeEntity(tenant: string, entity: Entity): EntityBaselines | null;
  /** Closed days, for `--scores`; drained at each call. */
  dayScores(): Array<{ entity: Entity; day: string; score: number }>;
  applySettings(settings: Readonly<Record<string, DetectorSettings>>): void;
  readonly stats: EngineStats;
}

export function createEngine(_options: EngineOptions): Engine {
  return {
    scoreEvents: () => [], lastSeq: 0, finish: () => [], dump: () => new Uint8Array(), restore: () => false, describeEntity: () => null, dayScores: () => [],
    applySettings: () => undefined, stats: { entities: 0, entitiesEvicted: 0, lateEvents: 0, futureEvents: 0, overflow: 0, bytesEstimate: 0 },
  };
}
