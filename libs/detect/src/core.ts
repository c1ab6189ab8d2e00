import type { Forwarded } from '@wary/model/correlated-event.js';
import type { Entity } from '@wary/model/entity.js';
import type { Finding } from '@wary/model/finding.js';
import type { AwakeRing } from './awake-ring.js';
import type { PeerMode } from './peers/peer-mode.js';
import type { Partition } from './closed-hour.js';
import type { EngineLimits } from './engine-limits.js';
import type { EngineStats } from './engine-stats.js';
import type { EntityState } from './entity-state.js';
import type { LevelLedger } from './level-ledger.js';
import type { OpenWindow } from './open-window.js';
import type { Population } from './population.js';
import type { RecordStore } from './record-store.js';
import type { RuleRunner } from './rule-stage.js';
import type { Slab } from './slab.js';
import type { ValueNames } from './value-names.js';

/** A closed day of an entity, whether it alarmed or not; larger is more anomalous. */
export interface DayScore { readonly entity: Entity; readonly day: string; readonly score: number }

/** A behaviour of a closed window, with its calibrated strength (0: nothing unusual). For measuring what levels are worth. */
export interface JudgedWindow { readonly entity: string; readonly kind: number; readonly behaviour: number; readonly start: number; readonly strength: number; /** What it had of the window's level. */ readonly level: number }

/** What all parts of the behavioural engine share. One per engine; no part keeps state elsewhere. */
export interface Core {
  /** The rules of a tenant; none where nobody gave any. */
  readonly rulesOf: (tenant: string) => RuleRunner | null;
  readonly limits: EngineLimits;
  /** Null: the whole stream comes here. */
  readonly partition: Partition | null;
  /** Numbers of the entities that are awake, and of their open windows. */
  readonly entities: Slab;
  readonly windows: Slab;
  readonly awake: AwakeRing;
  /** All others. */
  readonly records: RecordStore;
  /** The entity object of each row of `entities`, used again with the row. */
  readonly entityOfRow: EntityState[];
  /** The window object of each row of `windows`, used again with the row. */
  readonly windowOfRow: OpenWindow[];
  /** Level shares by window kind and behaviour. */
  shares: Float64Array;
  /** What this call has raised so far, in order. */
  out: Finding[];
  /** What this call leaves to correlations elsewhere, in order. */
  forwarded: Forwarded[];
  /** Ingest sequence of the event under way. */
  seq: number;
  readonly names: ValueNames;
  readonly dayScores: DayScore[];
  readonly keepDayScores: boolean;
  /** What is under suspicion teaches late and clipped. */
  readonly isGuarded: boolean;
  readonly onJudged: ((judged: JudgedWindow) => void) | null;
  readonly stats: EngineStats;
}

/** The part of a tenant that windows need. */
export interface TenantCore {
  readonly id: string;
  readonly population: Population;
  readonly ledger: LevelLedger;
  readonly names: ValueNames;
  /** Whom its entities are held against. */
  readonly peerMode: PeerMode;
  /** Asks for the entity to be looked at when event time reaches an hour, in case it has fallen silent. */
  watchIdle(entity: EntityState, hour: number): void;
}
