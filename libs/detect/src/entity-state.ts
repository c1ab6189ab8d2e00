import type { ActorType } from '@wary/model/entity.js';
import { WINDOW_COUNT } from './features.js';

/** A finding that a window has raised: what is needed to revise it. */
export interface Raised {
  readonly behaviour: number;
  readonly id: string;
  revision: number;
  /** Calibrated strength when it was last reported, and the one at which it is reported again. */
  strength: number;
  nextStrength: number;
  /** Feature (or category, or hour) that crossed first, and what would have kept it quiet. */
  readonly counterfactual: { readonly text: string; readonly feature: string; readonly value: number | string | null };
  readonly eventIds: string[];
}

/** A window that is open: its numbers lie in the slab's row, the rest here. */
export interface OpenWindow {
  readonly row: number;
  /** Index into WINDOWS. */
  readonly kind: number;
  /** 0: the present; 1: history that came after the present. Both may have a window of the same time. */
  readonly lane: number;
  readonly start: number;
  readonly end: number;
  /** Closes by itself when the tenant's event time reaches this hour. */
  readonly idleHour: number;
  /** Level drawn when it opened; 0: it is scored for calibration at most, and silent. */
  readonly level: number;
  readonly scored: boolean;
  /** Local hour of the week in which it began. */
  readonly weekCell: number;
  /** Bits of features beyond their first screen. */
  exceeded: number;
  /** Score of the hour of the week, and of what is new. */
  offHours: number;
  noveltyScore: number;
  firstId: string;
  lastId: string;
  lastTime: number;
  events: number;
  criticality: number;
  historical: boolean;
  hrStatus: string;
  /** Registers of a HyperLogLog once there are more than `DISTINCT_EXACT` resources. */
  registers: Uint8Array | null;
  /** Resources counted exactly so far. */
  distinct: number;
  raised: Raised[] | null;
  /** Of a day: its strongest window, and its strongest piece of deterministic evidence. */
  dayScore: number;
  dayEvidence: number;
}

/** A window that may not teach yet. Its values are clipped already. */
export interface SuspendedWindow { readonly kind: number; readonly due: number; readonly weekCell: number; readonly values: readonly number[] }

export interface EntityState {
  readonly type: ActorType;
  readonly id: string;
  readonly shard: number;
  readonly row: number;
  /** Node in the population. */
  node: number;
  group: string;
  /** Counted among the entities of its group. */
  joined: boolean;
  since: number;
  /** Newest event time; never moved by an event from the future. */
  watermark: number;
  /** The same for history that came after the present. */
  lagWatermark: number;
  /** When the first of its windows may close, by lane. */
  nextClose: number;
  nextLagClose: number;
  readonly windows: OpenWindow[];
  readonly current: (OpenWindow | null)[];
  windowsLearned: number;
  /** Days since the epoch up to which categories are learned. */
  learnedDay: number;
  /** Span of time that is under suspicion. */
  suspectFrom: number;
  suspectTo: number;
  readonly suspended: SuspendedWindow[];
  readonly recentIds: string[];
  recentNext: number;
}

export function newEntity(type: ActorType, id: string, shard: number, row: number, node: number, group: string, time: number): EntityState {
  return {
    type, id, shard, row, node, group, joined: false, since: time, watermark: time, lagWatermark: Number.NEGATIVE_INFINITY,
    nextClose: Number.POSITIVE_INFINITY, nextLagClose: Number.POSITIVE_INFINITY,
    windows: [], current: new Array<OpenWindow | null>(WINDOW_COUNT).fill(null), windowsLearned: 0, learnedDay: 0,
    suspectFrom: Number.POSITIVE_INFINITY, suspectTo: Number.NEGATIVE_INFINITY, suspended: [], recentIds: [], recentNext: 0,
  };
}
