import type { Entity } from '@wary/model/entity.js';
import type { Finding } from '@wary/model/finding.js';
import type { EngineLimits } from './engine-limits.js';
import type { EngineStats } from './engine-stats.js';
import type { EntityState } from './entity-state.js';
import type { LevelLedger } from './level-ledger.js';
import type { OpenWindow } from './open-window.js';
import type { Population } from './population.js';
import type { Slab } from './slab.js';
import type { ValueNames } from './value-names.js';

/** A closed day of an entity, whether it alarmed or not; larger is more anomalous. */
export interface DayScore { readonly entity: Entity; readonly day: string; readonly score: number }

/** What all parts of the behavioural engine share. One per engine; no part keeps state elsewhere. */
export interface Core {
  readonly limits: EngineLimits;
  readonly entities: Slab;
  readonly windows: Slab;
  /** The window object of each row of `windows`, used again with the row. */
  readonly windowOfRow: OpenWindow[];
  /** Level shares by window kind and behaviour. */
  shares: Float64Array;
  /** What this call has raised so far, in order. */
  out: Finding[];
  /** Ingest sequence of the event under way. */
  seq: number;
  readonly names: ValueNames;
  readonly dayScores: DayScore[];
  readonly keepDayScores: boolean;
  readonly stats: EngineStats;
}

/** The part of a tenant that windows need. */
export interface TenantCore {
  readonly id: string;
  readonly population: Population;
  readonly ledger: LevelLedger;
  readonly names: ValueNames;
  /** Asks for the entity to be looked at when event time reaches an hour, in case it has fallen silent. */
  watchIdle(entity: EntityState, hour: number): void;
}
