import type { CapabilityId } from './capability.js';

/** How often a capability caught its scenario and left its twin alone, over some simulated companies. */
export interface MeasuredCapability {
  /** Companies in which the scenario was played, and those in which it was caught. */
  readonly played: number;
  readonly caught: number;
  /** Companies in which the twin was played, and those in which nothing spoke about it for this capability. */
  readonly twins: number;
  readonly quiet: number;
  /** Median time from the first event to the first finding, ms of event time; null where none was caught. */
  readonly delayMs: number | null;
  /** Detectors and rules that spoke, by the companies in which they did. */
  readonly by: Readonly<Record<string, number>>;
}

export interface Measured { /** Day of the run. */ readonly on: string; readonly seeds: string; /** False alarms a day that the company allowed. */ readonly budgetPerDay: number; readonly rows: Readonly<Record<CapabilityId, MeasuredCapability>> }
