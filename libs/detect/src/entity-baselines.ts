import type { ModelDrift } from './drift/model-drift.js';
import type { EntityPeers } from './peers/describe-peers.js';

/** An entity's baselines for people: the entity page and the API. */
export interface EntityBaselines {
  readonly peerGroup: string;
  /** Null for what is no principal. */
  readonly peers: EntityPeers | null;
  readonly windowsLearned: number;
  readonly since: number;
  /** When and why its baselines began anew; null: never. */
  readonly split: { readonly at: number; readonly cause: 'release' | 'move' | 'rebaseline' } | null;
  readonly features: ReadonlyArray<{
    feature: string; label: string; window: '5m' | '1h' | '1d'; unit: string; expected: number; low: number; high: number;
    /** Value of the window that is open, if one is. */
    current: number | null;
    /** Windows in memory. */
    windows: number;
    /** Percent of its peers' windows of this length that lie below what is expected of this one; null while its peers are not known. */
    percentile: number | null;
  }>;
  /** 168 cells of the entity's own activity, local hour of the week, Monday first. */
  readonly week: readonly number[];
  /** Values by category with the days they were used on. */
  /** Of a model: where its streams stand. */
  readonly drift: ModelDrift | null;
  readonly categories: ReadonlyArray<{ category: string; values: ReadonlyArray<{ value: string; count: number }> }>;
}
