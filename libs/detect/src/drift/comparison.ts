import { addBlock, createTwoSample, twoSampleDecades, type Block, type TwoSampleState } from '@wary/baseline/two-sample-evidence.js';
import { addStratum, createStratified, stratifiedDifference, type StratifiedDifference, type StratifiedSums } from '@wary/baseline/stratified-difference.js';

/** Of each side a block holds at least so many; where they come thinly it is closed after a day with what there is. */
const SIDE_MIN = 5;
const BLOCK_HOURS_MAX = 24;
/** Hours after which what was decided counts 1/e for the size of a difference. */
const MEMORY_HOURS = 90 * 24;
/** Values of each side before anything is said. */
export const SIDE_KNOWN = 50;
/** A difference is over when its evidence has fallen so many decades below what an alarm takes. */
const OVER_DECADES = 2;
/** Evidence this near to its lowest is none: what speaks for a difference begins after. */
const LOWEST_DECADES = 0.7;

/** Learning → even ⇄ evident (evidence without a size that matters) ⇄ apart. */
export type ComparisonZone = 'learning' | 'even' | 'evident' | 'apart';

/** One share of one side against the other side's in the same hours. */
export interface ComparisonState {
  evidence: TwoSampleState; zone: ComparisonZone;
  /** Of the whole time, which fades; and since evidence was lowest, which is when a difference began. */
  sums: StratifiedSums; recent: StratifiedSums; lowest: number; recentFrom: number;
  /** What has come since the last block was closed, and the hour that began with. */
  n: number; k: number; otherN: number; otherK: number; open: number;
  /** First hour, and last hour looked at; last hour with values of it; hour since which the zone is what it is; last block. */
  first: number; last: number; seen: number; since: number; judged: number;
  /** Values of both sides since evidence began. */
  sideN: number; otherSideN: number;
  peak: number;
}

export const createComparison = (hour: number): ComparisonState => ({
  evidence: createTwoSample(), sums: createStratified(), recent: createStratified(), lowest: 0, recentFrom: hour, zone: 'learning', n: 0, k: 0, otherN: 0, otherK: 0, open: hour, first: hour, last: hour, seen: hour, since: hour, judged: hour, sideN: 0, otherSideN: 0, peak: 0,
});

export interface ComparisonLimits { /** log10 of the evidence an alarm takes. */ readonly decades: number; /** Least effect that matters, Cohen's h. */ readonly effectMin: number }
export type ComparisonStep = 'nothing' | 'apart' | 'over';

/** Adds an hour. Whether a block is closed depends on its sizes alone, never on what was decided. */
export function stepComparison(state: ComparisonState, hour: number, { n, k, otherN, otherK }: Block, limits: ComparisonLimits): ComparisonStep {
  if (state.n + state.otherN === 0) state.open = hour;
  // A block does not reach over a silence: what came a day ago came at another time.
  else if (hour - state.open >= BLOCK_HOURS_MAX) closeBlock(state, state.last);
  state.n += n;
  state.k += k;
  state.otherN += otherN;
  state.otherK += otherK;
  state.last = hour;
  if (n > 0) state.seen = hour;
  if (Math.min(state.n, state.otherN) < SIDE_MIN) return 'nothing';
  closeBlock(state, hour);
  return judge(state, hour, limits);
}

function closeBlock(state: ComparisonState, hour: number): void {
  const { n, k, otherN, otherK } = state;
  const block = { n, k, otherN, otherK };
  Object.assign(state, { n: 0, k: 0, otherN: 0, otherK: 0, open: hour });
  if (n === 0 || otherN === 0) return;
  addBlock(state.evidence, block);
  addStratum(state.sums, block, Math.exp(-(hour - state.judged) / MEMORY_HOURS));
  state.judged = hour;
  state.sideN += n;
  state.otherSideN += otherN;
  addStratum(state.recent, block, 1);
  const decades = evidenceOf(state);
  if (decades > state.lowest + LOWEST_DECADES) return;
  Object.assign(state, { recent: createStratified(), recentFrom: hour, lowest: Math.min(state.lowest, decades) });
}

function judge(state: ComparisonState, hour: number, { decades, effectMin }: ComparisonLimits): ComparisonStep {
  if (Math.min(state.sideN, state.otherSideN) < SIDE_KNOWN) return 'nothing';
  const decadesNow = evidenceOf(state);
  state.peak = Math.max(state.peak, decadesNow);
  if (state.zone === 'apart') {
    if (decadesNow >= decades - OVER_DECADES) return 'apart';
    enter(state, 'even', hour);
    return 'over';
  }
  const zone: ComparisonZone = decadesNow < decades ? 'even' : Math.abs(arcOf(stratifiedDifference(state.recent))) < effectMin ? 'evident' : 'apart';
  if (zone !== state.zone) enter(state, zone, hour);
  return zone === 'apart' ? 'apart' : 'nothing';
}

function enter(state: ComparisonState, zone: ComparisonZone, hour: number): void {
  state.zone = zone;
  state.since = hour;
}

/** Evidence begins anew: something was released. */
export function restartComparison(state: ComparisonState, hour: number): void {
  Object.assign(state, createComparison(hour));
}

/** Decades that it is not the same, in the direction that is seen; both were looked at. */
export const evidenceOf = ({ evidence }: ComparisonState): number => Math.max(twoSampleDecades(evidence, true), twoSampleDecades(evidence, false)) - Math.log10(2);

/** Where there is a difference since it began, else of the whole time: so that one that began late is not watered down. */
const shown = ({ zone, sums, recent }: ComparisonState): StratifiedSums => ((zone === 'apart' || zone === 'evident') && recent.weight > 0 ? recent : sums);
export const differenceOf = (state: ComparisonState): StratifiedDifference | null => stratifiedDifference(shown(state));
/** Values of both sides that it is of, and the hour since which. */
export function sizesOf(state: ComparisonState): { readonly n: number; readonly otherN: number; readonly since: number } {
  const sums = shown(state);
  return { n: Math.round(sums.n), otherN: Math.round(sums.otherN), since: sums === state.recent ? state.recentFrom : state.first };
}

/** Cohen's h of the two shares. */
export function effectOf(state: ComparisonState): number {
  return arcOf(differenceOf(state));
}

const arcOf = (difference: StratifiedDifference | null): number => (difference === null ? 0 : arc(difference.share) - arc(difference.otherShare));
const arc = (share: number): number => 2 * Math.asin(Math.sqrt(Math.max(0, Math.min(1, share))));
