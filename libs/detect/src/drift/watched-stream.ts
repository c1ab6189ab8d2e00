import { addHour, againstChange, changeOf, createEvidence, type Change, type EvidenceState } from './change-evidence.js';
import type { StreamSums } from './drift-cells.js';
import type { DriftStream } from './drift-streams.js';
import { varianceFloor } from './drift-streams.js';
import { copySpread, learnScore, type SpreadState } from './rhythm-spread.js';
import { createReference, isKnownReference, learnHour, moveReference, passHour, scoreHour, valueDeviation, type ReferenceState } from './stream-reference.js';

export type DriftZone = 'learning' | 'stable' | 'warning' | 'alarm';

/** Of the evidence an alarm takes, so many decades less are a warning. */
export const WARNING_DECADES = 1.5;
/** After a week the new level is the usual one; a release explains a change for as long. */
export const EXPLAINED_HOURS = 7 * 24;
/** A change is over when what was usual is e⁸ times as likely again: once in 3,000 hours by chance while it lasts. */
const BACK_NATS = 8;
const ALARM_HOURS_MIN = 2;
const ALARM_VALUES_MIN = 30;

export interface StreamState {
  reference: ReferenceState; evidence: EvidenceState; zone: DriftZone;
  /** Hour since which the zone is what it is; of a warning or alarm the hour at which the change began. */
  since: number;
  /** Hour at which it left the stable zone, and whether a release explains it: then it stays a warning. */
  left: number; excused: boolean;
  /** What of the change is known: Cohen's d of a mean, h of a share; the mean since. */
  change: Change; effect: number;
  /** How scores vary, with the hours under suspicion: what goes away again was a part of the rhythm. */
  suspected: SpreadState | null;
  /** Highest evidence of this change; and what speaks for its end (Page's CUSUM, in nats). */
  peak: number; back: number;
}

export const NO_CHANGE: Change = { evidence: -9, direction: 1, since: Number.NaN, n: 0, mean: Number.NaN, hours: 0 };
export const createStream = (): StreamState => ({ reference: createReference(), evidence: createEvidence(), zone: 'learning', since: Number.NaN, left: Number.NaN, excused: false, change: NO_CHANGE, effect: 0, suspected: null, peak: -9, back: 0 });

export interface StreamLimits {
  /** log10 of the hours between false alarms. */
  readonly decades: number;
  /** Least effect that is worth an alarm. */
  readonly effectMin: number;
  /** A release explains what changes: no more than a warning. */
  readonly explained: boolean;
}
/** What an hour did to a stream. */
export type StreamStep = 'nothing' | 'alarm' | 'settled' | 'over';

/**
 * Learning → stable ⇄ warning → alarm. In warning and alarm nothing is learned. A change that is over goes back to stable; one that lasts a
 * week becomes the usual level. Evidence and effect are asked for apart: evidence without an effect stays a warning.
 */
export function stepStream(state: StreamState, { scale }: DriftStream, hour: number, sums: StreamSums, limits: StreamLimits): StreamStep {
  const isShare = scale === 'share';
  const floor = varianceFloor(scale);
  const kind = { isShare, floor };
  const { reference } = state;
  if (state.zone === 'learning') {
    learnHour(reference, hour, sums, kind);
    if (isKnownReference(reference)) enter(state, 'stable', hour);
    return 'nothing';
  }
  const { raw, score, level } = scoreHour(reference, hour, sums, kind);
  addHour(state.evidence, hour, score, sums.n, level);
  const change = changeOf(state.evidence);
  const isSuspect = change.evidence >= limits.decades - WARNING_DECADES;
  if (state.zone === 'stable') {
    if (!isSuspect) {
      // An hour teaches when nothing speaks against it.
      learnHour(reference, hour, sums, kind);
      return 'nothing';
    }
    Object.assign(state, { zone: 'warning', left: hour, excused: limits.explained, suspected: copySpread(reference.spread), peak: -9, back: 0 });
  }
  learnScore(state.suspected!, raw);
  passHour(reference, hour, sums, kind);
  state.back = Math.max(0, state.back + againstChange(state.evidence, score));
  if (state.back >= BACK_NATS || (state.zone === 'warning' && change.evidence < limits.decades - 2 * WARNING_DECADES)) return calm(state, hour, 'over');
  if (state.back < 1 && (state.zone === 'warning' || change.direction === state.change.direction)) {
    state.change = change;
    state.since = change.since;
    state.effect = effectOf(state, isShare, floor);
    state.peak = Math.max(state.peak, change.evidence);
  }
  if (hour - state.left >= EXPLAINED_HOURS) {
    moveReference(reference, state.change.mean);
    return calm(state, hour, 'settled');
  }
  if (state.zone === 'alarm') return 'alarm';
  const enough = change.hours >= ALARM_HOURS_MIN && change.n >= ALARM_VALUES_MIN && Math.abs(state.effect) >= limits.effectMin;
  if (limits.explained) state.excused = true;
  if (state.excused || !enough || change.evidence < limits.decades) return 'nothing';
  state.zone = 'alarm';
  return 'alarm';
}

/** Back to stable: `settled` at a new level, or because it is `over`. */
function calm(state: StreamState, hour: number, how: 'settled' | 'over'): StreamStep {
  const wasAlarm = state.zone === 'alarm';
  const { change, effect } = state;
  state.evidence = createEvidence();
  if (how === 'over') state.reference.spread = state.suspected!;
  state.suspected = null;
  enter(state, 'stable', hour);
  // What was told last stays to be said once more.
  if (wasAlarm) Object.assign(state, { change, effect });
  return wasAlarm ? how : 'nothing';
}

function enter(state: StreamState, zone: DriftZone, hour: number): void {
  Object.assign(state, { zone, since: hour, left: Number.NaN, excused: false, change: NO_CHANGE, effect: 0 });
}

/** Cohen's d = (after − before) / deviation of single values; of shares h = 2·asin √after − 2·asin √before (Cohen 1988). */
function effectOf({ reference, change }: StreamState, isShare: boolean, floor: number): number {
  if (!isShare) return (change.mean - reference.mean) / valueDeviation(reference, false, floor);
  const arc = (share: number): number => 2 * Math.asin(Math.sqrt(Math.max(0, Math.min(1, share))));
  return arc(change.mean) - arc(reference.mean);
}
