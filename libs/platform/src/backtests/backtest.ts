import type { DetectorSettings } from '@wary/detect/engine.js';
import type { Entity } from '@wary/model/entity.js';

export const BACKTEST_LIMITS = {
  daysMax: 90,
  /** Stored days before the period that warm the detectors up: as much as the longest memory (60 active days) takes with its weekends. */
  warmUpDaysMax: 90,
  /** Warm-up and period together; beyond, the warm-up begins later, and then the period. */
  eventsMax: 5_000_000,
  runningPerTenantMax: 1,
  runningMax: 2,
  keptPerTenantMax: 20,
  keepMs: 86_400_000,
  alertsShownMax: 100,
  /** Alerts that one set of settings may raise; beyond, they are counted and not compared. */
  alertsMax: 20_000,
  judgedAlertsMax: 20_000,
  /** Entities with exact state, of each engine of a backtest: a quarter of a live engine's. */
  hotEntitiesMax: 32_768,
  coldEntitiesMax: 131_072,
} as const;
export const BACKTEST_BUDGET_PER_DAY = { min: 0.01, max: 1_000 } as const;

export type SettingsByDetector = Readonly<Record<string, DetectorSettings>>;

/** One way to run the detectors. */
export interface Variant { readonly settings: SettingsByDetector; /** False alarms accepted a day. */ readonly budgetPerDay: number }

/** An alert that people have closed with a verdict that says whether it was right. */
export interface JudgedAlert { readonly entity: Entity; readonly reason: string; readonly firstSeen: number; readonly lastSeen: number; readonly confirmed: boolean }

/** All that a run needs beside the events; plain data, for it goes to another thread. */
export interface BacktestTask {
  readonly tenant: string;
  /** The period, event time in epoch ms; what comes before it warms up. */
  readonly from: number;
  readonly to: number;
  readonly current: Variant;
  readonly proposed: Variant;
  readonly judged: readonly JudgedAlert[];
  /** Puts the simulator's attacks into a copy of the stream. */
  readonly inject: boolean;
  readonly seed: number;
}

export interface Progress { readonly eventsRead: number }
