import type { Entity } from './entity.js';
import type { Severity } from './finding.js';

/** Share of confirmed alerts among the judged ones, with its 95 % interval. */
export interface Precision { readonly confirmed: number; readonly judged: number; readonly value: number; readonly low: number; readonly high: number }

export interface BacktestAlert {
  readonly id: string;
  readonly entity: Entity;
  readonly detector: string;
  readonly reason: string;
  readonly severity: Severity;
  readonly strength: number;
  readonly title: string;
  readonly summary: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly historical: boolean;
  readonly findings: number;
  /** What people said of the alert that was really raised; null where none is closed. */
  readonly confirmed: boolean | null;
}

/** What one variant raised in the period. */
export interface VariantOutcome {
  readonly alerts: number;
  readonly alertsPerDay: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byDetector: Readonly<Record<string, number>>;
  /** Share of confirmed ones among those that match a closed alert, with its 95 % interval; null without any. */
  readonly precision: Precision | null;
}

export interface Recall { readonly found: number; readonly injected: number; readonly value: number; readonly low: number; readonly high: number }
export interface InjectedAttack { readonly id: string; readonly kind: string; readonly entity: Entity; readonly start: number; readonly end: number; readonly events: number; readonly current: boolean; readonly proposed: boolean }

export interface BacktestResult {
  /** Days of the period. */
  readonly days: number;
  readonly events: { readonly warmUp: number; readonly period: number; readonly warmUpFrom: number | null };
  readonly current: VariantOutcome;
  readonly proposed: VariantOutcome;
  readonly difference: { readonly added: number; readonly removed: number; readonly same: number };
  /** The gravest of them, at most `alertsShownMax` of each. */
  readonly added: readonly BacktestAlert[];
  readonly removed: readonly BacktestAlert[];
  /** Of attacks that were put into a copy of the stream; null when none were asked for. */
  readonly recall: { readonly current: Recall | null; readonly proposed: Recall | null; readonly attacks: readonly InjectedAttack[]; readonly left: readonly string[] } | null;
  /** What went beyond the bounds of a backtest: alerts that were only counted, entities that were compacted or forgotten. */
  readonly beyond: { readonly alerts: number; readonly entities: number };
  readonly seconds: number;
  /** Event time that was run through in this time, over it: live is 1. */
  readonly timesLive: number;
}

export interface BacktestDetectorChange { readonly id: string; readonly enabled?: boolean; readonly weight?: number; readonly thresholds?: Readonly<Record<string, number | null>> }
/** What was asked for, as it was asked. */
export interface BacktestChange { readonly detectors: readonly BacktestDetectorChange[]; readonly budgetPerDay: number | null; readonly inject: boolean }

export interface Backtest {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly change: BacktestChange;
  readonly days: number;
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  readonly startedBy: string;
  readonly finishedAt: number | null;
  readonly eventsTotal: number;
  readonly eventsRead: number;
  /** Stored events were more than a backtest takes: the warm-up, or the period too, begins later. */
  readonly truncated: boolean;
  readonly result: BacktestResult | null;
  readonly error: string | null;
}

